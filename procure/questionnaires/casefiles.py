"""A case as a case file and back (format procure-case/1). What the format has no key for travels in its `facts`, so that no word is
lost: answers to further questions, answers "not known yet", and answers that say a default."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from typing import Any, Final

from procure.accounts.models import Organisation
from procure.cases import service as cases
from procure.cases.models import Answer as AnswerRow
from procure.cases.models import Case
from procure.catalogue import casefiles as case_files
from procure.catalogue import cpv, organisations
from procure.catalogue import questions as catalogue
from procure.domain import casefile
from procure.domain.casefile import CaseFile, CaseFileError
from procure.domain.language import LANGUAGES, Trilingual
from procure.domain.permissions import Actor
from procure.domain.procedures import PREPARATION
from procure.domain.questions import Answers, Question
from procure.infra.db import db
from procure.questionnaires import queries
from procure.questionnaires.travelling import fits

DEFAULTS: Final = {field.name: field.default for field in fields(CaseFile) if field.default not in (None, MISSING)}
TRAVELLING: Final = "procure_answers"
"""The key within `facts`: question id -> its value, or {"unknown": true}."""
NOT_KNOWN: Final = {"unknown": True}
IMPORTED: Final = "case_imported"
WHY_CHOSEN: Final = Trilingual("Tapaustiedoston mukaan", "Enligt ärendefilen", "From the case file")
GIVEN, EMPTY = "given", "empty"
"""What `Case.facts` keeps of a case file: its own facts, and the names of objects that it had without anything in them."""


def read(source: bytes) -> CaseFile:
    """The case file in the bytes. Raises CaseFileError, whose text names the key."""
    found = case_files.read(source)
    _refuse_unkeepable({key: value for key, value in casefile.to_document(found).items() if key != "facts"}, "")
    return found


def _refuse_unkeepable(value: Any, place: str) -> None:
    """A NUL is a character of JSON, but no database keeps it in a text."""
    if isinstance(value, str) and "\0" in value:
        raise CaseFileError(place, "holds a NUL character, which cannot be kept")
    if isinstance(value, Mapping):
        for key, item in value.items():
            _refuse_unkeepable(item, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _refuse_unkeepable(item, f"{place}[{number}]")


def written(case: Case, answers: Answers) -> str:
    """The case as the text of a case file, equal in meaning to the one it came from."""
    return casefile.write(document_of(case, answers))


def document_of(case: Case, answers: Answers) -> CaseFile:
    """The case as a case file: what is known, and in `facts` what else there is."""
    kept = case.facts or {}
    document: dict[str, Any] = {"format": casefile.FORMAT, "buyer": case.organisation.code}
    for name in kept.get(EMPTY, ()):
        document[name] = {}
    travelling: dict[str, Any] = {}
    for question in catalogue.catalogue().get(case.questionnaire_edition).questions:
        answer = answers.get(question.id)
        if answer is None or (answer.known and answer.value is None):
            continue
        if question.key and answer.known and not _is_default(question, answer.value):
            _put(document, question.key, answer.value)
        else:
            travelling[question.id] = answer.value if answer.known else dict(NOT_KNOWN)
    if case.procedure != PREPARATION:
        document["procedure"] = case.procedure
    facts = _facts(kept.get(GIVEN), travelling)
    if facts is not None:
        document["facts"] = facts
    return casefile.from_document(document, municipalities=case_files.municipalities(), divisions=cpv.load().divisions)


def _facts(given: Any, travelling: dict[str, Any]) -> dict[str, Any] | None:
    if not travelling:
        return given
    facts = dict(given or {})
    foreign = facts.get(TRAVELLING, {})
    facts[TRAVELLING] = {**(foreign if isinstance(foreign, Mapping) else {TRAVELLING: foreign}), **travelling}
    return facts


def _is_default(question: Question, value: Any) -> bool:
    """The format leaves a key at its default out; that it was answered is worth keeping."""
    return question.key in DEFAULTS and bool(value == DEFAULTS[question.key])


def _put(document: dict[str, Any], key: str, value: Any) -> None:
    outer, _, inner = key.partition(".")
    if inner:
        document.setdefault(outer, {})[inner] = value
    else:
        document[outer] = value


def import_case(
    found: CaseFile, organisation: Organisation, by: Actor, today: date, now: datetime, opened_on: date | None = None
) -> Case:
    """A new case of the buyer's city with everything that the case file says. Raises Refusal."""
    document = casefile.to_document(found)
    facts = document.pop("facts", None)
    answers, unknown, facts = _taken_over(document, facts)
    language = _language_of(found, organisation)
    case = cases.open_case(organisation, answers, by, today, now, language=language, opened_on=opened_on)
    case.facts = _kept_facts(document, facts)
    for question in unknown:
        db.session.add(
            AnswerRow(case_id=case.id, question=question, value=None, known=False, version=1, saved_at=now, saved_by=by.name)
        )
    changes = {question: {"new": None} for question in unknown}
    cases.record(case, IMPORTED, {"changes": changes} if changes else {}, opened_on or today, by, now)
    if found.partners:
        cases.set_partners(case, queries.organisations_by_code(list(found.partners)))
    cases.refresh(case)
    if found.procedure:
        cases.choose_procedure(case, found.procedure, opened_on or today, WHY_CHOSEN[language], by, today, now)
    return case


def _taken_over(document: Mapping[str, Any], facts: Any) -> tuple[dict[str, Any], list[str], Any]:
    """Answers by question, the questions whose answer is "not known yet", and the facts without what became an answer."""
    latest = catalogue.catalogue().latest
    answers = {q.id: value for q in latest.questions if q.key and (value := _get(document, q.key)) is not None}
    carried = facts.get(TRAVELLING) if isinstance(facts, Mapping) else None
    if not isinstance(carried, Mapping):
        return answers, [], facts
    unknown, left = [], {}
    by_id = {question.id: question for question in latest.questions}
    for question_id, value in carried.items():
        question = by_id.get(question_id)
        if question is None or question_id in answers:
            left[question_id] = value
        elif value == NOT_KNOWN and question.may_be_unknown:
            unknown.append(question_id)
        elif fits(question, value):
            answers[question_id] = value
        else:
            left[question_id] = value
    rest = {key: value for key, value in facts.items() if key != TRAVELLING}
    if left:
        rest[TRAVELLING] = left
    return answers, unknown, rest or None


def _get(document: Mapping[str, Any], key: str) -> Any:
    outer, _, inner = key.partition(".")
    value = document.get(outer)
    return value.get(inner) if inner and isinstance(value, Mapping) else None if inner else value


def _kept_facts(document: Mapping[str, Any], facts: Any) -> dict[str, Any] | None:
    empty = [key for key, value in document.items() if value == {}]
    kept = ({GIVEN: facts} if facts is not None else {}) | ({EMPTY: empty} if empty else {})
    return kept or None


def _language_of(found: CaseFile, organisation: Organisation) -> str:
    """The city's first language when the title has it, else the first that it has."""
    first = organisations.catalogue().get(organisation.code).language
    if isinstance(found.title, str) or found.title.get(first):
        return first
    return next(code for code in LANGUAGES if found.title.get(code))
