"""Files of threads that could not be scanned when they came are scanned later, by the worker, as attachments are."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from sqlalchemy import select

from procure.attachments.scanning import LEASE, MOST_A_ROUND
from procure.domain.attachments import CLEAN, INFECTED
from procure.infra.db import db, let_go, writing
from procure.infra.scanner import Scanner, ScannerAway, TooLargeToScan
from procure.infra.storage import Storage, StorageFailed
from procure.support import talk_queries
from procure.support.models import SupportFile


def scan_waiting(
    storage: Storage, scanner: Scanner | None, now: Callable[[], datetime], stop: Callable[[], bool] = lambda: False
) -> tuple[str, str]:
    """As `scanning.scan_waiting`, for the files of threads: what was in the way and its detail, both empty when nothing was."""
    for _turn in range(MOST_A_ROUND):
        if scanner is None or stop() or (claimed := _claim(now())) is None:
            break
        file_id, key = claimed
        try:
            with closing(storage.open(key)) as stream:
                verdict = scanner(stream)
        except TooLargeToScan:
            _settle(file_id, None, now())
        except ScannerAway as error:
            return "the virus scanner does not answer", str(error)
        except StorageFailed as error:
            return "the storage does not give a file", str(error)
        else:
            _settle(file_id, CLEAN if verdict.clean else INFECTED, now())
    return "", ""


def _claim(now: datetime) -> tuple[int, str] | None:
    """The file that has waited longest, and where the storage has it. Ends the transaction."""
    wanted = talk_queries.waiting_for_scan(now)
    let_go()
    if wanted is None:
        return None  # most rounds end here, without having asked for the right to write
    with writing():
        due = select(SupportFile).where(SupportFile.id == wanted, SupportFile.scan_due_at <= now)
        file = db.session.scalar(due.with_for_update(skip_locked=True))
        if file is not None:
            file.scan_due_at = now + LEASE
        db.session.commit()
    return (file.id, file.storage_key) if file is not None else None


def _settle(file_id: int, finding: str | None, now: datetime) -> None:
    """Write down what was found: from then on an infected file is not given out. No finding: the scanner never takes such a file."""
    with writing():
        file = db.session.get_one(SupportFile, file_id, populate_existing=True)
        file.scan_due_at = None
        if finding is not None:
            file.scan, file.scanned_at = finding, now
        db.session.commit()
