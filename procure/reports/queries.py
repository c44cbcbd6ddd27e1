"""Schedules, the reports they made, and what the report for the board counts. Own city only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.domain.permissions import CITY_ROLES, Actor
from procure.domain.reports import ACTIVE, ENDED
from procure.domain.stages import STOPPED
from procure.infra.db import db, will_write
from procure.portfolio.models import PortfolioCase
from procure.reports.models import ReportSchedule, ReportSent
from procure.timetables.models import CasePlan

LARGEST_ID: Final = 2**31 - 1
MOST_SCHEDULES: Final = 100
PAGE_SIZE: Final = 25
MOST_PEOPLE: Final = 1000
DECISIONS: Final = ("award_decision", "result")

# schedules and what they made


def schedules(by: Actor) -> Sequence[ReportSchedule]:
    """Those of the city, the running ones first; none for whoever may not order reports."""
    if not by.may("report.schedule"):
        return []
    statement = (
        select(ReportSchedule)
        .options(joinedload(ReportSchedule.receiver), joinedload(ReportSchedule.made_by))
        .where(ReportSchedule.organisation_id == by.organisation_id)
        .order_by((ReportSchedule.state == ENDED), ReportSchedule.id.desc())
        .limit(MOST_SCHEDULES)
    )
    return list(db.session.scalars(statement))


def schedule_for(by: Actor, schedule_id: int) -> ReportSchedule | None:
    """One of the own city; locked when the caller is going to write."""
    if schedule_id > LARGEST_ID or not by.may("report.schedule"):
        return None
    statement = select(ReportSchedule).where(
        ReportSchedule.id == schedule_id, ReportSchedule.organisation_id == by.organisation_id
    )
    if will_write():
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(statement)


def due(today: date) -> list[int]:
    """The schedules whose day has come, the longest waiting first."""
    statement = select(ReportSchedule.id).where(ReportSchedule.next_on <= today, ReportSchedule.state == ACTIVE)
    return list(db.session.scalars(statement.order_by(ReportSchedule.next_on, ReportSchedule.id)))


def schedule(schedule_id: int) -> ReportSchedule | None:
    """For the worker; locked when it is going to write."""
    statement = select(ReportSchedule).where(ReportSchedule.id == schedule_id)
    if will_write():
        statement = statement.with_for_update()
    return db.session.scalar(statement.execution_options(populate_existing=True))


def made_already(key: str) -> bool:
    return db.session.scalar(select(ReportSent.id).where(ReportSent.key == key)) is not None


def sent_by_key(key: str) -> ReportSent:
    return db.session.scalars(select(ReportSent).where(ReportSent.key == key)).one()


def sent(by: Actor, after: int | None = None) -> tuple[list[ReportSent], bool]:
    """At most 25 reports of the city, the newest first, and whether more follow; behind the number `after`."""
    if not by.may("report.read"):
        return [], False
    statement = select(ReportSent).where(ReportSent.organisation_id == by.organisation_id)
    if after is not None:
        statement = statement.where(ReportSent.id < after)
    rows = list(db.session.scalars(statement.order_by(ReportSent.id.desc()).limit(PAGE_SIZE + 1)))
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def sent_for(by: Actor, report_id: int) -> ReportSent | None:
    if report_id > LARGEST_ID or not by.may("report.read"):
        return None
    return db.session.scalar(
        select(ReportSent).where(ReportSent.id == report_id, ReportSent.organisation_id == by.organisation_id)
    )


def receivers(by: Actor) -> list[tuple[int, str]]:
    """The people of the city who may read its portfolio, by name: number and name."""
    statement = select(Person.id, Person.name).where(
        Person.organisation_id == by.organisation_id, Person.role.in_(CITY_ROLES), Person.active
    )
    return [(number, name) for number, name in db.session.execute(statement.order_by(Person.name, Person.id).limit(MOST_PEOPLE))]


# the report for the board. The worker asks these; they read the rows of one city


@dataclass(frozen=True, slots=True)
class Flow:
    """Cases that came to something in a quarter. `value` and `innovative_value` in euros."""

    cases: int = 0
    value: Decimal = Decimal(0)
    innovative: int = 0
    innovative_value: Decimal = Decimal(0)


def flows(by: Actor, first: date, last: date) -> dict[str, Flow]:
    """What was begun, awarded, contracted and cancelled on the days from the first to the last. Four queries."""
    kept = PortfolioCase
    return {
        "begun": _flow(by, (kept.opened_on.between(first, last),)),
        "awarded": _flow(by, (kept.award_on.between(first, last), kept.state != STOPPED)),
        "contracted": _flow(by, (kept.contract_on.between(first, last), kept.state != STOPPED)),
        "cancelled": _flow(by, (kept.state == STOPPED, Case.stage_entered_on.between(first, last))),
    }


def _flow(by: Actor, conditions: Iterable[ColumnElement[bool]]) -> Flow:
    kept = PortfolioCase
    statement = (
        select(kept.innovative, func.count(), func.sum(kept.value))
        .join(Case, Case.id == kept.case_id)
        .where(kept.city == by.organisation_id, *conditions)
        .group_by(kept.innovative)
    )
    found = {new: (cases, Decimal(value or 0)) for new, cases, value in db.session.execute(statement)}
    nothing = (0, Decimal(0))
    new, other = found.get(True, nothing), found.get(False, nothing)
    return Flow(new[0] + other[0], new[1] + other[1], new[0], new[1])


def days_to_contract(by: Actor, first: date, last: date) -> dict[int, int]:
    """Calendar days from opening to contract -> how many of the contracts made on those days took them."""
    kept = PortfolioCase
    statement = select(kept.opened_on, kept.contract_on).where(
        kept.city == by.organisation_id, kept.contract_on.between(first, last), kept.state != STOPPED
    )
    found: dict[int, int] = {}
    for opened_on, contract_on in db.session.execute(statement):
        if contract_on is not None and contract_on >= opened_on:
            days = (contract_on - opened_on).days
            found[days] = found.get(days, 0) + 1
    return found


def next_dates(by: Actor, first: date, last: date) -> dict[date, int]:
    """First day of a month -> how many open cases have their next date in it."""
    statement = (
        select(Case.sort_date, func.count())
        .where(Case.organisation_id == by.organisation_id, Case.stage != "", Case.sort_date.between(first, last))
        .group_by(Case.sort_date)
    )
    return _by_month((day, number) for day, number in db.session.execute(statement))


def decisions(by: Actor, first: date, last: date) -> dict[date, int]:
    """First day of a month -> how many award decisions the saved timetables of the open cases have in it."""
    statement = (
        select(CasePlan.plan)
        .join(Case, Case.id == CasePlan.case_id)
        .join(PortfolioCase, PortfolioCase.case_id == Case.id)
        .where(Case.organisation_id == by.organisation_id, Case.stage != "", PortfolioCase.award_on.is_(None))
        .execution_options(yield_per=1000)
    )
    days = (_decided_on(plan.get("saved", {})) for plan in db.session.scalars(statement))
    return _by_month((day, 1) for day in days if day is not None and first <= day <= last)


def _decided_on(saved: dict[str, list[str]]) -> date | None:
    stage = next((stage for stage in DECISIONS if stage in saved), "")
    return date.fromisoformat(saved[stage][1]) if stage else None


def _by_month(days: Iterable[tuple[date, int]]) -> dict[date, int]:
    found: dict[date, int] = {}
    for day, number in days:
        month = day.replace(day=1)
        found[month] = found.get(month, 0) + number
    return found


def late(by: Actor, today: date) -> int:
    """How many open cases of the city are past their next date."""
    statement = select(func.count()).where(
        Case.organisation_id == by.organisation_id, Case.stage != "", Case.sort_date < today
    )  # fmt: skip
    return db.session.scalar(statement) or 0
