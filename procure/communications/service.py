"""What can be done with the communications of a case. Each act is one event in its log and one version of the item.

The case is locked: by `cases.queries.case_to_change`, or for an expert by `queries.request_to_write`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from procure.cases import deadlines as case_deadlines
from procure.cases import queries as cases
from procure.cases import service as case_service
from procure.cases.models import Case
from procure.catalogue import publicity as publicity_catalogue
from procure.communications import mail, queries
from procure.communications.models import CommunicationItem, CommunicationVersion
from procure.domain import communications as rules
from procure.domain import publicity
from procure.domain.after_events import CONTRACT, Wait
from procure.domain.communications import CITY, EXPERT, Draft, Move
from procure.domain.language import LANGUAGES
from procure.domain.outcomes import Reason, Refusal, check_all
from procure.domain.permissions import Actor
from procure.domain.procedures import Procedure
from procure.domain.publicity import DIALOGUE, OPEN, Floor, Rules, Situation
from procure.domain.questions import Answers, has_value
from procure.domain.stages import Progress
from procure.infra.db import db
from procure.support import service as support
from procure.support.models import SupportRequest

PRODUCT: Final = "communications_package"
FACTS: Final = {"need": "need", "outcome": "desired_outcome", "way": "consultation_way", "dates": "consultation_dates"}
"""Fact of a draft -> the question whose answer it is."""

Forecast = Callable[[Case, Answers, Progress, date], Mapping[str, date]]
_forecasts: dict[str, Forecast] = {}


def expect(name: str, forecast: Forecast) -> None:
    """From now on `forecast(case, answers, progress, today)` says on which day each stage ahead is expected to begin. It is how the
    timetable, which stands above, tells its days; one of the same name takes the other's place."""
    _forecasts[name] = forecast


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case is, as far as publicity goes, and what it is told from."""

    rules: Rules
    procedure: Procedure
    situation: Situation
    answers: Answers


def standing_of(case: Case, today: date) -> Standing:
    """Three questions to the database, and what the forecasts ask."""
    progress, answers = case_service.progress_of(case), cases.facts_of(cases.answers_of(case))
    wait = None if progress.passed(CONTRACT) else case_deadlines.wait_of(CONTRACT, cases.deadlines_of(case))
    days = {stage: day for forecast in _forecasts.values() for stage, day in forecast(case, answers, progress, today).items()}
    return standing_from(case, progress, answers, wait, days)


def standing_from(case: Case, progress: Progress, answers: Answers, wait: Wait | None, days: Mapping[str, date]) -> Standing:
    """The same from what the caller knows. `wait`: before which day the law lets no contract be made (129 §), so that nothing is told of
    one; `days`: on which each stage ahead is expected to begin."""
    found, procedure = publicity_catalogue.catalogue(), case_service.procedure_of(case)
    phase = publicity.phase_now(found, procedure, case.stage, progress.cancelled)
    situation = Situation(
        procedure.id, phase, _begun(found, procedure, progress), _dialogue_since(found, procedure, progress),
        publicity.expected(found, procedure.id, days),
        {publicity.CONTRACT: Floor(wait.safe_on, wait.citation)} if wait else {},
    )  # fmt: skip
    return Standing(found, procedure, situation, answers)


def _begun(found: Rules, procedure: Procedure, progress: Progress) -> dict[str, date]:
    begun = publicity.begun(found, procedure, ((visit.stage, visit.entered_on) for visit in progress.main))
    over = progress.stands_since if progress.finished else None
    if over is None:
        return begun
    end = publicity.phase_now(found, procedure, "", progress.cancelled)
    return begun | ({end: over} if end not in begun else {})


def _dialogue_since(found: Rules, procedure: Procedure, progress: Progress) -> date | None:
    days = [
        visit.entered_on for visit in progress.visits
        if found.phase_of(procedure.id, visit.stage) == DIALOGUE and visit.outcome != "skipped"
    ]  # fmt: skip
    return min(days, default=None)


# drafting


def drafted(case: Case, standing: Standing, content: str, visible: Collection[str] | None = None) -> dict[str, str]:
    """A message in each language from the case's facts; for an expert only from the `visible` answers (ids of questions)."""
    chosen = standing.rules.content(content)
    return publicity.draft(standing.rules, chosen, standing.situation.phase, _facts(case, standing.answers, visible))


def _facts(case: Case, answers: Answers, visible: Collection[str] | None) -> dict[str, dict[str, str]]:
    facts = {language: {"city": case.organisation.names[language]} for language in LANGUAGES}
    if visible is None or "title" in visible:
        for language in LANGUAGES:
            facts[language]["title"] = case.titles[language].strip().rstrip(".")
    for fact, question in FACTS.items():
        if (visible is None or question in visible) and has_value(question, answers):
            for language, words in _in_languages(answers[question].value, case.language).items():
                facts[language][fact] = words
    return facts


def _in_languages(value: Any, language: str) -> dict[str, str]:
    """The first paragraph of what was answered, in the languages that it is in."""
    texts = {language: value} if isinstance(value, str) else value
    found = {code: str(texts.get(code) or "").strip().splitlines() for code in LANGUAGES}
    return {code: lines[0].strip() for code, lines in found.items() if lines}


# asking


def ask(
    case: Case, question: str, urgency: str, shares: tuple[str, ...], by: Actor, today: date, now: datetime, *, form_key: str
) -> SupportRequest:
    """A request for communications support, to the desk as any request. Raises Refusal."""
    request = support.ask(
        case, queries.KIND, question, urgency, shares, by, today, now, form_key=form_key, stage=case.stage
    )  # fmt: skip
    request.kind, request.product = queries.KIND, PRODUCT
    db.session.flush()
    return request


# writing


def add(case: Case, draft: Draft, form_key: str, by: Actor, today: date, now: datetime) -> CommunicationItem:
    """A new item of the plan, a draft; the same `form_key` again gives the one made first. Raises Refusal with every reason, also when
    what it tells is not public on its day."""
    if (made := queries.item_of_form(case, form_key)) is not None:
        return made
    standing = standing_of(case, today)
    draft = _tidied(draft)
    planned_on = _checked(draft, standing, today)
    number = queries.last_number(case) + 1
    if number > rules.MOST_ITEMS:
        raise Refusal(Reason("communication_too_many", {"most": str(rules.MOST_ITEMS)}))
    item = CommunicationItem(
        case_id=case.id, organisation_id=case.organisation_id, number=number, title=draft.title, content=draft.content,
        audience=draft.audience, channel=draft.channel, planned_on=planned_on, messages=dict(draft.messages), state=rules.DRAFT,
        version=1, author_id=by.id, author=by.name, author_role=by.role, approved_by="", changed_at=now, form_key=form_key,
    )  # fmt: skip
    db.session.add(item)
    db.session.flush()
    _keep(case, item, "write", rules.ADDED, "", standing, by, today, now)
    return item


def write(
    case: Case, item: CommunicationItem, draft: Draft, seen: int, by: Actor, today: date, now: datetime
) -> None:  # fmt: skip
    """A new version, which is a draft again. `seen`: the version that was on the screen. Raises Refusal, as `add`, and when somebody else
    has written meanwhile; the same words again are no version."""
    draft = _tidied(draft)
    if draft == draft_of(item):
        return
    rules.check_editable(item.state)
    if seen != item.version:
        raise Refusal(Reason("communication_changed_meanwhile", {"name": item.author}))
    standing = standing_of(case, today)
    item.planned_on = _checked(draft, standing, today)
    item.title, item.content, item.audience, item.channel = draft.title, draft.content, draft.audience, draft.channel
    item.messages, item.state, item.version = dict(draft.messages), rules.DRAFT, item.version + 1
    item.author_id, item.author, item.author_role = by.id, by.name, by.role
    _unapprove(item)
    _keep(case, item, "write", rules.CHANGED, "", standing, by, today, now)


def draft_of(item: CommunicationItem) -> Draft:
    """The item as somebody would want it, if they wanted it as it is."""
    messages = {language: item.messages.get(language, "") for language in LANGUAGES}
    return Draft(item.title, item.content, item.audience, item.channel, item.planned_on, messages)


def _tidied(draft: Draft) -> Draft:
    texts = {code: draft.messages.get(code, "").replace("\r\n", "\n").strip()[: rules.LONGEST_MESSAGE] for code in LANGUAGES}
    return replace(draft, title=draft.title.strip(), audience=draft.audience.strip(), messages=texts)


def _checked(draft: Draft, standing: Standing, today: date) -> date:
    """The day for which it is planned. Raises Refusal."""
    rules.check_draft(draft)
    assert draft.planned_on is not None  # the check has said so
    content = standing.rules.content(draft.content)
    publicity.check_planned(content, draft.planned_on, standing.situation, today)
    return draft.planned_on


def _unapprove(item: CommunicationItem) -> None:
    item.approved_by_id, item.approved_by, item.approved_on = None, "", None


# moving


@dataclass(frozen=True, slots=True)
class Said:
    """What comes with an act. `seen`: the version that was on the screen; `published_on` for publishing only."""

    seen: int
    note: str = ""
    published_on: date | None = None


def move(case: Case, item: CommunicationItem, act: str, said: Said, by: Actor, today: date, now: datetime) -> None:
    """One of domain.communications.ACTS. Done twice by the same person it is done once. Raises Refusal: it is not theirs, the item has
    moved on or been written anew, words are missing, or the law does not let it be told yet."""
    if _done_already(item, act, by):
        return
    wanted = rules.move_of(act, EXPERT if by.role == EXPERT else CITY, item.state)
    note = said.note.replace("\r\n", "\n").strip()[: rules.LONGEST_NOTE]
    if said.seen != item.version:
        raise Refusal(Reason("communication_changed_meanwhile", {"name": item.author}))
    standing = standing_of(case, today)
    check_all(lambda: rules.check_note(wanted, note), lambda: _check(wanted, item, case, said, standing, by, today))
    item.state = wanted.target
    if act == "approve":
        item.approved_by_id, item.approved_by, item.approved_on = by.id, by.name, today
    elif act == "publish":
        item.published_on = said.published_on
    elif act in ("submit", "send_back"):
        _unapprove(item)
    _keep(case, item, act, wanted.event, note, standing, by, said.published_on or today, now)
    if act == "submit":
        mail.to_approve(case, item, by, now)
    elif act in mail.TEMPLATES:
        request = next((one for one in queries.requests_of(case) if one.expert_id == item.author_id), None)
        mail.answered(act, case, item, request, by, now)


def _done_already(item: CommunicationItem, act: str, by: Actor) -> bool:
    last = queries.last_version(item)
    return last is not None and (last.act, last.by_id, last.version) == (act, by.id, item.version)


def _check(
    wanted: Move, item: CommunicationItem, case: Case, said: Said, standing: Standing, by: Actor, today: date
) -> None:  # fmt: skip
    content = standing.rules.content(item.content)
    if wanted.act == "submit":
        check_all(
            lambda: rules.check_messages(item.messages, (case.language,)),
            lambda: publicity.check_planned(content, item.planned_on, standing.situation, today),
        )
    elif wanted.act == "approve":
        rules.check_approver(item.author_role, item.author_id, by.id)
    elif wanted.act == "publish":
        check_all(
            lambda: publicity.check_public(content, standing.situation),
            lambda: rules.check_published_on(said.published_on, item.approved_on, today),
            lambda: _check_day(said.published_on, publicity.opening(content, standing.situation)),
        )


def _check_day(published_on: date | None, opening: publicity.Opening) -> None:
    if opening.state == OPEN and published_on is not None and opening.on is not None and published_on < opening.on:
        raise Refusal(Reason("communication_too_early", {"first_on": opening.on.isoformat()}, opening.citation, "published_on"))


def _keep(
    case: Case, item: CommunicationItem, act: str, event: str, note: str, standing: Standing, by: Actor, on: date, now: datetime
) -> None:
    """The item as it is now, in its versions and in the case's log. The words themselves stand in the versions, which never change."""
    item.changed_at = now
    edition = standing.rules.edition
    db.session.add(
        CommunicationVersion(
            item_id=item.id, version=item.version, act=act, title=item.title, content=item.content, audience=item.audience,
            channel=item.channel, planned_on=item.planned_on, messages=dict(item.messages), note=note, edition=edition, by_id=by.id,
            by=by.name, role=by.role, at=now,
        )
    )  # fmt: skip
    payload = {
        "communication": item.number, "version": item.version, "title": item.title, "content": item.content,
        "planned_on": item.planned_on.isoformat(), "edition": edition,
    }  # fmt: skip
    case_service.record(case, event, payload | ({"reason": note} if note else {}), on, by, now)
    db.session.flush()
