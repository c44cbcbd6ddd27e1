"""The whole advice: warnings, dates, and the real cases worked out by hand from the law."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue.calendar import finnish
from procure.catalogue.rulebook import rulebook
from procure.domain.advice.advising import advise
from procure.domain.advice.records import REGIMES, Advice
from procure.domain.calendar import OutOfCalendar
from procure.domain.casefile import CaseFile
from procure.domain.procedures import PROCEDURE_IDS
from tests.domain.advice.cases import any_case, case

TODAY = date(2026, 11, 24)
BEFORE_THE_BILL = "2026-01-15"


def advice(found: CaseFile, on: date | None = None) -> Advice:
    return advise(found, rulebook(), TODAY, on)


def warned(**keys: Any) -> list[str]:
    kind, amount = keys.pop("kind", "services"), keys.pop("amount", 300_000)
    return [warning.code for warning in advice(case(kind, amount, **{"start": BEFORE_THE_BILL, **keys})).warnings]


def test_the_rules_are_those_of_the_start_else_of_today_unless_a_day_is_named() -> None:
    assert advice(case(start="2025-06-02")).rules_on == date(2025, 6, 2)
    assert advice(case(start=None)).rules_on == TODAY
    assert advice(case(start="2025-06-02"), date(2024, 1, 2)).rules_on == date(2024, 1, 2)


def test_a_case_without_a_start_begins_on_the_first_working_day() -> None:
    found = advice(case(start=None), date(2026, 12, 24))
    assert found.timetable is not None
    assert found.timetable.steps[0].starts == date(2026, 12, 28)


def test_the_timetable_is_of_the_chosen_procedure_else_of_the_recommended() -> None:
    chosen, free = advice(case(procedure="restricted")).timetable, advice(case()).timetable
    assert chosen is not None
    assert chosen.procedure == "restricted"
    assert free is not None
    assert free.procedure == "open"


@pytest.mark.parametrize(
    ("keys", "code", "expected"),
    [
        ({"lots": [{"title": "A", "value": "299999"}]}, "lots_differ_from_estimate", True),
        ({"lots": [{"title": "A", "value": "300000.00"}]}, "lots_differ_from_estimate", False),
        ({"estimate": {"options_included": False}}, "options_not_included", True),
        ({"estimate": {"options_included": True}}, "options_not_included", False),
        ({}, "options_not_included", False),
        ({"single_supplier": "art"}, "single_supplier_claim", True),
        ({"prototype_only": True}, "single_supplier_claim", False),
        ({"prototype_only": True}, "direct_award_needs_proof", True),
        ({"amount": 5, "prototype_only": True}, "direct_award_needs_proof", True),
        ({"amount": 5}, "direct_award_needs_proof", False),
        ({"market": {"known_suppliers": 2}}, "one_tender_risk", True),
        ({"amount": 5, "market": {"known_suppliers": 2}}, "one_tender_risk", True),
        ({"market": {"known_suppliers": 3}}, "one_tender_risk", False),
        ({"market": {"consulted": False}}, "one_tender_risk", True),
        ({"amount": 100_000, "market": {"consulted": False}}, "one_tender_risk", False),
        ({"market": {"consulted": True}}, "one_tender_risk", False),
        ({}, "one_tender_risk", False),
        ({"amount": "194400"}, "near_threshold", True),  # nine tenths of 216 000
        ({"amount": "194399.99"}, "near_threshold", False),
        ({"amount": "54000"}, "near_threshold", True),
        ({"amount": 216_000}, "near_threshold", False),
        ({"kind": "social_health_services", "amount": 700_000}, "near_threshold", True),  # 750 000 of the EU row
        ({"estimate": {"date": "2025-01-14"}}, "estimate_old", True),
        ({"estimate": {"date": "2025-01-15"}}, "estimate_old", False),
        ({"prior_information_notice": "2025-12-11"}, "pin_outside_window", False),  # 35 days
        ({"prior_information_notice": "2025-12-12"}, "pin_outside_window", True),
        ({"prior_information_notice": "2025-01-15"}, "pin_outside_window", False),
        ({"prior_information_notice": "2025-01-14"}, "pin_outside_window", True),
        ({"amount": 5, "prior_information_notice": "2025-01-14"}, "pin_outside_window", True),
        ({"start": "2026-02-05"}, "proposed_law", True),
        ({"start": "2026-02-04"}, "proposed_law", False),
        ({"start": "2026-02-05", "amount": 100_000}, "proposed_law", False),
        ({"start": "2026-02-05", "kind": "concession", "amount": 10_000_001}, "proposed_law", True),
        ({"start": "2026-02-05", "kind": "concession", "amount": 10_000_000}, "proposed_law", False),
        ({"start": "2027-12-31"}, "thresholds_not_yet_published", False),
        ({"start": "2028-01-03"}, "thresholds_not_yet_published", True),
        ({"contract_needed_by": "2026-02-01"}, "not_feasible", True),
        ({"contract_needed_by": "2027-02-01"}, "not_feasible", False),
    ],
)
def test_a_warning_comes_when_there_is_something_to_look_at(keys: dict[str, Any], code: str, expected: bool) -> None:
    assert (code in warned(**keys)) == expected


def test_amounts_not_yet_published_are_told_whatever_the_regime() -> None:
    shared = {"benefits_exclusive_to_buyer": False}
    assert "thresholds_not_yet_published" in warned(kind="rd_services", rd=shared, start="2028-01-03")


def test_no_warning_is_given_twice() -> None:
    found = warned(
        start="2028-01-03", amount=11_000_000, single_supplier="art", market={"consulted": False, "known_suppliers": 1}
    )
    assert len(found) == len(set(found))


def test_without_rules_of_the_day_there_is_no_timetable_and_no_error_however_old_the_day() -> None:
    for day in (date(2017, 6, 1), date(1900, 1, 1), date(1, 1, 1)):
        found = advice(case(start=None), day)
        assert (found.regime, found.timetable, found.recommended) == ("unknown", None, None)


def test_a_day_too_far_ahead_to_know_its_holidays_is_refused() -> None:
    with pytest.raises(OutOfCalendar):
        advice(case(start="2150-01-01"))


@given(found=any_case(), on=st.none() | st.dates(date(2016, 1, 1), date(2035, 12, 31)))
def test_every_case_gets_one_advice_that_hangs_together(found: CaseFile, on: date | None) -> None:
    given = advice(found, on)
    assert given.regime in REGIMES
    assert sorted(verdict.procedure for verdict in given.verdicts) == sorted(PROCEDURE_IDS)
    if given.regime == "unknown":
        assert given.recommended is None
        assert given.timetable is None
        return
    assert given.recommended is not None
    assert given.timetable is not None
    assert given.timetable.procedure == (found.procedure or given.recommended.procedure)
    assert given.value.compared >= found.estimated_value.amount
    days = [step.starts for step in given.timetable.steps]
    assert days == sorted(days)
    if given.timetable.latest_start is not None:
        assert finnish().is_working_day(given.timetable.latest_start)
        assert given.timetable.feasible == (days[0] <= given.timetable.latest_start)
        assert ("not_feasible" in [warning.code for warning in given.warnings]) == (not given.timetable.feasible)


@given(found=any_case())
def test_no_fact_that_is_unknown_opens_what_it_does_not_open_when_it_is_false(found: CaseFile) -> None:
    """Taking the market and the specification away never makes a procedure of an EU procurement available."""
    given = advice(found)
    less = advice(replace(found, market=None, specification=None))
    if given.regime != "eu":
        return
    for verdict in less.verdicts:
        if verdict.verdict != "not_available" and verdict.procedure != "open":
            assert given.verdict_of(verdict.procedure).verdict != "not_available", verdict.procedure


def test_the_helsinki_robot_buses_are_research_outside_the_act() -> None:
    """5.5 million in shared-benefit research is outside the Act (9 § 1 mom 13 k): pre-commercial, as FABULOS was."""
    keys = {"market": {"availability": "none"}, "rd": {"benefits_exclusive_to_buyer": False, "deployment_included": False}}
    found = advice(case("rd_services", 5_500_000, start="2018-09-01", novelty={"new_to_market": True}, **keys))
    assert (found.regime, found.recommended and found.recommended.procedure) == ("outside_act", "pcp")
    assert (found.innovation.level, found.innovation.bt776) == (4, ("rd-act", "mar-nov"))
    assert [row.threshold.amount for row in found.thresholds] == [Decimal(60_000), Decimal(221_000)]


def test_the_joensuu_challenge_is_a_national_procurement_in_which_a_challenge_is_possible() -> None:
    """200 000 in January 2018: at least 60 000, under 221 000 but over nine tenths of it."""
    lots = [{"title": str(number), "value": "50000"} for number in range(4)]
    found = advice(case("services", 200_000, start="2018-01-08", lots=lots))
    assert (found.regime, found.recommended and found.recommended.procedure) == ("national", "national")
    assert found.verdict_of("challenge_competition").verdict == "possible"
    assert [warning.code for warning in found.warnings] == ["near_threshold"]
    assert found.value.remarks == ()  # four lots under 80 000 are together the whole, not a fifth


def test_the_tampere_platform_is_best_bought_in_a_dialogue() -> None:
    """6 million over 221 000; adaptation needed, negotiation needed, no precise description: 36 § and 34 § 2 mom."""
    specification = {"needs_negotiation": True, "cannot_be_precise": True}
    keys = {"market": {"availability": "needs_adaptation", "consulted": True}, "specification": specification}
    found = advice(case("services", 6_000_000, start="2019-08-12", contract_needed_by="2020-06-01", **keys))
    assert (found.regime, found.recommended and found.recommended.procedure) == ("eu", "competitive_dialogue")
    assert found.timetable is not None
    requests = next(step for step in found.timetable.steps if step.stage == "requests")
    assert (requests.starts, requests.last_day, requests.min_days) == (date(2019, 8, 12), date(2019, 9, 11), 30)


def test_the_turku_street_maintenance_is_bought_openly() -> None:
    """4.2 million of what the market has: nothing to negotiate, as the city found."""
    keys = {"market": {"availability": "available", "consulted": True}}
    no = {"includes_design_or_innovation": False, "needs_negotiation": False, "cannot_be_precise": False}
    found = advice(case("services", 4_200_000, start="2020-03-02", specification=no, **keys))
    assert (found.regime, found.recommended and found.recommended.procedure) == ("eu", "open")
    assert found.timetable is not None
    tenders = next(step for step in found.timetable.steps if step.stage == "tender_period")
    assert tenders.last_day == date(2020, 4, 1)  # thirty days from Monday 2 March
