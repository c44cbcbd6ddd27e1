"""A corrected day moves the periods of the law that were counted from the wrong one."""

from datetime import date
from typing import Any

import pytest

from procure.accounts.models import Person
from procure.cases import deadlines, history_service, queries, service
from procure.cases.deadlines import Given
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.infra import clock
from tests import factories
from tests.cases.builders import EMAIL, TODAY, case_at, complete, walk
from tests.cases.histories import last_sequence

People = dict[str, Person]
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
SAFE = {MONDAY: date(2026, 12, 8), TUESDAY: date(2026, 12, 9), WEDNESDAY: date(2026, 12, 10)}
"""Notified by e-mail on that day: the first day on which a contract may be made."""


def in_force(case: Case) -> dict[str, Any]:
    return {row.rule: row for row in deadlines.in_force(case)}


def entry_of(case: Case, stage: str) -> int:
    return next(event.sequence for event in reversed(queries.events_of(case)) if event.payload.get("stage") == stage)


def correct(case: Case, person: Person, stage: str, day: date) -> None:
    words = queries.events_of(case)[entry_of(case, stage) - 1].payload.get("reason", "")
    actor = factories.actor_of(person)
    history_service.correct_event(case, entry_of(case, stage), day, words, "The minutes say so", actor, TODAY, clock.now())


def refused(case: Case, person: Person, stage: str, day: date) -> str:
    before = case.last_sequence, case.last_hash, in_force(case)
    with pytest.raises(Refusal) as found:
        correct(case, person, stage, day)
    assert (case.last_sequence, case.last_hash, in_force(case)) == before, "a refusal leaves nothing behind"
    return found.value.reasons[0].code


@pytest.fixture
def notified(people: People) -> Case:
    """A case whose decision was made on Monday and recorded as sent by e-mail on Tuesday."""
    case = case_at(people["officer"], "open", "notification", MONDAY)
    complete(case, people["officer"], TUESDAY, Given(sent_by="email", evidence="Message 4711"))
    return case


def test_the_standstill_is_counted_from_the_right_day(notified: Case, people: People) -> None:
    wrong = in_force(notified)["standstill"]
    rules = set(in_force(notified))

    correct(notified, people["officer"], "notification", MONDAY)

    right = in_force(notified)["standstill"]
    assert (right.event_on, right.safe_from) == (MONDAY, SAFE[MONDAY])
    assert (right.evidence, right.sent_by) == ("Message 4711", "email")
    assert right.sequence == last_sequence(notified, "event_corrected")
    assert set(in_force(notified)) == rules
    kept = next(row for row in queries.deadlines_of(notified) if row.id == wrong.id)
    assert kept.set_aside_by == right.sequence, "what was counted from the wrong day is kept, but no longer counts"


def test_a_letter_stays_a_letter(people: People) -> None:
    case = case_at(people["officer"], "open", "notification", MONDAY)
    complete(case, people["officer"], TUESDAY, Given(sent_by="letter"))
    before = in_force(case)["standstill"].safe_from

    correct(case, people["officer"], "notification", MONDAY)

    assert in_force(case)["standstill"].sent_by == "letter"
    assert in_force(case)["standstill"].safe_from < before


def test_corrected_words_count_nothing_again(notified: Case, people: People) -> None:
    before = in_force(notified)
    actor = factories.actor_of(people["officer"])

    history_service.correct_event(
        notified, entry_of(notified, "notification"), TUESDAY, "with the appendices", "why", actor, TODAY, clock.now()
    )

    assert in_force(notified) == before


def test_the_next_date_of_the_case_follows(notified: Case, people: People) -> None:
    before = notified.next_date

    correct(notified, people["officer"], "notification", MONDAY)

    assert before is not None
    assert notified.next_date is not None
    assert notified.next_date < before


def test_a_contract_is_not_corrected_into_the_standstill(notified: Case, people: People) -> None:
    walk(notified, people["officer"], "result_notice", SAFE[TUESDAY])

    assert refused(notified, people["officer"], "standstill", date(2026, 12, 8)) == "contract_forbidden"


def test_a_notification_is_not_corrected_so_that_the_contract_falls_into_the_standstill(notified: Case, people: People) -> None:
    walk(notified, people["officer"], "result_notice", SAFE[TUESDAY])

    assert refused(notified, people["officer"], "notification", WEDNESDAY) == "contract_forbidden"
    correct(notified, people["officer"], "notification", MONDAY)
    assert in_force(notified)["standstill"].safe_from == SAFE[MONDAY]


@pytest.mark.parametrize("until", ["contract", "result_notice"])
def test_what_an_exception_lifted_stays_lifted(notified: Case, people: People, until: str) -> None:
    lifted = Given(exception="only_tender", exception_reason="One tender came, and nobody else asked to take part.")
    complete(notified, people["officer"], TUESDAY, lifted)
    walk(notified, people["officer"], until, TUESDAY)

    correct(notified, people["officer"], "notification", MONDAY)

    assert "standstill" not in in_force(notified)
    assert in_force(notified)["appeal"].event_on == MONDAY


def test_the_longer_time_for_appeal_runs_from_the_corrected_notification(notified: Case, people: People) -> None:
    complete(notified, people["officer"], TUESDAY, Given(exception="call_off", exception_reason="Under the framework 12/2025"))
    walk(notified, people["officer"], "result_notice", TUESDAY)
    before = in_force(notified)["appeal_no_standstill"]

    correct(notified, people["officer"], "notification", MONDAY)

    assert in_force(notified)["appeal_no_standstill"].last_day < before.last_day


def test_what_was_done_is_done_on_the_corrected_day(notified: Case, people: People) -> None:
    walk(notified, people["officer"], "contract", SAFE[TUESDAY])
    complete(notified, people["officer"], SAFE[TUESDAY])
    complete(notified, people["officer"], date(2026, 12, 16))
    assert in_force(notified)["award_notice"].met_on == date(2026, 12, 16)

    correct(notified, people["officer"], "result_notice", date(2026, 12, 15))
    assert in_force(notified)["award_notice"].met_on == date(2026, 12, 15)

    correct(notified, people["officer"], "contract", date(2026, 12, 10))
    assert in_force(notified)["award_notice"].event_on == date(2026, 12, 10)
    assert in_force(notified)["award_notice"].met_on == date(2026, 12, 15), "it stays done when it is counted again"


def test_the_wait_of_a_second_round_does_not_hold_back_the_first(notified: Case, people: People) -> None:
    walk(notified, people["officer"], "result_notice", SAFE[TUESDAY])
    actor, later = factories.actor_of(people["officer"]), date(2027, 2, 1)
    service.return_to_stage(notified, "notification", later, "A tenderer was left out", actor, TODAY, clock.now())
    complete(notified, people["officer"], later, EMAIL)

    correct(notified, people["officer"], "award_decision", TUESDAY)

    assert in_force(notified)["standstill"].event_on == later
