"""When a report on a schedule falls due: on working days, once for each period, and what was missed by the newest only."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue.calendar import finnish
from procure.domain.reports import MONTHLY, QUARTERLY, WEEKLY, Due, Rule, following, latest, quarters

CALENDAR = finnish()
RULES = (Rule(MONTHLY), Rule(QUARTERLY), *(Rule(WEEKLY, day) for day in range(5)))


@pytest.mark.parametrize(
    ("rule", "today", "expected"),
    [
        (Rule(MONTHLY), date(2026, 11, 2), Due("2026-11", date(2026, 11, 2))),  # the first was a Sunday
        (Rule(MONTHLY), date(2026, 11, 1), Due("2026-10", date(2026, 10, 1))),
        (Rule(MONTHLY), date(2026, 11, 28), Due("2026-11", date(2026, 11, 2))),
        (Rule(MONTHLY), date(2027, 1, 3), Due("2026-12", date(2026, 12, 1))),  # New Year's Day, then a weekend
        (Rule(MONTHLY), date(2027, 1, 4), Due("2027-01", date(2027, 1, 4))),
        (Rule(QUARTERLY), date(2026, 11, 28), Due("2026-q3", date(2026, 10, 1))),
        (Rule(QUARTERLY), date(2027, 1, 3), Due("2026-q3", date(2026, 10, 1))),
        (Rule(QUARTERLY), date(2027, 1, 4), Due("2026-q4", date(2027, 1, 4))),
        (Rule(WEEKLY, 0), date(2026, 11, 29), Due("2026-w48", date(2026, 11, 23))),
        (Rule(WEEKLY, 4), date(2026, 11, 26), Due("2026-w47", date(2026, 11, 20))),
        (Rule(WEEKLY, 4), date(2026, 12, 28), Due("2026-w52", date(2026, 12, 28))),  # Christmas Day was the Friday
    ],
)
def test_the_newest_period_falls_due_on_a_working_day(rule: Rule, today: date, expected: Due) -> None:
    assert latest(rule, today, CALENDAR) == expected


@pytest.mark.parametrize("rule", RULES)
@given(today=st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_between_two_due_days_no_period_is_left_out_and_none_comes_twice(rule: Rule, today: date) -> None:
    newest, coming = latest(rule, today, CALENDAR), following(rule, today, CALENDAR)
    assert newest.on <= today < coming
    assert CALENDAR.is_working_day(newest.on)
    assert latest(rule, coming - timedelta(1), CALENDAR) == newest
    assert latest(rule, coming, CALENDAR).period != newest.period


def test_a_city_s_own_closing_day_postpones_the_report() -> None:
    closed = CALENDAR.with_closed([date(2026, 11, 2)])
    assert latest(Rule(MONTHLY), date(2026, 11, 2), closed).period == "2026-10"
    assert following(Rule(MONTHLY), date(2026, 11, 2), closed) == date(2026, 11, 3)


def test_a_quarter_is_held_against_the_one_before_and_that_of_a_year_ago() -> None:
    found = quarters("2026-q1")
    assert found.before == (date(2025, 10, 1), date(2025, 12, 31))
    assert found.year_before == (date(2025, 1, 1), date(2025, 3, 31))
    assert found.ahead == (date(2026, 4, 1), date(2026, 6, 30))
    with pytest.raises(ValueError, match="2026"):
        quarters("2026")
