"""What a city may say about how it works, and what two people at once may not undo."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from procure.accounts.models import Person
from procure.accounts.queries import lock_city
from procure.domain.outcomes import Reason, Refusal
from procure.domain.planning.office import Meeting
from procure.infra import clock
from procure.infra.db import db, writing
from procure.planning import city_service, queries
from procure.planning.city_service import MOST_CLOSINGS, MOST_MEETINGS, Wish
from tests import factories
from tests.cases.test_rush import AT_ONCE, at_once
from tests.factories import actor_of

People = dict[str, Person]
TODAY = date(2026, 11, 24)
NOW = clock.now()
CHRISTMAS = date(2026, 12, 28)


def refused(act: Callable[[], object]) -> list[tuple[str, str]]:
    """(code, target) of each reason."""
    with pytest.raises(Refusal) as caught:
        act()
    return [(reason.code, reason.target) for reason in caught.value.reasons]


def close(people: People, first: date, last: date | None = None, name: str = "Christmas") -> None:
    city_service.add_closing(first, last, name, actor_of(people["admin"]), TODAY, NOW)


def durations(people: People) -> dict[str, int]:
    return dict(queries.office_of(people["officer"].organisation_id).durations)


def test_without_a_last_day_the_city_is_closed_on_one_day(people: People) -> None:
    close(people, CHRISTMAS)

    assert queries.office_of(people["officer"].organisation_id).closed == {CHRISTMAS}


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (CHRISTMAS, CHRISTMAS - timedelta(days=1), ("closing_backwards", "last_day")),
        (CHRISTMAS, CHRISTMAS + timedelta(days=366), ("closing_long", "last_day")),
        (date(1999, 12, 31), date(2000, 1, 1), ("city_year", "first_day")),
        (date(2100, 12, 31), date(2101, 1, 1), ("city_year", "last_day")),
    ],
)
def test_days_that_cannot_be_meant_are_refused(people: People, first: date, last: date, expected: tuple[str, str]) -> None:
    assert refused(lambda: close(people, first, last)) == [expected]
    assert not queries.office_of(people["officer"].organisation_id).closed


def test_366_days_and_both_ends_of_the_years_are_accepted(people: People) -> None:
    close(people, date(2000, 1, 1), date(2000, 12, 31))
    close(people, date(2100, 12, 31))

    assert len(queries.office_of(people["officer"].organisation_id).closed) == 367


def test_the_same_days_are_not_entered_twice_but_another_city_may_have_them(people: People) -> None:
    close(people, CHRISTMAS)
    assert refused(lambda: close(people, CHRISTMAS, name="Other name")) == [("closing_known", "first_day")]

    city_service.add_closing(CHRISTMAS, None, "Jul", actor_of(people["vaasa_officer"]), TODAY, NOW)
    close(people, CHRISTMAS, CHRISTMAS + timedelta(days=1))


def test_entries_to_come_are_counted_and_those_that_are_over_are_not(people: People) -> None:
    close(people, TODAY - timedelta(days=1))
    for number in range(MOST_CLOSINGS):
        close(people, TODAY + timedelta(days=number))

    assert refused(lambda: close(people, TODAY + timedelta(days=MOST_CLOSINGS))) == [("closings_many", "")]


def meet(people: People, *days: date, body: str = "City board") -> tuple[int, int]:
    return city_service.add_meetings(days, body, actor_of(people["admin"]), TODAY, NOW)


def test_meetings_that_are_known_or_named_twice_are_added_once(people: People) -> None:
    assert meet(people, CHRISTMAS, CHRISTMAS, TODAY) == (2, 0)
    assert meet(people, CHRISTMAS, TODAY + timedelta(days=7)) == (1, 1)
    assert meet(people, CHRISTMAS, body="Housing board") == (1, 0)

    assert len(queries.office_of(people["officer"].organisation_id).meetings) == 4


def test_more_meetings_than_a_calendar_holds_are_refused_together(people: People) -> None:
    days = [TODAY + timedelta(days=number) for number in range(MOST_MEETINGS + 1)]

    assert refused(lambda: meet(people, *days)) == [("meetings_many", "days")]
    assert not queries.office_of(people["officer"].organisation_id).meetings
    assert meet(people, *days[:-1]) == (MOST_MEETINGS, 0)


def test_a_meeting_in_a_year_that_cannot_be_meant_is_refused(people: People) -> None:
    assert refused(lambda: meet(people, CHRISTMAS, date(2207, 1, 1))) == [("city_year", "days")]


def test_removing_what_is_gone_already_is_no_fault(people: People) -> None:
    close(people, CHRISTMAS)
    meet(people, CHRISTMAS)
    by = actor_of(people["admin"])
    closing = queries.closing_for(by, queries.closings(by, TODAY)[0].id)
    meeting = queries.meeting_for(by, queries.meetings(by, TODAY)[0].id)
    assert closing is not None
    assert meeting is not None

    for _time in range(2):
        city_service.remove_closing(closing)
        city_service.remove_meeting(meeting)

    assert not queries.closings(by, TODAY)
    assert not queries.meetings(by, TODAY)


def save(people: People, *wishes: Wish, name: str = "admin") -> int:
    return city_service.set_durations(wishes, actor_of(people[name]), NOW)


def test_only_numbers_that_were_changed_are_kept_and_an_empty_one_takes_the_usual_again(people: People) -> None:
    assert save(people, Wish("plan", 25, None), Wish("opening", None, None), Wish("contract", 0, None)) == 2
    assert durations(people) == {"plan": 25, "contract": 0}

    assert save(people, Wish("plan", None, 25), Wish("contract", 0, 0)) == 1
    assert durations(people) == {"contract": 0}


def test_two_people_who_change_different_steps_both_keep_their_numbers(people: People) -> None:
    save(people, Wish("plan", 25, None), Wish("opening", None, None))
    save(people, Wish("plan", None, None), Wish("opening", 2, None), name="manager")

    assert durations(people) == {"plan": 25, "opening": 2}


def test_a_number_that_somebody_else_has_changed_meanwhile_is_not_overwritten_and_nothing_else_is_saved(people: People) -> None:
    save(people, Wish("plan", 25, None), name="manager")

    with pytest.raises(Refusal) as caught:
        save(people, Wish("plan", 30, None), Wish("opening", 2, None))

    assert caught.value.reasons == (
        Reason("duration_changed", {"name": people["manager"].name, "days": "25"}, target="days-plan"),
    )
    assert durations(people) == {"plan": 25}


def test_a_number_that_somebody_else_has_removed_meanwhile_is_not_put_back_in_silence(people: People) -> None:
    save(people, Wish("plan", 25, None))
    save(people, Wish("plan", None, 25), name="manager")

    assert refused(lambda: save(people, Wish("plan", 30, 25))) == [("duration_removed", "days-plan")]
    assert durations(people) == {}


def test_the_same_change_made_by_two_people_is_one_change(people: People) -> None:
    assert save(people, Wish("plan", 25, None)) == 1
    assert save(people, Wish("plan", 25, None), name="manager") == 0


@pytest.mark.parametrize("days", [-1, 1001])
def test_a_number_that_the_form_never_lets_through_writes_nothing(people: People, days: int) -> None:
    with pytest.raises(ValueError):
        save(people, Wish("plan", days, None))


def test_a_calendar_is_loaded_into_a_city_that_has_none_and_into_no_other(people: People) -> None:
    city = people["officer"].organisation_id
    assert city_service.load(city, [(CHRISTMAS, CHRISTMAS, "Christmas")], [Meeting(TODAY, "City board")], {"plan": 9}, NOW)
    before = queries.office_of(city)

    assert not city_service.load(city, [(TODAY, TODAY, "More")], [], {}, NOW)
    assert queries.office_of(city) == before
    assert queries.durations(actor_of(people["officer"]))[0].changed_by is None


def test_eight_people_who_change_eight_steps_at_once_all_keep_their_numbers(own_app: Flask) -> None:
    stages = ("plan", "opening", "comparison", "contract", "archive", "report", "selection", "suitability")

    def change(number: int) -> int:
        wishes = [Wish(stage, 40 if at == number else None, None) for at, stage in enumerate(stages)]
        return city_service.set_durations(wishes, actor_of(factories.people()["admin"]), clock.now())

    assert at_once(own_app, change) == [1] * AT_ONCE
    with own_app.app_context():
        assert durations(factories.people()) == dict.fromkeys(stages, 40)


def test_of_eight_people_who_change_one_step_at_once_one_is_heard_and_seven_are_told(own_app: Flask) -> None:
    def change(number: int) -> str:
        try:
            city_service.set_durations([Wish("plan", 30 + number, None)], actor_of(factories.people()["admin"]), clock.now())
        except Refusal as refusal:
            return refusal.reasons[0].code
        return "changed"

    assert sorted(at_once(own_app, change)) == ["changed"] + ["duration_changed"] * (AT_ONCE - 1)


def test_the_same_days_entered_by_eight_people_at_once_stand_once(own_app: Flask) -> None:
    def enter(number: int) -> str:
        by = actor_of(factories.people()["admin"])
        added, _known = city_service.add_meetings([CHRISTMAS], "City board", by, TODAY, clock.now())
        try:
            city_service.add_closing(CHRISTMAS, None, "Christmas", by, TODAY, clock.now())
        except Refusal as refusal:
            return f"{added} {refusal.reasons[0].code}"
        return f"{added} added"

    assert sorted(at_once(own_app, enter)) == ["0 closing_known"] * (AT_ONCE - 1) + ["1 added"]


def test_a_case_is_opened_while_the_city_s_calendar_is_being_changed(own_app: Flask) -> None:
    """A change of the calendar holds back other changes of it only. (SQLite lets one writer in at a time in any case.)"""

    def open_case() -> str:
        with own_app.app_context(), writing():
            db.session.execute(text("SET lock_timeout = '2s'"))
            try:
                return factories.make_case(factories.people()["officer"]).reference
            finally:
                db.session.remove()

    with own_app.app_context(), writing(), ThreadPoolExecutor(1) as pool:
        if db.engine.dialect.name == "sqlite":
            return
        lock_city(factories.people()["officer"].organisation_id)

        assert pool.submit(open_case).result(timeout=30).startswith("TRE-")
