"""Who finds which requests, and how much of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from procure.support import desk_queries, opinion_queries, queries
from procure.support.opinion_models import OpinionReading
from tests import factories
from tests.support.builders import OPINION, act, answered, ask, secret_case, taken

People = dict[str, Person]


def sight(people: People, name: str, number: int) -> str | None:
    seen = queries.request_for(factories.actor_of(people[name]), number)
    return seen.sight if seen else None


def test_an_open_request_shows_to_each_as_much_as_is_theirs(case: Case, people: People) -> None:
    number = ask(case, people["officer"]).id
    assert {name: sight(people, name, number) for name in people} == {
        "officer": "everything", "officer2": "everything", "manager": "everything", "admin": "everything",
        "other_officer": None, "other_manager": None, "vaasa_officer": None, "expert": "row", "expert2": "row",
        "coordinator": "question", "system_admin": None,
    }  # fmt: skip


def test_a_taken_request_shows_to_the_expert_who_took_it_and_to_no_other(case: Case, people: People) -> None:
    number = taken(case, people["officer"], people["expert"]).id
    assert [sight(people, name, number) for name in ("expert", "expert2", "coordinator")] == ["material", None, "question"]
    assert queries.request_to_take(factories.actor_of(people["expert2"]), number) is not None  # to be told that it is taken


def test_a_partner_city_reads_and_another_city_does_not(case: Case, people: People) -> None:
    number = ask(case, people["officer"]).id
    factories.make_partner(case, people["other_officer"])
    db.session.commit()
    seen = queries.request_for(factories.actor_of(people["other_officer"]), number)
    assert seen is not None
    assert (seen.party, seen.sight) == ("reader", "everything")
    assert sight(people, "vaasa_officer", number) is None


def test_the_desk_has_the_open_requests_due_first_at_the_top_with_their_subject_class(people: People) -> None:
    case = secret_case(people["officer"])
    slow = ask(case, people["officer"])
    quick = ask(case, people["officer"], urgency="urgent")
    desk = desk_queries.front(factories.actor_of(people["expert"]))
    rows = desk.open
    assert [row.number for row in rows] == [quick.id, slow.id]
    assert not desk.more
    assert (rows[0].cpv, rows[0].known_suppliers, rows[0].city.en) == ("90500000", 3, "Tampere")
    assert (rows[0].reference, rows[0].title, rows[0].asked_by) == ("", None, "")


def test_an_unknown_subject_class_stays_empty(case: Case, people: People) -> None:
    ask(case, people["officer"])
    rows = desk_queries.front(factories.actor_of(people["expert"])).open
    assert (rows[0].cpv, rows[0].known_suppliers) == ("", None)


def test_the_desk_leaves_out_what_an_expert_declared_a_conflict_in(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    act(request, people["expert"], "declare_conflict", "My sister works for a supplier.")
    assert desk_queries.front(factories.actor_of(people["expert"])).open == ()
    assert len(desk_queries.front(factories.actor_of(people["expert2"])).open) == 1


def test_the_desk_shows_an_expert_the_own_requests_and_the_coordinator_all(case: Case, people: People) -> None:
    mine = taken(case, people["officer"], people["expert"])
    theirs = taken(case, people["officer"], people["expert2"])
    done = answered(case, people["officer"], people["expert2"])
    expert, coordinator = factories.actor_of(people["expert"]), factories.actor_of(people["coordinator"])
    assert [row.number for row in desk_queries.front(expert).taken] == [mine.id]
    assert desk_queries.front(expert).answered == ()
    assert {row.number for row in desk_queries.front(coordinator).taken} == {mine.id, theirs.id}
    assert [row.number for row in desk_queries.front(coordinator).answered] == [done.id]


@pytest.mark.parametrize("name", ["officer", "admin", "system_admin"])
def test_the_desk_is_empty_for_everybody_outside_the_network(case: Case, people: People, name: str) -> None:
    ask(case, people["officer"])
    assert desk_queries.front(factories.actor_of(people[name])) == desk_queries.Front()


def test_a_list_goes_on_where_the_page_before_ended(case: Case, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    numbers = [ask(case, people["officer"]).id for _ in range(3)]
    by = factories.actor_of(people["expert"])
    first = desk_queries.front(by)
    rest = desk_queries.front(by, queries.Cursor(first.open[-1].answer_by, first.open[-1].number))
    assert [row.number for row in first.open + rest.open] == numbers
    assert (first.more, rest.more) == (True, False)


def test_a_city_lists_its_own_requests_and_no_others(people: People) -> None:
    own = ask(factories.make_case(people["officer"]), people["officer"])
    ask(factories.make_case(people["other_officer"]), people["other_officer"])
    done = answered(own.case, people["officer"], people["expert"])
    for name in ("officer", "manager", "admin"):
        by = factories.actor_of(people[name])
        assert [row.number for row in queries.of_city(by, running=True)[0]] == [own.id]
        assert [row.number for row in queries.of_city(by, running=False)[0]] == [done.id]
    assert queries.of_city(factories.actor_of(people["expert"]), running=True) == ([], False)


def test_the_case_page_tells_of_its_requests_without_those_withdrawn(case: Case, people: People) -> None:
    done = answered(case, people["officer"], people["expert"])
    act(ask(case, people["officer"]), people["officer"], "withdraw", "Solved.")
    waiting = ask(case, people["officer"])
    advice = queries.summary_for_case(case)
    assert [(item.number, item.state) for item in advice] == [(done.id, "answered"), (waiting.id, "open")]
    assert (advice[0].asked_on, advice[0].answered_on, advice[1].answered_on) == (clock.today(), clock.today(), None)


def test_an_officer_waits_for_nothing_until_the_expert_asks_back_or_answers(case: Case, people: People) -> None:
    officer, colleague = factories.actor_of(people["officer"]), factories.actor_of(people["officer2"])
    request = taken(case, people["officer"], people["expert"])
    assert queries.waiting_for(officer) == []
    act(request, people["expert"], "ask_back", "Are options included?")
    assert [(row.number, row.state) for row in queries.waiting_for(officer)] == [(request.id, "asked_back")]
    assert queries.waiting_for(colleague) == []


def test_for_an_expert_the_own_requests_wait_first_then_the_open_ones(case: Case, people: People) -> None:
    open_one = ask(case, people["officer"], urgency="urgent")
    mine = taken(case, people["officer"], people["expert"])
    asked_back = taken(case, people["officer"], people["expert"])
    act(asked_back, people["expert"], "ask_back", "Are options included?")
    rows = desk_queries.waiting_for(factories.actor_of(people["expert"]))
    assert [(row.number, row.state) for row in rows] == [(mine.id, "taken"), (open_one.id, "open")]


def test_the_opinion_is_given_to_the_citys_people_only(case: Case, people: People) -> None:
    number = answered(case, people["officer"], people["expert"]).id
    opinion = opinion_queries.opinion_for(factories.actor_of(people["admin"]), case.reference, number)
    assert opinion is not None
    assert (opinion.parts, opinion.expert, opinion.reference) == (OPINION, "Expert", case.reference)
    for name in ("other_officer", "expert", "expert2", "coordinator"):
        assert opinion_queries.opinion_for(factories.actor_of(people[name]), case.reference, number) is None


def test_there_is_no_opinion_before_it_is_issued_nor_under_another_case(case: Case, people: People) -> None:
    by = factories.actor_of(people["officer"])
    waiting = taken(case, people["officer"], people["expert"])
    assert opinion_queries.opinion_for(by, case.reference, waiting.id) is None
    done = answered(case, people["officer"], people["expert"])
    other = factories.make_case(people["officer"])
    assert opinion_queries.opinion_for(by, other.reference, done.id) is None


def test_the_target_day_stays_when_a_request_is_handed_back(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    target = request.answer_by
    act(request, people["expert"], "hand_back", "I am ill.")
    assert request.answer_by == target > clock.today() + timedelta(days=9)


def test_all_lists_of_the_desk_come_by_one_statement(people: People, count_queries: Callable[[], list[str]]) -> None:
    for name in ("officer", "other_officer"):
        case = secret_case(people[name])
        ask(case, people[name])
        taken(case, people[name], people["expert"])
        answered(case, people[name], people["expert"])
    by = factories.actor_of(people["expert"])
    executed = count_queries()
    desk = desk_queries.front(by)
    assert [len(rows) for rows in (desk.open, desk.taken, desk.answered)] == [2, 2, 2]
    assert len([statement for statement in executed if statement != "BEGIN"]) == 1


def test_a_draft_to_be_read_shows_to_the_second_reader_until_they_have_answered(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    reader = factories.actor_of(people["expert2"])
    for act_of_reading, shown in (("asked", [request.id]), ("declared", [request.id]), ("agreed", [])):
        db.session.add(
            OpinionReading(
                request_id=request.id, act=act_of_reading, asked_by_id=people["expert"].id, reader_id=reader.id, reader=reader.name,
                fingerprint="", text="", at=clock.now(),
            )
        )  # fmt: skip
        assert [row.number for row in desk_queries.front(reader).to_read] == shown
    assert desk_queries.front(factories.actor_of(people["expert"])).to_read == ()
