"""Experts as the network's pages show them: who knows what, and how a profile became what it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.catalogue import organisations, topics
from procure.domain.support import TOPICS
from procure.network.models import ExpertProfileChange
from procure.network.queries import Profile

LANGUAGE_NAMES: Final[dict[str, Any]] = {"fi": _l("Finnish"), "sv": _l("Swedish"), "en": _l("English")}
PART_NAMES: Final[dict[str, Any]] = {
    "topics": _l("Topics"), "languages": _l("Languages of advice"), "most_open": _l("Requests at a time, at most"),
    "not_cities": _l("Cities not taken"), "shown": _l("Shown on the page of experts"), "about": _l("Experience"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonLine:
    id: int
    name: str
    topics: str
    languages: str
    about: str
    most_open: int
    shown: bool
    said: bool


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """Everybody who knows one topic."""

    id: str
    name: str
    covers: str
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    by: str
    at: datetime
    lines: tuple[tuple[str, str], ...]


def topic_choices(language: str) -> list[tuple[str, str]]:
    return [(topic.id, topic.name[language]) for topic in topics.catalogue().all]


def language_choices() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in LANGUAGE_NAMES.items()]


def city_choices(language: str) -> list[tuple[str, str]]:
    found = ((one.code, one.name[language]) for one in organisations.catalogue().municipalities)
    return sorted(found, key=lambda choice: choice[1])


def person_line(one: Profile, language: str) -> PersonLine:
    return PersonLine(
        one.person_id,
        one.name,
        _topics(one.topics, language),
        _languages(one.languages),
        one.about,
        one.most_open,
        one.shown,
        one.said,
    )


def by_topic(people: Sequence[Profile], only: str, language: str) -> list[TopicGroup]:
    """The topics that somebody knows, in their usual order, each with its people; `only` one of them where that is asked for."""
    lines = {one.person_id: person_line(one, language) for one in people}
    found = []
    for topic in topics.catalogue().all:
        knowing = tuple(lines[one.person_id] for one in people if topic.id in one.topics)
        if knowing and only in ("", topic.id):
            found.append(TopicGroup(topic.id, topic.name[language], topic.covers[language], knowing))
    return found


def history(rows: Iterable[ExpertProfileChange], language: str) -> list[ChangeLine]:
    """What became different each time, and what it was from then on."""
    return [
        ChangeLine(
            row.by, row.at, tuple((str(PART_NAMES[part]), _shown(part, row.values[part], language)) for part in row.changed)
        )
        for row in rows
    ]


def present(one: Profile, parts: Iterable[str], language: str) -> list[tuple[str, str]]:
    """What the profile says now, by name: for somebody who was changing it at the same time."""
    return [(str(PART_NAMES[part]), _shown(part, getattr(one, part), language)) for part in parts]


def _shown(part: str, value: Any, language: str) -> str:
    if part == "topics":
        return _topics(value, language)
    if part == "languages":
        return _languages(value)
    if part == "not_cities":
        return ", ".join(organisations.catalogue().get(code).name[language] for code in value) or _("none")
    if part == "shown":
        return _("Yes") if value else _("No")
    return str(value) or "–"


def _topics(known: Sequence[str], language: str) -> str:
    if set(known) >= set(TOPICS):
        return _("Every topic")
    return ", ".join(topics.catalogue().get(topic).name[language] for topic in known)


def _languages(spoken: Iterable[str]) -> str:
    return ", ".join(str(LANGUAGE_NAMES[code]) for code in spoken)
