"""The table of standard clauses."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procure.infra.db import Base, Moment


class CityClause(Base):
    """One edition of a clause. Rows are never changed or removed: a clause ends with an edition that says so."""

    __tablename__ = "city_clauses"
    __table_args__ = (UniqueConstraint("organisation_id", "number", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int]
    """The clause's own within the city, from 1."""
    edition: Mapped[int]
    """Within the clause, from 1."""
    kind: Mapped[str] = mapped_column(String(60))
    """The kind of document; a clause keeps it."""
    part: Mapped[str] = mapped_column(String(60))
    """The part of the document; "" for its end."""
    subject: Mapped[str] = mapped_column(String(40))
    """The suggestion of catalogue/clauses.toml that it began with; "" for none."""
    titles: Mapped[dict[str, str]] = mapped_column(JSON)
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    """By language; at least one, each with its title."""
    valid_from: Mapped[date]
    ended: Mapped[bool]
    """From `valid_from` on the clause stands in no document."""
    saved_at: Mapped[datetime] = mapped_column(Moment)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    saved_by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
