"""Reads the kinds of documents: one file for an edition. A later edition may rename a kind; no kind ever disappears."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.documents import DocumentKind

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DocumentKinds:
    """Every kind there is, in the order of the data."""

    kinds: tuple[DocumentKind, ...]

    def __iter__(self) -> Iterator[DocumentKind]:
        return iter(self.kinds)

    def __contains__(self, kind_id: str) -> bool:
        return any(kind.id == kind_id for kind in self.kinds)

    def get(self, kind_id: str) -> DocumentKind:
        """The kind with that id; KeyError when there is none."""
        for kind in self.kinds:
            if kind.id == kind_id:
                return kind
        raise KeyError(kind_id)

    @property
    def made_here(self) -> tuple[DocumentKind, ...]:
        return tuple(kind for kind in self.kinds if kind.made_here)


@cache
def catalogue() -> DocumentKinds:
    """The kinds that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(folder: Path = FOLDER) -> DocumentKinds:
    """All kinds in `folder`/documents. Raises CatalogueError with file and line for anything that cannot be used."""
    found: dict[str, DocumentKind] = {}
    paths = sorted((folder / "documents").glob("*.toml"))
    if not paths:
        raise CatalogueError(f"{folder / 'documents'}:1: no edition of the documents")
    for path in paths:
        found |= _edition(read(path))
    return DocumentKinds(tuple(found.values()))


def _edition(file: Table) -> dict[str, DocumentKind]:
    kinds: dict[str, DocumentKind] = {}
    for table in file.tables("document"):
        kind = _kind(table)
        if kind.id in kinds:
            raise table.fault(f"document {kind.id} stands twice")
        kinds[kind.id] = kind
    file.finish()
    return kinds


def _kind(table: Table) -> DocumentKind:
    kind = DocumentKind(
        table.text("id"), table.trilingual("name"), table.text("citation", ""), table.flag("made_here"), table.text("stage", ""),
        table.strings("requires"), table.flag("working"),
    )  # fmt: skip
    table.finish()
    if (kind.stage or kind.requires) and not kind.made_here:
        raise table.fault("stage and requires belong only to a document that is made here")
    return kind
