"""How figures are counted: percentiles, working days, ages, what a tally holds."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue.calendar import finnish
from procure.domain import figures
from procure.domain.figures import AGES, ALL_CITIES, ALL_TOPICS, Deed, Fact, Key, Mean, Speed

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


def fact(asked_on: date = date(2026, 11, 2), **changes: object) -> Fact:
    values: dict[str, object] = {
        "topic": "pilot", "city": 7, "kind": "advice", "product": "", "state": "open", "expert": None, "first_on": None,
        "answered_on": None,
    }  # fmt: skip
    return Fact(asked_on, **(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "median", "slow"),
    [
        ([1, 2, 3, 4, 5], 3, 5),
        ([5, 4, 3, 2, 1, 0], 2, 5),
        ([0] * 9 + [30], 0, 0),
        ([0] * 8 + [30, 40], 0, 30),
        (list(range(1, 101)), 50, 90),
        ([7] * 5, 7, 7),
    ],
)
def test_a_percentile_is_the_value_at_its_place_in_order(values: list[int], median: int, slow: int) -> None:
    counts = {str(value): values.count(value) for value in values}
    assert figures.speed(counts) == Speed(len(values), median, slow)


def test_under_five_no_percentile_is_given_but_the_number_is() -> None:
    assert figures.speed({"2": 3, "9": 1}) == Speed(4, None, None)
    assert figures.speed({}) == Speed(0, None, None)


@given(st.lists(st.integers(0, 60), min_size=5, max_size=80), st.integers(1, 100))
def test_at_least_so_many_per_cent_are_not_over_the_percentile_and_fewer_under_it(values: list[int], share: int) -> None:
    found = figures.percentile({value: values.count(value) for value in set(values)}, share)
    assert found is not None
    assert sum(value <= found for value in values) * 100 >= share * len(values)
    assert sum(value < found for value in values) * 100 < share * len(values)


def test_working_days_leave_out_weekends_and_holidays() -> None:
    calendar = finnish()
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    assert figures.working_days(friday, friday, calendar) == 0
    assert figures.working_days(friday, monday, calendar) == 1
    assert figures.working_days(friday, friday + timedelta(days=2), calendar) == 0
    assert figures.working_days(date(2026, 12, 23), date(2026, 12, 28), calendar) == 1  # the eve, Christmas and a weekend between


def test_a_mean_has_one_decimal_and_says_nothing_of_fewer_than_five() -> None:
    assert figures.mean({"5": 3, "4": 2, "1": 1}) == Mean(6, Decimal("4.0"))
    assert figures.mean({"5": 1, "4": 5, "3": 2}) == Mean(8, Decimal("3.9"))
    assert figures.mean({"5": 4}) == Mean(4, None)


def test_each_open_request_is_of_one_age() -> None:
    open_by_day = {"2026-11-24": 1, "2026-11-20": 2, "2026-11-18": 4, "2026-11-10": 8, "2026-10-30": 16, "2025-11-24": 32}
    assert figures.ages(open_by_day, TODAY, finnish()) == (3, 4, 8, 16, 32)


@given(DAYS, st.integers(0, 400))
def test_the_days_of_an_age_are_those_that_ages_puts_there(today: date, back: int) -> None:
    day = today - timedelta(days=back)
    place = figures.ages({day.isoformat(): 1}, today, finnish()).index(1)
    first, last = figures.asked_between(AGES[place], today, finnish())
    assert first is None or first <= day
    assert day <= last


def test_the_days_of_two_ages_do_not_overlap() -> None:
    spans = [figures.asked_between(age, TODAY, finnish()) for age in AGES]
    for (first, _last), (_first, older) in pairwise(spans):
        assert first == older + timedelta(days=1)


def test_a_request_counts_for_its_topic_and_city_and_for_all() -> None:
    found = figures.totals([fact()], [], finnish())
    month = date(2026, 11, 1)
    assert set(found) == {
        Key(month, "pilot", 7), Key(month, ALL_TOPICS, 7), Key(month, "pilot", ALL_CITIES), Key(month, ALL_TOPICS, ALL_CITIES),
    }  # fmt: skip
    assert {figures.asked(tally) for tally in found.values()} == {1}


def test_the_first_answer_is_the_opinion_where_nothing_was_said_before() -> None:
    facts = [fact(first_on=date(2026, 11, 3), answered_on=date(2026, 11, 9)), fact(answered_on=date(2026, 11, 9))]
    tally = figures.merged(figures.totals(facts[:1], [], finnish()).values())
    assert (set(tally["first"]), set(tally["opinion"])) == ({"1"}, {"5"})
    assert set(figures.merged(figures.totals(facts[1:], [], finnish()).values())["first"]) == {"5"}


def test_only_a_running_request_is_open_and_only_a_taken_one_is_held() -> None:
    states = {
        state: figures.merged(figures.totals([fact(state=state, expert=3)], [], finnish()).values())
        for state in ("open", "taken", "answered", "withdrawn", "merged")
    }
    assert [state for state, tally in states.items() if tally["open"]] == ["open", "taken"]
    assert [state for state, tally in states.items() if tally["held"]] == ["taken"]


def test_a_deed_counts_in_its_own_month() -> None:
    asked = fact(date(2026, 10, 30), state="answered", answered_on=date(2026, 11, 3), expert=3)
    found = figures.totals([asked], [Deed(date(2026, 11, 3), "pilot", 7, "answered", "3")], finnish())
    assert found[Key(date(2026, 10, 1), "pilot", 7)]["opinion"] == {"2": 1}
    assert found[Key(date(2026, 11, 1), "pilot", 7)] == {"answered": {"3": 1}}


@given(st.lists(st.tuples(DAYS, st.integers(0, 30), st.sampled_from(["pilot", "funding"]), st.integers(1, 3)), max_size=30))
def test_months_topics_and_cities_add_up_to_the_whole(rows: list[tuple[date, int, str, int]]) -> None:
    facts = [fact(day, topic=topic, city=city, answered_on=day + timedelta(days=more)) for day, more, topic, city in rows]
    found = figures.totals(facts, [], finnish())

    def summed(keep: object) -> object:
        return figures.merged(tally for key, tally in found.items() if keep(key))  # type: ignore[operator]

    whole = summed(lambda key: key.topic == ALL_TOPICS and key.city == ALL_CITIES)
    assert whole == summed(lambda key: key.topic != ALL_TOPICS and key.city == ALL_CITIES)
    assert whole == summed(lambda key: key.topic == ALL_TOPICS and key.city != ALL_CITIES)
    assert whole == summed(lambda key: key.topic != ALL_TOPICS and key.city != ALL_CITIES)


def test_a_period_is_whole_months() -> None:
    since = date(2024, 3, 5)
    usual = figures.period("12m", TODAY, since)
    assert (usual.first, usual.last, len(usual.months)) == (date(2025, 12, 1), date(2026, 11, 30), 12)
    assert figures.period("3m", date(2026, 1, 31), since).first == date(2025, 11, 1)
    assert figures.period("2025", TODAY, since).last == date(2025, 12, 31)
    assert figures.period("all", TODAY, since).first == date(2024, 3, 1)


@pytest.mark.parametrize("name", ["", "nonsense", "1999", "2031", "²", "-1"])
def test_an_unknown_period_is_the_usual_one(name: str) -> None:
    assert figures.period(name, TODAY, date(2024, 3, 5)).id == "12m"
