"""The table of documents that are being printed apart from the request, or were within the last day."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from procure.infra.db import Base, Moment
from procure.infra.leases import Leased


class DocumentJob(Leased, Base):
    """One document that one person has asked for. Known to all processes; swept away after a day with its bytes.

    `trouble` is the code of a Reason.
    """

    __tablename__ = "document_jobs"
    __table_args__ = (UniqueConstraint("asked_by_id", "work", "digest", name="uq_document_jobs_asked"),)

    work: Mapped[str] = mapped_column(String(20))
    """What is done with the bytes: printing.service.WORKS."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    """None for a document that is about no case."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    language: Mapped[str] = mapped_column(String(2))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    """Of all that the bytes depend on."""
    making: Mapped[str | None] = mapped_column(String(64), unique=True)
    """The digest while it is being printed, so that of several who want the same only one prints it."""
    title: Mapped[str] = mapped_column(String(300))
    href: Mapped[str] = mapped_column(String(1000))
    """Where the finished document is fetched, a local address that asks anew who may read it; "" where the work itself says."""
    back: Mapped[str] = mapped_column(String(1000))
    """The page from which it was asked for."""
    source: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    """All that is to be printed, packed; None once it has been."""
    result_key: Mapped[str] = mapped_column(String(64), default="")
    """Of its bytes: among what is kept for a day, unless the work says otherwise."""
    size: Mapped[int] = mapped_column(default=0)
    """In bytes."""
    number: Mapped[int] = mapped_column(default=0)
    """Under which it was issued; 0 where nothing is issued."""
    asked_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
