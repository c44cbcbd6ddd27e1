"""Taking files into a case: looked through and kept first, while nothing is locked; then written into the case with its event."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO, Final

from sqlalchemy import select

from procure.attachments import content, queries
from procure.attachments.models import LONGEST_TITLE, Attachment, AttachmentVersion
from procure.cases.models import Case
from procure.cases.service import record, refresh_texts
from procure.catalogue import material
from procure.domain import attachments as rules
from procure.domain.attachments import CLEAN, INFECTED, LARGEST_FILE, MEGABYTE, MOST_ATTACHMENTS, MOST_VERSIONS, NOT_SCANNED
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra.db import db
from procure.infra.scanner import Scanner, ScannerAway, TooLargeToScan
from procure.infra.storage import Storage, StorageFailed, fingerprint

ADDED: Final = "attachment_added"
VERSION_ADDED: Final = "attachment_version_added"
REMOVED: Final = "attachment_removed"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that has been looked through and kept, and belongs to no case yet."""

    file_name: str
    media_type: str
    size: int
    sha256: str
    storage_key: str
    scan: str
    scan_again: bool
    """Whether the worker is to ask the scanner later."""


def receive(stream: BinaryIO, given_name: str, storage: Storage, scanner: Scanner | None) -> Arrived:
    """Look the file through and keep it. Slow, so no transaction may be open.

    Raises Refusal: `attachment_large`, `attachment_nameless`, `attachment_infected`, `storage_away`, and those of `content.kind_of`.
    A scanner that does not answer keeps nobody from working: the file counts as not scanned, and the worker asks again.
    """
    sha256, size = fingerprint(stream)
    if size > LARGEST_FILE:
        raise too_large()
    name = rules.clean_name(given_name)
    if not name:
        raise Refusal(Reason("attachment_nameless", target="file"))
    kind = content.kind_of(name, stream)
    scan, again = NOT_SCANNED, True
    if scanner is not None:
        try:
            verdict = scanner(stream)
            scan, again = CLEAN, False
            if not verdict.clean:
                raise Refusal(Reason("attachment_infected", {"malware": verdict.malware[:100]}, target="file"))
        except TooLargeToScan:
            again = False
        except ScannerAway:
            pass
    try:
        key = storage.put(stream)
    except StorageFailed as error:
        raise Refusal(Reason("storage_away", target="file")) from error
    return Arrived(name, kind.media_type, size, sha256, key, scan, again)


def too_large() -> Refusal:
    return Refusal(Reason("attachment_large", {"most": str(LARGEST_FILE // MEGABYTE)}, target="file"))


def add(
    case: Case, title: str, document: str, arrived: Arrived, by: Actor, today: date, now: datetime, tender_material: bool = False
) -> Attachment:  # fmt: skip
    """A new attachment with its first version; the case is locked. Raises Refusal: `attachment_sealed`, `attachment_known`,
    `attachments_many`.

    `tender_material`: it opens only after a declaration of interests; some kinds of documents always do (catalogue/material).
    """
    if document in material.catalogue().sealed:
        raise Refusal(Reason("attachment_sealed", target="document"))
    if (known := queries.number_with(case, arrived.sha256)) is not None:
        raise Refusal(Reason("attachment_known", {"number": str(known)}, target="file"))
    number = queries.last_number(case) + 1
    if number > MOST_ATTACHMENTS:
        raise Refusal(Reason("attachments_many", {"most": str(MOST_ATTACHMENTS)}))
    attachment = Attachment(
        case_id=case.id, number=number, title=" ".join(title.split())[:LONGEST_TITLE], document=document, stage=case.stage,
        tender_material=tender_material or document in material.catalogue().documents, last_version=0, removed_at=None,
        removed_by_id=None, removed_by="", removed_reason="",
    )  # fmt: skip
    db.session.add(attachment)
    db.session.flush()
    _add_version(attachment, arrived, "", by, now)
    record(case, ADDED, _payload(attachment, arrived) | {"stage": case.stage}, today, by, now)
    refresh_texts(case)
    return attachment


def add_version(
    case: Case, attachment: Attachment, note: str, arrived: Arrived, by: Actor, today: date, now: datetime
) -> AttachmentVersion:
    """A newer version; the earlier ones stay. The case is locked. Raises Refusal: `attachment_same`, `versions_many`."""
    newest = db.session.scalars(
        select(AttachmentVersion).where(
            AttachmentVersion.attachment_id == attachment.id, AttachmentVersion.version == attachment.last_version
        )
    ).one()
    if newest.sha256 == arrived.sha256:
        raise Refusal(Reason("attachment_same", {"version": str(newest.version)}, target="file"))
    if newest.version >= MOST_VERSIONS:
        raise Refusal(Reason("versions_many", {"most": str(MOST_VERSIONS)}, target="file"))
    version = _add_version(attachment, arrived, note.strip(), by, now)
    record(case, VERSION_ADDED, _payload(attachment, arrived) | _words(attachment, reason=note.strip()), today, by, now)
    refresh_texts(case)
    return version


def remove(case: Case, attachment: Attachment, reason: str, by: Actor, today: date, now: datetime) -> None:
    """Hide the attachment with all its versions; they stay in the storage. The case is locked. Raises Refusal: `reason_missing`."""
    if not reason.strip():
        raise Refusal(Reason("reason_missing", target="reason"))
    attachment.removed_at, attachment.removed_by_id, attachment.removed_by = now, by.id, by.name
    attachment.removed_reason = reason.strip()
    payload = named(attachment, attachment.last_version) | _words(attachment, reason=reason.strip())
    record(case, REMOVED, payload, today, by, now)
    refresh_texts(case)


def _add_version(attachment: Attachment, arrived: Arrived, note: str, by: Actor, now: datetime) -> AttachmentVersion:
    attachment.last_version += 1
    version = AttachmentVersion(
        attachment_id=attachment.id, version=attachment.last_version, file_name=arrived.file_name, media_type=arrived.media_type,
        size=arrived.size, sha256=arrived.sha256, storage_key=arrived.storage_key, note=note, uploaded_at=now, uploaded_by_id=by.id,
        uploaded_by=by.name, scan=arrived.scan, scanned_at=now if arrived.scan == CLEAN else None,
        scan_due_at=now if arrived.scan_again else None,
    )  # fmt: skip
    db.session.add(version)
    return version


def _payload(attachment: Attachment, arrived: Arrived) -> dict[str, Any]:
    facts = {"size": arrived.size, "sha256": arrived.sha256, "scan": arrived.scan}
    return named(attachment, attachment.last_version) | _words(attachment, name=arrived.file_name) | facts


def named(attachment: Attachment, version: int) -> dict[str, Any]:
    """How the log speaks of a file: of tender material by its number only, as everybody who sees the case reads the log."""
    if attachment.tender_material:
        return {"attachment": attachment.number, "version": version, "tender_material": True}
    return {"attachment": attachment.number, "version": version, "title": attachment.title}


def _words(attachment: Attachment, **words: str) -> dict[str, Any]:
    """File names and reasons for the log; of tender material they stand with the attachment only."""
    return {} if attachment.tender_material else dict(words)


def may_open(scan: str) -> bool:
    """Whether a file with that finding is given out."""
    return scan != INFECTED
