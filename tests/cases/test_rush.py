"""Many people at once: one number, one stage move, one answer that counts; nobody gets a crash."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from flask import Flask

from procure.cases import halt_service, queries, service
from procure.cases.deadlines import Given
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.domain.permissions import Actor
from procure.infra import clock
from procure.infra.db import db, writing
from tests import factories
from tests.cases import builders

T = TypeVar("T")
AT_ONCE = 8


def at_once(app: Flask, act: Callable[[int], T]) -> list[T]:
    """`act(n)` in eight threads that start together, each in its own transaction, which is committed."""
    start = Barrier(AT_ONCE)

    def run(number: int) -> T:
        with app.app_context(), writing():
            start.wait(timeout=30)
            try:
                result = act(number)
                db.session.commit()
                return result
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_cases_opened_at_once_get_numbers_of_their_own(own_app: Flask) -> None:
    def open_one(number: int) -> str:
        return factories.make_case(factories.people()["officer"], title=f"Case {number}").reference

    references = at_once(own_app, open_one)

    year = clock.today().year
    assert sorted(references) == [f"TRE-{year}-{number:04d}" for number in range(1, AT_ONCE + 1)]


def test_a_stage_completed_by_eight_people_at_once_is_completed_once(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        officer = factories.people()["officer"]
        case = factories.make_case(officer)
        factories.answer(case, officer, **factories.FULL_NEED)
        reference = case.reference
        points = frozenset(point.id for point in service.procedure_of(case).stage("need").gate)

    def complete(number: int) -> str:
        actor = factories.actor_of(factories.people()["officer"])
        found = queries.case_to_change(actor, reference)
        assert found is not None
        try:
            service.complete_stage(found, "need", clock.today(), points, "", actor, clock.today(), clock.now())
        except Refusal as refusal:
            return refusal.reasons[0].code
        return "completed"

    outcomes = at_once(own_app, complete)

    assert sorted(outcomes) == sorted(["completed"] + ["stage_already_left"] * (AT_ONCE - 1))
    with own_app.app_context():
        case = queries.case_for(factories.actor_of(factories.people()["officer"]), reference)  # type: ignore[assignment]
        kinds = [event.kind for event in queries.events_of(case)]
        assert kinds == ["case_opened", "stage_completed"]
        assert [event.sequence for event in queries.events_of(case)] == [1, 2]
        db.session.remove()


def test_many_writers_never_meet_a_locked_database(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        references = [factories.make_case(factories.people()["officer"], title=f"Case {n}").reference for n in range(AT_ONCE)]

    def write_often(number: int) -> int:
        officer = factories.people()["officer"]
        case = queries.case_to_change(factories.actor_of(officer), references[number])
        assert case is not None
        for turn in range(15):
            factories.answer(case, officer, need=f"text {turn}")
        return number

    assert at_once(own_app, write_often) == list(range(AT_ONCE))


def test_a_deadline_marked_by_eight_people_at_once_is_marked_once(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        officer = factories.people()["officer"]
        case = builders.case_at(officer, "open", "contract_notice", builders.OPENED)
        builders.complete(case, officer, builders.OPENED, Given(tenders_due_on=clock.today() + timedelta(days=30)))
        db.session.commit()
        reference, (row,) = case.reference, queries.deadlines_of(case)

    def mark(number: int) -> str:
        actor = factories.actor_of(factories.people()["officer"])
        found = queries.case_to_change(actor, reference)
        assert found is not None
        try:
            service.mark_deadline_met(found, row.id, clock.today(), "", actor, clock.today(), clock.now())
        except Refusal as refusal:
            return refusal.reasons[0].code
        return "marked"

    assert sorted(at_once(own_app, mark)) == sorted(["marked"] + ["deadline_not_open"] * (AT_ONCE - 1))


Act = Callable[[Case, int, Actor], None]
ON = builders.OPENED
ACTS: dict[str, tuple[str, str, Act]] = {
    "case_held": ("open", "suitability", lambda case, seen, by: halt_service.hold(case, ON, "x", None, seen, by, ON, clock.now())),
    "case_cancelled": (
        "open", "suitability", lambda case, seen, by: halt_service.cancel(case, ON, "budget", "x", True, seen, by, ON, clock.now()),
    ),
    "stage_repeated": (
        "competitive_negotiation", "negotiation",
        lambda case, seen, by: halt_service.repeat(case, "negotiation", ON, "x", seen, by, ON, clock.now()),
    ),
    "stage_begun_beside": (
        "open", "tender_period", lambda case, seen, by: halt_service.begin_beside(case, "questions", ON, "", seen, by, ON, clock.now()),
    ),
    "stage_returned": (
        "open", "suitability", lambda case, seen, by: service.return_to_stage(case, "opening", ON, "x", by, ON, clock.now(), seen),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ACTS)
def test_an_act_of_eight_people_at_once_is_one_event(own_app: Flask, kind: str) -> None:
    procedure, stage, act = ACTS[kind]
    with own_app.app_context(), writing():
        case = builders.case_at(factories.people()["officer"], procedure, stage, ON)
        db.session.commit()
        reference, seen = case.reference, service.progress_of(case).sequence

    def do(number: int) -> str:
        by = factories.actor_of(factories.people()["officer"])
        found = queries.case_to_change(by, reference)
        assert found is not None
        try:
            act(found, seen, by)
        except Refusal as refusal:
            return refusal.reasons[0].code
        return "done"

    outcomes = at_once(own_app, do)

    assert outcomes.count("done") == 1
    assert len(set(outcomes)) == 2
    with own_app.app_context():
        found = queries.case_for(factories.actor_of(factories.people()["officer"]), reference)
        assert found is not None
        assert len(factories.events(found, kind)) == 1
        db.session.remove()
