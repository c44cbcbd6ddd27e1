"""The table of dossiers: what has been asked for, how far it is, and what was made of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procure.domain import seals
from procure.infra.db import Base, Moment
from procure.infra.leases import Leased


class Dossier(Leased, Base):
    """A whole case as a ZIP and as one PDF, both in the storage by their SHA-256. Once ready it is never changed, and none is removed.

    `trouble` is `storage`, `pdf`, `seal` or `person`.
    """

    __tablename__ = "dossiers"
    __table_args__ = (UniqueConstraint("case_id", "number", name="uq_dossiers_case_id_number"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    """Within the case, from 1."""
    language: Mapped[str] = mapped_column(String(2))
    choice: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """domain.dossiers.Choice.row()."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    asked_at: Mapped[datetime] = mapped_column(Moment)
    done: Mapped[int] = mapped_column(default=0)
    """Steps done, of `steps`."""
    steps: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime | None] = mapped_column(Moment)
    at_sequence: Mapped[int] = mapped_column(default=0)
    """The last event of the case that is in it."""
    tender_material: Mapped[bool] = mapped_column(default=False)
    """Whether it holds what opens only after a declaration of interests."""
    files: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    zip_size: Mapped[int] = mapped_column(BigInteger, default=0)
    zip_sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    pdf_size: Mapped[int] = mapped_column(BigInteger, default=0)
    pdf_sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    pdf_pages: Mapped[int] = mapped_column(default=0)
    seal_level: Mapped[str] = mapped_column(String(4), default=seals.NONE)
    """Of the PDF: one of domain.seals.LEVELS."""
    sealed_by: Mapped[str] = mapped_column(String(300), default="")
    """Subject of the certificate; "" without a seal."""
    sealed_at: Mapped[datetime | None] = mapped_column(Moment)
