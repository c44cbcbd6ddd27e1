"""Ticks, waivers and a city's own points as the tests need them, made by the services themselves."""

from datetime import date
from typing import Any

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.domain.checklists import GateState
from procure.domain.gates import Wanted
from procure.gates import city_service, service
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.teams.builders import locked


def tick(case: Case, by: Person, point: str, note: str = "", on: date | None = None) -> None:
    found, actor = locked(case, by), factories.actor_of(by)
    service.tick(found, point, service.visit_of(found), on or clock.today(), note, actor, clock.today(), clock.now())
    db.session.commit()


def waive(case: Case, by: Person, point: str, reason: str = "The board has said so") -> None:
    found, actor = locked(case, by), factories.actor_of(by)
    service.waive(found, point, service.visit_of(found), reason, actor, clock.today(), clock.now())
    db.session.commit()


def state(case: Case, point: str) -> GateState:
    return next(one for one in service.states_of(case) if one.point.id == point)


def add_point(by: Person, **changes: Any) -> int:
    """The number of a point that the administrator `by` adds to the first stage of every procedure, from today, unless `changes` say
    otherwise."""
    values: dict[str, Any] = {
        "stage": "need", "procedure": "", "texts": {"fi": "Lakipalvelu on lukenut"}, "required": True, "way": "person", "what": "",
        "valid_from": clock.today(),
    }  # fmt: skip
    point = city_service.add_point(Wanted(**(values | changes)), factories.actor_of(by), clock.today(), clock.now())
    db.session.commit()
    return point.id
