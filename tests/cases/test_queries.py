"""Which cases a person finds, and in which order."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from procure.accounts.models import Person
from procure.cases import queries, service
from procure.cases.models import Case
from procure.cases.queries import Cursor, Filters
from procure.infra import clock
from tests import factories

TODAY = date(2026, 11, 24)


def found(person: Person, **filters: str) -> list[str]:
    rows, _more = queries.list_cases(factories.actor_of(person), Filters(**filters), "en", TODAY)
    return [row.reference for row in rows]


def test_the_city_s_people_find_their_case(case: Case, people: dict[str, Person]) -> None:
    assert found(people["officer2"]) == [case.reference]
    assert queries.case_for(factories.actor_of(people["admin"]), case.reference) is not None


@pytest.mark.parametrize("stranger", ["other_officer", "other_manager", "vaasa_officer", "expert", "coordinator", "system_admin"])
def test_nobody_else_finds_it(case: Case, people: dict[str, Person], stranger: str) -> None:
    actor = factories.actor_of(people[stranger])

    assert found(people[stranger]) == []
    assert queries.case_for(actor, case.reference) is None
    assert queries.case_to_change(actor, case.reference) is None


def test_a_partner_city_reads_but_does_not_change(case: Case, people: dict[str, Person]) -> None:
    service.set_partners(case, [people["other_officer"].organisation])
    actor = factories.actor_of(people["other_officer"])

    assert found(people["other_officer"]) == [case.reference]
    assert queries.case_for(actor, case.reference) is not None
    assert queries.case_to_change(actor, case.reference) is None


def test_a_partners_filters_follow_the_case_from_stage_to_stage_and_procedure_to_procedure(
    case: Case, people: dict[str, Person]
) -> None:
    factories.make_partner(case, people["other_officer"])
    officer, partner = people["officer"], people["other_officer"]
    assert found(partner, stage="need") == [case.reference] == found(partner, procedure=case.procedure)

    actor, now = factories.actor_of(officer), clock.now()
    factories.answer(case, officer, **factories.FULL_NEED)
    gate = service.procedure_of(case).stage("need").gate
    confirmed = frozenset(point.id for point in gate if point.by_person)
    service.complete_stage(case, "need", clock.today(), confirmed, "", actor, clock.today(), now)
    service.choose_procedure(case, "open", clock.today(), "The value has grown.", actor, clock.today(), now)
    assert case.stage != "need"

    assert found(partner, stage="need") == []
    assert found(partner, stage=case.stage, procedure="open") == [case.reference]
    assert found(partner, procedure="national") == []


def test_the_nearest_date_comes_first_and_pages_follow_each_other_without_gap(people: dict[str, Person]) -> None:
    days = [TODAY + timedelta(days=n % 7) for n in range(30)]
    cases = [factories.make_case(people["officer"], opened_on=TODAY - timedelta(days=400), start=day.isoformat()) for day in days]
    for case, day in zip(cases, days, strict=True):
        case.next_date = case.sort_date = day
    actor = factories.actor_of(people["officer"])

    first, more = queries.list_cases(actor, Filters(), "en", TODAY)
    second, last_more = queries.list_cases(actor, Filters(), "en", TODAY, Cursor(first[-1].sort_date, first[-1].id))

    assert more
    assert not last_more
    together = [(row.sort_date, row.id) for row in (*first, *second)]
    assert together == sorted((case.sort_date, case.id) for case in cases)


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

    queries.list_cases(actor, Filters(stage="need"), "en", clock.today())

    assert len(executed) == 1
