"""Seals on documents: what was found on a file, and what it comes to. A seal is an advanced electronic seal in a PDF (PAdES baseline,
ETSI EN 319 142-1): level B-B, or B-T with a time stamp."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

NONE: Final = "none"
B_B: Final = "B-B"
B_T: Final = "B-T"
LEVELS: Final = (NONE, B_B, B_T)

SOUND: Final = "sound"
CHANGED: Final = "changed"
ADDED: Final = "added"
EXPIRED: Final = "expired"
UNTRUSTED: Final = "untrusted"
STANDINGS: Final = (SOUND, CHANGED, ADDED, EXPIRED, UNTRUSTED)

NO_PDF: Final = "no_pdf"
UNREADABLE: Final = "unreadable"
HEAVY: Final = "heavy"
BUSY: Final = "busy"
TROUBLES: Final = (NO_PDF, UNREADABLE, HEAVY, BUSY)


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal found on a file. `trusted`: the certificate leads to one that this service trusts, at the moment of the stamp or now."""

    by: str
    """Subject of the certificate."""
    issuer: str
    own: bool
    """Made with the very certificate with which this service seals now."""
    intact: bool
    """The bytes that it covers are those that were sealed."""
    valid: bool
    """The signature over them fits the certificate."""
    trusted: bool
    rooted: bool
    """The same, for some moment of the certificate's time."""
    whole: bool
    """It covers the whole file: nothing stands after it."""
    level: str
    """B-B or B-T."""
    valid_until: datetime
    """Of the certificate."""
    claimed_at: datetime | None = None
    """The moment that the sealing computer's clock said."""
    stamped_at: datetime | None = None
    """The moment of a time stamp that is trusted."""

    @property
    def at(self) -> datetime | None:
        return self.stamped_at or self.claimed_at


@dataclass(frozen=True, slots=True)
class Examined:
    """What reading a file found. `trouble`: one of TROUBLES, "" when it could be read."""

    seals: tuple[Seal, ...] = ()
    trouble: str = ""


def standing(seal: Seal, now: datetime) -> str:
    """One of STANDINGS. A seal is sound only when it is intact and valid and trusted and covers the whole file: a changed file may
    still have a signature that is valid in itself."""
    if not (seal.intact and seal.valid):
        return CHANGED
    if not seal.whole:
        return ADDED
    if seal.trusted:
        return SOUND
    return EXPIRED if seal.rooted and seal.valid_until < now else UNTRUSTED


def holds(issued_here: bool, examined: Examined, now: datetime) -> bool:
    """Whether nothing at all speaks against the file: this service issued these very bytes, and every seal on it is sound."""
    return issued_here and not examined.trouble and all(standing(seal, now) == SOUND for seal in examined.seals)
