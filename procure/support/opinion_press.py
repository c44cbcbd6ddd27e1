"""The PDF of an opinion: made when it is issued, kept in the storage by the SHA-256 of its bytes, and given out as it was."""

import hashlib
import logging
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from typing import Final

from flask import current_app

from procure.domain.outcomes import Reason, Refusal
from procure.infra import pdf
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


class Press:
    """Gives the print of an opinion about to be issued, if it has been made before: an opinion is printed while nothing is locked."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, int]] = {}

    def __call__(self, request: SupportRequest, version: OpinionVersion) -> tuple[str, int]:
        """The SHA-256 of its PDF and its size. Raises NotPrinted."""
        issued = as_issued(request, version)
        job = job_of(issued)
        if job.digest not in self._kept:
            raise NotPrinted(job, issued.shown)
        return self._kept[job.digest]

    def keep(self, job: Job, content: bytes) -> None:
        """Keep it for good. Raises Refusal: an opinion without its file is not issued."""
        try:
            self._kept[job.digest] = _storage().put(BytesIO(content)), len(content)
        except StorageFailed as failure:
            log.warning("an opinion is not kept: %s", failure)
            raise Refusal(Reason("opinion_file_failed")) from failure


def job_of(issued: IssuedOpinion) -> Job:
    return PRINTERS["documents"](issued)


def made(issued: IssuedOpinion) -> bytes:
    """The PDF made from what has been kept. Raises PdfFailed."""
    job = job_of(issued)
    return pdf.render(job.html, language=job.language, title=job.title)


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
