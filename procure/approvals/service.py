"""What can be done with approvals. Each act is one event in the case's log, in the transaction of the act, on the locked case."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from procure.accounts.models import Person
from procure.approvals import mail, queries
from procure.approvals.models import Approval, ApprovalSeat
from procure.cases.models import Case
from procure.cases.service import record
from procure.catalogue import approvals as approval_catalogue
from procure.domain import approvals
from procure.domain.approvals import AWARD_POINT, GIVEN, OPEN, PROCEDURE, STAGE, VOIDED, WITHDRAWN, SignOff
from procure.domain.checklists import GateState, told
from procure.domain.language import Trilingual
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.procedures import PREPARATION, GatePoint, Stage
from procure.domain.questions import Answers, has_value
from procure.infra import clock
from procure.infra.clock import FINLAND
from procure.infra.db import db

NO_CITY: Final = Trilingual("–", "–", "–")

Delegates = Callable[[int, date], Mapping[int, int]]
_delegates: dict[str, Delegates] = {}


def add_delegates(name: str, provider: Delegates) -> None:
    """From now on `provider(city's number, day)` says who stands in for whom: absent person -> delegate. One of the same name takes the
    other's place."""
    _delegates[name] = provider


def delegates_of(organisation_id: int, today: date) -> dict[int, int]:
    """Who stands in for whom in the city today; nobody while no feature knows of absences."""
    return {absent: who for provider in _delegates.values() for absent, who in provider(organisation_id, today).items()}


def absent_for(by: Actor, today: date) -> list[int]:
    """For whom the person stands in today."""
    return list(approvals.stand_ins(delegates_of(by.organisation_id, today), by.id)) if _delegates else []


# asking


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request as somebody wants it. `people`: their numbers, in order."""

    subject: str
    words: str
    rule: str
    needed: int
    people: tuple[int, ...]
    due_on: date | None


def ask(case: Case, wanted: Wanted, answers: Answers, by: Actor, today: date, now: datetime) -> Approval:
    """A new request with the next number of the case, which stands on the facts of now; the same form sent twice makes one. Raises
    Refusal with every reason."""
    named, due_on = _checked(case, wanted, by, today)
    words = wanted.words.replace("\r\n", "\n").strip()[: approvals.LONGEST_WORDS]
    needed = wanted.needed if wanted.rule == approvals.OF else len(named)
    facts, last = facts_of(case, answers), queries.last_approval(case)
    if last is not None and _is_same(last, wanted, words, facts, by):
        return last
    number = last.number + 1 if last else 1
    payload = {
        "approval": number, "about": wanted.subject, "at": case.stage, "reason": words, "rule": wanted.rule, "needed": needed,
        "due_on": due_on.isoformat(), "people": [{"id": person.id, "name": person.name} for person in named], "facts": facts,
    }  # fmt: skip
    event = record(case, approvals.REQUESTED_EVENT, payload, today, by, now)
    approval = Approval(
        case_id=case.id, number=number, sequence=event.sequence, subject=wanted.subject, stage=case.stage, words=words,
        rule=wanted.rule, needed=needed, due_on=due_on, requester_id=by.id, requester=by.name, asked_on=today, facts=facts,
        changes={}, outcome=OPEN, ended_on=None,
    )  # fmt: skip
    approval.seats = [
        ApprovalSeat(
            organisation_id=case.organisation_id, due_on=due_on, place=place, person_id=person.id, name=person.name,
            holder_id=person.id, holder=person.name, waits=False, said="", words="", said_by="",
        )
        for place, person in enumerate(named)
    ]  # fmt: skip
    db.session.add(approval)
    _keep(approval, approval.sign_off, today)
    mail.asked(case, approval, _who_can_sign(case, approval, approval.sign_off.waits, today), by, now)
    db.session.flush()
    return approval


def _checked(case: Case, wanted: Wanted, by: Actor, today: date) -> tuple[list[Person], date]:
    found = queries.active_people(case.organisation_id, wanted.people)
    reasons: list[Reason] = []
    try:
        approvals.check_request(
            wanted.subject, wanted.words, wanted.rule, wanted.needed, wanted.people, by.id, wanted.due_on, today
        )
    except Refusal as refusal:
        reasons += refusal.reasons
    reasons += [
        Reason("person_not_of_city", target=f"person_{place}")
        for place, number in enumerate(wanted.people, start=1) if number not in found
    ]  # fmt: skip
    if wanted.subject == STAGE and (not case.stage or case.stage in approval_catalogue.catalogue().award_stages):
        reasons.append(Reason("approval_stage_wrong", target="subject"))
    if wanted.subject == PROCEDURE and case.procedure == PREPARATION:
        reasons.append(Reason("procedure_not_chosen", target="subject"))
    if reasons:
        raise Refusal(*reasons)
    assert wanted.due_on is not None  # the check has said so
    return [found[number] for number in wanted.people], wanted.due_on


def _is_same(last: Approval, wanted: Wanted, words: str, facts: Mapping[str, Any], by: Actor) -> bool:
    people = tuple(seat.person_id for seat in last.seats)
    asked = (last.requester_id, last.outcome, last.subject, last.words, last.rule, people, last.due_on, last.facts)
    fits = asked == (by.id, OPEN, wanted.subject, words, wanted.rule, wanted.people, wanted.due_on, facts)
    return fits and (wanted.rule != approvals.OF or last.needed == wanted.needed)


# answering


def say(case: Case, approval: Approval, saying: str, words: str, by: Actor, today: date, now: datetime) -> None:
    """What somebody answers: one of domain.approvals.SAYINGS. Said twice it is one event. Raises Refusal."""
    words = words.replace("\r\n", "\n").strip()[: approvals.LONGEST_WORDS]
    if any((seat.said_by_id, seat.said, seat.words) == (by.id, saying, words) for seat in approval.seats):
        return
    before = approval.sign_off
    place = approvals.check_say(before, by.id, saying, words, delegates_of(case.organisation_id, today))
    seat = approval.seats[place]
    seat.said, seat.words, seat.said_by_id, seat.said_by, seat.said_at = saying, words, by.id, by.name, now
    after = approvals.say(before, place, saying, by.id)
    payload = {"approval": approval.number, "place": place, "person": seat.person_id, "name": seat.name, "reason": words}
    record(case, approvals.SAID_EVENTS[saying], payload, today, by, now)
    _keep(approval, after, today)
    if after.outcome == OPEN:
        mail.asked(
            case, approval, _who_can_sign(case, approval, [at for at in after.waits if at not in before.waits], today), by, now
        )
    else:
        mail.ended(case, approval, queries.people_by_id([approval.requester_id]), by, now)
    db.session.flush()


def delegate(case: Case, approval: Approval, to: int, by: Actor, today: date, now: datetime) -> Person:
    """Somebody hands their own sign-off to another person of the city; both names stay. Raises Refusal."""
    person = queries.active_people(case.organisation_id, [to]).get(to)
    if person is None:
        raise Refusal(Reason("person_not_of_city", target="to"))
    if any((seat.holder_id, seat.person_id, seat.said) == (to, by.id, "") for seat in approval.seats):
        return person
    before = approval.sign_off
    place = approvals.check_delegate(before, by.id, to)
    seat = approval.seats[place]
    seat.holder_id, seat.holder, seat.handed_on = person.id, person.name, today
    payload = {
        "approval": approval.number, "place": place, "person": seat.person_id, "name": seat.name, "to": person.id, "to_name": person.name,
    }  # fmt: skip
    record(case, approvals.DELEGATED_EVENT, payload, today, by, now)
    _keep(approval, approvals.hand_on(before, place, to), today)
    mail.handed_on(case, approval, person, by, now)
    db.session.flush()
    return person


def withdraw(case: Case, approval: Approval, by: Actor, today: date, now: datetime) -> None:
    """Who has asked takes the request back while it is open; taken back already stays so. Raises Refusal."""
    if approval.outcome == WITHDRAWN and approval.requester_id == by.id:
        return
    approvals.check_withdraw(approval.sign_off, by.id)
    record(case, approvals.WITHDRAWN_EVENT, {"approval": approval.number}, today, by, now)
    _close(approval, WITHDRAWN, today)
    db.session.flush()


def _close(approval: Approval, outcome: str, today: date) -> None:
    approval.outcome, approval.ended_on = outcome, today
    for seat in approval.seats:
        seat.waits = False


def _keep(approval: Approval, sign_off: SignOff, today: date) -> None:
    """The derived columns as the rules have it now."""
    approval.outcome = sign_off.outcome
    approval.ended_on = None if sign_off.outcome == OPEN else today
    for place, seat in enumerate(approval.seats):
        seat.waits = place in sign_off.waits


def _who_can_sign(case: Case, approval: Approval, places: Sequence[int], today: date) -> list[Person]:
    """The holders of those seats, and for those who are away also who stands in and may."""
    delegates = delegates_of(case.organisation_id, today)
    holders = [approval.seats[place].holder_id for place in places]
    stand_ins = [delegates[holder] for holder in holders if holder in delegates]
    able = [one for one in stand_ins if approvals.seat_of(approval.sign_off, one, delegates) is not None]
    return queries.people_by_id([*holders, *able]) if places else []


# what it stands on


def facts_of(case: Case, answers: Answers) -> dict[str, Any]:
    """The material facts of now (`catalogue/approvals.toml`); None where nothing is known."""
    facts = {
        question: answers[question].value if has_value(question, answers) else None
        for question in approval_catalogue.catalogue().facts
    }
    chosen = None if case.procedure == PREPARATION else {"id": case.procedure, "edition": case.procedure_edition}
    return facts | {approvals.PROCEDURE_FACT: chosen}


def follow(case: Case, answers: Answers) -> None:
    """Told of every case that has changed (cases.service.follow): what stood on other facts than those of now is void from then on.

    It is recorded for whoever has made the change. An approval of a stage's completion is over with the stage.
    """
    now_facts: dict[str, Any] | None = None
    for approval in queries.standing_approvals(case):
        now_facts = facts_of(case, answers) if now_facts is None else now_facts
        changes = approvals.changed_facts(approval.facts, now_facts)
        if changes and not (approval.subject == STAGE and approval.stage != case.stage):
            _void(case, approval, changes)


def _void(case: Case, approval: Approval, changes: Mapping[str, Any]) -> None:
    cause = queries.last_event(case)
    now = clock.now()
    by = Actor(cause.recorded_by_id or 0, cause.recorded_by, "", cause.role, 0, "", NO_CITY, case.language)
    today = now.astimezone(FINLAND).date()
    approval.changes = dict(changes)
    took_part = [seat.holder_id for seat in approval.seats if seat.waits] + [seat.said_by_id or 0 for seat in approval.seats]
    _close(approval, VOIDED, today)
    record(case, approvals.VOIDED_EVENT, {"approval": approval.number, "changes": dict(changes)}, today, by, now)
    db.session.flush()
    mail.voided(case, approval, queries.people_by_id([approval.requester_id, *took_part]), now)


# four eyes


def revise_gate(case: Case, stage: Stage, states: tuple[GateState, ...]) -> tuple[GateState, ...]:
    """The gate of a stage: a city's points that wait for an approval, and for the award decision the point that somebody else has
    approved it (cases.add_gate_reviser)."""
    rules = approval_catalogue.catalogue()
    if any(state.point.system == "approval" and not state.satisfied for state in states):
        states = _with_stage_approval(states, queries.stage_approval(case))
    if stage.id not in rules.award_stages:
        return states
    approval = queries.award_approval(case)
    given = approval is not None and approval.outcome == GIVEN
    names = _told(approval.seats) if approval is not None and given else ""
    return (*states, GateState(GatePoint(AWARD_POINT, rules.point, "", system="approval"), given, (), how="approval", told=names))


def _with_stage_approval(states: tuple[GateState, ...], approval: Approval | None) -> tuple[GateState, ...]:
    if approval is None or approval.outcome != GIVEN:
        return states
    names = _told(approval.seats)
    return tuple(
        replace(state, satisfied=True, how="approval", told=names)
        if state.point.system == "approval" and not state.satisfied
        else state
        for state in states
    )


def _told(seats: Iterable[ApprovalSeat]) -> str:
    return ", ".join(told(seat.said_by, seat.said_at.astimezone(FINLAND).date()) for seat in seats if seat.said_at)


def check_four_eyes(case: Case, stage_id: str, by: Actor) -> None:
    """Who completes the award decision is not the only one who has approved it (cases.guard_completion). Raises Refusal."""
    if stage_id not in approval_catalogue.catalogue().award_stages:
        return
    approval = queries.award_approval(case)
    if approval is not None and approval.outcome == GIVEN and not approvals.four_eyes(approval.sign_off, by.id):
        raise Refusal(Reason("approval_only_yours", target=AWARD_POINT))
