"""Finding teams, tasks and notes. Whoever asks about one case has been given it by `cases.queries`; the rest is asked for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import joinedload, selectinload

from procure.accounts.models import Person
from procure.cases.models import Case, CaseMember
from procure.cases.queries import guest, title_in
from procure.domain.permissions import ACTIONS, CITY_ROLES, Actor
from procure.domain.team import RESPONSIBLE, SUBSTITUTE, works
from procure.infra.db import db, will_write
from procure.teams.models import Note, NoteMention, Task

MOST_MATCHES: Final = 20
MOST_PEOPLE: Final = 1000
MOST_TASKS: Final = 200
MOST_NOTES: Final = 50
MOST_LISTED: Final = 200
MOST_MENTIONS: Final = 200
LARGEST_ID: Final = 2**31 - 1
EDITORS: Final = ACTIONS["case.edit"]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a team as things stand."""

    id: int
    name: str
    email: str
    role: str
    active: bool
    part: str
    since: date

    @property
    def works(self) -> bool:
        """Whether tasks and the case itself can be given to them."""
        return self.active and works(self.part, self.role)


def team_of(case: Case) -> list[Member]:
    """Whoever is responsible first, then the substitutes, the members and the guests, by name."""
    statement = (
        select(Person, CaseMember.part, CaseMember.since)
        .outerjoin(CaseMember, and_(CaseMember.person_id == Person.id, CaseMember.case_id == case.id, CaseMember.until.is_(None)))
        .where(or_(CaseMember.id.is_not(None), Person.id == case.responsible_id))
    )
    found = []
    for person, part, since in db.session.execute(statement):
        responsible = person.id == case.responsible_id
        kept = since if since is not None and (not responsible or part == RESPONSIBLE) else case.opened_on
        part = RESPONSIBLE if responsible else part
        found.append(Member(person.id, person.name, person.email, person.role, person.active, part, kept))
    order = {RESPONSIBLE: 0, SUBSTITUTE: 1, "member": 2}
    return sorted(found, key=lambda member: (order.get(member.part, 3), member.name, member.id))


def open_parts(cases: Sequence[int], people: Sequence[int]) -> list[CaseMember]:
    """The present parts of these people in these cases, which are locked."""
    statement = select(CaseMember).where(
        CaseMember.case_id.in_(cases), CaseMember.person_id.in_(people), CaseMember.until.is_(None)
    )
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def people_to_add(by: Actor, case: Case, text: str) -> tuple[list[Person], bool]:
    """At most 20 active people of the city whose name or address holds the text and who are not in the team, and whether there are
    more."""
    in_team = select(CaseMember.person_id).where(CaseMember.case_id == case.id, CaseMember.until.is_(None))
    statement = (
        select(Person)
        .where(
            Person.organisation_id == by.organisation_id, Person.role.in_(CITY_ROLES), Person.active,
            Person.id != case.responsible_id, Person.id.not_in(in_team),
        )
        .order_by(Person.name, Person.id)
        .limit(MOST_PEOPLE)
    )  # fmt: skip
    wanted = text.strip().casefold()  # compared here: one of the databases knows capitals of English only
    found = [person for person in db.session.scalars(statement) if wanted in person.name.casefold() or wanted in person.email]
    return found[:MOST_MATCHES], len(found) > MOST_MATCHES


def person_of_city(by: Actor, person_id: int) -> Person | None:
    """Somebody of the same city, active or not."""
    if not 0 < person_id <= LARGEST_ID:
        return None
    return db.session.scalar(
        select(Person).where(Person.id == person_id, Person.organisation_id == by.organisation_id, Person.role.in_(CITY_ROLES))
    )


def editors_of_city(by: Actor) -> list[Person]:
    """The active people of the city to whom a case can be handed over, by name."""
    statement = select(Person).where(Person.organisation_id == by.organisation_id, Person.role.in_(EDITORS), Person.active)
    return list(db.session.scalars(statement.order_by(Person.name, Person.id).limit(MOST_PEOPLE)))


def tasks_of(case: Case) -> list[Task]:
    """The open ones by the day they are due, then what has been done, the newest first."""
    statement = select(Task).where(Task.case_id == case.id).options(joinedload(Task.owner))
    order = (Task.done_on.is_not(None), Task.done_on.desc(), Task.due_on, Task.id)
    return list(db.session.scalars(statement.order_by(*order).limit(MOST_TASKS)))


def task_of(case: Case, number: int) -> Task | None:
    """One task of the case; nobody else changes it while the case is locked (`cases.queries.case_to_change`)."""
    if number > LARGEST_ID:
        return None
    statement = select(Task).where(Task.case_id == case.id, Task.number == number).options(joinedload(Task.owner))
    return db.session.scalar(statement.execution_options(populate_existing=True) if will_write() else statement)


def last_task(case: Case) -> Task | None:
    return db.session.scalar(select(Task).where(Task.case_id == case.id).order_by(Task.number.desc()).limit(1))


def tasks_after(case: Case, number: int) -> list[Task]:
    """The tasks with a higher number: those that somebody who saw that one as the newest has not seen."""
    return list(db.session.scalars(select(Task).where(Task.case_id == case.id, Task.number > number).order_by(Task.number)))


def open_tasks(cases: Sequence[int], owner_id: int) -> list[Task]:
    """What that person still has to do in these cases."""
    statement = select(Task).where(Task.case_id.in_(cases), Task.owner_id == owner_id, Task.done_on.is_(None))
    return list(db.session.scalars(statement.order_by(Task.case_id, Task.number).execution_options(populate_existing=True)))


def notes_of(case: Case, before: int | None = None) -> tuple[list[Note], bool]:
    """At most 50 notes with whom they mention, the newest first, and whether there are older ones."""
    statement = select(Note).where(Note.case_id == case.id).order_by(Note.number.desc()).limit(MOST_NOTES + 1)
    if before is not None:
        statement = statement.where(Note.number < before)
    found = list(db.session.scalars(statement.options(selectinload(Note.mentions).joinedload(NoteMention.person))))
    return found[:MOST_NOTES], len(found) > MOST_NOTES


def last_note(case: Case) -> Note | None:
    return db.session.scalar(select(Note).where(Note.case_id == case.id).order_by(Note.number.desc()).limit(1))


def note_after(case: Case, number: int, author_id: int, text: str) -> Note | None:
    """The note with that text by that person among those with a higher number."""
    same = (Note.case_id == case.id, Note.number > number, Note.author_id == author_id, Note.text == text)
    return db.session.scalar(select(Note).where(*same).order_by(Note.number).limit(1))


def mention_of(by: Actor, case: Case, number: int) -> NoteMention | None:
    """That the note speaks to the person who asks."""
    if number > LARGEST_ID:
        return None
    statement = select(NoteMention).join(Note, Note.id == NoteMention.note_id)
    return db.session.scalar(statement.where(Note.case_id == case.id, Note.number == number, NoteMention.person_id == by.id))


# handing over many cases


@dataclass(frozen=True, slots=True)
class HeldCases:
    """How many open cases somebody is responsible for."""

    id: int
    name: str
    active: bool
    cases: int


def holders(by: Actor) -> list[HeldCases]:
    """Those of the city who are responsible for open cases, by name. Asked by a manager."""
    statement = (
        select(Person.id, Person.name, Person.active, func.count(Case.id))
        .join(Case, Case.responsible_id == Person.id)
        .where(Case.organisation_id == by.organisation_id, Case.stage != "")
        .group_by(Person.id, Person.name, Person.active)
        .order_by(Person.name, Person.id)
        .limit(MOST_PEOPLE)
    )
    return [HeldCases(*row) for row in db.session.execute(statement)]


def may_hand_over_from(by: Actor, person_id: int) -> bool:
    """Whose cases one hands over: one's own, and a manager those of the whole city."""
    return person_id == by.id or by.role == "manager"


def _held(by: Actor, person_id: int) -> ColumnElement[bool]:
    """Open cases of the person that the actor may change."""
    return and_(Case.responsible_id == person_id, Case.organisation_id == by.organisation_id, Case.stage != "", ~guest(by))


def held_cases(by: Actor, person_id: int, language: str) -> list[tuple[str, str]]:
    """Reference and title of the first 200 open cases of the person, the nearest date first."""
    statement = select(Case.reference, title_in(language)).where(_held(by, person_id)).order_by(Case.sort_date, Case.id)
    return [(row[0], row[1]) for row in db.session.execute(statement.limit(MOST_LISTED))]


def count_held(by: Actor, person_id: int) -> int:
    return db.session.scalar(select(func.count(Case.id)).where(_held(by, person_id))) or 0


def held_to_change(by: Actor, person_id: int, references: Sequence[str] | None, after: int, most: int) -> list[Case]:
    """The next open cases of the person behind the row `after`, locked; `references`: only those of them."""
    statement = select(Case).where(_held(by, person_id), Case.id > after).order_by(Case.id).limit(most)
    if references is not None:
        statement = statement.where(Case.reference.in_(references))
    if will_write():
        statement = statement.with_for_update(of=Case).execution_options(populate_existing=True)
    return list(db.session.scalars(statement))


# what waits


@dataclass(frozen=True, slots=True)
class TaskRow:
    """An open task in "my work"."""

    id: int
    number: int
    title: str
    due_on: date
    owner: str
    reference: str
    case_title: str


def tasks_waiting(by: Actor, whole_city: bool, language: str, after: tuple[date, int], most: int) -> list[TaskRow]:
    """Open tasks of the person, or of all in the city, by the day they are due; those behind `after` (day, row)."""
    if by.role not in CITY_ROLES:
        return []
    statement = (
        select(Task.id, Task.number, Task.title, Task.due_on, Person.name, Case.reference, title_in(language))
        .join(Case, Case.id == Task.case_id)
        .join(Person, Person.id == Task.owner_id)
        .where(Task.done_on.is_(None), Task.organisation_id == by.organisation_id)
        .where(*[] if whole_city else [Task.owner_id == by.id])
        .where(tuple_(Task.due_on, Task.id) > tuple_(*_values(after)))
        .order_by(Task.due_on, Task.id)
        .limit(most)
    )
    return [TaskRow(*row) for row in db.session.execute(statement)]


def _values(after: tuple[date, int]) -> tuple[Any, Any]:
    return literal(after[0]), literal(after[1], Integer)


@dataclass(frozen=True, slots=True)
class StageRow:
    """A case whose present stage waits, in "my work"."""

    id: int
    reference: str
    case_title: str
    stage: str
    procedure: str
    procedure_edition: str
    next_date_kind: str
    sort_date: date
    stands_in: bool
    """The person is the substitute."""


def stages_waiting(by: Actor, whole_city: bool, language: str, after: tuple[date, int], most: int) -> list[StageRow]:
    """Open cases for which the person is responsible or stands in, or all of the city, by their next date; those behind `after`.

    A substitute's cases show always: whether the responsible person is away is not known here yet. Once it is, the condition of
    `_stands_in` is the place to ask for it.
    """
    if by.role not in CITY_ROLES:
        return []
    if whole_city:
        statement = _stages(language, after, most, stands_in=False)
        return [StageRow(*row) for row in db.session.execute(statement, {"own": by.organisation_id})]
    own = _stages(language, after, most, stands_in=False).where(Case.responsible_id == by.id).subquery()
    others = _stages(language, after, most, stands_in=True).where(_stands_in(by)).subquery()
    rows = db.session.execute(union_all(select(own), select(others)), {"own": by.organisation_id})
    return sorted((StageRow(*row) for row in rows), key=lambda row: (row.sort_date, row.id))[:most]


def _stages(language: str, after: tuple[date, int], most: int, stands_in: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.id, Case.reference, title_in(language).label("title"), Case.stage, Case.procedure, Case.procedure_edition,
            Case.next_date_kind, Case.sort_date, literal(stands_in).label("stands_in"),
        )
        .where(Case.stage != "", Case.organisation_id == bindparam("own"))
        .where(tuple_(Case.sort_date, Case.id) > tuple_(*_values(after)))
        .order_by(Case.sort_date, Case.id)
        .limit(most)
    )  # fmt: skip


def _stands_in(by: Actor) -> ColumnElement[bool]:
    mine = select(CaseMember.case_id).where(
        CaseMember.person_id == by.id, CaseMember.part == SUBSTITUTE, CaseMember.until.is_(None)
    )
    return and_(Case.responsible_id != by.id, Case.id.in_(mine))


@dataclass(frozen=True, slots=True)
class MentionRow:
    """A note that speaks to the person and has not been read."""

    id: int
    number: int
    written_on: date
    author: str
    reference: str
    case_title: str


def mentions_waiting(by: Actor, language: str) -> list[MentionRow]:
    """The oldest first; only in cases of the person's own city."""
    if by.role not in CITY_ROLES:
        return []
    statement = (
        select(Note.id, Note.number, Note.written_on, Note.author, Case.reference, title_in(language))
        .join(NoteMention, NoteMention.note_id == Note.id)
        .join(Case, Case.id == Note.case_id)
        .where(NoteMention.person_id == by.id, NoteMention.read_at.is_(None), Case.organisation_id == by.organisation_id)
        .order_by(Note.written_on, Note.id)
        .limit(MOST_MENTIONS)
    )
    return [MentionRow(*row) for row in db.session.execute(statement)]
