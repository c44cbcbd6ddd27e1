"""Tables of opinions: the expert's draft, the second reading, and the versions as issued. Only a draft is ever changed."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procure.domain import seals
from procure.infra.db import Base, Moment


class OpinionDraft(Base):
    """What an expert has written so far. One for each expert of a request: whoever takes it next begins anew. Gone once issued."""

    __tablename__ = "support_opinion_drafts"

    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"), primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    facts_used: Mapped[str] = mapped_column(Text)
    opinion: Mapped[str] = mapped_column(Text)
    alternatives_and_risks: Mapped[str] = mapped_column(Text)
    limits: Mapped[str] = mapped_column(Text)
    conflict_statement: Mapped[str] = mapped_column(Text)
    citations: Mapped[list[str]] = mapped_column(JSON)
    confidence: Mapped[str] = mapped_column(String(10))
    confidence_reason: Mapped[str] = mapped_column(Text)
    changed: Mapped[str] = mapped_column(Text)
    """Of a correction: what changed, and `why`; "" in the first version."""
    why: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(Moment)
    version_id: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version_id}


class OpinionReading(Base):
    """One act of a second reading, in order. Rows are never changed or removed."""

    __tablename__ = "support_opinion_readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"), index=True)
    act: Mapped[str] = mapped_column(String(20))
    """One of domain.opinions.READING_ACTS."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    """The expert whose draft it is."""
    reader_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reader: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the words that were read; "" where none were."""
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class OpinionVersion(Base):
    """An opinion as issued, with the print of its PDF. A correction is the next version; rows are never changed or removed."""

    __tablename__ = "support_opinion_versions"
    __table_args__ = (
        UniqueConstraint("request_id", "version", name="uq_support_opinion_versions_request_id_version"),
        UniqueConstraint("year", "number", "version", name="uq_support_opinion_versions_year_number_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("support_requests.id"))
    year: Mapped[int]
    number: Mapped[int]
    """Running number of the year, the same for all versions of one request."""
    version: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    facts_used: Mapped[str] = mapped_column(Text)
    opinion: Mapped[str] = mapped_column(Text)
    alternatives_and_risks: Mapped[str] = mapped_column(Text)
    limits: Mapped[str] = mapped_column(Text)
    conflict_statement: Mapped[str] = mapped_column(Text)
    citations: Mapped[list[str]] = mapped_column(JSON)
    citations_edition: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[str] = mapped_column(String(10))
    """"" in opinions from before it was asked for."""
    confidence_reason: Mapped[str] = mapped_column(Text)
    changed: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    second_reader: Mapped[str] = mapped_column(String(200))
    """Name as it was then; "" where nobody was asked."""
    expert: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    language: Mapped[str] = mapped_column(String(2))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    """Of the PDF as issued, which is also where the storage has it; "" where none was kept."""
    size: Mapped[int]
    seal_level: Mapped[str] = mapped_column(String(4), default=seals.NONE)
    """Of the PDF: one of domain.seals.LEVELS."""
    sealed_by: Mapped[str] = mapped_column(String(300), default="")
    """Subject of the certificate; "" without a seal."""
    sealed_at: Mapped[datetime | None] = mapped_column(Moment)


class OpinionCounter(Base):
    """The last running number of a year; the row is locked while a number is taken."""

    __tablename__ = "support_opinion_counters"

    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
