"""Compares the tables of approvals with what the cases' events say. Runs beside a working service: what seems to differ is looked at
again, in one statement after the other, before anything is said of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from procure.approvals.models import Approval, ApprovalSeat
from procure.cases.models import Case, CaseEvent
from procure.domain import approvals
from procure.domain.approvals import REQUESTED_EVENT, VOIDED_EVENT, SignOff

AT_ONCE: Final = 500
"""Cases in one read."""
TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """A case whose approvals are not those of its events. `number` 0: its events cannot be read."""

    reference: str
    number: int


def differences(connection: Connection, references: Sequence[str] = ()) -> Iterator[Difference]:
    """Every case, or those named, whose tables differ from its events: the first approval that does."""
    for cases in _batches(connection, references):
        for case_id, reference in cases.items():
            if (number := _differs(connection, case_id, case_id)) is not None:
                yield Difference(reference, number)


def _batches(connection: Connection, references: Sequence[str]) -> Iterator[dict[int, str]]:
    """The cases of each read that seem to differ."""
    if references:
        yield {
            row.id: row.reference
            for row in connection.execute(select(Case.id, Case.reference).where(Case.reference.in_(references)))
        }
        return
    last = connection.scalar(select(func.max(Case.id))) or 0
    for first in range(1, last + 1, AT_ONCE):
        events, tables = _told(connection, first, first + AT_ONCE - 1), _kept(connection, first, first + AT_ONCE - 1)
        seem = [case_id for case_id in events.keys() | tables.keys() if events.get(case_id) != tables.get(case_id)]
        found = select(Case.id, Case.reference).where(Case.id.in_(seem)).order_by(Case.id)
        if seem:
            yield {row.id: row.reference for row in connection.execute(found)}


def _differs(connection: Connection, first: int, last: int) -> int | None:
    """The number of the first approval that differs; None when none does, in one of three looks."""
    number: int | None = None
    for _try in range(TRIES):
        told = _told(connection, first, last).get(first, {})
        kept = _kept(connection, first, last).get(first, {})
        if told == kept:
            return None
        numbers = sorted((told or {}).keys() | kept.keys())
        number = 0 if told is None else next(one for one in numbers if told.get(one) != kept.get(one))
    return number


Told = dict[int, tuple[Any, ...]]
"""Approval's number -> all that its row and its seats say."""


def _told(connection: Connection, first: int, last: int) -> dict[int, Told | None]:
    """By case, from the events; None for events that cannot have been recorded so."""
    statement = (
        select(CaseEvent.case_id, CaseEvent.kind, CaseEvent.payload, CaseEvent.recorded_by_id)
        .where(CaseEvent.case_id.between(first, last), CaseEvent.kind.in_(approvals.EVENTS))
        .order_by(CaseEvent.case_id, CaseEvent.sequence)
    )
    by_case: dict[int, list[tuple[str, Mapping[str, Any], int]]] = {}
    for case_id, kind, payload, by in connection.execute(statement):
        by_case.setdefault(case_id, []).append((kind, payload, by or 0))
    return {case_id: _replayed(events) for case_id, events in by_case.items()}


def _replayed(events: Sequence[tuple[str, Mapping[str, Any], int]]) -> Told | None:
    try:
        sign_offs = approvals.replay(events)
        asked = {payload["approval"]: payload for kind, payload, _by in events if kind == REQUESTED_EVENT}
        changes = {payload["approval"]: payload["changes"] for kind, payload, _by in events if kind == VOIDED_EVENT}
        words: dict[tuple[int, int], str] = {}
        for kind, payload, _by in events:
            if kind in approvals.SAID_EVENTS.values():
                words[payload["approval"], payload["place"]] = payload["reason"]
        return {number: _one(number, sign_off, asked[number], changes, words) for number, sign_off in sign_offs.items()}
    except (KeyError, IndexError, ValueError, TypeError, AttributeError):
        return None


def _one(
    number: int, sign_off: SignOff, asked: Mapping[str, Any], changes: Mapping[int, Any], words: Mapping[tuple[int, int], str]
) -> tuple[Any, ...]:
    request = (asked["about"], asked["at"], asked["reason"], asked["due_on"], asked["facts"], changes.get(number, {}))
    seats = tuple(
        (seat.named, seat.holder, seat.said, seat.by, words.get((number, place), ""), place in sign_off.waits)
        for place, seat in enumerate(sign_off.seats)
    )
    return (request, sign_off.requester, sign_off.rule, sign_off.needed, sign_off.outcome, seats)


def _kept(connection: Connection, first: int, last: int) -> dict[int, Told]:
    """By case, from the tables."""
    between = Approval.case_id.between(first, last)
    rows = connection.execute(select(Approval.__table__).where(between).order_by(Approval.id)).all()
    seats: dict[int, list[tuple[Any, ...]]] = {}
    statement = select(ApprovalSeat.__table__).join(Approval, Approval.id == ApprovalSeat.approval_id).where(between)
    for seat in connection.execute(statement.order_by(ApprovalSeat.approval_id, ApprovalSeat.place)):
        line = (seat.person_id, seat.holder_id, seat.said, seat.said_by_id or 0, seat.words, seat.waits)
        seats.setdefault(seat.approval_id, []).append(line)
    found: dict[int, Told] = {}
    for row in rows:
        request = (row.subject, row.stage, row.words, row.due_on.isoformat(), row.facts, row.changes)
        line = (request, row.requester_id, row.rule, row.needed, row.outcome, tuple(seats.get(row.id, ())))
        found.setdefault(row.case_id, {})[row.number] = line
    return found
