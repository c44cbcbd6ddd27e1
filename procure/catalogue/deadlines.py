"""Reads the periods of the law: deadlines and the minimum periods of procedures, row by row with their validity."""

from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import Table, read
from procure.catalogue.validity import Period, check_unbroken, period_of
from procure.domain.deadlines import LIMITS, RECEIPT, Deadline, Deadlines
from procure.domain.procedures import CONFIDENCES

FOLDER: Final = Path(__file__).parent


@cache
def catalogue() -> Deadlines:
    """The periods that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(folder: Path = FOLDER) -> Deadlines:
    """All rows of `folder`/deadlines.toml. Raises CatalogueError with file and line, also for a gap or an overlap."""
    file = read(folder / "deadlines.toml")
    rows: list[Deadline] = []
    periods: list[Period] = []
    for table in file.tables("deadline"):
        row, period = _row(table)
        rows.append(row)
        periods.append(period)
    file.finish()
    check_unbroken(periods)
    if missing := set(RECEIPT.values()) - {row.id for row in rows}:
        raise file.fault(f"no row for {', '.join(sorted(missing))}")
    return Deadlines(rows)


def _row(table: Table) -> tuple[Deadline, Period]:
    period = period_of(table, table.text("id"))
    row = Deadline(
        id=period.series,
        name=table.trilingual("name"),
        counted_from=table.trilingual("counted_from"),
        days=table.whole("days", 0),
        months=table.whole("months", 0),
        limit=table.one_of("limit", LIMITS),
        citation=table.text("citation"),
        confidence=table.one_of("confidence", CONFIDENCES),
        source=table.text("source"),
        verified_on=table.day("verified_on") if table.has("verified_on") else None,
        valid_from=period.valid_from,
        valid_to=period.valid_to,
        from_receipt=table.flag("from_receipt"),
        backwards=table.flag("backwards"),
        rolls=table.flag("rolls", True),
        gives_safe_day=table.flag("gives_safe_day"),
    )
    table.finish()
    if row.days < 0 or row.months < 0:
        raise table.fault("a period is not negative")
    if row.confidence == "verified" and row.verified_on is None:
        raise table.fault("verified needs the day: verified_on")
    return row, period
