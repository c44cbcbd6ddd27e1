"""Cases that have come to a given stage of a procedure on given days."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from procure.accounts.models import Person
from procure.cases import service
from procure.cases.deadlines import NOTHING, Given
from procure.cases.models import Case
from procure.catalogue import questions
from procure.domain import stages
from procure.infra import clock
from tests import factories

OPENED = date(2026, 1, 7)
TODAY = date(2027, 12, 31)
"""Late enough for every day that these tests record."""

WORDS: Mapping[str, Any] = {
    "line": "words", "text": "words", "choice": "x", "choices": ["x"], "yes_no": True, "money": "1", "date": "2029-11-26",
    "number": 3, "cpv": ["72000000"], "municipalities": ["564"], "lots": [{"title": "a", "value": "1"}], "funding": [{"source": "own"}],
}  # fmt: skip
EMAIL = Given(sent_by="email")


def chosen(person: Person, procedure: str, regime: str = "", **answers: Any) -> Case:
    """A case with every answer, which follows `procedure` from its first day; advised to follow `regime` when that is given."""
    case = factories.make_case(person, opened_on=OPENED)
    everything = {question.id: WORDS[question.kind] for question in questions.catalogue().latest.questions}
    factories.answer(case, person, **everything | {"value_amount": "480000", "contract_kind": "services"} | answers)
    by = factories.actor_of(person)
    service.choose_procedure(case, procedure, OPENED, "because", by, TODAY, clock.now())
    if regime:
        payload = {"procedure": procedure, "edition": case.procedure_edition, "reason": "", "advice": {"regime": regime}}
        service.record(case, stages.PROCEDURE_CHOSEN, payload, OPENED, by, clock.now())
    return case


def complete(case: Case, person: Person, on: date, given: Given = NOTHING, today: date = TODAY) -> None:
    """The present stage, with every point confirmed."""
    factories.approve_award(case, person)
    points = frozenset(point.id for point in service.procedure_of(case).stage(case.stage).gate if point.by_person)
    service.complete_stage(case, case.stage, on, points, "", factories.actor_of(person), today, clock.now(), given)


def walk(case: Case, person: Person, until: str, on: date, given: Mapping[str, Given] | None = None) -> None:
    """Every stage before `until` is completed on that day; a decision is sent electronically unless `given` says otherwise."""
    while case.stage != until:
        complete(case, person, on, (given or {}).get(case.stage, EMAIL if case.stage == "notification" else NOTHING))


def case_at(person: Person, procedure: str, until: str, on: date, regime: str = "", **answers: Any) -> Case:
    """A case that stands in the stage `until`, every stage before it completed on `on`."""
    case = chosen(person, procedure, regime, **answers)
    walk(case, person, until, on)
    return case
