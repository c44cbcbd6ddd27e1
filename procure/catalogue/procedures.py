"""Reads the procedures: one file for an edition of a procedure, its stages taken from the library of stages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue import documents as document_catalogue
from procure.catalogue import stages as stage_catalogue
from procure.catalogue.documents import DocumentKinds
from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.procedures import PREPARATION, PROCEDURE_IDS, Procedure, Stage

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Procedures:
    """Every edition of every procedure. A case keeps the edition that it began its procedure with."""

    editions: tuple[Procedure, ...]

    def get(self, procedure_id: str, edition: str) -> Procedure:
        """That edition; KeyError when there is none."""
        for procedure in self.editions:
            if procedure.id == procedure_id and procedure.edition == edition:
                return procedure
        raise KeyError(procedure_id, edition)

    def latest(self, procedure_id: str, on: date | None = None) -> Procedure:
        """The newest edition, or the newest of those that existed in the month of `on`; KeyError for an unknown procedure.

        A day before the first edition gives the first: a case that is recorded afterwards needs some description of its stages.
        """
        found = sorted((p for p in self.editions if p.id == procedure_id), key=lambda procedure: procedure.edition)
        if not found:
            raise KeyError(procedure_id)
        if on is None:
            return found[-1]
        in_use = [procedure for procedure in found if procedure.edition <= f"{on:%Y-%m}"]
        return in_use[-1] if in_use else found[0]

    def choosable(self) -> tuple[Procedure, ...]:
        """The latest edition of each procedure that a case may choose, in the order of PROCEDURE_IDS."""
        return tuple(self.latest(procedure_id) for procedure_id in PROCEDURE_IDS)

    def versions_of_stages(self) -> Mapping[str, tuple[tuple[Procedure, Stage], ...]]:
        """Stage id -> what it is in the latest edition of each procedure that has it, the preparation first."""
        found: dict[str, tuple[tuple[Procedure, Stage], ...]] = {}
        for procedure in (self.preparation, *self.choosable()):
            for stage in procedure.stages:
                found[stage.id] = (*found.get(stage.id, ()), (procedure, stage))
        return found

    @property
    def preparation(self) -> Procedure:
        """The latest edition of what a case goes through before a procedure is chosen."""
        return self.latest(PREPARATION)

    def gate_question_ids(self) -> frozenset[str]:
        """Every question that a gate point of any edition relies on, to be held against the questionnaire."""
        points = (point for procedure in self.editions for stage in procedure.stages for point in stage.gate)
        return frozenset(question for point in points for question in point.answers)


@cache
def catalogue() -> Procedures:
    """The procedures that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(folder: Path = FOLDER) -> Procedures:
    """All procedures in `folder`, which holds `procedures`, `stages` and `documents`.

    Raises CatalogueError with file and line for anything that cannot be used, and for a procedure that is not there at all.
    """
    documents = document_catalogue.load(folder)
    libraries = stage_catalogue.load(folder, documents)
    found = tuple(_procedure(path, libraries) for path in sorted((folder / "procedures").glob("*.toml")))
    missing = {PREPARATION, *PROCEDURE_IDS} - {procedure.id for procedure in found}
    if missing:
        raise CatalogueError(f"{folder / 'procedures'}:1: no file for {', '.join(sorted(missing))}")
    _check_document_stages(folder, documents, found)
    return Procedures(found)


def _procedure(path: Path, libraries: stage_catalogue.StageLibraries) -> Procedure:
    file = read(path)
    procedure_id = file.one_of("id", (PREPARATION, *PROCEDURE_IDS))
    edition = file.text("edition")
    if not stage_catalogue.EDITION.fullmatch(edition):
        raise file.fault(f"edition must be a month such as 2026-11, not {edition!r}")
    if path.stem != f"{procedure_id}-{edition}":
        raise file.fault(f"the file must be named {procedure_id}-{edition}.toml")
    procedure = Procedure(
        id=procedure_id,
        edition=edition,
        name=file.trilingual("name"),
        summary=file.trilingual("summary"),
        sections=file.strings("sections"),
        eforms_code=file.text("eforms_code", ""),
        conditions=tuple(stage_catalogue.statement(table) for table in file.tables("condition")),
        notes=tuple(stage_catalogue.statement(table) for table in file.tables("note")),
        stages=_stages(file, libraries.of(edition)),
    )
    file.finish()
    return procedure


def _stages(file: Table, library: Mapping[str, Stage]) -> tuple[Stage, ...]:
    stages: dict[str, Stage] = {}
    for table in file.tables("stage"):
        use = table.text("use")
        if use not in library:
            raise table.fault(f"stage {use} is not in the library of stages")
        stage = library[use]
        stage = replace(
            stage,
            optional=table.flag("optional", stage.optional),
            repeatable=table.flag("repeatable", stage.repeatable),
            usual_days=table.whole("usual_days", stage.usual_days),
            # what may begin beside the stage from now on: what has begun stands in the log, so cases that are kept stay as they are
            beside=table.strings("beside"),
        )
        table.finish()
        if stage.id in stages:
            raise table.fault(f"stage {stage.id} stands twice")
        stages[stage.id] = stage
    if not stages:
        raise file.fault("a procedure needs a stage")
    for stage in stages.values():
        if unknown := [other for other in stage.beside if other not in stages or other == stage.id]:
            raise file.fault(f"{stage.id} cannot run beside {', '.join(unknown)}")
    return tuple(stages.values())


def _check_document_stages(folder: Path, documents: DocumentKinds, procedures: tuple[Procedure, ...]) -> None:
    known = {stage.id for procedure in procedures for stage in procedure.stages}
    for kind in documents.made_here:
        if kind.stage and kind.stage not in known:
            raise CatalogueError(f"{folder / 'documents'}:1: document {kind.id} names the unknown stage {kind.stage}")
