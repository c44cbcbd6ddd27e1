"""Finding what has been written and issued. Whoever asks about one case has been given it by `cases.queries`."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from procure.cases.models import Case, CasePartner
from procure.documents.models import DocumentText, IssuedDocument
from procure.domain.compositions import MOST_OF_KIND
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


def text_of(case: Case, kind: str, number: int = 1) -> DocumentText | None:
    """The words of one composed document; None before the first are saved."""
    return db.session.get(DocumentText, (case.id, kind, number)) if number <= MOST_OF_KIND else None


def texts_of(case: Case) -> dict[str, list[DocumentText]]:
    """The words of every composed document of the case, by kind and in the order in which they were begun."""
    statement = select(DocumentText).where(DocumentText.case_id == case.id).order_by(DocumentText.kind, DocumentText.number)
    found: dict[str, list[DocumentText]] = {}
    for text in db.session.scalars(statement):
        found.setdefault(text.kind, []).append(text)
    return found


def last_text(case: Case, kind: str) -> int:
    """The number of the document of that kind that was begun last; 0 before the first."""
    statement = select(func.max(DocumentText.number)).where(DocumentText.case_id == case.id, DocumentText.kind == kind)
    return db.session.scalar(statement) or 0


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
