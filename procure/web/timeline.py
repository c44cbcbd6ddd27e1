"""Geometry of the stage timeline; the template only draws what it is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from procure.domain.dates import Span

WIDE: Final = 820
NARROW: Final = 358
MOST_MONTH_LABELS: Final = 18


@dataclass(frozen=True, slots=True)
class Row:
    """One stage as the drawing takes it; `state` is done, current or planned (a skipped stage is drawn as done)."""

    name: str
    starts: date
    ends: date
    state: str


@dataclass(frozen=True, slots=True)
class Bar:
    stage: Row
    x: float
    w: float
    y: int
    label_x: int
    label_y: int


@dataclass(frozen=True, slots=True)
class Drawing:
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


def of_spans(spans: Sequence[Span], today: date, language: str, *, wide: bool) -> Drawing:
    """The drawing of a case's stages: 820 units wide with names at the left, or 358 with names above the bars."""
    rows = [
        Row(span.stage.name[language], span.starts, span.ends, "done" if span.state == "skipped" else span.state)
        for span in spans
    ]
    return draw(rows, today, WIDE if wide else NARROW, labels_left=wide)


def draw(rows: Sequence[Row], today: date, width: int, *, labels_left: bool) -> Drawing:
    left, row_height = (240, 30) if labels_left else (0, 46)
    top, margin = (44 if labels_left else 30), 12
    starts = min((row.starts for row in rows), default=today).replace(day=1)
    last = max((row.ends for row in rows), default=today)
    end = _next_month(max(last, today if rows else last))
    scale = (width - left - margin) / max((end - starts).days, 28)

    def x(day: date) -> float:
        return round(left + (day - starts).days * scale, 1)

    months: list[tuple[float, date]] = []
    day = starts
    while day < end:
        months.append((x(day), day))
        day = _next_month(day)
    bars = tuple(
        Bar(
            row, x(row.starts), max(4, round((row.ends - row.starts).days * scale, 1)), top + index * row_height + (8 if labels_left else 24),
            0, top + index * row_height + (20 if labels_left else 17),
        )
        for index, row in enumerate(rows)
    )  # fmt: skip
    most = MOST_MONTH_LABELS if labels_left else 5
    step = -(-len(months) // most)
    years = tuple((position, month.year) for index, (position, month) in enumerate(months) if index == 0 or month.month == 1)
    return Drawing(
        width, top + len(rows) * row_height + 28, top, left, width - margin, _thinned(months), _labelled(months, step, width), years, bars,
        x(today) if starts <= today < end else None,
    )  # fmt: skip


def _labelled(months: list[tuple[float, date]], step: int, width: int) -> tuple[tuple[float, date], ...]:
    """Every `step`th month gets a label, none that would run over the right edge."""
    return tuple(month for month in months[::step] if month[0] < width - (24 if step == 1 else 40))


def _thinned(months: list[tuple[float, date]]) -> tuple[tuple[float, date], ...]:
    """Month lines; over three years only quarters, so that the lines do not become a hatch."""
    if len(months) <= 36:
        return tuple(months)
    return tuple(month for month in months if month[1].month in (1, 4, 7, 10))


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
