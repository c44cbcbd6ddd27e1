"""Tables of the communications of cases. An item moves; its versions are only ever added."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra.db import Base, Moment

WAITS = "state IN ('for_approval', 'approved')"


class CommunicationItem(Base):
    """Something that is to be told, with the words in which it is to be told now."""

    __tablename__ = "communication_items"
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="uq_communication_items_case_id_number"),
        UniqueConstraint("case_id", "form_key", name="uq_communication_items_case_id_form_key"),
        Index(
            "ix_communication_items_waiting", "organisation_id", "planned_on", "id",
            sqlite_where=text(WAITS), postgresql_where=text(WAITS),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    """The case's own city: what waits in it is read in the order of an index."""
    number: Mapped[int]
    """Within the case, from 1."""
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(String(20))
    """One of domain.publicity.CONTENTS."""
    audience: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(20))
    """One of domain.communications.CHANNELS."""
    planned_on: Mapped[date]
    messages: Mapped[dict[str, str]] = mapped_column(JSON)
    """Language -> text; "" where there is none yet."""
    state: Mapped[str] = mapped_column(String(20))
    """One of domain.communications.STATES."""
    version: Mapped[int]
    """Of the words, from 1; whoever writes or approves says which one was on the screen."""
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    author: Mapped[str] = mapped_column(String(200))
    """Who wrote this version, by the name of then."""
    author_role: Mapped[str] = mapped_column(String(20))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_by: Mapped[str] = mapped_column(String(200))
    """ "" while this version has not been approved."""
    approved_on: Mapped[date | None]
    published_on: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(Moment)
    form_key: Mapped[str] = mapped_column(String(40))
    """Made with the form: the same form sent twice makes one."""

    case: Mapped[Case] = relationship()
    writer: Mapped[Person] = relationship(foreign_keys=[author_id])


class CommunicationVersion(Base):
    """What was written or done, as it was then. Rows are never changed or removed."""

    __tablename__ = "communication_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("communication_items.id"), index=True)
    version: Mapped[int]
    act: Mapped[str] = mapped_column(String(20))
    """`write`, or one of domain.communications.ACTS."""
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(20))
    planned_on: Mapped[date]
    messages: Mapped[dict[str, str]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)
    edition: Mapped[str] = mapped_column(String(20))
    """Of the rules of publicity by which it was checked."""
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    role: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment)
