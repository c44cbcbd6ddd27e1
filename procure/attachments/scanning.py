"""Files that could not be scanned when they came are scanned later, by the worker."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from procure.attachments import queries
from procure.attachments.models import Attachment, AttachmentVersion
from procure.attachments.service import named
from procure.cases.models import Case
from procure.cases.service import record
from procure.domain.attachments import CLEAN, INFECTED
from procure.domain.language import Trilingual
from procure.domain.permissions import Actor
from procure.infra.clock import FINLAND
from procure.infra.db import db, let_go, writing
from procure.infra.scanner import Scanner, ScannerAway, TooLargeToScan
from procure.infra.storage import Storage, StorageFailed

BLOCKED: Final = "attachment_blocked"
LEASE: Final = timedelta(minutes=10)
"""How long a file belongs to the worker that has claimed it; when the scanner is away, the file is due again after that."""
MOST_A_ROUND: Final = 50

SERVICE: Final = Actor(0, "Procure", "", "", 0, "", Trilingual("Procure", "Procure", "Procure"), "fi")
"""Who acts when nobody does: it is nobody's row in the database."""


def scan_waiting(
    storage: Storage, scanner: Scanner | None, now: Callable[[], datetime], stop: Callable[[], bool] = lambda: False
) -> tuple[str, str]:
    """Scan what is due, one file after another with nothing locked meanwhile. What was in the way and its detail, both empty when
    nothing was; then the round ends there. Without a scanner nothing is due."""
    for _turn in range(MOST_A_ROUND):
        if scanner is None or stop() or (claimed := _claim(now())) is None:
            break
        version_id, key = claimed
        try:
            with closing(storage.open(key)) as stream:
                verdict = scanner(stream)
        except TooLargeToScan:
            _settle(version_id, None, "", now())
        except ScannerAway as error:
            return "the virus scanner does not answer", str(error)
        except StorageFailed as error:
            return "the storage does not give a file", str(error)
        else:
            _settle(version_id, CLEAN if verdict.clean else INFECTED, verdict.malware, now())
    return "", ""


def _claim(now: datetime) -> tuple[int, str] | None:
    """The version that has waited longest, and where the storage has it. Ends the transaction."""
    wanted = queries.waiting_for_scan(now)
    let_go()
    if wanted is None:
        return None  # most rounds end here, without having asked for the right to write
    with writing():
        due = select(AttachmentVersion).where(AttachmentVersion.id == wanted, AttachmentVersion.scan_due_at <= now)
        version = db.session.scalar(due.with_for_update(skip_locked=True))
        if version is not None:
            version.scan_due_at = now + LEASE
        db.session.commit()
    return (version.id, version.storage_key) if version is not None else None


def _settle(version_id: int, finding: str | None, malware: str, now: datetime) -> None:
    """Write down what was found; malware is an event of the case too. No finding: the scanner does not take such a file, ever."""
    with writing():
        attachment_id, case_id = db.session.execute(
            select(Attachment.id, Attachment.case_id).join(AttachmentVersion).where(AttachmentVersion.id == version_id)
        ).one()
        locked = select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
        case = db.session.scalars(locked).one()
        version = db.session.get_one(AttachmentVersion, version_id, populate_existing=True)
        version.scan_due_at = None
        if finding is not None:
            version.scan, version.scanned_at = finding, now
        if finding == INFECTED:
            attachment = db.session.get_one(Attachment, attachment_id)
            payload = named(attachment, version.version) | {"sha256": version.sha256, "malware": malware[:100]}
            if not attachment.tender_material:
                payload["name"] = version.file_name
            record(case, BLOCKED, payload, now.astimezone(FINLAND).date(), SERVICE, now)
        db.session.commit()
