"""What cities have agreed to, and the kept counts of those that share their figures now. No city's own counts leave here with a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from procure.accounts.models import Organisation
from procure.domain.language import Trilingual
from procure.domain.permissions import Actor
from procure.domain.portfolio import EVERY_THEME, EVERYBODY, Counts
from procure.domain.shared_figures import ALONE, NAMED
from procure.infra.db import db, will_write
from procure.portfolio.models import PortfolioRun, PortfolioTotal
from procure.shared_figures.models import FigureConsent, FigureConsentAct, SharedRun, SharedTally

MOST_ACTS: Final = 50


def choice_of(organisation_id: int) -> str:
    """What the city agrees to now; its row is locked when the caller is going to write."""
    statement = select(FigureConsent).where(FigureConsent.organisation_id == organisation_id)
    if will_write():
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    return found.choice if found else ALONE


def acts_of(by: Actor) -> Sequence[FigureConsentAct]:
    """The newest acts of the person's own city, the newest first."""
    statement = select(FigureConsentAct).where(FigureConsentAct.organisation_id == by.organisation_id)
    return list(db.session.scalars(statement.order_by(FigureConsentAct.id.desc()).limit(MOST_ACTS)))


def sharing() -> list[int]:
    """The cities that share their figures now."""
    return sorted(db.session.scalars(select(FigureConsent.organisation_id).where(FigureConsent.choice != ALONE)))


@dataclass(frozen=True, slots=True)
class Sharers:
    """How many cities share their figures, and the names of those that agreed to be named."""

    count: int
    named: tuple[Trilingual, ...]


def sharers(by: Actor) -> Sharers:
    if not by.may("figures.network"):
        return Sharers(0, ())
    rows = db.session.execute(
        select(FigureConsent.choice, Organisation.name_fi, Organisation.name_sv, Organisation.name_en)
        .join(Organisation, Organisation.id == FigureConsent.organisation_id)
        .where(FigureConsent.choice != ALONE)
        .order_by(Organisation.name_fi)
    ).all()
    return Sharers(len(rows), tuple(Trilingual(*names) for choice, *names in rows if choice == NAMED))


@dataclass(frozen=True, slots=True)
class Cell:
    """The kept counts of one city's cases of a year, by procedure."""

    city: int
    procedure: str
    tally: Counts


def cells(by: Actor, year: int) -> list[Cell]:
    """The counts of every city that shares its figures at this moment. One query, of a few hundred rows at most."""
    if not by.may("figures.network"):
        return []
    statement = (
        select(SharedTally.city, SharedTally.procedure, SharedTally.tally)
        .join(FigureConsent, FigureConsent.organisation_id == SharedTally.city)
        .where(FigureConsent.choice != ALONE, SharedTally.year == year)
        .order_by(SharedTally.city, SharedTally.procedure)
    )
    return [Cell(*row) for row in db.session.execute(statement)]


def years(by: Actor) -> list[int]:
    """The years in which there is something, the newest first."""
    if not by.may("figures.network"):
        return []
    return sorted(db.session.scalars(select(SharedTally.year).distinct()), reverse=True)


# what the worker counts from


def run() -> SharedRun:
    """When the figures were last counted; locked when the running command writes."""
    statement = select(SharedRun).where(SharedRun.id == 1)
    if will_write():
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one()


def portfolio_counted() -> bool:
    """Whether the portfolios have been counted at all."""
    return db.session.scalar(select(PortfolioRun.changed_at).where(PortfolioRun.id == 1)) is not None


def months_of(city: int) -> list[tuple[date, str, str, Counts]]:
    """Month, procedure, state and counts of the city, of all themes and people together."""
    statement = select(PortfolioTotal.month, PortfolioTotal.procedure, PortfolioTotal.state, PortfolioTotal.tally).where(
        PortfolioTotal.city == city, PortfolioTotal.theme == EVERY_THEME, PortfolioTotal.responsible == EVERYBODY
    )
    return [(month, procedure, state, tally) for month, procedure, state, tally in db.session.execute(statement)]


def all_tallies() -> list[Cell]:
    """What is kept of the sharing cities, of all years."""
    statement = (
        select(SharedTally.city, SharedTally.procedure, SharedTally.tally)
        .join(FigureConsent, FigureConsent.organisation_id == SharedTally.city)
        .where(FigureConsent.choice != ALONE)
    )
    return [Cell(*row) for row in db.session.execute(statement)]
