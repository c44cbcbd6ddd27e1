"""What can be done with the points of a stage: tick one beforehand, waive one, and take either back. Each act is one event in the
case's log, in the transaction of the act.

The case comes from `cases.queries.case_to_change`, which locks it: of two people, the second acts on what the first has left behind.
"""

from datetime import date, datetime
from typing import Any

from procure.cases import gating
from procure.cases import queries as cases
from procure.cases import service as case_service
from procure.cases.models import Case
from procure.domain import gates
from procure.domain.checklists import GateState
from procure.domain.gates import TICK, WAIVER, Mark
from procure.domain.language import LANGUAGES
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.procedures import Stage
from procure.domain.questions import Answers
from procure.gates import queries
from procure.gates.models import GateMark
from procure.infra import clock
from procure.infra.db import db


def revise(case: Case, stage: Stage, states: tuple[GateState, ...]) -> tuple[GateState, ...]:
    """The gate of the present stage with the city's own points and everybody's marks; a stage beside it has only its own."""
    if stage.id != case.stage:
        return states
    found = queries.beside(case)
    return gates.revised(states, found.points, found.marks, found.periods, clock.today())


def follow(case: Case, answers: Answers) -> None:
    """The case has changed: what was ticked for a stage that it has left counts no longer."""
    if queries.has_marks(case):
        queries.end_marks(case, visit_of(case))


def states_of(case: Case) -> tuple[GateState, ...]:
    """How each point of the present gate stands."""
    return gating.gate_of(case, cases.facts_of(cases.answers_of(case)))


def visit_of(case: Case) -> int:
    """The number of the present stay in a stage; 0 once the case has passed its last one."""
    return gates.visit_number(case_service.progress_of(case))


def tick(case: Case, point: str, visit: int, on: date, note: str, by: Actor, today: date, now: datetime) -> None:
    """Somebody says that the point has held since that day. Who says the same twice, says it once. Raises Refusal."""
    _check_visit(case, visit)
    state = _state(case, point)
    before = queries.mark_of(case, point, TICK)
    if (
        state is not None
        and before is not None
        and (before.given_by, before.given_on, before.note) == (by.name, on, note.strip())
    ):
        return
    state = gates.check_tick(state, on, today)
    event = case_service.record(case, gates.TICKED, _payload(case, state, visit, note), on, by, now)
    _keep(case, visit, TICK, point, by, on, note, event.sequence)


def waive(case: Case, point: str, visit: int, reason: str, by: Actor, today: date, now: datetime) -> None:
    """The stage need not wait for the point, because of `reason`; a section of law binds all the same. Raises Refusal."""
    _check_visit(case, visit)
    state = _state(case, point)
    before = queries.mark_of(case, point, WAIVER)
    if state is not None and before is not None and (before.given_by, before.note) == (by.name, reason.strip()):
        return
    state = gates.check_waiver(state, reason)
    event = case_service.record(case, gates.WAIVED, _payload(case, state, visit, reason), today, by, now)
    _keep(case, visit, WAIVER, point, by, today, reason, event.sequence)


def untick(case: Case, point: str, seen: int, by: Actor, today: date, now: datetime) -> None:
    """The tick given by the event `seen` does not hold after all. Raises Refusal."""
    _take_back(case, point, TICK, gates.UNTICKED, seen, by, today, now)


def unwaive(case: Case, point: str, seen: int, by: Actor, today: date, now: datetime) -> None:
    """The stage waits for the point after all. Raises Refusal."""
    _take_back(case, point, WAIVER, gates.UNWAIVED, seen, by, today, now)


def mark_record(row: GateMark) -> Mark:
    return Mark(row.kind, row.point, row.given_by, row.given_on, row.note, row.sequence)


def _take_back(case: Case, point: str, kind: str, event: str, seen: int, by: Actor, today: date, now: datetime) -> None:
    row = queries.mark_of(case, point, kind)
    gates.check_mark(mark_record(row) if row is not None else None, seen)
    assert row is not None
    state = _state(case, point)
    payload = {"gate": point, "stage": row.stage, "visit": row.visit, "given": row.sequence}
    case_service.record(case, event, payload | {"text": _texts(state)}, today, by, now)
    db.session.delete(row)
    db.session.flush()


def _check_visit(case: Case, visit: int) -> None:
    if visit != visit_of(case):
        raise Refusal(Reason("gate_point_gone"))


def _state(case: Case, point: str) -> GateState | None:
    return next((state for state in states_of(case) if state.point.id == point), None)


def _payload(case: Case, state: GateState, visit: int, note: str) -> dict[str, Any]:
    """The point's words go into the log as they are now: a city may put other ones in their place."""
    point = state.point
    payload = {"gate": point.id, "stage": case.stage, "visit": visit, "text": _texts(state), "reason": note.strip()}
    return payload | ({"citation": point.citation} if point.citation else {})


def _texts(state: GateState | None) -> dict[str, str]:
    return {language: state.point.text[language] for language in LANGUAGES} if state is not None else {}


def _keep(case: Case, visit: int, kind: str, point: str, by: Actor, on: date, note: str, sequence: int) -> None:
    mark = GateMark(
        case_id=case.id, visit=visit, stage=case.stage, point=point, kind=kind, given_by=by.name, given_on=on, note=note.strip(),
        sequence=sequence, over=False,
    )  # fmt: skip
    db.session.add(mark)
    db.session.flush()
