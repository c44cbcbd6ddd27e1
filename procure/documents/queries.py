"""Finding the case of a document for the command line; pages ask `cases.queries` for the person who is signed in."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from procure.cases.models import Case, CasePartner
from procure.infra.db import db


def case_by_reference(reference: str) -> Case | None:
    """Any city's case: whoever runs commands on the server has the database in hand anyway."""
    return db.session.scalar(
        select(Case)
        .where(Case.reference == reference)
        .options(
            joinedload(Case.organisation),
            joinedload(Case.responsible),
            selectinload(Case.partners).joinedload(CasePartner.organisation),
        )
    )
