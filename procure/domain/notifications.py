"""What people are told of and when: kinds of letters, how often each person wants them, digests, reminders and absences.

Moments come in as Finnish local time, days as Finnish dates, working days from the calendar of the city that is asked about.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol

from procure.domain.calendar import Calendar
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import CITY_ROLES, NETWORK_ROLES

AT_ONCE, DAILY, WEEKLY, NONE = "at_once", "daily", "weekly", "none"
CADENCES: Final = (AT_ONCE, DAILY, WEEKLY, NONE)
DIGESTS: Final = (DAILY, WEEKLY)

ONE_DAY: Final = timedelta(days=1)
ONE_WEEK: Final = timedelta(days=7)
REMINDERS_AT: Final = time(6)
DIGESTS_AT: Final = time(7)
"""After the reminders of the day, which the digest then holds."""
CAUGHT_UP: Final = timedelta(days=7)
"""Reminders of days longer ago are no longer made."""
LONGEST_ABSENCE: Final = timedelta(days=366)
MOST_ABSENCES: Final = 50


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter that can be had less often or not at all. Links that set a password are no kind: they always leave at once."""

    id: str
    default: str
    roles: tuple[str, ...]
    """Whom such letters concern."""


KINDS: Final = (
    Kind("team", AT_ONCE, CITY_ROLES),
    Kind("task", AT_ONCE, CITY_ROLES),
    Kind("mention", DAILY, CITY_ROLES),
    Kind("support", AT_ONCE, ("officer", "manager", *NETWORK_ROLES)),
    Kind("approval", AT_ONCE, CITY_ROLES),
    Kind("deadline", DAILY, CITY_ROLES),
    Kind("standing_still", DAILY, CITY_ROLES),
    Kind("declaration", AT_ONCE, CITY_ROLES),
    Kind("knowledge", DAILY, NETWORK_ROLES),
    Kind("report", AT_ONCE, CITY_ROLES),
)
DEFAULTS: Final[Mapping[str, str]] = {kind.id: kind.default for kind in KINDS}


def kinds_for(role: str) -> tuple[Kind, ...]:
    """The kinds of letters that somebody of that role can get."""
    return tuple(kind for kind in KINDS if role in kind.roles)


# digests


def digest_day(cadence: str, now: datetime, calendar: Calendar) -> date:
    """The last day on which a digest fell due at seven: a working day of the city, or for the weekly one a Monday."""
    day = now.date() if now.time() >= DIGESTS_AT else now.date() - ONE_DAY
    return day - timedelta(days=day.weekday()) if cadence == WEEKLY else calendar.on_or_before(day)


# reminders


class Plan(Protocol):
    """When there is something to remind of about a day (a last day, the day of the last event)."""

    def __hash__(self) -> int: ...

    @property
    def reach(self) -> tuple[timedelta, timedelta]:
        """How far before and after the present such a day can lie."""
        ...

    def steps(self, about: date, calendar: Calendar, since: date, until: date) -> Iterator[tuple[date, str]]:
        """The reminder days after `since` up to and with `until`, each with its name. All are working days."""
        ...


@dataclass(frozen=True, slots=True)
class Around:
    """Working days before the day (0: the day itself, or the working day before it), then the working day after it and once a week
    for `weeks` weeks."""

    before: tuple[int, ...]
    weeks: int = -1
    """-1: nothing once the day has passed."""

    @property
    def reach(self) -> tuple[timedelta, timedelta]:
        return ONE_WEEK * (self.weeks + 4), ONE_WEEK * (max(self.before, default=0) + 4)

    def steps(self, about: date, calendar: Calendar, since: date, until: date) -> Iterator[tuple[date, str]]:
        for count in self.before:
            day = calendar.before(about, count) if count else calendar.on_or_before(about)
            if since < day <= until:
                yield day, f"before-{count}"
        if self.weeks < 0 or about >= until:
            return
        first = calendar.after(about)
        nearest = max(0, (since - first).days // 7 - 2)  # closed days move a week's reminder by some days only
        for week in range(nearest, min(self.weeks, (until - first).days // 7) + 1):
            day = calendar.on_or_after(first + ONE_WEEK * week)
            if since < day <= until:
                yield day, f"after-{week}"


@dataclass(frozen=True, slots=True)
class Every:
    """Each time so many working days have gone by since the day, for some years."""

    working_days: int
    years: int = 5

    @property
    def reach(self) -> tuple[timedelta, timedelta]:
        return timedelta(days=366 * self.years), timedelta()

    def steps(self, about: date, calendar: Calendar, since: date, until: date) -> Iterator[tuple[date, str]]:
        gone = calendar.working_days_between(about, until)
        rounds = gone // self.working_days
        if rounds > 0:
            day = calendar.before(until + ONE_DAY, gone - rounds * self.working_days + 1)
            if since < day <= until:
                yield day, f"quiet-{rounds * self.working_days}"


@dataclass(frozen=True, slots=True)
class Once:
    """So many working days after the day, and never again."""

    working_days: int

    @property
    def reach(self) -> tuple[timedelta, timedelta]:
        return ONE_DAY * (3 * self.working_days + 14), timedelta()

    def steps(self, about: date, calendar: Calendar, since: date, until: date) -> Iterator[tuple[date, str]]:
        day = calendar.after(about, self.working_days)
        if since < day <= until:
            yield day, f"once-{self.working_days}"


LEGAL_DEADLINE: Final = Around((5, 2, 1, 0))
NEXT_DATE: Final = Around((5, 1), weeks=52)
TASK_DUE: Final = Around((2, 0), weeks=52)
STANDING_STILL: Final = Every(20)
ARTICLE_DUE: Final = Around((0,), weeks=8)
ADVICE_DUE: Final = Around((2, 0))
"""To the expert, until the day of the answer."""
ADVICE_LATE: Final = Around((), weeks=52)
"""To the coordinator, once the day has passed."""


def window(last_run: date | None, today: date, calendar: Calendar) -> date | None:
    """The day after which reminders are to be made now, up to and with today; None when nothing is to be made: the city does not
    work today, or today's have been made. `last_run`: the last day whose reminders were made."""
    if not calendar.is_working_day(today) or (last_run is not None and last_run >= today):
        return None
    return max(last_run, today - CAUGHT_UP) if last_run is not None else today - ONE_DAY


def due(plan: Plan, calendar: Calendar, since: date, today: date) -> dict[date, str]:
    """The days about which to remind now, each with the name of its reminder.

    One reminder about one day: when several have been missed, the last of them is the one that still says something.
    """
    back, ahead = plan.reach
    found = {}
    for about in _days(since - back, today + ahead):
        if steps := sorted(plan.steps(about, calendar, since, today)):
            found[about] = steps[-1][1]
    return found


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


# absences

_STAND_IN: Final[Mapping[str, tuple[str, ...]]] = {
    "officer": ("officer", "manager"), "manager": ("officer", "manager"), "city_admin": CITY_ROLES, "expert": ("expert",),
    "coordinator": ("coordinator",), "system_admin": ("system_admin",),
}  # fmt: skip


def may_stand_in(role: str, delegate_role: str) -> bool:
    """Whether somebody of `delegate_role` sees and may do what letters to a person of `role` are about."""
    return delegate_role in _STAND_IN[role]


def roles_standing_in(role: str) -> tuple[str, ...]:
    return _STAND_IN[role]


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day of an absence."""

    first: date
    last: date


def check_absence(wanted: Days, others: Iterable[Days], today: date) -> None:
    """Raises Refusal with every reason: an absence is not over, not backwards, at most a year long, and overlaps no other."""
    reasons = []
    if wanted.last < wanted.first:
        reasons.append(Reason("absence_backwards", target="last_day"))
    elif wanted.last < today:
        reasons.append(Reason("absence_over", {"today": today.isoformat()}, target="last_day"))
    elif wanted.last - wanted.first > LONGEST_ABSENCE:
        reasons.append(Reason("absence_long", target="last_day"))
    for other in others:
        if other.first <= wanted.last and wanted.first <= other.last:
            parameters = {"first_on": other.first.isoformat(), "last_on": other.last.isoformat()}
            reasons.append(Reason("absence_overlaps", parameters, target="first_day"))
            break
    if reasons:
        raise Refusal(*reasons)
