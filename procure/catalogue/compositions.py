"""Reads the documents that are composed of parts: one file for each kind in `compositions`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue import documents, questions
from procure.catalogue.reading import Table, read
from procure.domain.compositions import COLUMN_KINDS, FIELD_KINDS, REPEATS, SHOWN, Column, Composition, Field, Part
from procure.domain.permissions import CITY_ROLES

FOLDER: Final = Path(__file__).with_name("compositions")
RESERVED: Final = (
    "seen", "about", "save", "add", "remove", "csrf_token", "data", "errors", "meta", "wanted", "read", "clauses_left_out",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compositions:
    """Every composed document, in the order of the list of kinds."""

    all: Mapping[str, Composition]

    def __iter__(self) -> Iterator[Composition]:
        return iter(self.all.values())

    def __contains__(self, kind: str) -> bool:
        return kind in self.all

    def get(self, kind: str) -> Composition:
        """KeyError for a kind that is not composed."""
        return self.all[kind]


@cache
def catalogue() -> Compositions:
    """Those that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(folder: Path = FOLDER) -> Compositions:
    """Every file of the folder. Raises CatalogueError with file and line for anything that cannot be used."""
    found = {}
    for path in sorted(folder.glob("*.toml")):
        composition = _composition(read(path))
        found[composition.document] = composition
    kinds = [kind.id for kind in documents.catalogue()]
    return Compositions({kind: found[kind] for kind in kinds if kind in found})


def _composition(table: Table) -> Composition:
    kind = table.text("document")
    if kind not in documents.catalogue() or kind != table.path.stem:
        raise table.fault(f"{kind} is no kind of document, or not the file's name")
    if documents.catalogue().get(kind).made_here:
        raise table.fault(f"{kind} is made by a page model of its own")
    repeats = table.one_of("repeats", REPEATS) if table.has("repeats") else ""
    composition = Composition(
        document=kind,
        edition=table.text("edition"),
        issued_by=table.strings("issued_by") or CITY_ROLES[:2],
        outside=table.flag("outside"),
        lead=table.trilingual("lead") if table.has("lead") else None,
        parts=tuple(_part(part) for part in table.tables("part")),
        repeats=repeats,
        apart=table.trilingual("apart") if repeats else None,
        apart_hint=table.trilingual("apart_hint") if repeats else None,
    )
    table.finish()
    if not set(composition.issued_by) <= set(CITY_ROLES):
        raise table.fault("issued_by names a role that no city has")
    for what, ids in (("part", [part.id for part in composition.parts]), ("field", [field.id for field in composition.fields])):
        if len(ids) != len(set(ids)):
            raise table.fault(f"a {what} stands twice")
    if not composition.parts:
        raise table.fault("a document has parts")
    return composition


def _part(table: Table) -> Part:
    part = Part(
        id=table.text("id"),
        heading=table.trilingual("heading"),
        citation=table.text("citation", ""),
        answers=table.strings("answers"),
        more=table.strings("more"),
        unless=table.strings("unless"),
        says=tuple(entry.sentence() for entry in table.tables("says")),
        fields=tuple(_field(entry) for entry in table.tables("field")),
        signatures=tuple(entry.sentence() for entry in table.tables("signature")),
        shows=table.strings("shows"),
    )
    if unknown := set(part.shows) - set(SHOWN):
        raise table.fault(f"nothing is known to show as {', '.join(sorted(unknown))}")
    known = {question.id for question in questions.catalogue().latest.questions}
    if unknown := {*part.answers, *part.more, *part.unless} - known:
        raise table.fault(f"unknown question {', '.join(sorted(unknown))}")
    if not (part.answers or part.more or part.says or part.fields or part.signatures):
        raise table.fault("a part holds something")
    table.finish()
    return part


def _field(table: Table) -> Field:
    kind = table.one_of("kind", FIELD_KINDS)
    field = Field(
        id=table.text("id"),
        kind=kind,
        label=table.trilingual("label"),
        hint=table.trilingual("hint") if table.has("hint") else None,
        needed=table.flag("needed"),
        columns=tuple(_column(entry) for entry in table.tables("column")),
    )
    if (kind == "table") != bool(field.columns):
        raise table.fault("a table has columns, and nothing else has")
    if not field.id.isidentifier() or field.id in RESERVED:
        raise table.fault("an id is made of letters, digits and underscores, and not a name that forms have")
    table.finish()
    return field


def _column(table: Table) -> Column:
    column = Column(table.text("id"), table.one_of("kind", COLUMN_KINDS), table.trilingual("label"))
    table.finish()
    return column
