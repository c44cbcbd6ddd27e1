"""Working days, with a calendar small enough to count on one's fingers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain.calendar import Calendar, OutOfCalendar, moved, moved_by_months

FRIDAY, SATURDAY, MONDAY, TUESDAY = (date(2026, 4, day) for day in (10, 11, 13, 14))
HOLIDAYS = frozenset({TUESDAY})


def days_off_in(year: int) -> frozenset[date]:
    if not 2000 <= year <= 2050:
        raise OutOfCalendar(f"{year}")
    return frozenset(day for day in HOLIDAYS if day.year == year)


CALENDAR = Calendar(days_off_in)
DAYS = st.dates(date(2010, 1, 1), date(2040, 12, 31))


def test_a_weekend_and_a_holiday_are_no_working_days() -> None:
    assert [CALENDAR.is_working_day(day) for day in (FRIDAY, SATURDAY, MONDAY, TUESDAY)] == [True, False, True, False]


def test_a_day_off_rolls_forwards_or_backwards_and_a_working_day_stays() -> None:
    assert CALENDAR.on_or_after(SATURDAY) == MONDAY
    assert CALENDAR.on_or_before(SATURDAY) == FRIDAY
    assert CALENDAR.on_or_after(TUESDAY) == date(2026, 4, 15)
    assert CALENDAR.on_or_after(MONDAY) == CALENDAR.on_or_before(MONDAY) == MONDAY


def test_working_days_are_counted_from_the_day_after() -> None:
    assert CALENDAR.after(FRIDAY) == MONDAY
    assert CALENDAR.after(SATURDAY, 2) == date(2026, 4, 15)  # Monday, then over the holiday
    assert CALENDAR.before(MONDAY) == FRIDAY
    assert CALENDAR.before(date(2026, 4, 15), 2) == FRIDAY
    assert CALENDAR.after(SATURDAY, 0) == SATURDAY


def test_a_count_goes_over_the_turn_of_the_year() -> None:
    assert CALENDAR.after(date(2026, 12, 31)) == date(2027, 1, 1)  # this calendar knows no New Year's Day
    assert CALENDAR.before(date(2027, 1, 1)) == date(2026, 12, 31)
    assert CALENDAR.after(date(2026, 1, 1), 600).year == 2028


def test_a_city_s_closing_days_are_off_for_the_city_alone() -> None:
    city = CALENDAR.with_closed({MONDAY})
    assert city.after(FRIDAY) == date(2026, 4, 15)
    assert CALENDAR.after(FRIDAY) == MONDAY


def test_a_year_that_is_not_known_is_refused_rather_than_taken_for_one_without_holidays() -> None:
    with pytest.raises(OutOfCalendar):
        CALENDAR.after(date(2050, 12, 30), 30)
    with pytest.raises(OutOfCalendar):
        CALENDAR.on_or_before(date(1999, 5, 1))


def test_no_date_lies_beyond_the_last_one() -> None:
    with pytest.raises(OutOfCalendar):
        moved(date.max, 1)
    with pytest.raises(OutOfCalendar):
        moved_by_months(date(9999, 12, 1), 1)
    with pytest.raises(OutOfCalendar):
        moved_by_months(date(1, 1, 31), -1)


def test_a_month_that_has_no_such_day_ends_on_its_last() -> None:
    assert moved_by_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert moved_by_months(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert moved_by_months(date(2026, 12, 31), -1) == date(2026, 11, 30)
    assert moved_by_months(date(2026, 3, 15), 36) == date(2029, 3, 15)


@given(day=DAYS, count=st.integers(0, 400))
def test_going_forwards_and_back_comes_to_the_same_working_day(day: date, count: int) -> None:
    start = CALENDAR.on_or_after(day)
    assert CALENDAR.before(CALENDAR.after(start, count), count) == start
    assert CALENDAR.working_days_between(start, CALENDAR.after(start, count)) == count


@given(first=DAYS, last=DAYS)
def test_the_days_between_are_those_one_would_count_one_by_one(first: date, last: date) -> None:
    if last < first:
        assert CALENDAR.working_days_between(first, last) == -CALENDAR.working_days_between(last, first)
        return
    last = min(last, first + timedelta(days=500))
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    expected = sum(day.weekday() < 5 and day not in HOLIDAYS for day in days)
    assert CALENDAR.working_days_between(first, last) == expected
