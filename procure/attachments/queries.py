"""Finding the attachments of a case that the person has been found to read (`cases.queries`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, Row, bindparam, func, select

from procure.accounts.queries import LARGEST_ID
from procure.attachments.models import Attachment, AttachmentVersion
from procure.cases.models import Case
from procure.infra.db import db, read
from procure.support.models import SupportFile

_ALL: Final = (  # made once: one statement for the whole page
    select(
        Attachment.number, Attachment.title, Attachment.document, Attachment.stage, Attachment.removed_at, Attachment.removed_by,
        Attachment.removed_reason, Attachment.tender_material, AttachmentVersion.version, AttachmentVersion.file_name,
        AttachmentVersion.media_type, AttachmentVersion.size, AttachmentVersion.sha256, AttachmentVersion.note,
        AttachmentVersion.uploaded_at, AttachmentVersion.uploaded_by, AttachmentVersion.scan,
    )
    .join(AttachmentVersion, AttachmentVersion.attachment_id == Attachment.id)
    .where(Attachment.case_id == bindparam("wanted"))
    .order_by(Attachment.number.desc(), AttachmentVersion.version.desc())
    .limit(bindparam("most", type_=Integer))
)  # fmt: skip

_PLAIN: Final = _ALL.where(~Attachment.tender_material)

_VERSION: Final = (
    select(
        AttachmentVersion.file_name, AttachmentVersion.media_type, AttachmentVersion.size, AttachmentVersion.storage_key,
        AttachmentVersion.scan, Attachment.title, Attachment.tender_material,
    )
    .join(Attachment, Attachment.id == AttachmentVersion.attachment_id)
    .where(
        Attachment.case_id == bindparam("wanted"), Attachment.number == bindparam("number"), Attachment.removed_at.is_(None),
        AttachmentVersion.version == bindparam("version"),
    )
)  # fmt: skip


def versions_of(case: Case, tender_material: bool = False, limit: int = 5000) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every version of every attachment of the case, removed ones too: the newest attachment and its newest version first.

    `tender_material`: with what opens only after a declaration of interests (`declarations.queries.opens`), or without it.
    """
    return read(_ALL if tender_material else _PLAIN, {"wanted": case.id, "most": limit}).all()


def version_to_open(case: Case, number: int, version: int) -> Row[*tuple[Any, ...]] | None:
    """`file_name`, `media_type`, `size`, `storage_key`, `scan`, `title`, `tender_material`; None when it is not there or has been
    removed."""
    if max(number, version) > LARGEST_ID:
        return None
    return read(_VERSION, {"wanted": case.id, "number": number, "version": version}).one_or_none()


def attachment_of(case: Case, number: int) -> Attachment | None:
    """The attachment with that number; None when it is not there or has been removed. The case is what is locked."""
    if number > LARGEST_ID:
        return None
    wanted = select(Attachment).where(Attachment.case_id == case.id, Attachment.number == number, Attachment.removed_at.is_(None))
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def last_number(case: Case) -> int:
    """The number given last in the case; 0 when it has no attachment yet."""
    return db.session.scalar(select(func.max(Attachment.number)).where(Attachment.case_id == case.id)) or 0


def number_with(case: Case, sha256: str) -> int | None:
    """The attachment whose newest version has that content; None when there is none, or it has been removed."""
    return db.session.scalar(
        select(Attachment.number)
        .join(AttachmentVersion, AttachmentVersion.attachment_id == Attachment.id)
        .where(
            Attachment.case_id == case.id,
            Attachment.removed_at.is_(None),
            AttachmentVersion.version == Attachment.last_version,
            AttachmentVersion.sha256 == sha256,
        )
        .order_by(Attachment.number)
        .limit(1)
    )


def words_of(case_ids: Sequence[int]) -> dict[int, str]:
    """What attachments are called, and what is said of their newest versions: for finding their cases. Those removed are left out,
    and so is tender material: everybody who sees a case finds it by the same words."""
    statement = (
        select(Attachment.case_id, Attachment.title, AttachmentVersion.file_name, AttachmentVersion.note)
        .join(AttachmentVersion, AttachmentVersion.attachment_id == Attachment.id)
        .where(
            Attachment.case_id.in_(case_ids),
            Attachment.removed_at.is_(None),
            ~Attachment.tender_material,
            AttachmentVersion.version == Attachment.last_version,
        )
        .order_by(Attachment.number)
    )
    found: dict[int, list[str]] = {}
    for row in read(statement, {}):
        found.setdefault(row.case_id, []).append(" · ".join(part for part in (row.title, row.file_name, row.note) if part))
    return {case_id: "\n".join(words) for case_id, words in found.items()}


def waiting_for_scan(now: datetime) -> int | None:
    """The version that has waited longest for the scanner; None when none is due."""
    due = select(AttachmentVersion.id).where(AttachmentVersion.scan_due_at <= now)
    return db.session.scalar(due.order_by(AttachmentVersion.scan_due_at, AttachmentVersion.id).limit(1))


def stored() -> Sequence[Row[*tuple[Any, ...]]]:
    """Every content that the storage must have: `storage_key`, `sha256`, `size`, each once. For who looks after the server."""
    columns = ("storage_key", "sha256", "size")
    of_cases, of_threads = (select(*(getattr(table, name) for name in columns)) for table in (AttachmentVersion, SupportFile))
    return db.session.execute(of_cases.union(of_threads).order_by("storage_key")).all()
