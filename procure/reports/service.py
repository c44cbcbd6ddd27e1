"""Ordering reports, and making them when their day comes.

A report is made once for its schedule and period, whatever number of workers look; whoever may not read it any more on that day gets
none. A letter tells of it and carries no file: the bytes stay here, behind the sign-in.
"""

import io
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from procure.accounts import queries as accounts
from procure.accounts.models import AccountEvent
from procure.domain import reports as rules
from procure.domain.calendar import Calendar
from procure.domain.notifications import REMINDERS_AT
from procure.domain.outcomes import Reason, Refusal, check_all
from procure.domain.permissions import Actor
from procure.domain.planning.office import Office
from procure.domain.reports import ACTIVE, BOARD, ENDED, MOVES, QUARTERLY, Due, Rule
from procure.infra.clock import FINLAND
from procure.infra.db import add_new, db, let_go, writing
from procure.infra.pdf import PdfFailed
from procure.infra.storage import Storage, StorageFailed, fingerprint
from procure.notifications import service as notifications
from procure.planning.queries import closed_in
from procure.planning.rules import rules_of
from procure.reports import making, queries
from procure.reports.making import File
from procure.reports.models import ReportSchedule, ReportSent

log = logging.getLogger("procure")

MOST_RUNNING: Final = 50
"""Schedules of one city that have not ended."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody orders. `at_once`: the newest period is made without waiting for the next day."""

    name: str
    kind: str
    query: Mapping[str, str]
    language: str
    formats: tuple[str, ...]
    rule: Rule
    receiver_id: int
    at_once: bool = False


# ordering


def add(by: Actor, wish: Wish, today: date, now: datetime) -> ReportSchedule:
    """A new schedule. Raises Refusal `receiver_unfit`, `board_quarterly`, `schedules_many`."""
    accounts.lock_city(by.organisation_id)
    check_all(lambda: _check(by, wish), lambda: _check_many(by))
    calendar = _calendar(by.organisation_id)
    newest = rules.latest(wish.rule, today, calendar).on
    since = newest if wish.at_once else rules.following(wish.rule, today, calendar)
    made = ReportSchedule(
        organisation_id=by.organisation_id, made_by_id=by.id, state=ACTIVE, since=since, next_on=today if wish.at_once else since,
        version=1, **_columns(wish, now),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    _note(by, "report_scheduled", made, now)
    return made


def change(schedule: ReportSchedule, wish: Wish, seen: int, by: Actor, today: date, now: datetime) -> None:
    """The schedule is locked. Periods that fell due by another rule are not made. Raises Refusal as `add`, `schedule_changed`,
    `schedule_ended`."""
    _check_seen(schedule, seen)
    _check(by, wish)
    other_rule = rule_of(schedule) != wish.rule or schedule.kind != wish.kind
    for name, value in _columns(wish, now).items():
        setattr(schedule, name, value)
    schedule.made_by_id, schedule.version = by.id, schedule.version + 1
    if schedule.state == ACTIVE and (other_rule or wish.at_once):
        _run_from_now(schedule, today, at_once=wish.at_once)
    _note(by, "report_changed", schedule, now)
    db.session.flush()


def move(schedule: ReportSchedule, state: str, seen: int, by: Actor, today: date, now: datetime) -> None:
    """Pause it, let it go on, or end it. What fell due while it was paused is not made. Raises Refusal as `change`."""
    if schedule.state == state:
        return
    _check_seen(schedule, seen)
    if state not in MOVES[schedule.state]:
        raise Refusal(Reason("schedule_changed"))
    schedule.state, schedule.version, schedule.changed_at = state, schedule.version + 1, now
    schedule.next_on = None
    if state == ACTIVE:
        _run_from_now(schedule, today)
    _note(by, f"report_{state}", schedule, now)
    db.session.flush()


def rule_of(schedule: ReportSchedule) -> Rule:
    return Rule(schedule.cadence, schedule.weekday)


def _run_from_now(schedule: ReportSchedule, today: date, *, at_once: bool = False) -> None:
    calendar, rule = _calendar(schedule.organisation_id), rule_of(schedule)
    schedule.since = rules.latest(rule, today, calendar).on if at_once else rules.following(rule, today, calendar)
    schedule.next_on = today if at_once else schedule.since


def _columns(wish: Wish, now: datetime) -> dict[str, Any]:
    return {
        "name": wish.name, "kind": wish.kind, "query": dict(wish.query), "language": wish.language, "formats": list(wish.formats),
        "cadence": wish.rule.cadence, "weekday": wish.rule.weekday, "receiver_id": wish.receiver_id, "changed_at": now,
    }  # fmt: skip


def _check(by: Actor, wish: Wish) -> None:
    reasons = []
    if wish.receiver_id not in {number for number, _name in queries.receivers(by)}:
        reasons.append(Reason("receiver_unfit", target="receiver"))
    if wish.kind == BOARD and wish.rule.cadence != QUARTERLY:
        reasons.append(Reason("board_quarterly", target="cadence"))
    if reasons:
        raise Refusal(*reasons)


def _check_many(by: Actor) -> None:
    if sum(1 for schedule in queries.schedules(by) if schedule.state != ENDED) >= MOST_RUNNING:
        raise Refusal(Reason("schedules_many", {"most": str(MOST_RUNNING)}))


def _check_seen(schedule: ReportSchedule, seen: int) -> None:
    if schedule.state == ENDED:
        raise Refusal(Reason("schedule_ended"))
    if schedule.version != seen:
        raise Refusal(Reason("schedule_changed"))


def _note(by: Actor, kind: str, schedule: ReportSchedule, now: datetime) -> None:
    payload = {
        "schedule": str(schedule.id), "name": schedule.name, "kind": schedule.kind, "cadence": schedule.cadence,
        "receiver": str(schedule.receiver_id),
    }  # fmt: skip
    db.session.add(AccountEvent(person_id=by.id, kind=kind, payload=payload, recorded_at=now, recorded_by_id=by.id))


def _calendar(organisation_id: int) -> Calendar:
    return _working_days(closed_in(organisation_id))


@lru_cache(64)
def _working_days(closed: frozenset[date]) -> Calendar:
    return rules_of(Office(closed)).office


# making


def make_due(storage: Storage, now: datetime, stop: Callable[[], bool] = lambda: False) -> tuple[str, str]:
    """Make the reports whose day has come, from six on. What was in the way and its detail, both empty when nothing was. Commits."""
    local = now.astimezone(FINLAND)
    if local.time() < REMINDERS_AT:
        return "", ""
    waiting = queries.due(local.date())
    let_go()
    trouble = "", ""
    for schedule_id in waiting:
        if stop():
            break
        try:
            _make(schedule_id, storage, local.date(), now)
        except StorageFailed as error:
            return "the storage does not take a report", str(error)
        except PdfFailed as error:  # the others are not to wait for this one
            let_go()
            log.warning("report of schedule %s failed: %s", schedule_id, error.reason)
            _put_off(schedule_id, local.date() + timedelta(days=1))
            trouble = "a report could not be made", f"schedule {schedule_id}"
    return trouble


def _make(schedule_id: int, storage: Storage, today: date, now: datetime) -> None:
    """The newest period that is due; those missed before it are caught up by it."""
    schedule = queries.schedule(schedule_id)
    if schedule is None or schedule.state != ACTIVE:
        let_go()
        return
    due, version = rules.latest(rule_of(schedule), today, _calendar(schedule.organisation_id)), schedule.version
    reader = _reader(schedule)
    files: list[File] = []
    if reader is not None and due.on >= schedule.since and not queries.made_already(_key(schedule, due)):
        files = making.files(schedule, due.period, reader, today)
    let_go()  # nobody waits while the files are put away
    kept = {file.format: _put(file, storage) for file in files}
    with writing():
        schedule = queries.schedule(schedule_id)
        if schedule is not None and schedule.state == ACTIVE and schedule.version == version:
            if kept and _reader(schedule) is not None:
                _send(schedule, due, kept, now)
            schedule.next_on = rules.following(rule_of(schedule), today, _calendar(schedule.organisation_id))
        db.session.commit()


def _put_off(schedule_id: int, day: date) -> None:
    """A report that cannot be printed takes a minute each time: it is tried again on the next day, and not at every round."""
    with writing():
        schedule = queries.schedule(schedule_id)
        if schedule is not None and schedule.state == ACTIVE:
            schedule.next_on = day
        db.session.commit()


def _reader(schedule: ReportSchedule) -> Actor | None:
    """The receiver, if they and whoever ordered the report still work for the city and their roles still may."""
    receiver, maker = accounts.actor(schedule.receiver_id), accounts.actor(schedule.made_by_id)
    if receiver is None or maker is None or {receiver.organisation_id, maker.organisation_id} != {schedule.organisation_id}:
        return None
    return receiver if receiver.may("portfolio.read") and maker.may("report.schedule") else None


def _key(schedule: ReportSchedule, due: Due) -> str:
    return f"{schedule.id}:{due.period}"


def _put(file: File, storage: Storage) -> dict[str, Any]:
    stream = io.BytesIO(file.content)
    sha256, size = fingerprint(stream)
    storage.put(stream)
    return {"name": file.name, "sha256": sha256, "size": size}


def _send(schedule: ReportSchedule, due: Due, kept: Mapping[str, Any], now: datetime) -> None:
    """Note the report and tell of it, in one transaction; nothing when another worker has."""
    key = _key(schedule, due)
    row = {
        "key": key, "schedule_id": schedule.id, "organisation_id": schedule.organisation_id, "receiver_id": schedule.receiver_id,
        "receiver": schedule.receiver.name, "name": schedule.name, "kind": schedule.kind, "period": due.period,
        "query": schedule.query, "language": schedule.language, "made_at": now, "files": dict(kept),
    }  # fmt: skip
    if not add_new(ReportSent, [row], "key"):
        return
    number = queries.sent_by_key(key).id
    notifications.tell(
        "report", schedule.receiver, f"report:{key}", "report_ready", f"/reports/sent/{number}", now,
        name=schedule.name, period=making.period_names(due.period), made_by=schedule.made_by.name,
        opens=f"/portfolio?{urlencode(opened_by(schedule.kind, due.period, schedule.query))}",
    )  # fmt: skip


def opened_by(kind: str, period: str, query: Mapping[str, str]) -> dict[str, str]:
    """What to ask of the portfolio to see the same cases: the saved filters, or the quarter."""
    return {"period": period} if kind == BOARD else dict(query)
