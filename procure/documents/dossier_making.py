"""Making the dossiers that have been asked for: gathered, packed and bound in the background, kept in the storage, told in the case's log.

A dossier is claimed for a while, gathered at one moment, made while nothing is locked, and written down with its event. Whoever dies in
between leaves it to the next process, up to `MOST_TRIES` times.
"""

import hashlib
import logging
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from typing import IO, Any, Final

from flask_babel import force_locale

from procure.accounts import queries as accounts
from procure.cases import queries as cases
from procure.cases.service import record
from procure.documents import dossier_contents, dossier_paper, dossier_queries
from procure.documents.dossier_contents import Contents, Piece
from procure.documents.dossier_models import Dossier
from procure.domain import dossiers
from procure.domain.dossiers import LEASE, MADE, MOST_TRIES, Entry
from procure.domain.language import LOCALES
from procure.domain.leases import FAILED, MAKING, READY
from procure.infra import binding, leases, seal
from procure.infra.binding import NotBound
from procure.infra.clock import FINLAND
from procure.infra.db import db, let_go, writing
from procure.infra.pdf import PdfFailed
from procure.infra.seal import Sealed, SealFailed
from procure.infra.storage import PIECE, Storage, StorageFailed
from procure.support import opinion_press

log = logging.getLogger("procure")

MOST_A_ROUND: Final = 5
IN_MEMORY: Final = 8 * 1024 * 1024
"""Of a ZIP being made; larger ones are on the disk meanwhile."""
UNDATED: Final = (2000, 1, 1, 0, 0, 0)
"""Files in the ZIP carry no moment of their own, so that the same contents give the same bytes; the manifest has the dates."""
PACKED: Final = ("case_file", "history", "history_table", "results", "readme", "communications", "notes", dossiers.THREAD)
"""Kinds that packing makes smaller; PDF and attachments are packed already."""


@dataclass(frozen=True, slots=True)
class Made:
    """What stands in the storage now."""

    contents: Contents
    files: int
    zip_sha256: str
    zip_size: int
    pdf_sha256: str
    pdf_size: int
    pdf_pages: int
    sealed: Sealed


def make_due(storage: Storage, now: Callable[[], datetime], stop: Callable[[], bool] = lambda: False) -> tuple[str, str]:
    """Make what is due, one after another. What was in the way and its detail, both empty when nothing was."""
    for _turn in range(MOST_A_ROUND):
        if stop() or (claimed := _claim(now())) is None:
            break
        try:
            made = _make(claimed, storage, now)
            if made is None or not _settle(claimed, made, now()):
                _give_up(claimed, "person")
        except StorageFailed as error:
            _again(claimed, "storage", now())
            return "the storage does not take or give a file of a dossier", str(error)
        except SealFailed as error:
            _again(claimed, "seal", now())
            return "a dossier cannot be sealed", str(error)
        except (PdfFailed, NotBound, opinion_press.FileLost) as error:
            log.warning("dossier %s failed: %s", claimed, error)
            _again(claimed, "pdf", now())
    return "", ""


def _claim(now: datetime) -> int | None:
    """The dossier that has waited longest, for this process alone while the lease lasts. Ends the transaction."""
    wanted = dossier_queries.due(now)
    let_go()
    if wanted is None:
        return None  # most rounds end here, without having asked for the right to write
    with writing():
        dossier = leases.take(Dossier, wanted, now, LEASE, MOST_TRIES)
        if dossier is not None:
            dossier.done = 0
        db.session.commit()
    return dossier.id if dossier is not None and dossier.state == MAKING else None


def _make(dossier_id: int, storage: Storage, now: Callable[[], datetime]) -> Made | None:
    """Both files, in the storage; None when the person who asked may not read the case any more."""
    dossier = db.session.get_one(Dossier, dossier_id)
    with force_locale(LOCALES[dossier.language]):
        contents = _gathered(dossier, now())
        let_go()
        if contents is None:
            return None
        parts = 2 * len(contents.bound) + len(contents.chapters) + dossier_paper.history_parts(contents)
        steps = _Steps(dossier_id, len(contents.pieces) + parts + 3, now)
        history = dossier_paper.history(contents, steps)
        as_pdf = Piece(Entry(dossiers.HISTORY_PDF, "history_pdf"), binding.bound(history[0], history[1:]))
        contents = replace(contents, pieces=(*contents.pieces, as_pdf))
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as archive:
            files = _pack(contents, archive, storage, steps)
            zip_size = archive.tell()
            zip_sha256 = storage.put(archive)  # type: ignore[arg-type]
        steps()

        def content_of(piece: Piece) -> bytes:
            steps()
            return _content(piece, storage)

        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as paper:
            pages = dossier_paper.bound(contents, history, content_of, steps, paper)  # type: ignore[arg-type]
            paper.seek(0)
            sealed = seal.seal(paper.read(), dossiers.shown(contents.standing.reference, dossier.number))
        pdf_sha256 = storage.put(BytesIO(sealed.content))
        return Made(contents, files, zip_sha256, zip_size, pdf_sha256, len(sealed.content), pages, sealed)


def _gathered(dossier: Dossier, now: datetime) -> Contents | None:
    """The contents as they are at this moment, with the case locked for as long as that takes."""
    by = accounts.actor(dossier.asked_by_id)
    reference = dossier_queries.reference_of(dossier)
    let_go()
    with writing():
        case = cases.case_to_change(by, reference) if by is not None else None
        if case is None or by is None:
            return None
        return dossier_contents.gather(case, dossier, by, _day(now), now)


def _day(now: datetime) -> date:
    return now.astimezone(FINLAND).date()


def _content(piece: Piece, storage: Storage) -> bytes:
    if piece.opinion is not None:
        return opinion_press.made(piece.opinion)
    if not piece.key:
        return piece.content
    with closing(storage.open(piece.key)) as stream:
        return stream.read()


def _pack(contents: Contents, archive: IO[bytes], storage: Storage, step: Callable[[], None]) -> int:
    """Write the ZIP, the manifest last. How many files are in it beside the manifest. Raises StorageFailed."""
    rows: list[dict[str, Any]] = []
    with zipfile.ZipFile(archive, "w") as packed:
        for piece in contents.pieces:
            digest, size = hashlib.sha256(), 0
            source = storage.open(piece.key) if piece.key else BytesIO(_content(piece, storage))
            with closing(source), packed.open(_named(piece.entry.path, piece.entry.kind), "w", force_zip64=True) as target:
                while read := source.read(PIECE):
                    digest.update(read)
                    size += len(read)
                    target.write(read)
            if piece.key and digest.hexdigest() != piece.key:
                raise StorageFailed(f"{piece.key[:12]} is not what was kept")
            rows.append(piece.entry.row(digest.hexdigest(), size))
            step()
        packed.writestr(_named(dossiers.MANIFEST, "readme"), dossiers.manifest(contents.standing, rows))
    return len(rows)


def _named(path: str, kind: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, UNDATED)
    info.compress_type = zipfile.ZIP_DEFLATED if kind in PACKED else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    return info


class _Steps:
    """Notes how far the dossier is, so that the page can tell; at most once a second, and with a longer lease each time."""

    def __init__(self, dossier_id: int, steps: int, now: Callable[[], datetime]) -> None:
        self._id, self._steps, self._now, self._done = dossier_id, steps, now, 0
        self._told: datetime | None = None

    def __call__(self) -> None:
        self._done += 1
        now = self._now()
        if self._told is not None and (now - self._told).total_seconds() < 1:
            return
        self._told = now
        with writing():
            dossier = db.session.get_one(Dossier, self._id, populate_existing=True)
            dossier.done, dossier.steps, dossier.due_at = min(self._done, self._steps), self._steps, now + LEASE
            db.session.commit()


def _settle(dossier_id: int, made: Made, now: datetime) -> bool:
    """Write down what was made, with its event; False when the person who asked may not read the case any more."""
    with writing():
        dossier = db.session.get_one(Dossier, dossier_id, populate_existing=True)
        by = accounts.actor(dossier.asked_by_id)
        case = cases.case_to_change(by, made.contents.standing.reference) if by is not None else None
        if case is None or by is None:
            let_go()
            return False
        standing = made.contents.standing
        dossier.done, dossier.due_at, dossier.trouble, dossier.made_at = dossier.steps, None, "", now
        dossier.at_sequence, dossier.tender_material = standing.events, standing.tender_material
        dossier.files, dossier.left_out = made.files, len(standing.left_out)
        dossier.zip_size, dossier.zip_sha256 = made.zip_size, made.zip_sha256
        dossier.pdf_size, dossier.pdf_sha256, dossier.pdf_pages = made.pdf_size, made.pdf_sha256, made.pdf_pages
        for column, value in made.sealed.row.items():
            setattr(dossier, column, value)
        dossier.state = READY
        payload = {
            "dossier": dossier.number, "events": standing.events, "files": made.files, "sha256": made.zip_sha256,
            "pdf_sha256": made.pdf_sha256, "tender_material": standing.tender_material, **made.sealed.told,
        }  # fmt: skip
        record(case, MADE, payload, _day(now), by, now)
        db.session.commit()
    return True


def _again(dossier_id: int, trouble: str, now: datetime) -> None:
    """It is due once more after a while, unless it has been tried often enough."""
    let_go()
    with writing():
        dossier = db.session.get_one(Dossier, dossier_id, populate_existing=True)
        leases.again(dossier, trouble, now, LEASE / 10 * dossier.tries, MOST_TRIES)
        db.session.commit()


def _give_up(dossier_id: int, trouble: str) -> None:
    with writing():
        dossier = db.session.get_one(Dossier, dossier_id, populate_existing=True)
        dossier.trouble, dossier.state, dossier.due_at = trouble, FAILED, None
        db.session.commit()
