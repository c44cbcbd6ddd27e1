"""Finding cases. Every question is asked for a given person: what they may not see is not there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import joinedload

from procure.accounts.models import Organisation
from procure.cases.models import NO_DATE, Answer, Case, CaseDeadline, CaseEvent, CaseMember, CasePartner, SavedView
from procure.domain import questions, stages
from procure.domain.permissions import CITY_ROLES, Actor
from procure.domain.team import GUEST
from procure.infra import fulltext
from procure.infra.db import db, read, will_write

PAGE_SIZE = 25
VIEW: Final = "view"
COLUMNS: Final = "columns"
"""The kinds of `models.SavedView`."""


_READABLE: Final = or_(
    Case.organisation_id == bindparam("own"),
    exists().where(CasePartner.case_id == Case.id, CasePartner.organisation_id == bindparam("own")),
)
"""The city's own cases and those on which it is a partner. Nobody outside the cities sees cases through these queries."""


def guest_is(person: Any) -> ColumnElement[bool]:
    """That the person of that number (or parameter) is a guest on the case: reads it, whatever the role."""
    return exists().where(
        CaseMember.case_id == Case.id, CaseMember.person_id == person, CaseMember.part == GUEST, CaseMember.until.is_(None)
    )


def guest(by: Actor) -> ColumnElement[bool]:
    return guest_is(by.id)


def title_in(language: str) -> ColumnElement[str]:
    """The column of the case's title in that language, English for any other."""
    columns: dict[str, Any] = {"fi": Case.title_fi, "sv": Case.title_sv}
    found: ColumnElement[str] = columns.get(language, Case.title_en)
    return found


WAITING: Final[dict[str, ScalarSelect[int]]] = {}
"""Page of a case -> how many things wait there for bindparam("person") in the row's Case: read along with the case, so that the pages'
navigation can say so without asking. A feature that stands above the cases puts itself here before the first is asked for."""


@cache
def _one() -> Select[*tuple[Any, ...]]:
    """Made once, as it is asked with every page of a case."""
    return (
        select(Case, guest_is(bindparam("person")), *WAITING.values())
        .where(Case.reference == bindparam("wanted"), _READABLE)
        .options(
            joinedload(Case.organisation),
            joinedload(Case.responsible),
            joinedload(Case.partners).joinedload(CasePartner.organisation),
        )
    )


def _waiting(numbers: Sequence[int]) -> tuple[tuple[str, int], ...]:
    return tuple((page, number) for page, number in zip(WAITING, numbers, strict=True) if number)


def case_for(by: Actor, reference: str) -> Case | None:
    """The case with its city, responsible person and partners; None when it is not there or not for this person."""
    if by.role not in CITY_ROLES:
        return None
    values = {"wanted": reference, "own": by.organisation_id, "person": by.id}
    row = db.session.execute(_one(), values).unique().one_or_none()
    if row is None:
        return None
    case: Case = row[0]
    case.only_read, case.waiting = row[1], _waiting(row[2:])
    return case


def case_to_change(by: Actor, reference: str) -> Case | None:
    """The case for its own city's people, locked until the transaction ends when the request writes. Partners and guests only read."""
    statement = select(Case, *WAITING.values()).where(
        Case.reference == reference, Case.organisation_id == by.organisation_id, ~guest(by)
    )
    if by.role not in CITY_ROLES:
        return None
    if will_write():
        statement = statement.with_for_update(of=Case).execution_options(populate_existing=True)
    row = db.session.execute(statement, {"person": by.id}).one_or_none()
    if row is None:
        return None
    case: Case = row[0]
    case.only_read, case.waiting = False, _waiting(row[1:])
    return case


_ANSWERS: Final = (  # columns, not objects: a page of a case reads thirty of them and changes none
    select(Answer.question, Answer.value, Answer.known).where(Answer.case_id == bindparam("wanted")).order_by(Answer.question)
)
_EVENTS: Final = (
    select(
        CaseEvent.sequence, CaseEvent.kind, CaseEvent.payload, CaseEvent.happened_on, CaseEvent.recorded_at,
        CaseEvent.recorded_by_id, CaseEvent.recorded_by, CaseEvent.role, CaseEvent.hash,
    )
    .where(CaseEvent.case_id == bindparam("wanted"))
    .order_by(CaseEvent.sequence)
    .limit(bindparam("most", type_=Integer))
)  # fmt: skip
_STAGE_EVENTS: Final = _EVENTS.where(CaseEvent.kind.in_(stages.REPLAYED))


def answers_of(case: Case) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every answer of the case, by question: `question`, `value`, `known`."""
    return read(_ANSWERS, {"wanted": case.id}).all()


def facts_of(answers: Sequence[Any]) -> dict[str, questions.Answer]:
    """Answers as the rules take them."""
    return {answer.question: questions.Answer(answer.value, answer.known) for answer in answers}


def events_of(case: Case, limit: int = 1000) -> Sequence[Row[*tuple[Any, ...]]]:
    """The case's events in the order they were recorded."""
    return read(_EVENTS, {"wanted": case.id, "most": limit}).all()


def stage_events_of(case: Case, limit: int = 1000) -> Sequence[Row[*tuple[Any, ...]]]:
    """Those of them that say where the case is."""
    return read(_STAGE_EVENTS, {"wanted": case.id, "most": limit}).all()


_DEADLINES: Final = (
    select(
        CaseDeadline.id, CaseDeadline.sequence, CaseDeadline.stage, CaseDeadline.rule, CaseDeadline.edition, CaseDeadline.citation,
        CaseDeadline.event_on, CaseDeadline.sent_by, CaseDeadline.counted_from, CaseDeadline.last_day,
        CaseDeadline.rolled_last_day, CaseDeadline.safe_from, CaseDeadline.evidence, CaseDeadline.set_aside_by, CaseDeadline.met_on,
    )
    .where(CaseDeadline.case_id == bindparam("wanted"))
    .order_by(CaseDeadline.rolled_last_day, CaseDeadline.id)
)  # fmt: skip


def deadlines_of(case: Case) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every period of the law that the case's events have started, set aside or not, in the order of their last days."""
    return read(_DEADLINES, {"wanted": case.id}).all()


def deadline_to_change(case: Case, number: int) -> CaseDeadline | None:
    """One of the case's own deadlines, by its row's number. The case is locked (`case_to_change`)."""
    return db.session.scalar(select(CaseDeadline).filter_by(case_id=case.id, id=number).execution_options(populate_existing=True))


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
    statement = _page(_shape(filters), language, after is not None, with_kept)
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
def _page(shape: Filters, language: str, follows: bool, with_kept: bool) -> CompoundSelect[*tuple[Any, ...]]:
    """A page of the city's own cases and a page of those in which it is a partner, in one statement. Made once: making one takes
    longer than the database needs to answer it."""
    parts = _parts(shape, follows)
    branches = [_branch(shared, shape, language, follows, part).subquery() for shared in (False, True) for part in parts]
    return union_all(*(select(branch) for branch in branches), *([_kept()] if with_kept else []))


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
        Case.id, Case.reference, title.label("title"), Case.stage, Case.procedure, Case.procedure_edition, Case.value_amount,
        Case.next_date, Case.next_date_kind, Case.sort_date, Case.organisation_id, Case.responsible_id, Case.contract_kind,
        Case.opened_on, Case.state, rank.label("rank"),
    )  # fmt: skip
    if shared:
        statement = statement.join(CasePartner, CasePartner.case_id == Case.id)
    statement = statement.where(
        (CasePartner if shared else Case).organisation_id == bindparam("own"), *_conditions(shared, shape)
    )
    if shape.order == "best":
        behind = or_(
            rank > bindparam("after_rank", type_=Integer), and_(rank == bindparam("after_rank"), number < bindparam("after_id"))
        )
        statement = statement.order_by(rank, number.desc()).where(*[behind] if follows else [])
    elif shape.order == "newest":
        statement = statement.order_by(number.desc()).where(*[number < bindparam("after_id")] if follows else [])
    else:
        on, behind_id = bindparam("after_date", type_=Date), number > bindparam("after_id", type_=Integer)
        wanted = {SAME_DAY: and_(day == on, behind_id), LATER: day > on}
        statement = statement.order_by(day, number).where(*[wanted[part]] if part else [])
    return statement.limit(bindparam("most", type_=Integer))


def _conditions(shared: bool, shape: Filters) -> list[ColumnElement[bool]]:
    kept = CasePartner if shared else Case  # the partner's row has what is asked most, so that its index alone finds the page
    found: list[ColumnElement[bool]] = []
    if shape.text:
        found.append(fulltext.found(Case.id))
    if shape.stage:
        found.append(kept.stage == bindparam("wanted_stage"))
    elif shape.scope != "all":
        found.append(kept.stage != "" if shape.scope == "open" else kept.stage == "")
    if shape.procedure:
        found.append(kept.procedure == bindparam("wanted_procedure"))
    if shape.responsible:
        found.append(Case.responsible_id == bindparam("person"))
    if shape.city:
        found.append(Case.organisation_id.in_(select(Organisation.id).where(Organisation.code == bindparam("wanted_city"))))
    if shape.light:
        found.append(_lit(kept, shape.light))
    return found


def _lit(kept: type[Case] | type[CasePartner], light: str) -> ColumnElement[bool]:
    """The same rule as domain.stages.traffic_light, as conditions on columns; on the date that the indexes are sorted by.
    An open case always has one (domain.dates.next_date)."""
    today, soon = bindparam("today", type_=Date), bindparam("soon", type_=Date)
    conditions = {
        "red": and_(kept.stage != "", kept.sort_date < today),
        "yellow": and_(kept.stage != "", kept.sort_date >= today, kept.sort_date <= soon),
        "green": and_(kept.stage != "", kept.sort_date > soon, kept.sort_date < NO_DATE),
        "grey": kept.stage == "",
    }
    return conditions[light]


def waiting_for(by: Actor, today: date, limit: int = 10) -> list[CaseRow]:
    """Open cases for which this person is responsible, the nearest date first."""
    rows, _more = list_cases(by, Filters(responsible=by.id), by.language, today)
    return rows[:limit]


def readers_of(case: Case) -> list[int]:
    """The cities whose people see the case: its own, then its partners."""
    partners = select(CasePartner.organisation_id).where(CasePartner.case_id == case.id).order_by(CasePartner.organisation_id)
    return [case.organisation_id, *db.session.scalars(partners)]
