"""The Finnish days on which a period of the law does not end: public holidays from the `holidays` package, and the eves."""

import sys
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any, Final

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
    found = set(_finland()(years=year))
    if year >= FIRST_MOVABLE_MIDSUMMER:
        found.add(_midsummer_eve(year))
    return frozenset(found | {date(year, 5, 1), date(year, 12, 6), date(year, 12, 24)})


@cache
def _finland() -> Any:
    """The package's class for Finland, read without those of the other countries: they take half a second and 19 MB of each process.

    Only for who counts days: also the rest takes its time.
    """
    spec = find_spec("holidays.countries")
    assert spec is not None
    sys.modules["holidays.countries"] = module_from_spec(spec)  # the folder, without what stands in it
    try:
        return import_module("holidays.countries.finland").Finland
    finally:
        del sys.modules["holidays.countries"]


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
