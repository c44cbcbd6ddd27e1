"""Saying which points a city adds to its stages. A point is never edited: a change ends it and begins another on the same day.

Each change locks the city first, so that of two people who change at once the second sees what the first has done.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Final

from procure.accounts.queries import lock_city
from procure.cases import gating
from procure.catalogue import deadlines as deadline_catalogue
from procure.catalogue import documents as document_catalogue
from procure.catalogue import procedures as procedure_catalogue
from procure.catalogue import questions as question_catalogue
from procure.domain import gates
from procure.domain.after_events import BEFORE_TENDERS, FOLLOWING
from procure.domain.gates import APPROVAL, APPROVALS, Wanted
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.gates import queries
from procure.gates.models import CityGatePoint
from procure.infra.db import db

MOST_POINTS: Final = 200


def add_point(wanted: Wanted, by: Actor, today: date, now: datetime) -> CityGatePoint:
    """A new point of the city; the same sent twice is one. Raises Refusal with every reason."""
    _check(wanted, today)
    lock_city(by.organisation_id)
    if (known := _same(wanted, by)) is not None:
        return known
    if queries.count_in_force(by.organisation_id) >= MOST_POINTS:
        raise Refusal(Reason("gate_points_many", {"most": str(MOST_POINTS)}))
    return _add(wanted, by, now)


def change_point(number: int, wanted: Wanted, by: Actor, today: date, now: datetime) -> CityGatePoint:
    """From `wanted.valid_from` on, another point in its place; one that has not changed stays. Raises Refusal."""
    _check(wanted, today)
    lock_city(by.organisation_id)
    point = _open_point(number, by)
    if _fields(wanted) == _fields_of(point):
        return point
    _end(point, wanted.valid_from, by, now)
    return _add(wanted, by, now)


def end_point(number: int, until: date, by: Actor, today: date, now: datetime) -> None:
    """From that day on, procurements enter the stage without the point. Raises Refusal."""
    if until < today:
        raise Refusal(Reason("gate_day_past", {"today": today.isoformat()}, target="until"))
    lock_city(by.organisation_id)
    _end(_open_point(number, by), until, by, now)
    db.session.flush()


def stages_of_procedures() -> Mapping[str, tuple[str, ...]]:
    """The stages of each procedure, as its newest edition has them; "": those of any."""
    catalogue = procedure_catalogue.catalogue()
    found = {one.id: tuple(stage.id for stage in one.stages) for one in catalogue.choosable()}
    every = dict.fromkeys(
        [stage.id for stage in catalogue.preparation.stages] + [stage for ids in found.values() for stage in ids]
    )
    return {"": tuple(every), **found}


@cache
def deadline_rules() -> tuple[str, ...]:
    """The rules of which a case keeps a deadline."""
    catalogue = deadline_catalogue.catalogue()
    rules = dict.fromkeys(follows.rule for follows in (*FOLLOWING, *BEFORE_TENDERS))
    return tuple(rule for rule in rules if rule in catalogue)


def known_ways() -> Mapping[str, tuple[str, ...]]:
    """What each way of satisfying a point may name. An approval only where something gives approvals."""
    questions = question_catalogue.catalogue().latest
    known = {
        gates.PERSON: ("",),
        gates.ANSWER: tuple(question.id for question in questions.questions),
        gates.DOCUMENT: tuple(kind.id for kind in document_catalogue.catalogue().made_here if kind.requires),
        gates.DEADLINE: deadline_rules(),
    }
    return known | ({APPROVAL: ("",)} if gating.has_gate_reviser(APPROVALS) else {})


def _check(wanted: Wanted, today: date) -> None:
    gates.check_wanted(wanted, stages_of_procedures(), known_ways(), today)


def _open_point(number: int, by: Actor) -> CityGatePoint:
    point = queries.point_for(by, number)
    if point is None or point.until is not None:
        raise Refusal(Reason("gate_point_ended"))
    return point


def _end(point: CityGatePoint, until: date, by: Actor, now: datetime) -> None:
    """A point that has not begun yet never begins: its last day lies before its first."""
    point.until, point.changed_at, point.changed_by_id = until, now, by.id


def _fields(wanted: Wanted) -> tuple[object, ...]:
    texts = tuple(wanted.texts.get(language, "").strip() for language in ("fi", "sv", "en"))
    return wanted.stage, wanted.procedure, texts, wanted.required, wanted.way, wanted.what


def _fields_of(point: CityGatePoint) -> tuple[object, ...]:
    texts = (point.text_fi, point.text_sv, point.text_en)
    return point.stage, point.procedure, texts, point.required, point.way, point.what


def _same(wanted: Wanted, by: Actor) -> CityGatePoint | None:
    of_city = (row.CityGatePoint for row in queries.points_of_city(by))
    return next((point for point in of_city if point.until is None and _fields_of(point) == _fields(wanted)), None)


def _add(wanted: Wanted, by: Actor, now: datetime) -> CityGatePoint:
    texts = {f"text_{language}": wanted.texts.get(language, "").strip() for language in ("fi", "sv", "en")}
    point = CityGatePoint(
        organisation_id=by.organisation_id, stage=wanted.stage, procedure=wanted.procedure, required=wanted.required, way=wanted.way,
        what=wanted.what, valid_from=wanted.valid_from, until=None, changed_at=now, changed_by_id=by.id, **texts,
    )  # fmt: skip
    db.session.add(point)
    db.session.flush()
    return point
