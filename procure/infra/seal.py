"""The only door to seals: a finished PDF in, the same PDF with a seal after it out; and any file in, what is found on it out.

pyHanko does both in processes of their own, which end with the work: loading it takes a second, a key never stands in the same process
as a stranger's file, and a hostile file fails alone. It is never imported here.
"""

import json
import logging
import os
import subprocess
import sys
import threading
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from procure.config import ROOT, Settings
from procure.domain import seals
from procure.domain.outcomes import Reason, Refusal
from procure.domain.seals import Examined, Seal
from procure.infra import certificate
from procure.infra.certificate import Certificate, CertificateUnusable

log = logging.getLogger("procure")

SEAL_SECONDS: Final = 60
READ_SECONDS: Final = 30
STAMP_SECONDS: Final = 10
"""How long the time stamp service may take."""
LIMIT_BYTES: Final = 1024 * 1024 * 1024
"""What one of the processes may allocate in all."""
MOST_READING: Final = 2
"""Files that are examined at the same time for one web process."""
PASSED_ON: Final = ("PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH")
"""Of the environment; the rest holds secrets that these processes need not know."""


class SealFailed(Refusal):
    """The document could not be sealed, and so is not to be issued; its sentence tells the person what to do. `reason`: one of
    CertificateUnusable's, `timestamp`, `time` or `broken`; the message is for whoever runs the service, without a secret."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(
            Reason(
                {"timestamp": "seal_timestamp", "time": "seal_failed", "broken": "seal_failed"}.get(reason, "seal_certificate")
            )
        )
        self.reason, self.message = reason, message

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Means:
    """What the settings say about seals."""

    certificate: Path | None = None
    password: str = field(default="", repr=False)
    timestamp_url: str = field(default="", repr=False)
    trust: Path | None = None
    place: str = ""
    """Where the document can be checked: stands in the seal."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A document with its seal, or as it was where there is no certificate. `level`: one of seals.LEVELS."""

    content: bytes
    level: str = seals.NONE
    by: str = ""
    at: datetime | None = None

    @property
    def row(self) -> dict[str, Any]:
        """As the columns of a table keep it."""
        return {"seal_level": self.level, "sealed_by": self.by, "sealed_at": self.at}

    @property
    def told(self) -> dict[str, str]:
        """As an event tells it."""
        if self.at is None:
            return {"seal": self.level}
        return {"seal": self.level, "sealed_by": self.by, "sealed_at": self.at.isoformat()}


_means = Means()


def means_of(settings: Settings) -> Means:
    return Means(
        Path(settings.seal_certificate) if settings.seal_certificate else None, settings.seal_password,
        settings.seal_timestamp_url, Path(settings.seal_trust) if settings.seal_trust else None, f"{settings.public_url}/verify",
    )  # fmt: skip


def use(means: Means) -> None:
    """From now on documents of this process are sealed so."""
    global _means
    _means = means


def address() -> str:
    """Where anybody checks a document."""
    return _means.place


def seal(content: bytes, reason: str) -> Sealed:
    """The PDF with its seal after it; as it is, with level `none`, where no certificate has been set up. `reason` stands in the seal:
    the document's number. Raises SealFailed. Slow: no transaction should be open."""
    return Sealed(content) if _means.certificate is None else sealed_with(_means, content, reason)


def sealed_with(means: Means, content: bytes, reason: str) -> Sealed:
    """As `seal`, for a certificate that has been set up. An empty content: a page made for a try."""
    try:
        assert means.certificate is not None
        archive = certificate.content_of(means.certificate)
        certificate.read(archive, means.password).check(datetime.now(UTC))
    except CertificateUnusable as error:
        raise SealFailed(error.reason, str(error)) from error
    order = {
        "archive": b64encode(archive).decode(), "password": means.password, "timestamp_url": means.timestamp_url,
        "timestamp_seconds": STAMP_SECONDS, "reason": reason, "location": means.place,
    }  # fmt: skip
    try:
        said, made = _ask("procure.infra.seal_worker", order, content, SEAL_SECONDS)
    except _Ended as error:
        log.error("seal failed %s", error)
        raise SealFailed("time" if error.slow else "broken", str(error)) from error
    if "failed" in said:
        log.error("seal failed %s %s", said["failed"], said["message"])
        raise SealFailed(said["failed"], said["message"])
    return Sealed(made, said["level"], said["by"], datetime.fromisoformat(said["at"]))


_reading = threading.BoundedSemaphore(MOST_READING)


def examine(content: bytes) -> Examined:
    """The seals on a file from anywhere, in the order in which they were made."""
    if b"%PDF-" not in content[:1024]:
        return Examined(trouble=seals.NO_PDF)
    own, anchors = _trusted(_means)
    order = {"own": b64encode(own).decode(), "anchors": [b64encode(one).decode() for one in anchors]}
    if not _reading.acquire(blocking=False):
        return Examined(trouble=seals.BUSY)
    try:
        said, _nothing = _ask("procure.infra.seal_reader", order, content, READ_SECONDS)
        return Examined(tuple(_seal(one) for one in said["seals"]), said["trouble"])
    except (_Ended, ValueError, KeyError, TypeError) as error:  # a file may have made the process say anything
        log.warning("file not examined: %s", error if isinstance(error, _Ended) else type(error).__name__)
        return Examined(trouble=seals.HEAVY)
    finally:
        _reading.release()


def _seal(one: dict[str, Any]) -> Seal:
    moments = {name: datetime.fromisoformat(one[name]) if one[name] else None for name in ("claimed_at", "stamped_at")}
    return Seal(**one | moments | {"valid_until": datetime.fromisoformat(one["valid_until"])})


def _trusted(means: Means) -> tuple[bytes, tuple[bytes, ...]]:
    """Our own certificate, and those in which trust begins: its issuers, itself when no issuer is known, and the roots set up."""
    own = b""
    anchors: tuple[bytes, ...] = ()
    try:
        if means.certificate is not None:
            found = _read(means, means.certificate.stat().st_mtime_ns)
            own, anchors = found.own, found.issuers or (found.own,)
        if means.trust is not None:
            anchors = (*anchors, *certificate.roots(means.trust))
    except (OSError, CertificateUnusable) as error:
        log.error("certificates cannot be read: %s", error)
    return own, anchors


@lru_cache(4)
def _read(means: Means, changed: int) -> Certificate:
    """Read anew when the file has been changed."""
    assert means.certificate is not None
    return certificate.read(certificate.content_of(means.certificate), means.password)


class _Ended(Exception):
    """The process ended without an answer."""

    def __init__(self, message: str, slow: bool = False) -> None:
        super().__init__(message)
        self.slow = slow


def _ask(module: str, order: dict[str, Any], content: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
    """One line of JSON and the file in, the same out; secrets go by this line alone, which nobody else sees. Raises _Ended."""
    command = [sys.executable, "-m", module, str(LIMIT_BYTES), str(seconds)]
    surroundings = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"LANG": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 (our own modules, and two numbers)
            command, input=json.dumps(order).encode() + b"\n" + content, cwd=ROOT, env=surroundings, timeout=seconds,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _Ended(f"over {seconds} s", slow=True) from None
    said, found, rest = done.stdout.partition(b"\n")
    if done.returncode or not found:
        raise _Ended(f"the process ended with {done.returncode}")
    return json.loads(said), rest
