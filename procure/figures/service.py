"""Keeping the figures: counting again what has changed since they were last counted, and everything once a day.

What is read is read before anything is written, so that nobody waits for a count. A count that comes too late heals itself: it
writes down the last row it knew of, and the next one sees that there are newer ones.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert

from procure.catalogue.calendar import finnish
from procure.domain import figures
from procure.domain.figures import Deed
from procure.domain.language import Trilingual
from procure.figures import queries
from procure.figures.models import FigureTotal
from procure.infra.clock import FINLAND
from procure.infra.db import db, writing

EVERY: Final = timedelta(minutes=1)
"""Changes are counted at most this often."""
SAID_AGAIN: Final = timedelta(minutes=5)
"""After that long without a change it is written down that the figures still hold."""
MANY_MONTHS: Final = 24
"""When more months than this have changed, all of them are counted."""


@dataclass(frozen=True, slots=True)
class Source:
    """Deeds that another part of the service knows of: which articles helped instead of a request.

    `deeds(first, after)`: those from the first day on and before the day `after`; `last()`: the newest row; `touched(row)`: the days
    of the deeds after that row; `names(ids)`: what they are called.
    """

    deeds: Callable[[date, date], Iterable[Deed]]
    last: Callable[[], int]
    touched: Callable[[int], Iterable[date]]
    names: Callable[[Iterable[int]], dict[int, Trilingual]]


SOURCES: Final[dict[str, Source]] = {}
"""Name of a group of deeds (domain.figures.GROUPS) -> who knows of them. Filled at start-up."""


def keep_up(now: datetime, stop: Callable[[], bool]) -> None:
    """Count what has changed; the worker's turn. Most rounds end after one or two small questions. Commits."""
    run = queries.run()
    checked_at, changed_at, whole_on, marks = run.checked_at, run.changed_at, run.whole_on, run.marks
    today = now.astimezone(FINLAND).date()
    if whole_on == today and checked_at and now - checked_at < EVERY:
        db.session.rollback()
        return
    last = _last_rows()
    if whole_on != today or changed_at is None:
        count_all(now, stop)
    elif last != marks:
        months = _months_touched(marks)
        db.session.rollback()
        if len(months) > MANY_MONTHS:
            count_all(now, stop)
        else:
            _count_months(sorted(months), last, now)
    else:
        db.session.rollback()
        if checked_at is None or now - checked_at >= SAID_AGAIN:
            _note(now, last)


def count_all(now: datetime, stop: Callable[[], bool] = lambda: False) -> None:
    """Make every figure again, a year at a time. Commits; when it is broken off it begins anew another time."""
    last, since = _last_rows(), queries.first_month()
    db.session.rollback()
    today = now.astimezone(FINLAND).date()
    end = figures.next_month(today)
    _write(date.min, since or end, [])  # what has gone, should anything have
    _write(end, date.max, [])
    first = since
    while first is not None and first < end:
        if stop():
            return
        after = min(date(first.year + 1, 1, 1), end)
        _write(first, after, _rows(first, after))
        first = after
    _note(now, last, since=since, whole_on=today, changed_at=now)


def _count_months(months: list[date], last: dict[str, int], now: datetime) -> None:
    for month in months:
        after = figures.next_month(month)
        _write(month, after, _rows(month, after))
    _note(now, last, changed_at=now, earliest=months[0] if months else None)


def _rows(first: date, after: date) -> list[dict[str, Any]]:
    """The counts of those months as rows of the table."""
    deeds = [*queries.deeds_between(first, after)]
    for source in SOURCES.values():
        deeds += source.deeds(first, after)
    found = figures.totals(queries.facts_between(first, after), deeds, finnish())
    db.session.rollback()
    return [
        {
            "city": key.city, "topic": key.topic, "month": key.month, "running": sum(tally.get("open", {}).values()),
            "tally": tally,
        }
        for key, tally in found.items()
    ]  # fmt: skip


def _write(first: date, after: date, rows: list[dict[str, Any]]) -> None:
    """Put the rows in the place of those of the same months; one at a time, should more than one worker count."""
    with writing():
        queries.run()
        db.session.execute(delete(FigureTotal).where(FigureTotal.month >= first, FigureTotal.month < after))
        if rows:
            db.session.execute(insert(FigureTotal), rows)
        db.session.commit()


def _note(now: datetime, last: dict[str, int], *, earliest: date | None = None, **changes: Any) -> None:
    with writing():
        run = queries.run()
        run.checked_at, run.marks = now, last
        for name, value in changes.items():
            setattr(run, name, value)
        if earliest is not None:
            run.since = min(run.since or earliest, earliest)
        db.session.commit()


def _last_rows() -> dict[str, int]:
    return queries.last_rows() | {name: source.last() for name, source in SOURCES.items()}


def _months_touched(marks: dict[str, int]) -> set[date]:
    days = [day for name, source in SOURCES.items() for day in source.touched(marks.get(name, 0))]
    return queries.months_touched(marks) | {figures.month_of(day) for day in days}


def article_names(ids: Iterable[int]) -> dict[int, Trilingual]:
    """What the articles of the counts are called; empty while nobody tells of articles."""
    source, wanted = SOURCES.get("article"), list(ids)
    return source.names(wanted) if source and wanted else {}
