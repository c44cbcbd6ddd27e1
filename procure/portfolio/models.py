"""Kept figures of a city's cases. They can be made again from log, answers and requests at any time; nothing else is kept here."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from procure.cases.models import Euros
from procure.infra.db import Base, Moment


class PortfolioCase(Base):
    """What is measured of one case (domain.portfolio.Fact)."""

    __tablename__ = "portfolio_cases"
    __table_args__ = (
        Index("ix_portfolio_cases_city", "city", "case_id"),
        Index("ix_portfolio_cases_month", "city", "month"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    city: Mapped[int]
    """The organisation's id."""
    month: Mapped[date]
    """The first day of the month in which the case was opened."""
    opened_on: Mapped[date]
    responsible: Mapped[int]
    procedure: Mapped[str] = mapped_column(String(40))
    stage: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    """One of domain.portfolio.STATES."""
    value: Mapped[Decimal | None] = mapped_column(Euros)
    level: Mapped[int]
    innovative: Mapped[bool]
    told: Mapped[bool]
    themes: Mapped[str] = mapped_column(String(400))
    """Ids with a blank before and behind each, as also in the two columns of stages; "" for none."""
    notice_on: Mapped[date | None]
    award_on: Mapped[date | None]
    contract_on: Mapped[date | None]
    passed: Mapped[str] = mapped_column(String(1000))
    """Stages that are behind the case."""
    reworked: Mapped[str] = mapped_column(String(1000))
    """Stages that were done again."""
    course: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`spent` and `reworked` with their numbers."""
    standstill: Mapped[bool]
    exception: Mapped[bool]
    requests: Mapped[int]
    opinions: Mapped[int]
    tendered: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It is known how many tenders came in."""
    single: Mapped[bool] = mapped_column(default=False, server_default=false())
    """One tender only, for the procurement or for one of its lots."""
    stayed: Mapped[bool] = mapped_column(default=False, server_default=false())
    reviewed: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Kinds of reviews, with blanks as above."""
    summed: Mapped[str] = mapped_column(String(400), default="", server_default="")
    """Names of the sums of effects that it has a number for."""
    brought: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """Tenders, reviews and effects (domain.brought.Brought)."""


class PortfolioTotal(Base):
    """What is counted of a city's month, theme, responsible person, procedure and state: `theme` "" and `responsible` 0 stand for
    every one."""

    __tablename__ = "portfolio_totals"
    __table_args__ = (Index("ix_portfolio_totals_month", "city", "month"),)

    city: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    theme: Mapped[str] = mapped_column(String(40), primary_key=True)
    responsible: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)
    procedure: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), primary_key=True)
    tally: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON)


class PortfolioRun(Base):
    """How far the kept figures have come. One row, with the id 1."""

    __tablename__ = "portfolio_runs"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the figures were last found to be, or made, those of the rows."""
    changed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When a figure last changed."""
    marks: Mapped[dict[str, int]] = mapped_column(JSON)
    """Name of a table -> the last row that has been measured."""
    waiting: Mapped[list[list[Any]]] = mapped_column(JSON)
    """City and month of the totals that are still to be counted again."""
