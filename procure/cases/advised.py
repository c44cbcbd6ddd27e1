"""Opinions of experts at the places of a case that they concern. The experts' support stands above the cases and hands them in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from procure.cases.models import Case


@dataclass(frozen=True, slots=True)
class Note:
    """ "Advised on 3.11.2026: AL-2026-0012", with what the city made of it in words. `sections`, `stages`: where it is shown."""

    request: int
    shown: str
    on: date
    topic: str
    outcome: Any
    sections: tuple[str, ...]
    stages: tuple[str, ...]


SOURCES: Final[dict[str, Callable[[Case, str], Sequence[Note]]]] = {}
"""Whose notes: `source(case, language)`. A feature above the cases puts itself here at the start; each makes one query."""


def in_section(case: Case, section: str, language: str) -> tuple[Note, ...]:
    """What has been advised on that part of the questionnaire. The person has been found to read the case."""
    return tuple(note for note in _notes(case, language) if section in note.sections)


def in_stage(case: Case, stage: str, language: str) -> tuple[Note, ...]:
    """What has been advised on that stage."""
    return tuple(note for note in _notes(case, language) if stage in note.stages)


def _notes(case: Case, language: str) -> list[Note]:
    return [note for source in SOURCES.values() for note in source(case, language)]
