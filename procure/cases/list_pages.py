"""What the case list shows: its filters from an address and back, its columns, its rows as frozen records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from flask_babel import lazy_gettext as _l

from procure.cases.list_queries import CaseRow, Cursor, Filters
from procure.cases.pages import procedure_choices, stage_choices, stage_name
from procure.catalogue import organisations
from procure.catalogue import procedures as procedure_catalogue
from procure.catalogue import questions as question_catalogue
from procure.domain.procedures import PREPARATION
from procure.domain.references import REFERENCE
from procure.domain.stages import LIGHTS, ON_HOLD, STOPPED, traffic_light
from procure.infra.fulltext import MARKS, Why
from procure.web.fields import number_in

COLUMNS: Final[Mapping[str, Any]] = {
    "stage": _l("Stage"), "procedure": _l("Procedure"), "kind": _l("Type of contract"), "value": _l("Value, without VAT"),
    "opened": _l("Opened"), "next": _l("Next date"), "state": _l("State"), "responsible": _l("Responsible"), "city": _l("City"),
    "summary": _l("Summary"),
}  # fmt: skip
"""What the list can show besides the case itself, in this order."""
USUAL: Final = ("stage", "value", "next", "state", "summary")

LIGHT_WORDS: Final[Mapping[str, Any]] = {"red": _l("Late"), "yellow": _l("Soon"), "green": _l("On time"), "grey": _l("Finished")}
STATE_WORDS: Final[Mapping[str, Any]] = {ON_HOLD: _l("On hold"), STOPPED: _l("Cancelled")}
"""What a case is besides its stage and its light."""
DATE_WORDS: Final[Mapping[str, Any]] = {
    "stage_usual": _l("stage usually done"), "start": _l("planned notice"), "contract_needed_by": _l("contract needed"),
    "contract_from": _l("a contract may be made"),
    "award_notice": _l("award notice at the latest"),
    "additional_info": _l("answers to questions at the latest"), "": "",
}  # fmt: skip
"""What a case's next date is, in few words."""

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces; those that were looked for are True."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One row of the list as it is shown. `responsible` and `city` are "" when their columns are not shown."""

    reference: str
    title: str
    stage: str
    value: Any
    next_date: date | None
    next_date_kind: str
    light: str
    partner: bool
    """Read as a partner city: the case belongs to another city."""
    procedure: str = ""
    kind: str = ""
    opened_on: date | None = None
    responsible: str = ""
    city: str = ""
    marked_title: Marked = ()
    """The title, when words of it were looked for."""
    state: str = ""
    """One of domain.stages.STATES."""
    why: Marked = ()
    """Other words of the case that were looked for, with those around them."""


Names = tuple[Mapping[int, str], Mapping[int, str]]
"""The names of responsible people and of cities, by their numbers (`list_queries.names_of`)."""


def lines(
    rows: Sequence[CaseRow], own: int, language: str, today: date, names: Names = ({}, {}), whys: Mapping[int, Why] | None = None
) -> list[CaseLine]:
    """`own`: the number of the city that looks."""
    return [_line(row, own, language, today, names, (whys or {}).get(row.id)) for row in rows]


def _line(row: CaseRow, own: int, language: str, today: date, names: Names, why: Why | None) -> CaseLine:
    title, excerpt = _shown(why, row.title) if why else ((), ())
    return CaseLine(
        row.reference, row.title, stage_name(row.procedure, row.procedure_edition, row.stage, language), row.value_amount,
        row.next_date, row.next_date_kind, traffic_light(row.next_date, today, finished=not row.stage),
        row.organisation_id != own, _procedure_name(row.procedure, row.procedure_edition, language),
        kind_names(language).get(row.contract_kind, ""), row.opened_on, names[0].get(row.responsible_id, ""),
        names[1].get(row.organisation_id, ""), title, row.state, excerpt,
    )  # fmt: skip


def _shown(why: Why, title: str) -> tuple[Marked, Marked]:
    """The title with its marks, and what else shows why: an excerpt, else the title of another language."""
    found = [pieces(line) for line in why.titles.splitlines() if MARKS[0] in line]
    own = next((line for line in found if "".join(text for text, _ in line) == title), ())
    other = next((line for line in found if line != own), ()) if not own else ()
    return own, pieces(why.excerpt) or other


def pieces(text: str) -> Marked:
    """A text with marks in it as pieces."""
    start, stop = MARKS
    head, *rest = text.split(start)
    found = [(head, False)]
    for piece in rest:
        word, _, after = piece.partition(stop)
        found += [(word, True), (after, False)]
    return tuple(piece for piece in found if piece[0])


@cache
def _procedure_name(procedure: str, edition: str, language: str) -> str:
    """ "" while no procedure has been chosen."""
    return "" if procedure == PREPARATION else procedure_catalogue.catalogue().get(procedure, edition).name[language]


@cache
def kind_names(language: str) -> Mapping[str, str]:
    """The types of contract, by id."""
    choices = question_catalogue.catalogue().latest.question("contract_kind").choices
    return {choice.id: choice.label[language] for choice in choices}


@cache
def city_choices(language: str) -> tuple[tuple[str, str], ...]:
    return tuple((fact.code, fact.name[language]) for fact in organisations.catalogue().municipalities)


def columns_from(text: str) -> tuple[str, ...]:
    """The columns that a person keeps, in the order of the list; the usual ones when there are none."""
    chosen = set(text.split(","))
    return tuple(column for column in COLUMNS if column in chosen) or USUAL


def filters_from(arguments: Mapping[str, str], language: str, me: int = 0) -> Filters:
    """The filters that an address asks for; what is not on offer is ignored, never an error. `me`: the person's number."""

    def offered(name: str, choices: Sequence[str]) -> str:
        value = arguments.get(name, "")
        return value if value in choices else ""

    text = arguments.get("q", "").strip()[:200]
    return Filters(
        text=text,
        stage=offered("stage", [stage for stage, _name in stage_choices(language)]),
        procedure=offered("procedure", [procedure for procedure, _name in procedure_choices(language)]),
        light=offered("light", LIGHTS),
        responsible=_person(arguments.get("who", ""), me),
        city=offered("city", [code for code, _name in city_choices(language)]),
        scope=offered("scope", ("finished", "all")) or "open",
        order=offered("order", ("next", "newest")) or ("best" if text else "next"),
    )


def _person(text: str, me: int) -> int:
    if text == "me":
        return me
    return number_in(text) or 0


def query_of(filters: Filters, me: int) -> str:
    """The filters as the list's address has them, in one form only: nothing else gets into a kept address."""
    usual = "best" if filters.text else "next"
    parts = {
        "q": filters.text, "stage": filters.stage, "procedure": filters.procedure, "light": filters.light,
        "who": "me" if filters.responsible == me else str(filters.responsible or ""), "city": filters.city,
        "scope": "" if filters.scope == "open" else filters.scope, "order": "" if filters.order == usual else filters.order,
    }  # fmt: skip
    return urlencode({name: value for name, value in parts.items() if value})


def cursor_from(text: str) -> Cursor | None:
    """`2026-12-01.42`, or `1.42` in the order of fit: the row after which the page begins; None for anything else, which shows the
    first page."""
    place, _, number = text.partition(".")
    try:
        if place in ("0", "1", "2"):
            return Cursor(date.max, _number(number), int(place))
        return Cursor(date.fromisoformat(place), _number(number))
    except ValueError:
        return None


def _number(text: str) -> int:
    if (number := number_in(text)) is None:
        raise ValueError(text)
    return number


def cursor_of(row: CaseRow, filters: Filters) -> str:
    """What `cursor_from` reads."""
    return f"{row.rank if filters.order == 'best' else row.sort_date.isoformat()}.{row.id}"


def reference_in(filters: Filters) -> str:
    """The reference that was typed and nothing else; "" for any other text."""
    typed = filters.text.upper()
    return typed if REFERENCE.fullmatch(typed) else ""
