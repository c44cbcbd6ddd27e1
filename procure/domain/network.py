"""The network: what is known of its regions and from where, who of its people may change what, and when it meets. Practice, not law."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit

from procure.domain.language import LANGUAGES
from procure.domain.outcomes import Reason, Refusal
from procure.domain.support import TOPICS

MARKS: Final = ("verified", "partly_verified", "inferred", "unverified")
"""How sure a fact is: read in its source; its substance read there, but not this wording; following from other facts; none of these."""

NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "network": (),
    "region": ("funding_body", "coordinator", "remark"),
    "theme": ("name", "partners", "standing"),
    "funding": (),
    "body": ("holder", "remark"),
}
"""Kind of subject -> what can be said of it once."""
MANY: Final[Mapping[str, str]] = {"network": "fact", "region": "priority", "funding": "fact"}
"""Kind of subject -> what can be said of it several times, in order: `priority_1`, `priority_2`, …"""
MOST: Final = 12
"""So many facts of that sort a subject takes."""
LONGEST_TEXT: Final = 500
MOST_SOURCES: Final = 5
LONGEST_SOURCE: Final = 400


@dataclass(frozen=True, slots=True)
class Words:
    """One text in those languages in which its wording is known; "" in the others, never a translation made here."""

    fi: str = ""
    sv: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.fi or self.sv or self.en)

    def of(self, language: str) -> str:
        """The text in `language`, one of LANGUAGES, "" where it is not known. KeyError for another language."""
        if language not in LANGUAGES:
            raise KeyError(language)
        return str(getattr(self, language))

    def best(self, language: str) -> tuple[str, str]:
        """(text, its language): in `language`, else in the first of LANGUAGES that has it; ("", `language`) for nothing."""
        tongues = (language, *LANGUAGES)
        return next(((self.of(one), one) for one in tongues if self.of(one)), ("", language))


@dataclass(frozen=True, slots=True)
class Fact:
    """Something said of a subject. Without a text in any language it is open: not known, or taken away.

    `version`: 0 as the data file has it, else the number of the coordinator's change that holds; `by`, `at`: of that change.
    """

    subject: str
    field: str
    words: Words
    mark: str
    sources: tuple[str, ...]
    version: int = 0
    by: str = ""
    at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return not self.words


@dataclass(frozen=True, slots=True)
class Subject:
    """A region, a lead theme, a way of funding, a body, or the network as a whole.

    `municipalities`: codes of a region's parties; `county`: the region of Finland in which they lie; `driver`, `partners`: the
    regions that lead a theme and take part in it.
    """

    id: str
    kind: str
    name: Words
    facts: tuple[Fact, ...]
    municipalities: tuple[str, ...] = ()
    county: Words = Words()
    driver: str = ""
    partners: tuple[str, ...] = ()

    def fact(self, field: str) -> Fact:
        """What is said of it there; an open fact where nothing is. KeyError for a field that its kind does not have, and for a number
        after the next one."""
        found = next((fact for fact in self.facts if fact.field == field), None)
        if found is not None:
            return found
        if field not in NAMED[self.kind] and field != self.next_field:
            raise KeyError(field)
        return Fact(self.id, field, Words(), "unverified", ())

    @property
    def many(self) -> tuple[Fact, ...]:
        """The numbered facts, in order; those that were taken away stand among them, open."""
        found = [fact for fact in self.facts if number_of(fact.field)]
        return tuple(sorted(found, key=lambda fact: number_of(fact.field)))

    @property
    def next_field(self) -> str:
        """Where one more numbered fact goes; "" when no more is taken."""
        name = MANY.get(self.kind)
        number = max((number_of(fact.field) for fact in self.facts), default=0) + 1
        return f"{name}_{number}" if name and number <= MOST else ""


def number_of(field: str) -> int:
    """2 for `priority_2`; 0 for a field that stands once."""
    _name, _line, number = field.rpartition("_")
    return int(number) if number.isascii() and number.isdecimal() else 0


def has_field(kind: str, field: str) -> bool:
    """Whether that can be said of a subject of that kind."""
    numbered = {f"{MANY[kind]}_{number}" for number in range(1, MOST + 1)} if kind in MANY else set()
    return field in NAMED[kind] or field in numbered


def overlaid(subject: Subject, changes: Iterable[Fact]) -> Subject:
    """The subject with the coordinator's changes over what the data file says; changes of other subjects are passed over."""
    facts = {fact.field: fact for fact in subject.facts}
    for change in changes:
        if change.subject == subject.id and has_field(subject.kind, change.field):
            facts[change.field] = change
    return replace(subject, facts=tuple(facts.values()))


def folded(text: str) -> str:
    """As words are compared: without case, and composed letters as one."""
    return unicodedata.normalize("NFC", text).casefold()


def matches(searched: str, texts: Iterable[str]) -> bool:
    """Whether each of the words that are searched stands in one of the texts; nothing searched matches everything."""
    ground = "\n".join(folded(text) for text in texts)
    return all(word in ground for word in folded(searched).split())


def sources_in(typed: str) -> tuple[str, ...]:
    """The addresses that somebody has typed, apart by blanks or line ends, each once."""
    return tuple(dict.fromkeys(typed.split()))


def check_fact(words: Words, mark: str, sources: tuple[str, ...]) -> None:
    """A fact says how sure it is; a verified one names where it was read, and every source is an address on the web. A fact without
    words is left open and needs neither. Raises Refusal with every reason."""
    reasons = [
        Reason("network_text_long", {"most": str(LONGEST_TEXT)}, target=language)
        for language in LANGUAGES if len(words.of(language)) > LONGEST_TEXT
    ]  # fmt: skip
    if words and mark not in MARKS:
        reasons.append(Reason("network_mark_missing", target="mark"))
    if words and mark in ("verified", "partly_verified") and not sources:
        reasons.append(Reason("network_source_missing", target="sources"))
    if len(sources) > MOST_SOURCES:
        reasons.append(Reason("network_sources_many", {"most": str(MOST_SOURCES)}, target="sources"))
    if not all(is_web_address(source) for source in sources):
        reasons.append(Reason("network_source_unusable", target="sources"))
    if reasons:
        raise Refusal(*reasons)


def is_web_address(text: str) -> bool:
    """Whether it can stand as a link: http or https with a host, and nothing that a browser would read as something else."""
    if len(text) > LONGEST_SOURCE or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        return False


# meetings


LONGEST_TITLE: Final = 200
LONGEST_ABOUT: Final = 2000


@dataclass(frozen=True, slots=True)
class Meeting:
    """When the network meets. `starts`, `ends`: Finnish time as 09:30, "" for a whole day and for an end that is not known."""

    title: Words
    on: date | None
    starts: str
    ends: str
    place: str
    link: str
    about: str


def read_time(text: str) -> str:
    """09:30 for 9.30, 9:30, 09.30 or 9; "" for nothing. ValueError for what is no time of day."""
    text = text.strip()
    if not text:
        return ""
    hours, _line, minutes = text.replace(".", ":").partition(":")
    if not all(part.isascii() and part.isdecimal() and len(part) <= 2 for part in (hours, minutes or "0")):
        raise ValueError(text)
    if int(hours) > 23 or int(minutes or 0) > 59 or (_line and len(minutes) != 2):
        raise ValueError(text)
    return f"{int(hours):02d}:{int(minutes or 0):02d}"


def check_meeting(meeting: Meeting, today: date, stood_on: date | None = None) -> None:
    """A meeting has a title in some language, a day from today on (or the day on which it stood before), and ends after it starts.
    Raises Refusal with every reason."""
    reasons = []
    if not meeting.title:
        reasons.append(Reason("network_meeting_title_missing", target="title_fi"))
    if meeting.on is None:
        reasons.append(Reason("network_meeting_day_missing", target="on"))
    elif meeting.on < today and meeting.on != stood_on:
        reasons.append(Reason("network_meeting_past", target="on"))
    if meeting.ends and not meeting.starts:
        reasons.append(Reason("network_meeting_start_missing", target="starts"))
    elif meeting.ends and meeting.ends <= meeting.starts:
        reasons.append(Reason("network_meeting_ends_first", target="ends"))
    if meeting.link and not is_web_address(meeting.link):
        reasons.append(Reason("network_source_unusable", target="link"))
    if reasons:
        raise Refusal(*reasons)


# people


WORK_PART: Final = ("topics", "languages", "most_open")
"""What the coordinator may say of an expert's work; the rest of a profile is the expert's own."""
OWN_PART: Final = (*WORK_PART, "not_cities", "shown", "about")
MOST_OPEN: Final = 20


def editable(role: str, own: bool) -> tuple[str, ...]:
    """The parts of a profile that a person of that role may change: an expert the own one, the coordinator anybody's work part."""
    if role == "expert" and own:
        return OWN_PART
    return WORK_PART if role == "coordinator" else ()


def check_profile(
    topics: Iterable[str], languages: Iterable[str], most_open: int | None, not_cities: Iterable[str], cities: Iterable[str]
) -> None:
    """An expert knows at least one topic, answers in at least one language and takes 1 to MOST_OPEN requests at a time; the cities
    not taken are among `cities`. Raises Refusal with every reason."""
    reasons = []
    known, spoken = set(topics), set(languages)
    if not known or not known <= set(TOPICS):
        reasons.append(Reason("network_topics_missing", target="topics"))
    if not spoken or not spoken <= set(LANGUAGES):
        reasons.append(Reason("network_languages_missing", target="languages"))
    if most_open is None or not 1 <= most_open <= MOST_OPEN:
        reasons.append(Reason("network_load_wrong", {"most": str(MOST_OPEN)}, target="most_open"))
    if not set(not_cities) <= set(cities):
        reasons.append(Reason("network_city_unknown", target="not_cities"))
    if reasons:
        raise Refusal(*reasons)
