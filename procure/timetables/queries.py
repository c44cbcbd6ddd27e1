"""Finding what a timetable rests on. The caller has found the case for the person (`cases.queries`).

A calendar is read without signing in: there the secret address says who reads, and the queries hold to what that person may see.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Row, Select, String, bindparam, cast, literal, select, union_all
from sqlalchemy.orm import joinedload

from procure.accounts.models import Person
from procure.cases.models import Answer, Case, CaseDeadline, CaseEvent, CasePartner
from procure.domain import stages
from procure.domain.permissions import CITY_ROLES, Actor
from procure.domain.planning.experience import Learned, from_kept
from procure.domain.planning.office import Office
from procure.domain.planning.plan import FORWARDS, Days
from procure.infra.db import db, read
from procure.planning import queries as planning
from procure.planning.models import NetworkDuration
from procure.timetables.models import CalendarFeed, CasePlan

PLAN: Final = "plan"
MOST_CASES: Final = 200
"""How many cases one person's calendar tells of, those with the nearest dates first."""

_FOR_CASE: Final = union_all(  # one statement with how the city works: every page of a case asks it
    *planning.OFFICE_PARTS,
    planning.LEARNED_PART.where(NetworkDuration.procedure == bindparam("procedure")),
    select(literal(PLAN), CasePlan.saved_on, planning.NO_DAY, cast(CasePlan.plan, String), CasePlan.version).where(
        CasePlan.case_id == bindparam("case")
    ),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The timetable as it was last saved; `version` 0 while it never was. `saved`: the days of each stage as counted then."""

    version: int = 0
    mode: str = FORWARDS
    durations: Mapping[str, int] = field(default_factory=dict)
    wished: Mapping[str, date] = field(default_factory=dict)
    saved: Mapping[str, Days] = field(default_factory=dict)
    saved_on: date | None = None
    saved_by: str = ""
    learned: Mapping[str, Learned] = field(default_factory=dict)
    """Stage -> the network's median that the plan was made with."""
    learned_for: str = ""
    """The procedure of which those are; "" in a plan that was made without any."""


def basis_of(case: Case) -> tuple[Office, Kept]:
    """How the case's city works and what was saved for the case, in one query."""
    rows = read(_FOR_CASE, {"city": case.organisation_id, "case": case.id, "procedure": case.procedure}).all()
    kept = next((_kept(row.words, row.first, row.days) for row in rows if row.kind == PLAN), Kept())
    return planning.office_from(row for row in rows if row.kind != PLAN), kept


def plan_row(case: Case) -> CasePlan | None:
    """The row itself, as it is now that the case is locked."""
    return db.session.get(CasePlan, case.id, populate_existing=True)


def _kept(plan: str, saved_on: date, version: int) -> Kept:
    told = json.loads(plan)
    return Kept(
        version,
        told["mode"],
        told["durations"],
        {stage: date.fromisoformat(day) for stage, day in told["wished"].items()},
        {stage: (date.fromisoformat(first), date.fromisoformat(last)) for stage, (first, last) in told["saved"].items()},
        saved_on,
        told["saved_by"],
        {stage: from_kept(found) for stage, found in told.get("network", {}).get("stages", {}).items()},
        told.get("network", {}).get("procedure", ""),
    )


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar that is being read. `case_id` None: of all cases that the person is responsible for."""

    case_id: int | None
    person_id: int
    organisation_id: int
    language: str


_FEED: Final = (
    select(CalendarFeed.case_id, Person.id, Person.organisation_id, Person.language)
    .join(Person, Person.id == CalendarFeed.person_id)
    .where(CalendarFeed.token_hash == bindparam("wanted"), Person.active, Person.role.in_(CITY_ROLES))
)


def feed_by_hash(token_hash: str) -> Feed | None:
    """The calendar behind a secret address; None when there is none, or its person no longer works for a city here."""
    row = read(_FEED, {"wanted": token_hash}).first()
    return Feed(*row) if row else None


def feed_row(by: Actor, case: Case | None) -> CalendarFeed | None:
    """The person's own calendar of the case, or of all own cases; None while it is off."""
    statement = select(CalendarFeed).where(CalendarFeed.person_id == by.id)
    return db.session.scalar(statement.where(CalendarFeed.case_id == case.id if case else CalendarFeed.case_id.is_(None)))


def cases_of(feed: Feed) -> list[Case]:
    """The cases that the calendar tells of, all of one city: the one case while the person's city may read it, else the open ones of
    the own city that the person is responsible for, at most MOST_CASES."""
    statement = select(Case).options(joinedload(Case.organisation))
    if feed.case_id is None:
        mine = statement.where(
            Case.responsible_id == feed.person_id, Case.organisation_id == feed.organisation_id, Case.stage != ""
        )
        return list(db.session.scalars(mine.order_by(Case.sort_date, Case.id).limit(MOST_CASES)))
    shared = select(CasePartner.case_id).where(CasePartner.organisation_id == feed.organisation_id)
    readable = (Case.organisation_id == feed.organisation_id) | Case.id.in_(shared)
    return list(db.session.scalars(statement.where(Case.id == feed.case_id, readable)))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the timetables of several cases rest on, by the case's id."""

    answers: Mapping[int, Sequence[Row[*tuple[Any, ...]]]]
    events: Mapping[int, Sequence[Row[*tuple[Any, ...]]]]
    deadlines: Mapping[int, Sequence[Row[*tuple[Any, ...]]]]
    kept: Mapping[int, Kept]
    changed_at: Mapping[int, datetime]
    """When the last event of the case was recorded."""


_SEVERAL: Final[BindParameter[Any]] = bindparam("cases", expanding=True)
_ANSWERS: Final = select(Answer.case_id, Answer.question, Answer.value, Answer.known).where(Answer.case_id.in_(_SEVERAL))
_EVENTS: Final = (
    select(
        CaseEvent.case_id,
        CaseEvent.sequence,
        CaseEvent.kind,
        CaseEvent.payload,
        CaseEvent.happened_on,
        CaseEvent.recorded_at,
        CaseEvent.recorded_by,
    )
    .where(CaseEvent.case_id.in_(_SEVERAL), CaseEvent.kind.in_(stages.REPLAYED))
    .order_by(CaseEvent.case_id, CaseEvent.sequence)
)
_DEADLINES: Final = (
    select(
        CaseDeadline.case_id, CaseDeadline.sequence, CaseDeadline.rule, CaseDeadline.edition, CaseDeadline.citation,
        CaseDeadline.rolled_last_day, CaseDeadline.safe_from,
    )
    .where(CaseDeadline.case_id.in_(_SEVERAL), CaseDeadline.set_aside_by.is_(None), CaseDeadline.met_on.is_(None))
    .order_by(CaseDeadline.case_id, CaseDeadline.rolled_last_day, CaseDeadline.id)
)  # fmt: skip
_PLANS: Final = select(CasePlan.case_id, cast(CasePlan.plan, String), CasePlan.saved_on, CasePlan.version).where(
    CasePlan.case_id.in_(_SEVERAL)
)
_CHANGED: Final = (
    select(CaseEvent.case_id, CaseEvent.recorded_at)
    .join(Case, Case.id == CaseEvent.case_id)
    .where(CaseEvent.case_id.in_(_SEVERAL), CaseEvent.sequence == Case.last_sequence)
)


def facts_of(cases: Sequence[Case]) -> Facts:
    """Five queries, however many cases. Deadlines: those that count and whose matter is not done."""
    ids = {"cases": [case.id for case in cases]}
    plans = read(_PLANS, ids)
    return Facts(
        _by_case(_ANSWERS, ids),
        _by_case(_EVENTS, ids),
        _by_case(_DEADLINES, ids),
        {case_id: _kept(plan, saved_on, version) for case_id, plan, saved_on, version in plans},
        {row.case_id: row.recorded_at for row in read(_CHANGED, ids)},
    )


def _by_case(statement: Select[*tuple[Any, ...]], ids: Mapping[str, Any]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    found = defaultdict(list)
    for row in read(statement, ids):
        found[row.case_id].append(row)
    return found
