"""Geometry of two simple charts, in the drawing's own units: bars under each other, and columns side by side. The template only draws.

One width serves a narrow screen, half of a wide one, and paper: names stand above their bars, so that none needs a column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 400
ROW: Final = 44
BAR: Final = 14
NAME_BASE: Final = 16
"""From the top of a row to the line on which its name stands."""
BAR_TOP: Final = 22
VALUE_ROOM: Final = 64
"""Kept free behind the longest bar, for its number; more where a number is longer."""
FIGURE: Final = 8.5
"""About as wide is a figure behind a bar."""
BEFORE_VALUE: Final = 6
LETTERS: Final = 52
"""How many letters of a name fit above its bar."""
LEAST: Final = 2
"""What is not nothing can be seen."""
COLUMNS_TOP: Final = 22
COLUMNS_HIGH: Final = 150
COLUMNS_FOOT: Final = 44
WIDEST_COLUMN: Final = 40
GAP: Final = 0.28
"""Part of a column's place that stays empty."""
DIGIT: Final = 6
"""About as wide is a digit above a column."""
GROUP_ROOM: Final = 40
MOST_WORDS: Final = 14
"""With more columns than this only every so many gets its number and its name."""


@dataclass(frozen=True, slots=True)
class Item:
    """`word` is what the chart calls it, `text` its value in figures; `group` stands under the first of those that share it."""

    word: str
    value: int
    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A text at its place; `anchor` is start, middle or end, `strong` for values."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    strong: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`path`: all bars at once. `line`: the axis, "" for none."""

    height: int
    path: str
    words: tuple[Words, ...]
    line: str = ""


def bars(items: Sequence[Item]) -> Chart:
    """Bars from the left, the name above and the value behind each, in the given order."""
    most = max((item.value for item in items), default=0)
    longest = max((len(item.text) for item in items), default=0)
    free = WIDTH - max(VALUE_ROOM, BEFORE_VALUE + longest * FIGURE)
    path, words = [], []
    for number, item in enumerate(items):
        top = number * ROW
        width = _part(item.value, most, free)
        words.append(Words(0, top + NAME_BASE, _clipped(item.word)))
        words.append(Words(round(width + (BEFORE_VALUE if width else 0), 1), top + BAR_TOP + BAR - 2, item.text, strong=True))
        if width:
            path.append(f"M0 {top + BAR_TOP}h{width}v{BAR}h-{width}z")
    return Chart(max(len(items), 1) * ROW, "".join(path), tuple(words))


def columns(items: Sequence[Item]) -> Chart:
    """Columns on a common line, the value above and the name under each."""
    most = max((item.value for item in items), default=0)
    bottom = COLUMNS_TOP + COLUMNS_HIGH
    place = min(WIDTH / max(len(items), 1), WIDEST_COLUMN / (1 - GAP))
    width = round(place * (1 - GAP), 1)
    longest = max((len(item.text) for item in items), default=1)
    every = -(-len(items) // MOST_WORDS)
    every_value = max(every, -(-longest * DIGIT // int(place)))
    path, words, group, started = [], [], "", 0.0
    label = Words(0, 0, "")
    for number, item in enumerate(items):
        x = round(number * place + place * GAP / 2, 1)
        middle = round(x + width / 2, 1)
        height = _part(item.value, most, COLUMNS_HIGH)
        if height:
            path.append(f"M{x} {bottom}v-{height}h{width}v{height}z")
        if number % every == 0:
            words.append(Words(middle, bottom + 17, item.word, "middle"))
        if number % every_value == 0:
            words.append(Words(middle, bottom - height - 5, item.text, "middle", strong=True, small=True))
        if item.group != group:
            if group and x - started < GROUP_ROOM:
                words.remove(label)  # a first group of one or two columns gives way to the next one
            group, started = item.group, x
            words.append(label := Words(x, bottom + 36, group))
    return Chart(bottom + COLUMNS_FOOT, "".join(path), tuple(words), f"M0 {bottom}.5h{WIDTH}")


def _part(value: int, most: int, room: float) -> float:
    return max(LEAST, round(value / most * room, 1)) if value else 0


def _clipped(text: str) -> str:
    return text if len(text) <= LETTERS else text[: LETTERS - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
