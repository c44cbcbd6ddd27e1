"""Working days. Which days are public holidays is asked of the caller: this package knows the standard library only.

Two calendars are in use. Periods of the law roll on the national one (5 § of Act 150/1930, 129 § 1 mom of Act 1397/2016); the
city's own work also waits for the city's closing days, which no period of law knows.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Final

ONE_DAY: Final = timedelta(days=1)
SATURDAY: Final = 5


class OutOfCalendar(ValueError):
    """A date in a year whose holidays are not known, so that nothing may be counted there. The text is English, one line."""


class Calendar:
    """Working days: Monday to Friday, without the days off.

    `days_off_in(year)` gives the days off of a year and raises OutOfCalendar for one that it does not know. Every method may
    raise OutOfCalendar.
    """

    def __init__(self, days_off_in: Callable[[int], frozenset[date]], closed: Iterable[date] = ()) -> None:
        self._days_off_in = days_off_in
        self._closed = frozenset(closed)
        self._days: list[date] = []
        """The working days of the years looked at so far, in order and without a gap."""
        self._first = self._last = 0
        """The first and the last of those years; 0 before any."""

    def with_closed(self, days: Iterable[date]) -> "Calendar":
        """This calendar with further days off: a city's closing days."""
        return Calendar(self._days_off_in, self._closed | frozenset(days))

    def is_working_day(self, day: date) -> bool:
        return self.on_or_after(day) == day

    def on_or_after(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        return self._at(day, bisect_left, 0)

    def on_or_before(self, day: date) -> date:
        """The day itself when it is a working day, else the one before."""
        return self._at(day, bisect_right, -1)

    def after(self, day: date, working_days: int = 1) -> date:
        """The `working_days`-th working day after the day; the day itself when that is 0."""
        return self._at(day, bisect_right, working_days - 1) if working_days else day

    def stretch(self, day: date, working_days: int) -> tuple[date, date]:
        """The first and the last of that many working days (at least one) after the day."""
        first = bisect_right(self._days, day)
        last = first + working_days - 1
        if first and last < len(self._days):  # the years around are known: one look is enough
            return self._days[first], self._days[last]
        return self.after(day), self.after(day, working_days)

    def before(self, day: date, working_days: int = 1) -> date:
        """The `working_days`-th working day before the day; the day itself when that is 0."""
        return self._at(day, bisect_left, -working_days) if working_days else day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days there are after `first` up to and with `last`; negative when `last` is the earlier one."""
        self._know(first.year)
        self._know(last.year)
        return bisect_right(self._days, last) - bisect_right(self._days, first)

    def _at(self, day: date, search: Callable[[list[date], date], int], further: int) -> date:
        """The working day `further` places from where the day stands among them."""
        if not self._first <= day.year <= self._last:
            self._know(day.year)
        position = search(self._days, day) + further
        while position < 0 or position >= len(self._days):
            self._know(self._last + 1 if position >= 0 else self._first - 1)
            position = search(self._days, day) + further
        return self._days[position]

    def _know(self, year: int) -> None:
        """Look at every year from those known up to this one. Raises OutOfCalendar for a year whose holidays are not known."""
        if not self._first:
            self._days, self._first, self._last = self._of(year), year, year
        while year > self._last:
            self._days = self._days + self._of(self._last + 1)
            self._last += 1
        while year < self._first:
            self._days = self._of(self._first - 1) + self._days
            self._first -= 1

    def _of(self, year: int) -> list[date]:
        days_off = self._days_off_in(year) | self._closed
        first = date(year, 1, 1)
        days = (first + timedelta(days=number) for number in range((date(year, 12, 31) - first).days + 1))
        return [day for day in days if day.weekday() < SATURDAY and day not in days_off]


def moved(day: date, days: int) -> date:
    """The day that many calendar days later. Raises OutOfCalendar where no date exists."""
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise OutOfCalendar(f"no date lies {days} days from {day.isoformat()}") from error


def moved_by_months(day: date, months: int) -> date:
    """The corresponding day that many months later, or the last day of the month that has none (3 § of Act 150/1930)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    try:
        first_of_next = date(year + month // 12, month % 12 + 1, 1)
        last = (first_of_next - ONE_DAY).day
        return date(year, month, min(day.day, last))
    except (ValueError, OverflowError) as error:
        raise OutOfCalendar(f"no date lies {months} months from {day.isoformat()}") from error
