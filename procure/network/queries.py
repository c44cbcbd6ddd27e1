"""Reading what the network knows of its people."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from procure.accounts.models import Person
from procure.domain.support import TOPICS
from procure.infra.db import db
from procure.network.models import ExpertProfile

MOST_OPEN = 5
"""Requests at a time for an expert who has said nothing."""


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
