"""Issuing a document: it gets a number, a version and a fingerprint, and its bytes and facts are kept as they are.

First everything is made while nobody waits (`prepare`, `print_out`), then it is written into the case with its event (`issue`), unless
something has changed meanwhile.
"""

import io
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from procure.cases.models import Case
from procure.cases.service import record
from procure.catalogue import documents as document_catalogue
from procure.catalogue import material as tender_material
from procure.documents import frozen, making, pages, queries, service
from procure.documents.models import IssuedDocument
from procure.documents.parts import DocumentPage
from procure.documents.service import Material
from procure.documents.writer import Writer
from procure.domain import compositions
from procure.domain.compositions import Change
from procure.domain.documents import ISSUED, document_number, subject_of
from procure.domain.letterheads import Logo
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra import pdf, seal
from procure.infra.db import db
from procure.infra.pdf import Job
from procure.infra.seal import Sealed
from procure.infra.storage import Storage, StorageFailed, fingerprint
from procure.questionnaires import casefiles

MADE_ELSEWHERE: Final = (service.OPINION,)
"""An opinion is issued by its expert, and not again by the city."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document about to be issued. `html`, `attachments` and `logo` are all that its bytes depend on."""

    kind: str
    language: str
    title: str
    window_title: str
    facts: dict[str, str]
    html: str
    attachments: tuple[pdf.Attachment, ...]
    file_name: str
    number: int
    of: int
    """Which of its kind."""
    about: str
    version: int
    shown: str
    """The number as it is spoken of."""
    at_sequence: int
    at_version: int
    """Of the words written for it."""
    on: date
    letterhead: int
    """The edition that it carries; 0 for none."""
    logo: Logo | None


@dataclass(frozen=True, slots=True)
class Printed:
    """Its bytes, as they stand in the storage."""

    prepared: Prepared
    size: int
    sha256: str
    storage_key: str
    sealed: Sealed


def check_issuer(kind: str, by: Actor) -> None:
    """Whether somebody of that role may issue it at all. Raises Refusal."""
    composition = service.composition_of(kind)
    if not by.may("document.issue") or (composition is not None and by.role not in composition.issued_by):
        raise Refusal(Reason("document_not_yours"))


def issued_already(case: Case, kind: str, of: int, language: str, page: DocumentPage) -> IssuedDocument | None:
    """The issued document in that language that says exactly this; None when there is none. `of`: which of its kind."""
    issued = queries.issued_of(case, kind, subject_of(of))
    latest = next((one for one in issued if one.language == language and one.version == issued[0].version), None)
    return latest if latest is not None and latest.facts == frozen.places_of(page) else None


def prepare(kind: str, material: Material, language: str, by: Actor, today: date) -> Prepared:
    """What is going to be issued, as it stands now. Raises Refusal: not theirs, something missing, or issued already."""
    check_issuer(kind, by)
    if kind in MADE_ELSEWHERE:
        raise Refusal(Reason("document_not_yours"))
    if material.written.set_aside:
        raise Refusal(Reason("document_aside"))
    if service.missing(kind, material):
        raise Refusal(Reason("document_incomplete"))
    page = pages.page(kind, material, language, today)
    if issued_already(material.case, kind, material.number, language, page) is not None:
        raise Refusal(Reason("document_issued_already"))
    number, version = queries.last_number(material.case) + 1, _version(kind, material, language, today)
    facts = frozen.places_of(page)
    marked = making.to_check(_marked(page, Writer(material, language, today), number, version, by))
    return Prepared(
        kind=kind, language=language, title=" ".join(page.title.paragraphs), window_title=marked.window_title, facts=facts,
        html=making.html(marked), attachments=_attachments(kind, material, marked, number, version, today),
        file_name=_file_name(material, kind, language, version), number=number, of=material.number, about=material.about,
        version=version, shown=document_number(material.case.reference, number), at_sequence=material.case.last_sequence,
        at_version=material.written.version, on=today, letterhead=page.letterhead.edition if page.letterhead else 0,
        logo=making.logo_of(page),
    )  # fmt: skip


def _version(kind: str, material: Material, language: str, today: date) -> int:
    """Another language of the same words is the same version; other words are the next one."""
    before = queries.issued_of(material.case, kind, subject_of(material.number))
    if not before:
        return 1
    newest = before[0]
    then = frozen.places_of(pages.page(kind, material, newest.language, today))
    same = newest.facts == then and not any(one.version == newest.version and one.language == language for one in before)
    return newest.version if same else newest.version + 1


def _marked(page: DocumentPage, writer: Writer, number: int, version: int, by: Actor) -> DocumentPage:
    """The same page with its number, version and who issued it in place of the marks of a draft."""
    word, reference = writer.word, writer.material.case.reference
    replaced = (word("label_status"), word("label_version"))
    rows = tuple(row for row in page.facts if row[0] not in replaced)
    marks = [(word("label_document"), document_number(reference, number)), (word("label_version"), str(version))]
    composition = service.composition_of(page.kind)
    if page.kind not in service.OUTSIDE and not (composition and composition.outside):
        marks.append((word("label_issued"), f"{writer.day(writer.today)}, {by.name}"))
    else:
        marks.append((word("label_issued"), writer.day(writer.today)))
    return replace(page, draft=False, status=word("answered"), facts=(*rows, *marks))


def _attachments(
    kind: str, material: Material, page: DocumentPage, number: int, version: int, today: date
) -> tuple[pdf.Attachment, ...]:
    """What it says, for machines; the case file only where nobody outside gets the document."""
    reference = material.case.reference
    says = pdf.Attachment(
        "document.json",
        frozen.as_file(page, document_number(reference, number), version, today.isoformat()),
        "Facts of this document",
    )
    composition = service.composition_of(kind)
    if kind in service.OUTSIDE or (composition and composition.outside):
        return (says,)
    whole = casefiles.written(material.case, material.answers).encode()
    return (says, pdf.Attachment("case.json", whole, "Case file"))


def _file_name(material: Material, kind: str, language: str, version: int) -> str:
    name = service.file_name(material.case.reference, kind, language, material.number)
    return f"{name.removesuffix('.pdf')}-v{version}-{language}.pdf"


def print_out(prepared: Prepared, storage: Storage) -> Printed:
    """Make the bytes, seal and keep them. Slow, so no transaction may be open. Raises PdfFailed, and Refusal: SealFailed, or
    `storage_away`."""
    try:
        pictures = making.pictures(prepared.logo, storage)
    except StorageFailed as error:
        raise Refusal(Reason("storage_away")) from error
    content = pdf.printed(Job(prepared.html, prepared.language, prepared.window_title, prepared.attachments, pictures))
    sealed = seal.seal(content, prepared.shown)
    stream = io.BytesIO(sealed.content)
    sha256, size = fingerprint(stream)
    try:
        key = storage.put(stream)
    except StorageFailed as error:
        raise Refusal(Reason("storage_away")) from error
    return Printed(prepared, size, sha256, key, sealed)


def issue(case: Case, printed: Printed, by: Actor, today: date, now: datetime) -> IssuedDocument:
    """The case is locked. Raises Refusal `document_moved`: it is another one now than when the document was made."""
    prepared = printed.prepared
    text = queries.text_of(case, prepared.kind, prepared.of)
    present = (case.last_sequence, queries.last_number(case) + 1, text.version if text else 0, today)
    if present != (prepared.at_sequence, prepared.number, prepared.at_version, prepared.on):
        raise Refusal(Reason("document_moved"))
    made = IssuedDocument(
        case_id=case.id, number=prepared.number, kind=prepared.kind, subject=subject_of(prepared.of), about=prepared.about,
        version=prepared.version, language=prepared.language,
        title=prepared.title, facts=prepared.facts, file_name=prepared.file_name, size=printed.size, sha256=printed.sha256,
        storage_key=printed.storage_key, at_sequence=prepared.at_sequence, issued_on=today, issued_at=now, issued_by_id=by.id,
        issued_by=by.name, letterhead=prepared.letterhead, **printed.sealed.row,
    )  # fmt: skip
    db.session.add(made)
    payload: dict[str, Any] = {
        "document": made.kind, "number": made.number, "version": made.version, "language": made.language, "sha256": made.sha256,
        "title": document_catalogue.catalogue().get(made.kind).name.en, **printed.sealed.told,
    }  # fmt: skip
    if made.letterhead:
        payload["letterhead"] = made.letterhead
    if service.repeats(made.kind):
        payload["of"] = prepared.of
        if made.about and made.kind not in tender_material.catalogue().shown_in:
            payload["about"] = made.about
    record(case, ISSUED, payload, today, by, now)
    db.session.flush()
    return made


def changed_since(issued: IssuedDocument, material: Material, today: date) -> tuple[Change, ...]:
    """What the case says otherwise now than the issued document does; nothing while it is up to date."""
    page = pages.page(issued.kind, material, issued.language, today)
    return compositions.differences(issued.facts, frozen.places_of(page))
