"""Reads the library of stages that the procedures are put together from: one file for an edition.

An edition needs to hold only the stages that changed: the library of an edition is every file up to it, the later text winning.
So a new file never changes a procedure of an earlier edition.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from procure.catalogue.documents import DocumentKinds
from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.procedures import CONFIDENCES, GatePoint, Stage, Statement

EDITION: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
CITED: Final = "verified"
"""What claims to have been read must say where."""


@dataclass(frozen=True, slots=True)
class StageLibraries:
    """The stages of every edition, by their library ids."""

    editions: tuple[tuple[str, Mapping[str, Stage]], ...]

    def of(self, edition: str) -> Mapping[str, Stage]:
        """The stages that a procedure of that edition may use; empty when no library is as old."""
        stages: dict[str, Stage] = {}
        for library_edition, library in self.editions:
            if library_edition <= edition:
                stages |= library
        return stages


def load(folder: Path, documents: DocumentKinds) -> StageLibraries:
    """All libraries in `folder`/stages. Raises CatalogueError with file and line."""
    paths = sorted((folder / "stages").glob("*.toml"))
    return StageLibraries(tuple((_edition(path), _library(read(path), documents)) for path in paths))


def statement(table: Table) -> Statement:
    """A sentence with its source, from a table of `text`, `citation`, `confidence`."""
    found = Statement(table.trilingual("text"), table.text("citation", ""), table.one_of("confidence", CONFIDENCES))
    check_cited(table, found.citation, found.confidence)
    table.finish()
    return found


def check_cited(table: Table, citation: str, confidence: str) -> None:
    if confidence == CITED and not citation:
        raise table.fault(f"{CITED} needs a citation")


def _edition(path: Path) -> str:
    if not EDITION.fullmatch(path.stem):
        raise CatalogueError(f"{path}:1: the file name must be an edition such as 2026-11")
    return path.stem


def _library(file: Table, documents: DocumentKinds) -> Mapping[str, Stage]:
    stages: dict[str, Stage] = {}
    for table in file.tables("stage"):
        library_id = table.text("id")
        if library_id in stages:
            raise table.fault(f"stage {library_id} stands twice")
        stages[library_id] = _stage(table, library_id, documents)
    file.finish()
    return stages


def _stage(table: Table, library_id: str, documents: DocumentKinds) -> Stage:
    stage = Stage(
        id=table.text("stage", library_id),
        name=table.trilingual("name"),
        purpose=table.trilingual("purpose"),
        citation=table.text("citation", ""),
        confidence=table.one_of("confidence", CONFIDENCES),
        optional=table.flag("optional"),
        repeatable=table.flag("repeatable"),
        usual_days=table.whole("usual_days"),
        gate=_gate(table, documents),
        documents=table.strings("documents"),
        notices=table.strings("notices"),
        periods=tuple(statement(period) for period in table.tables("period")),
    )
    table.finish()
    check_cited(table, stage.citation, stage.confidence)
    if stage.usual_days < 0:
        raise table.fault("usual_days must not be negative")
    if unknown := [kind for kind in stage.documents if kind not in documents]:
        raise table.fault(f"unknown document {', '.join(unknown)}")
    return stage


def _gate(table: Table, documents: DocumentKinds) -> tuple[GatePoint, ...]:
    points: dict[str, GatePoint] = {}
    for entry in table.tables("gate"):
        point = GatePoint(
            entry.text("id"),
            entry.trilingual("text"),
            entry.text("citation", ""),
            entry.strings("answers"),
            entry.text("document", ""),
        )
        entry.finish()
        if point.id in points:
            raise entry.fault(f"gate point {point.id} stands twice")
        if point.document and (point.document not in documents or not documents.get(point.document).made_here):
            raise entry.fault(f"document {point.document} is not one that is made here")
        points[point.id] = point
    return tuple(points.values())
