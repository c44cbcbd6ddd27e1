"""Reads the sections of law that an expert's opinion may cite, and which topics need a second reader."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.language import Trilingual
from procure.domain.support import TOPICS

FILE: Final = Path(__file__).with_name("citations.toml")
SECTION: Final = re.compile(r"\d+(–\d+)? §( \d+ mom)?( \d+ k)?")
EDITION: Final = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class Act:
    id: str
    number: str
    """`1397/2016`."""
    name: Trilingual


@dataclass(frozen=True, slots=True)
class Citation:
    """A section of an act under our own heading. `topics`: those of expert support in whose list it stands first."""

    id: str
    act: Act
    section: str
    heading: Trilingual
    topics: tuple[str, ...]

    def short(self, language: str) -> str:
        """`Procurement Act 136 §`, with a capital letter as it stands alone."""
        name = self.act.name[language]
        return f"{name[0].upper()}{name[1:]} {self.section}"

    def whole(self, language: str) -> str:
        """`Procurement Act (1397/2016) 136 §: Changing a contract during its term`."""
        name = self.act.name[language]
        return f"{name[0].upper()}{name[1:]} ({self.act.number}) {self.section}: {self.heading[language]}"


@dataclass(frozen=True, slots=True)
class Citations:
    """Every section, in the order of the file. `edition`: of the law data, kept with each opinion."""

    edition: str
    all: tuple[Citation, ...]
    law_topics: tuple[str, ...]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(citation.id for citation in self.all)

    def chosen(self, ids: tuple[str, ...]) -> tuple[Citation, ...]:
        """Those sections, in the order of the file; an id that is not there is left out."""
        return tuple(citation for citation in self.all if citation.id in ids)

    def of_topic(self, topic: str) -> tuple[Citation, ...]:
        return tuple(citation for citation in self.all if topic in citation.topics)


@cache
def catalogue() -> Citations:
    """The sections that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(path: Path = FILE) -> Citations:
    """Every section in the file. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(path)
    edition = table.text("edition")
    if not EDITION.fullmatch(edition):
        raise table.fault("edition must be a year and a month, as 2026-11")
    law_topics = table.strings("second_reader")
    if unknown := set(law_topics) - set(TOPICS):
        raise table.fault(f"second_reader has unknown topics {', '.join(sorted(unknown))}")
    acts = {act.id: act for act in (_act(entry) for entry in table.tables("act"))}
    found = tuple(_citation(entry, acts) for entry in table.tables("citation"))
    table.finish()
    if not found:
        raise CatalogueError(f"{path}:1: no citations")
    ids = [citation.id for citation in found]
    if twice := {name for name in ids if ids.count(name) > 1}:
        raise CatalogueError(f"{path}:1: stands twice: {', '.join(sorted(twice))}")
    return Citations(edition, found, law_topics)


def _act(table: Table) -> Act:
    act = Act(table.text("id"), table.text("number"), table.trilingual("name"))
    table.finish()
    return act


def _citation(table: Table, acts: dict[str, Act]) -> Citation:
    act = table.one_of("act", tuple(acts))
    citation = Citation(table.text("id"), acts[act], table.text("section"), table.trilingual("heading"), table.strings("topics"))
    if not SECTION.fullmatch(citation.section):
        raise table.fault(f"{citation.section!r} is no section")
    if unknown := set(citation.topics) - set(TOPICS):
        raise table.fault(f"unknown topics {', '.join(sorted(unknown))}")
    table.finish()
    return citation
