"""What can be done with a request for expert advice. Each act stands in the request, in the case's log and in the outbox at once.

A request to change is got from `queries.request_to_change` (or `take_or_decline`), which locks its case: two people act one after
the other, and the second gets the rules' answer to the state that the first left behind.
"""

from dataclasses import asdict
from datetime import date, datetime

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.cases.service import procedure_of
from procure.catalogue import questions as question_catalogue
from procure.domain import support
from procure.domain.language import LANGUAGES
from procure.domain.opinions import Content
from procure.domain.permissions import Actor
from procure.infra.db import db
from procure.support import logbook, mail, opinion_versions, queries
from procure.support.models import SupportDeclaration, SupportMessage, SupportOpinion, SupportRequest
from procure.support.opinion_models import OpinionVersion


def ask(
    case: Case, topic: str, question: str, urgency: str, shares: tuple[str, ...], by: Actor, today: date, now: datetime, *,
    form_key: str, section: str = "", stage: str = "",
) -> SupportRequest:  # fmt: skip
    """A new request about a case locked by its own city. The same `form_key` again gives the request made first. Raises Refusal."""
    if (made := queries.request_of_form(case, form_key)) is not None:
        return made
    sections = tuple(part.id for part in question_catalogue.catalogue().get(case.questionnaire_edition).sections)
    stages = [known.id for known in procedure_of(case).stages]
    support.check_request(topic, urgency, question, shares, sections)
    request = SupportRequest(
        case_id=case.id, organisation_id=case.organisation_id, asked_by_id=by.id, topic=topic, question=question, urgency=urgency,
        section=section if section in sections else "", stage=stage if stage in stages else "", shares=list(shares), state="open",
        asked_at=now, language=case.language if case.language in LANGUAGES else by.language, answer_by=support.answer_by(today, urgency),
        form_key=form_key,
    )  # fmt: skip
    request.case = case
    db.session.add(request)
    db.session.flush()
    logbook.record(request, "support_asked", today, by, now, shares=list(shares))
    mail.asked(request, queries.people_of_network(request), now)
    return request


def take(request: SupportRequest, statement: str, by: Actor, today: date, now: datetime) -> None:
    """The expert declares to have no conflict of interest, and takes the request: from now on the material is open. Raises Refusal."""
    if request.expert_id == by.id and request.state == "taken":
        return
    request.state = support.move("take", queries.party(request, by) or "", request.state)
    request.expert, request.taken_at = db.session.get_one(Person, by.id), now
    _declare(request, False, statement, by, now)
    message = say(request, "system", "take", "", by, now)
    logbook.record(request, "support_taken", today, by, now)
    mail.taken(request, message, now)


def declare_conflict(request: SupportRequest, text: str, by: Actor, today: date, now: datetime) -> None:
    """The expert has an interest in the matter: the request is shut to him for good and open to the others. Raises Refusal."""
    support.check_text(text, "text")
    target = support.move("conflict", queries.party(request, by) or "", request.state)
    _declare(request, True, text, by, now)
    held = request.state != "open"
    if held:
        _let_go(request, target)
    message = say(request, "system", "conflict", "", by, now)
    logbook.record(request, "support_declined", today, by, now, conflict=True)
    if held:
        mail.returned(request, message, queries.people_of_network(request), now)


def hand_back(request: SupportRequest, reason: str, by: Actor, today: date, now: datetime) -> None:
    """The expert cannot answer after all: the request is open again. Raises Refusal."""
    _return("hand_back", request, reason, by, today, now)


def release(request: SupportRequest, reason: str, by: Actor, today: date, now: datetime) -> None:
    """The coordinator opens a request to other experts; the one who had it sees it no longer. Raises Refusal."""
    _return("release", request, reason, by, today, now)


def _return(act: str, request: SupportRequest, reason: str, by: Actor, today: date, now: datetime) -> None:
    support.check_text(reason, "text")
    target = support.move(act, queries.party(request, by) or "", request.state)
    before = request.expert
    _let_go(request, target)
    message = say(request, "system", act, reason, by, now)
    logbook.record(request, "support_declined", today, by, now, reason=reason)
    mail.returned(request, message, queries.people_of_network(request), now)
    if act == "release" and before is not None:
        mail.released(request, message, before, now)


def _let_go(request: SupportRequest, state: str) -> None:
    request.state, request.expert, request.taken_at = state, None, None


def ask_back(request: SupportRequest, text: str, by: Actor, today: date, now: datetime) -> None:
    """The expert needs to know more: the city's turn. Raises Refusal."""
    if _said_already(request, text, by):
        return
    support.check_text(text, "text")
    request.state = support.move("ask_back", queries.party(request, by) or "", request.state)
    message = say(request, "question", "ask_back", text, by, now)
    logbook.record(request, "support_question", today, by, now)
    mail.asked_back(request, message, now)


def reply(request: SupportRequest, text: str, by: Actor, today: date, now: datetime) -> None:
    """The city answers the expert's question, or adds to its own. Raises Refusal."""
    if _said_already(request, text, by):
        return
    support.check_text(text, "text")
    kind = "reply" if request.state == "asked_back" else "message"
    request.state = support.move("reply", queries.party(request, by) or "", request.state)
    message = say(request, kind, "reply", text, by, now)
    logbook.record(request, "support_reply", today, by, now)
    mail.replied(request, message, now)


def answer(
    request: SupportRequest, opinion: support.Opinion, by: Actor, today: date, now: datetime, *, version: OpinionVersion | None = None
) -> None:  # fmt: skip
    """The expert issues the opinion. It is never changed afterwards. Raises Refusal naming every part that is missing.

    `version`: the numbered version made of a draft (`opinion_service.issue`, which asks for the second reader first); without one,
    the six parts become version 1 as they stand.
    """
    if request.expert_id == by.id and request.state == "answered":
        return
    target = support.move("answer", queries.party(request, by) or "", request.state)
    support.check_opinion(opinion)
    request.state, request.answered_at = target, now
    issued = SupportOpinion(request_id=request.id, expert=by.name, issued_at=now, language=request.language, **asdict(opinion))
    db.session.add_all([issued, version or opinion_versions.numbered(request, Content(opinion), by, now)])
    say(request, "system", "answer", "", by, now)
    logbook.record(request, "support_answered", today, by, now)
    mail.answered(request, now)


def mark_read(request: SupportRequest, by: Actor, today: date, now: datetime) -> None:
    """The city has read the opinion: it no longer waits for anybody. Raises Refusal."""
    request.state = support.move("read", queries.party(request, by) or "", request.state)
    if request.read_at is None:
        request.read_at = now
        logbook.record(request, "support_read", today, by, now)
        db.session.flush()


def withdraw(request: SupportRequest, reason: str, by: Actor, today: date, now: datetime) -> None:
    """The city no longer needs the advice; an expert who had taken it sees the material no longer. Raises Refusal."""
    if request.state == "withdrawn":
        return
    support.check_text(reason, "text")
    request.state = support.move("withdraw", queries.party(request, by) or "", request.state)
    message = say(request, "system", "withdraw", reason, by, now)
    logbook.record(request, "support_withdrawn", today, by, now, reason=reason)
    mail.withdrawn(request, message, now)


def _declare(request: SupportRequest, conflict: bool, text: str, by: Actor, now: datetime) -> None:
    db.session.add(SupportDeclaration(request_id=request.id, person_id=by.id, conflict=conflict, text=text, at=now))


def say(request: SupportRequest, kind: str, act: str, text: str, by: Actor, now: datetime) -> SupportMessage:
    """One row of what is said and done in a request."""
    message = SupportMessage(
        request_id=request.id, kind=kind, act=act, author_id=by.id, author=by.name, role=by.role, text=text, at=now
    )
    db.session.add(message)
    db.session.flush()
    return message


def _said_already(request: SupportRequest, text: str, by: Actor) -> bool:
    """A form sent twice says it once."""
    last = queries.last_message(request)
    return last is not None and last.author_id == by.id and last.kind != "system" and last.text == text
