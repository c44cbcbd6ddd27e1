"""What the pages of knowledge articles show, as frozen records: the templates decide nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from procure.catalogue import procedures, topics
from procure.catalogue import questions as question_catalogue
from procure.domain import articles as rules
from procure.domain.anonymising import Proposal
from procure.domain.language import LANGUAGES
from procure.domain.support import shown_number
from procure.knowledge.queries import Draft, Found, Offer, Published, WorkRow

STATES: Final = {
    "draft": (_l("Being written"), "grey"), "review": (_l("Being looked over"), "yellow"), "published": (_l("Published"), "green"),
    "withdrawn": (_l("Withdrawn"), "grey"),
}  # fmt: skip
STANDINGS: Final = {
    "valid": ("", ""), "checking": (_l("Being checked"), "yellow"), "expired": (_l("Out of date"), "red"),
    "none": (_l("Withdrawn"), "grey"),
}  # fmt: skip
KINDS: Final = {
    "place": _l("City"), "person": _l("Name of a person"), "company": _l("Name of a company"), "reference": _l("Case number"),
    "title": _l("Name of the procurement"), "words": _l("Words removed before"), "amount": _l("Amount of money"),
    "identity_code": _l("Personal identity code"), "business_id": _l("Business ID"), "iban": _l("Account number"),
    "email": _l("E-mail address"), "phone": _l("Phone number"), "url": _l("Web address"), "address": _l("Street address"),
    "date": _l("Date"),
}  # fmt: skip
FIELDS: Final = {
    "title": _l("Title of the article"), "question": _l("The question"), "short_answer": _l("Short answer"), "answer": _l("Answer"),
    "citations": _l("What it rests on"),
}  # fmt: skip
ACTS: Final = {
    "draft": _l("Begun"), "removed": _l("Removed what tells whose matter it was"), "send": _l("Sent to be looked over"),
    "take_back": _l("Taken back to be written"), "give_back": _l("Given back with remarks"), "publish": _l("Published"),
    "confirm": _l("Said to hold still"), "change": _l("Taken up to be changed"), "withdraw": _l("Withdrawn"),
    "take_over": _l("Taken over by a coordinator"),
}  # fmt: skip
BASES: Final = {
    "thresholds": _l("thresholds"), "deadlines": _l("periods of the law"), "procedures": _l("procedures"),
}  # fmt: skip


def topic_name(topic: str, language: str) -> str:
    return topics.catalogue().get(topic).name[language]


def topic_choices(language: str) -> list[tuple[str, str]]:
    return [(topic.id, topic.name[language]) for topic in topics.catalogue().all]


def section_choices(language: str) -> list[tuple[str, str]]:
    return [(section.id, section.title[language]) for section in question_catalogue.catalogue().latest.sections]


def stage_choices(language: str) -> list[tuple[str, str]]:
    """Every stage of the procedures that a case may follow, each once, in their order."""
    stages = (stage for procedure in procedures.catalogue().choosable() for stage in procedure.stages)
    return list({stage.id: (stage.id, stage.name[language]) for stage in stages}.values())


def question_choices(language: str) -> list[tuple[str, str]]:
    """Every question of the questionnaire, with the part in which it stands."""
    return [
        (question.id, f"{section.title[language]}: {question.label[language]}")
        for section in question_catalogue.catalogue().latest.sections
        for page in section.pages
        for question in page.questions
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """An article in a list."""

    number: int
    title: str
    short_answer: str
    language: str
    topic: str
    published_on: date
    state: Any
    colour: str
    helped: int


def lines(found: Sequence[Found], language: str) -> list[Line]:
    return [
        Line(one.number, one.title, one.short_answer, one.language, topic_name(one.topic, language), one.published_on,
             *STANDINGS[one.standing], one.helped)
        for one in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article as people read it."""

    number: int
    title: str
    language: str
    languages: tuple[str, ...]
    topic: str
    question: tuple[str, ...]
    short_answer: tuple[str, ...]
    answer: tuple[str, ...]
    citations: tuple[str, ...]
    version: int
    published_on: date
    said_on: date | None
    valid_until: date | None
    helped: int
    helped_me: bool
    standing: str
    state: Any
    colour: str
    newer: tuple[Any, ...]
    """What it rests on of which a newer edition is in force, in words."""


def article_page(found: Published, newer: Sequence[str], language: str) -> ArticlePage:
    article, version = found.article, found.version
    return ArticlePage(
        article.id, version.title, version.language, found.languages, topic_name(article.topic, language),
        paragraphs(version.question), paragraphs(version.short_answer), paragraphs(version.answer), paragraphs(version.citations),
        version.number, version.published_on, article.said_on, article.valid_until, article.helped, found.helped_me, found.standing,
        *STANDINGS[found.standing], tuple(BASES[base] for base in newer),
    )  # fmt: skip


def paragraphs(text: str) -> tuple[str, ...]:
    """Each line that has something on it."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class WorkLine:
    number: int
    title: str
    language: str
    topic: str
    state: Any
    colour: str
    live: bool
    ask_on: date | None
    outdated: bool


def work_lines(rows: Sequence[WorkRow], language: str) -> list[WorkLine]:
    return [
        WorkLine(row.number, row.title, row.language, topic_name(row.topic, language), *STATES[row.state], row.live, row.ask_on,
                 row.outdated)
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextLine:
    """What has been written in one language."""

    language: str
    title: str
    complete: bool
    parts: tuple[tuple[Any, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ActLine:
    what: Any
    by: str
    at: datetime
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """An article as the network's people work on it."""

    number: int
    title: str
    title_language: str
    topic: str
    state: str
    state_word: Any
    colour: str
    live: bool
    party: str
    owner: str
    request: str
    """The number of the request that it was made from, for its owner only."""
    request_number: int | None
    texts: tuple[TextLine, ...]
    missing: tuple[str, ...]
    """Languages in which nothing has been written."""
    pending: int
    kept: tuple[tuple[Any, str, str], ...]
    """(kind, text, reason) of what looked as if it told whose matter it was and stays."""
    acts: frozenset[str]
    log: tuple[ActLine, ...]
    section: str
    stage: str
    questions: tuple[str, ...]
    ask_on: date | None
    valid_until: date | None
    newer: tuple[Any, ...]


def draft_page(work: Draft, newer: Sequence[str], language: str) -> DraftPage:
    article = work.article
    texts = tuple(_text_line(code, work.texts[code]) for code in LANGUAGES if code in work.texts)
    shown = next((line for line in sorted(texts, key=lambda line: line.language != language) if line.title), None)
    sections, stages, asked = (dict(choices(language)) for choices in (section_choices, stage_choices, question_choices))
    own = work.party == "owner" and article.request_number is not None
    return DraftPage(
        number=article.id, title=shown.title if shown else "", title_language=shown.language if shown else language,
        topic=topic_name(article.topic, language), state=article.state, state_word=STATES[article.state][0],
        colour=STATES[article.state][1], live=article.live > 0 and article.state != "withdrawn", party=work.party,
        owner=article.owner.name, request=shown_number(article.request_number) if own and article.request_number else "",
        request_number=article.request_number if own else None, texts=texts,
        missing=tuple(code for code in LANGUAGES if code not in work.texts), pending=len(work.pending),
        kept=tuple((KINDS[one.kind], one.text, one.reason) for one in work.kept),
        acts=frozenset(move.act for move in rules.MOVES if (move.by, move.source) == (work.party, article.state)),
        log=tuple(ActLine(ACTS[act.act], act.by, act.at, paragraphs(act.text)) for act in reversed(work.acts)),
        section=sections.get(article.section, ""), stage=stages.get(article.stage, ""),
        questions=tuple(asked[question] for question in work.questions if question in asked), ask_on=article.ask_on,
        valid_until=article.valid_until, newer=tuple(BASES[base] for base in newer),
    )  # fmt: skip


def _text_line(language: str, texts: Mapping[str, str]) -> TextLine:
    return TextLine(
        language, texts["title"], all(texts[field].strip() for field in rules.NEEDED),
        tuple((FIELDS[field], paragraphs(texts[field])) for field in rules.FIELDS if texts[field].strip()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to decide, in words. `places`: (field, text before, the words, text after)."""

    key: str
    kind: Any
    text: str
    language: str
    places: tuple[tuple[Any, str, str, str], ...]


def decisions(proposals: Sequence[Proposal]) -> list[Decision]:
    return [
        Decision(one.key, KINDS[one.kind], one.text, one.language,
                 tuple((FIELDS[seen.part], seen.before, seen.text, seen.after) for seen in one.places))
        for one in proposals
    ]  # fmt: skip


def usual_validity(today: date) -> date:
    """Two years ahead: what most articles are given."""
    return today + timedelta(days=730)


def at_questions(offers: Sequence[Offer]) -> dict[str, tuple[Offer, ...]]:
    """Question -> what is offered at it."""
    found: dict[str, tuple[Offer, ...]] = {}
    for offer in offers:
        for question in offer.questions:
            found[question] = (*found.get(question, ()), offer)
    return found


def elsewhere(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Those that are offered at no question of the page."""
    return tuple(offer for offer in offers if not offer.questions)
