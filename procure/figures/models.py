"""Kept figures. They can be made again from the requests at any time; nothing else is kept here."""

from datetime import date, datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from procure.infra.db import Base, Moment


class FigureTotal(Base):
    """What is counted of one month, topic and city: `topic` "" and `city` 0 stand for every one (domain.figures)."""

    __tablename__ = "figure_totals"
    __table_args__ = (
        Index("ix_figure_totals_topic", "topic", "city", "month"),
        Index("ix_figure_totals_month", "month"),
    )

    city: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The organisation's id."""
    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    running: Mapped[int]
    """How many of its requests are open: a snapshot looks at these rows only."""
    tally: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON)


class FigureRun(Base):
    """How far the kept figures have come. One row, with the id 1."""

    __tablename__ = "figure_runs"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the figures were last found to be, or made, those of the rows."""
    changed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When a figure last changed: what is made from them may be kept until it does again."""
    whole_on: Mapped[date | None]
    """The day on which all of them were last made again."""
    since: Mapped[date | None]
    """The first month with anything in it."""
    marks: Mapped[dict[str, int]] = mapped_column(JSON)
    """Name of a table or source -> the last row that is counted."""
