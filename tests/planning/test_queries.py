"""How a city works, as the rules and its people find it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from procure.accounts.models import Person
from procure.domain.planning.office import Meeting, Office
from procure.infra import clock
from procure.infra.db import db
from procure.planning import city_service, queries
from procure.planning.city_service import Wish
from tests.factories import actor_of

People = dict[str, Person]
TODAY = date(2026, 11, 24)
NOW = clock.now()


def fill(person: Person) -> None:
    by = actor_of(person)
    city_service.add_closing(date(2026, 12, 30), date(2027, 1, 2), "Between the years", by, TODAY, NOW)
    city_service.add_closing(date(2026, 11, 23), None, "Moving day", by, TODAY, NOW)
    city_service.add_meetings([date(2027, 1, 19), date(2026, 12, 8), date(2026, 11, 10)], "City board", by, TODAY, NOW)
    city_service.set_durations([Wish("comparison", 15, None)], by, NOW)
    db.session.commit()


def test_a_city_that_has_said_nothing_has_an_empty_office(people: People) -> None:
    assert queries.office_of(people["officer"].organisation_id) == Office()


def test_the_office_has_every_closed_day_the_meetings_in_order_and_the_durations(people: People) -> None:
    fill(people["admin"])

    assert queries.office_of(people["officer"].organisation_id) == Office(
        closed=frozenset({date(2026, 11, 23), date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)}),
        meetings=tuple(Meeting(day, "City board") for day in (date(2026, 11, 10), date(2026, 12, 8), date(2027, 1, 19))),
        durations={"comparison": 15},
    )


def test_the_office_costs_one_query_and_another_city_s_is_its_own(people: People, count_queries: Callable[[], list[str]]) -> None:
    fill(people["admin"])
    executed = count_queries()

    assert queries.office_of(people["other_officer"].organisation_id) == Office()
    assert len(executed) == 1


def test_what_is_to_come_stands_apart_from_what_has_passed(people: People) -> None:
    fill(people["admin"])
    by = actor_of(people["officer"])

    assert [row.name for row in queries.closings(by, TODAY)] == ["Between the years"]
    assert [row.name for row in queries.passed_closings(by, TODAY)] == ["Moving day"]
    assert [row.held_on for row in queries.meetings(by, TODAY)] == [date(2026, 12, 8), date(2027, 1, 19)]
    assert [row.held_on for row in queries.passed_meetings(by, TODAY)] == [date(2026, 11, 10)]


def test_days_that_go_on_today_are_not_over(people: People) -> None:
    fill(people["admin"])

    assert [row.name for row in queries.closings(actor_of(people["officer"]), date(2027, 1, 2))] == ["Between the years"]
    assert not queries.closings(actor_of(people["officer"]), date(2027, 1, 3))


def test_a_row_says_who_changed_it_and_when(people: People) -> None:
    fill(people["admin"])

    (row,) = queries.durations(actor_of(people["manager"]))
    assert (row.stage, row.working_days, row.changed_by, row.changed_at) == ("comparison", 15, people["admin"].name, NOW)


@pytest.mark.parametrize("name", ["other_officer", "vaasa_officer", "expert", "coordinator", "system_admin"])
def test_nobody_outside_the_city_sees_its_calendar(people: People, name: str) -> None:
    fill(people["admin"])
    by = actor_of(people[name])
    closing = queries.closings(actor_of(people["admin"]), TODAY)[0].id
    meeting = queries.meetings(actor_of(people["admin"]), TODAY)[0].id

    lists = (queries.closings, queries.passed_closings, queries.meetings, queries.passed_meetings)
    assert not any(found(by, TODAY) for found in lists)
    assert not queries.durations(by)
    assert queries.last_body(by) == ""
    assert queries.closing_for(by, closing) is None
    assert queries.meeting_for(by, meeting) is None


def test_the_network_s_people_have_no_calendar_even_if_their_organisation_had_one(people: People) -> None:
    city_service.load(people["expert"].organisation_id, [], [Meeting(TODAY, "Network")], {"plan": 1}, NOW)

    assert not queries.meetings(actor_of(people["expert"]), TODAY)
    assert not queries.durations(actor_of(people["coordinator"]))


def test_a_number_that_no_row_can_have_is_not_found(app: Flask, people: People) -> None:
    assert queries.closing_for(actor_of(people["admin"]), 2**40) is None
    assert queries.meeting_for(actor_of(people["admin"]), 2**40) is None
