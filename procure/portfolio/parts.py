"""One figure of the portfolio: its table, and bars of one of the table's columns."""

from collections.abc import Iterable, Sequence
from typing import Final

from procure.figures.pages import Part, Row
from procure.figures.words import number
from procure.web import bars
from procure.web.bars import Item

MOST_BARS: Final = 12


def part_of(
    part: str, heading: str, how: str, first: str, columns: tuple[str, ...], rows: Iterable[Row], language: str, *, drawn: int = 0
) -> Part:  # fmt: skip
    """`drawn`: the column that the bars show."""
    found = tuple(rows)
    shown = [row for row in found if row.values[drawn]][:MOST_BARS]
    chart = bars.bars([Item(row.label, int(row.values[drawn] or 0), number(row.values[drawn], language)) for row in shown])
    said = "; ".join(f"{row.label}: {number(row.values[drawn], language)}" for row in shown)
    small = any(value is None for row in found for value in row.values)
    title = f"{heading}: {columns[drawn]}"
    return Part(part, heading, how, first, columns, found, chart if shown else None, title if shown else "", said, small)


def table_of(part: str, heading: str, how: str, first: str, columns: tuple[str, ...], rows: Sequence[Row]) -> Part:
    """Without a drawing."""
    found = tuple(rows)
    return Part(part, heading, how, first, columns, found, small=any(value is None for row in found for value in row.values))
