"""A meeting as calendar programs take it: an invitation, its changes and its end (RFC 5545, RFC 5546)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from flask_babel import force_locale
from flask_babel import gettext as _

from procure.accounts.models import Person
from procure.catalogue import topics
from procure.domain.language import LOCALES
from procure.domain.support import shown_number
from procure.infra.clock import FINLAND
from procure.support.models import SupportMeeting, SupportRequest

PRODUCER: Final = "-//Procure//Expert support//EN"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


def file(
    request: SupportRequest, meeting: SupportMeeting, organiser: Person, people: Sequence[Person], method: str, language: str,
    public_url: str,
) -> str:  # fmt: skip
    """The meeting in its present version for these people. `method`: REQUEST invites or changes, CANCEL ends, PUBLISH only shows.

    Number, topic, time and place stand in it: nothing of the case.
    """
    from icalendar import Calendar, Event, vCalAddress  # only a process that writes calendars needs it

    link = f"{public_url}/support/{request.id}"
    calendar, event = Calendar(), Event()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event.add("uid", f"support-{request.id}-meeting-{meeting.number}@{urlsplit(public_url).hostname}")
    event.add("sequence", meeting.version - 1)
    event.add("dtstamp", meeting.at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.starts_at + timedelta(minutes=meeting.minutes))
    event.add("summary", summary(request, language))
    event.add("location", ", ".join(part for part in (meeting.place, meeting.link) if part))
    event.add("description", "\n".join(part for part in (meeting.link, link) if part))
    event.add("url", link)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    host = vCalAddress(f"mailto:{organiser.email}")
    host.params["CN"] = organiser.name
    event.add("organizer", host)
    for person in people:
        guest = vCalAddress(f"mailto:{person.email}")
        guest.params.update({"CN": person.name, "ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE"})
        event.add("attendee", guest)
    calendar.add_component(event)
    return calendar.to_ical().decode("utf-8")


def summary(request: SupportRequest, language: str) -> str:
    """What the meeting is called in a calendar: `T-0012: funding, meeting`."""
    with force_locale(LOCALES[language]):
        topic = topics.catalogue().get(request.topic).name[language]
        return _("%(number)s: meeting (%(topic)s)", number=shown_number(request.id), topic=topic)


def when(meeting: SupportMeeting) -> str:
    """`15.1.2027 13:00–14:00`, Finnish time: how the thread's own row keeps it, the same in each language."""
    begins = meeting.starts_at.astimezone(FINLAND)
    ends = (meeting.starts_at + timedelta(minutes=meeting.minutes)).astimezone(FINLAND)
    last = f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends.day}.{ends.month}.{ends.year} {ends:%H:%M}"
    return f"{begins.day}.{begins.month}.{begins.year} {begins:%H:%M}–{last}"
