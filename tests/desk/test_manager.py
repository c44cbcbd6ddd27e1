"""A manager's first screen: what waits for the decision, and the city at a glance."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.desk import manager
from procure.domain import approvals as rules
from procure.infra import clock
from procure.infra.db import db
from procure.portfolio import service
from tests import factories
from tests.approvals.builders import ask
from tests.pages import parse, text_of
from tests.support.builders import ask as ask_expert
from tests.support.builders import taken

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


@pytest.fixture
def case(people: People) -> Case:
    return factories.make_case(people["officer"])


def section(page: str, name: str) -> Any:
    return next(found for found in parse(page).iter("section") if found.get("aria-labelledby") == name)


def dated(case: Case, day: date) -> None:
    case.next_date = case.sort_date = day
    db.session.commit()


def test_an_approval_waits_with_its_day_what_follows_without_it_and_the_summary(
    case: Case, people: People, client_for: ClientFor
) -> None:
    ask(case, people["officer"], people["manager"], subject=rules.OTHER, words="May we buy it?")
    page = client_for(people["manager"]).get("/").text
    entry = next(item for listed in parse(page).iter("ol") for item in listed.iter("li"))
    assert [link.get("href") for link in entry.iter("a")] == [
        f"/cases/{case.reference}/approvals/1", f"/cases/{case.reference}/documents/summary.pdf",
    ]  # fmt: skip
    assert "Until then the request stays open" in text_of(entry)
    assert "the city’s own rule" in text_of(entry)


def test_every_subject_of_an_approval_says_what_follows_without_it() -> None:
    assert set(manager.NOT_DECIDED) == set(rules.SUBJECTS)


def test_somebody_else_s_approval_is_not_my_decision(case: Case, people: People, client_for: ClientFor) -> None:
    ask(case, people["officer"], people["officer2"], subject=rules.OTHER, words="May we buy it?")
    assert "Nothing waits for your decision" in client_for(people["manager"]).get("/").text


def test_cases_are_counted_by_part_and_light_and_late_ones_say_by_how_much(
    case: Case, people: People, client_for: ClientFor
) -> None:
    today = clock.today()
    dated(case, today - timedelta(days=12))
    for days in (3, 29, 31):
        dated(factories.make_case(people["officer"], title={"en": f"In {days} days"}), today + timedelta(days=days))
    dated(factories.make_case(people["other_officer"]), today - timedelta(days=1))
    page = client_for(people["manager"]).get("/").text
    row = next(row for row in section(page, "standing").iter("tr") if "Preparation" in text_of(row))
    assert [text_of(cell).split(",")[0] for cell in row.findall("td")] == ["1", "1", "2"]
    assert "12 days late" in text_of(section(page, "late"))
    ahead = text_of(section(page, "ahead"))
    assert "In 3 days" in ahead
    assert "In 29 days" in ahead
    assert "In 31 days" not in ahead


def test_the_number_of_a_part_and_light_leads_to_those_cases(case: Case, people: People, client_for: ClientFor) -> None:
    dated(case, clock.today() - timedelta(days=12))
    service.keep_up(clock.now())
    client = client_for(people["manager"])
    link = next(
        link for link in section(client.get("/").text, "standing").iter("a") if "light=red" in (link.get("href") or "")
    )  # fmt: skip
    assert case.reference in client.get(link.get("href") or "").text


def test_open_advice_stands_with_the_day_promised(case: Case, people: People, client_for: ClientFor) -> None:
    request = taken(case, people["officer"], people["expert"])
    ask_expert(factories.make_case(people["other_officer"]), people["other_officer"])
    found = section(client_for(people["manager"]).get("/").text, "advice")
    assert [link.get("href") for link in found.iter("a")] == [f"/support/{request.id}"]


def test_eight_decisions_stand_on_the_screen_and_the_rest_behind_a_link(people: People, client_for: ClientFor) -> None:
    for number in range(9):
        ask(factories.make_case(people["officer"]), people["officer"], people["manager"], subject=rules.OTHER, words=f"{number}?")
    page = client_for(people["manager"]).get("/").text
    assert len([item for listed in parse(page).iter("ol") for item in listed.iter("li")]) == 8
    assert "/work?whose=mine" in page


def test_the_screen_asks_at_most_nine_questions(people: People, client_for: ClientFor, count_queries: Any) -> None:
    for _number in range(3):
        case = factories.make_case(people["officer"])
        ask(case, people["officer"], people["manager"], subject=rules.OTHER, words="May we buy it?")
        taken(case, people["officer"], people["expert"])
    client = client_for(people["manager"])
    db.session.expunge_all()
    executed = count_queries()
    assert client.get("/").status_code == 200
    assert len(executed) <= 9, executed


@pytest.mark.parametrize("name", ["officer", "admin"])
def test_others_keep_their_list(people: People, client_for: ClientFor, name: str) -> None:
    assert "Waits for my decision" not in client_for(people[name]).get("/").text
