"""The procedures, read from `stages/` and `procedures/`."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from procure.catalogue.reading import Table, read
from procure.domain.procedures import CONFIDENCES, PREPARATION, PROCEDURE_IDS, GatePoint, Procedure, Stage, Statement

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Procedures:
    """Every edition of every procedure."""

    editions: dict[tuple[str, str], Procedure]

    def get(self, procedure: str, edition: str) -> Procedure:
        """KeyError for an edition that is not there."""
        return self.editions[procedure, edition]

    def latest(self, procedure: str, on: date | None = None) -> Procedure:
        """The newest edition; with `on`, the newest whose month has come by then, else the oldest."""
        found = sorted(edition for name, edition in self.editions if name == procedure)
        begun = [edition for edition in found if on is None or edition <= on.isoformat()[:7]]
        return self.editions[procedure, begun[-1] if begun else found[0]]

    def choosable(self) -> tuple[Procedure, ...]:
        return tuple(self.latest(procedure) for procedure in PROCEDURE_IDS)

    @property
    def preparation(self) -> Procedure:
        return self.latest(PREPARATION)


@cache
def catalogue() -> Procedures:
    return load()


def load(folder: Path = FOLDER) -> Procedures:
    """Raises CatalogueError with file and line for anything that cannot be used."""
    libraries = {path.stem: _library(path) for path in sorted((folder / "stages").glob("*.toml"))}
    found = {}
    for path in sorted((folder / "procedures").glob("*.toml")):
        procedure = _procedure(read(path), libraries)
        found[procedure.id, procedure.edition] = procedure
    return Procedures(found)


def _library(path: Path) -> dict[str, Stage]:
    table = read(path)
    stages = {}
    for row in table.tables("stage"):
        name = row.text("id")
        stages[name] = _stage(row, row.text("stage", name))
    table.finish()
    return stages


def _stage(row: Table, stage_id: str) -> Stage:
    stage = Stage(
        id=stage_id,
        name=row.trilingual("name"),
        purpose=row.trilingual("purpose"),
        citation=row.text("citation", ""),
        confidence=row.one_of("confidence", CONFIDENCES),
        optional=row.flag("optional"),
        repeatable=row.flag("repeatable"),
        usual_days=row.whole("usual_days"),
        gate=tuple(_point(point) for point in row.tables("gate")),
        documents=row.strings("documents"),
        notices=row.strings("notices"),
        periods=tuple(_statement(period) for period in row.tables("period")),
    )
    row.finish()
    return stage


def _point(row: Table) -> GatePoint:
    point = GatePoint(
        row.text("id"), row.trilingual("text"), row.text("citation", ""), row.strings("answers"), row.text("document", "")
    )
    row.finish()
    return point


def _statement(row: Table) -> Statement:
    statement = Statement(row.trilingual("text"), row.text("citation", ""), row.one_of("confidence", CONFIDENCES))
    row.finish()
    return statement


def _procedure(table: Table, libraries: dict[str, dict[str, Stage]]) -> Procedure:
    edition = table.text("edition")
    library = libraries.get(edition, {})
    stages = []
    for row in table.tables("stage"):
        name = row.text("use")
        if name not in library:
            raise row.fault(f"no stage {name!r} in the library of {edition}")
        stage = library[name]
        stages.append(
            replace(
                stage,
                optional=row.flag("optional", stage.optional),
                repeatable=row.flag("repeatable", stage.repeatable),
                usual_days=row.whole("usual_days", stage.usual_days),
            )
        )
        row.finish()
    procedure = Procedure(
        id=table.text("id"),
        edition=edition,
        name=table.trilingual("name"),
        summary=table.trilingual("summary"),
        sections=table.strings("sections"),
        eforms_code=table.text("eforms_code", ""),
        conditions=tuple(_statement(row) for row in table.tables("condition")),
        notes=tuple(_statement(row) for row in table.tables("note")),
        stages=tuple(stages),
    )
    table.finish()
    return procedure
