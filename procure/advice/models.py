"""Tables of the advice: the choices as they were made, which only grow, and what the advice said last."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procure.cases.models import Euros
from procure.infra.db import Base, Moment


class AdviceChoice(Base):
    """One choice of a procedure, or the confirming of the present one, with the advice and the facts as they were. Rows are never
    changed or removed (triggers)."""

    __tablename__ = "advice_choices"
    __table_args__ = (UniqueConstraint("case_id", "sequence", name="uq_advice_choices_case_id_sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    sequence: Mapped[int]
    """That of the event which tells of it in the case's log."""
    confirmed: Mapped[bool]
    """The procedure stayed the same: the city looked at a changed advice and kept its choice."""
    procedure: Mapped[str] = mapped_column(String(40))
    recommended: Mapped[str] = mapped_column(String(40))
    """ "" where nothing was recommended."""
    regime: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(20))
    """On the procedure that was chosen."""
    reason: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The case file (procure-case/1)."""
    advice: Mapped[dict[str, Any]] = mapped_column(JSON)
    """procure-advice/1 without sentences (domain.advice.kept)."""
    edition: Mapped[str] = mapped_column(String(20))
    rules_on: Mapped[date]
    advised_on: Mapped[date]
    chosen_on: Mapped[date]
    chosen_at: Mapped[datetime] = mapped_column(Moment)
    chosen_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    chosen_by: Mapped[str] = mapped_column(String(200))
    """The name as it was then."""


class AdviceState(Base):
    """What the advice for a case said when it was last worked out: the pages of the case read it instead of asking the rules."""

    __tablename__ = "advice_states"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    recommended: Mapped[str] = mapped_column(String(40))
    """ "" where nothing is recommended, or the case cannot be advised."""
    regime: Mapped[str] = mapped_column(String(20))
    """ "" where the case cannot be advised."""
    compared: Mapped[Decimal | None] = mapped_column(Euros)
    edition: Mapped[str] = mapped_column(String(20))
    advised_on: Mapped[date]
    fingerprint: Mapped[str] = mapped_column(String(16))
    """Of the facts that decide (domain.advice.changes)."""
    differs: Mapped[bool]
    """The advice no longer says what it said when the city chose."""
