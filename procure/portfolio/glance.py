"""What a manager sees of the city at a glance: how many cases stand where, which are late, what comes next, which advice is open.

Asked of the cases themselves, as it is about today. Own city only; four queries, each in the order of an index.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Date, Integer, Select, bindparam, case, func, select

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case, CaseEvent
from procure.domain import portfolio, stages
from procure.domain.permissions import Actor
from procure.domain.support import RUNNING
from procure.infra.db import read
from procure.support.models import SupportRequest

MOST: Final = 5
AHEAD_DAYS: Final = 30


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
_COUNTS: Final = (
    select(
        Case.stage,
        case((Case.sort_date < _TODAY, "red"), (Case.sort_date <= _SOON, "yellow"), else_="green").label("light"),
        func.count().label("number"),
    )
    .where(Case.organisation_id == bindparam("own"), Case.stage != "")
    .group_by(Case.stage, "light")
)


_LAST_EVENT: Final = select(func.max(CaseEvent.id))


def counts(by: Actor, today: date) -> Mapping[str, Mapping[str, int]]:
    """How many open cases of the city are in each part of a procurement, by light."""
    found: dict[str, dict[str, int]] = {phase: dict.fromkeys(stages.LIGHTS[:3], 0) for phase in portfolio.PHASES}
    values = {"own": by.organisation_id, "today": today, "soon": today + timedelta(days=stages.SOON_DAYS)}
    for stage, light, number in read(_COUNTS, values):
        if phase := portfolio.phase_of(stage):
            found[phase][light] += number
    return found


def last_event() -> int:
    """The newest entry in the log of any case: whatever is done to one adds an entry."""
    return read(_LAST_EVENT, {}).scalar() or 0


def late(by: Actor, language: str, today: date, most: int = MOST) -> list[Next]:
    """The cases of the city that are late by most."""
    values = {"own": by.organisation_id, "today": today, "most": most}
    return [Next(*row) for row in read(_dated(language, late=True), values)]


def ahead(by: Actor, language: str, today: date) -> list[Next]:
    """The five next dates of the city's cases within 30 days."""
    values = {"own": by.organisation_id, "today": today, "until": today + timedelta(days=AHEAD_DAYS), "most": MOST}
    return [Next(*row) for row in read(_dated(language, late=False), values)]


@cache  # as the others below: making a statement takes longer than answering it
def _dated(language: str, late: bool) -> Select[*tuple[Any, ...]]:
    when = (Case.sort_date < _TODAY,) if late else (Case.sort_date >= _TODAY, Case.sort_date <= bindparam("until", type_=Date))
    return (
        select(
            Case.reference, cases.title_in(language), Case.stage, Case.procedure, Case.procedure_edition, Case.next_date,
            Case.next_date_kind, Person.name,
        )
        .join(Person, Person.id == Case.responsible_id)
        .where(Case.organisation_id == bindparam("own"), Case.stage != "", *when)
        .order_by(Case.sort_date, Case.id)
        .limit(bindparam("most", type_=Integer))
    )  # fmt: skip


def advice(by: Actor, language: str) -> list[Asked]:
    """The five open requests of the city whose answer is promised first."""
    return [Asked(*row) for row in read(_advice(language), {"own": by.organisation_id, "most": MOST})]


@cache
def _advice(language: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            SupportRequest.id, SupportRequest.topic, SupportRequest.state, SupportRequest.answer_by,
            func.coalesce(Case.reference, ""), func.coalesce(cases.title_in(language), SupportRequest.idea_title),
        )
        .outerjoin(Case, Case.id == SupportRequest.case_id)
        .where(SupportRequest.organisation_id == bindparam("own"), SupportRequest.state.in_(RUNNING))
        .where(SupportRequest.merged_into_id.is_(None))
        .order_by(SupportRequest.answer_by, SupportRequest.id)
        .limit(bindparam("most", type_=Integer))
    )  # fmt: skip
