"""Reads the fixed words of the documents: one file for an edition, so that what was issued can be made again as it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.language import Trilingual

FOLDER: Final = Path(__file__).parent / "wording"


@dataclass(frozen=True, slots=True)
class Phrase:
    """`text` may hold `%(name)s` parts, the same in every language. `citation`: the section it rests on, "" for none."""

    text: Trilingual
    citation: str


@dataclass(frozen=True, slots=True)
class Wording:
    edition: str
    phrases: Mapping[str, Phrase]

    def text(self, phrase: str, language: str, **parts: str) -> str:
        """The phrase in `language`, its parts filled in. KeyError when there is none of that id, or a part is missing."""
        found = self.phrases[phrase].text[language]
        return found % parts if parts else found

    def citation(self, phrase: str) -> str:
        return self.phrases[phrase].citation


@cache
def catalogue() -> Wording:
    """The latest edition that ships with the program, read once. Raises CatalogueError as `load` does."""
    return load(max(FOLDER.glob("*.toml")))


def load(path: Path) -> Wording:
    """One edition. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(path)
    phrases: dict[str, Phrase] = {}
    for entry in table.tables("phrase"):
        phrase = _phrase(entry)
        name = entry.text("id")
        if name in phrases:
            raise entry.fault(f"phrase {name!r} stands twice")
        phrases[name] = phrase
        entry.finish()
    table.finish()
    if not phrases:
        raise CatalogueError(f"{path}:1: no phrases")
    return Wording(path.stem, phrases)


def _phrase(entry: Table) -> Phrase:
    return Phrase(entry.trilingual("text"), entry.text("citation", ""))
