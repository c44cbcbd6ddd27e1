"""Keeping a city's letterhead. Each saving is the next edition; nothing that was there before is changed.

A logo is looked through, drawn anew and kept first, while nothing is locked; then the edition is written with the city locked, so that
of two who save at once the second is told.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Final

from procure.accounts.queries import lock_city
from procure.attachments import content
from procure.domain import letterheads as rules
from procure.domain.attachments import clean_name, ending_of
from procure.domain.letterheads import LARGEST_LOGO, Letterhead, Logo
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra import pictures
from procure.infra.db import db
from procure.infra.scanner import Scanner, ScannerAway, TooLargeToScan
from procure.infra.storage import Storage, StorageFailed, fingerprint
from procure.letterheads import queries
from procure.letterheads.models import CityLetterhead

ENDINGS: Final = ("png", "jpg", "jpeg")
LONGEST_SIDE: Final = 900
"""Pixels of a logo as it is kept: 62 mm at more than 360 to the inch."""
MOST_EDITIONS: Final = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """A letterhead as its city wants it from `valid_from` on."""

    words: Mapping[str, Mapping[str, str]]
    facts: Mapping[str, str]
    both_names: bool
    logo: Logo | None
    valid_from: date


def receive_logo(stream: BinaryIO, given_name: str, storage: Storage, scanner: Scanner | None) -> Logo:
    """Look the picture through, draw it anew and keep that. Slow, so no transaction may be open.

    Raises Refusal: `logo_large`, `logo_kind` (no PNG or JPEG, or not what its name says), `logo_sides`, `attachment_infected`,
    `storage_away`.
    """
    if fingerprint(stream)[1] > LARGEST_LOGO:
        raise too_large()
    _check_kind(clean_name(given_name), stream)
    _scan(stream, scanner)
    try:
        picture = pictures.remade(stream, rules.check_sides, LONGEST_SIDE)
    except pictures.PictureBroken as error:
        raise _wrong("logo_kind") from error
    return keep_logo(picture, storage)


def keep_logo(picture: pictures.Picture, storage: Storage) -> Logo:
    """Raises Refusal `storage_away`."""
    kept = io.BytesIO(picture.content)
    sha256, size = fingerprint(kept)
    try:
        key = storage.put(kept)
    except StorageFailed as error:
        raise _wrong("storage_away") from error
    return Logo(sha256, key, picture.width, picture.height, size)


def too_large() -> Refusal:
    return _wrong("logo_large", most=str(LARGEST_LOGO // 1024))


def _wrong(code: str, **parameters: str) -> Refusal:
    return Refusal(Reason(code, parameters, target="logo"))


def _check_kind(name: str, stream: BinaryIO) -> None:
    """What attachments are asked: name and content agree, and the file is not two things at once."""
    if ending_of(name) not in ENDINGS:
        raise _wrong("logo_kind")
    try:
        content.kind_of(name, stream)
    except Refusal as refusal:
        raise _wrong("logo_kind") from refusal


def _scan(stream: BinaryIO, scanner: Scanner | None) -> None:
    """What is kept is drawn anew, so that a scanner that does not answer keeps nobody from working."""
    if scanner is None:
        return
    try:
        verdict = scanner(stream)
    except (TooLargeToScan, ScannerAway):
        return
    if not verdict.clean:
        raise _wrong("attachment_infected", malware=verdict.malware[:100])


def save(wanted: Wanted, seen: int, by: Actor, today: date, now: datetime) -> CityLetterhead | None:
    """The city's next edition; one that changes nothing is none, and the last one stays. None where there is still none at all.

    `seen`: the edition that was on the screen, 0 for none. Raises Refusal with every reason; `letterhead_overtaken` when somebody
    else has saved one meanwhile.
    """
    words, facts = rules.tidied(wanted.words, wanted.facts)
    rules.check(facts, wanted.valid_from, today)
    lock_city(by.organisation_id)
    last = queries.last_of(by.organisation_id)
    made = Letterhead(last.edition + 1 if last else 1, wanted.valid_from, words, facts, wanted.both_names, wanted.logo)
    if _says_nothing_new(made, by):
        return last
    if seen != (last.edition if last else 0):
        raise Refusal(Reason("letterhead_overtaken", {"name": last.saved_by if last else ""}))
    if made.edition > MOST_EDITIONS:
        raise Refusal(Reason("editions_many", {"most": str(MOST_EDITIONS)}))
    return add(made, by.organisation_id, by, now)


def _says_nothing_new(made: Letterhead, by: Actor) -> bool:
    """Whether the city's documents would look the same with it on every day."""
    held = rules.holding(queries.editions_of(by.organisation_id), made.valid_from)
    if held is None:
        return made.empty
    return (made.words, made.facts, made.both_names, made.logo) == (held.words, held.facts, held.both_names, held.logo)


def add(made: Letterhead, organisation_id: int, by: Actor, now: datetime) -> CityLetterhead:
    """Write that edition. Whoever calls has checked it."""
    logo = made.logo or Logo("", "", 0, 0, 0)
    row = CityLetterhead(
        organisation_id=organisation_id, edition=made.edition, valid_from=made.valid_from, words=dict(made.words), facts=dict(made.facts),
        both_names=made.both_names, logo_sha256=logo.sha256, logo_key=logo.storage_key, logo_width=logo.width, logo_height=logo.height,
        logo_size=logo.size, saved_at=now, saved_by_id=by.id, saved_by=by.name,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row
