"""What the coordinator does with a request, and what an expert answers to an offer.

A request to change is got from `queries.request_to_change`, which locks it. Each act stands in the request, in the log of the case and
in the outbox at once; notes of the network stand in their own table only.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from procure.accounts.models import Person
from procure.domain import support, triage
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.support import shown_number
from procure.domain.triage import Days, Mergeable, Target
from procure.infra.db import db
from procure.support import logbook, mail, queries, rows, service, targets, triage_queries
from procure.support.models import SupportMessage, SupportNote, SupportProposal, SupportRequest, SupportTriage


def _move(act: str, request: SupportRequest, by: Actor) -> str:
    return support.move(act, queries.party(request, by) or "", request.state)


@dataclass(frozen=True, slots=True)
class Sorting:
    """What the coordinator makes of a request. `reason` shows to the city; it may be empty."""

    topic: str
    urgency: str
    priority: str
    target: Target
    reason: str = ""


def sort(request: SupportRequest, sorting: Sorting, seen: int, by: Actor, today: date, now: datetime) -> None:
    """Give the request its topic, urgency, priority and days, counted from the day of asking. `seen`: the sorting that was on the
    screen, 0 for none. Raises Refusal, also when another coordinator has sorted the request meanwhile."""
    _move("triage", request, by)
    if triage_queries.last_triage(request) != seen:
        raise Refusal(Reason("support_sorted_meanwhile"))
    triage.check_triage(sorting.topic, sorting.urgency, sorting.priority, sorting.target)
    asked_on = targets.finnish_day(request.asked_at)
    days = triage.days_of(asked_on, sorting.target, targets.calendar_of(request.organisation_id))
    given = {"topic": sorting.topic, "urgency": sorting.urgency, "priority": sorting.priority, **asdict(days)}
    before = {name: getattr(request, name) for name in given}
    if before == given:
        return
    for name, value in given.items():
        setattr(request, name, value)
    db.session.add(SupportTriage(request_id=request.id, reason=sorting.reason, by_id=by.id, by=by.name, at=now, **given))
    message = rows.say(request, "system", "triage", sorting.reason, by, now)
    dates = {name: value.isoformat() for name, value in asdict(days).items()}
    logbook.record(request, "support_triaged", today, by, now, urgency=sorting.urgency, priority=sorting.priority, **dates)
    if any(before[name] != given[name] for name in ("topic", "urgency", "answer_by")):
        mail.to_city(request, message, "support_triaged", now)


def own_target(request: SupportRequest) -> Target | None:
    """The working days that a coordinator has given instead of the usual ones of the urgency; None where the usual ones hold."""
    asked_on = targets.finnish_day(request.asked_at)
    if request.first_answer_by is None:
        return None
    if targets.usual(request.organisation_id, request.urgency, asked_on) == Days(request.first_answer_by, request.answer_by):
        return None
    days = targets.calendar_of(request.organisation_id)
    return Target(triage.age(asked_on, request.first_answer_by, days), triage.age(asked_on, request.answer_by, days))


def merge(request: SupportRequest, into: SupportRequest | None, reason: str, by: Actor, today: date, now: datetime) -> None:
    """The request asks what another one of the same city asks already: the thread goes on there. Raises Refusal."""
    target = _move("merge", request, by)
    triage.check_merge(_mergeable(request), _mergeable(into) if into else None)
    assert into is not None
    request.merged_into_id = into.id
    message = _end(request, target, "merge", reason, by, now)
    rows.say(into, "system", "merged_here", shown_number(request.id), by, now)
    logbook.record(request, "support_merged", today, by, now, into=shown_number(into.id), reason=reason)
    mail.to_city(request, message, "support_merged", now, into=shown_number(into.id))


def _mergeable(request: SupportRequest) -> Mergeable:
    return Mergeable(request.id, request.organisation_id, request.state)


def refuse(request: SupportRequest, reason: str, by: Actor, today: date, now: datetime) -> None:
    """The network does not take the request on; the city reads why. Raises Refusal."""
    support.check_text(reason, "text")
    message = _end(request, _move("refuse", request, by), "refuse", reason, by, now)
    logbook.record(request, "support_refused", today, by, now, reason=reason)
    mail.to_city(request, message, "support_refused", now)


def pass_on(request: SupportRequest, body: str, contact: str, reason: str, by: Actor, today: date, now: datetime) -> None:
    """Another body is the right one: the city gets its name, how to reach it, and why. Nothing is sent to that body. Raises Refusal."""
    target = _move("pass_on", request, by)
    triage.check_passing(body, contact, reason)
    request.passed_on_to = body.strip()
    message = _end(request, target, "pass_on", f"{body.strip()}\n{contact.strip()}\n{reason.strip()}", by, now)
    logbook.record(request, "support_passed_on", today, by, now, to=body.strip(), reason=reason)
    mail.to_city(request, message, "support_passed_on", now)


def _end(request: SupportRequest, state: str, act: str, text: str, by: Actor, now: datetime) -> SupportMessage:
    """The request ends without an opinion; who worked on it is told, and sees it no longer."""
    request.state = state
    rows.end_offers(request, now)
    message = rows.say(request, "system", act, text, by, now)
    working = [person for person in (request.expert, request.second_expert) if person is not None]
    mail.to_experts(request, message, "support_closed", working, now)
    return message


# offers to experts


def reassign(request: SupportRequest, expert: int, reason: str, note: str, by: Actor, today: date, now: datetime) -> None:
    """Take the request from who has it, and offer it to another expert. Raises Refusal, and then neither has been done."""
    if not triage_queries.matching(request, today).askable(expert):
        raise Refusal(Reason("support_not_askable"))
    service.release(request, reason, by, today, now)
    propose(request, expert, note, by, today, now)


def propose(request: SupportRequest, expert: int, note: str, by: Actor, today: date, now: datetime) -> None:
    """Ask an expert to take an open request. Raises Refusal: it is not open, or this expert may not be asked."""
    _move("propose", request, by)
    _offer(request, "first", expert, note, "propose", by, today, now)


def invite(request: SupportRequest, expert: int, note: str, by: Actor, today: date, now: datetime) -> None:
    """Ask a second expert to help the one who has taken the request. Raises Refusal."""
    _move("invite", request, by)
    if request.second_expert_id is not None:
        raise Refusal(Reason("support_second_there"))
    _offer(request, "second", expert, note, "invite", by, today, now)


def _offer(request: SupportRequest, part: str, expert: int, note: str, act: str, by: Actor, today: date, now: datetime) -> None:
    if not triage_queries.matching(request, today).askable(expert):
        raise Refusal(Reason("support_not_askable"))
    offer = SupportProposal(
        request_id=request.id, part=part, person_id=expert, note=note, by_id=by.id, by=by.name, at=now, answer="", reason=""
    )
    db.session.add(offer)
    message = rows.say(request, "system", act, "", by, now)
    logbook.record(request, "support_proposed", today, by, now, part=part)
    template = "support_proposed" if part == "first" else "support_invited"
    mail.to_experts(request, message, template, [db.session.get_one(Person, expert)], now)


def decline(request: SupportRequest, reason: str, by: Actor, today: date, now: datetime) -> None:
    """The expert cannot take or help, and says why to the network; the request stays where it is. Raises Refusal."""
    _move("decline", request, by)
    support.check_text(reason, "text")
    offer = rows.answer_offer(request, by.id, "declined", reason, now)
    if offer is None:
        raise Refusal(Reason("support_moved_on"))
    message = rows.say(request, "system", "decline", "", by, now)
    logbook.record(request, "support_proposal_declined", today, by, now, part=offer.part)
    mail.to_experts(request, message, "support_offer_declined", [db.session.get_one(Person, offer.by_id)], now)


def join(request: SupportRequest, statement: str, by: Actor, today: date, now: datetime) -> None:
    """The invited expert declares to have no conflict of interest, and sees the material from now on. Raises Refusal."""
    if request.second_expert_id == by.id:
        return
    _move("join", request, by)
    request.second_expert = db.session.get_one(Person, by.id)
    rows.declare(request, False, statement, by, now)
    rows.end_offers(request, now, accepted_by=by.id)
    message = rows.say(request, "system", "join", "", by, now)
    logbook.record(request, "support_second", today, by, now, joined=True)
    mail.to_city(request, message, "support_second_joined", now, expert=by.name)
    if request.expert is not None:
        mail.to_experts(request, message, "support_second_here", [request.expert], now)


def step_aside(request: SupportRequest, reason: str, by: Actor, today: date, now: datetime) -> None:
    """The second expert helps no longer; the expert goes on alone. Raises Refusal."""
    _move("step_aside", request, by)
    support.check_text(reason, "text")
    request.second_expert = None
    message = rows.say(request, "system", "step_aside", reason, by, now)
    logbook.record(request, "support_second", today, by, now, joined=False, reason=reason)
    if request.expert is not None:
        mail.to_experts(request, message, "support_second_left", [request.expert], now)


def add_note(request: SupportRequest, text: str, by: Actor, now: datetime) -> None:
    """A note for the network's people. It stands in no log, letter or document. Raises Refusal."""
    if (queries.party(request, by) or "") not in triage_queries.NOTE_PARTIES:
        raise Refusal(Reason("support_not_yours"))
    support.check_text(text, "text")
    if (last := triage_queries.last_note(request)) is not None and (last.author_id, last.text) == (by.id, text):
        return
    db.session.add(SupportNote(request_id=request.id, author_id=by.id, author=by.name, role=by.role, text=text, at=now))
    db.session.flush()
