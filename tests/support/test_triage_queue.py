"""The queue of the desk: who sees which rows, filters, orders, pages, and what it asks of the database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from procure.notifications.models import Absence
from procure.support import queries, triage_pages, triage_queries
from procure.support.models import SupportRequest
from procure.support.triage_queries import Filters
from tests import factories
from tests.support.builders import act, ask, taken
from tests.support.test_triage_service import USUAL, do, helped

People = dict[str, Person]


def queue(person: Person, **filters: Any) -> list[int]:
    rows, _more = triage_queries.queue(factories.actor_of(person), Filters(**filters), clock.today())
    return [row.number for row in rows]


def waiting(person: Person) -> list[tuple[int, str]]:
    return [(row.number, why) for row, why in triage_queries.waiting_rows(factories.actor_of(person), clock.today())]


def overdue(request: SupportRequest, **days: int) -> None:
    """Move days of the request into the past."""
    for name, back in days.items():
        setattr(request, name, clock.today() - timedelta(days=back))
    db.session.commit()


def test_the_coordinator_sees_every_running_request_and_no_other(case: Case, people: People) -> None:
    opened = ask(case, people["officer"], urgency="urgent")
    held = taken(case, people["officer"], people["expert"], form_key="2")
    ended = ask(case, people["officer"], form_key="3")
    act(ended, people["officer"], "withdraw", "Not needed.")
    assert queue(people["coordinator"]) == [opened.id, held.id]


def test_an_expert_sees_the_own_ones_those_helped_with_and_those_offered(case: Case, people: People) -> None:
    second = helped(case, people)
    offered = ask(case, people["officer"], form_key="2")
    ask(case, people["officer"], form_key="3")
    do(offered, people["coordinator"], "propose", people["expert2"].id, "")
    assert queue(people["expert2"]) == [second.id, offered.id]
    assert queue(people["expert"]) == [second.id]


@pytest.mark.parametrize("name", ["officer", "manager", "admin", "other_officer", "system_admin"])
def test_nobody_else_has_a_queue(case: Case, people: People, name: str) -> None:
    ask(case, people["officer"])
    assert queue(people[name]) == []


def test_each_filter_leaves_what_it_says(case: Case, people: People) -> None:
    coordinator = people["coordinator"]
    opened = ask(case, people["officer"], topic="funding")
    held = taken(case, people["officer"], people["expert"], form_key="2")
    foreign = ask(factories.make_case(people["other_officer"]), people["other_officer"], form_key="3")
    assert queue(coordinator, topic="funding") == [opened.id]
    assert queue(coordinator, state="taken") == [held.id]
    assert queue(coordinator, city="564") == [foreign.id]
    assert queue(coordinator, expert=str(people["expert"].id)) == [held.id]
    assert queue(coordinator, expert="none") == [opened.id, foreign.id]


def test_what_is_late_not_sorted_offered_to_nobody_or_with_an_absent_expert_is_found(case: Case, people: People) -> None:
    coordinator, today = people["coordinator"], clock.today()
    late, silent = ask(case, people["officer"]), ask(case, people["officer"], form_key="2")
    held, offered = taken(case, people["officer"], people["expert"], form_key="3"), ask(case, people["officer"], form_key="4")
    do(silent, coordinator, "sort", USUAL, 0)
    do(offered, coordinator, "propose", people["expert2"].id, "")
    overdue(late, answer_by=1)
    overdue(silent, first_answer_by=1)
    away = Absence(
        person_id=people["expert"].id, delegate_id=people["expert2"].id, first_day=today, last_day=today, ended_at=None
    )
    db.session.add(away)
    db.session.commit()
    assert queue(coordinator, show="late") == [late.id, silent.id]
    assert queue(coordinator, show="untriaged") == [late.id, offered.id]
    assert queue(coordinator, show="unmatched") == [late.id, silent.id]
    assert queue(coordinator, show="absent") == [held.id]
    assert waiting(coordinator) == [(late.id, "late"), (silent.id, "late"), (held.id, "absent"), (offered.id, "untriaged")]
    assert waiting(people["expert2"]) == [(offered.id, "offered")]


def test_a_first_word_of_the_network_ends_its_being_late(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    do(request, people["coordinator"], "sort", USUAL, 0)
    overdue(request, first_answer_by=1)
    assert queue(people["coordinator"], show="late") == [request.id]
    act(request, people["expert"], "ask_back", "Which options?")
    assert queue(people["coordinator"], show="late") == []


@pytest.fixture
def many(case: Case, people: People) -> list[SupportRequest]:
    """120 requests on few days and of all priorities, so that neither alone puts them in order."""
    first = ask(case, people["officer"])
    now, made = clock.now(), [first]
    for number in range(119):
        made.append(
            SupportRequest(
                case_id=case.id, organisation_id=case.organisation_id, asked_by_id=people["officer"].id, topic="pilot",
                question="?", urgency="normal", section="", stage="", shares=[], state="open", asked_at=now, language="fi",
                answer_by=clock.today() + timedelta(days=number % 3), priority=("low", "normal", "high")[number % 7 % 3],
                form_key=f"many-{number}",
            )
        )  # fmt: skip
    db.session.add_all(made[1:])
    db.session.commit()
    return made


@pytest.mark.parametrize("order", ["due", "oldest", "priority"])
def test_the_pages_hold_each_request_once_in_one_order(many: list[SupportRequest], people: People, order: str) -> None:
    by, seen, after, pages = factories.actor_of(people["coordinator"]), [], None, 0
    while True:
        rows, more = triage_queries.queue(by, Filters(order=order), clock.today(), after)
        seen += rows
        pages += 1
        if not more:
            break
        written = triage_pages.place_text(rows[-1].place)
        after = triage_pages.place_from(written)
    ranks = {"due": lambda row: (row.answer_by, row.number), "oldest": lambda row: row.number,
             "priority": lambda row: (row.place.rank, row.answer_by, row.number)}  # fmt: skip
    assert pages == -(-len(many) // queries.PAGE_SIZE) > 1
    assert sorted(row.number for row in seen) == [request.id for request in many]
    assert seen == sorted(seen, key=ranks[order])


@pytest.mark.parametrize("written", ["", "1", "x.2026-01-01.1", "1.2026-13-01.1", "1.2026-01-01.x", "10.2026-01-01.1"])
def test_a_place_that_none_of_us_wrote_shows_the_first_page(written: str) -> None:
    assert triage_pages.place_from(written) is None


def test_filters_that_none_of_us_offers_are_left_out() -> None:
    asked = {"state": "answered", "topic": "x", "expert": "-1", "show": "x", "order": "x"}
    assert triage_pages.filters_from(asked) == Filters()


def test_the_queue_asks_two_questions_however_many_rows_there_are(
    many: list[SupportRequest], people: People, client_for: Callable[[Person], Any], count_queries: Callable[[], list[str]]
) -> None:
    client = client_for(people["coordinator"])
    client.get("/support/desk?city=905")
    few = count_queries()
    assert client.get("/support/desk?city=905").status_code == 200
    empty = len(few)
    assert client.get("/support/desk").status_code == 200
    assert len(few) - empty == empty
    assert sum("support_requests" in statement for statement in few[empty:]) == 1
    assert sum("FROM people" in statement and "sessions" not in statement for statement in few[empty:]) <= 1
