"""The log of a case, a page at a time. The case has been found for the person who asks (`queries.case_for`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, bindparam, literal, select, union_all

from procure.cases.models import Answer, Case, CaseEvent
from procure.domain.stages import CORRECTED
from procure.domain.trail import ANSWERING
from procure.infra.db import db, read

PAGE_SIZE: Final = 50
MOST_SEARCHED: Final = 2000
"""Events that are looked through for words before the page ends and offers to look further back."""
MOST_CORRECTIONS: Final = 500
AT_ONCE: Final = 500
"""Events in one read of an export."""
LAST: Final = 2**31 - 1

COLUMNS: Final = (
    CaseEvent.sequence, CaseEvent.kind, CaseEvent.payload, CaseEvent.happened_on, CaseEvent.recorded_at, CaseEvent.recorded_by_id,
    CaseEvent.recorded_by, CaseEvent.role, CaseEvent.hash,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: of these kinds (with `others` True: of all but these), by this person; 0 and () for any."""

    kinds: tuple[str, ...] = ()
    others: bool = False
    person: int = 0
    before: int = LAST
    """Those recorded before the event of this sequence."""


def events(case: Case, wanted: Wanted, limit: int) -> tuple[list[Row[*tuple[Any, ...]]], list[Row[*tuple[Any, ...]]]]:
    """At most `limit` events, the newest first, and beside them the case's corrections, the newest first: in one read, as an event
    shows what later ones set right."""
    page = _newest(and_(*_conditions(case, wanted)), limit, "page")
    corrections = _newest(and_(CaseEvent.case_id == case.id, CaseEvent.kind == CORRECTED), MOST_CORRECTIONS, "corrections")
    rows = list(read(union_all(page, corrections), {}))
    rows.sort(key=lambda row: -row.sequence)
    return [row for row in rows if row.part == "page"], [row for row in rows if row.part == "corrections"]


def _newest(condition: ColumnElement[bool], limit: int, part: str) -> Select[*tuple[Any, ...]]:
    found = select(*COLUMNS, literal(part).label("part")).where(condition).order_by(CaseEvent.sequence.desc()).limit(limit)
    return select(found.subquery())


def _conditions(case: Case, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [CaseEvent.case_id == case.id, CaseEvent.sequence < wanted.before]
    if wanted.kinds:
        found.append(CaseEvent.kind.not_in(wanted.kinds) if wanted.others else CaseEvent.kind.in_(wanted.kinds))
    if wanted.person:
        found.append(CaseEvent.recorded_by_id == wanted.person)
    return found


def people(case: Case) -> dict[int, str]:
    """Everybody who has recorded something, by the name that they had then; of two names of one person the last in the alphabet."""
    statement = select(CaseEvent.recorded_by_id, CaseEvent.recorded_by).where(
        CaseEvent.case_id == case.id, CaseEvent.recorded_by_id.is_not(None)
    )
    found = read(statement.distinct().order_by(CaseEvent.recorded_by), {})
    return {row.recorded_by_id: row.recorded_by for row in found}


def event(case: Case, sequence: int) -> Row[*tuple[Any, ...]] | None:
    """One event of the case."""
    return read(select(*COLUMNS).where(CaseEvent.case_id == case.id, CaseEvent.sequence == sequence), {}).one_or_none()


def every_event(case: Case) -> Iterator[Row[*tuple[Any, ...]]]:
    """The whole log in the order it was recorded, up to the event that is the last one now."""
    statement = (
        select(*COLUMNS)
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.sequence > bindparam("after", type_=Integer),
            CaseEvent.sequence <= case.last_sequence,
        )
        .order_by(CaseEvent.sequence)
        .limit(AT_ONCE)
    )
    after = 0
    while rows := read(statement, {"after": after}).all():
        yield from rows
        after = rows[-1].sequence


def changed_after(case: Case, sequence: int) -> frozenset[str]:
    """The questions whose answers were changed after that event."""
    statement = select(CaseEvent.payload).where(
        CaseEvent.case_id == case.id, CaseEvent.sequence > sequence, CaseEvent.kind.in_(ANSWERING)
    )
    return frozenset(question for row in read(statement, {}) for question in row.payload.get("changes", {}))


def answers_to_change(case: Case, questions: Sequence[str]) -> dict[str, Answer]:
    """The answers to those questions as they are kept, to be changed: the case is locked."""
    statement = select(Answer).where(Answer.case_id == case.id, Answer.question.in_(questions))
    rows = db.session.scalars(statement.execution_options(populate_existing=True))
    return {row.question: row for row in rows}
