"""What asking needs to find: the request that a form has made, the parts of a case, and who reads for a city."""

from sqlalchemy import select

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.catalogue import questions as question_catalogue
from procure.domain.permissions import Actor
from procure.infra.db import db, will_write
from procure.support.models import SupportRequest


def idea_of_form(by: Actor, form_key: str) -> SupportRequest | None:
    """The request without a case that this person's form has made already. The person is locked: a form sent twice at once asks once."""
    if will_write():
        db.session.execute(select(Person.id).where(Person.id == by.id).with_for_update(key_share=True))
    return db.session.scalar(
        select(SupportRequest).where(
            SupportRequest.asked_by_id == by.id, SupportRequest.form_key == form_key, SupportRequest.idea_title != ""
        )
    )


def section_ids(case: Case) -> tuple[str, ...]:
    """The parts of the case's questionnaire, in their order."""
    return tuple(section.id for section in question_catalogue.catalogue().get(case.questionnaire_edition).sections)


def somebody_of_city(request: SupportRequest) -> Person | None:
    """Who reads for the city when the one who asked has left and there is no case: its first active manager, else an officer."""
    statement = (
        select(Person)
        .where(Person.organisation_id == request.organisation_id, Person.active, Person.role.in_(("manager", "officer")))
        .order_by(Person.role, Person.id)  # a manager comes first
        .limit(1)
    )
    return db.session.scalar(statement)
