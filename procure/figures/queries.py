"""Reading for the figures: the rows that are counted, the kept counts, and the requests behind a figure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_, union_all

from procure.accounts.models import Organisation, Person
from procure.domain.figures import (
    ALL_CITIES,
    ALL_TOPICS,
    DECLINING,
    HELD,
    Deed,
    Fact,
    Period,
    Tally,
    add,
    empty_tally,
    month_of,
)  # fmt: skip
from procure.domain.language import Trilingual
from procure.domain.permissions import Actor
from procure.domain.support import RUNNING, shown_number
from procure.figures.models import FigureRun, FigureTotal
from procure.infra.clock import FINLAND
from procure.infra.db import db, will_write
from procure.support.models import SupportMessage, SupportRequest, SupportReview

PAGE_SIZE = 50
OVERLAP = 100
"""So many rows before the last counted one are looked at again: a row may be committed after one with a higher number."""

Counts = Mapping[str, Mapping[str, int]]


def moment_of(day: date) -> datetime:
    """When the day begins in Finland."""
    return datetime.combine(day, time.min, FINLAND).astimezone(UTC)


@lru_cache(16_384)
def day_of(moment: datetime) -> date:
    """The Finnish date of a moment."""
    return moment.astimezone(FINLAND).date()


# the rows that are counted


def facts_between(first: date, after: date) -> list[Fact]:
    """The requests asked from the first day on and before the day `after`; those merged into another one are that other one."""
    asked = _within(SupportRequest.asked_at, first, after)
    reviews: dict[int, tuple[str, tuple[int | None, ...]]] = {
        request: (outcome, tuple(marks))
        for request, outcome, *marks in db.session.execute(
            select(
                SupportReview.request_id, SupportReview.outcome, SupportReview.useful, SupportReview.clear, SupportReview.in_time
            )
            .join(SupportRequest, SupportRequest.id == SupportReview.request_id)
            .where(asked)
            .order_by(SupportReview.id)  # the last one counts
        )
    }
    statement = select(
        SupportRequest.id, SupportRequest.asked_at, SupportRequest.topic, SupportRequest.organisation_id, SupportRequest.kind,
        SupportRequest.product, SupportRequest.state, SupportRequest.expert_id, SupportRequest.first_answer_at,
        SupportRequest.answered_at,
    ).where(asked, SupportRequest.merged_into_id.is_(None))  # fmt: skip
    found = []
    for number, asked_at, topic, city, kind, product, state, expert, first_at, answered_at in db.session.execute(statement):
        outcome, marks = reviews.get(number, ("", ()))
        first_on = day_of(first_at) if first_at else None
        answered_on = day_of(answered_at) if answered_at else None
        found.append(Fact(day_of(asked_at), topic, city, kind, product, state, expert, first_on, answered_on, outcome, marks))
    return found


def deeds_between(first: date, after: date) -> Iterator[Deed]:
    """What experts did from the first day on and before the day `after`: opinions issued, requests let go."""
    issued = select(
        SupportRequest.answered_at, SupportRequest.topic, SupportRequest.organisation_id, SupportRequest.expert_id
    ).where(
        _within(SupportRequest.answered_at, first, after),
        SupportRequest.expert_id.is_not(None),
        SupportRequest.merged_into_id.is_(None),
    )
    for at, topic, city, person in db.session.execute(issued):
        assert at is not None
        yield Deed(day_of(at), topic, city, "answered", str(person))
    declined = (
        select(SupportMessage.at, SupportRequest.topic, SupportRequest.organisation_id, SupportMessage.author_id)
        .join(SupportRequest, SupportRequest.id == SupportMessage.request_id)
        .where(SupportMessage.act.in_(DECLINING), SupportMessage.role == "expert", _within(SupportMessage.at, first, after))
    )
    for at, topic, city, person in db.session.execute(declined):
        yield Deed(day_of(at), topic, city, "declined", str(person))


def _within(moment: Any, first: date, after: date) -> ColumnElement[bool]:
    return and_(moment >= moment_of(first), moment < moment_of(after))


def first_month() -> date | None:
    """The month in which the first request was asked."""
    at = db.session.scalar(select(func.min(SupportRequest.asked_at)))
    return month_of(day_of(at)) if at else None


def last_rows() -> dict[str, int]:
    """The newest row of each table that is counted: every act in a request adds one."""
    tables = {"requests": SupportRequest.id, "messages": SupportMessage.id, "reviews": SupportReview.id}
    row = db.session.execute(select(*[select(func.max(column)).scalar_subquery() for column in tables.values()])).one()
    return {name: last or 0 for name, last in zip(tables, row, strict=True)}


def months_touched(marks: Mapping[str, int]) -> set[date]:
    """The months in whose counts something may have changed since those rows."""

    def since(name: str, column: Any) -> ColumnElement[bool]:
        return column > marks.get(name, 0) - OVERLAP

    requests = select(SupportRequest.id).where(since("requests", SupportRequest.id))
    spoken = select(SupportMessage.request_id).where(since("messages", SupportMessage.id))
    reviewed = select(SupportReview.request_id).where(since("reviews", SupportReview.id))
    touched = union_all(requests, spoken, reviewed).subquery()
    moments = db.session.execute(
        select(SupportRequest.asked_at, SupportRequest.answered_at).where(SupportRequest.id.in_(select(touched.c.id)))
    )
    acts = db.session.execute(
        select(SupportMessage.at, literal(None)).where(since("messages", SupportMessage.id), SupportMessage.act.in_(DECLINING))
    )
    return {month_of(day_of(at)) for row in (*moments, *acts) for at in row if at}


# the kept counts


def run() -> FigureRun:
    """How far the kept figures have come; locked when the running command writes."""
    statement = select(FigureRun).where(FigureRun.id == 1)
    if will_write():
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one()


@dataclass(frozen=True, slots=True)
class Cell:
    """The kept counts of one month, topic and city; `topic` "" and `city` 0 for every one. Without a month: of all of the period."""

    month: date | None
    topic: str
    city: int
    tally: Counts


def cells(by: Actor, period: Period, topic: str, city: int) -> list[Cell]:
    """The counts of each month of the period for that topic and city, and with them those of each topic and of each city where none is
    chosen, all months together: they are added up as they come, as the network's years would not fit well into memory.

    Empty for whoever may not see the figures.
    """
    if not by.may("figures.read"):
        return []
    wanted = [and_(FigureTotal.topic == topic, FigureTotal.city == city)]
    if topic == ALL_TOPICS:
        wanted.append(and_(FigureTotal.city == city, FigureTotal.topic > ALL_TOPICS))
    if city == ALL_CITIES:
        wanted.append(and_(FigureTotal.topic == topic, FigureTotal.city > ALL_CITIES))
    months = FigureTotal.month.between(period.first, period.last)
    columns = (FigureTotal.month, FigureTotal.topic, FigureTotal.city, FigureTotal.tally)
    rows = db.session.execute(union_all(*[select(*columns).where(which, months) for which in wanted]))
    found: list[Cell] = []
    beside: dict[tuple[str, int], Tally] = {}
    for month, of_topic, of_city, tally in rows:
        if (of_topic, of_city) == (topic, city):
            found.append(Cell(month, topic, city, tally))
        else:
            add(beside.setdefault((of_topic, of_city), empty_tally()), tally)
    return found + [Cell(None, of_topic, of_city, tally) for (of_topic, of_city), tally in beside.items()]


def open_cells(by: Actor, topic: str, city: int) -> list[Counts]:
    """The counts of every month in which something is still open, for that topic and city."""
    if not by.may("figures.read"):
        return []
    statement = select(FigureTotal.tally).where(FigureTotal.topic == topic, FigureTotal.city == city, FigureTotal.running > 0)
    return list(db.session.scalars(statement))


def names_of_people(ids: Iterable[int]) -> dict[int, str]:
    return dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(list(ids)))).all())


@dataclass(frozen=True, slots=True)
class City:
    id: int
    code: str
    names: Trilingual


def cities() -> tuple[City, ...]:
    """Every municipality, by its Finnish name."""
    statement = (
        select(Organisation.id, Organisation.code, Organisation.name_fi, Organisation.name_sv, Organisation.name_en)
        .where(Organisation.kind == "municipality")
        .order_by(Organisation.name_fi)
    )
    return tuple(City(number, code, Trilingual(*names)) for number, code, *names in db.session.execute(statement))


# the requests behind a figure


WHATS = ("asked", "first", "answered", "open", "reviewed", "issued", "held")
"""Which requests: `asked` all; `first` and `answered` those with a first answer or an opinion; `open` and `held` those that run, or
are with an expert; `reviewed` those of which the city has said what it did; all by the day asked, but `issued` by the opinion's."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Requests behind a figure. Empty values ask for nothing."""

    what: str = "asked"
    first: date | None = None
    last: date | None = None
    topic: str = ALL_TOPICS
    city: int = ALL_CITIES
    kind: str = ""
    product: str | None = None
    """ "" for the requests in which no product was chosen."""
    expert: int | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """One request as a figure's list tells of it: what the coordinator sees in the desk too."""

    number: int
    topic: str
    city: int
    state: str
    asked_at: datetime
    first_at: datetime | None
    answered_at: datetime | None

    @property
    def name(self) -> str:
        return shown_number(self.number)

    @property
    def asked_on(self) -> date:
        return day_of(self.asked_at)

    @property
    def answered_on(self) -> date | None:
        return day_of(self.answered_at) if self.answered_at else None


def behind(by: Actor, wanted: Wanted, after: tuple[datetime, int] | None = None) -> tuple[list[Behind], bool]:
    """At most 50 requests, the newest first, and whether more follow; none for whoever may not see the figures."""
    if not by.may("figures.read"):
        return [], False
    moment = SupportRequest.answered_at if wanted.what == "issued" else SupportRequest.asked_at
    statement = (
        select(
            SupportRequest.id, SupportRequest.topic, SupportRequest.organisation_id, SupportRequest.state, SupportRequest.asked_at,
            SupportRequest.first_answer_at, SupportRequest.answered_at,
        )
        .where(SupportRequest.merged_into_id.is_(None), *_conditions(wanted, moment))
        .order_by(moment.desc(), SupportRequest.id.desc())
        .limit(PAGE_SIZE + 1)
    )  # fmt: skip
    if after is not None:
        statement = statement.where(tuple_(moment, SupportRequest.id) < tuple_(*after))
    rows = [Behind(*row) for row in db.session.execute(statement)]
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def _conditions(wanted: Wanted, moment: Any) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.first:
        found.append(moment >= moment_of(wanted.first))
    if wanted.last:
        found.append(moment < moment_of(wanted.last + timedelta(days=1)))
    for column, value in (
        (SupportRequest.topic, wanted.topic), (SupportRequest.organisation_id, wanted.city), (SupportRequest.kind, wanted.kind),
        (SupportRequest.expert_id, wanted.expert),
    ):  # fmt: skip
        if value:
            found.append(column == value)
    if wanted.product is not None:
        found.append(SupportRequest.product == wanted.product)
    return [*found, *_what(wanted.what)]


def _what(what: str) -> list[ColumnElement[bool]]:
    reviewed: Select[Any] = select(SupportReview.id).where(SupportReview.request_id == SupportRequest.id)
    found: dict[str, list[ColumnElement[bool]]] = {
        "first": [func.coalesce(SupportRequest.first_answer_at, SupportRequest.answered_at).is_not(None)],
        "answered": [SupportRequest.answered_at.is_not(None)],
        "issued": [SupportRequest.answered_at.is_not(None)],
        "open": [SupportRequest.state.in_(RUNNING)],
        "held": [SupportRequest.state.in_(HELD)],
        "reviewed": [reviewed.exists()],
    }
    return found.get(what, [])
