"""Reads which steps the timetable of each procedure shows, and holds them against the stages of the procedure."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue import procedures as procedure_catalogue
from procure.catalogue.reading import Table, read
from procure.domain.procedures import PROCEDURE_IDS, Procedure

FOLDER: Final = Path(__file__).parent

Timetables = Mapping[str, tuple[str, ...]]
"""Procedure -> the stages of its timetable, from the notice on."""


@cache
def catalogue() -> Timetables:
    """The timetables that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load(procedure_catalogue.catalogue().choosable())


def load(procedures: tuple[Procedure, ...], folder: Path = FOLDER) -> Timetables:
    """`folder`/timetables.toml, checked against the procedures. Raises CatalogueError with file and line."""
    file = read(folder / "timetables.toml")
    found: dict[str, tuple[str, ...]] = {}
    by_id = {procedure.id: procedure for procedure in procedures}
    for table in file.tables("timetable"):
        procedure_id = table.one_of("procedure", PROCEDURE_IDS)
        if procedure_id in found:
            raise table.fault(f"{procedure_id} stands twice")
        found[procedure_id] = _steps(table, by_id[procedure_id])
    file.finish()
    if missing := [procedure for procedure in by_id if procedure not in found]:
        raise file.fault(f"no timetable for {', '.join(missing)}")
    return found


def _steps(table: Table, procedure: Procedure) -> tuple[str, ...]:
    steps = table.strings("steps")
    table.finish()
    ids = [stage.id for stage in procedure.stages]
    if unknown := [step for step in steps if step not in ids]:
        raise table.fault(f"{procedure.id} has no stage {', '.join(unknown)}")
    if not steps or [ids.index(step) for step in steps] != sorted({ids.index(step) for step in steps}):
        raise table.fault("the steps must stand in the order of the procedure, each once")
    return steps
