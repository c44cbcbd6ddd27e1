"""Reads what is tender material: stages, kinds of attachments and documents made here that open only after a declaration."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue import documents, procedures
from procure.catalogue.reading import Table, read

FILE: Final = Path(__file__).with_name("material.toml")


@dataclass(frozen=True, slots=True)
class Material:
    """`stages`: in which a new attachment is proposed as tender material. `documents`: kinds of attachments that always are.
    `sealed`: kinds that are not taken. `made_here`: documents made in the service that show facts of tenders."""

    stages: frozenset[str]
    documents: frozenset[str]
    sealed: frozenset[str]
    made_here: frozenset[str]

    @property
    def shown_in(self) -> frozenset[str]:
        """The kinds of documents, wherever they are made, that show facts of tenders."""
        return self.made_here | self.documents


@cache
def catalogue() -> Material:
    """What ships with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(path: Path = FILE) -> Material:
    """The lists in the file. Raises CatalogueError for a stage or document that nothing else knows."""
    table = read(path)
    stages, kinds = set(procedures.catalogue().versions_of_stages()), documents.catalogue()
    here = {kind.id for kind in kinds.made_here}
    elsewhere = {kind.id for kind in kinds} - here
    found = Material(
        _known(table, "stages", stages), _known(table, "documents", elsewhere), _known(table, "sealed", elsewhere),
        _known(table, "made_here", here),
    )  # fmt: skip
    table.finish()
    return found


def _known(table: Table, key: str, known: set[str]) -> frozenset[str]:
    found = table.strings(key)
    if unknown := [item for item in found if item not in known]:
        raise table.fault(f"{key} names what is not there: {', '.join(unknown)}")
    return frozenset(found)
