"""The Finnish days on which no period of the law ends, over the years in which the service is used."""

from datetime import date, timedelta

import pytest

from procure.catalogue.calendar import FIRST_YEAR, LAST_YEAR, days_off_in, finnish
from procure.domain.calendar import OutOfCalendar

YEARS = range(2018, 2036)

EASTER_SUNDAYS = {
    2018: (4, 1), 2019: (4, 21), 2020: (4, 12), 2021: (4, 4), 2022: (4, 17), 2023: (4, 9), 2024: (3, 31), 2025: (4, 20),
    2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21), 2031: (4, 13), 2032: (3, 28), 2033: (4, 17),
    2034: (4, 9), 2035: (3, 25),
}  # fmt: skip
"""From the tables of the church year, not computed here."""


def saturday_from(first: date) -> date:
    return first + timedelta(days=(5 - first.weekday()) % 7)


@pytest.mark.parametrize("year", YEARS)
def test_the_days_off_are_those_of_129_and_of_the_act_on_counting_periods(year: int) -> None:
    easter = date(year, *EASTER_SUNDAYS[year])
    midsummer = saturday_from(date(year, 6, 20))
    fixed = {date(year, *day) for day in ((1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26))}
    movable = {easter + timedelta(days=days) for days in (-2, 0, 1, 39, 49)}
    saturdays = {midsummer - timedelta(days=1), midsummer, saturday_from(date(year, 10, 31))}

    assert {day for day in days_off_in(year) if day.weekday() < 5} == {
        day for day in fixed | movable | saturdays if day.weekday() < 5
    }


def test_the_eves_that_only_the_act_names_are_off() -> None:
    assert not finnish().is_working_day(date(2026, 6, 19))  # Midsummer Eve, a Friday
    assert not finnish().is_working_day(date(2026, 12, 24))  # Christmas Eve, a Thursday
    assert not finnish().is_working_day(date(2027, 12, 6))  # Independence Day, a Monday
    assert finnish().is_working_day(date(2026, 12, 31))
    assert finnish().is_working_day(date(2026, 4, 2))  # Maundy Thursday


def test_christmas_2026_ends_on_a_monday() -> None:
    assert finnish().on_or_after(date(2026, 12, 24)) == date(2026, 12, 28)


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1, 9999])
def test_a_year_whose_holidays_nobody_knows_is_refused(year: int) -> None:
    with pytest.raises(OutOfCalendar, match=f"{FIRST_YEAR}–{LAST_YEAR}"):
        days_off_in(year)
