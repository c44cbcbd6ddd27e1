"""Tables of tasks and notes. Who is in a case's team stands with the cases (`cases.models.CaseMember`)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra.db import Base, Moment


class Task(Base):
    """Something that one person has to do in a case by a day."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="uq_tasks_case_id_number"),
        Index(
            "ix_tasks_owner_open", "owner_id", "due_on", "id",
            sqlite_where=text("done_on IS NULL"), postgresql_where=text("done_on IS NULL"),
        ),
        Index(
            "ix_tasks_city_open", "organisation_id", "due_on", "id",
            sqlite_where=text("done_on IS NULL"), postgresql_where=text("done_on IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    """The case's own city: its tasks are read in the order of an index."""
    number: Mapped[int]
    """Within the case, from 1."""
    title: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    due_on: Mapped[date]
    stage: Mapped[str] = mapped_column(String(40))
    """The stage that it belongs to; "" for none."""
    note: Mapped[str] = mapped_column(Text)
    done_on: Mapped[date | None]
    done_by: Mapped[str] = mapped_column(String(200))
    """Who said so, named as then; "" while it is open."""
    changed_by: Mapped[str] = mapped_column(String(200))
    version: Mapped[int]
    """Grows by one with every change: whoever saves says which version was on the screen."""

    case: Mapped[Case] = relationship()
    owner: Mapped[Person] = relationship()


class Note(Base):
    """What somebody wrote to the team. Rows are never changed or removed (triggers); the case's log holds the text's hash."""

    __tablename__ = "notes"
    __table_args__ = (UniqueConstraint("case_id", "number", name="uq_notes_case_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    """Within the case, from 1."""
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    author: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    written_on: Mapped[date]
    written_at: Mapped[datetime] = mapped_column(Moment)

    mentions: Mapped[list["NoteMention"]] = relationship(order_by="NoteMention.person_id")


class NoteMention(Base):
    """Somebody to whom a note speaks."""

    __tablename__ = "note_mentions"
    __table_args__ = (
        Index(
            "ix_note_mentions_unread", "person_id", "note_id",
            sqlite_where=text("read_at IS NULL"), postgresql_where=text("read_at IS NULL"),
        ),
    )  # fmt: skip

    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the person said that it has been read."""

    person: Mapped[Person] = relationship()
