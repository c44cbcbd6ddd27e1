"""Reminders and digests as the worker makes them: what is due, once, also after nights that were missed."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from procure.accounts.models import Person
from procure.cases.models import Case, CaseDeadline
from procure.desk import reminding
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.notifications.models import Notice
from tests.teams.builders import add_member

People = dict[str, Person]
MONDAY = date(2027, 3, 1)
FAR = date(9999, 12, 31)


def at(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), FINLAND)


def make(day: date, hour: int = 8) -> None:
    reminding.make_due(at(day, hour), lambda: False)
    db.session.expire_all()


def days_later(count: int) -> date:
    return MONDAY + timedelta(days=count)


@pytest.fixture
def quiet(app: Flask, case: Case) -> Case:
    """A case about which there is nothing to remind of but what a test adds."""
    db.session.execute(update(Case).values(sort_date=FAR, next_date=None, last_event_on=None))
    db.session.commit()
    return case


def notices() -> list[tuple[str, int, str]]:
    """(template, person, cadence) of everything that was put down for a digest, in order."""
    return [(n.template, n.person_id, n.cadence) for n in db.session.scalars(select(Notice).order_by(Notice.id))]


def letters() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def add_deadline(case: Case, last_day: date) -> CaseDeadline:
    deadline = CaseDeadline(
        case_id=case.id, sequence=1, stage="contract", rule="award_notice", edition=date(2017, 1, 1), citation="1397/2016 58 §",
        event_on=last_day - timedelta(days=30), sent_by="", counted_from=last_day - timedelta(days=30), last_day=last_day,
        rolled_last_day=last_day, safe_from=None, evidence="", set_aside_by=None, met_on=None,
    )  # fmt: skip
    db.session.add(deadline)
    db.session.commit()
    return deadline


def test_a_period_of_the_law_is_told_to_the_responsible_and_the_substitutes(quiet: Case, people: People) -> None:
    add_member(quiet, people["officer"], people["officer2"], "substitute")
    add_member(quiet, people["officer"], people["admin"])
    db.session.execute(update(Case).values(last_event_on=None))
    add_deadline(quiet, days_later(7))
    make(MONDAY, 6)

    assert [(template, person) for template, person, _ in notices()] == [
        ("remind_deadline", people["officer"].id), ("remind_deadline", people["officer2"].id),
    ]  # fmt: skip
