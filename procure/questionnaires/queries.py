"""What filing a case asks of the database, beyond the case itself."""

from sqlalchemy import select

from procure.accounts.models import Organisation
from procure.cases.models import Answer, Case
from procure.domain.permissions import Actor
from procure.infra.db import db


def organisation_to_file_in(by: Actor) -> Organisation:
    """The person's own city, locked against others who file a case there in the same moment (readers do not wait)."""
    statement = select(Organisation).where(Organisation.id == by.organisation_id).with_for_update(key_share=True)
    return db.session.scalars(statement).one()


def case_opened_with(by: Actor, key: str) -> Case | None:
    """The case that this person opened with that one-time key."""
    return db.session.scalar(select(Case).where(Case.opening_key == key, Case.opened_by_id == by.id))


def answer_rows(case: Case) -> dict[str, Answer]:
    """The answers as they are kept, by question."""
    rows = db.session.scalars(select(Answer).where(Answer.case_id == case.id).execution_options(populate_existing=True))
    return {row.question: row for row in rows}


def organisations_by_code(codes: list[str]) -> list[Organisation]:
    """Those of the given codes that there are, in the order of their ids."""
    return list(db.session.scalars(select(Organisation).where(Organisation.code.in_(codes)).order_by(Organisation.id)))


def case_by_reference(reference: str) -> Case | None:
    """Any city's case: for the command line only, whose user already holds the whole database."""
    return db.session.scalar(select(Case).where(Case.reference == reference))
