"""Results as the tests need them, recorded by the services themselves."""

from datetime import date
from decimal import Decimal
from typing import Any

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.domain.results import Aim, Measurement
from procure.domain.reviews import Decision, Said
from procure.infra import clock
from procure.infra.db import db
from procure.results import service
from procure.results.service import Words
from tests import factories
from tests.cases.builders import TODAY

SUPPLIER = "Binwatch"


def count(case: Case, person: Person, lot: int = 0, round_: int = 1, reason: str = "", **numbers: int) -> None:
    present = service.standing_of(case).results.count(lot, round_)
    seen = present.sequence if present else 0
    service.count_tenders(case, lot, round_, numbers, reason, seen, factories.actor_of(person), TODAY, clock.now())
    db.session.commit()


def appeal(
    case: Case, person: Person, filed_on: date, kind: str = "market_court", supplier: str = "", **more: Any
) -> int:  # fmt: skip
    newest = service.standing_of(case).results.last_review
    said = Said(kind, filed_on, **more)
    made = service.record_review(case, said, Words(supplier), newest, factories.actor_of(person), TODAY, clock.now())
    db.session.commit()
    return made


def end(case: Case, person: Person, number: int, on: date, *outcomes: str, reason: str = "") -> None:
    review = service.standing_of(case).results.review(number)
    assert review is not None
    decision = Decision(on, outcomes or ("withdrawn",))
    service.decide_review(case, number, decision, reason, review.sequence, factories.actor_of(person), TODAY, clock.now())
    db.session.commit()


def expect(case: Case, person: Person, kind: str, expected: str | None, **more: Any) -> int:
    words = {"span": "year", "reference": "the present contract", "method": "difference of invoices"} | more
    aim = Aim(kind, **words, expected=Decimal(expected) if expected is not None else None)
    newest = service.standing_of(case).results.last_effect
    made = service.record_effect(case, aim, newest, factories.actor_of(person), TODAY, clock.now())
    db.session.commit()
    return made


def achieve(case: Case, person: Person, number: int, on: date, value: str | None, source: str = "invoices") -> None:
    effect = service.standing_of(case).results.effect(number)
    assert effect is not None
    found = Measurement(on, Decimal(value) if value is not None else None, source)
    service.measure(case, number, found, effect.sequence, factories.actor_of(person), TODAY, clock.now())
    db.session.commit()
