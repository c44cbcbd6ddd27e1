"""Figures of several cities together: which of them may be shown without telling a single city's.

A number is shown only when at least three cities and five cases are behind it. Rows that add up to a total that is shown are held
against it: what the hidden rows come to together could be had by subtraction, so that must be a number that could be shown as well.
"""

from collections.abc import Iterable, Mapping
from typing import Final

LEAST_CITIES: Final = 3
LEAST_CASES: Final = 5

ALONE, UNNAMED, NAMED = "none", "unnamed", "named"
CHOICES: Final = (ALONE, UNNAMED, NAMED)
"""What a city has agreed to: nothing, its numbers among those of others, or also that it is named among those who take part."""

Support = Mapping[int, int]
"""City -> how many of its cases are behind a number."""


def enough(support: Support) -> bool:
    """Whether a number with this behind it may be shown."""
    behind = [cases for cases in support.values() if cases > 0]
    return len(behind) >= LEAST_CITIES and sum(behind) >= LEAST_CASES


def together(supports: Iterable[Support]) -> dict[int, int]:
    """What is behind the sum of numbers."""
    found: dict[int, int] = {}
    for support in supports:
        for city, cases in support.items():
            found[city] = found.get(city, 0) + cases
    return found


def shown(rows: Mapping[str, Support]) -> frozenset[str]:
    """The rows that may stand beside their total. Each case is in one row only."""
    visible = {name for name, support in rows.items() if enough(support)}
    while visible and not _harmless(together(support for name, support in rows.items() if name not in visible)):
        visible.remove(min(visible, key=lambda name: (sum(rows[name].values()), name)))
    return frozenset(visible)


def _harmless(hidden: Support) -> bool:
    """Whether what the hidden rows come to may be worked out: it is nothing, or enough is behind it."""
    return not any(hidden.values()) or enough(hidden)


def part_shown(part: Support, whole: Support) -> bool:
    """Whether a part may stand beside its whole: the rest could be had by subtraction."""
    rest = {city: cases - part.get(city, 0) for city, cases in whole.items()}
    return "part" in shown({"part": part, "rest": rest})
