"""The table of what is written of those who ask for a review. Rows are never changed or removed (triggers)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procure.infra.db import Base, Moment


class ReviewWords(Base):
    """Who asks for a review and what they demand, version by version: tender material, so the case's log has its hash alone."""

    __tablename__ = "review_words"
    __table_args__ = (UniqueConstraint("case_id", "review", "version", name="uq_review_words_case_id_review_version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    review: Mapped[int]
    """The review's number in the case."""
    version: Mapped[int]
    """From 1."""
    supplier: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    """In the hash too: a supplier's name alone could be found by trying."""
    written_at: Mapped[datetime] = mapped_column(Moment)
