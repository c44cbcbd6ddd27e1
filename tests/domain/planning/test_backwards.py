"""Backwards from the day the contract is needed: the last day that is early enough, and not one more."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procure.domain.calendar import OutOfCalendar
from procure.domain.planning.backwards import contract_day, latest_start, timetable
from procure.domain.planning.office import Meeting
from procure.domain.planning.timetable import Rules
from tests.domain.planning.test_timetable import ANY_PLAN, LAW, RULES, TUESDAY, plan

SHORT = Rules(LAW, LAW, {"request_for_offers": 1, "offers": 5, "award_decision": 2, "contract": 1})


def test_a_small_purchase_counted_back_by_hand() -> None:
    # needed on Friday 18 December: decided by Thursday the 17th (two days), offers until Tuesday the 15th (five days from the 9th)
    found = timetable(plan("small_purchase", "below_national"), SHORT, TUESDAY, date(2026, 12, 18))
    assert (found.latest_start, found.feasible) == (date(2026, 12, 8), True)
    assert found.earliest_contract == date(2026, 12, 4)


def test_a_day_later_misses_the_day() -> None:
    late = timetable(plan("small_purchase", "below_national"), SHORT, date(2026, 12, 9), date(2026, 12, 18))
    assert late.feasible is False
    assert late.earliest_contract == date(2026, 12, 21)


def test_without_a_day_nothing_is_said_about_being_in_time() -> None:
    found = timetable(plan("open"), RULES, TUESDAY, None)
    assert found.earliest_contract is not None
    assert (found.latest_start, found.feasible) == (None, None)


@pytest.mark.parametrize(
    ("procedure", "regime"), [("pcp", "outside_act"), ("design_contest", "eu"), ("challenge_competition", "national")]
)
def test_where_no_contract_is_made_nothing_is_said_about_one(procedure: str, regime: str) -> None:
    found = timetable(plan(procedure, regime), RULES, TUESDAY, date(2027, 6, 1))
    assert (found.earliest_contract, found.latest_start, found.feasible) == (None, None, None)


def test_a_decision_that_waits_for_a_meeting_must_be_ready_before_it() -> None:
    meetings = tuple(Meeting(date(2026, 12, 1) + timedelta(days=14 * number), "Board") for number in range(10))
    rules = Rules(LAW, LAW, SHORT.durations, meetings)
    found = latest_start(plan("small_purchase", "below_national"), rules, date(2026, 12, 18))
    # the meeting of 15 December decides, so its two days are the 14th and 15th; offers come from Monday the 7th to Friday the 11th
    assert found == date(2026, 12, 4)


def test_a_day_before_any_calendar_is_refused() -> None:
    with pytest.raises(OutOfCalendar):
        latest_start(plan("open"), RULES, date(1931, 1, 5))


@settings(max_examples=60)
@given(**ANY_PLAN, pin_days=st.none() | st.integers(0, 500))
def test_the_latest_start_is_early_enough_and_every_later_working_day_is_not(
    procedure: str, regime: str, start: date, pin_days: int | None, **terms: bool
) -> None:
    """Also where a prior information notice makes a later notice quicker than an earlier one."""
    pin = None if pin_days is None else start - timedelta(days=pin_days)
    found = plan(procedure, regime, start, prior_information_notice=pin, **terms)
    if not found.has_contract:
        return
    latest = latest_start(found, RULES, start)
    assert LAW.is_working_day(latest)
    assert contract_day(found, RULES, latest) <= start
    day = LAW.after(latest)
    while day < start:
        assert contract_day(found, RULES, day) > start, day
        day = LAW.after(day)
