"""What is to be printed, packed so that any process can print it."""

import base64
import hashlib
import json
import zlib
from functools import cache
from importlib.metadata import version
from typing import Any

from procure.config import ROOT
from procure.infra.pdf import Attachment, Job, Picture

PRESS = ("procure/static/print.css", "procure/infra/pdf_worker.py", "procure/infra/hyphenation.py")


def packed(values: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(values).encode())


def unpacked(source: bytes) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(zlib.decompress(source))
    return values


def attachments(given: tuple[Attachment, ...]) -> list[list[str]]:
    return [[one.name, base64.b64encode(one.content).decode(), one.description] for one in given]


def attachments_of(rows: list[list[str]]) -> tuple[Attachment, ...]:
    return tuple(Attachment(name, base64.b64decode(content), description) for name, content, description in rows)


def of_job(job: Job) -> bytes:
    pictures = [[one.name, base64.b64encode(one.content).decode(), one.media_type] for one in job.pictures]
    return packed(
        {
            "html": job.html, "language": job.language, "title": job.title, "attachments": attachments(job.attachments),
            "pictures": pictures,
        }
    )  # fmt: skip


def job_of(source: bytes) -> Job:
    values = unpacked(source)
    pictures = tuple(Picture(name, base64.b64decode(content), kind) for name, content, kind in values["pictures"])
    return Job(values["html"], values["language"], values["title"], attachments_of(values["attachments"]), pictures)


def digest(*parts: str) -> str:
    """The same for the same bytes: of the parts and of everything else that shapes a document, so that a new edition prints anew."""
    found = hashlib.sha256(_press())
    for part in parts:
        found.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
    return found.hexdigest()


@cache
def _press() -> bytes:
    found = hashlib.sha256(version("weasyprint").encode())
    for name in PRESS:
        found.update((ROOT / name).read_bytes())
    return found.digest()
