"""Reading what the network knows of its people and of itself. Nothing here belongs to a city: everybody who signs in reads the same,
but for profiles that are not shown."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from procure.accounts.models import Person
from procure.domain.network import Fact
from procure.domain.support import TOPICS
from procure.infra.db import db, will_write
from procure.network.models import ExpertProfile, ExpertProfileChange, NetworkFact, NetworkMeeting, NetworkMeetingChange

MOST_OPEN = 5
"""Requests at a time for an expert who has said nothing."""
MOST_HISTORY: Final = 50
MOST_PASSED: Final = 20


@dataclass(frozen=True, slots=True)
class Profile:
    """`said`: whether the expert has filled it in; the rest is then what holds for everybody."""

    person_id: int
    name: str
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    not_cities: tuple[str, ...]
    most_open: int
    shown: bool
    about: str
    said: bool


def profiles() -> list[Profile]:
    """Every active expert, by name: for matching, which goes by people's work and not by who looks."""
    statement = (
        select(Person, ExpertProfile)
        .outerjoin(ExpertProfile, ExpertProfile.person_id == Person.id)
        .where(Person.role == "expert", Person.active)
        .options(joinedload(Person.organisation))
        .order_by(Person.name, Person.id)
    )
    return [_profile(person, profile) for person, profile in db.session.execute(statement)]


def _profile(person: Person, kept: ExpertProfile | None) -> Profile:
    if kept is None:
        return Profile(person.id, person.name, TOPICS, (person.language,), (), MOST_OPEN, False, "", False)
    return Profile(
        person.id, person.name, tuple(kept.topics), tuple(kept.languages), tuple(kept.not_cities), kept.most_open, kept.shown,
        kept.about, True,
    )  # fmt: skip


def experts_shown(topic: str = "", language: str = "") -> list[Profile]:
    """Experts who have chosen to be named, by name; only those who know the topic and speak the language, where one is given."""
    return [
        one for one in profiles()
        if one.shown and (not topic or topic in one.topics) and (not language or language in one.languages)
    ]  # fmt: skip


def profile_of(person_id: int) -> tuple[Profile, int] | None:
    """The profile of an active expert with its version, 0 where nothing has been said; None for anybody else."""
    statement = (
        select(Person, ExpertProfile)
        .outerjoin(ExpertProfile, ExpertProfile.person_id == Person.id)
        .where(Person.id == person_id, Person.role == "expert", Person.active)
    )
    row = db.session.execute(statement).one_or_none()
    return (_profile(*row), row[1].version_id if row[1] else 0) if row else None


def profile_to_change(person_id: int) -> ExpertProfile | None:
    """The row of the profile as it is now, locked where the request writes."""
    statement = select(ExpertProfile).where(ExpertProfile.person_id == person_id).execution_options(populate_existing=True)
    return db.session.scalar(statement.with_for_update() if will_write() else statement)


def profile_changes(person_id: int) -> list[ExpertProfileChange]:
    """How the profile became what it is, the newest first."""
    statement = select(ExpertProfileChange).where(ExpertProfileChange.person_id == person_id)
    return list(db.session.scalars(statement.order_by(ExpertProfileChange.version.desc()).limit(MOST_HISTORY)))


def changed_facts() -> list[Fact]:
    """The coordinator's latest word on each fact that the coordinator has changed."""
    latest = select(func.max(NetworkFact.id)).group_by(NetworkFact.subject, NetworkFact.field)
    return [row.fact for row in db.session.scalars(select(NetworkFact).where(NetworkFact.id.in_(latest)))]


def fact_changes(subject: str, field: str) -> list[NetworkFact]:
    """What the coordinator has said there, the newest first."""
    statement = select(NetworkFact).where(NetworkFact.subject == subject, NetworkFact.field == field)
    return list(db.session.scalars(statement.order_by(NetworkFact.version.desc())))


def meetings(today: date) -> list[NetworkMeeting]:
    """Those from today on, the next one first; cancelled ones stay until their day."""
    statement = select(NetworkMeeting).where(NetworkMeeting.held_on >= today)
    return list(db.session.scalars(statement.order_by(NetworkMeeting.held_on, NetworkMeeting.starts, NetworkMeeting.id)))


def passed_meetings(today: date) -> list[NetworkMeeting]:
    """The latest ones that are over, the last one first."""
    statement = select(NetworkMeeting).where(NetworkMeeting.held_on < today)
    order = (NetworkMeeting.held_on.desc(), NetworkMeeting.id.desc())
    return list(db.session.scalars(statement.order_by(*order).limit(MOST_PASSED)))


def meeting(meeting_id: int) -> NetworkMeeting | None:
    """Locked where the request writes."""
    statement = select(NetworkMeeting).where(NetworkMeeting.id == meeting_id)
    return db.session.scalar(statement.with_for_update() if will_write() else statement)


def meeting_with_key(form_key: str) -> NetworkMeeting | None:
    return db.session.scalar(select(NetworkMeeting).where(NetworkMeeting.form_key == form_key))


def meeting_changes(meeting_id: int) -> list[NetworkMeetingChange]:
    """What was done to the meeting, the newest first."""
    statement = select(NetworkMeetingChange).where(NetworkMeetingChange.meeting_id == meeting_id)
    return list(db.session.scalars(statement.order_by(NetworkMeetingChange.version.desc())))
