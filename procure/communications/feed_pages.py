"""The communications plan of a case as a calendar file (RFC 5545), in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import UTC, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from procure.cases.models import Case
from procure.communications.models import CommunicationItem
from procure.domain.communications import APPROVED, PUBLISHED, WITHDRAWN

PRODUCER: Final = "-//Procure//Communications//FI"


def file(
    case: Case, items: Iterable[CommunicationItem], words: Mapping[str, Any], language: str, public_url: str
) -> bytes:  # fmt: skip
    """All that is planned or published, a day each; what is told is not in it. `words`: what channels and states are called. The same
    plan gives the same bytes."""
    from icalendar import Calendar, Event  # seven megabytes that only a process that writes calendars needs

    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    name = f"{case.reference} {_plain(case.titles[language])}"
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    for item in items:
        if item.state == WITHDRAWN:
            continue
        on, link = item.published_on or item.planned_on, f"{public_url}/cases/{case.reference}/communications/{item.number}"
        event = Event()
        event.add("uid", f"{case.reference}.communication.{item.number}@{urlsplit(public_url).hostname}")
        event.add("dtstamp", item.changed_at.astimezone(UTC))
        event.add("dtstart", on)
        event.add("dtend", on + timedelta(days=1))
        event.add("summary", f"{_plain(item.title)} ({case.reference})")
        told = f"{words[item.channel]}: {_plain(item.audience)}"
        event.add("description", f"{told}\n{words[item.state]}\n{link}")
        event.add("url", link)
        event.add("status", "CONFIRMED" if item.state in (APPROVED, PUBLISHED) else "TENTATIVE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _plain(words: str) -> str:
    """On one line, without characters that no calendar may hold."""
    return "".join(letter for letter in " ".join(words.split()) if letter.isprintable() or letter > "\x9f")
