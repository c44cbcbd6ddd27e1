"""What can be done with a case's team, tasks and notes. Each act is one event in the case's log, in the transaction of the act.

The case comes from `cases.queries.case_to_change`, which locks it: of two people, the second acts on what the first has left behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from procure.accounts.models import Person
from procure.cases.models import Case, CaseMember
from procure.cases.service import procedure_of, record
from procure.domain import team
from procure.domain.outcomes import Reason, Refusal, check_all
from procure.domain.permissions import Actor
from procure.infra.db import db
from procure.teams import mail, queries
from procure.teams.models import Note, NoteMention, Task
from procure.teams.queries import Member

MEMBER_ADDED: Final = "member_added"
MEMBER_REMOVED: Final = "member_removed"
HANDED_OVER: Final = "handed_over"
TASK_ADDED: Final = "task_added"
TASK_CHANGED: Final = "task_changed"
TASK_DONE: Final = "task_done"
NOTE_WRITTEN: Final = "note_written"
BATCH: Final = 200
"""Cases that are handed over with one look at the database."""


class Overtaken(Refusal):
    """Somebody else has changed the task meanwhile: both are shown, nothing is overwritten."""


# members


def add_member(case: Case, person: Person, part: str, by: Actor, today: date, now: datetime) -> None:
    """Give somebody of the case's city a part in its team, in place of the one they had. Raises Refusal."""
    if person.organisation_id != case.organisation_id or not person.active:
        raise Refusal(Reason("person_not_of_city", target="person"))
    team.check_part(part, person.role, person.id == case.responsible_id)
    before = next(iter(queries.open_parts([case.id], [person.id])), None)
    if before is not None and before.part == part:
        return
    payload = {**_person(person), "part": part}
    if before is not None:
        payload["part_before"] = before.part
        _end(before, today)
        db.session.flush()  # one part at a time, also for the database
    moved = _to_the_responsible(case, person, by) if part == team.GUEST else []
    db.session.add(CaseMember(case_id=case.id, person_id=person.id, part=part, since=today))
    record(case, MEMBER_ADDED, payload | ({"tasks": moved} if moved else {}), today, by, now)
    mail.added(case, person, by, now)
    db.session.flush()


def remove_member(case: Case, person: Person, by: Actor, today: date, now: datetime) -> None:
    """End somebody's part; what they still had to do goes to whoever is responsible. Raises Refusal."""
    if person.id == case.responsible_id:
        raise Refusal(Reason("part_of_responsible"))
    before = next(iter(queries.open_parts([case.id], [person.id])), None)
    if before is None:
        return
    _end(before, today)
    moved = _to_the_responsible(case, person, by)
    record(case, MEMBER_REMOVED, {**_person(person), "part": before.part, "tasks": moved}, today, by, now)
    db.session.flush()


def _to_the_responsible(case: Case, person: Person, by: Actor) -> list[int]:
    tasks = queries.open_tasks([case.id], person.id)
    _give(tasks, case.responsible_id, by)
    return [task.number for task in tasks]


def _person(person: Person) -> dict[str, Any]:
    return {"person": person.id, "name": person.name}


def _end(part: CaseMember, day: date) -> None:
    part.until = max(part.since, day)


# handing over


@dataclass(frozen=True, slots=True)
class HandOver:
    """What is wanted: to whom, from which day, why; whether open tasks go along, and whether the old one stays as substitute.
    The tasks of somebody who does not stay go along in any case."""

    to: Person
    from_day: date
    reason: str
    with_tasks: bool
    stays: bool


def hand_over(case: Case, wanted: HandOver, by: Actor, today: date, now: datetime) -> None:
    """Somebody else is responsible from now on. Raises Refusal with every reason."""
    old = db.session.get_one(Person, case.responsible_id)
    check_all(
        lambda: _check_receiver(wanted.to, old, case.organisation_id),
        lambda: team.check_from_day(wanted.from_day, case.opened_on, today),
        lambda: _check_reason(wanted.reason),
    )
    _hand_over([case], old, wanted, by, now)
    mail.handed_over(case, old, wanted.to, wanted.from_day, by, now)


def hand_over_many(
    old: Person, wanted: HandOver, references: Sequence[str] | None, by: Actor, today: date, now: datetime
) -> int:  # fmt: skip
    """Every open case of `old`, or those named, each with its own event; says how many. Raises Refusal, and then none is handed over.

    However many there are, each batch of 200 takes the same few statements.
    """
    check_all(
        lambda: _check_receiver(wanted.to, old, by.organisation_id),
        lambda: team.check_from_day(wanted.from_day, date.min, today),
        lambda: _check_reason(wanted.reason),
    )
    done, last = 0, None
    while batch := queries.held_to_change(by, old.id, references, last.id if last else 0, BATCH):
        for case in batch:
            team.check_from_day(wanted.from_day, case.opened_on, today)
        _hand_over(batch, old, wanted, by, now)
        done, last = done + len(batch), batch[-1]
    if last is None:
        raise Refusal(Reason("no_cases_chosen", target="which"))
    mail.handed_over_many(done, last, old, wanted.to, wanted.from_day, by, now)
    return done


def _hand_over(cases: Sequence[Case], old: Person, wanted: HandOver, by: Actor, now: datetime) -> None:
    ids = [case.id for case in cases]
    new, stays = wanted.to, wanted.stays and old.active and team.works(team.SUBSTITUTE, old.role)
    known = set()
    for part in queries.open_parts(ids, [old.id, new.id]):
        _end(part, wanted.from_day)
        known.add((part.case_id, part.person_id))
    tasks: dict[int, list[Task]] = {}
    for task in queries.open_tasks(ids, old.id) if wanted.with_tasks or not stays else ():  # who leaves, leaves no task behind
        tasks.setdefault(task.case_id, []).append(task)
    db.session.flush()  # the parts that end before those that begin
    for case in cases:
        if (case.id, old.id) not in known:  # responsible since the case was opened
            db.session.add(_part(case, old, team.RESPONSIBLE, case.opened_on, wanted.from_day))
        db.session.add(_part(case, new, team.RESPONSIBLE, wanted.from_day))
        if stays:
            db.session.add(_part(case, old, team.SUBSTITUTE, wanted.from_day))
        moved = tasks.get(case.id, [])
        _give(moved, new.id, by)
        case.responsible = new
        payload = {
            **_person(new), "old": old.id, "old_name": old.name, "reason": wanted.reason.strip(), "stays": stays,
            "tasks": [task.number for task in moved],
        }  # fmt: skip
        record(case, HANDED_OVER, payload, wanted.from_day, by, now)
    db.session.flush()


def _part(case: Case, person: Person, part: str, since: date, until: date | None = None) -> CaseMember:
    return CaseMember(case_id=case.id, person_id=person.id, part=part, since=since, until=until)


def _give(tasks: Sequence[Task], owner_id: int, by: Actor) -> None:
    for task in tasks:
        task.owner_id, task.changed_by, task.version = owner_id, by.name, task.version + 1


def _check_receiver(person: Person, old: Person, organisation_id: int) -> None:
    if person.organisation_id != organisation_id or not person.active:
        raise Refusal(Reason("person_not_of_city", target="to"))
    if not team.works(team.RESPONSIBLE, person.role):
        raise Refusal(Reason("part_needs_editor", target="to"))
    if person.id == old.id:
        raise Refusal(Reason("responsible_already", {"name": person.name}, target="to"))


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal(Reason("reason_missing", target="reason"))


# tasks


@dataclass(frozen=True, slots=True)
class TaskFields:
    """A task as somebody wants it. `stage` is "" for none."""

    title: str
    owner: int
    due_on: date | None
    stage: str
    note: str


def fields_of(task: Task) -> TaskFields:
    return TaskFields(task.title, task.owner_id, task.due_on, task.stage, task.note)


def add_task(
    case: Case, wanted: TaskFields, by: Actor, today: date, now: datetime, newest: int | None = None
) -> Task:  # fmt: skip
    """A new task with the next number of the case; the same form sent twice makes one. Raises Refusal.

    `newest`: the number of the newest task when the form was drawn (0: none), so that the second of two is known also when somebody
    else's task came between them. None: not known.
    """
    owner, due_on = _checked(case, wanted)
    last = queries.last_task(case)
    tidy = _tidy(wanted)
    for known in queries.tasks_after(case, (last.number - 1 if newest is None else newest) if last else 0):
        if known.version == 1 and known.changed_by == by.name and fields_of(known) == tidy:
            return known
    task = Task(
        case_id=case.id, organisation_id=case.organisation_id, number=last.number + 1 if last else 1, title=tidy.title,
        owner_id=owner.id, due_on=due_on, stage=tidy.stage, note=tidy.note, done_on=None, done_by="", changed_by=by.name, version=1,
    )  # fmt: skip
    db.session.add(task)
    payload = {"task": task.number, "title": task.title, "due_on": due_on.isoformat(), "stage": task.stage, "note": task.note}
    record(case, TASK_ADDED, payload | {"owner": owner.id, "name": owner.name}, today, by, now)
    mail.task_given(case, task, db.session.get_one(Person, owner.id), by, now)
    db.session.flush()
    return task


def change_task(case: Case, task: Task, wanted: TaskFields, version: int, by: Actor, today: date, now: datetime) -> None:
    """Raises Refusal, and Overtaken `task_changed` when `version`, which was on the screen, is no longer the present one."""
    check_version(task, version)
    owner, due_on = _checked(case, wanted, task)
    before, tidy = fields_of(task), _tidy(wanted)
    if before == tidy:
        return
    task.title, task.owner_id, task.due_on, task.stage, task.note = tidy.title, owner.id, due_on, tidy.stage, tidy.note
    _changed(task, by)
    fields = {
        name: [_kept(getattr(before, name)), _kept(getattr(tidy, name))]
        for name in ("title", "owner", "due_on", "stage", "note")
        if getattr(before, name) != getattr(tidy, name)
    }
    payload = {"task": task.number, "title": task.title, "fields": fields, "name": owner.name}
    record(case, TASK_CHANGED, payload, today, by, now)
    if before.owner != owner.id:
        mail.task_given(case, task, db.session.get_one(Person, owner.id), by, now)
    db.session.flush()


def finish_task(case: Case, task: Task, version: int, by: Actor, today: date, now: datetime) -> None:
    """The task is done; done already stays so. Raises Overtaken."""
    if task.done_on is not None:
        return
    check_version(task, version)
    task.done_on, task.done_by = today, by.name
    _changed(task, by)
    record(case, TASK_DONE, {"task": task.number, "title": task.title}, today, by, now)
    db.session.flush()


def reopen_task(case: Case, task: Task, version: int, by: Actor, today: date, now: datetime) -> None:
    """The task is to be done after all; open already stays so. Raises Overtaken."""
    if task.done_on is None:
        return
    check_version(task, version)
    payload = {"task": task.number, "title": task.title, "fields": {"done_on": [task.done_on.isoformat(), None]}}
    task.done_on, task.done_by = None, ""
    _changed(task, by)
    record(case, TASK_CHANGED, payload, today, by, now)
    db.session.flush()


def check_version(task: Task, version: int) -> None:
    if version != task.version:
        raise Overtaken(Reason("task_changed", {"name": task.changed_by}))


def _changed(task: Task, by: Actor) -> None:
    task.changed_by, task.version = by.name, task.version + 1


def _checked(case: Case, wanted: TaskFields, task: Task | None = None) -> tuple[Member, date]:
    """Who is to do it and by when. A stage that the task belongs to already may stay, also when the procedure has changed."""
    reasons = []
    owner = next((member for member in queries.team_of(case) if member.id == wanted.owner), None)
    if owner is None or not owner.works:
        reasons.append(Reason("task_owner_not_in_team", target="owner"))
    if wanted.stage and wanted.stage not in {stage.id for stage in procedure_of(case).stages} | {task.stage if task else ""}:
        reasons.append(Reason("task_stage_unknown", target="stage"))
    check_all(lambda: team.check_task(wanted.title, wanted.due_on), lambda: _refuse(reasons))
    assert owner is not None and wanted.due_on is not None  # noqa: PT018 - the checks have said so
    return owner, wanted.due_on


def _refuse(reasons: Sequence[Reason]) -> None:
    if reasons:
        raise Refusal(*reasons)


def _tidy(wanted: TaskFields) -> TaskFields:
    title = " ".join(wanted.title.split())[: team.LONGEST_TITLE]
    note = wanted.note.replace("\r\n", "\n").strip()
    return TaskFields(title, wanted.owner, wanted.due_on, wanted.stage, note)


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


# notes


def write_note(
    case: Case, text: str, mentions: Sequence[int], by: Actor, today: date, now: datetime, newest: int | None = None
) -> Note:  # fmt: skip
    """A note to the team. It speaks to the members chosen in `mentions` and to those whose `@Name` stands in it. Raises Refusal.

    The same text sent twice by the same person is one note. `newest`: the number of the newest note when the form was drawn (0:
    none), so that the second of two is known also when somebody else's note came between them. None: not known.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Refusal(Reason("note_empty", target="text"))
    last = queries.last_note(case)
    seen = (last.number - 1 if newest is None else newest) if last else 0
    if (known := queries.note_after(case, seen, by.id, text)) is not None:
        return known
    members = [member for member in queries.team_of(case) if member.active]
    named = set(team.mentioned(text, [team.Named(member.id, member.name) for member in members])) | set(mentions)
    meant = [member for member in members if member.id in named]
    note = Note(
        case_id=case.id, number=last.number + 1 if last else 1, text=text, author_id=by.id, author=by.name, written_on=today,
        written_at=now,
    )  # fmt: skip
    note.mentions = [NoteMention(person_id=member.id, read_at=now if member.id == by.id else None) for member in meant]
    db.session.add(note)
    payload = {"note": note.number, "sha256": team.hash_of(text), "mentions": [member.name for member in meant]}
    record(case, NOTE_WRITTEN, payload, today, by, now)
    db.session.flush()
    mail.mentioned(case, note, [mention.person for mention in note.mentions], by, now)
    return note


def read_note(mention: NoteMention, now: datetime) -> None:
    """The person has read the note that speaks to them. It is theirs, not the case's: the log tells nothing of it."""
    if mention.read_at is None:
        mention.read_at = now
        db.session.flush()
