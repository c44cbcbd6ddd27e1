"""Reads what the coach of the need statement looks at, the words it goes by and what it says; one file for an edition."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue import questions as question_catalogue
from procure.catalogue.reading import Table, read
from procure.domain.coach import CHECKS, CODES, CoachRules, LanguageRules, Lexicon, lexicon
from procure.domain.language import LANGUAGES, Trilingual

FOLDER: Final = Path(__file__).parent / "coach"
WORDS: Final = ("equivalent", "buying", "bought", "instead", "openings", "things", "people", "measures", "vague", "common")
"""The lists that each language has, as the fields of LanguageRules are named."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said beside a field for a remark of one code. `citation`: the section it rests on, "" for none."""

    code: str
    title: Trilingual
    why: Trilingual
    bad: Trilingual
    better: Trilingual
    citation: str


@dataclass(frozen=True, slots=True)
class Coach:
    """The rules by which texts are looked at, and for each code of a remark what is said."""

    edition: str
    rules: CoachRules
    advice: Mapping[str, Advice]

    def looks_at(self, question_id: str) -> bool:
        return question_id in self.rules.checks


@cache
def catalogue() -> Coach:
    """The latest edition that ships with the program, read once. Raises CatalogueError as `load` does."""
    return load(max(FOLDER.glob("*.toml")))


def load(path: Path) -> Coach:
    """One edition. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(path)
    fewest_words = table.whole("fewest_words")
    checks = _checks(table)
    advice = _advice(table)
    rules = CoachRules(checks, _languages(table), fewest_words)
    table.finish()
    return Coach(path.stem, rules, advice)


def _checks(file: Table) -> dict[str, tuple[str, ...]]:
    """What is checked in the answer to each question. Only words can be looked at."""
    words = {q.id for edition in question_catalogue.catalogue().editions for q in edition.questions if q.kind in ("line", "text")}
    found: dict[str, tuple[str, ...]] = {}
    for table in file.tables("question"):
        question, checks = table.text("id"), table.strings("checks")
        if question not in words or question in found:
            raise table.fault(f"question {question!r} stands twice or is not one that is answered in words")
        if not checks or not set(checks) <= set(CHECKS) or len(set(checks)) < len(checks):
            raise table.fault(f"checks must be among {', '.join(CHECKS)}, each once")
        table.finish()
        found[question] = checks
    if not found:
        raise file.fault("no questions")
    return found


def _advice(file: Table) -> dict[str, Advice]:
    found: dict[str, Advice] = {}
    for table in file.tables("remark"):
        code = table.one_of("code", CODES)
        if code in found:
            raise table.fault(f"remark {code} stands twice")
        found[code] = Advice(
            code, table.trilingual("title"), table.trilingual("why"), table.trilingual("bad"), table.trilingual("better"),
            table.text("citation", ""),
        )  # fmt: skip
        table.finish()
    if missing := [code for code in CODES if code not in found]:
        raise file.fault(f"no remark {', '.join(missing)}")
    return found


def _languages(file: Table) -> dict[str, LanguageRules]:
    brands = file.tables("brands")
    if len(brands) != 1:
        raise file.fault("brands must be there once")
    any_case, as_written = _lexicon(brands[0], "any_case"), _lexicon(brands[0], "as_written", fold=False)
    brands[0].finish()
    found = {}
    for table in file.tables("words"):
        language = table.one_of("language", tuple(code for code in LANGUAGES if code not in found))
        longest_sentence = table.whole("longest_sentence")
        if longest_sentence <= 0:
            raise table.fault("longest_sentence must be above 0")
        own = {name: _lexicon(table, name) for name in WORDS}
        found[language] = LanguageRules(longest_sentence, any_case, as_written, **own)
        table.finish()
    if missing := [code for code in LANGUAGES if code not in found]:
        raise file.fault(f"no words in {', '.join(missing)}")
    return found


def _lexicon(table: Table, key: str, fold: bool = True) -> Lexicon:
    entries = table.strings(key)
    if not entries:
        raise table.fault(f"{key} is missing or empty")
    if len(set(entries)) < len(entries):
        raise table.fault(f"{key} has the same entry twice: {', '.join(sorted({e for e in entries if entries.count(e) > 1}))}")
    try:
        return lexicon(entries, fold)
    except ValueError as error:
        raise table.fault(f"{key}: {error}") from error
