"""Where a case is: derived from its events, never stored as a truth of its own.

Every visit to a stage is kept, with the date it happened on (which may lie before the day it was recorded) and who recorded it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from procure.domain.outcomes import Reason, Refusal
from procure.domain.procedures import PREPARATION, GatePoint, Procedure, Stage

OPENED: Final = "case_opened"
PROCEDURE_CHOSEN: Final = "procedure_chosen"
COMPLETED: Final = "stage_completed"
SKIPPED: Final = "stage_skipped"
RETURNED: Final = "stage_returned"
STAGE_EVENTS: Final = (OPENED, PROCEDURE_CHOSEN, COMPLETED, SKIPPED, RETURNED)
CORRECTED: Final = "event_corrected"
REPLAYED: Final = (*STAGE_EVENTS, CORRECTED)
"""All that `replay` reads: a correction is an event of its own, which points to the one it corrects."""


@dataclass(frozen=True, slots=True)
class StageEvent:
    """What the log says about stages. `stage` is the stage left (for RETURNED: the stage gone back to).

    `corrects`, for CORRECTED only: the sequence of the event that says wrongly; `corrected_on` and `corrected_reason` what it should
    say, None where it was right.
    """

    kind: str
    happened_on: date
    recorded_at: datetime
    recorded_by: str
    stage: str = ""
    reason: str = ""
    sequence: int = 0
    corrects: int = 0
    corrected_on: date | None = None
    corrected_reason: str | None = None


def stage_event(
    sequence: int, kind: str, payload: Mapping[str, Any], happened_on: date, recorded_at: datetime, recorded_by: str
) -> StageEvent:
    """An event of the log as `replay` takes it. KeyError or ValueError for a payload that the log cannot hold."""
    if kind != CORRECTED:
        stage, reason = payload.get("stage", ""), payload.get("reason", "")
        return StageEvent(kind, happened_on, recorded_at, recorded_by, stage, reason, sequence)
    new = payload["new"]
    day = date.fromisoformat(new["happened_on"]) if "happened_on" in new else None
    return StageEvent(kind, happened_on, recorded_at, recorded_by, "", "", sequence, payload["corrects"], day, new.get("reason"))


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in one stage. `outcome` is "", `completed`, `skipped`, `returned` (left backwards) or `left` (procedure changed)."""

    stage: str
    entered_on: date
    left_on: date | None = None
    outcome: str = ""
    recorded_by: str = ""
    recorded_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """The visits in the order they happened; the last one is open unless the case has passed its last stage."""

    visits: tuple[Visit, ...]

    @property
    def current(self) -> Visit | None:
        return self.visits[-1] if self.visits and self.visits[-1].left_on is None else None

    @property
    def last_day(self) -> date | None:
        """The day of the last act: what is done next happened then or later."""
        return (self.visits[-1].left_on or self.visits[-1].entered_on) if self.visits else None

    @property
    def finished(self) -> bool:
        return bool(self.visits) and self.current is None

    def passed(self, stage_id: str) -> bool:
        """Whether the last visit to the stage ended forwards."""
        last = self.last_visit(stage_id)
        return last is not None and last.outcome in ("completed", "skipped")

    def last_visit(self, stage_id: str) -> Visit | None:
        return next((visit for visit in reversed(self.visits) if visit.stage == stage_id), None)


def replay(events: Iterable[tuple[StageEvent, Procedure]]) -> Progress:
    """The state that the events give, in the order they were recorded, each as it was corrected last.

    Each event comes with the procedure in force once it happened.
    """
    visits: list[Visit] = []
    for event, procedure in corrected(events):
        if event.kind == OPENED:
            visits.append(Visit(procedure.stages[0].id, event.happened_on))
        elif event.kind == PROCEDURE_CHOSEN:
            _change_procedure(visits, event, procedure)
        elif event.kind == RETURNED:
            _leave(visits, event, "returned")
            visits.append(Visit(event.stage, event.happened_on))
        elif event.kind in (COMPLETED, SKIPPED):
            _leave(visits, event, "completed" if event.kind == COMPLETED else "skipped")
            if (following := _following(procedure, event.stage, visits)) is not None:
                visits.append(Visit(following.id, event.happened_on))
    return Progress(tuple(visits))


def corrected(events: Iterable[tuple[StageEvent, Procedure]]) -> list[tuple[StageEvent, Procedure]]:
    """The events without the corrections, each saying what it should have said."""
    found: list[tuple[StageEvent, Procedure]] = []
    for event, procedure in events:
        if event.kind != CORRECTED:
            found.append((event, procedure))
            continue
        for at, (earlier, its_procedure) in enumerate(found):
            if earlier.sequence == event.corrects:
                on = earlier.happened_on if event.corrected_on is None else event.corrected_on
                reason = earlier.reason if event.corrected_reason is None else event.corrected_reason
                found[at] = replace(earlier, happened_on=on, reason=reason), its_procedure
    return found


def _leave(visits: list[Visit], event: StageEvent, outcome: str) -> None:
    if visits and visits[-1].left_on is None:
        visits[-1] = replace(
            visits[-1], left_on=event.happened_on, outcome=outcome,
            recorded_by=event.recorded_by, recorded_at=event.recorded_at, reason=event.reason,
        )  # fmt: skip


def _following(procedure: Procedure, stage_id: str, visits: list[Visit]) -> Stage | None:
    """The next stage in the procedure's order; a stage passed earlier is passed again after a return."""
    ids = [stage.id for stage in procedure.stages]
    position = ids.index(stage_id) + 1 if stage_id in ids else 0
    return procedure.stages[position] if position < len(ids) else None


def _change_procedure(visits: list[Visit], event: StageEvent, procedure: Procedure) -> None:
    """Stay where we are when the new procedure has that stage; else go to its first stage that is not passed."""
    ids = [stage.id for stage in procedure.stages]
    open_visit = visits[-1] if visits and visits[-1].left_on is None else None
    if open_visit is not None and open_visit.stage in ids:
        return
    _leave(visits, event, "left")
    progress = Progress(tuple(visits))
    target = next((stage_id for stage_id in ids if not progress.passed(stage_id)), None)
    if target is not None:
        visits.append(Visit(target, event.happened_on))


def check_date(progress: Progress, happened_on: date, today: date) -> None:
    """A date may lie in the past, but not before the last act (the stage was entered, or the last one left) and not in the
    future. Raises Refusal."""
    if happened_on > today:
        raise Refusal(Reason("date_in_future", {"today": today.isoformat()}, target="happened_on"))
    if progress.last_day is not None and happened_on < progress.last_day:
        raise Refusal(Reason("date_before_stage", {"entered_on": progress.last_day.isoformat()}, target="happened_on"))


def check_current(progress: Progress, stage_id: str) -> None:
    """The stage acted on must be the present one: two people, or two clicks, move it once. Raises Refusal."""
    if progress.current is None or progress.current.stage != stage_id:
        raise Refusal(Reason("stage_already_left", {"stage": stage_id}, target=stage_id))


def check_way_on(procedure: Procedure, stage_id: str) -> None:
    """Preparation leads into a procedure: without one its last stage would end the case instead. Raises Refusal."""
    if procedure.id == PREPARATION and stage_id == procedure.stages[-1].id:
        raise Refusal(Reason("procedure_not_chosen", target=stage_id))


def check_skip(stage: Stage) -> None:
    """Only an optional stage may be skipped. Raises Refusal with the stage's own section of law."""
    if not stage.optional:
        raise Refusal(Reason("stage_not_optional", {"stage": stage.id}, stage.citation, target=stage.id))


def check_return(progress: Progress, procedure: Procedure, to_stage: str) -> None:
    """One may go back to an earlier stage of the procedure, also from the end. Raises Refusal."""
    ids = [stage.id for stage in procedure.stages]
    here = ids.index(progress.current.stage) if progress.current and progress.current.stage in ids else len(ids)
    if to_stage not in ids or ids.index(to_stage) >= here:
        raise Refusal(Reason("stage_not_earlier", {"stage": to_stage}, target=to_stage))


@dataclass(frozen=True, slots=True)
class GateState:
    """One gate point as it stands. `open_items`: question ids without a value, or the document's missing question ids.

    `how` it came to hold: `answers`, `document`, `ticked`, `waived`, `approval` or `deadline`; "" while it is open. `told`: by whom and
    when, in no language; `note`: what they wrote. A point that is not `required` is advice and holds no stage.
    """

    point: GatePoint
    satisfied: bool
    open_items: tuple[str, ...]
    how: str = ""
    told: str = ""
    required: bool = True
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the stage waits for it."""
        return self.required and not self.satisfied


def gate(stage: Stage, has_value: Any, document_lacks: Any, confirmed: frozenset[str] = frozenset()) -> tuple[GateState, ...]:
    """How each point of the stage's gate stands.

    `has_value(question_id) -> bool`; `document_lacks(kind) -> tuple of question ids`; `confirmed` the ids a person confirms.
    """
    return tuple(_point(point, has_value, document_lacks, confirmed) for point in stage.gate)


def _point(point: GatePoint, has_value: Any, document_lacks: Any, confirmed: frozenset[str]) -> GateState:
    if point.system:
        return GateState(point, False, ())
    if point.by_person:
        ticked = point.id in confirmed
        return GateState(point, ticked, (), "ticked" if ticked else "")
    lacking = tuple(q for q in point.answers if not has_value(q))
    if point.document:
        lacking += tuple(q for q in document_lacks(point.document) if q not in lacking)
    how = "" if lacking else "document" if point.document else "answers"
    return GateState(point, not lacking, lacking, how)


def settled(
    states: tuple[GateState, ...], stage: Stage, has_value: Any, document_lacks: Any, confirmed: frozenset[str] = frozenset()
) -> tuple[GateState, ...]:
    """The points that revisers have added to the stage's own, held against answers, documents and what a person confirms.

    What holds by itself needs no waiver; what a reviser has found to hold stays so.
    """
    own = {point.id for point in stage.gate}

    def stands(state: GateState) -> GateState:
        if state.point.id in own or state.how not in ("", "waived"):
            return state
        now = _point(state.point, has_value, document_lacks, confirmed)
        if state.how and not now.satisfied:
            return state
        return replace(state, satisfied=now.satisfied, open_items=now.open_items, how=now.how, told="", note="")

    return tuple(map(stands, states))


def check_gate(states: tuple[GateState, ...]) -> None:
    """Every point must hold, save those that are advice. Raises Refusal naming each one that does not."""
    reasons = [
        Reason(_lack(state.point), {"point": state.point.id}, state.point.citation, target=state.point.id)
        for state in states if state.holds
    ]  # fmt: skip
    if reasons:
        raise Refusal(*reasons)


def _lack(point: GatePoint) -> str:
    if point.system == "approval":
        return "gate_needs_approval"
    return "gate_not_confirmed" if point.by_person else "gate_lacks"


LIGHTS: Final = ("red", "yellow", "green", "grey")
SOON_DAYS: Final = 14


def traffic_light(next_date: date | None, today: date, finished: bool = False) -> str:
    """red: the next date has passed; yellow: within 14 days, or no date is known; green: later; grey: the case is over."""
    if finished:
        return "grey"
    if next_date is None:
        return "yellow"
    if next_date < today:
        return "red"
    return "yellow" if (next_date - today).days <= SOON_DAYS else "green"
