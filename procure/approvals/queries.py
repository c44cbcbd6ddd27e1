"""Finding approvals. Whoever asks about one case has been given it by `cases.queries`; the rest is asked for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Integer, Select, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import selectinload

from procure.accounts.models import Person
from procure.approvals.models import Approval, ApprovalSeat
from procure.cases import queries as cases
from procure.cases.models import Case, CaseEvent
from procure.domain import stages
from procure.domain.approvals import AWARD, GIVEN, OPEN, STAGE, WITHDRAWN
from procure.domain.permissions import CITY_ROLES, Actor
from procure.infra.db import db, read, will_write

MOST_LISTED: Final = 100
MOST_PEOPLE: Final = 1000
LARGEST_ID: Final = 2**31 - 1


def case_to_sign(by: Actor, reference: str) -> Case | None:
    """The case for its own city's people, locked when the request writes. A guest too may have been asked to sign."""
    if by.role not in CITY_ROLES:
        return None
    statement = select(Case).where(Case.reference == reference, Case.organisation_id == by.organisation_id)
    if will_write():
        statement = statement.with_for_update(of=Case).execution_options(populate_existing=True)
    return db.session.scalar(statement)


def people_to_ask(by: Actor) -> list[Person]:
    """The active people of the city besides the person who asks, by name."""
    statement = (
        select(Person)
        .where(
            Person.organisation_id == by.organisation_id, Person.role.in_(CITY_ROLES), Person.active, Person.id != by.id
        )
        .order_by(Person.name, Person.id)
        .limit(MOST_PEOPLE)
    )  # fmt: skip
    return list(db.session.scalars(statement))


def active_people(organisation_id: int, ids: Sequence[int]) -> dict[int, Person]:
    """Those of `ids` who belong to the city and can sign in, by id."""
    statement = select(Person).where(
        Person.organisation_id == organisation_id, Person.role.in_(CITY_ROLES), Person.active,
        Person.id.in_([number for number in ids if 0 < number <= LARGEST_ID]),
    )  # fmt: skip
    return {person.id: person for person in db.session.scalars(statement)}


def approvals_of(case: Case) -> list[Approval]:
    """The newest 100 with their seats, the newest first."""
    statement = select(Approval).where(Approval.case_id == case.id).order_by(Approval.number.desc()).limit(MOST_LISTED)
    return list(db.session.scalars(statement.options(selectinload(Approval.seats))))


def approval_of(case: Case, number: int) -> Approval | None:
    """One approval of the case; nobody else changes it while the case is locked."""
    if number > LARGEST_ID:
        return None
    statement = select(Approval).where(Approval.case_id == case.id, Approval.number == number)
    statement = statement.options(selectinload(Approval.seats))
    return db.session.scalar(statement.execution_options(populate_existing=True) if will_write() else statement)


def last_approval(case: Case) -> Approval | None:
    statement = select(Approval).where(Approval.case_id == case.id).order_by(Approval.number.desc()).limit(1)
    return db.session.scalar(statement.options(selectinload(Approval.seats)))


def standing_approvals(case: Case) -> list[Approval]:
    """Those that a change of the facts voids: open and given ones, in their order."""
    statement = select(Approval).where(Approval.case_id == case.id, Approval.outcome.in_((OPEN, GIVEN))).order_by(Approval.number)
    return list(db.session.scalars(statement.options(selectinload(Approval.seats))))


_BACK: Final = (stages.RETURNED, stages.REOPENED)
_MOVES: Final = (*_BACK, stages.COMPLETED, stages.SKIPPED, stages.REPEATED)


def award_approval(case: Case) -> Approval | None:
    """The last request to approve the award decision that was not withdrawn; None once the case has gone back since."""
    return _last_since(case, _BACK, Approval.subject == AWARD)


def stage_approval(case: Case) -> Approval | None:
    """The last request to approve that the present stage is completed, asked for since the case moved last and not withdrawn."""
    return _last_since(case, _MOVES, and_(Approval.subject == STAGE, Approval.stage == case.stage))


def _last_since(case: Case, kinds: Sequence[str], about: ColumnElement[bool]) -> Approval | None:
    """The last such request that was not withdrawn and was made after the last event of those kinds."""
    since = select(func.coalesce(func.max(CaseEvent.sequence), 0)).where(CaseEvent.case_id == case.id, CaseEvent.kind.in_(kinds))
    wanted = (Approval.case_id == case.id, about, Approval.outcome != WITHDRAWN, Approval.sequence > since.scalar_subquery())
    statement = select(Approval).where(*wanted).order_by(Approval.number.desc()).limit(1)
    return db.session.scalar(statement.options(selectinload(Approval.seats)))


def last_event(case: Case) -> CaseEvent:
    """What was recorded last: who has just changed the case, and when."""
    return db.session.scalars(select(CaseEvent).filter_by(case_id=case.id, sequence=case.last_sequence)).one()


def people_by_id(ids: Sequence[int]) -> list[Person]:
    return list(db.session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)))


# what waits


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A sign-off in "my work". `id`: the seat's row."""

    id: int
    number: int
    subject: str
    due_on: date
    holder_id: int
    holder: str
    reference: str
    case_title: str


def approvals_waiting(
    by: Actor, whole_city: bool, absent: Sequence[int], language: str, after: tuple[date, int], most: int
) -> list[WaitingRow]:
    """Sign-offs that the person can give now, their own and those of the `absent` for whom they stand in; or all in the city, by the
    day they are due; those behind `after` (day, row)."""
    if by.role not in CITY_ROLES:
        return []
    values = {
        "own": by.organisation_id, "me": by.id, "absent": list(absent), "after_day": after[0], "after_row": after[1], "most": most,
    }  # fmt: skip
    return [WaitingRow(*row) for row in read(_waiting(language, whole_city, bool(absent)), values)]


@cache  # made once: it is asked with every "my work"
def _waiting(language: str, whole_city: bool, stands_in: bool) -> Select[*tuple[Any, ...]]:
    after = tuple_(bindparam("after_day", type_=Date), bindparam("after_row", type_=Integer))
    return (
        select(
            ApprovalSeat.id, Approval.number, Approval.subject, ApprovalSeat.due_on, ApprovalSeat.holder_id, ApprovalSeat.holder,
            Case.reference, cases.title_in(language),
        )
        .join(Approval, Approval.id == ApprovalSeat.approval_id)
        .join(Case, Case.id == Approval.case_id)
        .where(ApprovalSeat.waits, ApprovalSeat.organisation_id == bindparam("own"), Case.state != stages.STOPPED)
        .where(*[] if whole_city else [_mine(stands_in)])
        .where(tuple_(ApprovalSeat.due_on, ApprovalSeat.id) > after)
        .order_by(ApprovalSeat.due_on, ApprovalSeat.id)
        .limit(bindparam("most", type_=Integer))
    )  # fmt: skip


WAITING_IN_CASE: Final = (
    select(func.count(ApprovalSeat.id))
    .join(Approval, Approval.id == ApprovalSeat.approval_id)
    .where(
        Approval.case_id == Case.id,
        ApprovalSeat.waits,
        ApprovalSeat.holder_id == bindparam("person"),
        Case.state != stages.STOPPED,
    )
    .correlate(Case)
    .scalar_subquery()
)
"""For `cases.queries.WAITING`: the person's own sign-offs in the case that can be given now."""


def _mine(stands_in: bool) -> ColumnElement[bool]:
    """A seat that waits for the person. Whoever has asked, is named or has spoken stands in for nobody (`domain.approvals.seat_of`)."""
    me = bindparam("me", type_=Integer)
    if not stands_in:
        return ApprovalSeat.holder_id == me
    other = select(ApprovalSeat.approval_id).where(
        or_(ApprovalSeat.person_id == me, ApprovalSeat.holder_id == me, ApprovalSeat.said_by_id == me)
    )
    absent = ApprovalSeat.holder_id.in_(bindparam("absent", expanding=True))
    return or_(ApprovalSeat.holder_id == me, absent & (Approval.requester_id != me) & ApprovalSeat.approval_id.not_in(other))
