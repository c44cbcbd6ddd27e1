"""Tables of asking: products as the coordinator words them, the log of a request without a case, what is shared and who has seen it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from procure.infra.db import Base, Moment


class SupportProduct(Base):
    """One edition of a product of the support catalogue, made by a coordinator. Rows are only added; the newest in force counts."""

    __tablename__ = "support_products"
    __table_args__ = (UniqueConstraint("product", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product: Mapped[str] = mapped_column(String(40))
    """Id of a product that ships with the program, or of one that a coordinator has added."""
    edition: Mapped[int]
    """Counts from 1 within the product."""
    valid_from: Mapped[date]
    retired: Mapped[bool] = mapped_column(default=False, server_default=false())
    """From that day the product is no longer offered."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As `domain.products.written` writes it."""
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    at: Mapped[datetime] = mapped_column(Moment)


class SupportEvent(Base):
    """Something that happened in a request that had no case: the same chain as in the log of a case. Rows are never changed."""

    __tablename__ = "support_events"
    __table_args__ = (UniqueConstraint("request_id", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"))
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    happened_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    recorded_by: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the hash before it and this row."""


class SupportShare(Base):
    """Something of the case that the city shared in a request: from when, by whom, and until when. Closed once, never removed."""

    __tablename__ = "support_shares"
    __table_args__ = (Index("ix_support_shares_request", "request_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"))
    what: Mapped[str] = mapped_column(String(80))
    """`case`, the id of a section, or `file:` and the number of an attachment."""
    shared_at: Mapped[datetime] = mapped_column(Moment)
    shared_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    shared_by: Mapped[str] = mapped_column(String(200))
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    revoked_by: Mapped[str] = mapped_column(String(200), default="", server_default="")


class SupportSight(Base):
    """The first time that a person of the network was shown a section or a version of a file. Rows are never changed or removed."""

    __tablename__ = "support_sights"
    __table_args__ = (UniqueConstraint("request_id", "person_id", "what"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    person: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(80))
    """The id of a section, or `file:` with number and version: `file:3:2`."""
    at: Mapped[datetime] = mapped_column(Moment)
