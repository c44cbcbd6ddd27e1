"""The kinds of documents, read from `documents/`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from procure.catalogue.reading import Table, read
from procure.domain.documents import DocumentKind

FOLDER = Path(__file__).parent / "documents"


@dataclass(frozen=True, slots=True)
class Documents:
    kinds: dict[str, DocumentKind]

    def get(self, kind: str) -> DocumentKind:
        """KeyError for a kind that is not in the catalogue."""
        return self.kinds[kind]

    @property
    def made_here(self) -> tuple[DocumentKind, ...]:
        return tuple(kind for kind in self.kinds.values() if kind.made_here)


@cache
def catalogue() -> Documents:
    return load()


def load(folder: Path = FOLDER) -> Documents:
    """Every kind of the newest edition. Raises CatalogueError with file and line."""
    table = read(sorted(folder.glob("*.toml"))[-1])
    kinds = [_kind(row) for row in table.tables("document")]
    table.finish()
    return Documents({kind.id: kind for kind in kinds})


def _kind(row: Table) -> DocumentKind:
    kind = DocumentKind(
        row.text("id"), row.trilingual("name"), row.text("citation", ""), row.flag("made_here"), row.text("stage", ""),
        row.strings("requires"),
    )  # fmt: skip
    row.finish()
    return kind
