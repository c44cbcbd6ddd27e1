"""What the pages of attachments need, as frozen records: the templates decide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _

from procure.cases import pages as case_pages
from procure.catalogue import documents as document_catalogue
from procure.catalogue import material
from procure.domain.attachments import FILE_KINDS, ending_of
from procure.web.filters import size_text

SHOWN_OF_HASH: Final = 12


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it is shown."""

    number: int
    file_name: str
    kind: str
    size: str
    sha256: str
    short_hash: str
    note: str
    uploaded_at: datetime
    uploaded_by: str
    scan: str
    inline: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One attachment with its newest version and those before it, the newest first."""

    number: int
    title: str
    document: str
    stage: str
    newest: Version
    earlier: tuple[Version, ...]
    removed_at: datetime | None
    removed_by: str
    removed_reason: str
    tender_material: bool


def opened(rows: Sequence[Any], opens: bool) -> tuple[Sequence[Any], int]:
    """The rows that show to a person, and how many files of tender material do not; `opens`: whether that is open to them."""
    if opens:
        return rows, 0
    closed = {row.number for row in rows if row.tender_material and row.removed_at is None}
    return [row for row in rows if not row.tender_material], len(closed)


def lines(rows: Sequence[Any], language: str) -> tuple[list[Line], list[Line]]:
    """The attachments of a case, and those that have been removed from it; both with the newest first."""
    stages = dict(case_pages.stage_choices(language))
    together: dict[int, list[Any]] = {}
    for row in rows:
        together.setdefault(row.number, []).append(row)
    found = [_line(versions, stages.get(versions[0].stage, ""), language) for versions in together.values()]
    return [line for line in found if line.removed_at is None], [line for line in found if line.removed_at is not None]


def _line(rows: Sequence[Any], stage: str, language: str) -> Line:
    first = rows[0]
    catalogue = document_catalogue.catalogue()
    document = catalogue.get(first.document).name[language] if first.document in catalogue else ""
    newest, *earlier = [_version(row) for row in rows]
    return Line(
        first.number, first.title, document, stage, newest, tuple(earlier), first.removed_at, first.removed_by, first.removed_reason,
        first.tender_material,
    )  # fmt: skip


def _version(row: Any) -> Version:
    kind = FILE_KINDS[ending_of(row.file_name)]
    return Version(
        row.version, row.file_name, kind.name, size_text(row.size), row.sha256, row.sha256[:SHOWN_OF_HASH], row.note, row.uploaded_at,
        row.uploaded_by, row.scan, kind.inline,
    )  # fmt: skip


def kind_names() -> str:
    """The kinds of files that are taken, in the order of the table."""
    return ", ".join(dict.fromkeys(kind.name for kind in FILE_KINDS.values()))


def endings() -> str:
    """For the browser's file chooser."""
    return ",".join(f".{ending}" for ending in FILE_KINDS)


def document_choices(language: str) -> list[tuple[str, str]]:
    """The kinds of documents that a file may be, by name; first the choice of none. Tenders, which are sealed until their deadline,
    are not taken."""
    sealed = material.catalogue().sealed
    named = sorted((kind.name[language], kind.id) for kind in document_catalogue.catalogue() if kind.id not in sealed)
    return [("", _("Another file")), *((kind, name) for name, kind in named)]
