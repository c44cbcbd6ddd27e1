"""Follows the log of one case from its first event to its last: is the chain unbroken, and which state do the events give?

Nothing here trusts what is stored: every hash is made again, every answer is taken from the event that gave it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from procure.domain import corrections, stages
from procure.domain.outcomes import Refusal
from procure.domain.procedures import Procedure
from procure.domain.questions import Answer
from procure.domain.references import chained, event_row, without_name

ANSWERING: Final = ("answers_saved", "case_imported")
"""Events whose `changes` say what an answer was and what it is now. The first answers stand in the event that opens the case."""
NO_ANSWER: Final = object()
"""In place of an answer: the question has never been answered."""


def told(value: Any, known: bool) -> Any:
    """An answer as the log tells it: null is "not known yet", "" an answer taken back."""
    if not known:
        return None
    return "" if value is None else value


def heard(text: Any) -> Answer:
    """The answer that the log tells of."""
    if text is None:
        return Answer(None, known=False)
    return Answer(None if text == "" else text)


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing in a case's log that does not hold.

    `what`: `sequence` (an event is missing or stands twice), `hash` (the event is not what was recorded), `unreadable` (an event
    that could not have been recorded so), `old_answer` (an answer is said to have been what it was not), `correction` (it does not
    fit the event that it corrects), `end` (the case knows of another last event), `other` (an export has another event), or a column
    of the case that says other than its events: `answer`, `version`, `saved`, `procedure`, `stage`, `stage_entered_on`, `state`,
    `opened`, `headline`, `partners`; or what a feature keeps: `gate_mark`, `approval`, `declaration`, `support`,
    `document`, `issued_document`, `dossier`.
    """

    sequence: int
    what: str
    detail: str = ""


@dataclass(slots=True)
class Given:
    """The last word on one question: the answer as told, how often it was given, when and by whom."""

    answer: Any
    version: int
    saved_at: datetime
    saved_by: str
    sequence: int


class Trail:
    """Give it the events of one case in the order of their sequence, then ask. Keeps the answers and the stage events, no more, so
    that the longest log fits."""

    def __init__(self, reference: str, procedure_of: Callable[[str, str], Procedure]) -> None:
        self.reference, self.procedure_of = reference, procedure_of
        self.sequence, self.hash, self.events = 0, "", 0
        self.broken: Break | None = None
        self.answers: dict[str, Given] = {}
        self.procedure: Procedure | None = None
        self.opened_on: date | None = None
        self.opened_by_id: int | None = None
        self._stage_events: list[tuple[stages.StageEvent, Procedure]] = []
        self._covers_names = False

    def take(
        self, sequence: int, kind: str, payload: Mapping[str, Any], happened_on: date, recorded_at: datetime,
        recorded_by_id: int | None, recorded_by: str, role: str, its_hash: str,
    ) -> None:  # fmt: skip
        """The next event. Once something is broken the rest is only counted."""
        self.events += 1
        if self.broken is not None:
            return
        if sequence != self.sequence + 1:
            self.broken = Break(self.sequence + 1, "sequence", str(sequence))
            return
        row = event_row(
            self.reference, sequence, kind, payload, happened_on.isoformat(), recorded_at.isoformat(), recorded_by_id, recorded_by,
            role,
        )  # fmt: skip
        if not self._is_hash_of(row, its_hash):
            self.broken = Break(sequence, "hash")
            return
        self.sequence, self.hash = sequence, its_hash
        try:
            self._apply(sequence, kind, payload, happened_on, recorded_at, recorded_by_id, recorded_by)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            self.broken = Break(sequence, "unreadable", f"{type(error).__name__}: {error}")

    def _is_hash_of(self, row: dict[str, Any], its_hash: str) -> bool:
        """Events recorded before the chain covered names stand at the beginning of a log only."""
        if chained(self.hash, row) == its_hash:
            self._covers_names = True
            return True
        return not self._covers_names and chained(self.hash, without_name(row)) == its_hash

    def _apply(
        self, sequence: int, kind: str, payload: Mapping[str, Any], happened_on: date, recorded_at: datetime,
        recorded_by_id: int | None, recorded_by: str,
    ) -> None:  # fmt: skip
        if (kind == stages.OPENED) != (sequence == 1):
            raise ValueError("a log begins with the opening of the case, and has no other")
        if kind == stages.OPENED:
            self.opened_on, self.opened_by_id = happened_on, recorded_by_id
            for question, answer in payload["answers"].items():
                self.answers[question] = Given(told(answer, True), 1, recorded_at, recorded_by, sequence)
        elif kind in ANSWERING:
            for question, change in payload.get("changes", {}).items():
                self._change(sequence, question, change, recorded_at, recorded_by)
                if self.broken:
                    return
        if kind in stages.REPLAYED:
            if kind in (stages.OPENED, stages.PROCEDURE_CHOSEN):
                self.procedure = self.procedure_of(payload["procedure"], payload["edition"])
            assert self.procedure is not None  # the opening chose one
            if kind == stages.CORRECTED and not self._fits(payload, happened_on):
                self.broken = Break(sequence, "correction", str(payload["corrects"]))
                return
            event = stages.stage_event(sequence, kind, payload, happened_on, recorded_at, recorded_by)
            self._stage_events.append((event, self.procedure))

    def _fits(self, payload: Mapping[str, Any], corrected_on: date) -> bool:
        """Whether a correction says rightly what its entry said before, and leaves the acts in the order of their days."""
        try:
            now = corrections.entry(self._stage_events, payload["corrects"])
            if "happened_on" in payload["new"]:
                new = date.fromisoformat(payload["new"]["happened_on"])
                corrections.check(self._stage_events, now.sequence, new, corrected_on)
        except Refusal:
            return False
        said = {"happened_on": now.happened_on.isoformat(), "reason": now.words}
        return all(payload["old"][key] == said[key] for key in payload["new"])

    def _change(self, sequence: int, question: str, change: Mapping[str, Any], recorded_at: datetime, recorded_by: str) -> None:
        before = self.answers.get(question)
        said, was = change.get("old", NO_ANSWER), before.answer if before else NO_ANSWER
        if said != was or type(said) is not type(was):
            self.broken = Break(sequence, "old_answer", question)
            return
        version = before.version + 1 if before else 1
        self.answers[question] = Given(change["new"], version, recorded_at, recorded_by, sequence)

    def progress(self) -> stages.Progress:
        """Where the events say that the case is."""
        return stages.replay(self._stage_events)

    def opened(self) -> date | None:
        """The day the case was opened on, as it was corrected last."""
        events = stages.corrected(self._stage_events)
        return events[0][0].happened_on if events else None

    def facts(self) -> dict[str, Answer]:
        """The answers that the events give, as the rules take them."""
        return {question: heard(given.answer) for question, given in self.answers.items()}
