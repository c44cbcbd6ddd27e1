"""What the composing pages ask beyond the features' own questions. The caller has found the case for the person."""

from typing import Any, Final

from sqlalchemy import ScalarSelect, bindparam, func, select

from procure.advice.models import AdviceState
from procure.cases.models import Case
from procure.gates.models import CityGatePoint
from procure.infra.db import read
from procure.knowledge import queries as knowledge
from procure.planning.models import CityClosing, CityDuration, CityMeeting
from procure.timetables.models import CasePlan

Marks = tuple[Any, ...]
"""Compared, never read: it is another one once something of what it stands for has changed."""


def _of_city(table: Any) -> tuple[ScalarSelect[Any], ScalarSelect[Any]]:
    """How many rows a city has, and when one of them changed last: one that is removed changes the one, a new one both."""
    rows = select(func.count()).where(table.organisation_id == bindparam("city")).scalar_subquery()
    changed = select(func.max(table.changed_at)).where(table.organisation_id == bindparam("city")).scalar_subquery()
    return rows, changed


_MARKS: Final = select(
    *(part for table in (CityClosing, CityMeeting, CityDuration, CityGatePoint) for part in _of_city(table)),
    select(CasePlan.version).where(CasePlan.case_id == bindparam("case")).scalar_subquery(),
    select(AdviceState.fingerprint).where(AdviceState.case_id == bindparam("case")).scalar_subquery(),
    select(AdviceState.edition).where(AdviceState.case_id == bindparam("case")).scalar_subquery(),
    select(AdviceState.differs).where(AdviceState.case_id == bindparam("case")).scalar_subquery(),
    *knowledge.MARKS,
)


def marks_of(case: Case) -> Marks:
    """The state of what a case's page shows and its log does not tell: how the city works and what it asks of its stages, the saved
    plan, what the advice said last, which articles are offered."""
    return tuple(read(_MARKS, {"city": case.organisation_id, "case": case.id}).one())
