"""Clauses as tests need them."""

from datetime import date
from typing import Any

from procure.accounts.models import Person
from procure.clauses import service
from procure.clauses.models import CityClause
from procure.domain.clauses import Wanted
from procure.infra import clock
from procure.infra.db import db
from tests import factories

TEXT = "Kaupunki ei maksa korvausta tarjouksesta."


def wanted(valid_from: date | None = None, **changes: Any) -> Wanted:
    values: dict[str, Any] = {
        "kind": "award_decision", "part": "contract", "subject": "", "titles": {"fi": "Kustannukset"}, "texts": {"fi": TEXT},
    }  # fmt: skip
    return Wanted(**values | changes, valid_from=valid_from or clock.today())


def add_clause(person: Person, **changes: Any) -> CityClause:
    made = service.add(wanted(**changes), factories.actor_of(person), clock.today(), clock.now())
    db.session.commit()
    return made


def change_clause(person: Person, number: int, seen: int, **changes: Any) -> CityClause:
    made = service.change(number, wanted(**changes), seen, factories.actor_of(person), clock.today(), clock.now())
    db.session.commit()
    return made
