"""Reading for the portfolio: the rows that are measured, the kept counts, and the cases behind a figure. Own city only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, func, select, union

from procure.cases import queries as cases
from procure.cases.models import Answer, Case, CaseEvent
from procure.domain import brought, portfolio, results, stages
from procure.domain.permissions import Actor
from procure.domain.portfolio import EVERY_THEME, EVERYBODY, Counts, Fact, Measured, Novelty
from procure.infra.db import db, read, will_write
from procure.portfolio.models import PortfolioCase, PortfolioRun, PortfolioTotal
from procure.support.models import SupportMessage, SupportRequest

PAGE_SIZE: Final = 25
OVERLAP: Final = 100
"""So many rows before the last measured one are looked at again: a row may be committed after one with a higher number."""
QUESTIONS: Final = ("themes", "new_to_buyer", "new_to_market", "clear_improvement", "innovation_considered", "novelty_effect")

# the rows that are measured


def last_rows() -> dict[str, int]:
    """The newest row of each table that is measured: whatever is done to a case or a request adds one."""
    tables = {"events": CaseEvent.id, "requests": SupportRequest.id, "messages": SupportMessage.id}
    row = db.session.execute(select(*[select(func.max(column)).scalar_subquery() for column in tables.values()])).one()
    return {name: last or 0 for name, last in zip(tables, row, strict=True)}


def cases_with_events(after: int, last: int) -> list[int]:
    """The cases to whose log something was added in those rows."""
    statement = select(CaseEvent.case_id).where(CaseEvent.id > after, CaseEvent.id <= last).distinct()
    return list(db.session.scalars(statement.order_by(CaseEvent.case_id)))


def cases_asked_about(requests: int, messages: int) -> list[int]:
    """The cases of the requests that are newer than those rows, or in which something was done since."""
    spoken = (
        select(SupportRequest.case_id)
        .join(SupportMessage, SupportMessage.request_id == SupportRequest.id)
        .where(SupportMessage.id > messages - OVERLAP)
    )
    found = union(select(SupportRequest.case_id).where(SupportRequest.id > requests - OVERLAP), spoken)
    return sorted(number for number in db.session.scalars(found) if number is not None)


def cases_by_number(ids: Sequence[int]) -> list[Case]:
    return list(db.session.scalars(select(Case).where(Case.id.in_(ids)).order_by(Case.id)))


def logged_of(ids: Sequence[int]) -> dict[int, list[Any]]:
    """What the logs of the cases say about stages and results, by case, each in its order."""
    columns = (
        CaseEvent.case_id, CaseEvent.sequence, CaseEvent.kind, CaseEvent.payload, CaseEvent.happened_on, CaseEvent.recorded_at,
        CaseEvent.recorded_by,
    )  # fmt: skip
    statement = select(*columns).where(CaseEvent.case_id.in_(ids), CaseEvent.kind.in_((*stages.REPLAYED, *results.EVENTS)))
    return _by_case(db.session.execute(statement.order_by(CaseEvent.case_id, CaseEvent.sequence)))


def answers_of(ids: Sequence[int]) -> dict[int, list[Any]]:
    """The answers that the figures need, by case."""
    columns = (Answer.case_id, Answer.question, Answer.value, Answer.known)
    return _by_case(db.session.execute(select(*columns).where(Answer.case_id.in_(ids), Answer.question.in_(QUESTIONS))))


def support_of(ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Requests and opinions by case; a request that was merged into another one is that other one."""
    statement = (
        select(SupportRequest.case_id, func.count(), func.count(SupportRequest.answered_at))
        .where(SupportRequest.case_id.in_(ids), SupportRequest.merged_into_id.is_(None))
        .group_by(SupportRequest.case_id)
    )
    return {case: (requests, opinions) for case, requests, opinions in db.session.execute(statement) if case}


def _by_case(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


# the kept rows


def run() -> PortfolioRun:
    """How far the kept figures have come; locked when the running command writes."""
    statement = select(PortfolioRun).where(PortfolioRun.id == 1)
    if will_write():
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one()


def months_of(ids: Sequence[int]) -> set[tuple[int, date]]:
    """City and month under which the cases are kept now."""
    statement = select(PortfolioCase.city, PortfolioCase.month).where(PortfolioCase.case_id.in_(ids)).distinct()
    return {(city, month) for city, month in db.session.execute(statement)}


def facts_of(city: int, month: date) -> list[Fact]:
    """The measured cases of a city and month."""
    rows = db.session.scalars(select(PortfolioCase).where(PortfolioCase.city == city, PortfolioCase.month == month))
    return [fact_of(row) for row in rows]


def fact_of(row: PortfolioCase) -> Fact:
    measured = Measured(
        row.notice_on, row.award_on, row.contract_on, row.course["spent"], row.course["reworked"], row.standstill
    )  # fmt: skip
    return Fact(
        row.city, row.opened_on, row.responsible, row.procedure, row.stage, row.state, row.value,
        Novelty(row.level, row.innovative, row.told), tuple(row.themes.split()), measured, row.exception, row.requests, row.opinions,
        brought.from_kept(row.brought),
    )  # fmt: skip


def forget_cases(ids: Sequence[int]) -> None:
    db.session.execute(delete(PortfolioCase).where(PortfolioCase.case_id.in_(ids)))


# what the pages ask


@dataclass(frozen=True, slots=True)
class Filters:
    """Which of the city's cases. Empty values ask for nothing; `first` and `last`: of the days on which they were opened."""

    first: date
    last: date
    person: int = EVERYBODY
    procedure: str = ""
    theme: str = EVERY_THEME
    state: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """The kept counts of one month, procedure and state."""

    month: date
    procedure: str
    state: str
    tally: Counts


def cells(by: Actor, filters: Filters) -> list[Cell]:
    """The counts of the person's own city; none for whoever has no city's cases to read. One query."""
    if not by.may("portfolio.read"):
        return []
    statement = select(PortfolioTotal.month, PortfolioTotal.procedure, PortfolioTotal.state, PortfolioTotal.tally).where(
        PortfolioTotal.city == by.organisation_id,
        PortfolioTotal.theme == filters.theme,
        PortfolioTotal.responsible == filters.person,
        PortfolioTotal.month.between(filters.first, filters.last),
    )
    if filters.procedure:
        statement = statement.where(PortfolioTotal.procedure == filters.procedure)
    if filters.state:
        statement = statement.where(PortfolioTotal.state == filters.state)
    return [Cell(*row) for row in db.session.execute(statement)]


def first_month(by: Actor) -> date | None:
    """The month in which the city's first counted case was opened."""
    return db.session.scalar(
        select(func.min(PortfolioTotal.month)).where(
            PortfolioTotal.city == by.organisation_id,
            PortfolioTotal.theme == EVERY_THEME,
            PortfolioTotal.responsible == EVERYBODY,
        )
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Cases behind a figure, besides the filters. `what`: "innovative", "told", "valued", "support", "standstill", "exception",
    "tendered", "single", "reviewed", "stayed", or "" for all; `review`: a kind of review; `effect`: the name of a sum;
    `leg`: those that have both ends of a lead time; `passed` and `reworked`: a stage."""

    what: str = ""
    stage: str = ""
    phase: str = ""
    level: int | None = None
    leg: str = ""
    passed: str = ""
    reworked: str = ""
    light: str = ""
    review: str = ""
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """One case in the list behind a figure; `end_on`: the day on which it was over, or None while it goes on."""

    id: int
    reference: str
    title: str
    stage: str
    procedure: str
    procedure_edition: str
    state: str
    value: Any
    next_date: date | None
    opened_on: date
    notice_on: date | None
    award_on: date | None
    contract_on: date | None
    stage_entered_on: date

    @property
    def end_on(self) -> date | None:
        return None if self.stage else self.stage_entered_on


def behind(
    by: Actor, filters: Filters, wanted: Wanted, language: str, today: date, after: int | None = None
) -> tuple[list[Behind], bool]:
    """At most 25 of the city's cases, the newest first, and whether more follow; behind the case number `after`. One query."""
    if not by.may("portfolio.read"):
        return [], False
    title = cases.title_in(language)
    kept = PortfolioCase
    statement = (
        select(
            Case.id, Case.reference, title, Case.stage, Case.procedure, Case.procedure_edition, kept.state, Case.value_amount,
            Case.next_date, kept.opened_on, kept.notice_on, kept.award_on, kept.contract_on, Case.stage_entered_on,
        )
        .join(kept, kept.case_id == Case.id)
        .where(Case.organisation_id == by.organisation_id, kept.city == by.organisation_id)
        .where(*_chosen(filters), *_behind(wanted, today))
        .order_by(kept.case_id.desc())
        .limit(PAGE_SIZE + 1)
    )  # fmt: skip
    if after is not None:
        statement = statement.where(kept.case_id < after)
    rows = [Behind(*row) for row in read(statement, {})]
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def _chosen(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [PortfolioCase.opened_on.between(filters.first, filters.last)]
    for column, value in (
        (PortfolioCase.responsible, filters.person), (PortfolioCase.procedure, filters.procedure), (PortfolioCase.state, filters.state),
    ):  # fmt: skip
        if value:
            found.append(column == value)
    if filters.theme:
        found.append(_has(PortfolioCase.themes, filters.theme))
    return found


def _has(column: Any, word: str) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = column.contains(f" {word} ", autoescape=True)
    return condition


def _behind(wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    kept = PortfolioCase
    whats: dict[str, ColumnElement[bool]] = {
        "innovative": kept.innovative.is_(True), "told": kept.told.is_(True), "valued": kept.value.is_not(None),
        "support": kept.requests > 0, "standstill": kept.standstill.is_(True), "exception": kept.exception.is_(True),
        "tendered": kept.tendered.is_(True), "single": kept.single.is_(True), "reviewed": kept.reviewed != "",
        "stayed": kept.stayed.is_(True),
    }  # fmt: skip
    found = [whats[wanted.what]] if wanted.what in whats else []
    if wanted.stage:
        found.append(Case.stage == wanted.stage)
    if wanted.phase in portfolio.PHASES:
        found.append(Case.stage.in_(portfolio.PHASES[wanted.phase]))
    if wanted.level is not None:
        found.append(kept.level == wanted.level)
    if wanted.leg in portfolio.LEGS:
        first, last = (getattr(kept, name) for name in portfolio.LEGS[wanted.leg])
        found.append(and_(first.is_not(None), last.is_not(None), first <= last))
    if wanted.passed:
        found.append(_has(kept.passed, wanted.passed))
    if wanted.reworked:
        found.append(_has(kept.reworked, wanted.reworked))
    found += [_has(column, word) for column, word in ((kept.reviewed, wanted.review), (kept.summed, wanted.effect)) if word]
    if wanted.light in stages.LIGHTS:
        found.append(light_is(wanted.light, today))
    return found


def light_is(light: str, today: date) -> ColumnElement[bool]:
    """The same rule as domain.stages.traffic_light, as a condition; an open case always has a date to sort by."""
    soon = date.fromordinal(today.toordinal() + stages.SOON_DAYS)
    conditions = {
        "red": and_(Case.stage != "", Case.sort_date < today),
        "yellow": and_(Case.stage != "", Case.sort_date.between(today, soon)),
        "green": and_(Case.stage != "", Case.sort_date > soon),
        "grey": Case.stage == "",
    }
    return conditions[light]
