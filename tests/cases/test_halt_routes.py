"""The pages on which a case is held, goes on, is cancelled, reopened, repeated, or runs a stage beside another."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases import service
from procure.cases.models import Case
from tests import factories
from tests.cases import builders
from tests.pages import parse

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
TODAY = date(2026, 11, 24)
BEGAN = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def clock_set() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 24, 10, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def client(people: People, client_for: ClientFor) -> FlaskClient:
    return client_for(people["officer"])


def at(people: People, procedure: str, stage: str, regime: str = "eu") -> Case:
    return builders.case_at(people["officer"], procedure, stage, BEGAN, regime)


def typed(case: Case, on: date = TODAY, **more: Any) -> dict[str, Any]:
    seen = str(service.progress_of(case).sequence)
    day = {"happened_on-day": str(on.day), "happened_on-month": str(on.month), "happened_on-year": str(on.year)}
    return {"seen": seen, "reason": "the council decides first"} | day | more


def address(case: Case, rest: str = "") -> str:
    return f"/cases/{case.reference}{rest}"


def links(html: str) -> set[str]:
    return {element.get("href", "") for element in parse(html).iter("a")}


def kinds(case: Case) -> list[str]:
    return [event.kind for event in service.queries.events_of(case)]


def test_a_hold_is_on_the_case_page_and_takes_the_stage_acts_away(client: FlaskClient, people: People) -> None:
    case = at(people, "open", "standstill")
    form = client.get(address(case, "/hold")).text
    assert "These deadlines of the law keep running" in form
    assert "Standstill" in form

    sent = client.post(address(case, "/hold"), data=typed(case, date(2026, 11, 20)))

    assert sent.status_code == 302
    page = client.get(address(case)).text
    assert "On hold since 20 November 2026" in page
    assert "the council decides first" in page
    assert "Deadlines of the law keep running" in page
    assert address(case, "/resume") in links(page)
    assert not links(page) & {
        address(case, "/stages/standstill/complete"),
        address(case, "/hold"),
        address(case, "/stages/return"),
    }
    away = client.get(address(case, "/stages/standstill/complete"), follow_redirects=True)
    assert "The case is on hold: its stages wait until it goes on" in away.text
    assert client.post(address(case, "/resume"), data=typed(case)).status_code == 302
    assert address(case, "/stages/standstill/complete") in links(client.get(address(case)).text)
    assert "4 days on hold" in client.get(address(case)).text


def test_answers_and_notes_go_on_while_a_case_is_on_hold(client: FlaskClient, people: People) -> None:
    case = at(people, "open", "contract_notice")
    client.post(address(case, "/hold"), data=typed(case))

    assert client.get(address(case, "/answers/need/problem")).status_code == 200
    assert client.get(address(case, "/team")).status_code == 200


def test_what_was_typed_is_kept_when_a_hold_is_refused(client: FlaskClient, people: People) -> None:
    case = at(people, "open", "contract_notice")

    sent = client.post(address(case, "/hold"), data=typed(case, BEGAN - timedelta(days=1)))

    assert sent.status_code == 422
    assert "The date is before the stage began on" in sent.text
    assert "the council decides first" in sent.text
    assert "case_held" not in kinds(case)


def test_a_cancelled_procurement_says_so_everywhere_and_what_to_do_next(client: FlaskClient, people: People) -> None:
    case = at(people, "open", "suitability")
    silent = client.post(address(case, "/cancel"), data=typed(case))
    assert silent.status_code == 422
    assert "Choose the ground on which the procurement is cancelled" in silent.text

    sent = client.post(address(case, "/cancel"), data=typed(case, ground="no_acceptable_tender", published="yes"))

    assert sent.status_code == 302
    page = client.get(address(case)).text
    assert "Cancelled on 24 November 2026" in page
    assert "No tender was acceptable" in page
    assert "Make the decision to cancel" in page
    assert "1397/2016 58 § 5 mom" in page
    assert address(case, "/reopen") in links(page)
    assert "This procurement has been cancelled" in client.get(address(case, "/answers/need/problem")).text
    assert "Procurement cancelled" in client.get(address(case, "/history")).text
    assert "No tender was acceptable (1397/2016 125 §)" in client.get(address(case, "/history")).text


def test_without_a_published_notice_no_award_notice_is_asked_for(client: FlaskClient, people: People) -> None:
    case = at(people, "open", "plan")

    client.post(address(case, "/cancel"), data=typed(case, ground="budget", published="no"))

    page = client.get(address(case)).text
    assert "Publish the award notice" not in page
    assert "Notify it, with instructions" in page


def test_the_lists_show_cancelled_among_finished_and_held_among_open(client: FlaskClient, people: People) -> None:
    held, cancelled = at(people, "open", "suitability"), at(people, "open", "contract_notice")
    client.post(address(held, "/hold"), data=typed(held))
    client.post(address(cancelled, "/cancel"), data=typed(cancelled, ground="budget", published="no"))

    opened, over = client.get("/cases").text, client.get("/cases?scope=finished").text

    assert held.reference in opened
    assert "On hold" in opened
    assert cancelled.reference not in opened
    assert cancelled.reference in over
    assert "Cancelled" in over
    assert held.reference not in over
    file = client.get("/cases/file.csv?scope=all").text
    assert "On hold" in file
    assert "Cancelled" in file


def test_a_cancelled_case_is_reopened_in_a_stage_that_it_had_reached(client: FlaskClient, people: People) -> None:
    case = at(people, "open", "suitability")
    client.post(address(case, "/cancel"), data=typed(case, ground="appeal", published="yes"))
    form = client.get(address(case, "/reopen")).text
    offered = [element.get("value") for element in parse(form).iter("input") if element.get("name") == "stage"]
    assert offered[:2] == ["suitability", "opening"]
    assert "contract" not in offered

    assert client.post(address(case, "/reopen"), data=typed(case, stage="opening")).status_code == 302

    page = client.get(address(case)).text
    assert address(case, "/stages/opening/complete") in links(page)
    assert "This procurement has been cancelled" not in client.get(address(case, "/answers/need/problem")).text


def test_a_stage_that_comes_in_rounds_offers_the_next_one(client: FlaskClient, people: People) -> None:
    case = at(people, "competitive_negotiation", "negotiation")
    assert address(case, "/stages/negotiation/repeat") in links(client.get(address(case)).text)

    sent = client.post(address(case, "/stages/negotiation/repeat"), data=typed(case))

    assert sent.status_code == 302
    page = client.get(address(case)).text
    assert "Round 2" in page
    assert "22 days, 16 working days" in page
    assert "entered 2 times" not in page


def test_questions_are_started_beside_the_tender_period(client: FlaskClient, people: People) -> None:
    case = at(people, "open", "tender_period")
    assert address(case, "/stages/questions/beside") in links(client.get(address(case)).text)

    assert client.post(address(case, "/stages/questions/beside"), data=typed(case, note="")).status_code == 302

    page = client.get(address(case)).text
    assert "Runs beside" in page
    assert address(case, "/stages/questions/complete") in links(page)
    blocked = client.post(
        address(case, "/stages/tender_period/complete"), data=typed(case, confirmed=["deadline_passed", "kept_closed"])
    )
    assert "Complete first what runs beside this stage" in blocked.text
    assert client.get(address(case, "/stages/questions/complete")).status_code == 200


ACTS = [
    ("open", "suitability", "/hold", {}, "case_held"),
    ("open", "suitability", "/cancel", {"ground": "budget", "published": "no"}, "case_cancelled"),
    ("competitive_negotiation", "negotiation", "/stages/negotiation/repeat", {}, "stage_repeated"),
    ("open", "tender_period", "/stages/questions/beside", {}, "stage_begun_beside"),
    ("open", "suitability", "/stages/return", {"stage": "opening"}, "stage_returned"),
]


@pytest.mark.parametrize(("procedure", "stage", "page", "more", "kind"), ACTS, ids=[act[-1] for act in ACTS])
def test_the_same_form_sent_twice_is_one_event_and_one_clear_message(
    client: FlaskClient, people: People, procedure: str, stage: str, page: str, more: dict[str, str], kind: str
) -> None:
    case = at(people, procedure, stage)
    data = typed(case, **more)

    first = client.post(address(case, page), data=data)
    second = client.post(address(case, page), data=data, follow_redirects=True)

    assert first.status_code == 302
    assert kinds(case).count(kind) == 1
    messages = (
        "is on hold", "has been cancelled", "The case has moved on since you opened this page", "This stage runs already",
    )  # fmt: skip
    assert any(message in second.text for message in messages)


def test_whoever_was_told_that_the_case_has_moved_on_may_send_again(client: FlaskClient, people: People) -> None:
    case = at(people, "competitive_negotiation", "negotiation")
    old = typed(case, ground="budget", published="yes")
    client.post(address(case, "/stages/negotiation/repeat"), data=typed(case))

    told = client.post(address(case, "/cancel"), data=old)

    assert told.status_code == 422
    (seen,) = [element.get("value") for element in parse(told.text).iter("input") if element.get("name") == "seen"]
    assert client.post(address(case, "/cancel"), data=old | {"seen": seen}).status_code == 302
    assert kinds(case)[-1] == "case_cancelled"


def test_a_finished_case_offers_to_be_reopened(client: FlaskClient, people: People) -> None:
    case = at(people, "national", "archive", "national")
    builders.complete(case, people["officer"], BEGAN)
    factories.db.session.commit()

    assert address(case, "/reopen") in links(client.get(address(case)).text)
