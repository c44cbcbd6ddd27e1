"""Filing a case: opening it with three answers, and saving a page of answers so that nobody's words are lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from procure.cases import service as cases
from procure.cases.models import Answer as AnswerRow
from procure.cases.models import Case
from procure.cases.queries import facts_of
from procure.catalogue import questions as question_catalogue
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.questions import Answer, Page, Question, is_answered, is_shown
from procure.infra.db import db
from procure.questionnaires import answers, queries
from procure.questionnaires.answers import Seen

NEVER_SEEN = Seen(0, "")


@dataclass(frozen=True, slots=True)
class Clash:
    """An answer that somebody else has changed while this person was writing: theirs, as it is kept now."""

    question: str
    theirs: Answer
    version: int
    saved_by: str
    saved_at: datetime


class Conflict(Refusal):
    """Nothing was saved: both texts are to be shown."""

    def __init__(self, *clashes: Clash) -> None:
        super().__init__(*(Reason("answer_changed", {"name": clash.saved_by}, target=clash.question) for clash in clashes))
        self.clashes = clashes


def start_case(first: Mapping[str, Any], key: str, by: Actor, today: date, now: datetime) -> Case:
    """A new case of the person's own city. `first`: title, contract_kind and value_amount; `key`: the form's one-time key, so that
    a form sent twice opens one case and both times answers with it."""
    organisation = queries.organisation_to_file_in(by)
    known = queries.case_opened_with(by, key)
    if known is not None:
        return known
    case = cases.open_case(organisation, dict(first), by, today, now, language=by.language)
    case.opening_key = key
    db.session.flush()
    return case


def save_page(
    case: Case, page: Page, given: Mapping[str, Answer], seen: Mapping[str, Seen], by: Actor, today: date, now: datetime
) -> bool:
    """Keep the answers of a page as one event, and say whether anything changed. The case is locked (`case_to_change`).

    `given`: question id -> the answer as the page shows it; questions that the page does not have or that are not asked are passed
    over. An answer that somebody else changed since `seen` stays theirs when this person left it alone, or raises Conflict.
    """
    rows = queries.answer_rows(case)
    facts = facts_of(list(rows.values()))
    asked = [question for question in page.questions if question.id in given and is_shown(question, facts)]
    changes: dict[str, Answer] = {}
    clashes: list[Clash] = []
    for question in asked:
        new = answers.merged(question, facts.get(question.id), given[question.id], case.language)
        if answers.same(question, facts.get(question.id), new):
            continue
        row, shown = rows.get(question.id), seen.get(question.id, NEVER_SEEN)
        if row is None or row.version == shown.version:
            changes[question.id] = new
        elif answers.mark(question, given[question.id]) != shown.mark:
            clashes.append(Clash(question.id, facts[question.id], row.version, row.saved_by, row.saved_at))
    _check_kept(asked, changes)
    if clashes:
        raise Conflict(*clashes)
    if changes:
        _save(case, page, rows, changes, by, today, now)
    return bool(changes)


def save_days(case: Case, days: Mapping[str, date | None], by: Actor, today: date, now: datetime) -> bool:
    """Keep days that were decided elsewhere as answers, and say whether anything changed. The case is locked (`case_to_change`).

    `days`: the ids of questions on one page that ask for a day. None: not known yet, unless the question was never answered.
    """
    rows = queries.answer_rows(case)
    changes = {}
    for question, day in days.items():
        present = rows.get(question)
        value = day.isoformat() if day else None
        if value != (present.value if present else None):
            changes[question] = Answer(value, known=day is not None)
    if changes:
        questionnaire = question_catalogue.catalogue().get(case.questionnaire_edition)
        pages = (page for section in questionnaire.sections for page in section.pages)
        page = next(page for page in pages if any(question.id in changes for question in page.questions))
        _save(case, page, rows, changes, by, today, now)
    return bool(changes)


def _check_kept(asked: list[Question], changes: Mapping[str, Answer]) -> None:
    """What a case cannot be without stays answered."""
    emptied = (q for q in asked if q.id in changes and not q.may_be_unknown and not is_answered(q, changes))
    if reasons := [Reason("answer_missing", target=question.id) for question in emptied]:
        raise Refusal(*reasons)


def _save(
    case: Case, page: Page, rows: Mapping[str, AnswerRow], changes: Mapping[str, Answer], by: Actor, today: date, now: datetime
) -> None:
    told = {}
    for question, answer in changes.items():
        row = rows.get(question)
        told[question] = ({"old": _told(row.value, row.known)} if row else {}) | {"new": _told(answer.value, answer.known)}
        if row is None:
            row = AnswerRow(case_id=case.id, question=question, version=0)
            db.session.add(row)
        row.value, row.known, row.version = answer.value, answer.known, row.version + 1
        row.saved_at, row.saved_by = now, by.name
    cases.record(case, cases.ANSWERS_SAVED, {"page": page.id, "changes": told}, today, by, now)
    if "partners" in changes:
        cases.set_partners(case, queries.organisations_by_code(changes["partners"].value or []))
    cases.refresh(case)


def _told(value: Any, known: bool) -> Any:
    """An answer in the log: null is "not known yet", "" an answer taken back."""
    if not known:
        return None
    return "" if value is None else value
