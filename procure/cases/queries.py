"""Finding cases. Every question is asked for a given person: what they may not see is not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from procure.cases.models import Answer, Case, CaseEvent, CasePartner
from procure.domain import questions, stages
from procure.domain.permissions import CITY_ROLES, Actor
from procure.infra.db import db, will_write

PAGE_SIZE = 25


def _visible(by: Actor) -> ColumnElement[bool]:
    """The city's own cases and those on which it is a partner. Nobody outside the cities sees cases through these queries."""
    if by.role not in CITY_ROLES:
        return Case.id.is_(None)
    partner = exists().where(CasePartner.case_id == Case.id, CasePartner.organisation_id == by.organisation_id)
    return or_(Case.organisation_id == by.organisation_id, partner)


def case_for(by: Actor, reference: str) -> Case | None:
    """The case with its city, responsible person and partners; None when it is not there or not for this person."""
    return db.session.scalar(
        select(Case)
        .where(Case.reference == reference, _visible(by))
        .options(
            joinedload(Case.organisation),
            joinedload(Case.responsible),
            selectinload(Case.partners).joinedload(CasePartner.organisation),
        )
    )


def case_to_change(by: Actor, reference: str) -> Case | None:
    """The case for its own city's people, locked until the transaction ends when the request writes. Partners only read."""
    statement = select(Case).where(Case.reference == reference, Case.organisation_id == by.organisation_id)
    if by.role not in CITY_ROLES:
        return None
    if will_write():
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(statement)


def answers_of(case: Case) -> list[Answer]:
    """Every answer of the case, by question."""
    return list(db.session.scalars(select(Answer).where(Answer.case_id == case.id).order_by(Answer.question)))


def facts_of(answers: Sequence[Answer]) -> dict[str, questions.Answer]:
    """Answers as the rules take them."""
    return {answer.question: questions.Answer(answer.value, answer.known) for answer in answers}


def events_of(case: Case, kinds: Sequence[str] = (), limit: int = 1000) -> list[CaseEvent]:
    """The case's events in the order they were recorded; only those of `kinds` when given."""
    statement = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.sequence).limit(limit)
    if kinds:
        statement = statement.where(CaseEvent.kind.in_(kinds))
    return list(db.session.scalars(statement))


def stage_events_of(case: Case) -> list[CaseEvent]:
    return events_of(case, stages.STAGE_EVENTS)


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
    own = _rows(language).where(Case.organisation_id == by.organisation_id)
    shared = (
        _rows(language).join(CasePartner, CasePartner.case_id == Case.id).where(CasePartner.organisation_id == by.organisation_id)
    )
    if by.role not in CITY_ROLES:
        return [], False
    rows: list[CaseRow] = []
    for branch in (own, shared):
        statement = _filtered(branch, filters, today, after).limit(PAGE_SIZE + 1)
        rows.extend(_row(row) for row in db.session.execute(statement))
    rows.sort(key=(lambda row: (row.sort_date, row.id)) if filters.order == "next" else (lambda row: -row.id))
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def _rows(language: str) -> Select[Any]:
    title = {"fi": Case.title_fi, "sv": Case.title_sv}.get(language, Case.title_en)
    return select(
        Case.id, Case.reference, title.label("title"), Case.stage, Case.procedure, Case.procedure_edition, Case.value_amount,
        Case.next_date, Case.next_date_kind, Case.sort_date, Case.organisation_id,
    )  # fmt: skip


def _row(row: Row[Any]) -> CaseRow:
    return CaseRow(*row)


def _filtered(statement: Select[Any], filters: Filters, today: date, after: Cursor | None) -> Select[Any]:
    if filters.text:
        pattern = "%" + filters.text.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        statement = statement.where(Case.search_text.like(pattern, escape="\\"))
    if filters.stage:
        statement = statement.where(Case.stage == filters.stage)
    elif filters.scope == "open":
        statement = statement.where(Case.stage != "")
    elif filters.scope == "finished":
        statement = statement.where(Case.stage == "")
    if filters.procedure:
        statement = statement.where(Case.procedure == filters.procedure)
    if filters.responsible:
        statement = statement.where(Case.responsible_id == filters.responsible)
    if filters.light:
        statement = statement.where(_lit(filters.light, today))
    if filters.order == "newest":
        statement = statement.order_by(Case.id.desc())
        return statement if after is None else statement.where(Case.id < after.id)
    statement = statement.order_by(Case.sort_date, Case.id)
    return statement if after is None else statement.where(tuple_(Case.sort_date, Case.id) > tuple_(after.sort_date, after.id))


def _lit(light: str, today: date) -> ColumnElement[bool]:
    """The same rule as domain.stages.traffic_light, as conditions on columns."""
    soon = date.fromordinal(today.toordinal() + stages.SOON_DAYS)
    conditions = {
        "red": and_(Case.stage != "", Case.next_date < today),
        "yellow": and_(Case.stage != "", or_(Case.next_date.is_(None), and_(Case.next_date >= today, Case.next_date <= soon))),
        "green": and_(Case.stage != "", Case.next_date > soon),
        "grey": Case.stage == "",
    }
    return conditions[light]


def waiting_for(by: Actor, today: date, limit: int = 10) -> list[CaseRow]:
    """Open cases for which this person is responsible, the nearest date first."""
    rows, _more = list_cases(by, Filters(responsible=by.id), by.language, today)
    return rows[:limit]
