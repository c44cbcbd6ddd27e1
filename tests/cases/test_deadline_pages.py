"""The pages on which periods of the law begin, are shown and are marked as done."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases import deadlines, queries
from procure.cases.deadlines import Given
from procure.cases.models import Case
from procure.infra.db import db
from procure.web import fragments
from tests import factories
from tests.cases.builders import case_at, complete, walk
from tests.pages import parse, text_of

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
TUESDAY = date(2026, 11, 24)
SAFE = date(2026, 12, 9)


@pytest.fixture(autouse=True)
def clock_set() -> Iterator[time_machine.Traveller]:
    """It is noon on the Tuesday when the decision is sent."""
    with time_machine.travel(datetime(2026, 11, 24, 10, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def typed(on: date, **more: Any) -> dict[str, Any]:
    return {"happened_on-day": str(on.day), "happened_on-month": str(on.month), "happened_on-year": str(on.year)} | more


def address(case: Case, stage: str = "") -> str:
    return f"/cases/{case.reference}" + (f"/stages/{stage}/complete" if stage else "")


def names(html: str) -> set[str]:
    return {element.get("name", "") for element in parse(html).iter() if element.tag in ("input", "textarea")}


def section_of(html: str) -> str:
    return text_of(next((one for one in parse(html).iter("section") if one.get("aria-labelledby") == "deadlines"), None))


def test_completing_the_notification_asks_how_it_was_sent_and_shows_what_follows(people: People, client_for: ClientFor) -> None:
    case = case_at(people["officer"], "open", "notification", date(2026, 11, 23))
    client = client_for(people["officer"])
    points = ["sent_to_all", "sending_date_written"]

    assert {"sent_by", "evidence"} <= names(client.get(address(case, "notification")).text)
    silent = client.post(address(case, "notification"), data=typed(TUESDAY, confirmed=points, evidence="Message 4711"))
    assert silent.status_code == 422
    assert "Choose how the decision was sent" in silent.text
    assert "Message 4711" in silent.text
    told = typed(TUESDAY, confirmed=points, evidence="Message 4711", sent_by="email")
    assert client.post(address(case, "notification"), data=told).status_code == 302

    shown = section_of(client.get(address(case)).text)
    assert "A contract may be made from 9 December 2026 1397/2016 129 § 1 mom" in shown
    assert "8 December 2026 Standstill 1397/2016 129 § 1 mom" in shown
    assert (
        "receipt of the decision with its appeal instructions, 24 November 2026. Sent electronically on 24 November 2026."
        in shown
    )
    assert "Evidence: Message 4711" in shown
    assert "150 §" in shown


def test_other_stages_ask_nothing_more_than_before(case: Case, people: People, client_for: ClientFor) -> None:
    asked = names(client_for(people["officer"]).get(address(case, "need")).text)

    assert not {"sent_by", "evidence", "tenders_due_on-day", "exception", "exception_reason"} & asked


def test_a_day_moved_by_christmas_says_so_in_words(people: People, client_for: ClientFor) -> None:
    case = case_at(people["officer"], "open", "standstill", date(2026, 12, 10))

    shown = section_of(client_for(people["officer"]).get(address(case)).text)

    assert "28 December 2026 Standstill" in shown
    assert "The last day would be Thursday 24 December 2026, which is no working day: it moved to the next working day." in shown
    assert "A contract may be made from 29 December 2026" in shown


def test_a_forbidden_contract_is_refused_with_the_section_and_then_the_exceptions_are_offered(
    people: People, client_for: ClientFor, clock_set: time_machine.Traveller
) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)
    client = client_for(people["officer"])
    data = typed(TUESDAY, confirmed=["no_appeal"])

    assert "exception" not in names(client.get(address(case, "standstill")).text)
    refused = client.post(address(case, "standstill"), data=data)
    assert refused.status_code == 422
    assert "A contract may be made from 9 December 2026: the standstill runs until then" in refused.text
    assert "(1397/2016 129 § 1 mom)" in refused.text
    assert {"exception", "exception_reason"} <= names(refused.text)
    assert {"call_off", "only_tender", "dynamic_purchase"} <= {
        element.get("value") for element in parse(refused.text).iter("input") if element.get("name") == "exception"
    }
    unreasoned = client.post(address(case, "standstill"), data=data | {"exception": "only_tender"})
    assert unreasoned.status_code == 422
    assert "Write why the exception applies" in unreasoned.text

    reason = "One tender came, and nobody asked to take part."
    done = client.post(address(case, "standstill"), data=data | {"exception": "only_tender", "exception_reason": reason})

    assert done.status_code == 302
    history = text_of(parse(client.get(f"/cases/{case.reference}/history").text).find(".//main"))
    assert "The only acceptable tender" in history
    assert "1397/2016 130 § 1 mom 2 k" in history
    assert reason in history


def test_an_exception_made_up_in_the_browser_is_refused(people: People, client_for: ClientFor) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)
    data = typed(TUESDAY, confirmed=["no_appeal"], exception="hurry", exception_reason="In a hurry")

    answer = client_for(people["officer"]).post(address(case, "standstill"), data=data)

    assert answer.status_code == 422
    assert "Choose one of the exceptions on the list" in answer.text


def test_the_missing_award_notice_stays_in_sight_until_it_is_marked_as_done(
    people: People, client_for: ClientFor, clock_set: time_machine.Traveller
) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)
    walk(case, people["officer"], "result_notice", SAFE)
    db.session.commit()
    clock_set.move_to(datetime(2027, 1, 20, 10, 0, tzinfo=UTC))  # twelve days after the last day
    client = client_for(people["officer"])
    number = next(row.id for row in deadlines.in_force(case) if row.rule == "award_notice")
    place = f"/cases/{case.reference}/deadlines/{number}/done"

    before = client.get(address(case)).text
    assert place in before
    assert "8 January 2027 Contract award notice" in section_of(before)
    folded = [text_of(one) for one in parse(before).iter("details")]
    assert not [text for text in folded if "Contract award notice" in text]
    assert "Friday 8 January 2027" in client.get(place).text
    assert client.post(place, data=typed(date(2027, 1, 21))).status_code == 422
    assert client.post(place, data=typed(date(2027, 1, 20), note="TED 1-2027")).status_code == 302

    after = client.get(address(case)).text
    assert place not in after
    assert "Done on 20 January 2027, after the last day." in section_of(after)
    assert "TED 1-2027" in client.get(f"/cases/{case.reference}/history").text


def test_of_two_browsers_the_second_is_told_that_it_is_marked(people: People, client_for: ClientFor) -> None:
    case = case_at(people["officer"], "open", "contract_notice", date(2026, 11, 23))
    complete(case, people["officer"], date(2026, 11, 23), Given(tenders_due_on=date(2027, 1, 7)))
    db.session.commit()
    first, second = client_for(people["officer"]), client_for(people["officer2"])
    (row,) = deadlines.in_force(case)
    place = f"/cases/{case.reference}/deadlines/{row.id}/done"
    assert second.get(place).status_code == 200

    assert first.post(place, data=typed(TUESDAY)).status_code == 302
    answer = second.post(place, data=typed(date(2026, 11, 23)), follow_redirects=True)

    assert "has already been marked or no longer counts" in answer.text
    assert len(factories.events(case, deadlines.MET)) == 1
    assert next(one for one in queries.deadlines_of(case)).met_on == TUESDAY


def test_a_partner_city_sees_the_deadlines_and_cannot_mark_them(people: People, client_for: ClientFor) -> None:
    case = case_at(people["officer"], "open", "contract_notice", date(2026, 11, 23))
    complete(case, people["officer"], date(2026, 11, 23), Given(tenders_due_on=date(2027, 1, 7)))
    factories.make_partner(case, people["other_officer"])
    client = client_for(people["other_officer"])
    (row,) = deadlines.in_force(case)
    place = f"/cases/{case.reference}/deadlines/{row.id}/done"

    page = client.get(address(case)).text

    assert "31 December 2026 Answers to questions" in section_of(page)
    assert place not in page
    assert client.post(place, data=typed(TUESDAY)).status_code == 404


def test_the_case_page_asks_one_query_for_all_deadlines(
    app: Flask, people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY)
    walk(case, people["officer"], "archive", SAFE)
    db.session.commit()
    client = client_for(people["officer"])
    client.get(address(case))
    fragments.forget()

    executed = count_queries()
    page = client.get(address(case))

    assert page.status_code == 200
    assert len(executed) <= 12
    assert (
        len([statement for statement in executed if statement.startswith("SELECT case_deadlines")]) <= 2
    )  # and those of the gate


def test_the_lists_say_what_the_next_date_is(people: People, client_for: ClientFor) -> None:
    case = case_at(people["officer"], "open", "standstill", TUESDAY, contract_needed_by="2029-01-01")
    db.session.commit()

    for place in ("/", "/cases", address(case)):
        page = text_of(parse(client_for(people["officer"]).get(place).text).find(".//main"))
        assert "9 December 2026" in page, place
        assert "a contract may be made" in page, place
