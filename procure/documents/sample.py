"""A document that belongs to no case, so that a city sees its letterhead before anybody else does."""

from datetime import date
from typing import Final

from procure.catalogue import compositions, wording
from procure.catalogue import documents as document_catalogue
from procure.documents import letterheads
from procure.documents.parts import DocumentPage, Paragraph, Section, Text
from procure.documents.writer import day
from procure.domain import letterheads as rules
from procure.domain.language import Trilingual

OUTSIDE: Final = "tender_documents"
INTERNAL: Final = "needs_assessment"
SECTIONS: Final = 6


def page(letterhead: rules.Letterhead, city: Trilingual, language: str, outside: bool, today: date) -> DocumentPage:
    """A request for tenders, or an internal document with the small logo."""
    words = wording.catalogue()
    kind = OUTSIDE if outside else INTERNAL
    text = words.text("sample_text", language)
    parts = compositions.catalogue().get(OUTSIDE).parts[:SECTIONS]
    return DocumentPage(
        kind=kind, language=language, name=document_catalogue.catalogue().get(kind).name[language],
        title=Text((words.text("sample_title", language),), language), city=city[language], reference="ABC-2026-0001", status="",
        draft=False, dated=day(today, language), created=today.isoformat(),
        printed=words.text("printed", language, date=day(today, language)),
        facts=((words.text("label_city", language), city[language]), (words.text("label_number", language), "ABC-2026-0001")),
        sections=tuple(Section(part.heading[language], (Paragraph(text),)) for part in parts), sources=None, lead=text,
        letterhead=letterheads.laid_out(letterhead, city, language, outside),
    )  # fmt: skip
