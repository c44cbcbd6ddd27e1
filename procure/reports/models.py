"""Schedules of reports, and the reports that were made by them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procure.accounts.models import Person
from procure.infra.db import Base, Moment

LONGEST_NAME = 100


class ReportSchedule(Base):
    """Who gets which report when. `query`: the portfolio's filters as its address has them."""

    __tablename__ = "report_schedules"
    __table_args__ = (
        Index("ix_report_schedules_city", "organisation_id", "id"),
        Index("ix_report_schedules_next_on", "next_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[str] = mapped_column(String(10))
    query: Mapped[dict[str, str]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(2))
    formats: Mapped[list[str]] = mapped_column(JSON)
    cadence: Mapped[str] = mapped_column(String(10))
    weekday: Mapped[int]
    receiver_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    """Who answers for it: when they may not order reports any more, none is made."""
    state: Mapped[str] = mapped_column(String(10))
    since: Mapped[date]
    """Periods that fell due before are not made."""
    next_on: Mapped[date | None]
    """When it is to be looked at again; None while it is paused or has ended."""
    version: Mapped[int]
    """Grows with every change: whoever saves says which one was on the screen."""
    changed_at: Mapped[datetime] = mapped_column(Moment)

    receiver: Mapped[Person] = relationship(foreign_keys=[receiver_id])
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])


class ReportSent(Base):
    """A report as it was made. Never changed: the bytes lie in the storage by their SHA-256."""

    __tablename__ = "reports_sent"
    __table_args__ = (Index("ix_reports_sent_city", "organisation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    """Schedule and period: one report for each."""
    schedule_id: Mapped[int] = mapped_column(ForeignKey("report_schedules.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    receiver: Mapped[str] = mapped_column(String(200))
    """The person's name at that time."""
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[str] = mapped_column(String(10))
    period: Mapped[str] = mapped_column(String(10))
    query: Mapped[dict[str, str]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(2))
    made_at: Mapped[datetime] = mapped_column(Moment)
    files: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON)
    """Format -> `name`, `sha256` and `size` in bytes."""
