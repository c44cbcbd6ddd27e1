"""Teams, tasks and notes as the tests need them, made by the services themselves."""

from datetime import date, timedelta
from typing import Any

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from procure.teams import service
from procure.teams.models import Note, Task
from procure.teams.service import HandOver, TaskFields
from tests import factories


def locked(case: Case, person: Person) -> Case:
    found = cases.case_to_change(factories.actor_of(person), case.reference)
    assert found is not None
    return found


def add_member(case: Case, by: Person, person: Person, part: str = "member") -> None:
    service.add_member(locked(case, by), person, part, factories.actor_of(by), clock.today(), clock.now())
    db.session.commit()


def task_fields(owner: Person, **changes: Any) -> TaskFields:
    values = {"title": "Ask three suppliers", "due_on": clock.today() + timedelta(days=7), "stage": "", "note": ""} | changes
    return TaskFields(owner=owner.id, **values)


def add_task(case: Case, by: Person, owner: Person, **changes: Any) -> Task:
    """A task of `owner`, who is in the team; due in a week unless `changes` say otherwise."""
    wanted = task_fields(owner, **changes)
    task = service.add_task(locked(case, by), wanted, factories.actor_of(by), clock.today(), clock.now())
    db.session.commit()
    return task


def write_note(case: Case, by: Person, text: str, *to: Person) -> Note:
    mentions = [person.id for person in to]
    note = service.write_note(locked(case, by), text, mentions, factories.actor_of(by), clock.today(), clock.now())
    db.session.commit()
    return note


def wanted(
    to: Person, from_day: date | None = None, reason: str = "Leave", with_tasks: bool = True, stays: bool = True
) -> HandOver:
    return HandOver(to, from_day or clock.today(), reason, with_tasks, stays)


def hand_over(case: Case, by: Person, to: Person, **changes: Any) -> None:
    service.hand_over(locked(case, by), wanted(to, **changes), factories.actor_of(by), clock.today(), clock.now())
    db.session.commit()
