"""The PDF of an opinion: made when it is issued, kept in the storage by the SHA-256 of its bytes, and given out as it was."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from flask import current_app

from procure.domain.outcomes import Reason, Refusal
from procure.infra import pdf, seal
from procure.infra.pdf import Job
from procure.infra.storage import Storage, StorageFailed, storage_at
from procure.support.models import SupportRequest
from procure.support.opinion_models import OpinionVersion
from procure.support.opinion_queries import IssuedOpinion, as_issued

log = logging.getLogger("procure")

PRINTERS: Final[dict[str, Callable[[IssuedOpinion], Job]]] = {}
"""Who says what is to be printed: the documents, which stand above the support, put themselves here at the start."""


class FileLost(Exception):
    """The storage does not give the PDF, or not as it was."""


class NotPrinted(Exception):
    """The opinion about to be issued has not been printed: nothing may be locked while that is done."""

    def __init__(self, job: Job, shown: str) -> None:
        super().__init__(shown)
        self.job, self.shown = job, shown


@dataclass(frozen=True, slots=True)
class _Kept:
    """A print in the storage, and what is to be noted of its seal."""

    sha256: str
    size: int
    sealed: Mapping[str, Any]


class Press:
    """Gives the print of an opinion about to be issued, if it has been made before: an opinion is printed and sealed while nothing is
    locked."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def __call__(self, request: SupportRequest, version: OpinionVersion) -> tuple[str, int]:
        """The SHA-256 of its PDF and its size; the seal is noted in the version. Raises NotPrinted."""
        issued = as_issued(request, version)
        job = job_of(issued)
        kept = self._kept.get(job.digest)
        if kept is None:
            raise NotPrinted(job, issued.shown)
        for column, value in kept.sealed.items():
            setattr(version, column, value)
        return kept.sha256, kept.size

    def keep(self, printed: NotPrinted, content: bytes) -> None:
        """Seal it and keep it for good. Raises Refusal, SealFailed among them: an opinion without its file is not issued."""
        sealed = seal.seal(content, printed.shown)
        try:
            key = _storage().put(BytesIO(sealed.content))
        except StorageFailed as failure:
            log.warning("an opinion is not kept: %s", failure)
            raise Refusal(Reason("opinion_file_failed")) from failure
        self._kept[printed.job.digest] = _Kept(key, len(sealed.content), sealed.row)


def job_of(issued: IssuedOpinion) -> Job:
    """What is to be printed. Raises PdfFailed."""
    return PRINTERS["documents"](issued)


def made(issued: IssuedOpinion) -> bytes:
    """The PDF made from what has been kept. Raises PdfFailed."""
    return pdf.printed(job_of(issued))


def file_of(issued: IssuedOpinion) -> bytes:
    """The PDF as it was issued. Raises FileLost."""
    try:
        with closing(_storage().open(issued.sha256)) as stream:
            content = stream.read()
    except StorageFailed as failure:
        raise FileLost(str(failure)) from failure
    if hashlib.sha256(content).hexdigest() != issued.sha256:
        raise FileLost(f"the file of {issued.shown} has changed")
    return content


def _storage() -> Storage:
    return storage_at(current_app.config["SETTINGS"].storage_url)
