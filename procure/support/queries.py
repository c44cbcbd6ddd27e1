"""Finding requests for expert advice, always for a given person: how much of a request they see is a rule of `domain.support`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select, tuple_
from sqlalchemy.orm import joinedload

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Answer, Case, CasePartner
from procure.domain import support
from procure.domain.language import Trilingual
from procure.domain.permissions import CITY_ROLES, NETWORK_ROLES, Actor
from procure.infra.clock import FINLAND
from procure.infra.db import db, will_write
from procure.support.models import SupportDeclaration, SupportMessage, SupportOpinion, SupportProposal, SupportRequest

PAGE_SIZE = 25
SUBJECT = ("cpv", "known_suppliers")
"""The only answers that show before the declaration: the subject class and the number of known suppliers."""


def party(request: SupportRequest, by: Actor) -> str | None:
    """What the person is to the request (support.PARTIES); None for somebody for whom it does not exist."""
    own = request.organisation_id == by.organisation_id
    case_id, of_city = request.case_id, by.role in CITY_ROLES
    guest = own and of_city and case_id is not None and _exists(select(Case.id).where(Case.id == case_id, cases.guest(by)))
    own = own and not guest
    partner = guest or (of_city and not own and case_id is not None and _exists(_partner(case_id, by)))
    conflict = by.role == "expert" and _exists(_conflict(by).where(SupportDeclaration.request_id == request.id))
    took, second = request.expert_id == by.id, request.second_expert_id == by.id
    invited = by.role == "expert" and request.expert_id is not None and not (took or second) and _exists(_invited(request, by))
    return support.party(support.Standing(by.role, own, partner, took, conflict, second, invited))


def _invited(request: SupportRequest, by: Actor) -> Select[Any]:
    return select(SupportProposal.id).where(
        SupportProposal.request_id == request.id, SupportProposal.person_id == by.id, SupportProposal.part == "second",
        SupportProposal.answer == "",
    )  # fmt: skip


def _exists(statement: Select[Any]) -> bool:
    return db.session.scalar(select(statement.exists())) or False


def _partner(case_id: int, by: Actor) -> Select[Any]:
    return select(CasePartner.case_id).where(CasePartner.case_id == case_id, CasePartner.organisation_id == by.organisation_id)


def _conflict(by: Actor) -> Select[Any]:
    return select(SupportDeclaration.id).where(SupportDeclaration.person_id == by.id, SupportDeclaration.conflict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A request with what the person is to it and how much of it shows (support.SIGHTS)."""

    request: SupportRequest
    party: str
    sight: str


def request_for(by: Actor, number: int) -> Seen | None:
    """The request, when anything of it may show to this person."""
    return _seen(db.session.scalar(_whole().where(SupportRequest.id == number)), by)


def request_to_change(by: Actor, number: int) -> Seen | None:
    """As `request_for`, with the case and then the request locked until the transaction ends, when the request writes."""
    return _seen(locked(number), by)


def request_to_take(by: Actor, number: int) -> SupportRequest | None:
    """Locked, for an expert without a conflict, also when another one took it a moment ago: the rules then say so."""
    request = locked(number)
    if request is None or request.state not in support.RUNNING:
        return None
    return request if party(request, by) in ("free_expert", "own_expert") else None


def case_of_request_to_change(number: int) -> Case | None:
    """The request's case, locked when the running request writes: the network's people reach a case by no other way."""
    statement = select(Case).join(SupportRequest, SupportRequest.case_id == Case.id).where(SupportRequest.id == number)
    if will_write():
        statement = statement.with_for_update(of=Case).execution_options(populate_existing=True)
    return db.session.scalar(statement)


def locked(number: int) -> SupportRequest | None:
    """The request with that number, whoever may see it; its case and itself locked when the running request writes."""
    case = case_of_request_to_change(number)
    statement = _whole().where(SupportRequest.id == number)
    if will_write():
        statement = statement.with_for_update(of=SupportRequest).execution_options(populate_existing=True)
    request = db.session.scalar(statement)
    if request is not None and case is None and request.case_id is not None:  # attached to its case a moment ago
        case_of_request_to_change(number)
    return request


def _whole() -> Select[SupportRequest]:
    return select(SupportRequest).options(
        joinedload(SupportRequest.case).joinedload(Case.organisation),
        joinedload(SupportRequest.organisation),
        joinedload(SupportRequest.asked_by),
        joinedload(SupportRequest.expert),
        joinedload(SupportRequest.second_expert),
    )


def _seen(request: SupportRequest | None, by: Actor) -> Seen | None:
    if request is None:
        return None
    who = party(request, by)
    sight = support.sight(who, request.state)
    return Seen(request, who, sight) if who and sight else None


def request_of_form(case: Case, form_key: str) -> SupportRequest | None:
    """The request that this form has made already."""
    return db.session.scalar(select(SupportRequest).where(SupportRequest.case_id == case.id, SupportRequest.form_key == form_key))


def messages_of(request: SupportRequest) -> list[SupportMessage]:
    """Everything said and done, in order."""
    return list(
        db.session.scalars(select(SupportMessage).where(SupportMessage.request_id == request.id).order_by(SupportMessage.id))
    )


def last_message(request: SupportRequest) -> SupportMessage | None:
    statement = select(SupportMessage).where(SupportMessage.request_id == request.id).order_by(SupportMessage.id.desc()).limit(1)
    return db.session.scalar(statement)


def opinion_of(request: SupportRequest) -> SupportOpinion | None:
    return db.session.get(SupportOpinion, request.id)


def people_of_network(request: SupportRequest) -> list[Person]:
    """The active experts and coordinators, to whom an open request is told; never those who declared a conflict in it."""
    shut = select(SupportDeclaration.person_id).where(SupportDeclaration.request_id == request.id, SupportDeclaration.conflict)
    statement = select(Person).where(Person.role.in_(NETWORK_ROLES), Person.active, Person.id.not_in(shut)).order_by(Person.id)
    return list(db.session.scalars(statement))


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One line of a list. `reference`, `title` and `asked_by` are empty for the network's people: they are the case's own.
    `reference` is empty for the city too while there is no case."""

    number: int
    topic: str
    urgency: str
    state: str
    asked_on: date
    answer_by: date
    answered_on: date | None
    read: bool
    city: Trilingual
    expert: str
    cpv: str = ""
    known_suppliers: int | None = None
    reference: str = ""
    title: Trilingual | None = None
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of the page before."""

    answer_by: date
    number: int


def of_city(by: Actor, running: bool, after: Cursor | None = None) -> tuple[list[RequestRow], bool]:
    """At most 25 requests of the own city and whether more follow: the running ones by the day they are due, else the newest first."""
    if by.role not in CITY_ROLES:
        return [], False
    return _page(_city_rows().where(SupportRequest.organisation_id == by.organisation_id), running, after)


def of_case(case: Case) -> list[RequestRow]:
    """Every request about a case that the person has been found to read, the newest first."""
    rows = db.session.execute(_city_rows().where(SupportRequest.case_id == case.id).order_by(SupportRequest.id.desc()))
    return [_city_row(*row) for row in rows]


def _city_rows() -> Select[SupportRequest, Case]:
    return (
        select(SupportRequest, Case)
        .outerjoin(Case, Case.id == SupportRequest.case_id)
        .options(joinedload(SupportRequest.expert), joinedload(SupportRequest.organisation), joinedload(SupportRequest.asked_by))
    )


def _city_row(request: SupportRequest, case: Case | None) -> RequestRow:
    title = case.titles if case else Trilingual(*[request.idea_title] * 3)
    return _row(request, reference=case.reference if case else "", title=title, asked_by=request.asked_by.name)


def _row(request: SupportRequest, **more: Any) -> RequestRow:
    return RequestRow(
        number=request.id, topic=request.topic, urgency=request.urgency, state=request.state, asked_on=day_of(request.asked_at),
        answer_by=request.answer_by, answered_on=day_of(request.answered_at) if request.answered_at else None,
        read=request.read_at is not None, city=request.organisation.names, expert=request.expert.name if request.expert else "",
        **more,
    )  # fmt: skip


def row_of(request: SupportRequest) -> RequestRow:
    """What shows of a request before the declaration."""
    return _row(request, **_subject(request, subjects_of([request.case_id])))


def day_of(moment: datetime) -> date:
    """The Finnish date of a moment."""
    return moment.astimezone(FINLAND).date()


def _page(statement: Select[SupportRequest, Case], running: bool, after: Cursor | None) -> tuple[list[RequestRow], bool]:
    statement = _ordered(statement, running, after).limit(PAGE_SIZE + 1)
    rows = [_city_row(*row) for row in db.session.execute(statement)]
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def _ordered(statement: Any, running: bool, after: Cursor | None) -> Any:
    if not running:
        statement = statement.where(SupportRequest.state.not_in(support.RUNNING)).order_by(SupportRequest.id.desc())
        return statement if after is None else statement.where(SupportRequest.id < after.number)
    statement = statement.where(SupportRequest.state.in_(support.RUNNING)).order_by(SupportRequest.answer_by, SupportRequest.id)
    key = tuple_(SupportRequest.answer_by, SupportRequest.id)
    return statement if after is None else statement.where(key > tuple_(after.answer_by, after.number))


def _subject(request: SupportRequest, subjects: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Nothing for an idea that has no case yet."""
    return {} if request.case_id is None else subjects.get(request.case_id, {})


def subjects_of(case_ids: Sequence[int | None]) -> dict[int, dict[str, Any]]:
    """Main CPV code and number of known suppliers of each case, where they are known."""
    found: dict[int, dict[str, Any]] = {}
    case_ids = [case_id for case_id in case_ids if case_id is not None]
    if not case_ids:
        return found
    statement = select(Answer.case_id, Answer.question, Answer.value).where(
        Answer.case_id.in_(case_ids), Answer.question.in_(SUBJECT), Answer.known
    )
    for case_id, question, value in db.session.execute(statement):
        if value not in (None, [], ""):
            found.setdefault(case_id, {})[question] = class_of(value) if question == "cpv" else value
    return found


def class_of(codes: Sequence[str]) -> str:
    """The subject class: the main CPV code, without its check digit."""
    return str(codes[0])[:8]


@dataclass(frozen=True, slots=True)
class OpenAdvice:
    """A request as the pages of a case tell of it."""

    number: int
    topic: str
    state: str
    asked_on: date
    answered_on: date | None


def summary_for_case(case: Case) -> tuple[OpenAdvice, ...]:
    """The case's requests, the oldest first; those withdrawn or joined with another are left out. The person has been found to read
    the case."""
    statement = (
        select(SupportRequest)
        .where(SupportRequest.case_id == case.id, SupportRequest.state.not_in(("withdrawn", "merged")))
        .order_by(SupportRequest.id)
    )
    return tuple(
        OpenAdvice(
            request.id, request.topic, request.state, day_of(request.asked_at),
            day_of(request.answered_at) if request.answered_at else None,
        )
        for request in db.session.scalars(statement)
    )  # fmt: skip


def waiting_for(by: Actor, whole_city: bool = False) -> list[RequestRow]:
    """What waits for this person: the expert's question or an unread opinion in what they have asked or in a case for which they are
    responsible, or in any of the city's."""
    unread = and_(SupportRequest.state.in_(("asked_back", "answered")), SupportRequest.read_at.is_(None))
    statement = (
        _city_rows()
        .where(SupportRequest.organisation_id == by.organisation_id, unread)
        .where(*[] if whole_city else [or_(SupportRequest.asked_by_id == by.id, Case.responsible_id == by.id)])
        .order_by(SupportRequest.answer_by, SupportRequest.id)
        .limit(PAGE_SIZE)
    )
    return [_city_row(*row) for row in db.session.execute(statement)]
