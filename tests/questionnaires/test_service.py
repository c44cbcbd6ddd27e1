"""Saving answers: versions, one event a page, and no text lost whoever saves first."""

import random
import threading
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from procure.accounts.models import Person
from procure.cases import queries as case_queries
from procure.cases.models import Case
from procure.cases.queries import facts_of
from procure.catalogue import questions as catalogue
from procure.domain.outcomes import Refusal
from procure.domain.questions import Answer
from procure.infra import clock
from procure.infra.db import db, writing
from procure.questionnaires import answers, queries, service
from procure.questionnaires.answers import Seen
from tests import factories

latest = catalogue.catalogue().latest
PROBLEM = latest.section("need").pages[0]
TEAM = latest.section("team").pages[0]
NEED = latest.question("need")


def seen_now(case: Case) -> dict[str, Seen]:
    rows = queries.answer_rows(case)
    versions = {question: row.version for question, row in rows.items()}
    return answers.read_seen(answers.seen_text(latest.questions, facts_of(list(rows.values())), versions, case.language))


def save(case: Case, person: Person, seen: dict[str, Seen], page: Any = PROBLEM, **values: Any) -> bool:
    given_answers = {name: value if isinstance(value, Answer) else Answer(value) for name, value in values.items()}
    by = factories.actor_of(person)
    return service.save_page(case, page, given_answers, seen, by, clock.today(), clock.now())


def test_each_changed_answer_gets_its_next_version_and_the_page_one_event(case: Case, people: dict[str, Person]) -> None:
    assert save(case, people["officer"], seen_now(case), title="New name", need="A need", current_solution=None)
    rows = queries.answer_rows(case)
    assert (rows["title"].version, rows["need"].version) == (2, 1)
    assert "current_solution" not in rows
    [event] = factories.events(case, "answers_saved")
    assert event.payload == {
        "page": "problem",
        "changes": {"title": {"old": {"en": "Sensors for waste bins"}, "new": {"en": "New name"}}, "need": {"new": "A need"}},
    }
    assert case.title_fi == "New name"


def test_answers_of_another_page_or_to_nothing_are_passed_over(case: Case, people: dict[str, Person]) -> None:
    assert not save(case, people["officer"], seen_now(case), users="Not here", nothing="x")
    rd = latest.section("object").pages[1]
    assert not save(case, people["officer"], seen_now(case), page=rd, rd_fully_paid=True)


def test_a_conflict_carries_the_other_persons_answer_and_saves_nothing(case: Case, people: dict[str, Person]) -> None:
    before = seen_now(case)
    save(case, people["manager"], before, need="Theirs")
    with pytest.raises(service.Conflict) as conflict:
        save(case, people["officer"], before, need="Mine", current_solution="By hand")
    [clash] = conflict.value.clashes
    assert (clash.question, clash.theirs.value, clash.version, clash.saved_by) == ("need", "Theirs", 1, "Manager")
    assert set(queries.answer_rows(case)) == {"title", "contract_kind", "value_amount", "need"}


def test_two_who_write_the_same_do_not_clash(case: Case, people: dict[str, Person]) -> None:
    before = seen_now(case)
    save(case, people["manager"], before, need="The same")
    assert not save(case, people["officer"], before, need="The same")


@pytest.mark.parametrize("emptied", [Answer(None), Answer(None, known=False), Answer("  ")])
def test_what_a_case_cannot_be_without_stays(people: dict[str, Person], emptied: Answer) -> None:
    case = factories.make_case(people["officer"], title="Bins")
    with pytest.raises(Refusal) as refusal:
        save(case, people["officer"], seen_now(case), title=emptied)
    assert [(reason.code, reason.target) for reason in refusal.value.reasons] == [("answer_missing", "title")]


def test_partners_follow_the_answer(case: Case, people: dict[str, Person]) -> None:
    oulu = factories.actor_of(people["other_officer"])
    for value, visible in ((["564"], True), (["905"], False), (["564", "905"], True)):
        save(case, people["officer"], seen_now(case), page=TEAM, partners=value)
        db.session.flush()
        db.session.expire(case)
        assert (case_queries.case_for(oulu, case.reference) is not None) is visible
    save(case, people["officer"], seen_now(case), page=TEAM, partners=Answer(None, known=False))
    db.session.flush()
    assert case_queries.case_for(oulu, case.reference) is None


def test_in_any_interleaving_each_accepted_text_is_in_the_history(case: Case, people: dict[str, Person]) -> None:
    order = random.Random(20261124)
    writers = [people["officer"], people["manager"], people["officer2"]]
    screens = [seen_now(case) for _writer in writers]
    accepted: list[str] = []
    shown = []
    for number in range(60):
        who = order.randrange(3)
        try:
            save(case, writers[who], screens[who], need=f"Text {number}")
            accepted.append(f"Text {number}")
        except service.Conflict as conflict:
            shown.append((conflict.clashes[0].theirs.value, accepted[-1]))
        screens[who] = seen_now(case)
    assert shown
    assert all(theirs == latest_text for theirs, latest_text in shown)
    told = [event.payload["changes"]["need"] for event in factories.events(case, "answers_saved")]
    assert [change["new"] for change in told] == accepted
    assert [change.get("old") for change in told] == [None, *accepted[:-1]]


def test_people_who_save_in_the_same_moment_never_overwrite_each_other(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        reference = factories.make_case(factories.people()["officer"]).reference
    start = threading.Barrier(4)
    outcomes: list[str] = []

    def write(number: int) -> None:
        with own_app.app_context(), writing():
            person = factories.people()["officer"]
            by = factories.actor_of(person)
            db.session.rollback()
            start.wait()
            locked = case_queries.case_to_change(by, reference)
            assert locked is not None
            try:
                save(locked, person, {}, need=f"Text {number}")
                db.session.commit()
                outcomes.append(f"Text {number}")
            except service.Conflict:
                db.session.rollback()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with own_app.app_context():
        case = queries.case_by_reference(reference)
        assert case is not None
        assert [queries.answer_rows(case)["need"].value] == outcomes


def test_a_form_sent_twice_in_the_same_moment_opens_one_case(own_app: Flask) -> None:
    start = threading.Barrier(3)
    references: list[str] = []

    def send() -> None:
        with own_app.app_context(), writing():
            by = factories.actor_of(factories.people()["officer"])
            db.session.rollback()
            start.wait()
            first = {"title": "Bins", "contract_kind": "goods", "value_amount": "5"}
            case = service.start_case(first, "k" * 43, by, clock.today(), clock.now())
            db.session.commit()
            references.append(case.reference)

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(references) == 3
    assert len(set(references)) == 1


def test_anothers_key_opens_nothing_of_theirs(app: Flask, people: dict[str, Person]) -> None:
    first = {"title": "Bins", "contract_kind": "goods", "value_amount": "5"}
    theirs = service.start_case(first, "t" * 43, factories.actor_of(people["officer"]), clock.today(), clock.now())
    assert queries.case_opened_with(factories.actor_of(people["other_officer"]), "t" * 43) is None
    assert queries.case_opened_with(factories.actor_of(people["officer"]), "t" * 43) is theirs


TEXTS = st.none() | st.text(max_size=5) | st.dictionaries(st.sampled_from(["fi", "sv", "en"]), st.text(max_size=5), max_size=3)


@given(saved=TEXTS, typed=st.text(max_size=5), language=st.sampled_from(["fi", "sv", "en"]))
def test_typing_replaces_the_words_in_the_cases_language_and_no_others(saved: Any, typed: str, language: str) -> None:
    new = answers.merged(NEED, Answer(saved), Answer(typed or None), language)
    assert answers.text_in(new.value, language) == typed
    assert answers.other_texts(new.value, language) == answers.other_texts(saved, language)
    if not isinstance(saved, dict):
        assert new.value == (typed or None)


@given(version=st.integers(0, 10**8), text=st.text(max_size=40))
def test_what_a_page_says_it_showed_is_read_back_and_anything_else_is_passed_over(version: int, text: str) -> None:
    written = answers.seen_text([NEED], {"need": Answer(text)}, {"need": version}, "fi")
    assert answers.read_seen(written) == {"need": Seen(version, answers.mark(NEED, answers.shown(NEED, Answer(text), "fi")))}
    assert isinstance(answers.read_seen(text), dict)


def test_no_zero_and_blank_are_told_apart() -> None:
    number = latest.question("known_suppliers")
    marks = {answers.mark(number, answer) for answer in (Answer(0), Answer(None), Answer(None, known=False), Answer(1))}
    assert len(marks) == 4
    assert not answers.same(number, Answer(None), Answer(0))
    assert answers.same(number, None, Answer(None))
    assert not answers.same(number, None, Answer(None, known=False))


def test_money_is_the_same_however_it_is_written() -> None:
    value = latest.question("value_amount")
    assert answers.same(value, Answer("5.50"), Answer("5.5"))
    assert answers.mark(value, Answer("5.50")) == answers.mark(value, Answer("5.5"))
