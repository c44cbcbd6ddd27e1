"""Finding cases. Every question is asked for a given person: what they may not see is not there."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    ScalarSelect,
    Select,
    bindparam,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import joinedload

from procure.cases.models import Answer, Case, CaseDeadline, CaseEvent, CaseMember, CasePartner
from procure.domain import questions, stages
from procure.domain.permissions import CITY_ROLES, Actor
from procure.domain.team import GUEST
from procure.infra.db import db, read, will_write

_READABLE: Final = or_(
    Case.organisation_id == bindparam("own"),
    exists().where(CasePartner.case_id == Case.id, CasePartner.organisation_id == bindparam("own")),
)
"""The city's own cases and those on which it is a partner. Nobody outside the cities sees cases through these queries."""


def guest_is(person: Any) -> ColumnElement[bool]:
    """That the person of that number (or parameter) is a guest on the case: reads it, whatever the role."""
    return exists().where(
        CaseMember.case_id == Case.id, CaseMember.person_id == person, CaseMember.part == GUEST, CaseMember.until.is_(None)
    )


def guest(by: Actor) -> ColumnElement[bool]:
    return guest_is(by.id)


def title_in(language: str) -> ColumnElement[str]:
    """The column of the case's title in that language, English for any other."""
    columns: dict[str, Any] = {"fi": Case.title_fi, "sv": Case.title_sv}
    found: ColumnElement[str] = columns.get(language, Case.title_en)
    return found


WAITING: Final[dict[str, ScalarSelect[int]]] = {}
"""Page of a case -> how many things wait there for bindparam("person") in the row's Case: read along with the case, so that the pages'
navigation can say so without asking. A feature that stands above the cases puts itself here before the first is asked for."""


@cache
def _one() -> Select[*tuple[Any, ...]]:
    """Made once, as it is asked with every page of a case."""
    return (
        select(Case, guest_is(bindparam("person")), *WAITING.values())
        .where(Case.reference == bindparam("wanted"), _READABLE)
        .options(
            joinedload(Case.organisation),
            joinedload(Case.responsible),
            joinedload(Case.partners).joinedload(CasePartner.organisation),
        )
    )


def _waiting(numbers: Sequence[int]) -> tuple[tuple[str, int], ...]:
    return tuple((page, number) for page, number in zip(WAITING, numbers, strict=True) if number)


def case_for(by: Actor, reference: str) -> Case | None:
    """The case with its city, responsible person and partners; None when it is not there or not for this person."""
    if by.role not in CITY_ROLES:
        return None
    values = {"wanted": reference, "own": by.organisation_id, "person": by.id}
    row = db.session.execute(_one(), values).unique().one_or_none()
    if row is None:
        return None
    case: Case = row[0]
    case.only_read, case.waiting = row[1], _waiting(row[2:])
    return case


def case_to_change(by: Actor, reference: str) -> Case | None:
    """The case for its own city's people, locked until the transaction ends when the request writes. Partners and guests only read."""
    statement = select(Case, *WAITING.values()).where(
        Case.reference == reference, Case.organisation_id == by.organisation_id, ~guest(by)
    )
    if by.role not in CITY_ROLES:
        return None
    if will_write():
        statement = statement.with_for_update(of=Case).execution_options(populate_existing=True)
    row = db.session.execute(statement, {"person": by.id}).one_or_none()
    if row is None:
        return None
    case: Case = row[0]
    case.only_read, case.waiting = False, _waiting(row[1:])
    return case


_ANSWERS: Final = (  # columns, not objects: a page of a case reads thirty of them and changes none
    select(Answer.question, Answer.value, Answer.known).where(Answer.case_id == bindparam("wanted")).order_by(Answer.question)
)
_EVENTS: Final = (
    select(
        CaseEvent.sequence, CaseEvent.kind, CaseEvent.payload, CaseEvent.happened_on, CaseEvent.recorded_at,
        CaseEvent.recorded_by_id, CaseEvent.recorded_by, CaseEvent.role, CaseEvent.hash,
    )
    .where(CaseEvent.case_id == bindparam("wanted"))
    .order_by(CaseEvent.sequence)
    .limit(bindparam("most", type_=Integer))
)  # fmt: skip
_STAGE_EVENTS: Final = _EVENTS.where(CaseEvent.kind.in_(stages.REPLAYED))


def answers_of(case: Case) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every answer of the case, by question: `question`, `value`, `known`."""
    return read(_ANSWERS, {"wanted": case.id}).all()


def facts_of(answers: Sequence[Any]) -> dict[str, questions.Answer]:
    """Answers as the rules take them."""
    return {answer.question: questions.Answer(answer.value, answer.known) for answer in answers}


def events_of(case: Case, limit: int = 1000) -> Sequence[Row[*tuple[Any, ...]]]:
    """The case's events in the order they were recorded."""
    return read(_EVENTS, {"wanted": case.id, "most": limit}).all()


def stage_events_of(case: Case, limit: int = 1000) -> Sequence[Row[*tuple[Any, ...]]]:
    """Those of them that say where the case is."""
    return read(_STAGE_EVENTS, {"wanted": case.id, "most": limit}).all()


_DEADLINES: Final = (
    select(
        CaseDeadline.id, CaseDeadline.sequence, CaseDeadline.stage, CaseDeadline.rule, CaseDeadline.edition, CaseDeadline.citation,
        CaseDeadline.event_on, CaseDeadline.sent_by, CaseDeadline.counted_from, CaseDeadline.last_day,
        CaseDeadline.rolled_last_day, CaseDeadline.safe_from, CaseDeadline.evidence, CaseDeadline.set_aside_by, CaseDeadline.met_on,
    )
    .where(CaseDeadline.case_id == bindparam("wanted"))
    .order_by(CaseDeadline.rolled_last_day, CaseDeadline.id)
)  # fmt: skip


def deadlines_of(case: Case) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every period of the law that the case's events have started, set aside or not, in the order of their last days."""
    return read(_DEADLINES, {"wanted": case.id}).all()


def deadline_to_change(case: Case, number: int) -> CaseDeadline | None:
    """One of the case's own deadlines, by its row's number. The case is locked (`case_to_change`)."""
    return db.session.scalar(select(CaseDeadline).filter_by(case_id=case.id, id=number).execution_options(populate_existing=True))


def readers_of(case: Case) -> list[int]:
    """The cities whose people see the case: its own, then its partners."""
    partners = select(CasePartner.organisation_id).where(CasePartner.case_id == case.id).order_by(CasePartner.organisation_id)
    return [case.organisation_id, *db.session.scalars(partners)]
