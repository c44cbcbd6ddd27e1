"""An expert's opinion as a document: made from what was issued alone, so that the same version gives the same bytes on any day."""

from typing import Final

from procure.catalogue import citations, organisations, wording
from procure.catalogue import documents as document_catalogue
from procure.documents.parts import Block, DocumentPage, Fact, Paragraph, Point, Points, Prose, Section, Text
from procure.documents.writer import day
from procure.domain.marking import marked
from procure.domain.support import OPINION_PARTS, shown_number
from procure.infra.clock import FINLAND
from procure.support.opinion_queries import IssuedOpinion

KIND: Final = "expert_opinion"


def page(opinion: IssuedOpinion, language: str) -> DocumentPage:
    """The opinion under headings in `language`; the expert's words as they were written."""
    words = wording.catalogue()
    issued_on = opinion.issued_at.astimezone(FINLAND).date()
    status = words.text("answered", language)
    return DocumentPage(
        kind=KIND,
        language=language,
        name=document_catalogue.catalogue().get(KIND).name[language],
        title=Text((opinion.title[language],), language),
        city=organisations.catalogue().network.name[language],  # whose experts advise; the city that asked is among the facts
        reference=opinion.reference or opinion.shown,
        status=status,
        draft=False,
        dated=day(issued_on, language),
        created=issued_on.isoformat(),
        printed=words.text("printed", language, date=day(issued_on, language)),
        facts=_letterhead(opinion, language, status),
        sections=_sections(opinion, language),
        sources=None,
        sources_heading=words.text("sources", language),
        lead=words.text("opinion_advice", language),
    )


def _letterhead(opinion: IssuedOpinion, language: str, status: str) -> tuple[tuple[str, str], ...]:
    words = wording.catalogue()
    asked = words.text("opinion_asked", language).lower()
    rows = (
        ("label_city", opinion.city[language]),
        ("label_number", opinion.reference),
        ("opinion_shown", opinion.shown),
        ("opinion_expert", opinion.expert),
        ("opinion_second_reader", opinion.second_reader),
        ("opinion_number", f"{shown_number(opinion.number)}, {asked} {day(opinion.asked_on, language)}"),
        ("opinion_asked_by", opinion.asked_by),
        ("label_status", status),
    )
    return tuple((words.text(label, language), value) for label, value in rows if value)


def _sections(opinion: IssuedOpinion, language: str) -> tuple[Section, ...]:
    """What changed first, as whoever has read the version before looks for it; then the parts."""
    words, content = wording.catalogue(), opinion.content
    found = []
    if opinion.version > 1:
        changed = Prose(Fact("", _typed(content.changed, opinion, language)))
        why = Prose(Fact(words.text("opinion_why", language), _typed(content.why, opinion, language)))
        found.append(Section(words.text("opinion_changed", language), (changed, why)))
    for part in OPINION_PARTS:
        if part == "limits" and content.confidence:
            reason = Prose(Fact("", _typed(content.confidence_reason, opinion, language)))
            level = Paragraph(words.text(f"confidence_{content.confidence}", language))
            found.append(Section(words.text("opinion_confidence", language), (level, reason)))
        blocks: tuple[Block, ...] = (Prose(Fact("", _typed(getattr(opinion.parts, part), opinion, language))),)
        if part == "opinion" and content.citations:
            blocks += (_citations(opinion, language),)
        found.append(Section(words.text(f"opinion_{part}", language), blocks))
    return tuple(found)


def _citations(opinion: IssuedOpinion, language: str) -> Points:
    chosen = citations.catalogue().chosen(opinion.content.citations)
    heading = wording.catalogue().text("opinion_citations", language, edition=opinion.citations_edition)
    return Points(heading, tuple(Point(citation.whole(language)) for citation in chosen))


def _typed(text: str, opinion: IssuedOpinion, language: str) -> Text:
    foreign = wording.catalogue().text(f"written_in_{opinion.language}", language) if opinion.language != language else ""
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    return Text(lines, opinion.language, foreign, marked=marked(text))
