"""Reads what the demo is made of: its people, and the words from which made-up cases are put together."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import Table, read
from procure.domain.language import LANGUAGES, Trilingual
from procure.domain.permissions import ROLES

FOLDER: Final = Path(__file__).parent / "demo"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    email: str
    name: str
    role: str
    organisation: str
    """The organisation's code."""
    language: str


@dataclass(frozen=True, slots=True)
class Words:
    """Parts of made-up cases. A title is a thing, a target and a place."""

    thing: tuple[Trilingual, ...]
    target: tuple[Trilingual, ...]
    place: tuple[Trilingual, ...]
    need: tuple[Trilingual, ...]
    outcome: tuple[Trilingual, ...]
    users: tuple[Trilingual, ...]
    owner: tuple[Trilingual, ...]
    choice: tuple[Trilingual, ...]
    """Reasons for choosing a procedure."""
    skip: tuple[Trilingual, ...]
    """Reasons for skipping a stage."""
    first_name: tuple[str, ...]
    last_name: tuple[str, ...]


@cache
def people() -> tuple[DemoPerson, ...]:
    """The people who can sign in to the demo. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(FOLDER / "people.toml")
    found = tuple(_person(row) for row in table.tables("person"))
    table.finish()
    return found


def _person(row: Table) -> DemoPerson:
    person = DemoPerson(
        row.text("email"), row.text("name"), row.one_of("role", ROLES), row.text("organisation"), row.one_of("language", LANGUAGES)
    )
    row.finish()
    return person


@cache
def words() -> Words:
    """The words of made-up cases. Raises CatalogueError as `people` does."""
    table = read(FOLDER / "words.toml")
    lists = {
        name: tuple(Trilingual(*(row.text(code) for code in LANGUAGES)) for row in table.tables(name))
        for name in ("thing", "target", "place", "need", "outcome", "users", "owner", "choice", "skip")
    }  # fmt: skip
    found = Words(**lists, first_name=table.strings("first_name"), last_name=table.strings("last_name"))
    table.finish()
    return found
