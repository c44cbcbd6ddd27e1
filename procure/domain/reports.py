"""Reports on a schedule: for which periods, and on which working day, one is due. Days are Finnish dates; today comes in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from procure.domain.calendar import ONE_DAY, Calendar
from procure.domain.figures import month_of, next_month
from procure.domain.portfolio import quarter, quarter_name

WEEKLY, MONTHLY, QUARTERLY = "weekly", "monthly", "quarterly"
CADENCES: Final = (MONTHLY, QUARTERLY, WEEKLY)

PORTFOLIO, BOARD = "portfolio", "board"
KINDS: Final = (PORTFOLIO, BOARD)
"""The portfolio with saved filters, or the quarterly report for the board, which is of whole quarters only."""

PDF, XLSX = "pdf", "xlsx"
FORMATS: Final = (PDF, XLSX)

ACTIVE, PAUSED, ENDED = "active", "paused", "ended"
MOVES: Final[Mapping[str, tuple[str, ...]]] = {ACTIVE: (PAUSED, ENDED), PAUSED: (ACTIVE, ENDED), ENDED: ()}
"""State of a schedule -> what may become of it. One that has ended stays so."""

ONE_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rule:
    """When a report is made. `weekday`: 0 Monday to 4 Friday, of the weekly one only."""

    cadence: str
    weekday: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """One making of a report: `period` names it ("2026-11", "2026-q3", "2026-w48"), `on` is its working day."""

    period: str
    on: date


def latest(rule: Rule, today: date, calendar: Calendar) -> Due:
    """The newest making that has fallen due: whatever was missed before is caught up by this one. Raises OutOfCalendar."""
    start = _start(rule, today)
    found = _due(rule, start, calendar)
    while found.on > today:
        start = _start(rule, start - ONE_DAY)
        found = _due(rule, start, calendar)
    return found


def following(rule: Rule, today: date, calendar: Calendar) -> date:
    """The day after today on which the next one falls due. Raises OutOfCalendar."""
    start = _start(rule, _start(rule, today) - ONE_DAY)  # the last one may have been put off until after today
    while (found := _due(rule, start, calendar)).on <= today:
        start = _after(rule, start)
    return found.on


def _start(rule: Rule, day: date) -> date:
    """The first day of the week, month or quarter in which the day lies."""
    if rule.cadence == WEEKLY:
        return day - ONE_DAY * day.weekday()
    if rule.cadence == MONTHLY:
        return month_of(day)
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _after(rule: Rule, start: date) -> date:
    if rule.cadence == WEEKLY:
        return start + ONE_WEEK
    return next_month(start) if rule.cadence == MONTHLY else next_month(next_month(next_month(start)))


def _due(rule: Rule, start: date, calendar: Calendar) -> Due:
    if rule.cadence == WEEKLY:
        wanted = start + ONE_DAY * rule.weekday
        year, week, _day = wanted.isocalendar()
        return Due(f"{year}-w{week:02}", calendar.on_or_after(wanted))
    if rule.cadence == MONTHLY:
        return Due(f"{start:%Y-%m}", calendar.on_or_after(start))
    return Due(quarter_name(start - ONE_DAY), calendar.on_or_after(start))


@dataclass(frozen=True, slots=True)
class Quarters:
    """The quarter that is reported, those it is held against, and the one ahead; each the first and the last day."""

    present: tuple[date, date]
    before: tuple[date, date]
    year_before: tuple[date, date]
    ahead: tuple[date, date]


def quarters(name: str) -> Quarters:
    """Of a quarter as "2026-q3". Raises ValueError for anything else."""
    present = quarter(name)
    if present is None:
        raise ValueError(name)
    first, last = present
    return Quarters(
        present, _quarter_of(first - ONE_DAY), _quarter_of(date(first.year - 1, first.month, 1)), _quarter_of(last + ONE_DAY)
    )  # fmt: skip


def _quarter_of(day: date) -> tuple[date, date]:
    found = quarter(quarter_name(day))
    assert found is not None  # made from a day
    return found
