"""Tables of how each city works. Their rows are changed and removed: who did it last stands in the row.

A change locks the row of the organisation first, so that two people's changes follow one another.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procure.infra.db import Base, Moment

LONGEST_NAME = 100


class Changed:
    """Who last changed the row, and when; nobody when it came with the demo."""

    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class CityClosing(Changed, Base):
    """Days on which the city does not work, the first and the last with."""

    __tablename__ = "city_closing_days"
    __table_args__ = (UniqueConstraint("organisation_id", "first_day", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))


class CityMeeting(Changed, Base):
    """A day on which a body of the city meets."""

    __tablename__ = "city_meetings"
    __table_args__ = (UniqueConstraint("organisation_id", "held_on", "body"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    held_on: Mapped[date]
    body: Mapped[str] = mapped_column(String(LONGEST_NAME))


class NetworkDuration(Base):
    """How many working days the cities that share their figures have needed for a stage (domain.planning.experience). Made again by the
    worker from their kept figures; a case without a procedure goes by the row of the preparation."""

    __tablename__ = "network_durations"

    procedure: Mapped[str] = mapped_column(String(40), primary_key=True)
    stage: Mapped[str] = mapped_column(String(40), primary_key=True)
    cases: Mapped[int]
    median: Mapped[int]
    slow: Mapped[int]
    counted_on: Mapped[date]


class CityDuration(Changed, Base):
    """How many working days a stage usually takes in the city, where that is not the catalogue's number."""

    __tablename__ = "city_durations"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(40), primary_key=True)
    working_days: Mapped[int]
