"""What cities have agreed to, and the kept counts of those that share their figures."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from procure.infra.db import Base, Moment


class FigureConsent(Base):
    """What a city agrees to now (domain.shared_figures.CHOICES); without a row: nothing."""

    __tablename__ = "figure_consents"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True, autoincrement=False)
    choice: Mapped[str] = mapped_column(String(10))


class FigureConsentAct(Base):
    """That somebody agreed to something, or took it back. Never changed and never removed: the database refuses."""

    __tablename__ = "figure_consent_acts"
    __table_args__ = (Index("ix_figure_consent_acts_city", "organisation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    before: Mapped[str] = mapped_column(String(10))
    choice: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    by: Mapped[str] = mapped_column(String(200))
    """The person's name at that time."""


class SharedTally(Base):
    """What is counted of a sharing city's cases of one year and procedure; removed as soon as the city takes its consent back."""

    __tablename__ = "shared_tallies"

    city: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """In which the cases were opened."""
    procedure: Mapped[str] = mapped_column(String(40), primary_key=True)
    tally: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON)
    """As domain.portfolio counts, without cancelled cases; `state` has all of them."""


class SharedRun(Base):
    """When the shared figures were last counted. One row, with the id 1."""

    __tablename__ = "shared_runs"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counted_on: Mapped[date | None]
    counted_at: Mapped[datetime | None] = mapped_column(Moment)
    cities: Mapped[list[int]] = mapped_column(JSON)
    """Those that shared their figures then."""
