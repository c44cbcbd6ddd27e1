"""The quarterly report: what happened in the quarter beside the one before and a year ago, what is ahead, what is late."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale

from procure.accounts.models import Person
from procure.figures.pages import Part
from procure.infra import clock
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.portfolio import service as portfolio
from procure.reports import board
from procure.timetables.models import CasePlan
from tests import factories
from tests.cases.builders import chosen
from tests.portfolio.builders import contracted

People = dict[str, Person]


@pytest.fixture(autouse=True)
def clock_set() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 7, 1, 10, tzinfo=FINLAND), tick=False) as traveller:
        yield traveller


def report_of(people: People, quarter: str = "2026-q2") -> dict[str, Part]:
    portfolio.keep_up(clock.now())
    with force_locale("en"):
        found = board.facts(factories.actor_of(people["manager"]), quarter, "en", clock.today())
        return {part.id: part for part in board.report(found, "en").parts}


def values(part: Part) -> dict[str, tuple[Any, ...]]:
    return {row.label: row.values for row in part.rows}


@pytest.fixture
def history(app: Flask, people: People) -> None:
    """Opened in the first quarter, awarded and contracted in the second; another city has one too."""
    ordinary: dict[str, Any] = {"new_to_market": False, "clear_improvement": False, "new_to_buyer": False}
    contracted(people["officer"], value_amount="100000", **ordinary | {"new_to_market": True})
    contracted(people["officer"], value_amount="300000", **ordinary)
    chosen(people["other_officer"], "national")


def test_each_act_counts_in_the_quarter_in_which_it_was_done(history: None, people: People) -> None:
    found = report_of(people)
    assert found["flows"].columns[0] == "Quarter 2 of 2026"
    flows = values(found["flows"])
    assert flows["Contracts made"][0] == flows["Award decisions"][0] == 2
    assert values(found["values"])["Contracts made"][0] == 400_000
    assert all(
        numbers[0] == 0 for label, numbers in values(report_of(people, "2026-q3")["flows"]).items() if label != "Cases begun"
    )


def test_the_share_is_of_the_contracts_of_the_quarter_against_the_goal(history: None, people: People) -> None:
    shares = values(report_of(people)["innovation"])
    assert shares["Contracts, by number"][0] == Decimal("50.0")
    assert shares["Contracts, by value"][0] == Decimal("25.0")
    assert {numbers[-1] for numbers in shares.values()} == {Decimal(10)}


def test_quarters_before_the_city_s_first_case_are_not_beside_it(history: None, people: People) -> None:
    assert len(report_of(people, "2026-q1")["flows"].columns) < 3
    factories.make_case(people["officer"], opened_on=date(2025, 4, 10))
    portfolio.count_all(clock.now())
    assert report_of(people)["flows"].columns == ("Quarter 2 of 2026", "Quarter 1 of 2026", "Quarter 2 of 2025")
    assert values(report_of(people)["flows"])["Cases begun"][2] == 1


def test_decisions_ahead_come_from_saved_timetables_by_month(history: None, people: People) -> None:
    case = factories.make_case(people["officer"], opened_on=date(2026, 6, 1))
    other = factories.make_case(people["other_officer"], opened_on=date(2026, 6, 1))
    for one in (case, other):
        saved = {"award_decision": ["2026-08-20", "2026-08-24"], "contract": ["2026-09-14", "2026-09-14"]}
        plan = {"mode": "forwards", "durations": {}, "wished": {}, "saved": saved, "saved_by": "Officer"}
        db.session.add(CasePlan(case_id=one.id, plan=plan, saved_on=clock.today(), saved_at=clock.now(), version=1))
    db.session.commit()
    ahead = values(report_of(people)["ahead"])
    assert {label: numbers[0] for label, numbers in ahead.items()} == {"July 2026": 0, "August 2026": 1, "September 2026": 0}


def test_late_cases_are_named_with_how_late_they_are(people: People, app: Flask) -> None:
    case = factories.make_case(people["officer"], opened_on=date(2026, 1, 5))
    other = factories.make_case(people["other_officer"], opened_on=date(2026, 1, 5))
    late = report_of(people)["late"]
    (row,) = late.rows
    assert row.label == f"{case.reference} {case.titles['en']}"
    assert row.values == ((clock.today() - case.next_date).days,)
    assert other.reference not in late.how


def test_every_figure_says_how_it_is_computed(history: None, people: People) -> None:
    found = report_of(people)
    assert set(found) == {"flows", "values", "innovation", "lead", "ahead", "late"}
    assert all(len(part.how) > 40 for part in found.values())
