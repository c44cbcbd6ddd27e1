"""Reads the thresholds and what is proposed to change them, row by row with their validity."""

from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import Table, read
from procure.catalogue.validity import Period, check_unbroken, period_of
from procure.domain.advice.records import Proposal, Threshold
from procure.domain.casefile import records

FOLDER: Final = Path(__file__).parent
LEVELS: Final = ("national", "eu", "utilities")
CONFIDENCES: Final = ("verified", "recalled")


@cache
def catalogue() -> tuple[tuple[Threshold, ...], tuple[Proposal, ...]]:
    """The thresholds and proposals that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(folder: Path = FOLDER) -> tuple[tuple[Threshold, ...], tuple[Proposal, ...]]:
    """`folder`/thresholds.toml. Raises CatalogueError with file and line, also for a gap or an overlap in a series."""
    file = read(folder / "thresholds.toml")
    rows: list[Threshold] = []
    periods: list[Period] = []
    ids: set[str] = set()
    for table in file.tables("threshold"):
        row, period = _threshold(table)
        if row.id in ids:
            raise table.fault(f"threshold {row.id} stands twice")
        ids.add(row.id)
        rows.append(row)
        periods.append(period)
    proposals = tuple(_proposal(table) for table in file.tables("proposal"))
    file.finish()
    check_unbroken(periods)
    return tuple(rows), proposals


def _threshold(table: Table) -> tuple[Threshold, Period]:
    period = period_of(table, table.text("series"))
    row = Threshold(
        id=table.text("id"),
        series=period.series,
        level=table.one_of("level", LEVELS),
        kinds=_each_of(table, "kinds", records.CONTRACT_KINDS),
        buyer_types=_each_of(table, "buyer_types", records.BUYER_TYPES),
        amount=_money(table, "amount"),
        citation=table.text("citation"),
        source=table.text("source"),
        confidence=table.one_of("confidence", CONFIDENCES),
        verified_on=table.day("verified_on") if table.has("verified_on") else None,
        valid_from=period.valid_from,
        valid_to=period.valid_to,
    )
    table.finish()
    if (row.confidence == "verified") != (row.verified_on is not None):
        raise table.fault("a row is verified on a day (verified_on), or it is recalled")
    return row, period


def _proposal(table: Table) -> Proposal:
    found = Proposal(
        id=table.text("id"),
        bill=table.text("bill"),
        proposed_on=table.day("proposed_on"),
        applies_over=_money(table, "applies_over") if table.has("applies_over") else None,
        citation=table.text("citation"),
        source=table.text("source"),
    )
    table.finish()
    return found


def _each_of(table: Table, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    values = table.strings(key)
    if not values or (unknown := [value for value in values if value not in allowed]):
        raise table.fault(f"{key} must name some of {', '.join(allowed)}" + (f", not {', '.join(unknown)}" if values else ""))
    return values


def _money(table: Table, key: str) -> Decimal:
    text = table.text(key)
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise table.fault(f"{key} must be a plain decimal, not {text!r}") from error
    if not amount.is_finite() or amount <= 0:
        raise table.fault(f"{key} must be larger than nothing")
    return amount
