"""Reads within how many working days the network answers, by urgency; dated, so that a change keeps what was promised before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import Table, read
from procure.catalogue.validity import Period, check_unbroken, period_of
from procure.domain.support import URGENCIES
from procure.domain.triage import LONGEST_TARGET, Target

FILE: Final = Path(__file__).with_name("triage.toml")


@dataclass(frozen=True, slots=True)
class Edition:
    """`targets`: urgency -> working days; `untaken_after`: after how many the coordinator hears that nobody has taken a request."""

    valid_from: date
    valid_to: date | None
    targets: Mapping[str, Target]
    untaken_after: int


@dataclass(frozen=True, slots=True)
class Targets:
    """The editions in order of their days."""

    editions: tuple[Edition, ...]

    def on(self, day: date) -> Edition:
        """The edition in force on the day; before the first the first, after one that has ended the last."""
        begun = [edition for edition in self.editions if edition.valid_from <= day]
        return begun[-1] if begun else self.editions[0]


@cache
def catalogue() -> Targets:
    """The targets that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(path: Path = FILE) -> Targets:
    """Every edition in the file. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(path)
    found = [_edition(entry) for entry in table.tables("edition")]
    table.finish()
    if not found:
        raise table.fault("there must be an edition")
    check_unbroken(period for _edition, period in found)
    return Targets(tuple(sorted((edition for edition, _period in found), key=lambda edition: edition.valid_from)))


def _edition(table: Table) -> tuple[Edition, Period]:
    period = period_of(table, "edition")
    targets: dict[str, Target] = {}
    for entry in table.tables("target"):
        urgency = entry.one_of("urgency", URGENCIES)
        target = Target(entry.whole("first_answer"), entry.whole("answer"))
        entry.finish()
        if urgency in targets:
            raise entry.fault(f"{urgency} is there twice")
        if not 1 <= target.first_answer <= target.answer <= LONGEST_TARGET:
            raise entry.fault("first_answer and answer must be working days from 1, the first no later than the second")
        targets[urgency] = target
    untaken_after = table.whole("untaken_after")
    table.finish()
    if lacking := [urgency for urgency in URGENCIES if urgency not in targets]:
        raise table.fault(f"no target for {', '.join(lacking)}")
    if untaken_after < 1:
        raise table.fault("untaken_after must be at least 1")
    return Edition(period.valid_from, period.valid_to, targets, untaken_after), period
