"""Approvals as the tests need them, made by the services themselves."""

from datetime import timedelta
from typing import Any

from procure.accounts.models import Person
from procure.approvals import queries, service
from procure.approvals.models import Approval
from procure.approvals.service import Wanted
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from tests import factories


def wanted(*people: Person, **changes: Any) -> Wanted:
    values = {"subject": "plan", "words": "", "rule": "all", "needed": 0, "due_on": clock.today() + timedelta(days=7)} | changes
    return Wanted(people=tuple(person.id for person in people), **values)


def ask(case: Case, by: Person, *people: Person, **changes: Any) -> Approval:
    """A request to `people`, due in a week unless `changes` say otherwise."""
    found = cases.case_to_change(factories.actor_of(by), case.reference)
    assert found is not None
    answers = cases.facts_of(cases.answers_of(found))
    approval = service.ask(found, wanted(*people, **changes), answers, factories.actor_of(by), clock.today(), clock.now())
    db.session.commit()
    return approval


def say(case: Case, approval: Approval, by: Person, saying: str = "given", words: str = "") -> None:
    found, present = to_sign(case, approval, by)
    service.say(found, present, saying, words, factories.actor_of(by), clock.today(), clock.now())
    db.session.commit()


def hand_on(case: Case, approval: Approval, by: Person, to: Person) -> None:
    found, present = to_sign(case, approval, by)
    service.delegate(found, present, to.id, factories.actor_of(by), clock.today(), clock.now())
    db.session.commit()


def withdraw(case: Case, approval: Approval, by: Person) -> None:
    found, present = to_sign(case, approval, by)
    service.withdraw(found, present, factories.actor_of(by), clock.today(), clock.now())
    db.session.commit()


def to_sign(case: Case, approval: Approval, by: Person) -> tuple[Case, Approval]:
    found = queries.case_to_sign(factories.actor_of(by), case.reference)
    assert found is not None
    present = queries.approval_of(found, approval.number)
    assert present is not None
    return found, present
