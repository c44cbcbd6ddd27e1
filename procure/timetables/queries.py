"""Finding what a timetable rests on. The caller has found the case for the person (`cases.queries`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import String, bindparam, cast, literal, select, union_all

from procure.cases.models import Case
from procure.domain.planning.office import Office
from procure.domain.planning.plan import FORWARDS, Days
from procure.infra.db import db, read
from procure.planning import queries as planning
from procure.timetables.models import CasePlan

PLAN: Final = "plan"

_FOR_CASE: Final = union_all(  # one statement with how the city works: every page of a case asks it
    *planning.OFFICE_PARTS,
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


def basis_of(case: Case) -> tuple[Office, Kept]:
    """How the case's city works and what was saved for the case, in one query."""
    rows = read(_FOR_CASE, {"city": case.organisation_id, "case": case.id}).all()
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
    )
