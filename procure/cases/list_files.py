"""The filtered list as rows of a file, read a few hundred at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask_babel import gettext as _

from procure.cases import list_pages, list_queries
from procure.cases.list_pages import CaseLine
from procure.cases.list_queries import Cursor, Filters
from procure.domain.permissions import Actor
from procure.infra.sheets import Cell

MOST_ROWS: Final = 10_000
AT_A_TIME: Final = 500
WIDTHS: Final = (16, 50, 16, 28, 28, 20, 16, 12, 12, 22, 12, 24)


@dataclass(frozen=True, slots=True)
class Words:
    """All words of the file in one language, made before its rows: those are read while it is being sent."""

    head: tuple[str, ...]
    lights: dict[str, str]
    states: dict[str, str]
    dates: dict[str, str]
    cut: str


def words() -> Words:
    """In the language of the page."""
    columns = list_pages.COLUMNS
    head = (
        _("Reference"), _("Title"), columns["city"], columns["stage"], columns["procedure"], columns["kind"], _("Value, euros without VAT"),
        columns["opened"], columns["next"], _("What the next date is"), columns["state"], columns["responsible"],
    )  # fmt: skip
    cut = _("Only the first %(most)s cases are in this file: use filters to get the rest", most=MOST_ROWS)
    return Words(
        tuple(str(title) for title in head),
        {light: str(word) for light, word in list_pages.LIGHT_WORDS.items()},
        {state: str(word) for state, word in list_pages.STATE_WORDS.items()},
        {kind: str(word) for kind, word in list_pages.DATE_WORDS.items()},
        cut,
    )


def rows(by: Actor, filters: Filters, language: str, today: date, told: Words) -> Iterator[Sequence[Cell]]:
    """At most 10,000 cases in the order of the list; when there are more, a last row says so."""
    after: Cursor | None = None
    left = MOST_ROWS
    while True:
        found, more = list_queries.list_cases(by, filters, language, today, after, min(AT_A_TIME, left))
        names = list_queries.names_of(found, language) if found else ({}, {})
        for line in list_pages.lines(found, by.organisation_id, language, today, names):
            yield _cells(line, told)
        left -= len(found)
        if not more:
            return
        if left <= 0:
            yield [told.cut]
            return
        after = Cursor(found[-1].sort_date, found[-1].id, found[-1].rank)


def _cells(line: CaseLine, told: Words) -> Sequence[Cell]:
    state = told.states.get(line.state, told.lights[line.light])
    stage = line.stage or told.states.get(line.state, told.lights["grey"])
    return (
        line.reference, line.title, line.city, stage, line.procedure, line.kind, line.value, line.opened_on,
        line.next_date, told.dates.get(line.next_date_kind, ""), state, line.responsible,
    )  # fmt: skip
