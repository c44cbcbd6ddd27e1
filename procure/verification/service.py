"""Checking a file that somebody has: was it issued here, and what do its seals say? Nothing of the file is kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete

from procure.accounts.service import network_subject
from procure.domain import seals
from procure.domain.attachments import MEGABYTE
from procure.domain.outcomes import Reason, Refusal
from procure.domain.seals import Examined
from procure.infra import seal
from procure.infra.db import db, let_go
from procure.verification import queries
from procure.verification.models import VerificationTry
from procure.verification.queries import Known

LARGEST_FILE: Final = 20 * MEGABYTE
"""On the page, in bytes; `procure verify-document` takes any."""
WINDOW: Final = timedelta(minutes=15)
TRIES_PER_NETWORK: Final = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found about a file. `holds`: nothing at all speaks against it."""

    sha256: str
    known: Known | None
    examined: Examined
    at: datetime
    holds: bool


def count(network_address: str, now: datetime) -> None:
    """Count a file before it is looked at; committed here, as the page keeps nothing else. Raises Refusal `verify_too_often` from the
    thirty-first within 15 minutes on."""
    subject = network_subject(network_address)
    if queries.tries(subject, now, WINDOW) >= TRIES_PER_NETWORK:
        raise Refusal(Reason("verify_too_often", {"minutes": str(int(WINDOW.total_seconds() // 60))}, target="file"))
    db.session.execute(delete(VerificationTry).where(VerificationTry.at <= now - WINDOW))
    db.session.add(VerificationTry(subject=subject, at=now))
    db.session.commit()


def verify(content: bytes, now: datetime) -> Answer:
    """What is known of these bytes. Slow: ends the transaction before the seals are looked at."""
    sha256 = hashlib.sha256(content).hexdigest()
    known = queries.known(sha256)
    let_go()
    examined = seal.examine(content)
    return Answer(sha256, known, examined, now, seals.holds(known is not None, examined, now))
