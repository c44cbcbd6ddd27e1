"""Tables of declarations of interests and of what was decided on them. Rows are never changed or removed (triggers)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procure.cases.models import Case
from procure.infra.db import Base, Moment


class InterestDeclaration(Base):
    """What a person declared about own interests in a case; the latest counts. The case's log holds the text's hash."""

    __tablename__ = "interest_declarations"
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="uq_interest_declarations_case_id_number"),
        Index("ix_interest_declarations_person", "case_id", "person_id", "number"),
        Index(
            "ix_interest_declarations_held", "case_id", "person_id",
            sqlite_where=text("held"), postgresql_where=text("held"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    """Within the case, from 1."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    person: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    role: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    """One of domain.declarations.OUTCOMES."""
    text: Mapped[str] = mapped_column(Text)
    """What the person wrote: shown to them and to the managers of the case's city, to nobody else."""
    suppliers: Mapped[int]
    """The version of the answer about known suppliers against which it was given; 0 when there was none."""
    held: Mapped[bool]
    """It closes the material until a manager decides."""
    declared_on: Mapped[date]
    declared_at: Mapped[datetime] = mapped_column(Moment)

    case: Mapped[Case] = relationship()
    decisions: Mapped[list["InterestDecision"]] = relationship(order_by="InterestDecision.id")


class InterestDecision(Base):
    """What a manager decided on a declaration; the latest counts."""

    __tablename__ = "interest_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("interest_declarations.id"), index=True)
    opens: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    decided_on: Mapped[date]
    decided_at: Mapped[datetime] = mapped_column(Moment)
