"""What the pages and files of the case list ask besides its rows: searching with the reasons, names, what the person keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from procure.accounts.models import Organisation, Person
from procure.cases import queries
from procure.cases.queries import CaseRow, Cursor, Filters, Kept, kept_alone, list_cases
from procure.domain.permissions import CITY_ROLES, Actor
from procure.infra import fulltext
from procure.infra.db import read


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found and why: words that were looked for stand between `fulltext.MARKS`."""

    row: CaseRow
    why: fulltext.Why | None


def search(
    by: Actor, text: str, language: str, today: date, limit: int = queries.PAGE_SIZE, after: Cursor | None = None
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
