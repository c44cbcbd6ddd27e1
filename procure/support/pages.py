"""What the pages of expert support need, as frozen records: the templates decide nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from procure.cases.models import Case
from procure.catalogue import calendar, cpv, topics
from procure.catalogue import questions as question_catalogue
from procure.domain import support
from procure.domain.questions import Answers, Section
from procure.support.files import SharedFile
from procure.support.models import SupportMessage, SupportOpinion, SupportRequest
from procure.support.queries import Cursor, OpenAdvice, RequestRow, Seen
from procure.support.shared import SharedSection, shared

STATES: Final = {
    "open": _l("Waiting for an expert"), "taken": _l("With an expert"), "asked_back": _l("The expert has a question"),
    "answered": _l("Answered"), "withdrawn": _l("Withdrawn"), "merged": _l("Joined with another request"),
    "refused": _l("Not taken on"), "passed_on": _l("Passed on"),
}  # fmt: skip
DESK_STATES: Final = STATES | {"open": _l("Open"), "taken": _l("Taken"), "asked_back": _l("Waits for the city")}
"""The same states as the network's people see them."""
COLOURS: Final = {
    "open": "", "taken": "", "asked_back": "yellow", "answered": "green", "withdrawn": "grey", "merged": "grey", "refused": "grey",
    "passed_on": "grey",
}  # fmt: skip
URGENCIES: Final = {"normal": _l("Normal"), "soon": _l("Soon"), "urgent": _l("Urgent")}
LIGHTS: Final = {"red": _l("Late"), "yellow": _l("Due soon"), "green": _l("On time")}
ACTS: Final = {
    "take": _l("An expert took the request and declared to have no conflict of interest"),
    "conflict": _l("An expert declared a conflict of interest and will not see the request"),
    "hand_back": _l("The expert handed the request back"),
    "release": _l("The coordinator opened the request to other experts"),
    "answer": _l("The expert issued the opinion"),
    "withdraw": _l("The city withdrew the request"),
    "reply": _l("Reply from the city"),
    "ask_back": _l("Question from the expert"),
    "article": _l("An article that does not tell whose matter it was is being made from this for all cities"),
    "write": _l("Message from the expert"),
    "drop_question": _l("The expert no longer needs an answer to the question"),
    "meeting_planned": _l("Meeting planned"),
    "meeting_changed": _l("Meeting changed"),
    "meeting_cancelled": _l("Meeting cancelled"),
    "meeting_held": _l("Meeting held"),
    "share": _l("The city changed what it shares"),
    "attach": _l("The city attached the request to a case"),
    "triage": _l("The coordinator sorted the request"),
    "merge": _l("The coordinator joined the request with another one"),
    "merged_here": _l("The coordinator joined another request with this one"),
    "refuse": _l("The network does not take the request on"),
    "pass_on": _l("The coordinator passed the request on"),
    "propose": _l("The coordinator asked an expert to take the request"),
    "invite": _l("A second expert was asked to help"),
    "decline": _l("An expert could not take part"),
    "join": _l("A second expert joined and declared to have no conflict of interest"),
    "step_aside": _l("The second expert stepped aside"),
    "ask_reader": _l("The expert asked a second reader to read the draft of the opinion"),
    "reader_agrees": _l("The second reader agreed to the draft"),
    "reader_returns": _l("The second reader returned the draft to the expert"),
    "reader_declines": _l("The second reader declared a conflict of interest and did not read the draft"),
    "correct": _l("The expert issued a corrected version of the opinion"),
    "review": _l("The city said what it made of the opinion"),
}
PARTS: Final = {
    "question": _l("The question"), "facts_used": _l("Facts used"), "opinion": _l("Opinion and reasons"),
    "alternatives_and_risks": _l("Alternatives and risks"), "limits": _l("Limits of the opinion"),
    "conflict_statement": _l("Statement on conflicts of interest"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list, in words."""

    number: int
    name: str
    topic: str
    city: str
    state: Any
    colour: str
    urgency: Any
    asked_on: date
    answer_by: date
    light: str
    light_word: Any
    """Empty once the request runs no longer."""
    answered_on: date | None
    expert: str
    subject: str
    known_suppliers: int | None
    reference: str
    title: str
    asked_by: str
    unread: bool


def line(row: RequestRow, language: str, today: date, desk: bool = False) -> Line:
    """`desk`: in the words of the network's people."""
    light = support.light(row.answer_by, today, calendar.finnish()) if row.state in support.RUNNING else ""
    return Line(
        number=row.number, name=support.shown_number(row.number), topic=topic_name(row.topic, language), city=row.city[language],
        state=(DESK_STATES if desk else STATES)[row.state],
        colour=COLOURS[row.state], urgency=URGENCIES[row.urgency], asked_on=row.asked_on,
        answer_by=row.answer_by, light=light, light_word=LIGHTS.get(light, ""), answered_on=row.answered_on, expert=row.expert,
        subject=subject(row.cpv, language), known_suppliers=row.known_suppliers, reference=row.reference,
        title=row.title[language] if row.title else "", asked_by=row.asked_by, unread=row.state == "answered" and not row.read,
    )  # fmt: skip


def lines(rows: Sequence[RequestRow], language: str, today: date, desk: bool = False) -> list[Line]:
    return [line(row, language, today, desk) for row in rows]


def topic_name(topic: str, language: str) -> str:
    return topics.catalogue().get(topic).name[language]


def subject(code: str, language: str) -> str:
    """The subject class in words: the code and its name, or the nearest one above that the list knows; "" for none."""
    entry = cpv.load().nearest(code) if code else None
    return f"{code} {entry.name[language]}" if entry else code


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A line of "my work"."""

    href: str
    title: str
    state: Any
    day: date


def work_items(rows: Sequence[RequestRow], language: str) -> list[WorkItem]:
    """What waits for a person, with the day by which the city is to have its answer, or had it."""
    return [
        WorkItem(
            f"/support/{row.number}",
            f"{topic_name(row.topic, language)} ({row.reference or row.city[language]})",
            (STATES if row.reference else DESK_STATES)[row.state],
            row.answered_on or row.answer_by,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """A request as the overview of its case shows it."""

    number: int
    topic: str
    state: Any
    asked_on: date
    answered_on: date | None


def advice_lines(found: Sequence[OpenAdvice], language: str) -> list[AdviceLine]:
    """The newest first."""
    return [
        AdviceLine(item.number, topic_name(item.topic, language), STATES[item.state], item.asked_on, item.answered_on)
        for item in reversed(found)
    ]


def cursor_from(text: str) -> Cursor | None:
    """`2026-12-01.42`: the row after which the page begins; None for anything else, which shows the first page."""
    day, _dot, number = text.partition(".")
    try:
        return Cursor(date.fromisoformat(day), int(number))
    except ValueError:
        return None


def cursor_text(row: RequestRow) -> str:
    return f"{row.answer_by.isoformat()}.{row.number}"


@dataclass(frozen=True, slots=True)
class MessageLine:
    kind: str
    what: Any
    author: str
    at: datetime
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """One request with as much of it as the person may see; what is not theirs to see is empty."""

    number: int
    name: str
    topic: str
    city: str
    state: str
    state_word: Any
    colour: str
    urgency: Any
    asked_on: date
    answer_by: date
    light: str
    light_word: Any
    asked_by: str
    expert: str
    sight: str
    acts: frozenset[str]
    language: str
    title: str
    reference: str
    question: tuple[str, ...]
    details: tuple[tuple[str, tuple[str, ...]], ...]
    """The topic's first questions that were answered, in the request's language."""
    product_name: str
    """The product that was asked for, as it was called then; "" for none."""
    idea: bool
    """Whether it has no case yet."""
    shares: tuple[Any, ...]
    material: tuple[SharedSection, ...]
    files: tuple[SharedFile, ...]
    """The attachments that the expert may open."""
    messages: tuple[MessageLine, ...]
    opinion: SupportOpinion | None
    opinion_parts: tuple[tuple[Any, tuple[str, ...]], ...]
    kind: str = "advice"


def thread(
    seen: Seen,
    row: RequestRow,
    messages: Sequence[SupportMessage],
    opinion: SupportOpinion | None,
    answers: Answers,
    language: str,
    today: date,
    product_name: str = "",
    files: Sequence[SharedFile] = (),
) -> Thread:
    """The page of one request. `sight` decides: the coordinator reads the question, the expert also what was shared."""
    material, everything = seen.sight == "material", seen.sight == "everything"
    request, shown = seen.request, line(row, language, today, desk=not everything)
    whole = seen.sight in ("material", "advice", "everything")
    sections = sections_of(request.case)
    visible = support.shared_sections(tuple(request.shares), tuple(section.id for section in sections))
    return Thread(
        number=request.id, name=shown.name, topic=shown.topic, city=shown.city, state=request.state, state_word=shown.state,
        colour=shown.colour, urgency=shown.urgency, asked_on=shown.asked_on, answer_by=shown.answer_by, light=shown.light,
        light_word=shown.light_word, asked_by=request.asked_by.name if whole else "", expert=shown.expert, sight=seen.sight,
        acts=acts_of(seen), language=request.language,
        title=title_of(request, language if everything else request.language) if whole else "",
        reference=request.case.reference if everything and request.case else "", question=paragraphs(request.question),
        details=told_details(request.topic, request.details, request.language), product_name=product_name,
        idea=request.case is None,
        shares=shared_names(request.shares, sections, files, language) if everything else (),
        files=shared_of(request, files) if material else (),
        material=shared(sections, visible, answers, request.language) if material else (),
        messages=tuple(message_line(message) for message in messages) if whole else (),
        opinion=opinion if whole else None, opinion_parts=opinion_parts(opinion) if opinion and whole else (),
        kind=request.kind,
    )  # fmt: skip


def sections_of(case: Case | None) -> tuple[Section, ...]:
    """The parts of the case's questionnaire; none for an idea that has no case."""
    return question_catalogue.catalogue().get(case.questionnaire_edition).sections if case else ()


def title_of(request: SupportRequest, language: str) -> str:
    """The case's name, or that of the idea."""
    return request.case.titles[language] if request.case else request.idea_title


def told_details(topic: str, details: Mapping[str, str], language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The topic's first questions that have an answer, in their order, each with its answer's paragraphs."""
    found = topics.catalogue().get(topic)
    asked = zip(found.question_ids(), found.questions, strict=True)
    return tuple((text[language], paragraphs(details[question])) for question, text in asked if details.get(question))


def seen_sections(request: SupportRequest, answers: Answers) -> tuple[str, ...]:
    """The shared sections of which the page shows an answer: what the expert then has seen."""
    sections = sections_of(request.case)
    visible = support.shared_sections(tuple(request.shares), tuple(section.id for section in sections))
    return tuple(
        section.id for section in sections if section.id in visible and any(one.id in answers for one in section.questions)
    )


def shared_of(request: SupportRequest, files: Sequence[SharedFile]) -> tuple[SharedFile, ...]:
    """Of the case's files those that are shared now."""
    return tuple(file for file in files if file.what in request.shares)


def shared_names(
    shares: Sequence[str], sections: Sequence[Section], files: Sequence[SharedFile], language: str
) -> tuple[Any, ...]:  # fmt: skip
    """What the expert sees, in words."""
    titles = tuple(file.title for file in files if file.what in shares)
    if support.EVERYTHING in shares:
        return (_l("All parts"), *titles)
    return (*(section.title[language] for section in sections if section.id in shares), *titles)


def acts_of(seen: Seen) -> frozenset[str]:
    """What the person can do now; an opinion is marked as read once."""
    acts = frozenset(act for act in support.ACTS if support.allowed(act, seen.party, seen.request.state))
    acts -= {"share"} if seen.request.case_id is None else {"attach"}
    return acts - {"read"} if seen.request.read_at else acts


def message_line(message: SupportMessage) -> MessageLine:
    return MessageLine(message.kind, ACTS[message.act], message.author, message.at, paragraphs(message.text))


def opinion_parts(opinion: SupportOpinion) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    return tuple((PARTS[part], paragraphs(getattr(opinion, part))) for part in support.OPINION_PARTS)


def paragraphs(text: str) -> tuple[str, ...]:
    """Each line that has something on it."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
