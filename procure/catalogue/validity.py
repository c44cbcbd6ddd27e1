"""Rows that hold from one day to another. Where a rule changes, the new row begins the day after the old one ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from procure.catalogue.reading import Table


@dataclass(frozen=True, slots=True)
class Period:
    """When a row of a series holds, and the table of the file that says so. `valid_to` None: until further notice."""

    series: str
    valid_from: date
    valid_to: date | None
    table: Table


def period_of(table: Table, series: str) -> Period:
    """The keys `valid_from` and, where the row has ended, `valid_to`. Raises CatalogueError with file and line."""
    valid_from = table.day("valid_from")
    valid_to = table.day("valid_to") if table.has("valid_to") else None
    if valid_to is not None and valid_to < valid_from:
        raise table.fault(f"{series} ends on {valid_to} before it begins on {valid_from}")
    return Period(series, valid_from, valid_to, table)


def check_unbroken(periods: Iterable[Period]) -> None:
    """Each series covers its days once, without a day between its rows. Raises CatalogueError at the row that breaks it."""
    by_series: dict[str, list[Period]] = {}
    for period in periods:
        by_series.setdefault(period.series, []).append(period)
    for rows in by_series.values():
        rows.sort(key=lambda row: row.valid_from)
        for earlier, later in pairwise(rows):
            _check_follows(earlier, later)


def _check_follows(earlier: Period, later: Period) -> None:
    if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
        until = earlier.valid_to or "further notice"
        raise later.table.fault(
            f"{later.series} from {later.valid_from} overlaps the row from {earlier.valid_from} until {until}"
        )
    if later.valid_from != earlier.valid_to + timedelta(days=1):
        raise later.table.fault(f"{later.series} has a gap: nothing holds between {earlier.valid_to} and {later.valid_from}")
