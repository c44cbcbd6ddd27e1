"""Tables of approvals. All of it can be told from the cases' events (`domain.approvals.replay`); `procure verify` does."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procure.accounts.models import Person
from procure.domain.approvals import Seat, SignOff
from procure.infra.db import Base, Moment


class Approval(Base):
    """A request for sign-off and what has come of it."""

    __tablename__ = "approvals"
    __table_args__ = (UniqueConstraint("case_id", "number", name="uq_approvals_case_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    """Within the case, from 1."""
    sequence: Mapped[int]
    """Of the event that asked for it."""
    subject: Mapped[str] = mapped_column(String(20))
    """One of domain.approvals.SUBJECTS."""
    stage: Mapped[str] = mapped_column(String(40))
    """The stage in which the case was when it was asked for; "" once it had passed its last one."""
    words: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(String(10))
    needed: Mapped[int]
    due_on: Mapped[date]
    requester_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    requester: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    asked_on: Mapped[date]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What it stands on: question id, or `procedure`, -> the answer then; null where nothing was known."""
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What voided it: fact -> {"old", "new"}; empty while nothing has."""
    outcome: Mapped[str] = mapped_column(String(20))
    """One of domain.approvals.OUTCOMES."""
    ended_on: Mapped[date | None]
    """The day of the outcome; None while it is open."""

    seats: Mapped[list["ApprovalSeat"]] = relationship(order_by="ApprovalSeat.place", back_populates="approval")

    @property
    def sign_off(self) -> SignOff:
        """As the rules take it."""
        seats = tuple(Seat(seat.person_id, seat.holder_id, seat.said, seat.said_by_id or 0) for seat in self.seats)
        closed = self.outcome if self.outcome in ("voided", "withdrawn") else ""
        return SignOff(self.requester_id, self.rule, self.needed, seats, closed)


class ApprovalSeat(Base):
    """One named person's sign-off."""

    __tablename__ = "approval_seats"
    __table_args__ = (
        UniqueConstraint("approval_id", "place", name="uq_approval_seats_approval_id_place"),
        Index("ix_approval_seats_mine", "holder_id", "due_on", "id", sqlite_where=text("waits"), postgresql_where=text("waits")),
        Index(
            "ix_approval_seats_city", "organisation_id", "due_on", "id", sqlite_where=text("waits"), postgresql_where=text("waits")
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approvals.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    """The case's own city: what waits in it is read in the order of an index; `due_on` stands here for the same reason."""
    due_on: Mapped[date]
    place: Mapped[int]
    """From 0, in the order of the request."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(200))
    """Who was named, by the name of then."""
    holder_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    holder: Mapped[str] = mapped_column(String(200))
    """Whose it is now: another one than was named once it has been handed on."""
    handed_on: Mapped[date | None]
    """The day on which it was handed on."""
    waits: Mapped[bool]
    """It can be spoken for now."""
    said: Mapped[str] = mapped_column(String(20))
    """One of domain.approvals.SAYINGS; "" while nothing has been said."""
    words: Mapped[str] = mapped_column(Text)
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    said_by: Mapped[str] = mapped_column(String(200))
    said_at: Mapped[datetime | None] = mapped_column(Moment)

    approval: Mapped[Approval] = relationship(back_populates="seats")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    holding: Mapped[Person] = relationship(foreign_keys=[holder_id])
