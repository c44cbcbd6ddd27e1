"""Which cases stand in a person's list, and in which order."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Executable

from procure.accounts.models import Person
from procure.cases import list_queries
from procure.cases.list_queries import CaseRow, Cursor, Filters
from procure.cases.models import Case
from procure.domain.permissions import Actor
from procure.infra import clock
from tests import factories
from tests.cases.lists import TODAY, found


def test_the_nearest_date_comes_first_and_pages_follow_each_other_without_gap(people: dict[str, Person]) -> None:
    days = [TODAY + timedelta(days=n % 7) for n in range(30)]
    cases = [factories.make_case(people["officer"], opened_on=TODAY - timedelta(days=400), start=day.isoformat()) for day in days]
    for case, day in zip(cases, days, strict=True):
        case.next_date = case.sort_date = day
    actor = factories.actor_of(people["officer"])

    first, more = list_queries.list_cases(actor, Filters(), "en", TODAY)
    second, last_more = list_queries.list_cases(actor, Filters(), "en", TODAY, Cursor(first[-1].sort_date, first[-1].id))

    assert more
    assert not last_more
    together = [(row.sort_date, row.id) for row in (*first, *second)]
    assert together == sorted((case.sort_date, case.id) for case in cases)


@pytest.mark.parametrize("order", ["next", "newest", "best"])
def test_own_and_joint_cases_stand_in_one_order_over_all_pages(people: dict[str, Person], order: str) -> None:
    own, joint = people["officer"], people["other_officer"]
    for number in range(14):
        case = factories.make_case((own, joint)[number % 2], title={"en": "Smart bins"})
        if number % 2:
            factories.make_partner(case, own)
        case.next_date = case.sort_date = TODAY + timedelta(days=number // 5)  # several on each day, own ones and joint ones
        for partner in case.partners:
            partner.sort_date = case.sort_date
    filters = Filters(order=order, text="bins" if order == "best" else "")

    pages = _pages(factories.actor_of(own), filters, 4)

    rows = [row for page in pages for row in page]
    assert [len(page) for page in pages] == [4, 4, 4, 2]
    ordered = sorted(rows, key=lambda row: (row.sort_date, row.id) if order == "next" else (row.rank, -row.id))
    assert rows == ordered
    assert len({row.id for row in rows}) == 14


def _pages(by: Actor, filters: Filters, size: int) -> list[list[CaseRow]]:
    found, after, more = [], None, True
    while more:
        page, more = list_queries.list_cases(by, filters, "en", TODAY, after, size)
        found.append(page)
        after = Cursor(page[-1].sort_date, page[-1].id, page[-1].rank)
    return found


def test_the_database_gives_no_more_rows_than_the_page_needs_to_know_whether_others_follow(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, joint = people["officer"], people["other_officer"]
    for number in range(12):
        case = factories.make_case((own, joint)[number % 2])
        if number % 2:
            factories.make_partner(case, own)
        case.next_date = case.sort_date = TODAY + timedelta(days=number // 8)
        for partner in case.partners:
            partner.sort_date = case.sort_date
    given: list[int] = []

    def counted(statement: Executable, values: Mapping[str, Any]) -> SimpleNamespace:
        rows = read(statement, values).all()
        given.append(len(rows))
        return SimpleNamespace(all=lambda: rows)

    read = list_queries.read
    monkeypatch.setattr(list_queries, "read", counted)
    first, _more = list_queries.list_cases(factories.actor_of(own), Filters(), "en", TODAY, None, 3)
    list_queries.list_cases(factories.actor_of(own), Filters(), "en", TODAY, Cursor(first[-1].sort_date, first[-1].id), 3)

    assert given == [4, 4]


def test_the_newest_first_is_another_order(people: dict[str, Person]) -> None:
    references = [factories.make_case(people["officer"]).reference for _ in range(3)]

    assert found(people["officer"], order="newest") == references[::-1]


def test_words_of_the_title_find_a_case_whatever_their_case(people: dict[str, Person]) -> None:
    wanted = factories.make_case(people["officer"], title={"fi": "Älykkäät jäteastiat", "en": "Smart bins"})
    factories.make_case(people["officer"], title={"en": "100% electric buses"})

    assert found(people["officer"], text="ÄLYKKÄ") == [wanted.reference]
    assert found(people["officer"], text="smart") == [wanted.reference]
    assert found(people["officer"], text=wanted.reference.lower()) == [wanted.reference]
    assert len(found(people["officer"], text="100%")) == 1, "a per cent sign is a letter like others"
    assert found(people["officer"], text="1_0") == []


@pytest.mark.parametrize(("days", "light"), [(-1, "red"), (0, "yellow"), (14, "yellow"), (15, "green")])
def test_the_light_filter_shows_what_the_light_shows(case: Case, people: dict[str, Person], days: int, light: str) -> None:
    case.next_date = case.sort_date = TODAY + timedelta(days=days)

    assert [name for name in ("red", "yellow", "green", "grey") if found(people["officer"], light=name, scope="all")] == [light]


def test_finished_cases_leave_the_open_list(case: Case, people: dict[str, Person]) -> None:
    case.stage = ""

    assert found(people["officer"]) == []
    assert found(people["officer"], scope="finished") == [case.reference]
    assert found(people["officer"], scope="all") == [case.reference]


def test_a_list_costs_one_query_however_many_cases_there_are(
    people: dict[str, Person], count_queries: Callable[[], list[str]]
) -> None:
    for _ in range(30):
        factories.make_case(people["officer"])
    actor = factories.actor_of(people["officer"])
    executed = count_queries()

    list_queries.list_cases(actor, Filters(stage="need"), "en", clock.today())

    assert len(executed) == 1
