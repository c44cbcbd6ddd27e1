"""Geometry of the timeline of cases: a line a case, with its notice, award and contract. The template only draws."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from procure.portfolio.queries import Behind
from procure.web.bars import WIDTH

TOP: Final = 24
ROW: Final = 40
LETTERS: Final = 48
LEAST: Final = 4
MOST_TICKS: Final = 6
TICK_ROOM: Final = 44
"""A word nearer to the end would be cut off."""


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    word: str


@dataclass(frozen=True, slots=True)
class Line:
    """`marks`: where notice, award and contract lie; `goes_on`: the case is not over, its bar ends today."""

    y: int
    name: str
    x: float
    width: float
    marks: tuple[float, ...]
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    height: int
    ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    today: float


def timeline(rows: Sequence[Behind], today: date) -> Timeline:
    """From the earliest opening to today, or to the last planned end when that is later."""
    first = min((row.opened_on for row in rows), default=today).replace(day=1)
    last = max([today, *(row.end_on for row in rows if row.end_on)])
    span = max((last - first).days, 1)

    def place(day: date) -> float:
        return round((min(max(day, first), last) - first).days / span * WIDTH, 1)

    lines = []
    for number, row in enumerate(rows):
        x, end = place(row.opened_on), place(row.end_on or today)
        marks = tuple(place(day) for day in (row.notice_on, row.award_on, row.contract_on) if day is not None)
        name = row.title if len(row.title) <= LETTERS else row.title[: LETTERS - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
        lines.append(
            Line(TOP + number * ROW, name, min(x, WIDTH - LEAST), max(round(end - x, 1), LEAST), marks, row.end_on is None)
        )
    ticks = tuple(Tick(place(day), word) for day, word in _ticks(first, last) if place(day) <= WIDTH - TICK_ROOM)
    return Timeline(TOP + len(rows) * ROW + 6, ticks, tuple(lines), place(today))


def _ticks(first: date, last: date) -> Iterable[tuple[date, str]]:
    """Beginnings of months, at most six; their numbers, as names are long."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    every = -(-months // MOST_TICKS)
    for month in range(0, months, every):
        at = first.year * 12 + first.month - 1 + month
        day = date(at // 12, at % 12 + 1, 1)
        yield day, f"{day.month}/{day.year}"
