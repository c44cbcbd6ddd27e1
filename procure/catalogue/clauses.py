"""Reads the subjects on which a city may want a standard clause. They say what to think of, and never what to write."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue import compositions
from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.language import Trilingual
from procure.domain.procedures import CONFIDENCES

FILE: Final = Path(__file__).with_name("clauses.toml")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`document` and `part` (of the composition; "" for its end): where such a clause usually stands."""

    id: str
    document: str
    part: str
    name: Trilingual
    hint: Trilingual
    citation: str
    confidence: str


@cache
def catalogue() -> Mapping[str, Suggestion]:
    """The suggestions that ship with the program by their ids, read once. Raises CatalogueError as `load` does."""
    return load()


def load(path: Path = FILE) -> Mapping[str, Suggestion]:
    """Id -> suggestion, in the order of the file. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(path)
    found: dict[str, Suggestion] = {}
    for entry in table.tables("suggestion"):
        suggestion = _suggestion(entry)
        if suggestion.id in found:
            raise entry.fault(f"suggestion {suggestion.id} stands twice")
        found[suggestion.id] = suggestion
    table.finish()
    if not found:
        raise CatalogueError(f"{path}:1: a suggestion is needed")
    return found


def _suggestion(table: Table) -> Suggestion:
    suggestion = Suggestion(
        id=table.text("id"),
        document=table.text("document"),
        part=table.text("part", ""),
        name=table.trilingual("name"),
        hint=table.trilingual("hint"),
        citation=table.text("citation"),
        confidence=table.one_of("confidence", CONFIDENCES),
    )
    table.finish()
    if suggestion.document not in compositions.catalogue():
        raise table.fault(f"{suggestion.document} is no composed document")
    parts = {part.id for part in compositions.catalogue().get(suggestion.document).parts}
    if suggestion.part and suggestion.part not in parts:
        raise table.fault(f"{suggestion.document} has no part {suggestion.part}")
    return suggestion
