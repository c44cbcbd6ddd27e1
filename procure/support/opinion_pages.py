"""What the pages of opinions need, as frozen records: the templates decide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from procure.accounts.models import Person
from procure.cases.advised import Note
from procure.cases.models import Case
from procure.catalogue import citations, topics
from procure.domain import opinions, support
from procure.domain.opinions import Content, SecondReading
from procure.domain.permissions import Actor
from procure.support.models import SupportRequest, SupportReview
from procure.support.opinion_models import OpinionDraft, OpinionVersion
from procure.support.opinion_queries import Advised, ToRead, advised_in, content_of
from procure.support.pages import PARTS, paragraphs, topic_name
from procure.support.queries import Seen

CONFIDENCES: Final = {"low": _l("Low"), "medium": _l("Medium"), "high": _l("High")}
OUTCOMES: Final = {
    "followed": _l("Followed"), "partly": _l("Followed in part"), "not_followed": _l("Not followed"), "": _l("Not marked yet"),
}  # fmt: skip
OUTCOME_COLOURS: Final = {"followed": "green", "partly": "yellow", "not_followed": "red", "": "grey"}
MARKS: Final = {"useful": _l("Useful"), "clear": _l("Clear"), "in_time": _l("In time")}
ROLES: Final = {"expert": _l("expert"), "coordinator": _l("coordinator")}
READINGS: Final = {
    "none": _l("Nobody has been asked yet"), "asked": _l("Asked: has not declared interests yet"), "reading": _l("Reading"),
    "declined": _l("Has a conflict of interest"), "returned": _l("Returned with remarks"), "agreed": _l("Agreed"),
    "stale": _l("Agreed, but the text has changed since"),
}  # fmt: skip
READING_COLOURS: Final = {"none": "grey", "declined": "red", "returned": "yellow", "agreed": "green", "stale": "yellow"}


@dataclass(frozen=True, slots=True)
class Words:
    """What an opinion says, ready to be laid out."""

    parts: tuple[tuple[Any, tuple[str, ...]], ...]
    citations: tuple[str, ...]
    confidence: Any
    confidence_reason: tuple[str, ...]
    changed: tuple[str, ...]
    why: tuple[str, ...]


def words(content: Content, language: str) -> Words:
    """`language`: that of the citations' headings; what the expert wrote stands as it is."""
    return Words(
        parts=tuple((PARTS[part], paragraphs(getattr(content.parts, part))) for part in support.OPINION_PARTS),
        citations=tuple(citation.whole(language) for citation in citations.catalogue().chosen(content.citations)),
        confidence=CONFIDENCES.get(content.confidence, ""), confidence_reason=paragraphs(content.confidence_reason),
        changed=paragraphs(content.changed), why=paragraphs(content.why),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of the opinion in the list of them."""

    version: int
    shown: str
    at: datetime
    sha256: str
    seal_level: str
    sealed_by: str
    sealed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """What the city made of the opinion. `because` is empty for those whom it does not concern."""

    outcome: Any
    colour: str
    because: tuple[str, ...]
    marks: tuple[tuple[Any, int], ...]
    by: str
    at: datetime
    shown: str


@dataclass(frozen=True, slots=True)
class Issued:
    """The opinion of a request on its page. `words` is None for those who see only that there is one."""

    request: int
    version: int
    shown: str
    expert: str
    second_reader: str
    at: datetime
    language: str
    words: Words | None
    versions: tuple[VersionLine, ...]
    """The newest first."""
    newest: bool
    review: ReviewLine | None
    marked: bool
    """Whether the last version has been marked."""
    may_review: bool
    may_correct: bool


def issued(
    seen: Seen, versions: Sequence[OpinionVersion], reviews: Sequence[SupportReview], by: Actor, language: str, version: int = 0
) -> Issued | None:  # fmt: skip
    """The last version, or the one named; None when there is none."""
    chosen = next((row for row in reversed(versions) if version in (0, row.version)), None)
    if chosen is None:
        return None
    whole, last = seen.sight in ("material", "advice", "everything"), versions[-1]
    return Issued(
        request=seen.request.id, version=chosen.version, shown=opinions.shown(chosen.year, chosen.number, chosen.version),
        expert=chosen.expert, second_reader=chosen.second_reader, at=chosen.issued_at, language=chosen.language,
        words=words(content_of(chosen), language) if whole else None,
        versions=tuple(_line(row) for row in reversed(versions)) if whole else (), newest=chosen is last,
        review=_review(reviews[-1], last, opinions.sees_because(seen.party, seen.request.organisation_id == by.organisation_id))
        if reviews else None,
        marked=bool(reviews) and reviews[-1].version == last.version,
        may_review=support.allowed("review", seen.party, seen.request.state),
        may_correct=support.allowed("correct", seen.party, seen.request.state),
    )  # fmt: skip


def _line(row: OpinionVersion) -> VersionLine:
    return VersionLine(
        row.version, opinions.shown(row.year, row.number, row.version), row.issued_at, row.sha256, row.seal_level,
        row.sealed_by, row.sealed_at,
    )  # fmt: skip


def _review(row: SupportReview, last: OpinionVersion, because: bool) -> ReviewLine:
    marks = tuple((MARKS[mark], value) for mark in opinions.MARKS if (value := getattr(row, mark)) is not None)
    return ReviewLine(
        OUTCOMES[row.outcome], OUTCOME_COLOURS[row.outcome], paragraphs(row.because) if because else (), marks, row.by, row.at,
        opinions.shown(last.year, last.number, row.version),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadingView:
    """How the second reading stands, for the expert."""

    needed: bool
    state: str
    word: Any
    colour: str
    reader: str
    remarks: tuple[str, ...]


def reading_view(reading: SecondReading, needed: bool) -> ReadingView:
    return ReadingView(
        needed, reading.state, READINGS[reading.state], READING_COLOURS.get(reading.state, ""), reading.reader_name,
        paragraphs(reading.remarks) if reading.state == "returned" else (),
    )  # fmt: skip


def citation_choices(topic: str, language: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The sections of law that the topic usually rests on, and the others."""
    known = citations.catalogue()
    first = known.of_topic(topic)
    others = [citation for citation in known.all if citation not in first]
    return [(row.id, row.whole(language)) for row in first], [(row.id, row.whole(language)) for row in others]


def reader_choices(people: Sequence[Person]) -> list[tuple[int, str]]:
    """Name and role."""
    return [(person.id, f"{person.name}, {ROLES[person.role]}") for person in people]


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as the second reader sees it: the question, the draft, and nothing else of the case."""

    number: int
    name: str
    topic: str
    city: str
    expert: str
    language: str
    state: str
    open: bool
    """Whether interests have been declared."""
    question: tuple[str, ...]
    words: Words | None
    fingerprint: str


def draft_view(found: ToRead, language: str) -> DraftView:
    request, opened = found.request, found.reading.state != "asked"
    content = content_of(found.draft)
    return DraftView(
        number=request.id, name=support.shown_number(request.id), topic=topic_name(request.topic, language),
        city=request.organisation.names[language], expert=request.expert.name if request.expert else "", language=request.language,
        state=found.reading.state, open=opened, question=paragraphs(request.question) if opened else (),
        words=words(content, language) if opened else None, fingerprint=content.fingerprint if opened else "",
    )  # fmt: skip


def first_content(request: SupportRequest, draft: OpinionDraft | None, versions: Sequence[OpinionVersion]) -> tuple[Content, int]:
    """What the form begins from, and the draft's version: the draft, else the version to be corrected, else the city's question."""
    if draft is not None:
        return content_of(draft), draft.version_id
    if versions:
        last = content_of(versions[-1])
        return Content(last.parts, last.citations, last.confidence, last.confidence_reason), 0
    return Content(support.Opinion(request.question, "", "", "", "", "")), 0


def notes(case: Case, language: str) -> list[Note]:
    """Every issued opinion at its places: the part or stage from which it was asked for, else those that its topic concerns."""
    return [note(found, language) for found in advised_in(case)]


def note(found: Advised, language: str) -> Note:
    topic = topics.catalogue().get(found.topic)
    elsewhere = not (found.section or found.stage)
    return Note(
        found.request, found.shown, found.on, topic.name[language], OUTCOMES[found.outcome],
        (found.section,) if found.section else topic.sections if elsewhere else (),
        (found.stage,) if found.stage else topic.stages if elsewhere else (),
    )  # fmt: skip
