"""What must hold, as promised; each aim is judged by its worst case in the run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Measured(Protocol):
    """What the aims read of a line of the table."""

    kind: str
    size: int
    page: Any
    load: Any
    floor: float
    rss: float


@dataclass(frozen=True, slots=True)
class Check:
    aim: str
    worst: float
    missed: bool
    where: str

    def __str__(self) -> str:
        return f"{'MISSED' if self.missed else 'ok    '}  {self.aim}: worst {self.worst:.2f} ({self.where})"


def check(lines: Sequence[Any]) -> list[Check]:
    """Every aim that the run says something about."""
    lists = [line for line in lines if line.page.name.startswith("list")]
    cases = [line for line in lines if line.page.name in ("case", "history")]
    desk = [line for line in lines if line.page.name in ("desk", "desk, expert", "behind")]
    figures = [line for line in lines if line.page.name.startswith("figures")]
    leading = [line for line in lines if line.page.name == "first screen" or line.page.name.startswith("portfolio")]
    found = [
        _least("a list is at least 0.5 of the floor", 0.5, lists, lambda line: line.load.rate / line.floor),
        _least("a page of a case is at least 0.25 of the floor", 0.25, cases, lambda line: line.load.rate / line.floor),
        _least("the desk is at least 0.25 of the floor", 0.25, desk, lambda line: line.load.rate / line.floor),
        _least("the figures are at least 0.5 of the floor", 0.5, figures, lambda line: line.load.rate / line.floor),
        _least("what a manager leads by is at least 0.5 of the floor", 0.5, leading, lambda line: line.load.rate / line.floor),
        _most("the figures and the desk take at most 8 queries", 8, figures + desk, lambda line: max(line.page.statements)),
        _most("what a manager leads by takes at most 10 queries", 10, leading, lambda line: max(line.page.statements)),
        _most("a list takes at most 6 queries", 6, lists, lambda line: max(line.page.statements)),
        _most("a page of a case takes at most 12 queries", 12, cases, lambda line: max(line.page.statements)),
        _most("a page is smaller than 60 kB", 60, lines, lambda line: line.page.bytes / 1000),
        _most("the slowest hundredth is under 5 times the median", 5, lines, lambda line: line.load.p99 / line.load.median),
        _most("a worker takes less than 130 MB", 130, lines, lambda line: line.rss),
        _most("no request fails", 0, lines, lambda line: line.load.failures),
        *_growth(lines),
    ]
    return [check for check in found if check is not None]


def _growth(lines: Sequence[Measured]) -> list[Check | None]:
    """A page in the largest database against the same page in the smallest, each as a part of the floor at that time."""
    sizes = sorted({line.size for line in lines})
    if len(sizes) < 2:
        return []
    parts = {(line.kind, line.size, line.page.name): line.load.rate / line.floor for line in lines}
    full = [
        line for line in lines if line.size == sizes[-1] and line.page.name != "list, a stage"
    ]  # few rows in a small database
    aim = f"at {sizes[-1]} cases at most 1.2 times slower than at {sizes[0]}"

    def slower(line: Measured) -> float:
        return parts[line.kind, sizes[0], line.page.name] / parts[line.kind, line.size, line.page.name]

    return [_most(aim, 1.2, full, slower)]


def _least(aim: str, limit: float, lines: Sequence[Any], of: Callable[[Any], float]) -> Check | None:
    return _judged(aim, min(lines, key=of, default=None), of, lambda value: value < limit)


def _most(aim: str, limit: float, lines: Sequence[Any], of: Callable[[Any], float]) -> Check | None:
    return _judged(aim, max(lines, key=of, default=None), of, lambda value: value > limit)


def _judged(aim: str, line: Any, of: Callable[[Any], float], bad: Callable[[float], bool]) -> Check | None:
    if line is None:
        return None
    return Check(aim, of(line), bad(of(line)), f"{line.kind}, {line.size}, {line.page.name}")
