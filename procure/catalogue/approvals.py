"""Reads on which answers an approval stands and which stages are the award decision."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue import procedures, questions
from procure.catalogue.reading import read
from procure.domain.language import LANGUAGES, Trilingual

FILE: Final = Path(__file__).parent / "approvals.toml"


@dataclass(frozen=True, slots=True)
class ApprovalRules:
    """`facts`: ids of questions; `award_stages`: ids of stages; `point`: what their gates ask besides their own points."""

    facts: tuple[str, ...]
    award_stages: frozenset[str]
    point: Trilingual


@cache
def catalogue() -> ApprovalRules:
    """The rules that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load(FILE)


def load(path: Path) -> ApprovalRules:
    """Raises CatalogueError with file and line for a question or stage that does not exist, and for anything else that cannot be used."""
    table = read(path)
    facts, stages = table.strings("facts"), table.strings("award_stages")
    if unknown := sorted(set(facts) - {question.id for question in questions.catalogue().latest.questions}):
        raise table.fault(f"unknown question {', '.join(unknown)}")
    if unknown := sorted(set(stages) - set(procedures.catalogue().versions_of_stages())):
        raise table.fault(f"unknown stage {', '.join(unknown)}")
    point = table.plain("point")
    table.finish()
    if sorted(point) != sorted(LANGUAGES):
        raise table.fault("point must have a text in each language")
    return ApprovalRules(facts, frozenset(stages), Trilingual(*(str(point[code]) for code in LANGUAGES)))
