"""What the pages of a team show, as frozen records: the templates decide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.accounts.models import Person
from procure.accounts.pages import ROLE_NAMES
from procure.cases.models import Case
from procure.cases.pages import stage_name
from procure.cases.service import procedure_of
from procure.domain import team
from procure.domain.permissions import Actor
from procure.domain.team import Piece
from procure.teams.models import Note, Task
from procure.teams.queries import HeldCases, Member
from procure.teams.service import TaskFields, fields_of
from procure.web.filters import day

PART_NAMES: Final[dict[str, Any]] = {
    "responsible": _l("Responsible officer"),
    "substitute": _l("Substitute"),
    "member": _l("Member"),
    "guest": _l("Guest, only reads"),
}
FIELD_NAMES: Final[dict[str, Any]] = {
    "title": _l("What is to be done?"),
    "owner": _l("Who does it?"),
    "due_on": _l("By which day?"),
    "stage": _l("Stage"),
    "note": _l("More about it"),
    "done_on": _l("Done"),
}


@dataclass(frozen=True, slots=True)
class MemberLine:
    id: int
    name: str
    email: str
    role: str
    part: str
    since: date
    active: bool
    removable: bool


def member_lines(members: Sequence[Member]) -> list[MemberLine]:
    return [
        MemberLine(
            member.id, member.name, member.email, str(ROLE_NAMES[member.role]), str(PART_NAMES[member.part]), member.since,
            member.active, member.part != team.RESPONSIBLE,
        )
        for member in members
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaskLine:
    number: int
    title: str
    owner: str
    mine: bool
    due_on: date
    late: bool
    stage: str
    note: tuple[Piece, ...]
    done_on: date | None
    done_by: str
    version: int


def task_lines(case: Case, tasks: Sequence[Task], by: Actor, language: str, today: date) -> list[TaskLine]:
    return [
        TaskLine(
            task.number, task.title, task.owner.name, task.owner_id == by.id, task.due_on,
            task.done_on is None and task.due_on < today, _stage(case, task.stage, language), team.pieces(task.note, ()),
            task.done_on, task.done_by, task.version,
        )
        for task in tasks
    ]  # fmt: skip


def _stage(case: Case, stage: str, language: str) -> str:
    """The stage's name; its id where the case's present procedure has no such stage."""
    known = {kept.id for kept in procedure_of(case).stages}
    return stage_name(case.procedure, case.procedure_edition, stage, language) if stage in known else stage


@dataclass(frozen=True, slots=True)
class NoteLine:
    number: int
    author: str
    written_at: datetime
    paragraphs: tuple[tuple[Piece, ...], ...]
    to: str
    """The names of those to whom it speaks; "" for nobody in particular."""
    unread: bool
    """It speaks to the reader, who has not said yet to have read it."""


def note_lines(notes: Sequence[Note], by: Actor) -> list[NoteLine]:
    return [_note_line(note, by) for note in notes]


def _note_line(note: Note, by: Actor) -> NoteLine:
    people = [team.Named(mention.person_id, mention.person.name) for mention in note.mentions]
    paragraphs = tuple(team.pieces(line.strip(), people) for line in note.text.splitlines() if line.strip())
    unread = any(mention.person_id == by.id and mention.read_at is None for mention in note.mentions)
    return NoteLine(note.number, note.author, note.written_at, paragraphs, ", ".join(one.name for one in people), unread)


def person_choices(people: Sequence[Person]) -> list[tuple[str, str]]:
    return [(str(person.id), f"{person.name}, {ROLE_NAMES[person.role]}") for person in people]


def worker_choices(members: Sequence[Member]) -> list[tuple[str, str]]:
    """Those of the team to whom a task can be given."""
    return [(str(member.id), f"{member.name}, {PART_NAMES[member.part]}") for member in members if member.works]


def mention_choices(members: Sequence[Member], by: Actor) -> list[tuple[str, str]]:
    return [(str(member.id), member.name) for member in members if member.active and member.id != by.id]


def receiver_choices(people: Sequence[Person], members: Sequence[Member], responsible: int) -> list[tuple[str, str]]:
    """To whom the case can be handed over: the team's people first, with their part."""
    parts = {member.id: member.part for member in members}
    order = {team.SUBSTITUTE: 0, team.MEMBER: 1}
    chosen = sorted(people, key=lambda person: order.get(parts.get(person.id, ""), 2))
    return [("", str(_l("Choose")))] + [
        (str(person.id), f"{person.name}, {PART_NAMES[parts[person.id]]}" if person.id in parts else person.name)
        for person in chosen
        if person.id != responsible
    ]


def stage_choices(case: Case, language: str, kept: str = "") -> list[tuple[str, str]]:
    """The stages of the procedure; `kept`: a stage of an earlier one that the task still names."""
    found = [(stage.id, stage.name[language]) for stage in procedure_of(case).stages]
    if kept and kept not in dict(found):
        found.append((kept, kept))
    return [("", str(_l("No stage"))), *found]


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    label: str
    theirs: str


def theirs(task: Task, typed: TaskFields, case: Case, language: str) -> list[DifferenceLine]:
    """The task as it stands now, where it is not as it was typed here."""
    now = fields_of(task)
    fields = ("title", "owner", "due_on", "stage", "note")
    found = team.differences(
        {name: getattr(typed, name) for name in fields}, {name: getattr(now, name) for name in fields}
    )  # fmt: skip
    words = {"owner": task.owner.name, "due_on": day(task.due_on), "stage": _stage(case, task.stage, language) or _("No stage")}
    lines = [
        DifferenceLine(str(FIELD_NAMES[item.field]), words.get(item.field) or str(item.theirs) or "–") for item in found
    ]  # fmt: skip
    if task.done_on is not None:
        lines.append(DifferenceLine(str(FIELD_NAMES["done_on"]), f"{day(task.done_on)}, {task.done_by}"))
    return lines


@dataclass(frozen=True, slots=True)
class HolderLine:
    id: int
    name: str
    active: bool
    cases: int


def holder_lines(holders: Sequence[HeldCases]) -> list[HolderLine]:
    return [HolderLine(holder.id, holder.name, holder.active, holder.cases) for holder in holders]
