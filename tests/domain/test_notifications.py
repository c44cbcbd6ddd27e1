"""When reminders and digests are due, whatever nights the worker has missed."""

from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue.calendar import finnish
from procure.domain.calendar import Calendar
from procure.domain.notifications import (
    ADVICE_LATE,
    DAILY,
    DEFAULTS,
    KINDS,
    LEGAL_DEADLINE,
    NEXT_DATE,
    STANDING_STILL,
    TASK_DUE,
    WEEKLY,
    Days,
    Once,
    Plan,
    check_absence,
    digest_day,
    due,
    kinds_for,
    may_stand_in,
    window,
)
from procure.domain.outcomes import Refusal
from procure.domain.permissions import ROLES, may

FIRST = date(2027, 1, 4)
PLANS = (LEGAL_DEADLINE, NEXT_DATE, TASK_DUE, STANDING_STILL, ADVICE_LATE, Once(2))


@cache
def calendar(*closed: date) -> Calendar:
    return finnish().with_closed(closed)


def reminders(plan: Plan, about: date, days: Calendar, first: date, last: date) -> list[tuple[date, str]]:
    """Day by day, as a worker that misses no night makes them."""
    found = []
    run: date | None = None
    for number in range((last - first).days + 1):
        today = first + timedelta(days=number)
        since = window(run, today, days)
        if since is None:
            continue
        run = today
        if about in (names := due(plan, days, since, today)):
            found.append((today, names[about]))
    return found


def test_a_period_of_the_law_is_told_five_two_and_one_working_days_before_and_on_its_day() -> None:
    days = [day for day, _ in reminders(LEGAL_DEADLINE, date(2027, 1, 22), calendar(), FIRST, date(2027, 2, 28))]

    assert days == [date(2027, 1, 15), date(2027, 1, 20), date(2027, 1, 21), date(2027, 1, 22)]


def test_working_days_are_the_city_s_own() -> None:
    days = [
        day
        for day, _ in reminders(
            LEGAL_DEADLINE, date(2027, 1, 22), calendar(date(2027, 1, 21), date(2027, 1, 22)), FIRST, date(2027, 2, 28)
        )
    ]

    assert days == [date(2027, 1, 14), date(2027, 1, 19), date(2027, 1, 20)], "of two steps on one day one is told"


def test_a_next_day_is_told_before_and_once_a_week_after_it_has_passed() -> None:
    days = [day for day, _ in reminders(NEXT_DATE, date(2027, 1, 22), calendar(), FIRST, date(2027, 2, 16))]

    assert days == [
        date(2027, 1, 15), date(2027, 1, 21), date(2027, 1, 25), date(2027, 2, 1), date(2027, 2, 8), date(2027, 2, 15),
    ]  # fmt: skip


def test_a_task_is_told_two_working_days_before_on_its_day_and_weekly_afterwards() -> None:
    days = [day for day, _ in reminders(TASK_DUE, date(2027, 1, 24), calendar(), FIRST, date(2027, 2, 2))]

    assert days == [date(2027, 1, 21), date(2027, 1, 22), date(2027, 1, 25), date(2027, 2, 1)], "24 January is a Sunday"


def test_a_case_that_stands_still_is_told_after_every_twenty_working_days() -> None:
    told = reminders(STANDING_STILL, FIRST, calendar(), FIRST, date(2027, 6, 30))

    assert [finnish().working_days_between(FIRST, day) for day, _ in told] == [20, 40, 60, 80, 100, 120]
    assert [name for _, name in told][:2] == ["quiet-20", "quiet-40"]


def test_of_several_missed_reminders_the_last_one_is_made() -> None:
    since, today = date(2027, 1, 14), date(2027, 1, 21)

    assert due(LEGAL_DEADLINE, calendar(), since, today)[date(2027, 1, 22)] == "before-1"


def test_the_first_run_ever_makes_the_reminders_of_its_own_day_only() -> None:
    assert window(None, date(2027, 1, 14), calendar()) == date(2027, 1, 13)


@pytest.mark.parametrize(
    ("last_run", "today", "since"),
    [
        (date(2027, 1, 13), date(2027, 1, 14), date(2027, 1, 13)),
        (date(2027, 1, 14), date(2027, 1, 14), None),
        (date(2027, 1, 15), date(2027, 1, 14), None),  # the clock was set back
        (date(2027, 1, 14), date(2027, 1, 16), None),  # a Saturday
        (date(2026, 11, 2), date(2027, 1, 14), date(2027, 1, 7)),  # nothing older than a week
    ],
)
def test_what_is_caught_up(last_run: date, today: date, since: date | None) -> None:
    assert window(last_run, today, calendar()) == since


days_of_2027 = st.integers(0, 200).map(lambda number: FIRST + timedelta(days=number))
closings = st.sampled_from(
    [
        (),
        (date(2027, 1, 7), date(2027, 1, 8)),
        tuple(FIRST + timedelta(days=number) for number in range(40, 75)),
        tuple(FIRST + timedelta(days=number) for number in range(0, 200, 3)),
    ]
)
"""A city's closing days: none, two, five weeks in a row, many single ones."""


@given(
    plan=st.sampled_from(PLANS), abouts=st.sets(days_of_2027, min_size=1, max_size=8), closed=closings,
    runs=st.lists(days_of_2027, min_size=1, max_size=60),
)  # fmt: skip
def test_whenever_the_worker_runs_each_reminder_is_made_at_most_once_and_each_that_still_says_something_is_made(
    plan: Plan, abouts: set[date], closed: tuple[date, ...], runs: list[date]
) -> None:
    """Missed nights, double runs and a clock that jumps: `runs` come in any order."""
    days = calendar(*closed)
    made: list[tuple[date, str]] = []
    last: date | None = None
    for today in runs:
        since = window(last, today, days)
        if since is None:
            continue
        names = due(plan, days, since, today)
        made += [(about, names[about]) for about in abouts if about in names]
        for about in abouts:
            steps = [(day, name) for day, name in plan.steps(about, days, since, today) if since < day <= today]
            assert (about in names) == bool(steps)
            assert not steps or names[about] == max(steps)[1], "a later step of the same days takes an earlier one's place"
        last = today

    assert len(made) == len(set(made))


@given(plan=st.sampled_from(PLANS), about=days_of_2027, closed=closings, first=days_of_2027, length=st.integers(1, 40))
def test_a_worker_that_misses_no_night_makes_every_step_and_none_on_a_day_off(
    plan: Plan, about: date, closed: tuple[date, ...], first: date, length: int
) -> None:
    days, last = calendar(*closed), first + timedelta(days=length)
    made = reminders(plan, about, days, first, last)
    steps = {day for day, _ in plan.steps(about, days, first - timedelta(days=1), last)}

    assert all(days.is_working_day(day) for day, _ in made)
    if plan is not STANDING_STILL:  # of which `steps` names the last one alone
        assert {day for day, _ in made} == {day for day in steps if first <= day <= last}


moments = st.datetimes(datetime(2027, 1, 4), datetime(2027, 12, 30))  # noqa: DTZ001 - Finnish local time


@given(moments, closings)
def test_a_daily_digest_falls_on_a_working_day_and_a_weekly_one_on_a_monday_at_seven(
    now: datetime, closed: tuple[date, ...]
) -> None:
    days = calendar(*closed)
    daily, weekly = digest_day(DAILY, now, days), digest_day(WEEKLY, now, days)

    assert days.is_working_day(daily)
    assert weekly.weekday() == 0
    for day in (daily, weekly):
        assert datetime.combine(day, time(7)) <= now
    assert now - datetime.combine(weekly, time(7)) < timedelta(days=7)
    between = (daily + timedelta(days=n) for n in range(1, (now.date() - daily).days + 1))
    assert not any(days.is_working_day(day) and datetime.combine(day, time(7)) <= now for day in between)


def test_every_kind_has_a_default_and_concerns_somebody() -> None:
    assert set(DEFAULTS) == {kind.id for kind in KINDS}
    assert {kind.id for role in ROLES for kind in kinds_for(role)} == set(DEFAULTS)


@pytest.mark.parametrize("role", ROLES)
def test_whoever_stands_in_may_read_what_the_letters_are_about(role: str) -> None:
    for delegate in ROLES:
        if may_stand_in(role, delegate):
            for action in ("case.read", "case.edit", "support.take"):
                assert may(delegate, action) or not may(role, action)


@given(first=days_of_2027, length=st.integers(-5, 400), other=days_of_2027, other_length=st.integers(0, 20), today=days_of_2027)
def test_an_absence_is_taken_when_it_is_not_over_nor_backwards_nor_long_and_overlaps_none(
    first: date, length: int, other: date, other_length: int, today: date
) -> None:
    wanted, there = Days(first, first + timedelta(days=length)), Days(other, other + timedelta(days=other_length))
    taken = (
        wanted.first <= wanted.last >= today and wanted.last - wanted.first <= timedelta(days=366)
        and (wanted.last < there.first or there.last < wanted.first)
    )  # fmt: skip
    with nullcontext() if taken else pytest.raises(Refusal):
        check_absence(wanted, [there], today)


def test_what_is_told_once_is_told_so_many_working_days_after_the_day() -> None:
    friday = date(2027, 3, 5)
    days = [friday + timedelta(days=number) for number in range(10)]
    told = [day for day in days if friday in due(Once(2), finnish(), day - timedelta(days=1), day)]
    assert told == [date(2027, 3, 9)]
