"""The answer in words, for the page and for the command alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.catalogue import documents as document_catalogue
from procure.domain import seals
from procure.domain.seals import Seal
from procure.verification.queries import DOSSIER, Known
from procure.verification.service import Answer
from procure.web.filters import day, moment

GREEN, YELLOW, RED = "green", "yellow", "red"

STANDINGS: Final[dict[str, tuple[Any, str, Any]]] = {
    seals.SOUND: (
        _l("The seal holds"), GREEN,
        _l("The file is exactly what was sealed: nothing has been changed, taken away or added since."),
    ),
    seals.CHANGED: (
        _l("The seal is broken"), RED,
        _l("The file has been changed after it was sealed, or the seal is not genuine. Do not rely on it."),
    ),
    seals.ADDED: (
        _l("Something has been added after the seal"), RED,
        _l("What was sealed is still in the file, but something stands after it that the seal does not cover. What you see may "
           "differ from what was sealed."),
    ),
    seals.EXPIRED: (
        _l("The certificate of the seal has expired"), YELLOW,
        _l("The file has not been changed since it was sealed, but no trusted time stamp proves that the certificate was still valid "
           "then."),
    ),
    seals.UNTRUSTED: (
        _l("The sealer is not known to this service"), YELLOW,
        _l("The file has not been changed since it was sealed, but anybody can make a seal with any name: this service does not "
           "trust the certificate behind it."),
    ),
}  # fmt: skip

TROUBLES: Final[dict[str, Any]] = {
    seals.NO_PDF: _l("The file is not a PDF, so there is no seal to look at."),
    seals.UNREADABLE: _l("The file cannot be read as a PDF, so whether it has a seal is not known."),
    seals.HEAVY: _l("Reading the file took too much time or memory, so whether it has a seal is not known."),
    seals.BUSY: _l("Other files are being checked just now, so the seal has not been looked at. Try again in a moment."),
}


@dataclass(frozen=True, slots=True)
class SealView:
    title: Any
    colour: str
    meaning: Any
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class View:
    """`colour` only repeats what `heading` says."""

    heading: str
    colour: str
    meaning: str
    facts: tuple[tuple[str, str], ...]
    newer: str
    seals: tuple[SealView, ...]
    without: str
    """Why there is no seal to tell of; "" when there is one."""
    sha256: str


def view(answer: Answer, language: str) -> View:
    heading, colour, meaning = _verdict(answer)
    known, examined = answer.known, answer.examined
    without = str(TROUBLES[examined.trouble]) if examined.trouble else "" if examined.seals else _no_seal(known is not None)
    return View(
        heading, colour, meaning, facts_of(known, language) if known else (), _newer(known) if known else "",
        tuple(_seal(one, answer.at) for one in examined.seals), without, answer.sha256,
    )  # fmt: skip


def _verdict(answer: Answer) -> tuple[str, str, str]:
    if answer.known is not None:
        return (
            _("This document was issued here"), GREEN,
            _("The file is, byte for byte, what this service issued: nothing in it has been changed."),
        )  # fmt: skip
    standings = {seals.standing(one, answer.at) for one in answer.examined.seals}
    if seals.CHANGED in standings or seals.ADDED in standings:
        return (
            _("This file is not as it was sealed"), RED,
            _("It is none of the files that this service has issued, and its seal shows that it has been changed. Ask the city for "
              "the document as it was issued."),
        )  # fmt: skip
    if standings == {seals.SOUND} and answer.examined.seals[-1].own:
        return (
            _("This service sealed the file but does not know it"), YELLOW,
            _("The seal is this service’s own and holds, but the service has no record of issuing the file. Ask the city about it."),
        )  # fmt: skip
    return (
        _("This service does not know the file"), YELLOW,
        _("It is none of the files that this service has issued. It may be a draft, a copy that a program has saved anew, a document "
          "made elsewhere, or a changed one: its look proves nothing. Ask the city for the file as it was issued, and check that one."),
    )  # fmt: skip


def facts_of(known: Known, language: str) -> tuple[tuple[str, str], ...]:
    """What is told of it: nothing of the case but what the document itself says."""
    name = _("Dossier") if known.what == DOSSIER else document_catalogue.catalogue().get(known.kind).name[language]
    rows = [(_("Document"), name), (_("Number"), known.number)]
    if known.version:
        rows.append((_("Version"), str(known.version)))
    return (*rows, (_("Issued"), day(known.issued_on)), (_("City"), known.city[language]))


def _newer(known: Known) -> str:
    if not known.newer:
        return ""
    if known.what == DOSSIER:
        return _("A newer dossier of the same case has been made since.")
    return _("A newer version has been issued since: ask the city for it.")


def _no_seal(issued_here: bool) -> str:
    if issued_here:
        return _(
            "The file has no seal. That it was issued here is known by its fingerprint alone, which only this service can tell."
        )
    return _("The file has no seal.")


def _seal(one: Seal, now: datetime) -> SealView:
    title, colour, meaning = STANDINGS[seals.standing(one, now)]
    facts = [(_("Sealed by"), one.by), (_("Certificate from"), one.issuer)] if one.by else []
    if one.stamped_at:
        facts.append((_("Sealed at"), _("%(when)s, by a trusted time stamp", when=moment(one.stamped_at))))
    elif one.claimed_at:
        facts.append((_("Sealed at"), _("%(when)s, by the clock of the sealer", when=moment(one.claimed_at))))
    if one.by:
        facts.append((_("Certificate valid until"), day(one.valid_until.date())))
        facts.append((_("Level"), f"PAdES {one.level}"))
    return SealView(title, colour, meaning, tuple(facts))
