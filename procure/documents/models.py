"""Tables of documents: the words written for one document alone, and the documents that have been issued."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procure.domain import seals
from procure.infra.db import Base, Moment


class DocumentText(Base):
    """What has been written for a composed document of a case. Its events tell every version of it."""

    __tablename__ = "document_texts"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, default=1)
    """Within the case and kind, from 1: a case may have several of a kind that repeats."""
    about: Mapped[str] = mapped_column(String(200), default="")
    """What tells it apart from the others of its kind, in the words of who writes it."""
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    """domain.compositions.Fields."""
    version: Mapped[int] = mapped_column(default=0)
    """How often it has been saved."""
    saved_at: Mapped[datetime] = mapped_column(Moment)
    saved_by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    set_aside_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was set aside as begun by mistake; None while it counts."""


class SealedWords(Base):
    """Each version of words that show tender material, which the log knows only by a seal. Rows are never changed or removed."""

    __tablename__ = "sealed_words"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(200))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(64))
    """By chance, so that nobody can guess the words from domain.compositions.seal_of."""


class IssuedDocument(Base):
    """A document as it left the service: its bytes stand in the storage, by their SHA-256. Rows are never changed or removed."""

    __tablename__ = "issued_documents"
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="uq_issued_documents_case_id_number"),
        UniqueConstraint("case_id", "kind", "subject", "version", "language", name="uq_issued_documents_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    """Within the case, from 1, whatever the kind."""
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(20))
    """Which of its kind it is where a case has several (domain.documents.subject_of); "" for the first."""
    about: Mapped[str] = mapped_column(String(200), server_default="")
    """What told it apart from the others of its kind then."""
    version: Mapped[int]
    """Of the kind and subject: a later one says something else. Languages of one version say the same."""
    language: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, str]] = mapped_column(JSON)
    """What it says: place -> text, in its language."""
    file_name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    """In bytes."""
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    storage_key: Mapped[str] = mapped_column(String(100))
    at_sequence: Mapped[int]
    """The last event of the case that it knows."""
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(Moment)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    issued_by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    seal_level: Mapped[str] = mapped_column(String(4), default=seals.NONE)
    """One of domain.seals.LEVELS."""
    sealed_by: Mapped[str] = mapped_column(String(300), default="")
    """Subject of the certificate; "" without a seal."""
    sealed_at: Mapped[datetime | None] = mapped_column(Moment)
    letterhead: Mapped[int] = mapped_column(server_default="0")
    """The edition of the city's letterhead that it carries; 0 for none."""
