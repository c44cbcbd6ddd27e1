"""Builders of what tests need, in the shape the services make."""

from datetime import date
from typing import Any

from sqlalchemy import select

from procure.accounts import queries as accounts
from procure.accounts.models import Person
from procure.approvals import service as approvals
from procure.approvals.service import Wanted
from procure.cases import queries
from procure.cases import service as cases
from procure.cases.models import Answer, Case
from procure.catalogue import approvals as approval_catalogue
from procure.domain.permissions import Actor
from procure.infra import clock
from procure.infra.db import db
from procure.web import fragments

PEOPLE = {
    # name -> (address, role, organisation, language)
    "officer": ("officer@tampere.example", "officer", "837", "en"),
    "officer2": ("officer2@tampere.example", "officer", "837", "en"),
    "manager": ("manager@tampere.example", "manager", "837", "en"),
    "admin": ("admin@tampere.example", "city_admin", "837", "en"),
    "other_officer": ("officer@oulu.example", "officer", "564", "en"),
    "other_manager": ("manager@oulu.example", "manager", "564", "en"),
    "vaasa_officer": ("officer@vaasa.example", "officer", "905", "sv"),
    "expert": ("expert@innocities.example", "expert", "innocities", "en"),
    "expert2": ("expert2@innocities.example", "expert", "innocities", "en"),
    "coordinator": ("coordinator@innocities.example", "coordinator", "innocities", "en"),
    "system_admin": ("system@innocities.example", "system_admin", "innocities", "en"),
}


def make_people() -> None:
    for name, (email, role, code, language) in PEOPLE.items():
        organisation = accounts.organisation_by_code(code)
        assert organisation is not None, code
        db.session.add(
            Person(
                email=email, name=name.replace("_", " ").title(), role=role, organisation=organisation, language=language,
                password_hash=None, active=True, created_at=clock.now(),
            )
        )  # fmt: skip
    db.session.flush()


def people() -> dict[str, Person]:
    by_email = {person.email: person for person in db.session.scalars(select(Person))}
    return {name: by_email[facts[0]] for name, facts in PEOPLE.items()}


def actor_of(person: Person) -> Actor:
    actor = accounts.actor(person.id)
    assert actor is not None
    return actor


def make_case(person: Person, opened_on: date | None = None, **answers: Any) -> Case:
    """A case opened by that person; `answers` question id -> value, besides the three that a case starts with."""
    first = {"title": {"en": "Sensors for waste bins"}, "contract_kind": "services", "value_amount": "480000"}
    case = cases.open_case(
        person.organisation, first | answers, actor_of(person), clock.today(), clock.now(), language="en", opened_on=opened_on
    )
    db.session.commit()
    return case


def answer(case: Case, person: Person, **answers: Any) -> None:
    """Write answers straight into the table, without their event: for tests that are about something else."""
    for question, value in answers.items():
        known = db.session.get(Answer, (case.id, question))
        if known is None:
            known = Answer(case_id=case.id, question=question, version=0)
            db.session.add(known)
        known.value, known.known, known.version = value, True, known.version + 1
        known.saved_at, known.saved_by = clock.now(), person.name
    cases.refresh(case)
    db.session.commit()
    fragments.forget()  # nothing in the log says that the case is another one now


FULL_NEED = {
    "need": {"en": "Bins overflow in summer and are emptied half empty in winter."},
    "users": {"en": "Residents and the drivers."},
    "desired_outcome": {"en": "No overflowing bin; a third fewer kilometres."},
    "owner": {"en": "Urban environment unit"},
    "risks": {"en": "Sensors break in frost."},
    "decision_maker": {"en": "Director of urban environment"},
}


def approve_award(case: Case, person: Person) -> None:
    """Where the present stage is the award decision: `person` asks for its approval, and somebody else of the city gives it."""
    if case.stage not in approval_catalogue.catalogue().award_stages:
        return
    others = db.session.scalars(select(Person).filter_by(organisation_id=case.organisation_id).order_by(Person.id))
    approver = next(other for other in others if other.id != person.id)
    today, now = clock.today(), clock.now()
    wanted = Wanted("award", "", "all", 0, (approver.id,), today)
    approval = approvals.ask(case, wanted, queries.facts_of(queries.answers_of(case)), actor_of(person), today, now)
    approvals.say(case, approval, "given", "", actor_of(approver), today, now)


def make_partner(case: Case, person: Person) -> None:
    """That person's city takes part in the case from now on."""
    cases.set_partners(case, [person.organisation])
    db.session.commit()


def events(case: Case, kind: str) -> list[Any]:
    """The events of that kind, in the order they were recorded."""
    return [event for event in queries.events_of(case) if event.kind == kind]
