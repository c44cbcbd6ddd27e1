"""What was recorded wrongly is set right by a new event that points to the wrong one; the wrong one stays as it is.

Only what a person has entered can have been entered wrongly: the day on which a stage's act happened, and the words that explain it.
An answer is put right by answering again, or by undoing the last change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from procure.domain import stages
from procure.domain.outcomes import Reason, Refusal
from procure.domain.procedures import Procedure
from procure.domain.stages import StageEvent

DATED: Final = stages.STAGE_EVENTS
"""Kinds of events whose day a person has entered. A kind that is added here must be among those that `stages.replay` reads."""
WORDED: Final = tuple(kind for kind in DATED if kind != stages.OPENED)
"""Those of them that have words: a reason or a note."""

Pairs = Sequence[tuple[StageEvent, Procedure]]


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that may be corrected, as it reads now. `first_on`: the day that was recorded with it."""

    sequence: int
    kind: str
    stage: str
    happened_on: date
    first_on: date
    words: str


def entry(events: Pairs, sequence: int) -> Entry:
    """The event of that sequence among a case's stage events and their corrections. Raises Refusal when it cannot be corrected."""
    now = next((event for event, _ in stages.corrected(events) if event.sequence == sequence), None)
    if now is None or now.kind not in DATED:
        raise Refusal(Reason("correction_impossible"))
    first = next(event for event, _ in events if event.sequence == sequence)
    return Entry(sequence, now.kind, now.stage, now.happened_on, first.happened_on, now.reason)


def check(events: Pairs, sequence: int, happened_on: date, today: date) -> None:
    """The corrected day must lie between those of the acts before and after it, and not in the future. Raises Refusal."""
    if happened_on > today:
        raise Refusal(Reason("date_in_future", {"today": today.isoformat()}, target="happened_on"))
    dated = [event for event, _ in stages.corrected(events)]
    at = next(place for place, event in enumerate(dated) if event.sequence == sequence)
    if at > 0 and happened_on < dated[at - 1].happened_on:
        previous = dated[at - 1].happened_on.isoformat()
        raise Refusal(Reason("correction_too_early", {"previous_on": previous}, target="happened_on"))
    if at + 1 < len(dated) and happened_on > dated[at + 1].happened_on:
        following = dated[at + 1].happened_on.isoformat()
        raise Refusal(Reason("correction_too_late", {"next_on": following}, target="happened_on"))


def correction(now: Entry, happened_on: date, words: str, reason: str) -> dict[str, Any]:
    """What the log keeps of a correction: which event, what it said and what it should have said, and why. Raises Refusal."""
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    if happened_on != now.happened_on:
        old["happened_on"], new["happened_on"] = now.happened_on.isoformat(), happened_on.isoformat()
    if words != now.words and now.kind in WORDED:
        old["reason"], new["reason"] = now.words, words
    if not new:
        raise Refusal(Reason("correction_nothing", target="happened_on"))
    if not reason.strip():
        raise Refusal(Reason("reason_missing", target="reason"))
    return {"corrects": now.sequence, "kind": now.kind, "stage": now.stage, "old": old, "new": new, "reason": reason}
