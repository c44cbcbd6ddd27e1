"""Letters about the team's work: the case's reference, what happened and a link. Nothing of the case itself stands in them.

Each person chooses whether they come at once, in a digest or not at all.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.domain.permissions import Actor
from procure.notifications.service import tell
from procure.teams.models import Note, Task


def added(case: Case, person: Person, by: Actor, now: datetime) -> None:
    """To somebody who is in the team now."""
    if person.id != by.id:
        _put("team", f"{case.id}:{case.last_sequence}", "team_added", person, now, case, by=by.name)


def handed_over(case: Case, old: Person, new: Person, from_day: date, by: Actor, now: datetime) -> None:
    """To who was responsible and to who is."""
    for person in (old, new):
        values = {"old": old.name, "new": new.name, "from_day": from_day, "by": by.name}
        _put("team", f"{case.id}:{case.last_sequence}", "team_handed_over", person, now, case, **values)


def handed_over_many(
    cases: int, last: Case, old: Person, new: Person, from_day: date, by: Actor, now: datetime
) -> None:  # fmt: skip
    """One letter to each of them about all the cases. `last`: one of them, which names the act."""
    for person in (old, new):
        values = {"old": old.name, "new": new.name, "from_day": from_day, "by": by.name, "cases": cases}
        _put("team", f"many:{last.id}:{last.last_sequence}", "team_handed_over_many", person, now, None, **values)


def task_given(case: Case, task: Task, person: Person, by: Actor, now: datetime) -> None:
    """To who has to do it, unless they gave it to themselves."""
    if person.id != by.id:
        _put("task", f"task:{case.id}:{case.last_sequence}", "team_task", person, now, case, due_on=task.due_on, by=by.name)


def mentioned(case: Case, note: Note, people: Sequence[Person], by: Actor, now: datetime) -> None:
    """To those to whom a note speaks."""
    for person in people:
        if person.id != by.id:
            values = {"by": by.name, "number": note.number}
            _put("mention", f"note:{case.id}:{note.number}", "team_note", person, now, case, **values)


def _put(kind: str, act: str, template: str, person: Person, now: datetime, case: Case | None, **values: Any) -> None:
    reference = case.reference if case else ""
    path = f"/cases/{reference}/team" if case else "/work"
    tell(kind, person, f"team:{act}", template, path, now, reference=reference, **values)
