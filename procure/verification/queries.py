"""Finding what was issued by the SHA-256 of its bytes. For everybody: whoever has the very bytes has read the document, and is told
nothing that does not stand in it but whether a newer version exists."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from procure.accounts.models import Organisation
from procure.cases.models import Case
from procure.documents.dossier_models import Dossier
from procure.documents.models import IssuedDocument
from procure.domain import dossiers, leases, opinions
from procure.domain.documents import document_number
from procure.domain.language import Trilingual
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.support.models import SupportRequest
from procure.support.opinion_models import OpinionVersion
from procure.verification.models import VerificationTry

DOCUMENT, OPINION, DOSSIER = "document", "opinion", "dossier"
OPINION_KIND: Final = "expert_opinion"


@dataclass(frozen=True, slots=True)
class Known:
    """Something that this service has issued, byte for byte."""

    what: str
    """`document`, `opinion` or `dossier`."""
    kind: str
    """Id of the document's kind; "" for a dossier."""
    number: str
    version: int
    """0 for a dossier, which has none."""
    issued_on: date
    city: Trilingual
    newer: bool
    """A later version exists, in whatever language; of a dossier, a later dossier of the same case."""


def known(sha256: str) -> Known | None:
    """What has these bytes; None when nothing issued here has."""
    return _document(sha256) or _opinion(sha256) or _dossier(sha256)


def _document(sha256: str) -> Known | None:
    later = aliased(IssuedDocument)
    newer = (
        select(later.id)
        .where(
            later.case_id == IssuedDocument.case_id, later.kind == IssuedDocument.kind, later.subject == IssuedDocument.subject,
            later.version > IssuedDocument.version,
        )
        .exists()
    )  # fmt: skip
    statement = (
        select(IssuedDocument, Case.reference, Organisation, newer)
        .join(Case, Case.id == IssuedDocument.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(IssuedDocument.sha256 == sha256)
        .limit(1)
    )
    if (row := db.session.execute(statement).first()) is None:
        return None
    one, reference, city, replaced = row
    return Known(
        DOCUMENT, one.kind, document_number(reference, one.number), one.version, one.issued_on, city.names, bool(replaced)
    )


def _opinion(sha256: str) -> Known | None:
    later = aliased(OpinionVersion)
    newer = select(later.id).where(later.request_id == OpinionVersion.request_id, later.version > OpinionVersion.version).exists()
    statement = (
        select(OpinionVersion, Organisation, newer)
        .join(SupportRequest, SupportRequest.id == OpinionVersion.request_id)
        .join(Organisation, Organisation.id == SupportRequest.organisation_id)
        .where(OpinionVersion.sha256 == sha256)
        .limit(1)
    )
    if (row := db.session.execute(statement).first()) is None:
        return None
    one, city, replaced = row
    shown = opinions.shown(one.year, one.number, one.version)
    return Known(OPINION, OPINION_KIND, shown, one.version, one.issued_at.astimezone(FINLAND).date(), city.names, bool(replaced))


def _dossier(sha256: str) -> Known | None:
    later = aliased(Dossier)
    newer = (
        select(later.id)
        .where(later.case_id == Dossier.case_id, later.number > Dossier.number, later.state == leases.READY)
        .exists()
    )
    statement = (
        select(Dossier, Case.reference, Organisation, newer)
        .join(Case, Case.id == Dossier.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(or_(Dossier.pdf_sha256 == sha256, Dossier.zip_sha256 == sha256), Dossier.state == leases.READY)
        .order_by(Dossier.number.desc())
        .limit(1)
    )
    if (row := db.session.execute(statement).first()) is None:
        return None
    one, reference, city, replaced = row
    on = (one.made_at or one.asked_at).astimezone(FINLAND).date()
    return Known(DOSSIER, "", dossiers.shown(reference, one.number), 0, on, city.names, bool(replaced))


def tries(subject: str, now: datetime, window: timedelta) -> int:
    """How many files have been sent under that subject within the window before now."""
    statement = select(func.count()).where(VerificationTry.subject == subject, VerificationTry.at > now - window)
    return db.session.scalar(statement) or 0
