"""Approvals are what the log says: every request with its seats is held against the events."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from procure.approvals.models import Approval, ApprovalSeat
from procure.cases.verifying import BETWEEN, Derived
from procure.domain import approvals
from procure.domain.approvals import REQUESTED_EVENT, VOIDED_EVENT, SignOff
from procure.domain.trail import Break, Trail

_SEATS: Final = (
    select(
        Approval.case_id, Approval.number, Approval.subject, Approval.stage, Approval.words, Approval.due_on, Approval.facts,
        Approval.changes, Approval.requester_id, Approval.rule, Approval.needed, Approval.outcome, ApprovalSeat.person_id,
        ApprovalSeat.holder_id, ApprovalSeat.said, ApprovalSeat.said_by_id, ApprovalSeat.words.label("said_words"), ApprovalSeat.waits,
    )
    .outerjoin(ApprovalSeat, ApprovalSeat.approval_id == Approval.id)
    .where(Approval.case_id.between(*BETWEEN))
    .order_by(Approval.case_id, Approval.number, ApprovalSeat.place)
)  # fmt: skip

Told = dict[int, tuple[Any, ...]]
"""Approval's number -> all that its row and its seats say."""


def _seats() -> Any:
    return _SEATS


def differs(trail: Trail, events: Sequence[Any], rows: Sequence[Any]) -> Break | None:
    """The first approval that is other than the events say."""
    told, kept = _told([(event[1], event[2], event[5] or 0) for event in events]), _kept(rows)
    for number in sorted(told.keys() | kept.keys()):
        if told.get(number) != kept.get(number):
            return Break(trail.sequence, "approval", str(number))
    return None


def _told(events: Sequence[tuple[str, Mapping[str, Any], int]]) -> Told:
    """KeyError, IndexError, ValueError or TypeError for events that cannot have been recorded so."""
    asked = {payload["approval"]: payload for kind, payload, _by in events if kind == REQUESTED_EVENT}
    changes = {payload["approval"]: payload["changes"] for kind, payload, _by in events if kind == VOIDED_EVENT}
    said = approvals.SAID_EVENTS.values()
    words = {(payload["approval"], payload["place"]): payload["reason"] for kind, payload, _by in events if kind in said}
    return {number: _one(number, one, asked[number], changes, words) for number, one in approvals.replay(events).items()}


def _one(
    number: int, sign_off: SignOff, asked: Mapping[str, Any], changes: Mapping[int, Any], words: Mapping[tuple[int, int], str]
) -> tuple[Any, ...]:
    request = (asked["about"], asked["at"], asked["reason"], asked["due_on"], asked["facts"], changes.get(number, {}))
    seats = tuple(
        (seat.named, seat.holder, seat.said, seat.by, words.get((number, place), ""), place in sign_off.waits)
        for place, seat in enumerate(sign_off.seats)
    )
    return (request, sign_off.requester, sign_off.rule, sign_off.needed, sign_off.outcome, seats)


def _kept(rows: Sequence[Any]) -> Told:
    found: Told = {}
    for row in rows:
        request = (row.subject, row.stage, row.words, row.due_on.isoformat(), row.facts, row.changes)
        seat = (row.person_id, row.holder_id, row.said, row.said_by_id or 0, row.said_words, row.waits)
        seats = (*found[row.number][-1], seat) if row.number in found else (seat,)
        found[row.number] = (request, row.requester_id, row.rule, row.needed, row.outcome, seats)
    return found


CHECK: Final = Derived(frozenset(approvals.EVENTS), _seats, differs)
