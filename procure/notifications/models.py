"""Tables of how people want to be told, what waits for a digest, absences, and for which days reminders have been made."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procure.accounts.models import Person
from procure.infra.db import Base, Moment


class NotificationChoice(Base):
    """How often a person wants letters of a kind; without a row as domain.notifications.DEFAULTS says."""

    __tablename__ = "notification_choices"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    cadence: Mapped[str] = mapped_column(String(10))


class Notice(Base):
    """Something that a person is to be told of in the next digest."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(
            "ix_notices_waiting", "cadence", "person_id", "at",
            sqlite_where=text("sent_at IS NULL"), postgresql_where=text("sent_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """What it is about: the same act never puts two of them here."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(20))
    cadence: Mapped[str] = mapped_column(String(10))
    template: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(200))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    """For the template, as `notifications.mail.packed` makes them: the line is written in the language of the day of the digest."""
    at: Mapped[datetime] = mapped_column(Moment)
    """When it happened: a digest tells what happened before its hour."""
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class Absence(Base):
    """Days on which a person is away and somebody else gets the letters."""

    __tablename__ = "absences"
    __table_args__ = (Index("ix_absences_person", "person_id", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    """With, unless it was ended before."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the person ended it early."""

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    delegate: Mapped[Person] = relationship(foreign_keys=[delegate_id])


class ReminderRun(Base):
    """That the reminders of a city's working day are being made, or have been."""

    __tablename__ = "reminder_runs"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    claimed_at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
