"""Meetings of the network as pages show them, and as calendar programs read them (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.domain.network import Meeting
from procure.infra.clock import FINLAND
from procure.network.models import NetworkMeeting, NetworkMeetingChange

PRODUCER: Final = "-//Procure//Network//FI"
ACTS: Final[dict[str, Any]] = {
    "added": _l("Added"), "changed": _l("Changed"), "cancelled": _l("Cancelled"), "restored": _l("Takes place after all"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """`title_language`: of the title where it is not the page's; "" else. `times`: as they are read, "" for a whole day."""

    id: int
    title: str
    title_language: str
    on: date
    times: str
    place: str
    link: str
    about: str
    cancelled: bool
    why: str
    version: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """`lines`: (name, value) of what became different; of everything, when it was added."""

    act: str
    by: str
    at: datetime
    lines: tuple[tuple[str, Any], ...]


def line(row: NetworkMeeting, language: str) -> MeetingLine:
    title, tongue = row.meeting.title.best(language)
    return MeetingLine(
        row.id, title, "" if tongue == language else tongue, row.held_on, times(row.starts, row.ends, language), row.place, row.link,
        row.about, row.cancelled, row.why, row.version_id,
    )  # fmt: skip


def lines(rows: Iterable[NetworkMeeting], language: str) -> list[MeetingLine]:
    return [line(row, language) for row in rows]


def times(starts: str, ends: str, language: str) -> str:
    """9.30–11.00 (fi, sv), 09:30–11:00 (en); "" for a whole day."""
    shown = [_time(one, language) for one in (starts, ends) if one]
    return "–".join(shown)


def _time(text: str, language: str) -> str:
    return text if language == "en" else text.replace(":", ".").removeprefix("0")


def present(meeting: Meeting, language: str) -> list[tuple[str, Any]]:
    """Everything that the meeting says now, by name: for somebody who was changing it at the same time."""
    return [(name, value) for name, value in _named(_values(meeting), language) if value]


def history(rows: Iterable[NetworkMeetingChange], language: str) -> list[ChangeLine]:
    """`rows` the newest first."""
    found: list[ChangeLine] = []
    before: dict[str, Any] = {}
    for row in reversed(list(rows)):
        old = dict(_named(before, language)) if before else {}
        changed = tuple((name, value) for name, value in _named(row.values, language) if old.get(name, "") != value)
        found.append(ChangeLine(str(ACTS[row.act]), row.by, row.at, changed))
        before = row.values
    return found[::-1]


def _values(meeting: Meeting) -> dict[str, Any]:
    title = {"fi": meeting.title.fi, "sv": meeting.title.sv, "en": meeting.title.en}
    on = meeting.on.isoformat() if meeting.on else ""
    return {
        "title": title, "on": on, "starts": meeting.starts, "ends": meeting.ends, "place": meeting.place, "link": meeting.link,
        "about": meeting.about, "why": "",
    }  # fmt: skip


def _named(values: dict[str, Any], language: str) -> list[tuple[str, Any]]:
    title = values["title"]
    return [
        (_("In Finnish"), title["fi"]), (_("In Swedish"), title["sv"]), (_("In English"), title["en"]),
        (_("Day"), date.fromisoformat(values["on"]) if values["on"] else ""),
        (_("Time"), times(values["starts"], values["ends"], language)), (_("Place"), values["place"]),
        (_("Web page"), values["link"]), (_("What it is about"), values["about"]), (_("Reason"), values["why"]),
    ]  # fmt: skip


def file(rows: Iterable[NetworkMeeting], name: str, language: str, public_url: str) -> bytes:
    """The meetings as a calendar. `name` is what calendar programs show. The same meetings give the same bytes."""
    from icalendar import Calendar, Event  # seven megabytes that only a process that writes calendars needs

    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for row in rows:
        event = Event()
        for key, value in _entry(row, language, public_url).items():
            event.add(key, value)
        calendar.add_component(event)
    return calendar.to_ical()


def _entry(row: NetworkMeeting, language: str, public_url: str) -> dict[str, Any]:
    title, link = _plain(row.meeting.title.best(language)[0]), f"{public_url}/network/meetings/{row.id}"
    starts, ends = _span(row)
    entry = {
        "uid": f"network-meeting-{row.id}@{urlsplit(public_url).hostname}",
        "dtstamp": row.changed_at.astimezone(UTC).replace(microsecond=0),
        "sequence": row.version_id - 1, "dtstart": starts, "dtend": ends,
        "summary": title,
        "status": "CANCELLED" if row.cancelled else "CONFIRMED", "url": link,
        "description": "\n".join(text for text in (row.about, row.link, link) if text),
    }  # fmt: skip
    return entry | ({"location": _plain(row.place)} if row.place else {})


def _span(row: NetworkMeeting) -> tuple[date | datetime, date | datetime]:
    """In universal time, which every program reads alike; a whole day ends where the next begins, and a meeting without an end takes
    an hour."""
    if not row.starts:
        return row.held_on, row.held_on + timedelta(days=1)
    starts = datetime.combine(row.held_on, time.fromisoformat(row.starts), FINLAND).astimezone(UTC)
    if not row.ends:
        return starts, starts + timedelta(hours=1)
    return starts, datetime.combine(row.held_on, time.fromisoformat(row.ends), FINLAND).astimezone(UTC)


def _plain(text: str) -> str:
    """On one line, without characters that no calendar may hold."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
