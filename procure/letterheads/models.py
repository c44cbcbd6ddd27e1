"""The table of letterheads."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procure.infra.db import Base, Moment


class CityLetterhead(Base):
    """One edition of a city's letterhead. Rows are never changed or removed: documents name them."""

    __tablename__ = "city_letterheads"
    __table_args__ = (UniqueConstraint("organisation_id", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    edition: Mapped[int]
    """Within the city, from 1."""
    valid_from: Mapped[date]
    words: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)
    """domain.letterheads.IN_LANGUAGES -> language -> text."""
    facts: Mapped[dict[str, str]] = mapped_column(JSON)
    """domain.letterheads.ALIKE -> text."""
    both_names: Mapped[bool]
    logo_sha256: Mapped[str] = mapped_column(String(64))
    """"" where there is no logo."""
    logo_key: Mapped[str] = mapped_column(String(100))
    logo_width: Mapped[int]
    logo_height: Mapped[int]
    """In pixels."""
    logo_size: Mapped[int]
    """In bytes."""
    saved_at: Mapped[datetime] = mapped_column(Moment)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    saved_by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
