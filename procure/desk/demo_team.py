"""What the people of a demo case do together: the team, tasks, notes, ticks, a file and a request for approval."""

from datetime import date, datetime
from typing import BinaryIO, Final, cast

from flask import current_app

from procure.accounts import queries as account_queries
from procure.accounts.models import Person
from procure.approvals import service as approvals
from procure.attachments import service as attachments
from procure.cases import queries as case_queries
from procure.cases.models import Case
from procure.catalogue.demo import Step
from procure.domain import approvals as approval_rules
from procure.domain.permissions import Actor
from procure.gates import service as gates
from procure.infra import sheets
from procure.infra.storage import storage_at
from procure.teams import service as teams
from procure.teams.service import TaskFields

DOES: Final = ("member", "task", "note", "tick", "attach", "approval")


def take(step: Step, case: Case, by: Actor, day: date, at: datetime, due: date) -> None:
    """One step, done and recorded on its day."""
    people = [_person(email) for email in step.who]
    if step.do == "member":
        for person in people:
            teams.add_member(case, person, step.what, by, day, at)
    elif step.do == "task":
        teams.add_task(case, TaskFields(step.what, people[0].id, due, step.stage, step.words.get("note", "")), by, day, at)
    elif step.do == "note":
        teams.write_note(case, step.words["text"], [person.id for person in people], by, day, at)
    elif step.do == "tick":
        gates.tick(case, step.what, gates.visit_of(case), day, step.words["note"], by, day, at)
    elif step.do == "attach":
        _attach(step, case, by, day, at)
    else:
        named = tuple(person.id for person in people)
        wanted = approvals.Wanted(step.what, step.words["text"], approval_rules.ALL, len(named), named, due)
        approvals.ask(case, wanted, case_queries.facts_of(case_queries.answers_of(case)), by, day, at)


def _person(email: str) -> Person:
    person = account_queries.person_by_email(email)
    assert person is not None, email  # the catalogue's people have just been loaded
    return person


def _attach(step: Step, case: Case, by: Actor, day: date, at: datetime) -> None:
    """A workbook of the lines of its text: question and answer, apart by a bar."""
    lines = [line.split("|") for line in step.words["text"].splitlines()]
    file = sheets.xlsx(step.what[:31], lines[0], lines[1:], [60] * len(lines[0]))
    storage = storage_at(current_app.config["SETTINGS"].storage_url)
    with file:
        arrived = attachments.receive(cast(BinaryIO, file), f"{step.what}.xlsx", storage, None)
    attachments.add(case, step.what, "", arrived, by, day, at)
