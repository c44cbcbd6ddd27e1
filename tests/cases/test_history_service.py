"""Setting right what was recorded wrongly: always a new entry, and the old one stays as it was."""

from datetime import timedelta
from typing import Any

import pytest

from procure.accounts.models import Person
from procure.cases import history_service, queries, service
from procure.cases.models import Case, CasePartner
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.cases.histories import complete, last_sequence, save

People = dict[str, Person]
TODAY = clock.today()
BEGAN = TODAY - timedelta(days=40)


@pytest.fixture
def told(people: People) -> Case:
    """A case whose first stage was completed ten days after it was opened."""
    case = factories.make_case(people["officer"], opened_on=BEGAN)
    save(case, people["officer"], **factories.FULL_NEED)
    complete(case, people["officer"], BEGAN + timedelta(days=10), "seen by the board")
    return case


def correct(case: Case, person: Person, sequence: int, day: int, words: str = "seen by the board", reason: str = "why") -> None:
    history_service.correct_event(
        case, sequence, BEGAN + timedelta(days=day), words, reason, factories.actor_of(person), TODAY, clock.now()
    )


def undo(case: Case, person: Person, sequence: int, *questions: str, reason: str = "why") -> None:
    history_service.undo_answers(case, sequence, questions, reason, factories.actor_of(person), TODAY, clock.now())


def value(case: Case, question: str) -> Any:
    return queries.facts_of(queries.answers_of(case))[question].value


def test_a_correction_is_a_new_entry_and_the_stage_s_date_follows(told: Case, people: People) -> None:
    sequence = last_sequence(told, "stage_completed")
    before = queries.events_of(told)

    correct(told, people["officer2"], sequence, 12)

    assert queries.events_of(told)[:-1] == before
    event = queries.events_of(told)[-1]
    assert (event.kind, event.payload["corrects"], event.recorded_by) == ("event_corrected", sequence, "Officer2")
    assert event.happened_on == TODAY
    assert told.stage_entered_on == BEGAN + timedelta(days=12)


def test_the_words_are_corrected_without_the_day(told: Case, people: People) -> None:
    sequence = last_sequence(told, "stage_completed")

    correct(told, people["officer"], sequence, 10, words="seen by the council")

    assert queries.events_of(told)[-1].payload["new"] == {"reason": "seen by the council"}
    assert service.progress_of(told).visits[0].reason == "seen by the council"
    assert told.stage_entered_on == BEGAN + timedelta(days=10)


def test_the_day_of_the_opening_is_corrected_too(told: Case, people: People) -> None:
    correct(told, people["officer"], 1, -5, words="")

    assert told.opened_on == BEGAN - timedelta(days=5)
    assert service.progress_of(told).visits[0].entered_on == BEGAN - timedelta(days=5)


def test_a_correction_out_of_order_leaves_nothing_behind(told: Case, people: People) -> None:
    before = told.last_sequence

    with pytest.raises(Refusal) as refused:
        correct(told, people["officer"], last_sequence(told, "stage_completed"), -1)

    assert refused.value.reasons[0].code == "correction_too_early"
    assert refused.value.reasons[0].parameters == {"previous_on": BEGAN.isoformat()}
    assert told.last_sequence == before


def test_what_comes_after_a_correction_is_held_against_the_corrected_day(told: Case, people: People) -> None:
    correct(told, people["officer"], last_sequence(told, "stage_completed"), 20)

    with pytest.raises(Refusal):
        service.return_to_stage(
            told, "need", BEGAN + timedelta(days=15), "why", factories.actor_of(people["officer"]), TODAY, clock.now()
        )


def test_an_entry_of_answers_has_nothing_to_correct(told: Case) -> None:
    with pytest.raises(Refusal) as refused:
        history_service.entry_to_correct(told, last_sequence(told, "answers_saved"))

    assert refused.value.reasons[0].code == "correction_impossible"


def test_undoing_restores_the_earlier_answer_by_a_new_entry(told: Case, people: People) -> None:
    save(told, people["officer"], title={"en": "Sensors everywhere"}, owner={"en": "Parks"})
    sequence = next(e.sequence for e in queries.events_of(told) if "title" in e.payload.get("changes", {}))

    undo(told, people["officer2"], sequence, "title", reason="It was the other case")

    assert value(told, "title") == {"en": "Sensors for waste bins"}
    assert told.title_en == "Sensors for waste bins"
    event = queries.events_of(told)[-1]
    assert event.kind == "answers_saved"
    assert (event.payload["undoes"], event.payload["reason"]) == (sequence, "It was the other case")
    change = event.payload["changes"]["title"]
    assert (change["old"], change["new"]) == ({"en": "Sensors everywhere"}, {"en": "Sensors for waste bins"})
    assert "Parks" in str(value(told, "owner")), "what was not chosen stays"


def test_an_answer_that_was_not_there_before_is_taken_back(told: Case, people: People) -> None:
    sequence = next(e.sequence for e in queries.events_of(told) if "risks" in e.payload.get("changes", {}))

    undo(told, people["officer"], sequence, "risks")

    assert value(told, "risks") is None
    assert history_service.undoable(told, sequence)[0].last is False


def test_what_was_undone_can_be_brought_back(told: Case, people: People) -> None:
    save(told, people["officer"], title={"en": "Sensors everywhere"})
    undo(told, people["officer"], told.last_sequence, "title")

    undo(told, people["officer"], told.last_sequence, "title")

    assert value(told, "title") == {"en": "Sensors everywhere"}


def test_only_the_latest_change_of_an_answer_is_undone(told: Case, people: People) -> None:
    save(told, people["officer"], title={"en": "Second"})
    sequence = told.last_sequence
    save(told, people["officer2"], title={"en": "Third"})

    with pytest.raises(Refusal) as refused:
        undo(told, people["officer"], sequence, "title")

    assert refused.value.reasons[0].code == "undo_not_last"
    assert value(told, "title") == {"en": "Third"}


@pytest.mark.parametrize("sequence", [1, 99, -1])
def test_an_entry_that_changed_no_answer_offers_nothing(told: Case, sequence: int) -> None:
    assert history_service.undoable(told, sequence) == []


def test_undoing_says_what_and_why(told: Case, people: People) -> None:
    save(told, people["officer"], title={"en": "Second"})

    for questions, reason, code in ((), "why", "undo_nothing"), (("title",), "  ", "reason_missing"):
        with pytest.raises(Refusal) as refused:
            undo(told, people["officer"], told.last_sequence, *questions, reason=reason)
        assert refused.value.reasons[0].code == code


def test_the_partner_cities_follow_an_undone_answer(told: Case, people: People) -> None:
    save(told, people["officer"], partners=["564"])
    sequence = told.last_sequence
    assert db.session.get(CasePartner, (told.id, people["other_officer"].organisation_id)) is not None

    undo(told, people["officer"], sequence, "partners")

    assert db.session.get(CasePartner, (told.id, people["other_officer"].organisation_id)) is None
    assert queries.case_for(factories.actor_of(people["other_officer"]), told.reference) is None
