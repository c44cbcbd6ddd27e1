"""How long a case was in each of its stages: days and working days, rounds, and what had to be done again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from procure.domain.stages import Progress, Visit

WorkingDays = Callable[[date, date], int]
"""Working days after the first day, up to and with the last."""


@dataclass(frozen=True, slots=True)
class Spent:
    """All visits to one stage. Days are those that passed between entering and leaving, today for a stage that goes on, without
    those on hold; a stage entered and left on one day has none. `held_days`: calendar days on hold in that stage."""

    days: int
    working_days: int
    held_days: int
    visits: int
    rounds: int
    """The highest round that was reached: 1 for a stage that was not repeated."""
    rework: int
    """Visits after the first that were no planned round; one that was skipped had nothing to be done again."""


def spent(progress: Progress, today: date, working_days: WorkingDays) -> dict[str, Spent]:
    """By stage, for every stage that was visited. Raises what `working_days` raises."""
    by_stage: dict[str, list[Visit]] = {}
    for visit in progress.visits:
        by_stage.setdefault(visit.stage, []).append(visit)
    return {stage: _spent(visits, progress, today, working_days) for stage, visits in by_stage.items()}


def _spent(visits: list[Visit], progress: Progress, today: date, working_days: WorkingDays) -> Spent:
    days = working = held = 0
    for visit in visits:
        last = _end(visit.left_on, visit.entered_on, today)
        days += (last - visit.entered_on).days
        working += working_days(visit.entered_on, last)
        for hold in progress.holds:
            first, until = max(visit.entered_on, hold.since), min(last, _end(hold.until, hold.since, today))
            if first < until:
                held += (until - first).days
                working -= working_days(first, until)
    begun = sum(visit.round == 1 and visit.outcome != "skipped" for visit in visits)
    return Spent(days - held, working, held, len(visits), max(visit.round for visit in visits), max(begun - 1, 0))


def _end(told: date | None, began: date, today: date) -> date:
    """What goes on has lasted until today."""
    return told if told is not None else max(today, began)
