"""Tables of timetables: what a case's people have decided, and the calendars that somebody subscribes to."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from procure.infra.db import Base, Moment


class CasePlan(Base):
    """The timetable as it was last saved. Its start and the day on which the contract is needed are answers of the case.

    `plan`: `mode`; `durations`, stage -> working days; `wished`, stage -> ISO date; `saved`, stage -> [first day, last day] as
    counted then; `saved_by`; `network`, `procedure` and `stages`, stage -> the network's median that the plan uses, with its day, absent
    in plans that were saved before there was one. One column, so that it is read together with how the city works.
    """

    __tablename__ = "case_plans"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_on: Mapped[date]
    saved_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int]
    """Grows by one with every change: whoever saves says which version was on the screen."""


class CalendarFeed(Base):
    """A secret address at which one person's calendar reads dates: of one case, or (`case_id` NULL) of all cases that the person
    is responsible for. Only the hash of the secret is kept."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        Index("uq_calendar_feeds_case", "person_id", "case_id", unique=True),
        Index(
            "uq_calendar_feeds_person", "person_id", unique=True,
            sqlite_where=text("case_id IS NULL"), postgresql_where=text("case_id IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    renewed_at: Mapped[datetime] = mapped_column(Moment)
