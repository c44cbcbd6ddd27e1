"""The case list: its rows with what the person keeps of it, searching with the reasons, and names for its pages and files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    column,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)

from procure.accounts.models import Organisation, Person
from procure.cases.models import NO_DATE, Case, CasePartner, SavedView
from procure.cases.queries import title_in
from procure.domain import stages
from procure.domain.permissions import CITY_ROLES, Actor
from procure.infra import fulltext
from procure.infra.db import as_written, db, read

PAGE_SIZE = 25
VIEW: Final = "view"
COLUMNS: Final = "columns"
"""The kinds of `models.SavedView`."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asked to see. `order`: `next` (the nearest date first), `newest`, or `best` (what fits the text best, and of
    those that fit alike the newest first). `scope`: `open`, `finished`, `all`. `city`: the code of the city whose cases they are."""

    text: str = ""
    stage: str = ""
    procedure: str = ""
    light: str = ""
    responsible: int = 0
    city: str = ""
    scope: str = "open"
    order: str = "next"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of the page before. `rank`: how well it fits, in the order `best`."""

    sort_date: date
    id: int
    rank: int = 0


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list."""

    id: int
    reference: str
    title: str
    stage: str
    procedure: str
    procedure_edition: str
    value_amount: Any
    next_date: date | None
    next_date_kind: str
    sort_date: date
    organisation_id: int
    responsible_id: int
    contract_kind: str
    opened_on: date
    state: str
    """One of domain.stages.STATES."""
    rank: int


def list_cases(
    by: Actor, filters: Filters, language: str, today: date, after: Cursor | None = None, size: int = 0
) -> tuple[list[CaseRow], bool]:
    """A page of at most 25 cases, or `size`, and whether more follow. Keyset pagination: the thousandth page costs what the first
    does."""
    page = list_page(by, filters, language, today, after, size, with_kept=False)
    return page.rows, page.more


@dataclass(frozen=True, slots=True)
class Kept:
    """What the person has kept of the list (`models.SavedView`)."""

    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[CaseRow]
    more: bool
    views: tuple[Kept, ...]
    columns: str


def list_page(
    by: Actor, filters: Filters, language: str, today: date, after: Cursor | None = None, size: int = 0, *, with_kept: bool = True
) -> Page:
    """As `list_cases`, with what the person keeps of the list, all in one statement."""
    if by.role not in CITY_ROLES or (filters.text and not fulltext.searchable(filters.text)):
        return Page([], False, *(kept_alone(by) if with_kept and by.role in CITY_ROLES else ((), "")))
    if filters.order == "best" and not filters.text:
        filters = replace(filters, order="next")
    size = size or PAGE_SIZE
    statement = _page(_shape(filters), language, after is not None, with_kept, db.engine.dialect.name == "sqlite")
    found = read(statement, _values(by, filters, today, after, size)).all()
    rows = [CaseRow(*row) for row in found if row.organisation_id]
    rows.sort(key=_PLACES[filters.order])
    return Page(rows[:size], len(rows) > size, *_sorted_out([row for row in found if not row.organisation_id]))


_PLACES: Final[dict[str, Callable[[CaseRow], tuple[Any, ...]]]] = {
    "next": lambda row: (row.sort_date, row.id), "newest": lambda row: (-row.id,), "best": lambda row: (row.rank, -row.id),
}  # fmt: skip


def _sorted_out(kept: Sequence[Any]) -> tuple[tuple[Kept, ...], str]:
    """The views by name and the columns, from rows made by `_kept`."""
    views = [Kept(row.id, row.reference, row.title) for row in kept if row.stage == VIEW]
    columns = next((row.title for row in kept if row.stage == COLUMNS), "")
    return tuple(sorted(views, key=lambda view: (view.name.casefold(), view.id))), columns


def kept_alone(by: Actor) -> tuple[tuple[Kept, ...], str]:
    return _sorted_out(read(_kept(), {"me": by.id}).all())


def _values(by: Actor, filters: Filters, today: date, after: Cursor | None, size: int) -> dict[str, Any]:
    """What the statement's parameters are this time. It takes those that it has."""
    return {
        "own": by.organisation_id, "me": by.id, "wanted_stage": filters.stage, "wanted_procedure": filters.procedure,
        "person": filters.responsible, "wanted_city": filters.city, "today": today,
        "soon": today + timedelta(days=stages.SOON_DAYS), "most": size + 1, "after_date": after.sort_date if after else NO_DATE,
        "after_id": after.id if after else 0, "after_rank": after.rank if after else 0,
    } | (fulltext.values(filters.text, by.organisation_id) if filters.text else {})  # fmt: skip


def _shape(filters: Filters) -> Filters:
    """The filters without their values: all that decides how the statement reads."""
    return replace(
        filters, text="x" if filters.text else "", stage="x" if filters.stage else "", procedure="x" if filters.procedure else "",
        city="x" if filters.city else "", responsible=1 if filters.responsible else 0,
    )  # fmt: skip


@lru_cache(256)
def _page(shape: Filters, language: str, follows: bool, with_kept: bool, merges: bool) -> CompoundSelect[*tuple[Any, ...]]:
    """A page of the city's own cases and of those in which it is a partner, in one statement. Made once: making one takes longer than
    the database needs to answer it.

    SQLite `merges` the branches, each in the order of an index, and reads no further than the page needs. PostgreSQL would sort all
    of them first, and so does either where no index has the order (`best`): there each branch gives its first rows only.
    """
    most, order = bindparam("most", type_=Integer), _ORDERS[shape.order]
    branches = [_branch(shared, shape, language, follows, part) for shared in (False, True) for part in _parts(shape, follows)]
    if not merges or shape.order == "best":
        branches = [select(branch.order_by(*order).limit(most).subquery()) for branch in branches]
    page = union_all(*branches).order_by(*order).limit(most).subquery()
    return union_all(select(page), *([_kept()] if with_kept else []))


_ORDERS: Final[dict[str, tuple[ColumnElement[Any], ...]]] = {
    "next": (column("sort_date"), column("id")), "newest": (column("id").desc(),), "best": (column("rank"), column("id").desc()),
}  # fmt: skip


def _kept() -> Select[*tuple[Any, ...]]:
    """What the person keeps of the list, in the shape of its rows, told from them by having no city: one statement less."""
    return select(
        SavedView.id, SavedView.name.label("reference"), SavedView.query.label("title"), SavedView.kind.label("stage"),
        literal("").label("procedure"), literal("").label("procedure_edition"), cast(null(), BigInteger).label("value_amount"),
        cast(null(), Date).label("next_date"), literal("").label("next_date_kind"), literal(NO_DATE, Date).label("sort_date"),
        literal(0).label("organisation_id"), literal(0).label("responsible_id"), literal("").label("contract_kind"),
        literal(NO_DATE, Date).label("opened_on"), literal("").label("state"), literal(0).label("rank"),
    ).where(SavedView.person_id == bindparam("me"))  # fmt: skip


SAME_DAY, LATER = "same_day", "later"


def _parts(shape: Filters, follows: bool) -> tuple[str, ...]:
    """What follows a day and a number is the rest of that day and then the days after it: asked as two, as SQLite looks through a
    whole day, and half of the cases may stand on one, when it is asked for pairs behind a pair."""
    return (SAME_DAY, LATER) if follows and shape.order == "next" else ("",)


def _branch(shared: bool, shape: Filters, language: str, follows: bool, part: str = "") -> Select[*tuple[Any, ...]]:
    title = title_in(language)
    # a partner's rows carry the date too, so that both branches are read in the order of an index
    day, number = (CasePartner.sort_date, CasePartner.case_id) if shared else (Case.sort_date, Case.id)
    rank = fulltext.rank(number) if shape.order == "best" else literal(0)
    statement = select(
        number.label("id"), Case.reference, title.label("title"), Case.stage, Case.procedure, Case.procedure_edition, Case.value_amount,
        Case.next_date, Case.next_date_kind, day.label("sort_date"), Case.organisation_id, Case.responsible_id, Case.contract_kind,
        Case.opened_on, Case.state, rank.label("rank"),
    )  # fmt: skip
    if shared:
        statement = statement.join(CasePartner, CasePartner.case_id == Case.id)
    city: Any = CasePartner.organisation_id if shared else Case.organisation_id
    if shape.responsible and not shared:
        city = city + 0  # a person has fewer cases than the city: no index of the city's is to be read instead
    statement = statement.where(city == bindparam("own"), *_conditions(shared, shape))
    if shape.order == "best":
        behind = or_(
            rank > bindparam("after_rank", type_=Integer), and_(rank == bindparam("after_rank"), number < bindparam("after_id"))
        )
        return statement.where(behind) if follows else statement
    if shape.order == "newest":
        return statement.where(number < bindparam("after_id")) if follows else statement
    on, behind_id = bindparam("after_date", type_=Date), number > bindparam("after_id", type_=Integer)
    wanted = {SAME_DAY: and_(day == on, behind_id), LATER: day > on}
    return statement.where(wanted[part]) if part else statement


_NO_STAGE: Final = as_written("")


def _of_city(shared: bool) -> ColumnElement[bool]:
    """Of a city's own cases all are, or none is: asked of the city, so that no case is looked at."""
    city = Organisation.id == (Case.organisation_id if shared else bindparam("own"))
    return exists().where(city, Organisation.code == bindparam("wanted_city"))


def _conditions(shared: bool, shape: Filters) -> list[ColumnElement[bool]]:
    kept = CasePartner if shared else Case  # the partner's row has what is asked most, so that its index alone finds the page
    found: list[ColumnElement[bool]] = []
    if shape.text:
        found.append(fulltext.found(Case.id))
    if shape.stage:
        found.append(kept.stage == bindparam("wanted_stage"))
    elif shape.scope != "all":
        found.append(kept.stage != _NO_STAGE if shape.scope == "open" else kept.stage == _NO_STAGE)
    if shape.procedure:
        found.append(kept.procedure == bindparam("wanted_procedure"))
    if shape.responsible:
        found.append(Case.responsible_id == bindparam("person"))
    if shape.city:
        found.append(_of_city(shared))
    if shape.light:
        found.append(_lit(kept, shape.light))
    return found


def _lit(kept: type[Case] | type[CasePartner], light: str) -> ColumnElement[bool]:
    """The same rule as domain.stages.traffic_light, as conditions on columns; on the date that the indexes are sorted by.
    An open case always has one (domain.dates.next_date)."""
    today, soon = bindparam("today", type_=Date), bindparam("soon", type_=Date)
    conditions = {
        "red": and_(kept.stage != _NO_STAGE, kept.sort_date < today),
        "yellow": and_(kept.stage != _NO_STAGE, kept.sort_date >= today, kept.sort_date <= soon),
        "green": and_(kept.stage != _NO_STAGE, kept.sort_date > soon, kept.sort_date < NO_DATE),
        "grey": kept.stage == _NO_STAGE,
    }
    return conditions[light]


def waiting_for(by: Actor, today: date, limit: int = 10) -> list[CaseRow]:
    """Open cases for which this person is responsible, the nearest date first."""
    rows, _more = list_cases(by, Filters(responsible=by.id), by.language, today)
    return rows[:limit]


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found and why: words that were looked for stand between `fulltext.MARKS`."""

    row: CaseRow
    why: fulltext.Why | None


def search(
    by: Actor, text: str, language: str, today: date, limit: int = PAGE_SIZE, after: Cursor | None = None
) -> tuple[list[Hit], bool]:
    """The cases, open and finished, that the person may see and that hold every word of the text, the best first; whether more
    follow."""
    if not fulltext.searchable(text):
        return [], False
    rows, more = list_cases(by, Filters(text=text, scope="all", order="best"), language, today, after, limit)
    found = whys(by, rows, text, language)
    return [Hit(row, found.get(row.id)) for row in rows], more


def whys(by: Actor, rows: Sequence[CaseRow], text: str, language: str) -> Mapping[int, fulltext.Why]:
    """Why each row of that person's list was found, by case. One query."""
    return fulltext.whys(text, by.organisation_id, [row.id for row in rows], language) if by.role in CITY_ROLES else {}


def responsible_people(by: Actor) -> list[tuple[int, str]]:
    """The people of the city who file cases, by name: number and name."""
    if by.role not in CITY_ROLES:
        return []
    statement = select(Person.id, Person.name).where(Person.organisation_id == by.organisation_id, Person.role.in_(CITY_ROLES))
    return [(row.id, row.name) for row in read(statement.order_by(Person.name, Person.id).limit(1000), {})]


def names_of(rows: Sequence[CaseRow], language: str) -> tuple[dict[int, str], dict[int, str]]:
    """The responsible people and the cities of rows of the list, by their numbers."""
    people = select(Person.id, Person.name).where(Person.id.in_({row.responsible_id for row in rows}))
    name = {"fi": Organisation.name_fi, "sv": Organisation.name_sv}.get(language, Organisation.name_en)
    cities = select(Organisation.id, name.label("name")).where(Organisation.id.in_({row.organisation_id for row in rows}))
    return {row.id: row.name for row in read(people, {})}, {row.id: row.name for row in read(cities, {})}


def saved_views(by: Actor) -> tuple[Kept, ...]:
    """The views that the person keeps, by name."""
    return kept_alone(by)[0]


def saved_view(by: Actor, view_id: int) -> Kept | None:
    """One of the person's own; None when it is not there or somebody else's."""
    return next((view for view in saved_views(by) if view.id == view_id), None)


def saved_columns(by: Actor) -> str:
    """The ids of the columns that the person has chosen, apart by commas; "" for the usual ones."""
    return kept_alone(by)[1]
