"""Finding standard clauses. Those of a document are asked for its case's own city, whoever reads it."""

from collections.abc import Sequence

from sqlalchemy import func, select

from procure.clauses.models import CityClause
from procure.domain.clauses import Clause
from procure.domain.permissions import CITY_ROLES, Actor
from procure.infra.db import db


def clause_of(row: CityClause) -> Clause:
    return Clause(row.number, row.edition, row.kind, row.part, row.subject, row.titles, row.texts, row.valid_from, row.ended)


def editions_of(organisation_id: int) -> tuple[Clause, ...]:
    """Every edition of a city's clauses, for its documents."""
    statement = select(CityClause).where(CityClause.organisation_id == organisation_id)
    return tuple(clause_of(row) for row in db.session.scalars(statement.order_by(CityClause.number, CityClause.edition)))


def history_for(by: Actor, number: int | None = None) -> Sequence[CityClause]:
    """The editions of the clauses of the person's own city, of one clause where it is named; the newest of each first."""
    if by.role not in CITY_ROLES or not (number is None or 0 < number < 2**31):
        return []
    statement = select(CityClause).where(CityClause.organisation_id == by.organisation_id)
    if number is not None:
        statement = statement.where(CityClause.number == number)
    return db.session.scalars(statement.order_by(CityClause.number, CityClause.edition.desc())).all()


def last_number(organisation_id: int) -> int:
    """Of the city's clauses; 0 before the first."""
    return db.session.scalar(select(func.max(CityClause.number)).where(CityClause.organisation_id == organisation_id)) or 0


def last_edition(organisation_id: int, number: int) -> CityClause | None:
    """The edition of the clause saved last, as it is now that the city is locked."""
    if not 0 < number < 2**31:
        return None
    statement = select(CityClause).where(CityClause.organisation_id == organisation_id, CityClause.number == number)
    statement = statement.order_by(CityClause.edition.desc()).limit(1)
    return db.session.scalar(statement.execution_options(populate_existing=True))
