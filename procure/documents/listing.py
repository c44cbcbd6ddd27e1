"""The list of a case's documents: those made here with what each still lacks, and those that are made elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from procure.cases import pages as case_pages
from procure.cases.models import Case
from procure.cases.pages import OpenItem
from procure.cases.service import procedure_of
from procure.catalogue import documents as document_catalogue
from procure.documents import service
from procure.documents.service import Material
from procure.domain import opinions
from procure.domain.questions import Answers
from procure.domain.support import shown_number
from procure.support.opinion_queries import Advised
from procure.support.queries import OpenAdvice


@dataclass(frozen=True, slots=True)
class Issued:
    """An expert's opinion that can be printed."""

    number: int
    shown: str
    on: date
    name: str = ""
    """`AL-2026-0012/1`, the number under which its last version was issued."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document that is made here."""

    kind: str
    name: str
    citation: str
    lacking: tuple[OpenItem, ...]
    opinions: tuple[Issued, ...] = ()

    @property
    def ready(self) -> bool:
        return bool(self.opinions) if self.kind == service.OPINION else not self.lacking


@dataclass(frozen=True, slots=True)
class OtherDocument:
    """A document that a stage needs and that is made elsewhere."""

    name: str
    stage: str
    citation: str


def line(
    kind: str, case: Case, answers: Answers, advice: tuple[OpenAdvice, ...], language: str, advised: Sequence[Advised] = ()
) -> DocumentLine:  # fmt: skip
    """One document of the list. The newest opinion stands first. `advised`: the last version of each."""
    names = {found.request: (opinions.with_version(found.shown, found.version), found.version) for found in advised}
    places = case_pages.question_places(case.questionnaire_edition)
    record = document_catalogue.catalogue().get(kind)
    lacking = tuple(case_pages.open_item(places, question, language) for question in service.lacking(kind, answers))
    issued = tuple(
        Issued(request.number, shown_number(request.number), request.answered_on, *names.get(request.number, ()))
        for request in sorted(advice, key=lambda request: -request.number)
        if kind == service.OPINION and request.state == "answered" and request.answered_on
    )
    return DocumentLine(kind, record.name[language], record.citation, lacking, issued)


@dataclass(frozen=True, slots=True)
class MissingLine:
    """What a document lacks: an answer of the case with its place, or a field to be written."""

    label: str
    item: OpenItem | None = None
    field: str = ""


def missing(kind: str, material: Material, language: str) -> tuple[MissingLine, ...]:
    """What keeps the document a draft, each with where to mend it."""
    places = case_pages.question_places(material.case.questionnaire_edition)
    composition = service.composition_of(kind)
    found = []
    for lack in service.missing(kind, material):
        if lack.question:
            item = case_pages.open_item(places, lack.question, language)
            found.append(MissingLine(item.label, item))
        elif composition is not None:
            found.append(MissingLine(composition.field(lack.field).label[language], field=lack.field))
    return tuple(found)


def made_elsewhere(case: Case, language: str) -> tuple[OtherDocument, ...]:
    """Each once, under the first stage that names it."""
    catalogue = document_catalogue.catalogue()
    found: dict[str, OtherDocument] = {}
    for stage in procedure_of(case).stages:
        for kind in stage.documents:
            record = catalogue.get(kind)
            if kind not in service.kinds():
                found.setdefault(kind, OtherDocument(record.name[language], stage.name[language], record.citation))
    return tuple(found.values())
