"""Figures on expert support: how they are counted. Rows in, counts out; every definition that the pages tell of stands here.

What belongs to one request (how fast, how satisfied) is counted in the month in which it was asked; what somebody did (an opinion
issued, a request declined, an article that helped) in the month in which it was done. Counts of days are kept, not percentiles:
counts of several months, topics and cities add up, percentiles do not.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from procure.domain.calendar import Calendar
from procure.domain.support import RUNNING

SMALL: Final = 5
"""With fewer than this many behind it no percentile and no mean is given: it would tell of single requests."""
MEDIAN: Final = 50
SLOW: Final = 90
ALL_TOPICS: Final = ""
ALL_CITIES: Final = 0

MARKS: Final = ("useful", "clear", "in_time")
OUTCOMES: Final = ("followed", "partly", "not_followed")
DECLINING: Final = ("conflict", "hand_back", "decline")
"""Acts by which an expert lets a request go."""
HELD: Final = ("taken", "asked_back")

AGES: Final[tuple[tuple[int, int | None], ...]] = ((0, 2), (3, 5), (6, 10), (11, 20), (21, None))
"""Classes of age in working days, both ends included; the last one has no end."""

GROUPS: Final = (
    "kind", "product", "state", "first", "opinion", "open", "held", "outcome", *MARKS, "answered", "declined", "article",
)  # fmt: skip
"""What is counted. Keys: `first` and `opinion` working days, `open` the day asked (ISO), `held`, `answered` and `declined` the
person's id, marks 1 to 5, else the id of the thing."""

Tally = dict[str, Counter[str]]
"""Group -> key -> how many."""
Counts = dict[str, dict[str, int]]
"""The same as it is kept, without the groups in which there is nothing."""


class Key(NamedTuple):
    """Which requests a tally counts. `month`: its first day; ALL_TOPICS and ALL_CITIES stand for every one."""

    month: date
    topic: str
    city: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One request. Days are Finnish dates; `first_on` and `answered_on` are None while there is nothing."""

    asked_on: date
    topic: str
    city: int
    kind: str
    product: str
    state: str
    expert: int | None
    first_on: date | None
    answered_on: date | None
    outcome: str = ""
    """Of the last review; "" for none."""
    marks: tuple[int | None, ...] = ()
    """The last review's, in the order of MARKS."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done on a day: `group` is answered, declined or article."""

    on: date
    topic: str
    city: int
    group: str
    key: str


@dataclass(frozen=True, slots=True)
class Speed:
    """`count` requests; the working days within which half, and nine tenths, of them were served. None when there are too few."""

    count: int
    median: int | None
    slow: int | None


@dataclass(frozen=True, slots=True)
class Mean:
    """Of `count` marks, to one decimal; None when there are too few."""

    count: int
    value: Decimal | None


def month_of(day: date) -> date:
    return day.replace(day=1)


def working_days(first: date, last: date, calendar: Calendar) -> int:
    """Working days after the first day up to and with the last: 0 on the same day, and over a weekend. Never negative."""
    return max(0, calendar.working_days_between(first, last))


def totals(facts: Iterable[Fact], deeds: Iterable[Deed], calendar: Calendar) -> dict[Key, Counts]:
    """The counts of each month, topic and city in which there is something, and for all topics, all cities and both together."""
    found: dict[Key, Counts] = {}
    for fact in facts:
        _add(found, fact.asked_on, fact.topic, fact.city, list(_counted(fact, calendar)))
    for deed in deeds:
        _add(found, deed.on, deed.topic, deed.city, [(deed.group, deed.key)])
    return found


def _add(found: dict[Key, Counts], day: date, topic: str, city: int, counted: Sequence[tuple[str, str]]) -> None:
    month = month_of(day)
    for key in (
        Key(month, topic, city), Key(month, ALL_TOPICS, city), Key(month, topic, ALL_CITIES), Key(month, ALL_TOPICS, ALL_CITIES),
    ):  # fmt: skip
        tally = found.get(key)
        if tally is None:
            tally = found[key] = {}
        for group, name in counted:
            counts = tally.get(group)
            if counts is None:
                tally[group] = {name: 1}
            else:
                counts[name] = counts.get(name, 0) + 1


def _counted(fact: Fact, calendar: Calendar) -> Iterator[tuple[str, str]]:
    yield "kind", fact.kind
    yield "product", fact.product
    yield "state", fact.state
    first_on = min((day for day in (fact.first_on, fact.answered_on) if day), default=None)
    if first_on:
        yield "first", str(working_days(fact.asked_on, first_on, calendar))
    if fact.answered_on:
        yield "opinion", str(working_days(fact.asked_on, fact.answered_on, calendar))
    if fact.state in RUNNING:
        yield "open", fact.asked_on.isoformat()
    if fact.state in HELD and fact.expert is not None:
        yield "held", str(fact.expert)
    if fact.outcome:
        yield "outcome", fact.outcome
    for name, mark in zip(MARKS, fact.marks, strict=False):
        if mark is not None:
            yield name, str(mark)


def merged(tallies: Iterable[Mapping[str, Mapping[str, int]]]) -> Tally:
    """One tally for all of them, with every group in it."""
    found = empty_tally()
    for tally in tallies:
        add(found, tally)
    return found


def empty_tally() -> Tally:
    return {group: Counter() for group in GROUPS}


def add(into: Tally, tally: Mapping[str, Mapping[str, int]]) -> None:
    """Put what one tally counts to what another has counted."""
    for group, counts in tally.items():
        found = into[group]
        for key, count in counts.items():
            found[key] += count


def asked(tally: Mapping[str, Mapping[str, int]]) -> int:
    """How many requests it counts."""
    return sum(tally.get("kind", {}).values())


def percentile(counts: Mapping[int, int], share: int) -> int | None:
    """The smallest value that at least `share` per cent of the values do not exceed (nearest rank: the value at place ⌈share/100 · n⌉
    of n in order). None when there are fewer than SMALL."""
    number = sum(counts.values())
    if number < SMALL:
        return None
    place, passed = -(-share * number // 100), 0
    for value in sorted(counts):
        passed += counts[value]
        if passed >= place:
            return value
    raise ValueError(share)


def speed(days: Mapping[str, int]) -> Speed:
    """Of counts of working days as a tally keeps them."""
    counts = {int(day): count for day, count in days.items()}
    return Speed(sum(counts.values()), percentile(counts, MEDIAN), percentile(counts, SLOW))


def mean(marks: Mapping[str, int]) -> Mean:
    number = sum(marks.values())
    if number < SMALL:
        return Mean(number, None)
    total = Decimal(sum(int(mark) * count for mark, count in marks.items()))
    return Mean(number, (total / number).quantize(Decimal("0.1"), ROUND_HALF_UP))


def ages(open_by_day: Mapping[str, int], today: date, calendar: Calendar) -> tuple[int, ...]:
    """How many open requests are of each class of AGES today."""
    found = [0] * len(AGES)
    for day, count in open_by_day.items():
        age = working_days(date.fromisoformat(day), today, calendar)
        found[next(place for place, (_least, most) in enumerate(AGES) if most is None or age <= most)] += count
    return tuple(found)


def asked_between(age: tuple[int, int | None], today: date, calendar: Calendar) -> tuple[date | None, date]:
    """The first and last day on which a request of that class was asked; None for no first day.

    The other way round than `ages`: a day belongs to the class when its working days up to today lie in it.
    """
    least, most = age
    last = _latest_with(least, today, calendar)
    return (None if most is None else _next_day(_latest_with(most + 1, today, calendar))), last


def _latest_with(working: int, today: date, calendar: Calendar) -> date:
    """The latest day from which at least that many working days have passed."""
    if working == 0:
        return today
    return date.fromordinal(calendar.before(_next_day(today), working).toordinal() - 1)


def _next_day(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months: the first day of the first one, and the last day of the last one. `id` is how an address names it."""

    id: str
    first: date
    last: date

    @property
    def months(self) -> tuple[date, ...]:
        found, month = [], self.first
        while month <= self.last:
            found.append(month)
            month = next_month(month)
        return tuple(found)


USUAL_PERIOD: Final = "12m"
PERIODS: Final = {"3m": 3, USUAL_PERIOD: 12}
"""The months up to and with the present one."""


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def month_end(day: date) -> date:
    return date.fromordinal(next_month(day).toordinal() - 1)


def period(name: str, today: date, since: date) -> Period:
    """The period of that name: `3m`, `12m`, a year, or `all` from the month of `since`. An unknown name gives the usual one."""
    month = month_of(today)
    if name == "all":
        return Period("all", min(month_of(since), month), month_end(today))
    if name.isascii() and name.isdigit() and month_of(since).year <= int(name) <= today.year:
        return Period(name, date(int(name), 1, 1), date(int(name), 12, 31))
    name = name if name in PERIODS else USUAL_PERIOD
    back = month.year * 12 + month.month - PERIODS[name]
    return Period(name, date(back // 12, back % 12 + 1, 1), month_end(today))
