"""From the material of a case to the document: the page, its HTML and its PDF."""

import hashlib
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

from flask import current_app

from procure.catalogue import wording
from procure.documents import pages, service
from procure.documents import word as word_document
from procure.documents.opinion import page as opinion_page
from procure.documents.parts import DocumentPage
from procure.documents.service import Material
from procure.domain.letterheads import Logo
from procure.infra import pdf, seal
from procure.infra.pdf import Job
from procure.infra.storage import Storage, StorageFailed, storage_at
from procure.support.opinion_queries import IssuedOpinion


@dataclass(frozen=True, slots=True)
class Document:
    """A finished document: its file name, and the PDF. The same facts on the same day give the same bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Printable:
    """A document that can be printed: its file name, and all that its bytes depend on."""

    name: str
    job: Job


def html(page: DocumentPage) -> str:
    """The whole document as HTML. Rendered without the surroundings of a web page: a command has none."""
    logo = logo_of(page)
    address = pdf.Picture(_name(logo), b"").address if logo else ""
    return current_app.jinja_env.get_template("layouts/print.html").render(page=page, logo_address=address)


def logo_of(page: DocumentPage) -> Logo | None:
    return page.letterhead.logo if page.letterhead else None


def pictures(logo: Logo | None, storage: Storage) -> tuple[pdf.Picture, ...]:
    """What the PDF shows besides our own: the logo as it was kept. Raises StorageFailed, also when it is another now."""
    if logo is None:
        return ()
    with closing(storage.open(logo.storage_key)) as stream:
        content = stream.read()
    if hashlib.sha256(content).hexdigest() != logo.sha256:
        raise StorageFailed(f"the logo {logo.sha256[:12]} has been changed")
    return (pdf.Picture(_name(logo), content),)


def _name(logo: Logo) -> str:
    return f"{logo.sha256}.png"


def make(kind: str, material: Material, language: str, today: date) -> Document:
    """The document of that kind (service.kinds()) as PDF. Raises pdf.PdfFailed.

    The caller has checked that nothing is lacking (service.lacking) and that the person may read the case.
    """
    content = printed(pages.page(kind, material, language, today))
    return Document(service.file_name(material.case.reference, kind, language, material.number), content)


def job_of(page: DocumentPage) -> Job:
    """All that the bytes of the page's PDF depend on. Raises pdf.PdfFailed when the storage does not give the logo."""
    try:
        shown = pictures(logo_of(page), storage_at(current_app.config["SETTINGS"].storage_url))
    except StorageFailed as error:
        raise pdf.PdfFailed("logo", str(error)) from error
    return Job(html(page), page.language, page.window_title, pictures=shown)


def printed(page: DocumentPage) -> bytes:
    """The PDF of a page. Raises pdf.PdfFailed, also when the storage does not give the logo."""
    return pdf.printed(job_of(page))


def to_check(page: DocumentPage) -> DocumentPage:
    """The same page about to be issued: the foot of each sheet says where anybody can check it."""
    where = wording.catalogue().text("check_at", page.language, address=seal.address())
    return replace(page, printed=f"{page.printed}\n{where}")


def word(kind: str, material: Material, language: str, today: date) -> Document:
    """The same as `make` as a Word file, for a kind of service.working_kinds()."""
    page = pages.page(kind, material, language, today)
    return Document(service.file_name(material.case.reference, kind, language, material.number, "docx"), word_document.made(page))


def opinion(issued: IssuedOpinion) -> Job:
    """An expert's opinion in the language in which it was written."""
    return job_of(to_check(opinion_page(issued, issued.language)))
