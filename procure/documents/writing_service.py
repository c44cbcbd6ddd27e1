"""Writing the words of a composed document. Each save is one event with what was there before: no word is ever lost.

Of a kind that repeats a case has several, each with its own words. What shows tender material stands in rows of its own; the log, which
everybody reads who reads the case, has only its seal.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from procure.cases.models import Case
from procure.cases.service import record
from procure.catalogue import material as tender_material
from procure.documents import queries, service
from procure.documents.models import DocumentText, SealedWords
from procure.domain import compositions
from procure.domain.clauses import LEFT_OUT
from procure.domain.compositions import LONGEST_NAME, MOST_OF_KIND, Composition, Fields
from procure.domain.documents import SET_ASIDE, WRITTEN, subject_of
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra.db import db


class Overtaken(Refusal):
    """Somebody has saved the document since the page was opened: nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Who writes, and when."""

    by: Actor
    today: date
    now: datetime


def begin(case: Case, kind: str, about: str, by: Actor, today: date, now: datetime) -> DocumentText:
    """A further document of a kind that repeats; the case is locked. `about` tells it apart. Raises Refusal."""
    composition = _composition(kind)
    if not composition.repeats:
        raise KeyError(kind)
    number = queries.last_text(case, kind) + 1
    if number > MOST_OF_KIND:
        raise Refusal(Reason("document_kind_full", {"most": str(MOST_OF_KIND)}))
    text = DocumentText(case_id=case.id, kind=kind, number=number, version=0, about="", fields={})
    _save(case, composition, text, {}, _name(about, number, True), Moment(by, today, now))
    return text


def write(
    case: Case, kind: str, fields: Mapping[str, Any], seen: int, by: Actor, today: date, now: datetime, *,
    number: int = 1, about: str | None = None,
) -> DocumentText | None:  # fmt: skip
    """The document's words from now on; the case is locked. `seen`: the version that was on the screen. `about`: what tells it apart
    from others of its kind, None to leave that as it is.

    The same words sent again change nothing. None when nothing has ever been written. Raises Refusal, and Overtaken.
    """
    composition = _composition(kind)
    known = {field.id for field in composition.fields} | {LEFT_OUT}
    wanted = {field: value for field, value in fields.items() if field in known and compositions.is_given(value)}
    compositions.check_size(wanted)
    text = queries.text_of(case, kind, number)
    before, name = (text.fields, text.about) if text else ({}, "")
    if text is not None and text.set_aside_at is not None:
        raise Refusal(Reason("document_aside"))
    # words for fields that a later edition of the document no longer has stay where they are
    wanted = {field: value for field, value in before.items() if field not in known} | wanted
    named = name if about is None or not composition.repeats else _name(about, number, bool(name))
    if not compositions.changes(before, wanted) and named == name:
        return text
    if seen != (text.version if text else 0):
        raise Overtaken(Reason("document_overtaken", {"name": text.saved_by if text else ""}))
    if text is None:
        text = DocumentText(case_id=case.id, kind=kind, number=number, version=0, about="", fields={})
    _save(case, composition, text, wanted, named, Moment(by, today, now))
    return text


def set_aside(case: Case, kind: str, number: int, aside: bool, by: Actor, today: date, now: datetime) -> None:
    """A document begun by mistake counts no more, or does again; its words stay. The case is locked. Asked twice it changes nothing.

    Raises Refusal `document_issued_stays`: once issued it is part of the file.
    """
    text = queries.text_of(case, kind, number)
    if text is None:
        raise KeyError(kind)
    if aside and queries.issued_of(case, kind, subject_of(number)):
        raise Refusal(Reason("document_issued_stays"))
    if aside == (text.set_aside_at is not None):
        return
    text.set_aside_at = now if aside else None
    record(case, SET_ASIDE, {"document": kind, "of": number, "aside": aside}, today, by, now)
    db.session.flush()


def _composition(kind: str) -> Composition:
    composition = service.composition_of(kind)
    if composition is None:
        raise KeyError(kind)
    return composition


def _name(about: str, number: int, named: bool) -> str:
    """In one line. The first of its kind may do without until there are others."""
    found = " ".join(about.split())
    if not found and (named or number > 1):
        raise Refusal(Reason("document_unnamed", target="about"))
    if len(found) > LONGEST_NAME:
        raise Refusal(Reason("document_name_long", {"most": str(LONGEST_NAME)}, target="about"))
    return found


def _save(case: Case, composition: Composition, text: DocumentText, fields: Fields, about: str, at: Moment) -> None:
    payload: dict[str, Any] = {"document": text.kind, "edition": composition.edition}
    if composition.repeats:
        payload["of"] = text.number
    if text.kind in tender_material.catalogue().shown_in:
        payload["seal"] = _sealed(text, fields, about)
    else:
        payload["changes"] = compositions.changes(text.fields, fields)
        payload |= {"about": about} if about else {}
    db.session.add(text)
    text.fields, text.about, text.version, text.saved_at, text.saved_by = (
        dict(fields),
        about,
        text.version + 1,
        at.now,
        at.by.name,
    )
    record(case, WRITTEN, payload, at.today, at.by, at.now)
    db.session.flush()


def _sealed(text: DocumentText, fields: Fields, about: str) -> str:
    """The words in a row of their own, which opens with the document; the seal is for the log."""
    salt = secrets.token_hex(32)
    db.session.add(
        SealedWords(
            case_id=text.case_id, kind=text.kind, number=text.number, version=text.version + 1, about=about, fields=dict(fields),
            salt=salt,
        )
    )  # fmt: skip
    return compositions.seal_of(about, fields, salt)
