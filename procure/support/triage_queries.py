"""The coordinator's queue, and what the network keeps about a request: how it was sorted, to whom it was offered, its notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from procure.accounts.models import Organisation, Person
from procure.domain import matching as rules
from procure.domain import support
from procure.domain.language import Trilingual
from procure.domain.matching import Candidate, Matching, Wanted
from procure.domain.permissions import NETWORK_ROLES, Actor
from procure.domain.triage import PRIORITIES
from procure.infra.db import db
from procure.network import queries as network
from procure.notifications.models import Absence
from procure.support.models import SupportDeclaration, SupportNote, SupportProposal, SupportRequest, SupportTriage
from procure.support.queries import PAGE_SIZE, Seen, request_for
from procure.support.targets import finnish_day

NOTE_PARTIES: Final = ("coordinator", "own_expert", "second_expert")
"""Who reads and writes the network's notes about a request."""
SHOWN: Final = ("", "late", "untriaged", "unmatched", "absent")
ORDERS: Final = ("due", "oldest", "priority")
NOBODY: Final = "none"


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the queue is looked at; "" for everything. `expert`: a person's number or NOBODY; `show`: one of SHOWN."""

    state: str = ""
    topic: str = ""
    city: str = ""
    expert: str = ""
    show: str = ""
    order: str = "due"


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of the page before."""

    rank: int
    answer_by: date
    number: int


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One running request as the desk sees it. `away_until`: how long the expert who has it is away; `offered`: to how many experts it
    is offered now."""

    number: int
    topic: str
    urgency: str
    priority: str
    state: str
    language: str
    product: str
    city: Trilingual
    asked_on: date
    first_answer_by: date | None
    first_answered: bool
    answer_by: date
    expert: str
    second: str
    away_until: date | None
    offered: int

    @property
    def place(self) -> Place:
        return Place(PRIORITIES.index(self.priority), self.answer_by, self.number)


_RANK: Final = case({name: rank for rank, name in enumerate(PRIORITIES)}, value=SupportRequest.priority, else_=len(PRIORITIES))


def queue(by: Actor, filters: Filters, today: date, after: Place | None = None) -> tuple[list[QueueRow], bool]:
    """At most 25 running requests and whether more follow, in one query: for an expert the own ones and those offered to them."""
    if by.role not in NETWORK_ROLES:
        return [], False
    statement = _queue_rows(today).where(SupportRequest.state.in_(support.RUNNING), *_wanted(filters, today))
    if by.role != "coordinator":
        statement = statement.where(_own(by))
    statement = _ordered(statement, filters.order, after).limit(PAGE_SIZE + 1)
    found = [_queue_row(row) for row in db.session.execute(statement)]
    return found[:PAGE_SIZE], len(found) > PAGE_SIZE


def _queue_rows(today: date) -> Select[*tuple[Any, ...]]:
    expert, second = aliased(Person), aliased(Person)
    waiting = (SupportProposal.request_id == SupportRequest.id, SupportProposal.answer == "")
    offered = select(func.count()).select_from(SupportProposal).where(*waiting).correlate(SupportRequest).scalar_subquery()
    return (
        select(
            SupportRequest.id, SupportRequest.topic, SupportRequest.urgency, SupportRequest.priority, SupportRequest.state,
            SupportRequest.language, SupportRequest.product, SupportRequest.asked_at, SupportRequest.first_answer_by,
            SupportRequest.first_answer_at, SupportRequest.answer_by, Organisation.name_fi, Organisation.name_sv,
            Organisation.name_en, expert.name.label("expert"), second.name.label("second"),
            _away(SupportRequest.expert_id, today).label("away_until"), offered.label("offered"),
        )
        .join(Organisation, Organisation.id == SupportRequest.organisation_id)
        .outerjoin(expert, expert.id == SupportRequest.expert_id)
        .outerjoin(second, second.id == SupportRequest.second_expert_id)
    )  # fmt: skip


def _away(person: Any, today: date) -> Any:
    """Until when the person is away; NULL for somebody who is there."""
    days = (Absence.ended_at.is_(None), Absence.first_day <= today, Absence.last_day >= today)
    return select(func.max(Absence.last_day)).where(Absence.person_id == person, *days).scalar_subquery()


def _queue_row(row: Any) -> QueueRow:
    return QueueRow(
        number=row.id, topic=row.topic, urgency=row.urgency, priority=row.priority, state=row.state, language=row.language,
        product=row.product, city=Trilingual(row.name_fi, row.name_sv, row.name_en), asked_on=finnish_day(row.asked_at),
        first_answer_by=row.first_answer_by, first_answered=row.first_answer_at is not None, answer_by=row.answer_by,
        expert=row.expert or "", second=row.second or "", away_until=row.away_until, offered=row.offered,
    )  # fmt: skip


def _own(by: Actor) -> ColumnElement[bool]:
    offers = select(SupportProposal.request_id).where(SupportProposal.person_id == by.id, SupportProposal.answer == "")
    return or_(SupportRequest.expert_id == by.id, SupportRequest.second_expert_id == by.id, SupportRequest.id.in_(offers))


def is_late(today: date) -> ColumnElement[bool]:
    """The opinion, or the first word of the network, is overdue."""
    silent = and_(SupportRequest.first_answer_at.is_(None), SupportRequest.first_answer_by < today)
    return or_(SupportRequest.answer_by < today, silent)


def _unmatched() -> ColumnElement[bool]:
    waiting = select(SupportProposal.id).where(SupportProposal.request_id == SupportRequest.id, SupportProposal.answer == "")
    return and_(SupportRequest.state == "open", ~waiting.exists())


def _untriaged() -> ColumnElement[bool]:
    return and_(SupportRequest.state == "open", SupportRequest.first_answer_by.is_(None))


def _wanted(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    shown = {
        "late": is_late(today), "untriaged": _untriaged(), "unmatched": _unmatched(),
        "absent": _away(SupportRequest.expert_id, today).is_not(None),
    }  # fmt: skip
    found = [shown[filters.show]] if filters.show in shown else []
    if filters.state:
        found.append(SupportRequest.state == filters.state)
    if filters.topic:
        found.append(SupportRequest.topic == filters.topic)
    if filters.city:
        found.append(Organisation.code == filters.city)
    if filters.expert == NOBODY:
        found.append(SupportRequest.expert_id.is_(None))
    elif filters.expert:
        found.append(
            or_(*(column == int(filters.expert) for column in (SupportRequest.expert_id, SupportRequest.second_expert_id)))
        )
    return found


def _ordered(statement: Select[*tuple[Any, ...]], order: str, after: Place | None) -> Select[*tuple[Any, ...]]:
    columns: tuple[Any, ...]
    behind: tuple[Any, ...]
    if order == "oldest":
        columns, behind = (SupportRequest.id,), () if after is None else (after.number,)
    elif order == "priority":
        columns = (_RANK, SupportRequest.answer_by, SupportRequest.id)
        behind = () if after is None else (after.rank, after.answer_by, after.number)
    else:
        columns = (SupportRequest.answer_by, SupportRequest.id)
        behind = () if after is None else (after.answer_by, after.number)
    statement = statement.order_by(*columns)
    if not behind:
        return statement
    return statement.where(tuple_(*columns) > tuple_(*map(literal, behind)))


def experts() -> list[tuple[int, str]]:
    """Every active expert, for a filter."""
    statement = select(Person.id, Person.name).where(Person.role == "expert", Person.active).order_by(Person.name, Person.id)
    return [(number, name) for number, name in db.session.execute(statement)]


# matching


def matching(request: SupportRequest, today: date) -> Matching:
    """Who could take the request, or help who has taken it: two queries, however many experts there are."""
    wanted = Wanted(request.topic, request.language, request.organisation.code, request.urgency == "urgent")
    facts = {row.id: row for row in db.session.execute(_facts(request, today))}
    working = {request.expert_id, request.second_expert_id}
    candidates = []
    for profile in network.profiles():
        row = facts[profile.person_id]
        candidates.append(
            Candidate(
                profile.person_id, profile.name, row.code, profile.topics, profile.languages, profile.not_cities,
                profile.most_open, row.open_now, row.answered, profile.said, row.away_until,
                row.away_until is not None and row.away_until < request.answer_by, row.conflict, row.declined, row.asked,
                profile.person_id in working,
            )
        )  # fmt: skip
    return rules.match(wanted, candidates)


def _facts(request: SupportRequest, today: date) -> Select[*tuple[Any, ...]]:
    """Of every active expert: employer, load, experience with the topic, absence, and what was said in this request."""
    busy = (SupportRequest.expert_id == Person.id, SupportRequest.state.in_(("taken", "asked_back")))
    issued = (SupportRequest.expert_id == Person.id, SupportRequest.topic == request.topic, SupportRequest.state == "answered")
    offers = select(SupportProposal.id).where(SupportProposal.request_id == request.id, SupportProposal.person_id == Person.id)
    conflict = select(SupportDeclaration.id).where(
        SupportDeclaration.request_id == request.id, SupportDeclaration.person_id == Person.id, SupportDeclaration.conflict
    )
    part = "first" if request.state == "open" else "second"
    return (
        select(
            Person.id, Organisation.code, _count(*busy).label("open_now"), _count(*issued).label("answered"),
            _away(Person.id, today).label("away_until"), conflict.exists().label("conflict"),
            offers.where(SupportProposal.answer == "declined", SupportProposal.part == part).exists().label("declined"),
            offers.where(SupportProposal.answer == "").exists().label("asked"),
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.role == "expert", Person.active)
    )  # fmt: skip


def _count(*which: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(SupportRequest).where(*which).correlate(Person).scalar_subquery()


# what the network keeps about a request


def noted_for(by: Actor, number: int) -> Seen | None:
    """The request, for those who read and write the network's notes about it."""
    seen = request_for(by, number)
    return seen if seen is not None and seen.party in NOTE_PARTIES else None


def notes_of(request: SupportRequest) -> list[SupportNote]:
    """In order."""
    return list(db.session.scalars(select(SupportNote).where(SupportNote.request_id == request.id).order_by(SupportNote.id)))


def last_note(request: SupportRequest) -> SupportNote | None:
    statement = select(SupportNote).where(SupportNote.request_id == request.id).order_by(SupportNote.id.desc()).limit(1)
    return db.session.scalar(statement)


def last_triage(request: SupportRequest) -> int:
    """The number of the latest sorting; 0 when there is none."""
    statement = select(func.max(SupportTriage.id)).where(SupportTriage.request_id == request.id)
    return db.session.scalar(statement) or 0


def triages_of(request: SupportRequest) -> list[SupportTriage]:
    """The latest first."""
    statement = select(SupportTriage).where(SupportTriage.request_id == request.id).order_by(SupportTriage.id.desc())
    return list(db.session.scalars(statement))


def proposals_of(request: SupportRequest) -> list[SupportProposal]:
    """The latest first."""
    statement = (
        select(SupportProposal)
        .where(SupportProposal.request_id == request.id)
        .options(joinedload(SupportProposal.person))
        .order_by(SupportProposal.id.desc())
    )
    return list(db.session.scalars(statement))


def offer_to(by: Actor, request: SupportRequest) -> SupportProposal | None:
    """The offer that waits for this person's answer."""
    return db.session.scalar(
        select(SupportProposal).where(
            SupportProposal.request_id == request.id, SupportProposal.person_id == by.id, SupportProposal.answer == ""
        )
    )


def mergeable_into(request: SupportRequest) -> Sequence[SupportRequest]:
    """The city's other requests into which this one may go, the newest first."""
    statement = (
        select(SupportRequest)
        .where(
            SupportRequest.organisation_id == request.organisation_id, SupportRequest.id != request.id,
            SupportRequest.state.in_((*support.RUNNING, "answered")),
        )
        .order_by(SupportRequest.id.desc())
        .limit(PAGE_SIZE)
    )  # fmt: skip
    return list(db.session.scalars(statement))


def waiting_rows(by: Actor, today: date) -> list[tuple[QueueRow, str]]:
    """What waits for a person of the network, most pressing first: for the coordinator what is not sorted, is late, has an absent expert
    or nobody asked (each once, by the first of these words that fits); for an expert the offers."""
    statement = _queue_rows(today).where(SupportRequest.state.in_(support.RUNNING))
    if by.role == "expert":
        offers = select(SupportProposal.request_id).where(SupportProposal.person_id == by.id, SupportProposal.answer == "")
        why: Any = literal("offered")
        statement = statement.where(SupportRequest.id.in_(offers))
    else:
        absent = _away(SupportRequest.expert_id, today).is_not(None)
        why = case((is_late(today), "late"), (_untriaged(), "untriaged"), (absent, "absent"), else_="unmatched")
        statement = statement.where(or_(is_late(today), _untriaged(), absent, _unmatched()))
    statement = statement.add_columns(why.label("why")).order_by(SupportRequest.answer_by, SupportRequest.id).limit(PAGE_SIZE)
    return [(_queue_row(row), row.why) for row in db.session.execute(statement)]
