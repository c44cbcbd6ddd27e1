"""What the pages of the network show, as frozen records: the templates decide nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.catalogue import organisations
from procure.domain.language import LANGUAGES
from procure.domain.network import Fact, Subject, Words, matches, number_of
from procure.network.models import NetworkFact

MARK_NAMES: Final[dict[str, Any]] = {
    "verified": "",
    "partly_verified": _l("Partly verified"),
    "inferred": _l("Inferred"),
    "unverified": _l("Not verified"),
}
"""What is verified needs no tag: its source stands beside it."""
MARK_CHOICES: Final[dict[str, Any]] = {
    "verified": _l("Verified: read in the source"),
    "partly_verified": _l("Partly verified: the source says it in other words"),
    "inferred": _l("Inferred from other facts"),
    "unverified": _l("Not verified"),
}
FIELD_NAMES: Final[dict[str, Any]] = {
    "funding_body": _l("Funding authority of projects"),
    "coordinator": _l("Coordinator in the region"),
    "remark": _l("Remark"),
    "name": _l("Name"),
    "partners": _l("Partners"),
    "standing": _l("State of the theme"),
    "holder": _l("Responsible body"),
    "priority": _l("Priority %(number)s"),
    "fact": _l("Fact %(number)s"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """`name`: the host and path, as they fit on a line."""

    href: str
    name: str


@dataclass(frozen=True, slots=True)
class FactLine:
    """`text_language`: of `text`, where it is not the page's; "" else. `mark`: words of it, "" where nothing is to be said."""

    subject: str
    field: str
    label: str
    text: str
    text_language: str
    mark: str
    sources: tuple[Link, ...]
    version: int
    by: str
    at: datetime | None

    @property
    def is_open(self) -> bool:
        return not self.text


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a page, or (`id` is "") without one. `text_language` as in FactLine."""

    id: str
    text: str
    text_language: str = ""


@dataclass(frozen=True, slots=True)
class RegionLine:
    id: str
    name: str
    cities: str
    priorities: tuple[FactLine, ...]
    leads: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class SubjectPart:
    """One subject with what is said of it: `facts` once each, `many` those that are numbered, `next_field` for one more."""

    id: str
    name: str
    name_language: str
    facts: tuple[FactLine, ...]
    many: tuple[FactLine, ...]
    gone: tuple[FactLine, ...]
    next_field: str


@dataclass(frozen=True, slots=True)
class Theme:
    """`name_line`: from where its name is."""

    part: SubjectPart
    name_line: FactLine
    driver: Named
    partners: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Region:
    part: SubjectPart
    cities: tuple[str, ...]
    county: str
    leads: tuple[Named, ...]
    takes_part: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One state of a fact. `act`: what was done, in words; `by` is "" for the data file."""

    line: FactLine
    words: tuple[tuple[str, str], ...]
    act: str
    is_present: bool


def text_in(words: Words, language: str) -> tuple[str, str]:
    """(text, its language where it is not the page's, else "")."""
    text, tongue = words.best(language)
    return text, "" if tongue == language else tongue


def mark_choices() -> list[tuple[str, str]]:
    return [(mark, str(words)) for mark, words in MARK_CHOICES.items()]


def field_name(field: str) -> str:
    number = number_of(field)
    if number:
        return str(FIELD_NAMES[field.rpartition("_")[0]]) % {"number": number}
    return str(FIELD_NAMES[field])


def fact_line(fact: Fact, language: str) -> FactLine:
    text, tongue = text_in(fact.words, language)
    mark = "" if fact.is_open else str(MARK_NAMES[fact.mark])
    return FactLine(
        fact.subject, fact.field, field_name(fact.field), text, tongue, mark,
        tuple(Link(source, _short(source)) for source in fact.sources), fact.version, fact.by, fact.at,
    )  # fmt: skip


def _short(source: str) -> str:
    parts = urlsplit(source)
    name = f"{parts.netloc}{parts.path}".removeprefix("www.").rstrip("/")
    return name if len(name) <= 60 else f"{name[:59]}…"


def part_of(subject: Subject, fields: Sequence[str], language: str) -> SubjectPart:
    """`fields`: those that are said once, in the order in which they show."""
    name, tongue = name_of(subject, language)
    many = [fact_line(fact, language) for fact in subject.many]
    return SubjectPart(
        subject.id, name, tongue, tuple(fact_line(subject.fact(field), language) for field in fields),
        tuple(line for line in many if not line.is_open), tuple(line for line in many if line.is_open), subject.next_field,
    )  # fmt: skip


def name_of(subject: Subject, language: str) -> tuple[str, str]:
    """(name, its language where it is not the page's, else ""): a theme's as the coordinator may have put it."""
    words = subject.fact("name").words if subject.kind == "theme" else Words()
    return text_in(words or subject.name, language)


def _named(subject: Subject, language: str, linked: bool = True) -> Named:
    text, tongue = name_of(subject, language)
    return Named(subject.id if linked else "", text, tongue)


def of_kind(subjects: Iterable[Subject], kind: str) -> list[Subject]:
    return [subject for subject in subjects if subject.kind == kind]


def region_lines(subjects: Sequence[Subject], searched: str, language: str) -> list[RegionLine]:
    """The regions in whose names, cities, priorities or themes, in any language, each of the words stands; all for none."""
    themes = of_kind(subjects, "theme")
    found = []
    for region in of_kind(subjects, "region"):
        taken = [theme for theme in themes if region.id == theme.driver or region.id in theme.partners]
        if matches(searched, _searchable(region, taken)):
            leads = tuple(_named(theme, language, False) for theme in themes if theme.driver == region.id)
            priorities = tuple(line for fact in region.many if not (line := fact_line(fact, language)).is_open)
            name, _tongue = name_of(region, language)
            found.append(RegionLine(region.id, name, ", ".join(_cities(region, language)), priorities, leads))
    return found


def _searchable(region: Subject, themes: Iterable[Subject]) -> list[str]:
    words = [region.name, region.county, *(fact.words for fact in region.facts if fact.field != "remark")]
    for theme in themes:
        words += [theme.name, theme.fact("name").words]
    cities = [name for language in LANGUAGES for name in _cities(region, language)]
    return [*cities, *(one.of(language) for one in words for language in LANGUAGES)]


def _cities(region: Subject, language: str) -> tuple[str, ...]:
    known = organisations.catalogue()
    return tuple(known.get(code).name[language] for code in region.municipalities)


def region(found: Subject, subjects: Sequence[Subject], language: str) -> Region:
    themes = of_kind(subjects, "theme")
    return Region(
        part_of(found, ("funding_body", "coordinator", "remark"), language), _cities(found, language),
        text_in(found.county, language)[0],
        tuple(_named(theme, language) for theme in themes if theme.driver == found.id),
        tuple(_named(theme, language) for theme in themes if found.id in theme.partners),
    )  # fmt: skip


def themes(subjects: Sequence[Subject], language: str) -> list[Theme]:
    regions = {region.id: region for region in of_kind(subjects, "region")}
    return [
        Theme(
            part_of(theme, ("partners", "standing"), language),
            fact_line(theme.fact("name"), language), _named(regions[theme.driver], language),
            tuple(_named(regions[one], language) for one in theme.partners),
        )
        for theme in of_kind(subjects, "theme")
    ]  # fmt: skip


def parts(subjects: Iterable[Subject], kind: str, fields: Sequence[str], language: str) -> list[SubjectPart]:
    return [part_of(subject, fields, language) for subject in of_kind(subjects, kind)]


def versions(file: Fact, rows: Sequence[NetworkFact], language: str) -> list[VersionLine]:
    """Everything that was ever said there, the newest first, at the end what the data file says."""
    found = [_version(row.fact, _act(row), number == 0, language) for number, row in enumerate(rows)]
    return [*found, _version(file, _("As in the sources that came with the service"), not rows, language)]


def _act(row: NetworkFact) -> str:
    if row.restores is None:
        return _("Changed") if row.fact.words else _("Left open")
    return _("Put back as before change 1") if row.restores == 0 else _("Put back as in change %(number)s", number=row.restores)


def _version(fact: Fact, act: str, is_present: bool, language: str) -> VersionLine:
    words = tuple((code, text) for code in LANGUAGES if (text := fact.words.of(code)))
    return VersionLine(fact_line(fact, language), words, act, is_present)
