"""Reads what the demo is made of: its people, how its cities work, and the words from which made-up cases are put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from procure.catalogue import calendar, procedures
from procure.catalogue.reading import Table, read
from procure.domain.calendar import Calendar
from procure.domain.language import LANGUAGES, Trilingual
from procure.domain.permissions import ROLES
from procure.domain.planning.office import Meeting, days_of
from procure.domain.support import OPINION_PARTS

FOLDER: Final = Path(__file__).parent / "demo"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    email: str
    name: str
    role: str
    organisation: str
    """The organisation's code."""
    language: str
    signs_in: bool
    """With the demo's password; the others have none."""


DOES: Final = (
    "answer", "complete", "skip", "choose", "ask", "take", "advise", "read", "member", "task", "note", "tick", "attach", "approval",
    "tenders", "review", "outcome", "effect", "measure",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done to a demo case, `ago` days before the demo is loaded."""

    ago: int
    do: str
    by: str
    """The address of the person; "" for the case's own officer."""
    stage: str
    section: str
    page: str
    answers: Mapping[str, Any]
    procedure: str
    words: Mapping[str, str]
    """What was written: `note`, `reason`, `text`, or the parts of an opinion."""
    key: str
    topic: str
    urgency: str
    shares: tuple[str, ...]
    who: tuple[str, ...]
    """Addresses: who is added to the team, is given a task, or is asked to approve."""
    what: str
    """The part in the team, a task's or a file's title, a point of the gate, or what is to be approved."""
    due: int
    """Days after the demo is loaded."""
    numbers: Mapping[str, Any]
    """How many tenders came in, or what is recorded of a review or an effect."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a demo case has gone so far. Days are counted from the day on which the demo is loaded; None: not known."""

    file: str
    officer: str
    opened: int
    """Days before."""
    start: int | None
    """Days after, as the next one."""
    contract_needed_by: int | None
    value_date: int | None
    """Days before."""
    steps: tuple[Step, ...]

    def source(self) -> bytes:
        """The case file."""
        return (FOLDER / self.file).read_bytes()


@dataclass(frozen=True, slots=True)
class Words:
    """Parts of made-up cases. A title is a thing, a target and a place."""

    thing: tuple[Trilingual, ...]
    target: tuple[Trilingual, ...]
    place: tuple[Trilingual, ...]
    need: tuple[Trilingual, ...]
    outcome: tuple[Trilingual, ...]
    users: tuple[Trilingual, ...]
    owner: tuple[Trilingual, ...]
    choice: tuple[Trilingual, ...]
    """Reasons for choosing a procedure."""
    skip: tuple[Trilingual, ...]
    """Reasons for skipping a stage."""
    first_name: tuple[str, ...]
    last_name: tuple[str, ...]


@cache
def people() -> tuple[DemoPerson, ...]:
    """The people who can sign in to the demo. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(FOLDER / "people.toml")
    found = tuple(_person(row) for row in table.tables("person"))
    table.finish()
    return found


def _person(row: Table) -> DemoPerson:
    person = DemoPerson(
        row.text("email"), row.text("name"), row.one_of("role", ROLES), row.text("organisation"), row.one_of("language", LANGUAGES),
        row.flag("signs_in", True),
    )  # fmt: skip
    row.finish()
    return person


@cache
def courses() -> tuple[Course, ...]:
    """The demo cases. Raises CatalogueError as `people` does."""
    table = read(FOLDER / "course.toml")
    found = tuple(_course(row) for row in table.tables("case"))
    table.finish()
    return found


def _course(row: Table) -> Course:
    def days(key: str) -> int | None:
        return row.whole(key) if row.has(key) else None

    course = Course(
        row.text("file"), row.text("officer"), row.whole("opened"), days("start"), days("contract_needed_by"), days("value_date"),
        tuple(_step(step) for step in row.tables("step")),
    )  # fmt: skip
    row.finish()
    return course


def _step(row: Table) -> Step:
    step = Step(
        ago=row.whole("ago"),
        do=row.one_of("do", DOES),
        by=row.text("by", ""),
        stage=row.text("stage", ""),
        section=row.text("section", ""),
        page=row.text("page", ""),
        answers=row.plain("answers"),
        procedure=row.text("procedure", ""),
        words={key: row.text(key) for key in ("note", "reason", "text", *OPINION_PARTS) if row.has(key)},
        key=row.text("key", ""),
        topic=row.text("topic", ""),
        urgency=row.text("urgency", ""),
        shares=row.strings("shares"),
        who=row.strings("who"),
        what=row.text("what", ""),
        due=row.whole("due") if row.has("due") else 0,
        numbers=row.plain("numbers"),
    )
    row.finish()
    return step


@dataclass(frozen=True, slots=True)
class DemoCity:
    """How a city of the demo works."""

    organisation: str
    """Its code."""
    closings: tuple[tuple[date, date, str], ...]
    """First day, last day, name."""
    meetings: tuple[Meeting, ...]
    durations: Mapping[str, int]


@cache
def cities() -> tuple[DemoCity, ...]:
    """The calendars of the demo's cities. Raises CatalogueError as `people` does."""
    table = read(FOLDER / "calendars.toml")
    found = tuple(_city(row) for row in table.tables("city"))
    table.finish()
    return found


def _city(row: Table) -> DemoCity:
    code = row.text("organisation")
    closings = tuple(_closing(entry) for entry in row.tables("closing"))
    working = calendar.finnish().with_closed(day for first, last, _name in closings for day in days_of(first, last))
    meetings = tuple(meeting for entry in row.tables("board") for meeting in _meetings(entry, working))
    durations: dict[str, int] = {}
    for entry in row.tables("duration"):
        durations[entry.one_of("stage", tuple(procedures.catalogue().versions_of_stages()))] = entry.whole("working_days")
        entry.finish()
    row.finish()
    return DemoCity(code, closings, meetings, durations)


def _closing(row: Table) -> tuple[date, date, str]:
    closing = row.day("first"), row.day("last"), row.text("name")
    row.finish()
    return closing


def _meetings(row: Table, working: Calendar) -> list[Meeting]:
    """Every so many days, but not in the pause and not on a day on which the city does not work."""
    body, first, last, every = row.text("body"), row.day("first"), row.day("last"), row.whole("every_days")
    pause = frozenset(days_of(row.day("pause_first"), row.day("pause_last")))
    row.finish()
    if every < 1:
        raise row.fault("every_days must be at least 1")
    days = [day for number, day in enumerate(days_of(first, last)) if number % every == 0]
    return [Meeting(day, body) for day in days if day not in pause and working.is_working_day(day)]


@cache
def words() -> Words:
    """The words of made-up cases. Raises CatalogueError as `people` does."""
    table = read(FOLDER / "words.toml")
    lists = {
        name: tuple(Trilingual(*(row.text(code) for code in LANGUAGES)) for row in table.tables(name))
        for name in ("thing", "target", "place", "need", "outcome", "users", "owner", "choice", "skip")
    }  # fmt: skip
    found = Words(**lists, first_name=table.strings("first_name"), last_name=table.strings("last_name"))
    table.finish()
    return found
