"""Setting right what was recorded wrongly: each time a new event that points to the old one, never a change of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from procure.accounts import queries as accounts
from procure.cases import history_queries, recounting, service
from procure.cases.models import Case
from procure.catalogue import questions as question_catalogue
from procure.domain import corrections, stages
from procure.domain.corrections import Entry
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.questions import has_value
from procure.domain.trail import heard, told
from procure.infra.db import db


def entry_to_correct(case: Case, sequence: int) -> Entry:
    """The event as it reads now. Raises Refusal when it has nothing that a person has entered."""
    return corrections.entry(service.stage_events_of(case), sequence)


def correct_event(
    case: Case, sequence: int, happened_on: date, words: str, reason: str, by: Actor, today: date, now: datetime
) -> None:
    """Record that an earlier event says the wrong day or the wrong words. The case is locked (`queries.case_to_change`).

    The stages' dates follow at once, and the periods of the law that were counted from the wrong day are counted again. Raises Refusal,
    and leaves nothing behind, when the acts of the case would no longer be in the order of their days, or when a contract would have
    been made before the law allows it (129 §, 131 §).
    """
    events = service.stage_events_of(case)
    entry = corrections.entry(events, sequence)
    payload = corrections.correction(entry, happened_on, words, reason)
    corrections.check(events, sequence, happened_on, today)
    with db.session.begin_nested():
        if entry.kind == stages.OPENED:
            case.opened_on = happened_on
        event = service.record(case, stages.CORRECTED, payload, today, by, now)
        db.session.flush()
        if happened_on != entry.happened_on:
            recounting.recount(case, entry, happened_on, event.sequence)
        service.refresh(case)


@dataclass(frozen=True, slots=True)
class Undoable:
    """One answer that an event changed. `last` False: it has been changed since, and only the last change is undone."""

    question: str
    earlier: Any
    """As the log tells it; "" when there was none."""
    now: Any
    last: bool


def undoable(case: Case, sequence: int) -> list[Undoable]:
    """The answers that the event of that sequence changed; none when it changed none."""
    event = history_queries.event(case, sequence)
    if event is None or event.kind != service.ANSWERS_SAVED:
        return []
    later = history_queries.changed_after(case, sequence)
    return [
        Undoable(question, change.get("old", ""), change["new"], question not in later)
        for question, change in event.payload["changes"].items()
    ]


def undo_answers(
    case: Case, sequence: int, questions: Collection[str], reason: str, by: Actor, today: date, now: datetime
) -> None:
    """Give those questions the answers back that they had before the event of that sequence. The case is locked. Raises Refusal
    when one of them has been changed since, or the case cannot be without an answer that was not there before."""
    if not questions:
        raise Refusal(Reason("undo_nothing", target="questions"))
    offered = {found.question: found for found in undoable(case, sequence)}
    if any(question not in offered or not offered[question].last for question in questions):
        raise Refusal(Reason("undo_not_last", target="questions"))
    _check_kept(case, [offered[question] for question in questions])
    if not reason.strip():
        raise Refusal(Reason("reason_missing", target="reason"))
    event = history_queries.event(case, sequence)
    assert event is not None  # it offered the questions
    rows = history_queries.answers_to_change(case, list(questions))
    changes = {}
    for question in questions:
        row, earlier = rows[question], heard(offered[question].earlier)
        changes[question] = {"old": told(row.value, row.known), "new": offered[question].earlier}
        row.value, row.known, row.version = earlier.value, earlier.known, row.version + 1
        row.saved_at, row.saved_by = now, by.name
    payload = {"page": event.payload.get("page", ""), "changes": changes, "undoes": sequence, "reason": reason}
    service.record(case, service.ANSWERS_SAVED, payload, today, by, now)
    if "partners" in changes:
        codes = heard(changes["partners"]["new"]).value or []
        found = [accounts.organisation_by_code(code) for code in codes]
        service.set_partners(case, [organisation for organisation in found if organisation is not None])
    service.refresh(case)


def _check_kept(case: Case, undone: list[Undoable]) -> None:
    """What a case cannot be without stays answered."""
    questionnaire = question_catalogue.catalogue().get(case.questionnaire_edition)
    by_id = {question.id: question for question in questionnaire.questions}
    for found in undone:
        question = by_id.get(found.question)
        if question and not question.may_be_unknown and not has_value(question.id, {question.id: heard(found.earlier)}):
            raise Refusal(Reason("answer_missing", target="questions"))
