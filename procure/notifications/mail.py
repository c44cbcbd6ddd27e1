"""Turns what is to be told into letters and lines of digests, in the receiver's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from procure.accounts.models import Person
from procure.domain.language import Trilingual
from procure.infra.mail import render, subject_of
from procure.infra.outbox import Item
from procure.notifications.models import Notice
from procure.notifications.queries import StandIn

FOOT: Final = "_notification_foot"
MOST_LINES: Final = 100
"""In one digest; the rest is counted."""


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell one person. `key` names the act: the same act is told to the same person once.

    `values` for `templates/mail/<template>.txt`: texts, numbers, truths, days, moments, and Trilingual for what has three names. Nothing of
    the case but its reference and what happened. `at`: when it happened, if that is not now.
    """

    kind: str
    person: Person
    key: str
    template: str
    path: str
    values: Mapping[str, Any]
    at: datetime | None = None
    reply_to: str = ""
    """Where the person may answer the letter; only the person, not who stands in."""
    calendar: str = ""
    """An invitation for the person's calendar: such a letter does not wait for a digest."""

    @property
    def whole_key(self) -> str:
        return f"{self.key}:{self.person.id}"


def letter(news: News, stand_in: StandIn | None) -> Item:
    """The letter that leaves at once, to the person or to who stands in."""
    receiver = stand_in.delegate if stand_in else news.person
    values = unpacked(packed(news.values), receiver.language) | _away(news.person, stand_in)
    reply_to = "" if stand_in else news.reply_to
    made = render(news.template, receiver.language, foot=FOOT, path=news.path, answerable=bool(reply_to), **values)
    return Item(
        news.whole_key, receiver.email, made.subject, made.body, receiver.language, made.html, reply_to, news.calendar
    )  # fmt: skip


def digest(person: Person, stand_in: StandIn | None, notices: Sequence[Notice], key: str) -> Item:
    """One letter with a line for each notice."""
    receiver = stand_in.delegate if stand_in else person
    lines = [
        (
            subject_of(notice.template, receiver.language, path=notice.path, **unpacked(notice.values, receiver.language)),
            notice.path,
        )
        for notice in notices[:MOST_LINES]
    ]
    made = render("digest", receiver.language, foot=FOOT, items=lines, count=len(notices), **_away(person, stand_in))
    return Item(key, receiver.email, made.subject, made.body, receiver.language, made.html)


def _away(person: Person, stand_in: StandIn | None) -> dict[str, Any]:
    return {"away_name": person.name, "away_until": stand_in.until} if stand_in else {"away_name": ""}


def packed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON keeps them."""
    return {name: _packed(value) for name, value in values.items()}


def _packed(value: Any) -> Any:
    if isinstance(value, Trilingual):
        return {"fi": value.fi, "sv": value.sv, "en": value.en}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def unpacked(values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The values as a template takes them, in that language."""
    return {name: _unpacked(value, language) for name, value in values.items()}


def _unpacked(value: Any, language: str) -> Any:
    if not isinstance(value, dict):
        return value
    if "moment" in value:
        return datetime.fromisoformat(value["moment"])
    return date.fromisoformat(value["day"]) if "day" in value else value[language]
