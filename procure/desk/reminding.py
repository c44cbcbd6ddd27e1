"""What the worker makes by itself: reminders on each city's working days from six on, and at seven the digests.

Both catch up after nights that were missed, both may be broken off and begun anew, and more than one worker makes each once.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from procure.desk.due import SOURCES as CASE_SOURCES
from procure.desk.due import START, Found, Source
from procure.desk.support_due import SOURCES as SUPPORT_SOURCES
from procure.domain import notifications as rules
from procure.domain.calendar import Calendar
from procure.domain.notifications import DIGESTS_AT, REMINDERS_AT
from procure.domain.planning.office import Office
from procure.infra.clock import FINLAND
from procure.infra.db import db, writing
from procure.notifications import queries, service
from procure.notifications.mail import News
from procure.planning.queries import closed_days
from procure.planning.rules import rules_of

__all__ = ["SOURCES", "Late", "late", "make_due"]

SOURCES: Final[list[Source]] = [*CASE_SOURCES, *SUPPORT_SOURCES]
BATCH: Final = 200
"""Things to remind of that are told in one transaction."""
LATE_AFTER: Final = timedelta(days=1)

Stop = Callable[[], bool]


def make_due(now: datetime, stop: Stop) -> None:
    """Make the reminders that are due, then write the digests that are. Most rounds end after one or two small questions."""
    local = now.astimezone(FINLAND)
    done = _remind_cities(local, stop) if local.time() >= REMINDERS_AT else True
    if done and not stop():
        _send_digests(local, stop)


# reminders


def _remind_cities(local: datetime, stop: Stop) -> bool:
    """Whether no city's reminders of today are still to be made: only then a digest holds them all."""
    today = local.date()
    waiting = [run for run in queries.city_runs(today) if not run.done]
    calendars = _calendars() if waiting else {}
    db.session.rollback()
    complete = True
    for run in waiting:
        calendar = calendars.get(run.id, _calendar(frozenset()))
        since = rules.window(run.last_run, today, calendar)
        if since is None or stop():
            complete &= since is None
            continue
        if run.claimed_at is not None and run.claimed_at > local - service.LEASE:
            complete = False  # another worker is at it
            continue
        with writing():
            mine = service.claim_run(run.id, today, local.astimezone(UTC))
            db.session.commit()
        complete &= mine and _remind(run.id, calendar, since, local, stop)
    return complete


def _remind(city: int, calendar: Calendar, since: date, local: datetime, stop: Stop) -> bool:
    """Every source's reminders of the days after `since`; whether all were made."""
    for source in SOURCES:
        names = _due_days(source.plan, calendar, since, local.date())
        place = START
        while names and not stop():
            batch = source.read(city, names, place, BATCH)
            db.session.rollback()  # what is being made now holds up nobody who writes
            if not batch:
                break
            with writing():
                _tell(source, batch, names, local)
                db.session.commit()
            place = (batch[-1].about, batch[-1].id)
    if stop():
        return False
    with writing():
        service.end_run(city, local.date(), local.astimezone(UTC))
        db.session.commit()
    return True


def _tell(source: Source, batch: Sequence[Found], names: dict[date, str], local: datetime) -> None:
    people = queries.people_by_id({person for found in batch for person in found.people})
    morning = datetime.combine(local.date(), REMINDERS_AT, FINLAND).astimezone(UTC)
    news = [
        News(
            source.kind, people[person], f"remind:{source.what}:{found.id}:{found.about.isoformat()}:{names[found.about]}",
            source.template, found.path, {"on": found.about, "passed": found.about < local.date(), **found.values}, morning,
        )
        for found in batch
        for person in dict.fromkeys(found.people)
        if person in people
    ]  # fmt: skip
    service.tell_all(news, local.astimezone(UTC))


@lru_cache(64)
def _due_days(plan: rules.Plan, calendar: Calendar, since: date, today: date) -> dict[date, str]:
    """Kept: most cities have the same working days."""
    return rules.due(plan, calendar, since, today)


# digests


def _send_digests(local: datetime, stop: Stop) -> None:
    waiting = queries.waiting_organisations(_latest(local))
    calendars = _calendars() if waiting else {}
    db.session.rollback()
    for organisation, cadence, oldest in waiting:
        day = rules.digest_day(cadence, local, calendars.get(organisation, _calendar(frozenset())))
        if oldest >= _at_seven(day):
            continue
        after: int | None = 0
        while after is not None and not stop():
            with writing():
                after = service.send_digests(organisation, cadence, day, local.astimezone(UTC), after)
                db.session.commit()
    if waiting and not stop():
        with writing():
            service.forget_old(local.astimezone(UTC))
            db.session.commit()


def _latest(local: datetime) -> datetime:
    """The last seven o'clock: what has happened since waits in any case."""
    return _at_seven(local.date() if local.time() >= DIGESTS_AT else local.date() - rules.ONE_DAY)


def _at_seven(day: date) -> datetime:
    return datetime.combine(day, DIGESTS_AT, FINLAND)


def _calendars() -> dict[int, Calendar]:
    """Organisation -> its working days, where it has closing days of its own."""
    return {organisation: _calendar(days) for organisation, days in closed_days().items()}


def _calendar(closed: frozenset[date]) -> Calendar:
    return rules_of(Office(closed)).office


# for `procure doctor`


class Late(Exception):
    """Reminders or digests are overdue by more than a day; the text says which."""


def late(now: datetime) -> str:
    """How reminders and digests stand, in one line. Raises Late."""
    local = now.astimezone(FINLAND) - LATE_AFTER
    calendars, national = _calendars(), _calendar(frozenset())
    runs = [(run.id, run.last_run) for run in queries.city_runs(local.date()) if run.last_run is not None]
    made = [day for _city, day in runs]
    behind = [day for city, day in runs if day < _last_working(local, calendars.get(city, national))]
    if behind:
        raise Late(f"reminders were last made on {min(behind).isoformat()}: does procure worker run?")
    for organisation, cadence, oldest in queries.waiting_organisations(_latest(local)):
        day = rules.digest_day(cadence, local, calendars.get(organisation, national))
        if oldest < _at_seven(day):
            raise Late(f"the {cadence} digests of {day.isoformat()} have not been written: does procure worker run?")
    return f"reminders last made on {max(made).isoformat()}" if made else "no reminders have been made yet"


def _last_working(local: datetime, calendar: Calendar) -> date:
    return calendar.on_or_before(local.date() if local.time() >= REMINDERS_AT else local.date() - rules.ONE_DAY)
