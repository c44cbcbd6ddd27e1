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


def lines(
    case: Case, answers: Answers, advice: tuple[OpenAdvice, ...], language: str, advised: Sequence[Advised] = ()
) -> tuple[DocumentLine, ...]:  # fmt: skip
    return tuple(line(kind, case, answers, advice, language, advised) for kind in service.KINDS)


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


def made_elsewhere(case: Case, language: str) -> tuple[OtherDocument, ...]:
    """Each once, under the first stage that names it."""
    catalogue = document_catalogue.catalogue()
    found: dict[str, OtherDocument] = {}
    for stage in procedure_of(case).stages:
        for kind in stage.documents:
            record = catalogue.get(kind)
            if not record.made_here:
                found.setdefault(kind, OtherDocument(record.name[language], stage.name[language], record.citation))
    return tuple(found.values())
