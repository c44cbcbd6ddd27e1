"""What can be done with a request for expert advice. Each act stands in the request, in the case's log and in the outbox at once.

A request to change is got from `queries.request_to_change` (or `take_or_decline`), which locks its case: two people act one after
the other, and the second gets the rules' answer to the state that the first left behind.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.cases.service import procedure_of
from procure.catalogue import topics
from procure.domain import support
from procure.domain.language import LANGUAGES
from procure.domain.opinions import Content
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra.db import db
from procure.support import (
    asking_queries,
    files,
    logbook,
    mail,
    opinion_versions,
    product_queries,
    queries,
    rows,
    sharebook,
    targets,
)
from procure.support.models import SupportOpinion, SupportRequest
from procure.support.opinion_models import OpinionVersion


def ask(
    case: Case, topic: str, question: str, urgency: str, shares: tuple[str, ...], by: Actor, today: date, now: datetime, *,
    form_key: str, section: str = "", stage: str = "", product: str = "", details: Mapping[str, str] | None = None,
) -> SupportRequest:  # fmt: skip
    """A new request about a case locked by its own city. The same `form_key` again gives the request made first. `details`: answers
    to the topic's first questions by their id. Raises Refusal."""
    if (made := queries.request_of_form(case, form_key)) is not None:
        return made
    sections = asking_queries.section_ids(case)
    stages = [known.id for known in procedure_of(case).stages]
    support.check_request(topic, urgency, question, shares, sections, tuple(file.what for file in files.of_case(case)))
    answer_by = targets.usual(case.organisation_id, urgency, today).answer_by
    request = SupportRequest(
        case_id=case.id, organisation_id=case.organisation_id, asked_by_id=by.id, topic=topic, question=question, urgency=urgency,
        section=section if section in sections else "", stage=stage if stage in stages else "", shares=list(shares), state="open",
        asked_at=now, language=case.language if case.language in LANGUAGES else by.language, answer_by=answer_by,
        form_key=form_key, **product_asked(product, today), details=kept_details(topic, details or {}),
    )  # fmt: skip
    request.case = case
    db.session.add(request)
    db.session.flush()
    sharebook.begin(request, shares, by, now)
    logbook.record(request, "support_asked", today, by, now, shares=list(shares), **_asked_for(request))
    mail.asked(request, queries.people_of_network(request), now)
    return request


def ask_idea(
    title: str, topic: str, question: str, urgency: str, by: Actor, today: date, now: datetime, *,
    form_key: str, product: str = "", details: Mapping[str, str] | None = None,
) -> SupportRequest:  # fmt: skip
    """A new request about an idea that has no case yet. The same `form_key` again gives the request made first. Raises Refusal."""
    if (made := asking_queries.idea_of_form(by, form_key)) is not None:
        return made
    support.check_idea(title)
    support.check_request(topic, urgency, question, (), ())
    request = SupportRequest(
        case_id=None, idea_title=title.strip(), organisation_id=by.organisation_id, asked_by_id=by.id, topic=topic, question=question,
        urgency=urgency, section="", stage="", shares=[], state="open", asked_at=now, language=by.language,
        answer_by=targets.usual(by.organisation_id, urgency, today).answer_by, form_key=form_key, **product_asked(product, today),
        details=kept_details(topic, details or {}),
    )  # fmt: skip
    db.session.add(request)
    db.session.flush()
    logbook.record(request, "support_asked", today, by, now, **_asked_for(request))
    mail.asked(request, queries.people_of_network(request), now)
    return request


def product_asked(product: str, today: date) -> dict[str, str]:
    """The columns of a request that name the product with its edition. Raises Refusal for one that is not offered."""
    if not product:
        return {}
    found = product_queries.get(product, today)
    if found is None or found.retired:
        raise Refusal(Reason("support_product_unknown", target="product"))
    return {"product": found.id, "product_edition": found.edition}


def kept_details(topic: str, details: Mapping[str, str]) -> dict[str, str]:
    """The answers to the topic's own first questions; blanks and those of other topics are left out."""
    known = topics.catalogue().get(topic).question_ids()
    return {question: details[question].strip() for question in known if details.get(question, "").strip()}


def _asked_for(request: SupportRequest) -> dict[str, str]:
    return {"product": request.product, "product_edition": request.product_edition} if request.product else {}


def take(request: SupportRequest, statement: str, by: Actor, today: date, now: datetime) -> None:
    """The expert declares to have no conflict of interest, and takes the request: from now on the material is open. Raises Refusal."""
    if request.expert_id == by.id and request.state == "taken":
        return
    request.state = support.move("take", queries.party(request, by) or "", request.state)
    request.expert, request.taken_at = db.session.get_one(Person, by.id), now
    rows.end_offers(request, now, accepted_by=by.id)
    _declare(request, False, statement, by, now)
    message = rows.say(request, "system", "take", "", by, now)
    logbook.record(request, "support_taken", today, by, now)
    mail.taken(request, message, now)


def declare_conflict(request: SupportRequest, text: str, by: Actor, today: date, now: datetime) -> None:
    """The expert has an interest in the matter: the request is shut to him for good and open to the others. Raises Refusal."""
    support.check_text(text, "text")
    target = support.move("conflict", queries.party(request, by) or "", request.state)
    held = queries.party(request, by) == "own_expert"
    _declare(request, True, text, by, now)
    if request.second_expert_id == by.id:
        request.second_expert = None
    rows.answer_offer(request, by.id, "conflict", "", now)
    if held:
        _let_go(request, target, now)
    message = rows.say(request, "system", "conflict", "", by, now)
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
    _let_go(request, target, now)
    message = rows.say(request, "system", act, reason, by, now)
    logbook.record(request, "support_declined", today, by, now, reason=reason)
    mail.returned(request, message, queries.people_of_network(request), now)
    if act == "release" and before is not None:
        mail.released(request, message, before, now)


def _let_go(request: SupportRequest, state: str, now: datetime) -> None:
    """With the expert goes who helped: whoever takes the request next asks whom they want."""
    request.state, request.expert, request.second_expert, request.taken_at = state, None, None, None
    rows.end_offers(request, now)


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
    version = version or opinion_versions.numbered(request, Content(opinion), by, now)
    db.session.add_all([issued, version])
    rows.end_offers(request, now)
    rows.say(request, "system", "answer", "", by, now)
    logbook.record(request, "support_answered", today, by, now, **opinion_versions.told(version))
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
    rows.end_offers(request, now)
    message = rows.say(request, "system", "withdraw", reason, by, now)
    logbook.record(request, "support_withdrawn", today, by, now, reason=reason)
    mail.withdrawn(request, message, now)


def _declare(request: SupportRequest, conflict: bool, text: str, by: Actor, now: datetime) -> None:
    rows.declare(request, conflict, text, by, now)
