"""Marks are what the log says: each row that is kept is held against the events, and whether it still counts against the visits."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from procure.cases.verifying import BETWEEN, Derived
from procure.domain import gates
from procure.domain.trail import Break, Trail
from procure.gates.models import GateMark

_MARKS: Final = (
    select(
        GateMark.case_id, GateMark.visit, GateMark.point, GateMark.kind, GateMark.given_by, GateMark.given_on, GateMark.note,
        GateMark.sequence, GateMark.over, GateMark.stage,
    )
    .where(GateMark.case_id.between(*BETWEEN))
    .order_by(GateMark.case_id)
)  # fmt: skip


def _marks() -> Any:
    return _MARKS


def differs(trail: Trail, events: Sequence[Any], rows: Sequence[Any]) -> Break | None:
    """The first mark that is other than the events say."""
    if not events and not rows:
        return None
    left = gates.standing_marks((event[0], event[1], event[2], event[3], event[6]) for event in events)
    progress = trail.progress()
    present = gates.visit_number(progress)
    for _case, visit, point, kind, by, on, note, sequence, over, stage in rows:
        mark = left.pop((visit, point, kind), None)
        if mark != gates.Mark(kind, point, by, on, note, sequence):
            return Break(mark.sequence if mark else trail.sequence, "gate_mark", point)
        if over == (visit == present) or not 0 < visit <= len(progress.main) or progress.main[visit - 1].stage != stage:
            return Break(sequence, "gate_mark", point)
    for mark in left.values():
        return Break(mark.sequence, "gate_mark", mark.point)
    return None


CHECK: Final = Derived(frozenset(gates.EVENTS), _marks, differs)
