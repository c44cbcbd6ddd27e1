"""A calendar as a file (RFC 5545), in its person's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from procure.domain.language import LOCALES
from procure.timetables.feed_service import BY_LAW, EXPECTED, HAPPENED, TELLING, WANTED, CaseDays, Day

PRODUCER: Final = "-//Procure//Timetables//FI"
ASKED_AGAIN: Final = timedelta(hours=6)
"""How often a calendar program is asked to look for news."""
END: Final = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """An all-day entry, ready to be written."""

    uid: str
    on: date
    summary: str
    description: str
    link: str
    certain: bool
    changed_at: datetime


def file(cases: Iterable[CaseDays], name: str, language: str, public_url: str) -> bytes:
    """The calendar of these cases. The same days give the same bytes. `name` is what calendar programs show."""
    from icalendar import Calendar  # seven megabytes that only a process that writes calendars needs

    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASKED_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    head = calendar.to_ical().removesuffix(END)
    words = _Words(language)
    entries = (_entry(case, day, words, public_url) for case in cases for day in case.days)
    return head + b"".join(_written(entry) for entry in entries) + END


def name_of(cases: list[CaseDays], one_case: bool, language: str) -> str:
    """What the calendar is called in the person's program."""
    if one_case:
        return f"{cases[0].reference} {_plain(cases[0].titles[language])}"
    with force_locale(LOCALES[language]):
        return _("Procure: my cases")


class _Words:
    """What is said of days, looked up once: a calendar of many cases says it thousands of times."""

    def __init__(self, language: str) -> None:
        self.language = language
        with force_locale(LOCALES[language]):
            self._kinds = {
                HAPPENED: _("Done on this day."),
                BY_LAW: _("A period of law ends on this day."),
                EXPECTED: _("Ends on this day by the present timetable."),
                WANTED: _("The day that the city has named."),
                TELLING: _("Planned to be told in public on this day."),
            }
        self._least: dict[int, str] = {}

    def of(self, day: Day) -> str:
        if day.least is None or day.kind != EXPECTED:
            return self._kinds[day.kind]
        return f"{self._kinds[day.kind]} {self._least_days(day.least)}"

    def _least_days(self, days: int) -> str:
        if days not in self._least:
            with force_locale(LOCALES[self.language]):
                self._least[days] = ngettext("The law sets at least %(num)s day.", "The law sets at least %(num)s days.", days)
        return self._least[days]


def _entry(case: CaseDays, day: Day, words: _Words, public_url: str) -> Entry:
    link = f"{public_url}/cases/{case.reference}/{day.page}"
    told = (words.of(day), day.citation, link)
    return Entry(
        f"{case.reference}.{day.key}@{urlsplit(public_url).hostname}", day.on,
        f"{day.name[words.language]}: {_plain(case.titles[words.language])} ({case.reference})",
        "\n".join(line for line in told if line), link, day.kind in (HAPPENED, BY_LAW), case.changed_at.astimezone(UTC),
    )  # fmt: skip


def _plain(title: str) -> str:
    """On one line, without characters that no calendar may hold."""
    return "".join(letter for letter in " ".join(title.split()) if letter.isprintable() or letter > "\x9f")


@lru_cache(8192)
def _written(entry: Entry) -> bytes:
    """Kept once made: a person's calendar is asked for every few hours, has hundreds of entries, and writing them is slow."""
    from icalendar import Event

    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + timedelta(days=1))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("url", entry.link)
    event.add("status", "CONFIRMED" if entry.certain else "TENTATIVE")
    event.add("transp", "TRANSPARENT")  # a planned day takes up nobody's time
    return event.to_ical()
