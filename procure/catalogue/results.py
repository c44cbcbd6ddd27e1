"""Reads the words for what a procurement brought: submissions, reviews and their outcomes, effects."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import Table, read
from procure.domain import results, reviews
from procure.domain.language import Trilingual

FILE: Final = Path(__file__).with_name("results.toml")


@dataclass(frozen=True, slots=True)
class Word:
    """One value of a list. `code`: of eForms, "" where it has none; `recalled`: the section has not been read."""

    id: str
    name: Trilingual
    code: str = ""
    citation: str = ""
    recalled: bool = False


Words = Mapping[str, Word]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """By id, in the order in which they are shown."""

    submissions: Words
    reviews: Words
    parties: Words
    subjects: Words
    stays: Words
    outcomes: Words
    effects: Words
    spans: Words


@cache
def catalogue() -> Catalogue:
    """What ships with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(path: Path = FILE) -> Catalogue:
    """The lists in the file. Raises CatalogueError with file and line where a list lacks a value that the rules know, or has another."""
    table = read(path)
    found = Catalogue(
        submissions=_words(table, "submission", results.NUMBERS),
        reviews=_words(table, "review", reviews.KINDS),
        parties=_words(table, "party", reviews.PARTIES),
        subjects=_words(table, "subject", reviews.SUBJECTS),
        stays=_words(table, "stay", reviews.STAYS),
        outcomes=_words(table, "outcome", tuple(reviews.OUTCOMES)),
        effects=_words(table, "effect", results.EFFECTS),
        spans=_words(table, "span", results.SPANS),
    )
    table.finish()
    return found


def _words(table: Table, key: str, known: tuple[str, ...]) -> Words:
    found: dict[str, Word] = {}
    for entry in table.tables(key):
        word = Word(
            entry.one_of("id", known), entry.trilingual("name"), entry.text("code", ""), entry.text("citation", ""),
            entry.flag("recalled"),
        )  # fmt: skip
        if word.id in found:
            raise entry.fault(f"{word.id} stands twice")
        entry.finish()
        found[word.id] = word
    if missing := [one for one in known if one not in found]:
        raise table.fault(f"{key} lacks {', '.join(missing)}")
    return found
