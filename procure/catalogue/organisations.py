"""Reads the organisations: each municipality of the ecosystem agreements, and the network."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.language import LANGUAGES
from procure.domain.organisations import CONFIDENCES, KINDS, Organisation, Priority

FILE: Final = Path(__file__).parent / "organisations.toml"


@dataclass(frozen=True, slots=True)
class Organisations:
    """All organisations, in the order of the file."""

    all: tuple[Organisation, ...]

    @property
    def municipalities(self) -> tuple[Organisation, ...]:
        return tuple(organisation for organisation in self.all if not organisation.is_network)

    @property
    def network(self) -> Organisation:
        return next(organisation for organisation in self.all if organisation.is_network)

    def get(self, code: str) -> Organisation:
        """The organisation with that code; KeyError when there is none."""
        for organisation in self.all:
            if organisation.code == code:
                return organisation
        raise KeyError(code)


@cache
def catalogue() -> Organisations:
    """The organisations that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(path: Path = FILE) -> Organisations:
    """Every organisation in the file. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(path)
    codes, letters = set[str](), set[str]()
    found = tuple(_organisation(entry, codes, letters) for entry in table.tables("organisation"))
    table.finish()
    if [organisation.kind for organisation in found].count("network") != 1:
        raise CatalogueError(f"{path}:1: there must be exactly one network")
    return Organisations(found)


def _organisation(table: Table, codes: set[str], letters: set[str]) -> Organisation:
    kind = table.one_of("kind", KINDS)
    organisation = Organisation(
        code=_unique(table, "code", r"[0-9]{3}" if kind == "municipality" else r"[a-z]+", codes),
        letters=_unique(table, "letters", r"[A-Z]{2,4}", letters),
        kind=kind,
        name=table.trilingual("name"),
        language=table.one_of("language", LANGUAGES),
        priorities=tuple(_priority(entry) for entry in table.tables("priority")),
    )
    table.finish()
    return organisation


def _unique(table: Table, key: str, pattern: str, used: set[str]) -> str:
    value = table.text(key)
    if not re.fullmatch(pattern, value):
        raise table.fault(f"{key} {value!r} does not have the form {pattern}")
    if value in used:
        raise table.fault(f"{key} {value!r} is used twice")
    used.add(value)
    return value


def _priority(table: Table) -> Priority:
    texts = {language: table.text(language, "").strip() or None for language in LANGUAGES}
    if not any(texts.values()):
        raise table.fault("a priority needs a text in at least one language")
    priority = Priority(texts["fi"], texts["sv"], texts["en"], table.one_of("confidence", CONFIDENCES))
    table.finish()
    return priority
