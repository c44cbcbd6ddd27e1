"""What is measured of a case, and how cases are counted."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from procure.catalogue import procedures
from procure.domain import portfolio
from procure.domain.portfolio import EVERY_THEME, EVERYBODY, Fact, Key, Measured, Novelty
from procure.domain.questions import Answer
from procure.domain.stages import Progress, Visit


def days_between(first: date, last: date) -> int:
    return (last - first).days


def day(number: int) -> date:
    return date(2026, 1, number)


FACT = Fact(
    1, day(5), 7, "open", "contract_notice", "open", Decimal("1000.50"), Novelty(3, True, True), ("digitalisation", "health"),
    Measured(day(10), day(20), None, {"need": 3}, {"need": 1}),
)  # fmt: skip


def tally_of(*facts: Fact) -> dict[str, dict[str, int]]:
    found = portfolio.totals(facts, days_between)
    return found[Key(1, date(2026, 1, 1), "", 0, "open", "open")]


def test_every_stage_of_every_procedure_belongs_to_one_part() -> None:
    catalogue = procedures.catalogue()
    stages = {stage.id for found in (catalogue.preparation, *catalogue.choosable()) for stage in found.stages}
    parts = [stage for stages in portfolio.PHASES.values() for stage in stages]
    assert len(parts) == len(set(parts))
    assert stages == set(parts)
    assert portfolio.phase_of("") == ""


def test_a_case_is_counted_for_everybody_and_for_its_person_in_all_and_in_each_of_its_themes() -> None:
    found = portfolio.totals([FACT], days_between)
    assert {(key.theme, key.responsible) for key in found} == {
        (theme, person) for theme in (EVERY_THEME, "digitalisation", "health") for person in (EVERYBODY, 7)
    }
    assert len({str(tally) for tally in found.values()}) == 1


def test_values_are_whole_cents_and_a_case_without_one_is_not_valued() -> None:
    tally = tally_of(FACT, replace(FACT, value=None))
    assert tally["value"]["all"] == 100_050
    assert tally["cases"] == {"all": 2, "valued": 1, "told": 2}
    assert tally["innovative"] == {"number": 2, "value": 100_050}


def test_a_lead_time_is_counted_only_when_both_days_have_come_and_stand_in_their_order() -> None:
    tally = tally_of(FACT)
    assert tally["notice"] == {"5": 1}
    assert tally["award"] == {"10": 1}
    assert "contract" not in tally
    assert "whole" not in tally
    backwards = tally_of(replace(FACT, measured=Measured(day(20), day(10))))
    assert "award" not in backwards


def visit(stage: str, first: int, last: int | None, outcome: str = "completed", **more: Any) -> Visit:
    return Visit(stage, day(first), day(last) if last else None, outcome if last else "", **more)


def test_a_stage_that_goes_on_has_no_length_yet() -> None:
    found = portfolio.measured(Progress((visit("need", 1, 5), visit("plan", 5, None))), days_between)
    assert found.spent == {"need": 4}


def test_the_day_of_a_notice_falls_away_when_the_case_goes_back_and_comes_again() -> None:
    went_on = (visit("contract_notice", 1, 3), visit("tender_period", 3, 9, "returned"))
    assert portfolio.measured(Progress(went_on), days_between).notice_on == day(3)
    back = (*went_on, visit("contract_notice", 9, None))
    assert portfolio.measured(Progress(back), days_between).notice_on is None
    again = portfolio.measured(Progress((*went_on, visit("contract_notice", 9, 12))), days_between)
    assert (again.notice_on, again.reworked) == (day(12), {"contract_notice": 1})


def test_a_skipped_stage_gives_no_day_and_no_time() -> None:
    found = portfolio.measured(Progress((visit("standstill", 1, 3, "skipped"), visit("contract", 3, 4))), days_between)
    assert not found.standstill
    assert found.spent == {"contract": 1}


@pytest.mark.parametrize(
    ("answers", "procedure", "kind", "expected"),
    [
        ({}, "open", "services", Novelty(0, False, False)),
        ({"new_to_market": False}, "open", "services", Novelty(0, False, True)),
        ({"new_to_market": True}, "open", "services", Novelty(3, True, True)),
        ({"clear_improvement": True}, "open", "services", Novelty(1, True, True)),
        ({"innovation_considered": True}, "open", "services", Novelty(1, False, False)),
        ({"new_to_buyer": True}, "open", "services", Novelty(0, False, True)),
        ({"new_to_buyer": True, "novelty_effect": "Fewer trips"}, "open", "services", Novelty(2, True, True)),
        ({}, "pcp", "services", Novelty(4, True, True)),
        ({}, "open", "rd_services", Novelty(4, True, True)),
    ],
)
def test_which_cases_are_innovative(answers: dict[str, Any], procedure: str, kind: str, expected: Novelty) -> None:
    given = {name: Answer(value, known=True) for name, value in answers.items()}
    assert portfolio.novelty(given, procedure, kind) == expected


def test_of_fewer_than_five_there_is_no_percentile_and_the_80th_is_the_fourth_of_five() -> None:
    assert portfolio.time_of({"3": 4}) == portfolio.Time(4, None, None)
    assert portfolio.time_of({"1": 1, "2": 1, "3": 1, "4": 1, "50": 1}) == portfolio.Time(5, 3, 4)


def test_a_share_of_nothing_is_nothing() -> None:
    assert portfolio.share(0, 0) is None
    assert portfolio.share(1, 8) == Decimal("12.5")


@pytest.mark.parametrize(
    ("name", "span"),
    [
        ("2026-q1", (date(2026, 1, 1), date(2026, 3, 31))), ("2026-q4", (date(2026, 10, 1), date(2026, 12, 31))),
        ("2026-q5", None), ("26-q1", None), ("0000-q1", None), ("2026", None), ("", None), ("9999-q4", None),
    ],
)  # fmt: skip
def test_a_quarter_has_its_first_and_last_day(name: str, span: tuple[date, date] | None) -> None:
    assert portfolio.quarter(name) == span


def test_merging_adds_up() -> None:
    tally = portfolio.merged([tally_of(FACT), tally_of(FACT)])
    assert tally["cases"]["all"] == 2
    assert portfolio.spent_by_stage(tally["spent"]) == {"need": {"3": 2}}
