"""How a city works, as the rules take it and as its people see it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Date, Integer, Row, Select, String, bindparam, cast, false, literal, null, select, union_all

from procure.accounts.models import Person
from procure.accounts.queries import LARGEST_ID
from procure.domain.permissions import CITY_ROLES, Actor
from procure.domain.planning.experience import Learned
from procure.domain.planning.office import Meeting, Office, days_of
from procure.infra.db import db, read
from procure.planning.models import CityClosing, CityDuration, CityMeeting, NetworkDuration

MOST_PASSED: Final = 50
"""How many of the days that have passed a page shows, the latest first."""

NO_DAY: Final = cast(null(), Date)
NO_DAYS: Final = cast(null(), Integer)
_NO_WORDS: Final = cast(null(), String)

OFFICE_PARTS: Final = (  # one statement for the three tables: a plan asks it with every page
    select(
        literal("closed").label("kind"), CityClosing.first_day.label("first"), CityClosing.last_day.label("last"),
        _NO_WORDS.label("words"), NO_DAYS.label("days"),
    ).where(CityClosing.organisation_id == bindparam("city")),
    select(literal("meeting"), CityMeeting.held_on, NO_DAY, CityMeeting.body, NO_DAYS).where(
        CityMeeting.organisation_id == bindparam("city")
    ),
    select(literal("duration"), NO_DAY, NO_DAY, CityDuration.stage, CityDuration.working_days).where(
        CityDuration.organisation_id == bindparam("city")
    ),
)  # fmt: skip

_BLANK: Final = literal(" ")
LEARNED_PART: Final = select(
    literal("learned"), NetworkDuration.counted_on, NO_DAY,
    NetworkDuration.procedure + _BLANK + NetworkDuration.stage + _BLANK + cast(NetworkDuration.cases, String) + _BLANK
    + cast(NetworkDuration.slow, String),
    NetworkDuration.median,
)  # fmt: skip
"""What the network's cities have needed: of every procedure, unless the caller narrows it."""

_OFFICE: Final = union_all(*OFFICE_PARTS, LEARNED_PART)


def office_of(organisation_id: int) -> Office:
    """How that organisation works, in one query; an organisation that has said nothing has an empty office."""
    return office_from(read(_OFFICE, {"city": organisation_id}))


def office_from(rows: Iterable[Any]) -> Office:
    """The office that rows of OFFICE_PARTS and LEARNED_PART tell."""
    closed, meetings, durations = set[date](), list[Meeting](), dict[str, int]()
    learned: dict[str, dict[str, Learned]] = {}
    for kind, first, last, words, days in rows:
        if kind == "closed":
            closed.update(days_of(first, last))
        elif kind == "meeting":
            meetings.append(Meeting(first, words))
        elif kind == "learned":
            procedure, stage, cases, slow = words.split(" ")
            learned.setdefault(procedure, {})[stage] = Learned(int(cases), days, int(slow), first)
        else:
            durations[words] = days
    in_order = sorted(meetings, key=lambda meeting: (meeting.on, meeting.body))
    return Office(frozenset(closed), tuple(in_order), durations, learned)


def closed_in(organisation_id: int) -> frozenset[date]:
    """The days on which that organisation is closed besides weekends and holidays."""
    rows = read(select(CityClosing.first_day, CityClosing.last_day).where(CityClosing.organisation_id == organisation_id), {})
    return frozenset(day for first, last in rows for day in days_of(first, last))


def closed_days() -> dict[int, frozenset[date]]:
    """Organisation -> the days on which it is closed besides weekends and holidays, for those that have any."""
    found: dict[int, set[date]] = {}
    for city, first, last in read(select(CityClosing.organisation_id, CityClosing.first_day, CityClosing.last_day), {}):
        found.setdefault(city, set()).update(days_of(first, last))
    return {city: frozenset(days) for city, days in found.items()}


def _of(by: Actor, table: Any, *columns: Any) -> Select[*tuple[Any, ...]]:
    """The rows of the person's own city, with who changed them. The network's people have no city's calendar."""
    statement = (
        select(*columns, table.changed_at, Person.name.label("changed_by"))
        .outerjoin(Person, Person.id == table.changed_by_id)
        .where(table.organisation_id == by.organisation_id)
    )
    return statement if by.role in CITY_ROLES else statement.where(false())


_CLOSING: Final = (CityClosing.id, CityClosing.first_day, CityClosing.last_day, CityClosing.name)
_MEETING: Final = (CityMeeting.id, CityMeeting.held_on, CityMeeting.body)


def closings(by: Actor, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """The city's closing days that are not over, in order: `id`, `first_day`, `last_day`, `name`, `changed_at`, `changed_by`."""
    statement = _of(by, CityClosing, *_CLOSING).where(CityClosing.last_day >= today)
    return read(statement.order_by(CityClosing.first_day, CityClosing.last_day), {}).all()


def passed_closings(by: Actor, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Those that are over, the latest first, at most MOST_PASSED."""
    statement = _of(by, CityClosing, *_CLOSING).where(CityClosing.last_day < today)
    return read(statement.order_by(CityClosing.first_day.desc()).limit(MOST_PASSED), {}).all()


def meetings(by: Actor, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """The meetings that are still to come, in order: `id`, `held_on`, `body`, `changed_at`, `changed_by`."""
    statement = _of(by, CityMeeting, *_MEETING).where(CityMeeting.held_on >= today)
    return read(statement.order_by(CityMeeting.held_on, CityMeeting.body), {}).all()


def passed_meetings(by: Actor, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Those that have been held, the latest first, at most MOST_PASSED."""
    statement = _of(by, CityMeeting, *_MEETING).where(CityMeeting.held_on < today)
    return read(statement.order_by(CityMeeting.held_on.desc(), CityMeeting.body).limit(MOST_PASSED), {}).all()


def durations(by: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The city's own numbers: `stage`, `working_days`, `changed_at`, `changed_by`."""
    return read(_of(by, CityDuration, CityDuration.stage, CityDuration.working_days), {}).all()


def last_body(by: Actor) -> str:
    """The body whose meetings the city entered last; "" when there are none."""
    statement = select(CityMeeting.body).where(CityMeeting.organisation_id == by.organisation_id)
    return db.session.scalar(statement.order_by(CityMeeting.id.desc()).limit(1)) or ""


def closing_for(by: Actor, closing_id: int) -> CityClosing | None:
    """One entry of the person's own city; None when it is not there or another city's."""
    return _one(by, CityClosing, closing_id)


def meeting_for(by: Actor, meeting_id: int) -> CityMeeting | None:
    """As `closing_for`, of meetings."""
    return _one(by, CityMeeting, meeting_id)


def _one(by: Actor, table: Any, number: int) -> Any:
    if by.role not in CITY_ROLES or number > LARGEST_ID:
        return None
    return db.session.scalar(select(table).where(table.id == number, table.organisation_id == by.organisation_id))
