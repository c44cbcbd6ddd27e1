"""What the pages of standard clauses show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext as _

from procure.catalogue import clauses as catalogue
from procure.catalogue import compositions
from procure.catalogue import documents as document_catalogue
from procure.clauses.models import CityClause
from procure.clauses.queries import clause_of
from procure.domain.clauses import Clause
from procure.domain.language import LANGUAGES, pick
from procure.domain.letterheads import holding


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition. `stands`: `now`, `later` or `over`; `texts`: language, heading and text."""

    edition: int
    valid_from: date
    stands: str
    ended: bool
    saved_at: datetime
    saved_by: str
    place: str
    texts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """One clause: what holds now, or the edition saved last where nothing holds yet or any more. `stands` as above."""

    number: int
    title: str
    text: str
    document: str
    place: str
    valid_from: date
    stands: str
    until: date | None
    saved_by: str
    languages: str
    editions: int


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    subject: str
    name: str
    hint: str
    citation: str
    recalled: bool
    document: str
    kind: str
    has: bool
    """The city has a clause on it already."""


def lines(rows: Sequence[CityClause], language: str, today: date) -> list[ClauseLine]:
    """One for each clause, by document; the rows of one clause stand together, the newest first."""
    found = [_line(list(group), language, today) for _number, group in groupby(rows, key=lambda row: row.number)]
    order = list(kind_names(language))
    found.sort(key=lambda pair: (order.index(pair[0]), pair[1].number))
    return [line for _kind, line in found]


def _line(rows: Sequence[CityClause], language: str, today: date) -> tuple[str, ClauseLine]:
    now = holding(rows, today)
    coming = [row for row in rows if row.valid_from > today]
    shown = now if now is not None and not now.ended else rows[0]
    ends = next((row.valid_from for row in rows if row.ended and (row in coming or row is now)), None)
    stands = "now" if shown is now and not shown.ended else "later" if coming and not rows[0].ended else "over"
    line = ClauseLine(
        shown.number, pick(shown.titles, language), pick(shown.texts, language), kind_names(language)[shown.kind],
        place_name(shown.kind, shown.part, language), shown.valid_from, stands, ends, shown.saved_by,
        ", ".join(code for code in LANGUAGES if code in shown.texts), len(rows),
    )  # fmt: skip
    return shown.kind, line


def history(rows: Sequence[CityClause], language: str, today: date) -> list[EditionLine]:
    now = holding(rows, today)
    return [
        EditionLine(
            row.edition, row.valid_from, "now" if row is now else "later" if row.valid_from > today else "over", row.ended, row.saved_at,
            row.saved_by, place_name(row.kind, row.part, language),
            tuple((code, row.titles.get(code, ""), row.texts[code]) for code in LANGUAGES if code in row.texts),
        )
        for row in rows
    ]  # fmt: skip


def newest(rows: Sequence[CityClause]) -> Clause:
    return clause_of(rows[0])


def kind_names(language: str) -> dict[str, str]:
    """The kinds of documents that take clauses, in the order of the list of kinds."""
    kinds = document_catalogue.catalogue()
    return {one.document: kinds.get(one.document).name[language] for one in compositions.catalogue()}


def place_name(kind: str, part: str, language: str) -> str:
    return dict(part_choices(kind, language)).get(part, _("At the end of the document"))


def part_choices(kind: str, language: str) -> list[tuple[str, str]]:
    """Where a clause of that kind of document may stand."""
    parts = compositions.catalogue().get(kind).parts
    return [("", _("At the end of the document")), *((part.id, part.heading[language]) for part in parts)]


def suggestions(rows: Sequence[CityClause], language: str) -> list[SuggestionLine]:
    """The subjects of the catalogue, and which of them the city has a clause on."""
    known, names = {row.subject for row in rows}, kind_names(language)
    return [
        SuggestionLine(
            one.id, one.name[language], one.hint[language], one.citation, one.confidence == "recalled", names[one.document],
            one.document, one.id in known,
        )
        for one in catalogue.catalogue().values()
    ]  # fmt: skip
