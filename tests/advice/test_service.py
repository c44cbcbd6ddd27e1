"""Choosing on an advice: what is kept, what needs a reason, what a later change does."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.advice import queries
from procure.cases import service as cases
from procure.cases.models import Case
from procure.catalogue.rulebook import EDITION
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.advice import builders


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_the_recommended_procedure_is_chosen_without_a_reason(case: Case, people: dict[str, Person]) -> None:
    choice = builders.choose(case, people["officer"], "open")

    assert case.procedure == "open"
    assert (choice.procedure, choice.recommended, choice.regime, choice.verdict) == ("open", "open", "eu", "recommended")
    assert choice.edition == EDITION
    assert choice.advised_on == clock.today()
    assert choice.chosen_by == "Officer"


def test_advice_and_facts_are_kept_as_they_were(case: Case, people: dict[str, Person]) -> None:
    choice = builders.choose(case, people["officer"], "open")
    factories.answer(case, people["officer"], value_amount="90000", market_availability="none")
    kept = queries.last_choice(case)

    assert kept is not None
    assert kept.id == choice.id
    assert kept.facts["format"] == "procure-case/1"
    assert kept.facts["estimated_value"] == {"amount": "480000"}
    assert kept.advice["format"] == "procure-advice/1"
    assert kept.advice["regime"] == "eu"
    assert kept.advice["procedures"][0]["id"] == "open"


@pytest.mark.parametrize(
    ("procedure", "code"),
    [("restricted", "choice_reason_missing"), ("direct_award", "choice_reason_missing_not_available")],
)
def test_another_procedure_than_the_recommended_one_needs_a_reason(
    case: Case, people: dict[str, Person], procedure: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        builders.choose(case, people["officer"], procedure, "  ")

    assert codes(refused) == [code]
    assert case.procedure == "preparation"
    assert builders.choices_of(case) == []


def test_a_procedure_that_is_not_available_is_chosen_with_a_reason_and_kept_so(case: Case, people: dict[str, Person]) -> None:
    choice = builders.choose(case, people["officer"], "direct_award", "Only one firm has the rights.")

    assert case.procedure == "direct_award"
    assert (choice.recommended, choice.verdict, choice.reason) == ("open", "not_available", "Only one firm has the rights.")


def test_the_history_says_on_which_advice_the_city_chose(case: Case, people: dict[str, Person]) -> None:
    choice = builders.choose(case, people["officer"], "restricted", "Many firms are known.")
    event = factories.events(case, "procedure_chosen")[-1]

    assert event.sequence == choice.sequence
    assert event.payload["reason"] == "Many firms are known."
    assert event.payload["advice"] == {"regime": "eu", "recommended": "open", "edition": EDITION, "compared": "480000"}


def test_who_chose_on_an_advice_that_is_no_longer_given_is_told(case: Case, people: dict[str, Person]) -> None:
    seen = builders.mark_now(case)
    factories.answer(case, people["officer2"], market_availability="none")

    with pytest.raises(Refusal) as refused:
        builders.choose(case, people["officer"], "open", "because", seen)

    assert codes(refused) == ["advice_moved_on"]


def test_an_answer_that_decides_nothing_does_not_stand_in_the_way(case: Case, people: dict[str, Person]) -> None:
    seen = builders.mark_now(case)
    factories.answer(case, people["officer2"], need={"en": "Bins overflow."})

    assert builders.choose(case, people["officer"], "open", "", seen).procedure == "open"


def test_a_finished_case_keeps_its_procedure_and_is_asked_nothing(case: Case, people: dict[str, Person]) -> None:
    builders.choose(case, people["officer"], "open")
    case.stage = ""
    db.session.commit()

    for act in (
        lambda: builders.choose(case, people["officer"], "restricted", "because"),
        lambda: builders.confirm(case, people["officer"], "because"),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert codes(refused) == ["case_finished"]


def test_choosing_what_the_case_follows_already_is_refused(case: Case, people: dict[str, Person]) -> None:
    builders.choose(case, people["officer"], "open")

    with pytest.raises(Refusal) as refused:
        builders.choose(case, people["officer"], "open", "again")

    assert codes(refused) == ["procedure_same"]


def test_kept_choices_cannot_be_changed_or_removed(case: Case, people: dict[str, Person]) -> None:
    builders.choose(case, people["officer"], "open")

    for statement in ("UPDATE advice_choices SET reason = 'x'", "DELETE FROM advice_choices"):
        with pytest.raises(DatabaseError, match="only grows"), db.session.begin_nested():
            db.session.execute(text(statement))


def differs(case: Case) -> bool:
    state = queries.state_of(case)
    assert state is not None
    return state.differs


def test_what_the_advice_says_is_known_from_the_start_and_follows_the_answers(case: Case, people: dict[str, Person]) -> None:
    at_first = queries.state_of(case)
    assert at_first is not None
    assert (at_first.recommended, at_first.regime, at_first.compared) == ("open", "eu", 480_000)

    factories.answer(case, people["officer"], market_availability="needs_adaptation", value_amount="500000")

    later = queries.state_of(case)
    assert later is not None
    assert (later.recommended, later.compared) == ("competitive_negotiation", 500_000)


def test_a_changed_advice_waits_until_the_city_keeps_or_changes_its_choice(case: Case, people: dict[str, Person]) -> None:
    officer = people["officer"]
    builders.choose(case, officer, "open")
    assert not differs(case)

    factories.answer(case, officer, value_amount="490000")
    assert not differs(case), "a larger value under the same rules with the same advice"

    factories.answer(case, officer, market_availability="none")
    assert differs(case)

    builders.confirm(case, officer, "The open procedure reaches more firms.")
    assert not differs(case)
    assert case.procedure == "open"
    assert [choice.confirmed for choice in builders.choices_of(case)] == [True, False]
    assert factories.events(case, "procedure_confirmed")[-1].payload["advice"]["recommended"] == "innovation_partnership"

    factories.answer(case, officer, market_availability="needs_adaptation")
    assert differs(case), "the advice has changed again"

    factories.answer(case, officer, market_availability="none")
    assert not differs(case), "the advice is again the one that was confirmed"


def test_to_keep_a_choice_needs_a_reason_and_a_choice(case: Case, people: dict[str, Person]) -> None:
    with pytest.raises(Refusal) as nothing_chosen:
        builders.confirm(case, people["officer"], "because")
    builders.choose(case, people["officer"], "open")
    with pytest.raises(Refusal) as no_reason:
        builders.confirm(case, people["officer"], " ")

    assert codes(nothing_chosen) == ["procedure_not_chosen"]
    assert codes(no_reason) == ["reason_missing"]


def test_a_chosen_procedure_that_falls_away_is_a_change_even_if_the_recommended_one_stays(
    case: Case, people: dict[str, Person]
) -> None:
    officer = people["officer"]
    factories.answer(case, officer, market_availability="available")
    builders.choose(case, officer, "dps", "We buy them every month.")

    factories.answer(case, officer, market_availability="needs_adaptation", spec_negotiation=True)
    factories.answer(case, officer, market_availability="needs_adaptation")

    assert differs(case)


def test_a_choice_of_an_earlier_procedure_is_not_taken_for_that_of_the_present_one(case: Case, people: dict[str, Person]) -> None:
    """The present one came without an advice, as from a case file."""
    by = factories.actor_of(people["officer"])
    builders.choose(case, people["officer"], "open")
    cases.choose_procedure(case, "restricted", clock.today(), "as filed", by, clock.today(), clock.now())
    factories.answer(case, people["officer"], market_availability="none")

    assert queries.last_choice(case) is None
    assert not differs(case)
