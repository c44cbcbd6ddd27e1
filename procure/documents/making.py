"""From the material of a case to the document: the page, its HTML and its PDF."""

from dataclasses import dataclass
from datetime import date

from flask import current_app

from procure.documents import pages, service
from procure.documents.opinion import page as opinion_page
from procure.documents.parts import DocumentPage
from procure.documents.service import Material
from procure.infra import pdf
from procure.infra.pdf import Job
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
    return current_app.jinja_env.get_template("layouts/print.html").render(page=page)


def make(kind: str, material: Material, language: str, today: date) -> Document:
    """The document of that kind (service.kinds()) as PDF. Raises pdf.PdfFailed.

    The caller has checked that nothing is lacking (service.lacking) and that the person may read the case.
    """
    job = job_of(pages.page(kind, material, language, today))
    content = pdf.render(job.html, language=language, title=job.title)
    return Document(service.file_name(material.case.reference, kind, language), content)


def job_of(page: DocumentPage) -> Job:
    """All that the bytes of the page's PDF depend on."""
    return Job(html(page), page.language, page.window_title, ())


def opinion(issued: IssuedOpinion) -> Job:
    """An expert's opinion in the language in which it was written."""
    return job_of(opinion_page(issued, issued.language))
