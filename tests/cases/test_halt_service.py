"""Hold, go on, cancel, reopen, repeat, begin beside: one event each, what is derived follows, and the log proves it."""

from datetime import date, timedelta
from typing import Any

import pytest

from procure.accounts.models import Person
from procure.cases import halt_service, queries, service, verifying
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.cases import builders
from tests.cases.builders import OPENED, TODAY

D = OPENED


@pytest.fixture
def officer(people: dict[str, Person]) -> Person:
    return people["officer"]


def seen(case: Case) -> int:
    return service.progress_of(case).sequence


def hold(case: Case, officer: Person, on: date, expected_on: date | None = None) -> None:
    by = factories.actor_of(officer)
    halt_service.hold(case, on, "the budget is being decided", expected_on, seen(case), by, TODAY, clock.now())


def resume(case: Case, officer: Person, on: date) -> None:
    halt_service.resume(case, on, "", seen(case), factories.actor_of(officer), TODAY, clock.now())


def cancel(
    case: Case, officer: Person, on: date, ground: str = "budget", reason: str = "no money", published: bool = True
) -> None:
    by = factories.actor_of(officer)
    halt_service.cancel(case, on, ground, reason, published, seen(case), by, TODAY, clock.now())


def reopen(case: Case, officer: Person, on: date, stage: str) -> None:
    halt_service.reopen(case, stage, on, "money was found", seen(case), factories.actor_of(officer), TODAY, clock.now())


def begin_beside(case: Case, officer: Person, on: date, stage: str) -> None:
    halt_service.begin_beside(case, stage, on, "", seen(case), factories.actor_of(officer), TODAY, clock.now())


def repeat(case: Case, officer: Person, on: date, stage: str) -> None:
    halt_service.repeat(case, stage, on, "second round", seen(case), factories.actor_of(officer), TODAY, clock.now())


def complete(case: Case, officer: Person, on: date, stage: str) -> None:
    points = frozenset(point.id for point in service.procedure_of(case).stage(stage).gate if point.by_person)
    service.complete_stage(case, stage, on, points, "", factories.actor_of(officer), TODAY, clock.now())


def code_of(act: Any, *arguments: Any) -> str:
    with pytest.raises(Refusal) as refused:
        act(*arguments)
    return refused.value.reasons[0].code


def unbroken(case: Case) -> bool:
    """What the nightly check finds of the state: answers of these tests are written past the log."""
    db.session.flush()
    found = verifying.check_case(db.session.connection(), case.id).broken
    return all(one.broken.what in ("answer", "headline") for one in found)


def test_a_case_on_hold_keeps_its_stage_and_no_stage_act_is_done(officer: Person) -> None:
    case = builders.case_at(officer, "open", "contract_notice", D)

    hold(case, officer, D + timedelta(days=3), D + timedelta(days=40))

    assert (case.stage, case.state) == ("contract_notice", "held")
    by = factories.actor_of(officer)
    assert code_of(complete, case, officer, D + timedelta(days=4), "contract_notice") == "case_held"
    assert code_of(service.return_to_stage, case, "plan", D + timedelta(days=4), "x", by, TODAY, clock.now()) == "case_held"
    assert code_of(hold, case, officer, D + timedelta(days=4)) == "case_held"
    assert unbroken(case)


def test_after_a_hold_the_case_goes_on_where_it_was(officer: Person) -> None:
    case = builders.case_at(officer, "open", "contract_notice", D)
    hold(case, officer, D + timedelta(days=3))

    resume(case, officer, D + timedelta(days=10))

    assert (case.stage, case.state, case.stage_entered_on) == ("contract_notice", "", D)
    assert code_of(resume, case, officer, D + timedelta(days=11)) == "case_not_held"
    assert code_of(complete, case, officer, D + timedelta(days=9), "contract_notice") == "date_before_act"
    complete(case, officer, D + timedelta(days=10), "contract_notice")
    assert unbroken(case)


def test_a_cancelled_case_is_over_with_its_ground_and_can_only_be_reopened(officer: Person) -> None:
    case = builders.case_at(officer, "open", "suitability", D)

    cancel(case, officer, D + timedelta(days=5))

    assert (case.stage, case.state, case.next_date) == ("", "cancelled", None)
    (event,) = factories.events(case, "case_cancelled")
    assert (event.payload["ground"], event.payload["published"], event.payload["citation"]) == ("budget", True, "1397/2016 125 §")
    assert code_of(cancel, case, officer, D + timedelta(days=6)) == "case_cancelled"
    assert code_of(complete, case, officer, D + timedelta(days=6), "suitability") == "case_cancelled"
    assert unbroken(case)


@pytest.mark.parametrize(("ground", "reason", "code"), [("weather", "x", "ground_missing"), ("budget", " ", "reason_missing")])
def test_cancelling_needs_a_ground_and_words(officer: Person, ground: str, reason: str, code: str) -> None:
    case = builders.case_at(officer, "open", "suitability", D)

    assert code_of(cancel, case, officer, D, ground, reason) == code
    assert case.state == ""


def test_a_procedure_whose_contract_is_made_cannot_be_cancelled(officer: Person) -> None:
    case = builders.case_at(officer, "national", "contract_management", D, "national")

    assert code_of(cancel, case, officer, D) == "contract_made"


def test_a_hold_ends_with_the_cancelling(officer: Person) -> None:
    case = builders.case_at(officer, "open", "suitability", D)
    hold(case, officer, D)
    cancel(case, officer, D + timedelta(days=1))

    reopen(case, officer, D + timedelta(days=2), "suitability")

    assert (case.stage, case.state) == ("suitability", "")
    assert unbroken(case)


def test_reopening_sets_aside_the_periods_that_began_in_the_stage_or_later(officer: Person) -> None:
    case = builders.case_at(officer, "open", "standstill", D, "eu")
    cancel(case, officer, D + timedelta(days=5))
    begun = {row.rule for row in queries.deadlines_of(case) if row.set_aside_by is None}
    assert {"standstill", "appeal"} <= begun

    reopen(case, officer, D + timedelta(days=6), "award_decision")

    assert case.stage == "award_decision"
    assert not [row for row in queries.deadlines_of(case) if row.set_aside_by is None]
    assert unbroken(case)


def test_reopening_the_stage_in_which_it_ended_keeps_what_began_before(officer: Person) -> None:
    case = builders.case_at(officer, "open", "standstill", D, "eu")
    cancel(case, officer, D + timedelta(days=5))

    reopen(case, officer, D + timedelta(days=6), "standstill")

    assert "standstill" in {row.rule for row in queries.deadlines_of(case) if row.set_aside_by is None}


def test_a_later_stage_than_the_one_it_ended_in_is_not_reopened(officer: Person) -> None:
    case = builders.case_at(officer, "open", "suitability", D)
    assert code_of(reopen, case, officer, D, "suitability") == "case_not_over"
    cancel(case, officer, D)

    assert code_of(reopen, case, officer, D, "contract") == "stage_not_reopened"


def test_a_finished_case_is_reopened_in_its_last_stage(officer: Person) -> None:
    case = builders.case_at(officer, "national", "archive", D, "national")
    complete(case, officer, D + timedelta(days=1), "archive")
    assert case.stage == ""

    reopen(case, officer, D + timedelta(days=2), "archive")

    assert (case.stage, case.stage_entered_on) == ("archive", D + timedelta(days=2))
    assert unbroken(case)


def test_a_repeated_stage_begins_its_next_round(officer: Person) -> None:
    case = builders.case_at(officer, "competitive_negotiation", "negotiation", D)

    repeat(case, officer, D + timedelta(days=4), "negotiation")

    current = service.progress_of(case).current
    assert current is not None
    assert (current.stage, current.round, case.stage_entered_on) == ("negotiation", 2, D + timedelta(days=4))
    assert unbroken(case)


def test_a_stage_that_comes_once_is_not_repeated(officer: Person) -> None:
    case = builders.case_at(officer, "competitive_negotiation", "invitation", D)

    assert code_of(repeat, case, officer, D, "invitation") == "stage_not_repeatable"


def test_questions_run_beside_the_tender_period_and_are_completed_by_themselves(officer: Person) -> None:
    case = builders.case_at(officer, "open", "tender_period", D)
    begin_beside(case, officer, D + timedelta(days=1), "questions")
    assert code_of(begin_beside, case, officer, D + timedelta(days=1), "questions") == "stage_runs_already"
    assert code_of(complete, case, officer, D + timedelta(days=9), "tender_period") == "stage_beside_open"

    complete(case, officer, D + timedelta(days=9), "questions")

    assert case.stage == "tender_period"
    complete(case, officer, D + timedelta(days=9), "tender_period")
    assert case.stage == "opening"
    assert unbroken(case)


def test_a_stage_begun_beside_becomes_the_present_one_when_its_turn_comes(officer: Person) -> None:
    case = builders.case_at(officer, "open", "questions", D)
    begin_beside(case, officer, D + timedelta(days=1), "tender_period")

    complete(case, officer, D + timedelta(days=9), "questions")

    assert (case.stage, case.stage_entered_on) == ("tender_period", D + timedelta(days=1))
    assert unbroken(case)


def test_what_was_done_beside_is_not_passed_again(officer: Person) -> None:
    case = builders.case_at(officer, "open", "questions", D)
    begin_beside(case, officer, D + timedelta(days=1), "tender_period")
    complete(case, officer, D + timedelta(days=9), "tender_period")

    complete(case, officer, D + timedelta(days=9), "questions")

    assert case.stage == "opening"
    assert unbroken(case)


def test_only_what_the_procedure_lets_run_beside_begins_beside(officer: Person) -> None:
    case = builders.case_at(officer, "open", "tender_period", D)

    assert code_of(begin_beside, case, officer, D, "standstill") == "stage_not_beside"


def test_whoever_saw_the_stages_otherwise_is_told_and_nothing_is_done(officer: Person) -> None:
    case = builders.case_at(officer, "competitive_negotiation", "negotiation", D)
    old, by = seen(case), factories.actor_of(officer)
    repeat(case, officer, D, "negotiation")
    events = case.last_sequence

    assert code_of(halt_service.repeat, case, "negotiation", D, "x", old, by, TODAY, clock.now()) == "stages_changed"
    assert code_of(halt_service.hold, case, D, "x", None, old, by, TODAY, clock.now()) == "stages_changed"
    assert code_of(halt_service.cancel, case, D, "budget", "x", True, old, by, TODAY, clock.now()) == "stages_changed"
    assert case.last_sequence == events
