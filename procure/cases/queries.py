"""Finding cases. Every question is asked for a given person: what they may not see is not there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import joinedload

from procure.cases.models import NO_DATE, Answer, Case, CaseDeadline, CaseEvent, CasePartner
from procure.domain import questions, stages
from procure.domain.permissions import CITY_ROLES, Actor
from procure.infra.db import db, read, will_write

PAGE_SIZE = 25


_READABLE: Final = or_(
    Case.organisation_id == bindparam("own"),
    exists().where(CasePartner.case_id == Case.id, CasePartner.organisation_id == bindparam("own")),
)
"""The city's own cases and those on which it is a partner. Nobody outside the cities sees cases through these queries."""

_ONE: Final = (  # made once, as it is asked with every page of a case
    select(Case)
    .where(Case.reference == bindparam("wanted"), _READABLE)
    .options(
        joinedload(Case.organisation),
        joinedload(Case.responsible),
        joinedload(Case.partners).joinedload(CasePartner.organisation),
    )
)


def case_for(by: Actor, reference: str) -> Case | None:
    """The case with its city, responsible person and partners; None when it is not there or not for this person."""
    if by.role not in CITY_ROLES:
        return None
    return db.session.scalars(_ONE, {"wanted": reference, "own": by.organisation_id}).unique().one_or_none()


def case_to_change(by: Actor, reference: str) -> Case | None:
    """The case for its own city's people, locked until the transaction ends when the request writes. Partners only read."""
    statement = select(Case).where(Case.reference == reference, Case.organisation_id == by.organisation_id)
    if by.role not in CITY_ROLES:
        return None
    if will_write():
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(statement)


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


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asked to see. `order`: `next` (the nearest date first) or `newest`. `scope`: `open`, `finished`, `all`."""

    text: str = ""
    stage: str = ""
    procedure: str = ""
    light: str = ""
    responsible: int = 0
    scope: str = "open"
    order: str = "next"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of the page before."""

    sort_date: date
    id: int


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list."""

    id: int
    reference: str
    title: str
    stage: str
    procedure: str
    procedure_edition: str
    value_amount: Any
    next_date: date | None
    next_date_kind: str
    sort_date: date
    organisation_id: int


def list_cases(
    by: Actor, filters: Filters, language: str, today: date, after: Cursor | None = None
) -> tuple[list[CaseRow], bool]:
    """A page of at most 25 cases and whether more follow. Keyset pagination: the thousandth page costs what the first does."""
    if by.role not in CITY_ROLES:
        return [], False
    statement = _page(_shape(filters), language, after is not None)
    rows = [CaseRow(*row) for row in read(statement, _values(by, filters, today, after))]
    rows.sort(key=(lambda row: (row.sort_date, row.id)) if filters.order == "next" else (lambda row: -row.id))
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def _values(by: Actor, filters: Filters, today: date, after: Cursor | None) -> dict[str, Any]:
    """What the statement's parameters are this time. It takes those that it has."""
    text = filters.text.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {
        "own": by.organisation_id, "pattern": f"%{text}%", "wanted_stage": filters.stage, "wanted_procedure": filters.procedure,
        "person": filters.responsible, "today": today, "soon": today + timedelta(days=stages.SOON_DAYS), "most": PAGE_SIZE + 1,
        "after_date": after.sort_date if after else NO_DATE, "after_id": after.id if after else 0,
    }  # fmt: skip


def _shape(filters: Filters) -> Filters:
    """The filters without their values: all that decides how the statement reads."""
    return replace(
        filters, text="x" if filters.text else "", stage="x" if filters.stage else "", procedure="x" if filters.procedure else "",
        responsible=1 if filters.responsible else 0,
    )  # fmt: skip


@lru_cache(256)
def _page(shape: Filters, language: str, follows: bool) -> CompoundSelect[*tuple[Any, ...]]:
    """A page of the city's own cases and a page of those in which it is a partner, in one statement. Made once: making one takes
    longer than the database needs to answer it."""
    branches = (_branch(shared, shape, language, follows).subquery() for shared in (False, True))
    return union_all(*(select(branch) for branch in branches))


def _branch(shared: bool, shape: Filters, language: str, follows: bool) -> Select[*tuple[Any, ...]]:
    title = {"fi": Case.title_fi, "sv": Case.title_sv}.get(language, Case.title_en)
    statement = select(
        Case.id, Case.reference, title.label("title"), Case.stage, Case.procedure, Case.procedure_edition, Case.value_amount,
        Case.next_date, Case.next_date_kind, Case.sort_date, Case.organisation_id,
    )  # fmt: skip
    if shared:
        statement = statement.join(CasePartner, CasePartner.case_id == Case.id)
    statement = statement.where((CasePartner if shared else Case).organisation_id == bindparam("own"), *_conditions(shape))
    # a partner's rows carry the date too, so that both branches are read in the order of an index
    day, number = (CasePartner.sort_date, CasePartner.case_id) if shared else (Case.sort_date, Case.id)
    if shape.order == "newest":
        statement = statement.order_by(number.desc()).where(*[number < bindparam("after_id")] if follows else [])
    else:
        place = tuple_(bindparam("after_date", type_=Date), bindparam("after_id", type_=Integer))
        statement = statement.order_by(day, number).where(*[tuple_(day, number) > place] if follows else [])
    return statement.limit(bindparam("most", type_=Integer))


def _conditions(shape: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if shape.text:
        found.append(Case.search_text.like(bindparam("pattern"), escape="\\"))
    if shape.stage:
        found.append(Case.stage == bindparam("wanted_stage"))
    elif shape.scope != "all":
        found.append(Case.stage != "" if shape.scope == "open" else Case.stage == "")
    if shape.procedure:
        found.append(Case.procedure == bindparam("wanted_procedure"))
    if shape.responsible:
        found.append(Case.responsible_id == bindparam("person"))
    if shape.light:
        found.append(_lit(shape.light))
    return found


def _lit(light: str) -> ColumnElement[bool]:
    """The same rule as domain.stages.traffic_light, as conditions on columns; on the date that the indexes are sorted by.
    An open case always has one (domain.dates.next_date)."""
    today, soon = bindparam("today", type_=Date), bindparam("soon", type_=Date)
    conditions = {
        "red": and_(Case.stage != "", Case.sort_date < today),
        "yellow": and_(Case.stage != "", Case.sort_date >= today, Case.sort_date <= soon),
        "green": and_(Case.stage != "", Case.sort_date > soon, Case.sort_date < NO_DATE),
        "grey": Case.stage == "",
    }
    return conditions[light]


def waiting_for(by: Actor, today: date, limit: int = 10) -> list[CaseRow]:
    """Open cases for which this person is responsible, the nearest date first."""
    rows, _more = list_cases(by, Filters(responsible=by.id), by.language, today)
    return rows[:limit]
