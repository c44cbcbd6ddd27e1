"""Finding what people chose, who is away, and what waits for a digest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Date, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from procure.accounts.models import Organisation, Person
from procure.accounts.queries import LARGEST_ID, MOST_PEOPLE
from procure.domain.notifications import MOST_ABSENCES, may_stand_in, roles_standing_in
from procure.domain.permissions import Actor
from procure.infra.db import db, read, will_write
from procure.infra.outbox import OutboxMessage
from procure.notifications.models import Absence, Notice, NotificationChoice, ReminderRun

MOST_PASSED: Final = 10
LOOKED_BACK: Final = timedelta(days=400)
"""For a city's last reminders; before that there were none."""


def choices_of(by: Actor) -> dict[str, str]:
    """Kind -> cadence, as far as the person has chosen."""
    statement = select(NotificationChoice.kind, NotificationChoice.cadence).where(NotificationChoice.person_id == by.id)
    return {row.kind: row.cadence for row in db.session.execute(statement)}


def choices_of_all(people: Collection[int]) -> dict[tuple[int, str], str]:
    """(person, kind) -> cadence, as far as these people have chosen."""
    columns = (NotificationChoice.person_id, NotificationChoice.kind, NotificationChoice.cadence)
    rows = db.session.execute(select(*columns).where(NotificationChoice.person_id.in_(people)))
    return {(person, kind): cadence for person, kind, cadence in rows}


def known_keys(keys: Collection[str]) -> set[str]:
    """Which of these acts have been told already, by letter or for a digest."""
    told = db.session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.in_(keys)))
    waiting = db.session.scalars(select(Notice.key).where(Notice.key.in_(keys)))
    return {*told, *waiting}


def people_by_id(people: Collection[int]) -> dict[int, Person]:
    """Those of these people who are active."""
    return {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(people), Person.active))}


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who gets a person's letters now, and until when the person is away."""

    delegate: Person
    until: date


def stand_ins(people: Collection[int], day: date) -> dict[int, StandIn]:
    """Person -> stand-in, of those of these people who are away on the day and whose stand-in is active, of the same organisation,
    of a role that sees the same, and not away too."""
    away, too = aliased(Person), aliased(Absence)
    statement = (
        select(away.id, away.role, Person, Absence.last_day)
        .select_from(Absence)
        .join(away, away.id == Absence.person_id)
        .join(Person, and_(Person.id == Absence.delegate_id, Person.active, Person.organisation_id == away.organisation_id))
        .outerjoin(
            too, and_(too.person_id == Person.id, too.ended_at.is_(None), too.first_day <= day, too.last_day >= day)
        )
        .where(Absence.person_id.in_(people), Absence.ended_at.is_(None), Absence.first_day <= day, Absence.last_day >= day)
        .where(too.id.is_(None))
    )  # fmt: skip
    return {
        person: StandIn(delegate, until)
        for person, role, delegate, until in db.session.execute(statement)
        if may_stand_in(role, delegate.role)
    }


_AWAY: Final = (
    select(Absence.person_id)
    .join(Person, Person.id == Absence.person_id)
    .where(Person.organisation_id == bindparam("organisation"), Absence.ended_at.is_(None))
    .where(Absence.first_day <= bindparam("day", type_=Date), Absence.last_day >= bindparam("day", type_=Date))
)


def away_in(organisation_id: int, day: date) -> dict[int, int]:
    """Person -> delegate, of those of the organisation who are away on the day and whose delegate can stand in."""
    people = read(_AWAY, {"organisation": organisation_id, "day": day}).scalars().all()
    return {person: found.delegate.id for person, found in stand_ins(people, day).items()} if people else {}


# the own absences


def absences_of(by: Actor, today: date) -> list[Absence]:
    """Those that are not over, in order."""
    statement = select(Absence).where(Absence.person_id == by.id, Absence.ended_at.is_(None), Absence.last_day >= today)
    return list(db.session.scalars(statement.order_by(Absence.first_day).limit(MOST_ABSENCES)))


def passed_absences(by: Actor, today: date) -> list[Absence]:
    """The last ten that are over and were not ended early, the latest first."""
    statement = select(Absence).where(Absence.person_id == by.id, Absence.ended_at.is_(None), Absence.last_day < today)
    return list(db.session.scalars(statement.order_by(Absence.last_day.desc()).limit(MOST_PASSED)))


def absence_for(by: Actor, absence_id: int) -> Absence | None:
    """One of the person's own absences, locked when the caller is going to write."""
    if absence_id > LARGEST_ID:
        return None
    statement = select(Absence).where(Absence.id == absence_id, Absence.person_id == by.id)
    return db.session.scalar(statement.with_for_update(of=Absence) if will_write() else statement)


def delegates_for(by: Actor) -> list[Person]:
    """Who can stand in for the person, by name."""
    statement = select(Person).where(
        Person.organisation_id == by.organisation_id,
        Person.active,
        Person.id != by.id,
        Person.role.in_(roles_standing_in(by.role)),
    )
    return list(db.session.scalars(statement.order_by(Person.name, Person.id).limit(MOST_PEOPLE)))


def lock_person(by: Actor) -> Person:
    """The person's own row, so that two forms sent at once follow one another."""
    return db.session.scalars(select(Person).where(Person.id == by.id).with_for_update(key_share=True)).one()


# digests


def waiting_organisations(before: datetime) -> list[tuple[int, str, datetime]]:
    """(organisation, cadence, moment of the oldest) of everything that waits for a digest and happened before the moment."""
    statement = (
        select(Person.organisation_id, Notice.cadence, func.min(Notice.at))
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.sent_at.is_(None), Notice.at < before)
        .group_by(Person.organisation_id, Notice.cadence)
        .order_by(Person.organisation_id, Notice.cadence)
    )
    return [(organisation, cadence, at) for organisation, cadence, at in db.session.execute(statement)]


def people_waiting(organisation_id: int, cadence: str, before: datetime, after: int, most: int) -> list[int]:
    """The next people, by number, for whom something waits that happened before the moment."""
    statement = (
        select(Notice.person_id)
        .join(Person, Person.id == Notice.person_id)
        .where(
            Notice.sent_at.is_(None), Notice.cadence == cadence, Notice.at < before, Notice.person_id > after,
            Person.organisation_id == organisation_id,
        )
        .group_by(Notice.person_id)
        .order_by(Notice.person_id)
        .limit(most)
    )  # fmt: skip
    return list(db.session.scalars(statement))


def notices_to_send(people: Collection[int], cadence: str, before: datetime) -> list[Notice]:
    """What waits for these people, in order, locked; what another process is sending is left out."""
    statement = (
        select(Notice)
        .where(Notice.person_id.in_(people), Notice.cadence == cadence, Notice.sent_at.is_(None), Notice.at < before)
        .order_by(Notice.person_id, Notice.at, Notice.id)
        .with_for_update(skip_locked=True)
    )
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


# reminders


@dataclass(frozen=True, slots=True)
class CityRun:
    """A municipality with people, and the last day whose reminders have been made; `today`: when today's were claimed, if they were,
    and whether they are done."""

    id: int
    last_run: date | None
    claimed_at: datetime | None
    done: bool


def city_runs(today: date) -> Sequence[CityRun]:
    """Every organisation in which somebody can sign in: the municipalities, and the network for what its people look after."""
    own = aliased(ReminderRun)
    last = (
        select(ReminderRun.organisation_id, func.max(ReminderRun.day).label("day"))
        .where(ReminderRun.done_at.is_not(None), ReminderRun.day >= today - LOOKED_BACK)
        .group_by(ReminderRun.organisation_id)
        .subquery()
    )
    statement = (
        select(Organisation.id, last.c.day, own.claimed_at, own.done_at)
        .outerjoin(last, last.c.organisation_id == Organisation.id)
        .outerjoin(own, and_(own.organisation_id == Organisation.id, own.day == today))
        .where(select(Person.id).where(Person.organisation_id == Organisation.id, Person.active).exists())
        .order_by(Organisation.id)
    )
    return [CityRun(row[0], row[1], row[2], row[3] is not None) for row in db.session.execute(statement)]


def run_of(organisation_id: int, day: date) -> ReminderRun | None:
    """The city's run of the day, locked when nobody else holds it."""
    statement = select(ReminderRun).where(ReminderRun.organisation_id == organisation_id, ReminderRun.day == day)
    return db.session.scalar(statement.with_for_update(skip_locked=True).execution_options(populate_existing=True))
