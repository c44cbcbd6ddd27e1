"""An exported history, read back: does its chain hold by itself?"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from procure.domain.procedures import Procedure
from procure.domain.trail import Break, Trail

FORMAT: Final = "procure-history/1"
COLUMNS: Final = ("kind", "payload", "happened_on", "recorded_at", "recorded_by_id", "recorded_by", "role", "hash")


class NotAnExport(ValueError):
    """The text is no exported history; the message says why."""


@dataclass(frozen=True, slots=True)
class Exported:
    """`hashes`: of the events in their order, up to the first that does not hold."""

    reference: str
    hashes: tuple[str, ...]
    broken: Break | None


def read(lines: Iterable[str], procedure_of: Callable[[str, str], Procedure]) -> Exported:
    """Follow the chain of an export in JSON Lines. Raises NotAnExport."""
    rest = iter(lines)
    head = _object(next(rest, ""), 1)
    if head.get("format") != FORMAT or not isinstance(head.get("case"), str):
        raise NotAnExport(f'line 1 is not the head of a file in the format "{FORMAT}"')
    trail, hashes = Trail(head["case"], procedure_of), []
    for number, line in enumerate(rest, start=2):
        _take(trail, _object(line, number), number)
        if trail.broken is None:
            hashes.append(trail.hash)
    broken = trail.broken
    if broken is None and (head.get("events"), head.get("last_hash")) != (trail.sequence, trail.hash):
        broken = Break(trail.sequence + 1, "end", f"{head.get('events')} and {trail.sequence}")
    return Exported(head["case"], tuple(hashes), broken)


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise NotAnExport(f"line {number} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise NotAnExport(f"line {number} is not an object")
    return found


def _take(trail: Trail, row: dict[str, Any], number: int) -> None:
    try:
        kind, payload, happened_on, recorded_at, by_id, by, role, its_hash = (row[name] for name in COLUMNS)
        day, moment = date.fromisoformat(happened_on), datetime.fromisoformat(recorded_at)
        trail.take(row["sequence"], kind, payload, day, moment, by_id, by, role, its_hash)
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnExport(f"line {number} is not an event: {type(error).__name__}: {error}") from error
