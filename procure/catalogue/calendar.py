"""The Finnish days on which a period of the law does not end: public holidays from the `holidays` package, and the eves."""

from datetime import date, timedelta
from functools import cache
from typing import Final

from procure.domain.calendar import Calendar, OutOfCalendar

FIRST_YEAR: Final = 1931
"""The Act on counting periods (150/1930) is in force from here on."""
LAST_YEAR: Final = 2100
"""How far ahead the dates of holidays are worth computing: they move with the law."""


@cache
def days_off_in(year: int) -> frozenset[date]:
    """Public holidays with Independence Day and May Day, Midsummer Eve and Christmas Eve (5 § of Act 150/1930, 129 § 1 mom).

    Raises OutOfCalendar for a year whose holidays are not known.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutOfCalendar(f"the year {year:04d} is outside {FIRST_YEAR}–{LAST_YEAR}, for which Finnish holidays are known")
    from holidays.countries.finland import Finland  # reads half a second of other countries: only for who counts days

    found = set(Finland(years=year))  # type: ignore[no-untyped-call]
    if year >= FIRST_MOVABLE_MIDSUMMER:
        found.add(_midsummer_eve(year))
    return frozenset(found | {date(year, 5, 1), date(year, 12, 6), date(year, 12, 24)})


FIRST_MOVABLE_MIDSUMMER: Final = 1955
"""Since then Midsummer Day is the Saturday of 20–26 June; before, it stood on 24 June."""


def _midsummer_eve(year: int) -> date:
    """The Friday of 19–25 June."""
    earliest = date(year, 6, 19)
    return earliest + timedelta(days=(4 - earliest.weekday()) % 7)


@cache
def finnish() -> Calendar:
    """The calendar that periods of the law are counted by."""
    return Calendar(days_off_in)
