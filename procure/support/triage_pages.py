"""What the pages of the coordinator's desk need, as frozen records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from procure.catalogue import calendar, organisations, topics
from procure.domain import support, triage
from procure.domain.matching import Candidate, Matching
from procure.domain.permissions import Actor
from procure.support import targets, triage_queries
from procure.support.models import SupportProposal, SupportRequest, SupportTriage
from procure.support.pages import COLOURS, DESK_STATES, LIGHTS, URGENCIES, WorkItem, paragraphs, topic_name
from procure.support.product_names import shipped
from procure.support.queries import Seen
from procure.support.triage_queries import NOBODY, ORDERS, SHOWN, Filters, Place, QueueRow
from procure.web import wording
from procure.web.fields import number_in
from procure.web.language import NAMES

PRIORITIES: Final = {"high": _l("High"), "normal": _l("Normal"), "low": _l("Low")}
SHOWN_WORDS: Final = {
    "": _l("All that is running"), "late": _l("Late"), "untriaged": _l("Not sorted yet"), "unmatched": _l("Nobody asked yet"),
    "absent": _l("The expert is away"),
}  # fmt: skip
ORDER_WORDS: Final = {"due": _l("Due first"), "oldest": _l("Oldest first"), "priority": _l("Highest priority first")}
ANSWERS: Final = {
    "": _l("Waits for an answer"), "accepted": _l("Accepted"), "declined": _l("Declined"), "conflict": _l("Conflict of interest"),
    "over": _l("No longer needed"),
}  # fmt: skip
PARTS: Final = {"first": _l("To take the request"), "second": _l("To help as second expert")}
WAITING_WORDS: Final = {
    "late": _l("Late"), "untriaged": _l("Sort the request"), "absent": _l("The expert is away"),
    "unmatched": _l("Find an expert"), "offered": _l("You are asked to take part"),
}  # fmt: skip


def filters_from(asked: Mapping[str, str]) -> Filters:
    """The filters of an address; what cannot be one is left out."""
    expert = asked.get("expert", "")
    state, topic = asked.get("state", ""), asked.get("topic", "")
    return Filters(
        state=state if state in support.RUNNING else "",
        topic=topic if topic in support.TOPICS else "",
        city=asked.get("city", "")[:20],
        expert=expert if expert == NOBODY or number_in(expert) is not None else "",
        show=asked.get("show", "") if asked.get("show", "") in SHOWN else "",
        order=asked.get("order", "") if asked.get("order", "") in ORDERS else "due",
    )


def place_from(text: str) -> Place | None:
    """`1.2026-12-01.42`: the row after which the page begins; None for anything else, which shows the first page."""
    rank, _, rest = text.partition(".")
    day, _, number = rest.partition(".")
    known_rank, known_number = number_in(rank, 1), number_in(number)
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return None
    return Place(known_rank, found, known_number) if known_rank is not None and known_number is not None else None


def place_text(place: Place) -> str:
    return f"{place.rank}.{place.answer_by.isoformat()}.{place.number}"


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One row of the queue, in words. `first`: whether the target is that of the first answer."""

    number: int
    name: str
    topic: str
    city: str
    language: str
    product: str
    state: Any
    colour: str
    urgency: Any
    priority: str
    priority_word: Any
    asked_on: date
    age: int
    target: date
    first: bool
    light: str
    light_word: Any
    expert: str
    second: str
    away_until: date | None
    offered: int
    untriaged: bool


def queue_line(row: QueueRow, language: str, today: date) -> QueueLine:
    """The age and the light go by the working days of the network, which knows no city's closing days."""
    days = calendar.finnish()
    first = not row.first_answered and row.first_answer_by is not None and row.first_answer_by <= row.answer_by
    target = row.first_answer_by if first and row.first_answer_by is not None else row.answer_by
    light = support.light(target, today, days)
    return QueueLine(
        number=row.number, name=support.shown_number(row.number), topic=topic_name(row.topic, language), city=row.city[language],
        language=NAMES.get(row.language, row.language), product=shipped(row.product, language),
        state=DESK_STATES[row.state], colour=COLOURS[row.state],
        urgency=URGENCIES[row.urgency], priority=row.priority, priority_word=PRIORITIES.get(row.priority, row.priority),
        asked_on=row.asked_on, age=triage.age(row.asked_on, today, days), target=target, first=first, light=light,
        light_word=LIGHTS[light], expert=row.expert, second=row.second, away_until=row.away_until, offered=row.offered,
        untriaged=row.state == "open" and row.first_answer_by is None,
    )  # fmt: skip


Choices = tuple[tuple[str, str], ...]


def topic_choices(language: str) -> Choices:
    return tuple((topic.id, topic.name[language]) for topic in topics.catalogue().all)


def city_choices(language: str) -> Choices:
    """The municipalities of the network by name."""
    cities = [city for city in organisations.catalogue().all if city.kind == "municipality"]
    return tuple(sorted(((city.code, city.name[language]) for city in cities), key=lambda choice: choice[1]))


def words_of(choices: Mapping[str, Any], *only: str) -> Choices:
    """Choices of a fixed list in the page's language."""
    return tuple((value, str(choices[value])) for value in only or choices)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An expert on the page of matching. `why`: for a proposal what speaks for it, else why the expert was left out."""

    id: int
    name: str
    why: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    askable: bool = True


@dataclass(frozen=True, slots=True)
class Suggestions:
    proposed: tuple[Suggestion, ...]
    left_out: tuple[Suggestion, ...]

    def get(self, expert: int) -> Suggestion | None:
        return next((one for one in (*self.proposed, *self.left_out) if one.id == expert and one.askable), None)


def suggestions(found: Matching) -> Suggestions:
    return Suggestions(
        tuple(_suggestion(one.candidate, one.reasons, one.warnings, True) for one in found.proposals),
        tuple(_suggestion(one.candidate, one.why, (), not one.barred) for one in found.left_out),
    )


def _suggestion(candidate: Candidate, why: Sequence[Any], warnings: Sequence[Any], askable: bool) -> Suggestion:
    return Suggestion(
        candidate.id, candidate.name, tuple(map(wording.sentence, why)), tuple(map(wording.sentence, warnings)), askable
    )


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer as the coordinator sees it."""

    person: str
    part: Any
    by: str
    at: datetime
    answer: Any
    reason: tuple[str, ...]


def offer_lines(offers: Sequence[SupportProposal]) -> list[OfferLine]:
    return [
        OfferLine(offer.person.name, PARTS[offer.part], offer.by, offer.at, ANSWERS[offer.answer], paragraphs(offer.reason))
        for offer in offers
    ]


@dataclass(frozen=True, slots=True)
class SortingLine:
    """How the request was sorted once."""

    topic: str
    urgency: Any
    priority: Any
    first_answer_by: date
    answer_by: date
    by: str
    at: datetime
    reason: tuple[str, ...]


def sorting_lines(rows: Sequence[SupportTriage], language: str) -> list[SortingLine]:
    return [
        SortingLine(
            topic_name(row.topic, language), URGENCIES[row.urgency], PRIORITIES[row.priority], row.first_answer_by, row.answer_by,
            row.by, row.at, paragraphs(row.reason),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Panel:
    """What the page of a request shows of the desk, and offers to do. `notes`: -1 for those who do not read them."""

    number: int
    acts: frozenset[str]
    merged_into: int
    merged_name: str
    passed_on_to: str
    second: str
    notes: int


def panel(seen: Seen) -> Panel:
    request, noted = seen.request, seen.party in triage_queries.NOTE_PARTIES
    into = request.merged_into_id or 0
    acts = frozenset(act for act in support.ACTS if support.allowed(act, seen.party, request.state))
    return Panel(
        request.id, acts, into, support.shown_number(into) if into else "", request.passed_on_to,
        request.second_expert.name if request.second_expert else "",
        len(triage_queries.notes_of(request)) if noted else -1,
    )  # fmt: skip


def waiting_lines(by: Actor, language: str, today: date) -> list[WorkItem]:
    """What waits at the desk, each with why."""
    return [
        WorkItem(
            f"/support/{row.number}",
            f"{topic_name(row.topic, language)} ({row.city[language]})",
            WAITING_WORDS[why],
            row.answer_by,
        )
        for row, why in triage_queries.waiting_rows(by, today)
    ]


def facts(request: SupportRequest, language: str, today: date) -> QueueLine:
    """A request as its own pages of the desk show it beside the form."""
    row = QueueRow(
        request.id, request.topic, request.urgency, request.priority, request.state, request.language, request.product,
        request.organisation.names, targets.finnish_day(request.asked_at), request.first_answer_by,
        request.first_answer_at is not None, request.answer_by, request.expert.name if request.expert else "",
        request.second_expert.name if request.second_expert else "", None, 0,
    )  # fmt: skip
    return queue_line(row, language, today)


def merge_words(other: SupportRequest, language: str) -> str:
    """A request among those into which another one may go."""
    return f"{support.shown_number(other.id)} · {topic_name(other.topic, language)} · {DESK_STATES[other.state]}"
