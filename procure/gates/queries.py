"""What stands beside the catalogue's points: marks, a city's own points, and the periods that have run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Date, Row, String, bindparam, case, cast, func, literal, null, or_, select, union_all, update

from procure.accounts.models import Person
from procure.accounts.queries import LARGEST_ID
from procure.cases.models import Case, CaseDeadline
from procure.domain.gates import CityPoint, Mark, Period, in_all_languages
from procure.domain.permissions import CITY_ROLES, Actor
from procure.gates.models import CityGatePoint, GateMark
from procure.infra.db import db, read

MOST_LISTED: Final = 500

_NO_WORDS: Final = cast(null(), String)
_NO_DAY: Final = cast(null(), Date)
_BESIDE: Final = union_all(  # one statement for the three tables: the page of a case asks it
    select(
        GateMark.kind.label("kind"), GateMark.sequence.label("number"), GateMark.point.label("a"), GateMark.given_by.label("b"),
        GateMark.note.label("c"), _NO_WORDS.label("d"), _NO_WORDS.label("e"), GateMark.given_on.label("first"), _NO_DAY.label("second"),
    ).where(GateMark.case_id == bindparam("case"), GateMark.over.is_(False)),
    select(
        case((CityGatePoint.required.is_(True), "required"), else_="advice"), CityGatePoint.id, CityGatePoint.way, CityGatePoint.what,
        CityGatePoint.text_fi, CityGatePoint.text_sv, CityGatePoint.text_en, CityGatePoint.valid_from, CityGatePoint.until,
    ).where(
        CityGatePoint.organisation_id == bindparam("city"), CityGatePoint.stage == bindparam("stage"),
        or_(CityGatePoint.procedure == "", CityGatePoint.procedure == bindparam("procedure")),
        CityGatePoint.valid_from <= bindparam("entered", type_=Date),
        or_(CityGatePoint.until.is_(None), CityGatePoint.until > bindparam("entered", type_=Date)),
    ),
    select(
        literal("period"), CaseDeadline.id, CaseDeadline.rule, _NO_WORDS, _NO_WORDS, _NO_WORDS, _NO_WORDS, CaseDeadline.rolled_last_day,
        CaseDeadline.safe_from,
    ).where(CaseDeadline.case_id == bindparam("case"), CaseDeadline.set_aside_by.is_(None)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """What a case's present gate has besides the catalogue's points."""

    points: tuple[CityPoint, ...]
    marks: tuple[Mark, ...]
    periods: tuple[Period, ...]


def beside(case: Case) -> Beside:
    """In one query; the city's points are those that held on the day the stage was entered, the oldest first."""
    values = {
        "case": case.id, "city": case.organisation_id, "stage": case.stage, "procedure": case.procedure, "entered": case.stage_entered_on,
    }  # fmt: skip
    points, marks, periods = list[CityPoint](), list[Mark](), list[Period]()
    for kind, number, a, b, c, d, e, first, second in read(_BESIDE, values):
        if kind == "period":
            periods.append(Period(a, first, second))
        elif kind in ("required", "advice"):
            points.append(CityPoint(number, in_all_languages({"fi": c, "sv": d, "en": e}), kind == "required", a, b))
        else:
            marks.append(Mark(kind, a, b, first, c, number))
    return Beside(tuple(sorted(points, key=lambda point: point.id)), tuple(marks), tuple(periods))


def has_marks(case: Case) -> bool:
    statement = select(GateMark.case_id).where(GateMark.case_id == case.id, GateMark.over.is_(False)).limit(1)
    return db.session.scalar(statement) is not None


def end_marks(case: Case, visit: int) -> None:
    """Marks of another stay in a stage than the present one no longer count. Asked with every change of a case, as a chosen procedure
    may move it."""
    over = (
        update(GateMark).where(GateMark.case_id == case.id, GateMark.over.is_(False), GateMark.visit != visit).values(over=True)
    )
    db.session.execute(over, execution_options={"synchronize_session": False})


def mark_of(case: Case, point: str, kind: str) -> GateMark | None:
    """The present mark of the point; nobody else changes it while the case is locked (`cases.queries.case_to_change`)."""
    statement = select(GateMark).where(
        GateMark.case_id == case.id, GateMark.point == point, GateMark.kind == kind, GateMark.over.is_(False)
    )
    return db.session.scalar(statement.execution_options(populate_existing=True))


# a city's own points


def points_of_city(by: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every point of the person's city, those in force first, by stage: (point, who changed it last)."""
    if by.role not in CITY_ROLES:
        return []
    statement = (
        select(CityGatePoint, Person.name)
        .outerjoin(Person, Person.id == CityGatePoint.changed_by_id)
        .where(CityGatePoint.organisation_id == by.organisation_id)
        .order_by(CityGatePoint.until.is_not(None), CityGatePoint.stage, CityGatePoint.id)
        .limit(MOST_LISTED)
    )
    return db.session.execute(statement).all()


def point_for(by: Actor, number: int) -> CityGatePoint | None:
    """One point of the person's own city; None when it is not there or another city's."""
    if by.role not in CITY_ROLES or not 0 < number <= LARGEST_ID:
        return None
    statement = select(CityGatePoint).where(CityGatePoint.id == number, CityGatePoint.organisation_id == by.organisation_id)
    return db.session.scalar(statement.execution_options(populate_existing=True))


def count_in_force(organisation_id: int) -> int:
    statement = select(func.count(CityGatePoint.id)).where(
        CityGatePoint.organisation_id == organisation_id, CityGatePoint.until.is_(None)
    )
    return db.session.scalar(statement) or 0
