"""Tables of attachments. A version is never changed, but for what the scanner says of it; a removed attachment is only hidden."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from procure.domain.attachments import LONGEST_NAME
from procure.infra.db import Base, Moment

LONGEST_TITLE = 200


class Attachment(Base):
    """One file of a case in all its versions. `number` counts within the case."""

    __tablename__ = "attachments"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    document: Mapped[str] = mapped_column(String(60))
    """The kind of document that the file is (catalogue/documents); "" for another."""
    stage: Mapped[str] = mapped_column(String(40))
    """The stage in which it was added; "" once the case had passed its last one."""
    tender_material: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Opens only after a declaration of interests, its names too; said when it was added."""
    last_version: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    removed_by: Mapped[str] = mapped_column(String(200), default="")
    removed_reason: Mapped[str] = mapped_column(Text, default="")


class AttachmentVersion(Base):
    """One file as it was sent. `sha256` is of its content, `storage_key` is where the storage has it."""

    __tablename__ = "attachment_versions"
    __table_args__ = (UniqueConstraint("attachment_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachments.id"))
    version: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    """In bytes."""
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(Text)
    """What is new in it, in the words of who sent it."""
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    uploaded_by: Mapped[str] = mapped_column(String(200))
    """The name as it was then."""
    scan: Mapped[str] = mapped_column(String(20))
    """`clean`, `not_scanned` or `infected`."""
    scanned_at: Mapped[datetime | None] = mapped_column(Moment)
    scan_due_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    """When the worker is to ask the scanner; None when it need not."""
