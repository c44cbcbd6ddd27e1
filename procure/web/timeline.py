"""Geometry of the stage timeline, in the drawing's own units; the template only draws what it is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from textwrap import wrap
from typing import Final

from procure.domain.dates import Span

WIDE: Final = 820
NARROW: Final = 358
NAMES: Final = 240
"""Width of the column of names in the wide drawing."""
MARGIN: Final = 12
LINE: Final = 17
"""From one line of a name to the next."""
BAR: Final = 14
"""Height of a bar."""
LABEL: Final = 52
"""Width of the plate that says "today"."""
MOST_MONTH_LABELS: Final = {True: 18, False: 6}
STEPS: Final = (1, 2, 3, 4, 6, 12)
"""Every so many months may be labelled: what divides a year."""
LETTERS: Final = {True: 34, False: 44}
"""How many letters of a name fit on a line: beside the bars, and above them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One stage as the drawing takes it; `state` is done, current or planned (a skipped stage is drawn as done)."""

    name: str
    starts: date
    ends: date
    state: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage's bar, and the lines of its name as (y, text)."""

    stage: Row
    x: float
    w: float
    y: int
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """`left` is 0 when the names stand above the bars; `today_x` is None when today lies outside, and `today_label_x` is the middle
    of its plate, which stays inside the drawing."""

    width: int
    height: int
    top: int
    left: int
    right: int
    months: tuple[tuple[float, date], ...]
    label_months: tuple[tuple[float, date], ...]
    years: tuple[tuple[float, int], ...]
    bars: tuple[Bar, ...]
    today_x: float | None
    today_label_x: float

    @property
    def month_lines(self) -> str:
        """All month lines as one path: a drawing of three years has as many lines as a page has rows."""
        return "".join(f"M{x} {self.top - 6}V{self.height - 26}" for x, _month in self.months)

    @property
    def groups(self) -> tuple["Group", ...]:
        """The bars in runs of one state, from top to bottom."""
        return tuple(Group(state, tuple(bars)) for state, bars in groupby(self.bars, key=lambda bar: bar.stage.state))


@dataclass(frozen=True, slots=True)
class Group:
    state: str
    bars: tuple[Bar, ...]

    @property
    def path(self) -> str:
        """The bars as one path: what they share is said once."""
        return "".join(f"M{bar.x} {bar.y}h{bar.w}v{BAR}h-{bar.w}z" for bar in self.bars)


def of_spans(spans: Sequence[Span], today: date, language: str, *, wide: bool) -> Drawing:
    """The drawing of a case's stages: 820 units wide with names at the left, or 358 with names above the bars."""
    rows = [
        Row(span.stage.name[language], span.starts, span.ends, "done" if span.state == "skipped" else span.state)
        for span in spans
    ]
    return draw(rows, today, WIDE if wide else NARROW, labels_left=wide)


def draw(rows: Sequence[Row], today: date, width: int, *, labels_left: bool) -> Drawing:
    """`rows` from top to bottom over whole months, from the first start to the last end; with no rows the month of `today`."""
    left, top = (NAMES, 44) if labels_left else (0, 30)
    starts = min((row.starts for row in rows), default=today).replace(day=1)
    end = _next_month(max((row.ends for row in rows), default=today))
    scale = (width - left - MARGIN) / (end - starts).days

    def x(day: date) -> float:
        return round(left + (day - starts).days * scale, 1)

    bars, bottom = [], top
    for row in rows:
        length = max(4, round((row.ends - row.starts).days * scale, 1))
        bar, bottom = _bar(row, x(row.starts), length, bottom, labels_left)
        bars.append(bar)
    months = [(x(month), month) for month in _months(starts, end)]
    today_x = x(today) if starts <= today < end else None
    return Drawing(
        width=width,
        height=bottom + 28,
        top=top,
        left=left,
        right=width - MARGIN,
        months=_thinned(months),
        label_months=_labelled(months, width, labels_left),
        years=_years(months),
        bars=tuple(bars),
        today_x=today_x,
        today_label_x=min(max(today_x or 0, left + LABEL / 2), width - LABEL / 2),
    )


def _bar(row: Row, x: float, length: float, y: int, labels_left: bool) -> tuple[Bar, int]:
    """The bar that begins at height `y`, and the height at which the next one begins: a long name takes a second line."""
    lines = _wrapped(row.name, LETTERS[labels_left])
    more = (len(lines) - 1) * LINE
    if labels_left:
        texts = tuple((y + 20 + index * LINE, line) for index, line in enumerate(lines))
        return Bar(row, x, length, y + 8 + more // 2, texts), y + 30 + more
    texts = tuple((y + 17 + index * LINE, line) for index, line in enumerate(lines))
    return Bar(row, x, length, y + 24 + more, texts), y + 46 + more


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


def _labelled(months: list[tuple[float, date]], width: int, labels_left: bool) -> tuple[tuple[float, date], ...]:
    """As many months get a label as can be read, counted from January so that years look alike; none over the right edge."""
    least = -(-len(months) // MOST_MONTH_LABELS[labels_left])
    step = next((step for step in STEPS if step >= least), -(-least // 12) * 12)
    room = 20 if labels_left else 62
    fits = [(x, month) for x, month in months if x <= width - room]
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
