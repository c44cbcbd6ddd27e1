"""Calendars to subscribe to: who has one, and which days it tells. The address is the secret; only its hash is kept."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from procure.accounts.service import digest
from procure.cases import queries as case_queries
from procure.cases import service as case_service
from procure.cases.models import Case
from procure.catalogue import deadlines as catalogue
from procure.catalogue import wording
from procure.communications import queries as communications
from procure.communications.models import CommunicationItem
from procure.domain.after_events import STANDSTILLS
from procure.domain.calendar import Calendar
from procure.domain.language import Trilingual
from procure.domain.outcomes import Refusal
from procure.domain.permissions import Actor
from procure.domain.planning.office import Office
from procure.domain.planning.plan import AFTERWARDS, CURRENT, DONE, SKIPPED, Line, Plan
from procure.domain.stages import CANCELLED, STOPPED
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.planning import queries as planning
from procure.planning.rules import rules_of
from procure.timetables import queries, service
from procure.timetables.models import CalendarFeed
from procure.timetables.queries import Facts, Feed, Kept

TOKEN_LETTERS: Final = 43
"""32 random bytes as they are written in an address."""
KEPT_DAYS: Final = 31
"""For so long after it a day stays in the calendar of all own cases; the calendar of one case keeps them all."""

HAPPENED, BY_LAW, EXPECTED, WANTED, TELLING = "happened", "by_law", "expected", "wanted", "telling"
SAID_BY: Final = dict.fromkeys(STANDSTILLS, "standstill") | {
    "additional_info": "questions", "additional_info_accelerated": "questions",
}  # fmt: skip
"""A period that has begun -> the stage of the plan that ends on the same day, and is then not told twice."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a case. `key` names it as long as the case lives, whatever day it moves to; `kind`: the stage HAPPENED to end then,
    is EXPECTED to, a period of law ends (BY_LAW), the contract is needed (WANTED), or something is to be told in public (TELLING).
    `least`: the calendar days that law sets. `page`: of the case, where the day is told."""

    key: str
    on: date
    name: Trilingual
    kind: str
    citation: str = ""
    least: int | None = None
    page: str = "timetable"


@dataclass(frozen=True, slots=True)
class CaseDays:
    """`changed_at`: when any of the days was last told anew."""

    reference: str
    titles: Trilingual
    changed_at: datetime
    days: tuple[Day, ...]


def make_address(by: Actor, case: Case | None, now: datetime) -> str:
    """The secret of a new address of the person's calendar of the case, or (None) of all own cases. An address made before is dead."""
    token = secrets.token_urlsafe(32)
    row = queries.feed_row(by, case)
    if row is None:
        try:
            with db.session.begin_nested():
                row = CalendarFeed(
                    token_hash=digest(token), person_id=by.id, case_id=case.id if case else None, created_at=now, renewed_at=now
                )
                db.session.add(row)
        except IntegrityError:
            row = queries.feed_row(by, case)  # made by another click meanwhile: the later one renews it
    assert row is not None
    row.token_hash, row.renewed_at = digest(token), now
    db.session.flush()
    return token


def switch_off(by: Actor, case: Case | None) -> None:
    """Nothing can be read at the address any more."""
    ours = CalendarFeed.case_id == case.id if case else CalendarFeed.case_id.is_(None)
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.person_id == by.id, ours))


def feed_at(token: str) -> Feed | None:
    """The calendar at that address; None for every other text."""
    return queries.feed_by_hash(digest(token)) if len(token) == TOKEN_LETTERS else None


def read_feed(feed: Feed, today: date) -> list[CaseDays] | None:
    """The days of the calendar's cases; None when its one case may no longer be read. Nine queries at most, with `feed_at`."""
    cases = queries.cases_of(feed)
    if not cases:
        return None if feed.case_id is not None else []
    office, facts = planning.office_of(cases[0].organisation_id), queries.facts_of(cases)
    since = date.min if feed.case_id is not None else today - timedelta(days=KEPT_DAYS)
    told = communications.items_by_case([case.id for case in cases])
    return [_case_days(case, office, facts, told.get(case.id, ()), since, today) for case in cases]


def _case_days(
    case: Case, office: Office, facts: Facts, told: Sequence[CommunicationItem], since: date, today: date
) -> CaseDays:  # fmt: skip
    plan = _plan(case, office, facts, today)
    planned = _days(plan, facts.deadlines[case.id]) if plan else _of_law(facts.deadlines[case.id])
    found = chain(planned, _to_tell(told))
    changed_at = facts.changed_at[case.id].replace(microsecond=0)
    if case.state == STOPPED:  # nothing of it is ahead any more
        return CaseDays(case.reference, case.titles, changed_at, _over(found, facts.events[case.id], since))
    if plan and _held_up(plan, rules_of(office).office, today):
        changed_at = max(changed_at, datetime.combine(today, time(), FINLAND))
    return CaseDays(case.reference, case.titles, changed_at, tuple(day for day in found if day.on >= since))


def _over(days: Iterable[Day], events: Sequence[Any], since: date) -> tuple[Day, ...]:
    """What had been done before the procurement was cancelled; the stage in which that happened was not."""
    stopped_in = next((event.payload["at"] for event in reversed(events) if event.kind == CANCELLED), "")
    return tuple(day for day in days if day.kind == HAPPENED and day.on >= since and day.key != stopped_in)


def _to_tell(told: Sequence[CommunicationItem]) -> Iterator[Day]:
    for item in told:
        on, name = item.published_on or item.planned_on, Trilingual(item.title, item.title, item.title)
        kind = HAPPENED if item.published_on else TELLING
        yield Day(f"communication.{item.number}", on, name, kind, page=f"communications/{item.number}")


def _plan(case: Case, office: Office, facts: Facts, today: date) -> Plan | None:
    answers = case_queries.facts_of(facts.answers[case.id])
    progress = case_service.progress_of(case, facts.events[case.id])
    found = office, facts.kept.get(case.id, Kept())
    try:
        return service.plan_of(service.basis_of(case, answers, progress, today, found), today)
    except Refusal:
        return None


def _held_up(plan: Plan, office: Calendar, today: date) -> bool:
    """Whether the present stage waits for today, so that its day and those after it move overnight without anybody's doing."""
    return any(line.state == CURRENT and office.on_or_after(today) in line.days for line in plan.lines)


def _days(plan: Plan, deadlines: Sequence[Any]) -> Iterator[Day]:
    told = {SAID_BY[row.rule] for row in deadlines if row.rule in SAID_BY}
    for line in plan.lines:
        ahead = line.open and line.stage.id in AFTERWARDS
        if line.state != SKIPPED and not ahead and not (line.open and line.stage.id in told):
            yield _of_line(line, plan)
    yield from _of_law(deadlines)
    if plan.choices.needed_by is not None and (plan.contract is None or plan.contract.open):
        yield Day("needed", plan.choices.needed_by, wording.catalogue().phrases["q_contract_needed_by"].text, WANTED)


def _of_line(line: Line, plan: Plan) -> Day:
    on = plan.contract_on if line is plan.contract else line.last
    assert on is not None
    kind = HAPPENED if line.state == DONE else EXPECTED
    return Day(line.stage.id, on, line.stage.name, kind, line.citation, line.min_days)


def _of_law(deadlines: Sequence[Any]) -> Iterator[Day]:
    for row in deadlines:
        rule = catalogue.catalogue().of(row.rule, row.edition)
        yield Day(f"{row.rule}.{row.sequence}", row.rolled_last_day, rule.name, BY_LAW, row.citation)
