"""Finding what has been written and issued. Whoever asks about one case has been given it by `cases.queries`."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from procure.cases.models import Case, CasePartner
from procure.documents.models import DocumentText, IssuedDocument
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


def text_of(case: Case, kind: str) -> DocumentText | None:
    """The words of one composed document; None before the first are saved."""
    return db.session.get(DocumentText, (case.id, kind))


def texts_of(case: Case) -> dict[str, DocumentText]:
    """The words of every composed document of the case, by kind."""
    found = db.session.scalars(select(DocumentText).where(DocumentText.case_id == case.id))
    return {text.kind: text for text in found}


def issued_of(case: Case, kind: str = "", subject: str | None = None) -> Sequence[IssuedDocument]:
    """What has been issued, the newest first; of one kind and subject alone where they are named."""
    statement = select(IssuedDocument).where(IssuedDocument.case_id == case.id)
    if kind:
        statement = statement.where(IssuedDocument.kind == kind)
    if subject is not None:
        statement = statement.where(IssuedDocument.subject == subject)
    return db.session.scalars(statement.order_by(IssuedDocument.number.desc())).all()


def issued_number(case: Case, number: int) -> IssuedDocument | None:
    return db.session.scalar(select(IssuedDocument).where(IssuedDocument.case_id == case.id, IssuedDocument.number == number))


def version_of(case_id: int | None, number: int) -> int:
    """The version of the document issued under that number in the case; 0 when there is none."""
    statement = select(IssuedDocument.version).where(IssuedDocument.case_id == case_id, IssuedDocument.number == number)
    return db.session.scalar(statement) or 0


def last_number(case: Case) -> int:
    """Of the documents issued in the case; 0 before the first."""
    return db.session.scalar(select(func.max(IssuedDocument.number)).where(IssuedDocument.case_id == case.id)) or 0
