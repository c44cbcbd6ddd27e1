"""Reads the usual grounds on which a procurement is cancelled (125 §)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.language import Trilingual

FILE: Final = Path(__file__).with_name("cancelling.toml")


@cache
def catalogue() -> Mapping[str, Trilingual]:
    """The grounds that ship with the program by their ids, read once. Raises CatalogueError as `load` does."""
    return load()


def load(path: Path = FILE) -> Mapping[str, Trilingual]:
    """Id -> name, in the order of the file. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(path)
    grounds: dict[str, Trilingual] = {}
    for entry in table.tables("ground"):
        _add(grounds, entry)
    table.finish()
    if not grounds:
        raise CatalogueError(f"{path}:1: a ground is needed")
    return grounds


def _add(grounds: dict[str, Trilingual], entry: Table) -> None:
    ground = entry.text("id")
    if ground in grounds:
        raise entry.fault(f"ground {ground} stands twice")
    grounds[ground] = entry.trilingual("name")
    entry.finish()
