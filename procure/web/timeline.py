"""Geometry of a timetable drawn as bars, in the drawing's own units; the template only draws what it is given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from textwrap import wrap
from typing import Final

WIDTH: Final = 820
NAMES: Final = 240
"""Width of the column of names."""
MARGIN: Final = 12
TOP: Final = 44
ROW: Final = 30
LINE: Final = 17
"""From one line of a name to the next."""
BAR: Final = 14
"""Height of a bar."""
LEAST: Final = 4
"""A bar of one day can still be seen."""
HATCH: Final = 6
"""From one line of a hatched bar to the next."""
PLATE: Final = 20
"""Height of the plate under the drawing that says what a line across it means."""
LETTER: Final = 7
"""About as wide is a letter on a plate."""
MOST_MONTH_LABELS: Final = 18
STEPS: Final = (1, 2, 3, 4, 6, 12)
"""Every so many months may be labelled: what divides a year."""
LETTERS: Final = 34
"""How many letters of a name fit on a line."""

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Row:
    """One stage: its days as they happened or are expected (both ends belong to it), and as they were last saved.

    `state` is done, current or planned; `law`: a period that law sets; `meeting`: the day of the meeting that it waits for.
    """

    name: str
    first: date
    last: date
    state: str
    saved: Days | None = None
    law: bool = False
    meeting: date | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A day marked by a line over all rows: `kind` is today, contract or needed."""

    on: date
    words: str
    kind: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row's bar, its name as (y, text), the thin bar of the saved days as (x, width), the middle of the meeting's diamond."""

    row: Row
    x: float
    w: float
    y: int
    lines: tuple[tuple[int, str], ...]
    saved: tuple[float, float] | None
    meeting: float | None

    @property
    def style(self) -> str:
        return "law" if self.row.law and self.row.state == "planned" else self.row.state


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark's line at `x`, with its plate: left edge, width, and height at which it begins."""

    mark: Mark
    x: float
    plate_x: float
    plate_w: float
    plate_y: int


@dataclass(frozen=True, slots=True)
class Group:
    """Bars that are drawn alike, one after another."""

    style: str
    bars: tuple[Bar, ...]

    @property
    def path(self) -> str:
        """The bars as one path: what they share is said once."""
        return "".join(f"M{bar.x} {bar.y}h{bar.w}v{BAR}h-{bar.w}z" for bar in self.bars)

    @property
    def hatch(self) -> str:
        """Slanted lines inside the bars: patterns are not known to every renderer."""
        return "".join(_hatched(bar) for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything in its place. `bottom` is where the rows end and the plates of the marks begin."""

    height: int
    bottom: int
    months: tuple[tuple[float, date], ...]
    label_months: tuple[tuple[float, date], ...]
    years: tuple[tuple[float, int], ...]
    bars: tuple[Bar, ...]
    marks: tuple[MarkLine, ...]

    @property
    def month_lines(self) -> str:
        """All month lines as one path: a drawing of three years has as many lines as a page has rows."""
        return "".join(f"M{x} {TOP - 6}V{self.bottom}" for x, _month in self.months)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The bars in runs of one style, from top to bottom."""
        return tuple(Group(style, tuple(bars)) for style, bars in groupby(self.bars, key=lambda bar: bar.style))

    @property
    def saved(self) -> str:
        return "".join(f"M{bar.saved[0]} {bar.y + BAR + 3}h{bar.saved[1]}v3h-{bar.saved[1]}z" for bar in self.bars if bar.saved)

    @property
    def meetings(self) -> str:
        """A diamond at the end of each step that waits for a meeting."""
        return "".join(f"M{bar.meeting} {bar.y - 1}l8 8l-8 8l-8 -8z" for bar in self.bars if bar.meeting is not None)


def draw(rows: Sequence[Row], marks: Sequence[Mark]) -> Drawing:
    """`rows` from top to bottom over whole months, from the earliest day to the latest, marks included. Marks in the order in which
    their plates stand under each other. Needs at least a row or a mark."""
    days = [*_days(rows), *(mark.on for mark in marks)]
    starts, end = min(days).replace(day=1), _next_month(max(days))
    scale = (WIDTH - NAMES - MARGIN) / (end - starts).days

    def x(day: date) -> float:
        return round(NAMES + (day - starts).days * scale, 1)

    def span(first: date, last: date) -> tuple[float, float]:
        return x(first), max(LEAST, round(((last - first).days + 1) * scale, 1))

    bars, bottom = [], TOP
    for row in rows:
        bar, bottom = _bar(row, span(row.first, row.last), span(*row.saved) if row.saved else None, bottom)
        if row.meeting:
            bar = _with_meeting(bar, x(row.meeting) + scale / 2)
        bars.append(bar)
    months = [(x(month), month) for month in _months(starts, end)]
    lines = [_mark(mark, x(mark.on), bottom + 6 + number * (PLATE + 4)) for number, mark in enumerate(marks)]
    return Drawing(
        height=bottom + 8 + len(marks) * (PLATE + 4),
        bottom=bottom + 2,
        months=_thinned(months),
        label_months=_labelled(months),
        years=_years(months),
        bars=tuple(bars),
        marks=tuple(lines),
    )


def _days(rows: Iterable[Row]) -> Iterable[date]:
    for row in rows:
        yield from (row.first, row.last, *(row.saved or ()))


def _bar(row: Row, at: tuple[float, float], saved: tuple[float, float] | None, y: int) -> tuple[Bar, int]:
    """The bar that begins at height `y`, and the height at which the next one begins: a long name takes a second line."""
    lines = _wrapped(row.name, LETTERS)
    more = (len(lines) - 1) * LINE
    texts = tuple((y + 20 + index * LINE, line) for index, line in enumerate(lines))
    return Bar(row, at[0], at[1], y + 8 + more // 2, texts, saved, None), y + ROW + more


def _with_meeting(bar: Bar, x: float) -> Bar:
    return Bar(bar.row, bar.x, bar.w, bar.y, bar.lines, bar.saved, round(x, 1))


def _mark(mark: Mark, x: float, y: int) -> MarkLine:
    """The plate stands under its line, but inside the drawing."""
    width = len(mark.words) * LETTER + 16
    left = min(max(x - width / 2, 0), WIDTH - width)
    return MarkLine(mark, x, round(left, 1), width, y)


def _hatched(bar: Bar) -> str:
    found = []
    offset = HATCH / 2
    while offset < bar.w:
        rise = min(BAR, bar.w - offset)
        found.append(f"M{round(bar.x + offset, 1)} {bar.y + BAR}l{round(rise, 1)} -{round(rise, 1)}")
        offset += HATCH
    return "".join(found)


@lru_cache(1024)
def _wrapped(name: str, letters: int) -> tuple[str, ...]:
    """Kept once made: the stages' names are few and wrapping is slow."""
    return tuple(wrap(name, letters)) or ("",)


def _months(starts: date, end: date) -> list[date]:
    found = []
    while starts < end:
        found.append(starts)
        starts = _next_month(starts)
    return found


def _labelled(months: list[tuple[float, date]]) -> tuple[tuple[float, date], ...]:
    """As many months get a label as can be read, counted from January so that years look alike; none over the right edge."""
    least = -(-len(months) // MOST_MONTH_LABELS)
    step = next((step for step in STEPS if step >= least), -(-least // 12) * 12)
    fits = [(x, month) for x, month in months if x <= WIDTH - 20]
    return tuple((x, month) for x, month in fits if (month.year * 12 + month.month - 1) % step == 0)


def _thinned(months: list[tuple[float, date]]) -> tuple[tuple[float, date], ...]:
    """Month lines; over three years only quarters, so that the lines do not become a hatch."""
    if len(months) <= 36:
        return tuple(months)
    return tuple(month for month in months if month[1].month in (1, 4, 7, 10))


def _years(months: list[tuple[float, date]]) -> tuple[tuple[float, int], ...]:
    """Where each year begins; a first year of only a month or two is left out when the next one would be written over it."""
    found = [(x, month.year) for index, (x, month) in enumerate(months) if index == 0 or month.month == 1]
    if len(found) > 1 and found[1][0] - found[0][0] < 40:
        found = found[1:]
    return tuple(found)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
