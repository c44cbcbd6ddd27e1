"""Where a case is: derived from its events, never stored as a truth of its own.

Every visit to a stage is kept, with the date it happened on (which may lie before the day it was recorded) and who recorded it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from procure.domain.outcomes import Reason, Refusal
from procure.domain.procedures import PREPARATION, GatePoint, Procedure, Stage

OPENED: Final = "case_opened"
PROCEDURE_CHOSEN: Final = "procedure_chosen"
COMPLETED: Final = "stage_completed"
SKIPPED: Final = "stage_skipped"
RETURNED: Final = "stage_returned"
REPEATED: Final = "stage_repeated"
BEGUN_BESIDE: Final = "stage_begun_beside"
HELD: Final = "case_held"
RESUMED: Final = "case_resumed"
CANCELLED: Final = "case_cancelled"
REOPENED: Final = "case_reopened"
STAGE_EVENTS: Final = (
    OPENED, PROCEDURE_CHOSEN, COMPLETED, SKIPPED, RETURNED, REPEATED, BEGUN_BESIDE, HELD, RESUMED, CANCELLED, REOPENED,
)  # fmt: skip
CORRECTED: Final = "event_corrected"
REPLAYED: Final = (*STAGE_EVENTS, CORRECTED)
"""All that `replay` reads: a correction is an event of its own, which points to the one it corrects."""

ON_HOLD: Final = "held"
STOPPED: Final = "cancelled"
STATES: Final = ("", ON_HOLD, STOPPED)
"""What a case is besides the stage that it is in: nothing else, put on hold, or cancelled (125 §), and then in no stage."""


@dataclass(frozen=True, slots=True)
class StageEvent:
    """What the log says about stages. `stage` is the stage left; for RETURNED and REOPENED the stage gone back to, for REPEATED and
    BEGUN_BESIDE the one that begins. `expected_on`, for HELD only: the day on which the case is expected to go on.

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
    expected_on: date | None = None


def stage_event(
    sequence: int, kind: str, payload: Mapping[str, Any], happened_on: date, recorded_at: datetime, recorded_by: str
) -> StageEvent:
    """An event of the log as `replay` takes it. KeyError or ValueError for a payload that the log cannot hold."""
    if kind != CORRECTED:
        stage, reason, expected = payload.get("stage", ""), payload.get("reason", ""), payload.get("expected_on")
        expected_on = date.fromisoformat(expected) if expected else None
        return StageEvent(kind, happened_on, recorded_at, recorded_by, stage, reason, sequence, expected_on=expected_on)
    new = payload["new"]
    day = date.fromisoformat(new["happened_on"]) if "happened_on" in new else None
    return StageEvent(
        kind, happened_on, recorded_at, recorded_by, sequence=sequence,
        corrects=payload["corrects"], corrected_on=day, corrected_reason=new.get("reason"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in one stage. `outcome` is "", `completed`, `skipped`, `returned` (left backwards), `repeated` (left for its next
    round), `cancelled` (with the case) or `left` (procedure changed)."""

    stage: str
    entered_on: date
    left_on: date | None = None
    outcome: str = ""
    recorded_by: str = ""
    recorded_at: datetime | None = None
    reason: str = ""
    round: int = 1
    """Which time in a row: rounds of negotiation, phases, call-offs."""
    beside: bool = False
    """It runs beside the present stage, which stays the present one."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A time in which the case was not worked on. `expected_on`: until when that was thought to last, where somebody said so."""

    since: date
    until: date | None = None
    expected_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """The visits in the order they happened; the last one that is not beside another is open unless the case is over. `sequence`:
    of the last event that was read, so that an act can tell whether somebody else has acted since."""

    visits: tuple[Visit, ...]
    holds: tuple[Hold, ...] = ()
    sequence: int = 0

    @property
    def main(self) -> tuple[Visit, ...]:
        """The visits without those that ran beside others."""
        return tuple(visit for visit in self.visits if not visit.beside)

    @property
    def _last(self) -> Visit | None:
        return next((visit for visit in reversed(self.visits) if not visit.beside), None)

    @property
    def current(self) -> Visit | None:
        last = self._last
        return last if last is not None and last.left_on is None else None

    @property
    def beside(self) -> tuple[Visit, ...]:
        """The visits that now run beside the present one."""
        return tuple(visit for visit in self.visits if visit.beside and visit.left_on is None)

    @property
    def hold(self) -> Hold | None:
        """The hold that the case is on."""
        return self.holds[-1] if self.holds and self.holds[-1].until is None else None

    @property
    def cancelled(self) -> bool:
        last = self._last
        return last is not None and last.outcome == "cancelled"

    @property
    def state(self) -> str:
        """One of STATES."""
        return STOPPED if self.cancelled else ON_HOLD if self.hold else ""

    @property
    def last_day(self) -> date | None:
        """The day of the last act: what is done next happened then or later."""
        days = [visit.left_on or visit.entered_on for visit in self.visits] + [hold.until or hold.since for hold in self.holds]
        return max(days, default=None)

    @property
    def stands_since(self) -> date | None:
        """The day on which the present stage was entered, or on which the case was over."""
        last = self._last
        return (last.left_on or last.entered_on) if last is not None else None

    @property
    def finished(self) -> bool:
        """The case is over: it has passed its last stage, or was cancelled."""
        return bool(self.visits) and self.current is None

    def runs(self, stage_id: str) -> bool:
        """Whether the case is in the stage, be it the present one or one beside it."""
        return any(visit.stage == stage_id for visit in (self.current, *self.beside) if visit is not None)

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
    found = list(events)
    course = _Course()
    for event, procedure in corrected(found):
        course.take(event, procedure)
    return Progress(tuple(course.visits), tuple(course.holds), found[-1][0].sequence if found else 0)


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


class _Course:
    """The visits and holds as the events give them, one event after the other."""

    def __init__(self, visits: Iterable[Visit] = (), holds: Iterable[Hold] = ()) -> None:
        self.visits, self.holds = list(visits), list(holds)

    def take(self, event: StageEvent, procedure: Procedure) -> None:
        if event.kind == OPENED:
            self.visits.append(Visit(procedure.stages[0].id, event.happened_on))
        elif event.kind == PROCEDURE_CHOSEN:
            self._change_procedure(event, procedure)
        elif event.kind in (COMPLETED, SKIPPED):
            self._pass(event, procedure)
        elif event.kind == BEGUN_BESIDE:
            self.visits.append(Visit(event.stage, event.happened_on, beside=True))
        elif event.kind == REPEATED:
            self._repeat(event)
        elif event.kind == HELD:
            self.holds.append(Hold(event.happened_on, None, event.expected_on, event.reason))
        elif event.kind == RESUMED:
            self._end_hold(event)
        elif event.kind == CANCELLED:
            self._close_all(event, "cancelled")
            self._end_hold(event)
        elif event.kind in (RETURNED, REOPENED):
            self._close_all(event, "returned")
            self.visits.append(Visit(event.stage, event.happened_on))

    def present(self) -> int | None:
        """Where the present visit stands among all."""
        return next((at for at in reversed(range(len(self.visits))) if self._open(at) and not self.visits[at].beside), None)

    def _open(self, at: int) -> bool:
        return self.visits[at].left_on is None

    def _beside(self, stage_id: str) -> int | None:
        visits = enumerate(self.visits)
        return next((at for at, visit in visits if visit.beside and visit.stage == stage_id and self._open(at)), None)

    def _close(self, at: int, event: StageEvent, outcome: str) -> None:
        self.visits[at] = replace(
            self.visits[at], left_on=event.happened_on, outcome=outcome,
            recorded_by=event.recorded_by, recorded_at=event.recorded_at, reason=event.reason,
        )  # fmt: skip

    def _close_all(self, event: StageEvent, outcome: str) -> None:
        for at in range(len(self.visits)):
            if self._open(at):
                self._close(at, event, outcome)

    def _end_hold(self, event: StageEvent) -> None:
        if self.holds and self.holds[-1].until is None:
            self.holds[-1] = replace(self.holds[-1], until=event.happened_on)

    def _repeat(self, event: StageEvent) -> None:
        at = self.present()
        if at is not None:
            self._close(at, event, "repeated")
            self.visits.append(Visit(event.stage, event.happened_on, round=self.visits[at].round + 1))

    def _pass(self, event: StageEvent, procedure: Procedure) -> None:
        outcome = "completed" if event.kind == COMPLETED else "skipped"
        at, beside = self.present(), self._beside(event.stage)
        if beside is not None and (at is None or self.visits[at].stage != event.stage):
            self._close(beside, event, outcome)
            return
        began = self._stay_began(at) if at is not None else len(self.visits)
        if at is not None:
            self._close(at, event, outcome)
        done = {visit.stage for visit in self.visits[began:] if visit.beside and visit.outcome == "completed"}
        self._enter(_following(procedure, event.stage, done), event)

    def _enter(self, stage: Stage | None, event: StageEvent) -> None:
        """The next stage becomes the present one; one that runs beside already goes on as it is."""
        if stage is None:
            return
        if (beside := self._beside(stage.id)) is not None:
            self.visits.append(replace(self.visits.pop(beside), beside=False))
        else:
            self.visits.append(Visit(stage.id, event.happened_on))

    def _stay_began(self, at: int) -> int:
        """Where the first round of that visit stands."""
        for earlier in reversed(range(at)):
            if self.visits[earlier].beside:
                continue
            if (self.visits[earlier].stage, self.visits[earlier].outcome) != (self.visits[at].stage, "repeated"):
                break
            at = earlier
        return at

    def _change_procedure(self, event: StageEvent, procedure: Procedure) -> None:
        """Stay where we are when the new procedure has that stage; else go to its first stage that is not passed. What runs beside
        goes on where the new procedure lets it."""
        ids, at = [stage.id for stage in procedure.stages], self.present()
        stays = at is not None and self.visits[at].stage in ids
        allowed = procedure.stage(self.visits[at].stage).beside if at is not None and stays else ()
        for place, visit in enumerate(self.visits):
            if self._open(place) and (visit.stage not in allowed if visit.beside else not stays):
                self._close(place, event, "left")
        if stays:
            return
        progress = Progress(tuple(self.visits))
        target = next((stage_id for stage_id in ids if not progress.passed(stage_id)), None)
        if target is not None:
            self.visits.append(Visit(target, event.happened_on))


def _following(procedure: Procedure, stage_id: str, done_beside: Collection[str]) -> Stage | None:
    """The next stage in the procedure's order that was not done beside this one; a stage passed earlier is passed again after a
    return."""
    ids = [stage.id for stage in procedure.stages]
    position = ids.index(stage_id) + 1 if stage_id in ids else 0
    return next((stage for stage in procedure.stages[position:] if stage.id not in done_beside), None)


def after_passing(progress: Progress, procedure: Procedure, stage_id: str) -> Progress:
    """How the case would stand if that stage were completed on the day of the last act."""
    course = _Course(progress.visits, progress.holds)
    on = progress.last_day or date.min
    course.take(StageEvent(COMPLETED, on, datetime.min.replace(tzinfo=UTC), "", stage_id), procedure)
    return Progress(tuple(course.visits), tuple(course.holds), progress.sequence)


def check_date(progress: Progress, happened_on: date, today: date) -> None:
    """A date may lie in the past, but not before the last act (the stage was entered, or the last one left) and not in the
    future. Raises Refusal."""
    if happened_on > today:
        raise Refusal(Reason("date_in_future", {"today": today.isoformat()}, target="happened_on"))
    last_day, current = progress.last_day, progress.current
    if last_day is not None and happened_on < last_day:
        if current is not None and last_day > current.entered_on:
            raise Refusal(Reason("date_before_act", {"last_on": last_day.isoformat()}, target="happened_on"))
        raise Refusal(Reason("date_before_stage", {"entered_on": last_day.isoformat()}, target="happened_on"))


def check_current(progress: Progress, stage_id: str) -> None:
    """The stage acted on must be the present one, or run beside it: two people, or two clicks, move it once. Raises Refusal."""
    if not progress.runs(stage_id):
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
