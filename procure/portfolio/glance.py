"""What a manager sees of the city at a glance: how many cases stand where, which are late, what comes next, which advice is open.

Asked of the cases themselves, as it is about today. Own city only; each in the order of an index.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    CompoundSelect,
    Date,
    Select,
    bindparam,
    case,
    cast,
    func,
    null,
    select,
    union_all,
)

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case, CaseEvent
from procure.domain import portfolio, stages
from procure.domain.permissions import Actor
from procure.domain.support import RUNNING
from procure.infra.db import as_written, read
from procure.support.models import SupportRequest

MOST: Final = 5
AHEAD_DAYS: Final = 30
LATE, AHEAD, ADVICE, EVENT = "late", "ahead", "advice", "event"


@dataclass(frozen=True, slots=True)
class Next:
    """A case and the date it looks towards. `light`: of that date."""

    reference: str
    title: str
    stage: str
    procedure: str
    procedure_edition: str
    next_date: date
    next_date_kind: str
    responsible: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An open request for expert advice; `reference` "" where it belongs to no case."""

    number: int
    topic: str
    state: str
    answer_by: date
    reference: str
    title: str


_SOON: Final = bindparam("soon", type_=Date)
_TODAY: Final = bindparam("today", type_=Date)
_NOTHING: Final = as_written("")
_COUNTS: Final = (
    select(
        Case.stage,
        case((Case.sort_date < _TODAY, "red"), (Case.sort_date <= _SOON, "yellow"), else_="green").label("light"),
        func.count().label("number"),
    )
    .where(Case.organisation_id == bindparam("own"), Case.stage != "")
    .group_by(Case.stage, "light")
)


def counts(by: Actor, today: date) -> Mapping[str, Mapping[str, int]]:
    """How many open cases of the city are in each part of a procurement, by light."""
    found: dict[str, dict[str, int]] = {phase: dict.fromkeys(stages.LIGHTS[:3], 0) for phase in portfolio.PHASES}
    values = {"own": by.organisation_id, "today": today, "soon": today + timedelta(days=stages.SOON_DAYS)}
    for stage, light, number in read(_COUNTS, values):
        if phase := portfolio.phase_of(stage):
            found[phase][light] += number
    return found


def late(by: Actor, language: str, today: date, most: int) -> list[Next]:
    """The cases of the city that are late by most."""
    return [_next(row) for row in read(_late(language, most), {"own": by.organisation_id, "today": today})]


@dataclass(frozen=True, slots=True)
class Glance:
    """`late`: one more than MOST where there are more. `last_event`: the newest entry in the log of any case, as whatever is done to one
    adds an entry; two glances with the same rows are the same whatever happened elsewhere."""

    late: tuple[Next, ...]
    ahead: tuple[Next, ...]
    advice: tuple[Asked, ...]
    last_event: int = field(compare=False)


def glance(by: Actor, language: str, today: date) -> Glance:
    """The cases that are late by most, the five next dates within 30 days, the five open requests whose answer is promised first, and
    the newest entry of the log: by one statement, as asking costs more than answering."""
    values = {"own": by.organisation_id, "today": today, "until": today + timedelta(days=AHEAD_DAYS)}
    found = read(_glance(language), values).all()
    rows = sorted((row for row in found if row.part != EVENT), key=lambda row: (row.on, row.number))
    return Glance(
        tuple(_next(row) for row in rows if row.part == LATE),
        tuple(_next(row) for row in rows if row.part == AHEAD),
        tuple(_asked(row) for row in rows if row.part == ADVICE),
        next(row.number for row in found if row.part == EVENT) or 0,
    )


def _next(row: Any) -> Next:
    return Next(row.reference, row.title, row.what, row.how, row.edition, row.on, row.kind, row.responsible)


def _asked(row: Any) -> Asked:
    return Asked(row.number, row.what, row.how, row.on, row.reference, row.title)


@cache  # as the others: making a statement takes longer than answering it
def _glance(language: str) -> CompoundSelect[*tuple[Any, ...]]:
    parts = (_late(language, MOST + 1), _ahead(language), _advice(language), _last_event())
    return union_all(*(select(rows.subquery()) for rows in parts))


@cache
def _late(language: str, most: int) -> Select[*tuple[Any, ...]]:
    return _cases(LATE, language).where(Case.sort_date < _TODAY).limit(as_written(most))


def _ahead(language: str) -> Select[*tuple[Any, ...]]:
    within = (Case.sort_date >= _TODAY, Case.sort_date <= bindparam("until", type_=Date))
    return _cases(AHEAD, language).where(*within).limit(as_written(MOST))


def _cases(part: str, language: str) -> Select[*tuple[Any, ...]]:
    """`what` and `how`: stage and procedure."""
    return (
        select(
            as_written(part).label("part"), Case.sort_date.label("on"), Case.id.label("number"), Case.reference,
            cases.title_in(language).label("title"), Case.stage.label("what"), Case.procedure.label("how"),
            Case.procedure_edition.label("edition"), Case.next_date_kind.label("kind"), Person.name.label("responsible"),
        )
        .join(Person, Person.id == Case.responsible_id)
        .where(Case.organisation_id == bindparam("own"), Case.stage != "")
        .order_by(Case.sort_date, Case.id)
    )  # fmt: skip


def _advice(language: str) -> Select[*tuple[Any, ...]]:
    """`what` and `how`: topic and state."""
    title = func.coalesce(cases.title_in(language), SupportRequest.idea_title)
    return (
        select(
            as_written(ADVICE).label("part"), SupportRequest.answer_by.label("on"),
            SupportRequest.id.label("number"), func.coalesce(Case.reference, "").label("reference"), title.label("title"),
            SupportRequest.topic.label("what"), SupportRequest.state.label("how"), _NOTHING.label("edition"),
            _NOTHING.label("kind"), _NOTHING.label("responsible"),
        )
        .outerjoin(Case, Case.id == SupportRequest.case_id)
        .where(SupportRequest.organisation_id == bindparam("own"), SupportRequest.state.in_([as_written(state) for state in RUNNING]))
        .where(SupportRequest.merged_into_id.is_(None))
        .order_by(SupportRequest.answer_by, SupportRequest.id)
        .limit(as_written(MOST))
    )  # fmt: skip


def _last_event() -> Select[*tuple[Any, ...]]:
    """In the shape of the others."""
    nothing = [_NOTHING.label(name) for name in ("reference", "title", "what", "how", "edition", "kind", "responsible")]
    return select(
        as_written(EVENT).label("part"), cast(null(), Date).label("on"), func.max(CaseEvent.id).label("number"), *nothing
    )
