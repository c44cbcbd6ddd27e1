"""Whatever is changed behind the service's back is found, on both databases; what the service does itself always holds."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from procure.accounts.models import Person
from procure.cases import history_service, queries, service, verifying
from procure.cases.models import Case
from procure.desk import bulk
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import begin_reading, db, end_reading, writing
from tests import factories
from tests.cases.histories import breaks, complete, first_break, last_sequence, save, tamper

People = dict[str, Person]
TODAY = clock.today()
BEGAN = TODAY - timedelta(days=40)


@pytest.fixture
def told(people: People) -> Case:
    """A case with six entries: opened, two of answers, a stage completed, its date corrected, an answer undone."""
    officer = people["officer"]
    case = factories.make_case(officer, opened_on=BEGAN)
    save(case, officer, **factories.FULL_NEED)
    complete(case, officer, BEGAN + timedelta(days=10))
    actor = factories.actor_of(officer)
    done = last_sequence(case, "stage_completed")
    history_service.correct_event(case, done, BEGAN + timedelta(days=12), "", "The minutes say so", actor, TODAY, clock.now())
    save(case, people["officer2"], title={"en": "Sensors for all waste bins"})
    history_service.undo_answers(
        case, last_sequence(case, "answers_saved"), ["title"], "Only some bins", actor, TODAY, clock.now()
    )
    db.session.commit()
    return case


def test_what_the_service_has_recorded_holds(told: Case) -> None:
    checked = verifying.check_case(db.session.connection(), told.id)

    assert checked.broken == ()
    assert (checked.cases, checked.events) == (1, told.last_sequence)


def test_a_page_that_only_reads_can_ask_too(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        case = factories.make_case(factories.people()["officer"])
        db.session.commit()
        case_id = case.id
        db.session.remove()

    with own_app.app_context():
        token = begin_reading()
        try:
            checked = verifying.check_case(db.session.connection(), case_id)
        finally:
            db.session.remove()
            end_reading(token)

    assert (checked.cases, checked.broken) == (1, ())


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'stage_skipped'", "happened_on = '2020-01-01'", "recorded_by = 'Somebody Else'", "role = 'manager'",
        "recorded_by_id = NULL", "recorded_at = '2020-01-01 00:00:00'", "hash = 'x'", "payload = '{}'",
    ],
)  # fmt: skip
def test_a_changed_entry_is_named(told: Case, change: str) -> None:
    sequence = last_sequence(told, "stage_completed")

    tamper(f"UPDATE case_events SET {change} WHERE case_id = :case AND sequence = :at", case=told.id, at=sequence)

    assert first_break(told) == (sequence, "hash")


def test_one_letter_in_a_long_answer_is_enough(told: Case) -> None:
    tamper(
        "UPDATE case_events SET payload = replace(CAST(payload AS TEXT), 'frost', 'Frost') WHERE case_id = :case"
        if db.session.get_bind().dialect.name == "sqlite"
        else "UPDATE case_events SET payload = CAST(replace(CAST(payload AS TEXT), 'frost', 'Frost') AS JSON) WHERE case_id = :case",
        case=told.id,
    )

    sequence = next(event.sequence for event in queries.events_of(told) if "Frost" in str(event.payload))
    assert first_break(told) == (sequence, "hash")


def test_a_removed_entry_is_named(told: Case) -> None:
    tamper("DELETE FROM case_events WHERE case_id = :case AND sequence = 2", case=told.id)

    assert first_break(told) == (2, "sequence")


def test_a_removed_end_is_named(told: Case) -> None:
    tamper("DELETE FROM case_events WHERE case_id = :case AND sequence = :last", case=told.id, last=told.last_sequence)

    assert first_break(told) == (told.last_sequence, "end")


def test_a_case_without_any_entry_is_named(told: Case) -> None:
    tamper("DELETE FROM case_events WHERE case_id = :case", case=told.id)

    assert first_break(told) is not None


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE cases SET last_hash = 'x' WHERE id = :case", "end"),
        ("UPDATE cases SET stage = 'plan' WHERE id = :case", "stage"),
        ("UPDATE cases SET stage_entered_on = '2020-01-01' WHERE id = :case", "stage_entered_on"),
        ("UPDATE cases SET procedure = 'open' WHERE id = :case", "procedure"),
        ("UPDATE cases SET procedure_edition = '2000-01' WHERE id = :case", "procedure"),
        ("UPDATE cases SET opened_on = '2020-01-01' WHERE id = :case", "opened"),
        ("UPDATE cases SET opened_by_id = responsible_id + 1 WHERE id = :case", "opened"),
        ("UPDATE cases SET title_sv = 'x' WHERE id = :case", "headline"),
        ("UPDATE cases SET value_amount = 1 WHERE id = :case", "headline"),
        ("UPDATE answers SET value = '\"x\"' WHERE case_id = :case AND question = 'owner'", "answer"),
        ("UPDATE answers SET known = NOT known WHERE case_id = :case AND question = 'owner'", "answer"),
        ("UPDATE answers SET version = 9 WHERE case_id = :case AND question = 'owner'", "version"),
        ("UPDATE answers SET saved_by = 'x' WHERE case_id = :case AND question = 'owner'", "saved"),
        ("UPDATE answers SET saved_at = '2020-01-01 00:00:00' WHERE case_id = :case AND question = 'owner'", "saved"),
        ("DELETE FROM answers WHERE case_id = :case AND question = 'owner'", "answer"),
        ("UPDATE answers SET question = 'other' WHERE case_id = :case AND question = 'owner'", "answer"),
    ],
)
def test_what_is_stored_is_what_the_entries_give(told: Case, statement: str, what: str) -> None:
    tamper(statement, case=told.id)

    found = first_break(told)

    assert found is not None
    assert found[1] == what


def test_partner_cities_are_those_of_the_answers(told: Case, people: People) -> None:
    save(told, people["officer"], partners=["564"])
    assert breaks(told) == ()

    tamper("DELETE FROM case_partners WHERE case_id = :case", case=told.id)

    assert first_break(told) == (told.last_sequence, "partners")


@pytest.mark.parametrize("column", ["procedure", "stage", "sort_date"])
def test_a_partners_row_says_of_the_case_what_the_case_says(told: Case, people: People, column: str) -> None:
    save(told, people["officer"], partners=["564"])

    tamper(f"UPDATE case_partners SET {column} = '2001-01-01' WHERE case_id = :case", case=told.id)

    assert first_break(told) == (told.last_sequence, "partners")


def test_a_broken_case_hides_no_other(told: Case, people: People) -> None:
    cases = [factories.make_case(people["officer"]) for _ in range(4)]
    for case in cases[1::2]:
        tamper("UPDATE case_events SET role = 'x' WHERE case_id = :case", case=case.id)

    ids = [case.id for case in cases]
    checked = verifying.check(db.session.connection(), min(ids), max(ids))

    assert [found.reference for found in checked.broken] == [case.reference for case in cases[1::2]]
    assert (checked.cases, checked.events) == (4, 4)


def test_made_up_cases_hold_like_all_others(app: Flask) -> None:
    bulk.add(300, clock.now(), lambda _done: None)
    db.session.flush()
    connection = db.session.connection()

    parts = [verifying.check(connection, *ends) for ends in verifying.ranges(connection)]

    assert sum(part.cases for part in parts) == 300
    assert not [found for part in parts for found in part.broken]


def test_every_case_is_in_one_read(app: Flask, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "AT_ONCE", 3)
    cases = [factories.make_case(people["officer"]) for _ in range(7)]
    db.session.flush()
    connection = db.session.connection()

    read = [verifying.check(connection, *ends).cases for ends in verifying.ranges(connection)]

    assert sum(read) == len(cases)
    assert max(read) <= 3


def test_a_log_longer_than_one_fetch_is_followed_to_its_end(case: Case, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "ROWS", 3)
    for number in range(10):
        service.record(case, "note_written", {"number": number}, TODAY, factories.actor_of(people["officer"]), clock.now())
    db.session.commit()
    assert breaks(case) == ()

    tamper("UPDATE case_events SET role = 'x' WHERE case_id = :case AND sequence = 9", case=case.id)

    assert first_break(case) == (9, "hash")


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["answer", "unknown", "take back", "complete", "skip", "return", "choose", "correct", "undo"]),
        st.integers(0, 9),
    ),
    max_size=14,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=ACTS)
def test_whatever_is_done_through_the_service_always_holds(app: Flask, people: People, acts: list[tuple[str, int]]) -> None:
    officer = people["officer"]
    case = factories.make_case(officer, opened_on=BEGAN)
    for act, number in acts:
        with suppress(Refusal):
            _do(case, officer, act, number)

        assert breaks(case) == (), act


def _do(case: Case, person: Person, act: str, number: int) -> None:
    actor, now = factories.actor_of(person), clock.now()
    day = min(service.progress_of(case).last_day or BEGAN, TODAY) + timedelta(days=number % 3)
    if act == "answer":
        save(case, person, **factories.FULL_NEED | {"need": {"en": f"Need {number}"}, "partners": ["564"][: number % 2]})
    elif act == "unknown":
        save(case, person, risks=None)
    elif act == "take back":
        save(case, person, users="")
    elif act == "complete":
        complete(case, person, day)
    elif act == "skip":
        service.skip_stage(case, case.stage, day, "why", actor, TODAY, now)
    elif act == "return":
        service.return_to_stage(case, "need", day, "why", actor, TODAY, now)
    elif act == "choose":
        service.choose_procedure(case, ("open", "national")[number % 2], day, "why", actor, TODAY, now)
    elif act == "correct":
        wanted: date = BEGAN + timedelta(days=number)
        history_service.correct_event(case, number + 1, wanted, f"words {number}", "why", actor, TODAY, now)
    else:
        _undo(case, actor, max(1, case.last_sequence - number // 3), now)
    db.session.commit()


def _undo(case: Case, actor: Any, sequence: int, now: Any) -> None:
    questions = [found.question for found in history_service.undoable(case, sequence) if found.last]
    history_service.undo_answers(case, sequence, questions, "why", actor, TODAY, now)


def test_the_log_s_guard_stands_again_after_these_tests(app: Flask) -> None:
    if db.session.get_bind().dialect.name == "sqlite":
        names = db.session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'case_events'")
        ).all()
        assert len(names) == 2
    else:
        statement = "SELECT count(*) FROM pg_trigger WHERE tgname = 'case_events_only_grows'"
        assert db.session.scalar(text(statement)) == 1
