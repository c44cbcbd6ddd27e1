"""The PDF of an opinion: made when it is issued, kept in the storage by the SHA-256 of its bytes, and given out as it was."""

import hashlib
import logging
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from typing import Final

from flask import current_app

from procure.domain.outcomes import Reason, Refusal
from procure.infra import seal
from procure.infra.pdf import PdfFailed
from procure.infra.storage import Storage, StorageFailed, storage_at
from procure.support.models import SupportRequest
from procure.support.opinion_models import OpinionVersion
from procure.support.opinion_queries import IssuedOpinion, as_issued

log = logging.getLogger("procure")

PRINTERS: Final[dict[str, Callable[[IssuedOpinion], bytes]]] = {}
"""Who makes the PDF: the documents, which stand above the support, put themselves here at the start. Raises PdfFailed."""


class FileLost(Exception):
    """The storage does not give the PDF, or not as it was."""


def press(request: SupportRequest, version: OpinionVersion) -> tuple[str, int]:
    """Make, seal and keep the PDF of a version about to be issued: its SHA-256 and size. The seal is noted in the version. Raises Refusal
    when it cannot be made, sealed (SealFailed) or kept: an opinion without its file is not issued."""
    try:
        issued = as_issued(request, version)
        sealed = seal.seal(made(issued), issued.shown)
        key = _storage().put(BytesIO(sealed.content))
    except (PdfFailed, StorageFailed) as failure:
        log.warning("opinion of %s not printed: %s", request.id, failure)
        raise Refusal(Reason("opinion_file_failed")) from failure
    for column, value in sealed.row.items():
        setattr(version, column, value)
    return key, len(sealed.content)


def made(issued: IssuedOpinion) -> bytes:
    """The PDF made from what has been kept. Raises PdfFailed."""
    return PRINTERS["documents"](issued)


def file_of(issued: IssuedOpinion) -> bytes:
    """The PDF as it was issued; made anew for an opinion from before files were kept. Raises FileLost or PdfFailed."""
    if not issued.sha256:
        return made(issued)
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
