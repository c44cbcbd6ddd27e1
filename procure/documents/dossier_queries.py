"""Finding dossiers, and what belongs into one. Whoever asks about one case has been given it by `cases.queries`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload

from procure.attachments.models import Attachment, AttachmentVersion
from procure.cases.models import Case
from procure.documents.dossier_models import Dossier
from procure.domain.leases import ASKED, MAKING
from procure.infra.db import db
from procure.support.models import SupportRequest
from procure.support.opinion_models import OpinionVersion
from procure.teams.models import Note

MOST_FILES = 10_000


def dossiers_of(case: Case) -> Sequence[Dossier]:
    """Every one that was asked for, the newest first."""
    return db.session.scalars(select(Dossier).where(Dossier.case_id == case.id).order_by(Dossier.number.desc()).limit(100)).all()


def dossier_of(case: Case, number: int) -> Dossier | None:
    return db.session.scalar(select(Dossier).where(Dossier.case_id == case.id, Dossier.number == number))


def last_number(case: Case) -> int:
    return db.session.scalar(select(func.max(Dossier.number)).where(Dossier.case_id == case.id)) or 0


def open_in(case: Case) -> Dossier | None:
    """The one that is being made, or waits for it."""
    return db.session.scalar(
        select(Dossier).where(Dossier.case_id == case.id, Dossier.state.in_((ASKED, MAKING))).order_by(Dossier.number).limit(1)
    )


def due(now: datetime) -> int | None:
    """The dossier that has waited longest; None when none is due."""
    return db.session.scalar(select(Dossier.id).where(Dossier.due_at <= now).order_by(Dossier.due_at, Dossier.id).limit(1))


def reference_of(dossier: Dossier) -> str:
    return db.session.scalars(select(Case.reference).where(Case.id == dossier.case_id)).one()


def attachments_in(case: Case) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every version of every attachment that has not been removed: newest versions first, as they matter most."""
    statement = (
        select(
            Attachment.number, Attachment.title, Attachment.tender_material, Attachment.last_version, AttachmentVersion.version,
            AttachmentVersion.file_name, AttachmentVersion.size, AttachmentVersion.sha256, AttachmentVersion.storage_key,
            AttachmentVersion.uploaded_at, AttachmentVersion.scan,
        )
        .join(AttachmentVersion, AttachmentVersion.attachment_id == Attachment.id)
        .where(Attachment.case_id == case.id, Attachment.removed_at.is_(None))
        .order_by(Attachment.last_version - AttachmentVersion.version, Attachment.number)
        .limit(MOST_FILES)
    )  # fmt: skip
    return db.session.execute(statement).all()


def requests_in(case: Case) -> Sequence[SupportRequest]:
    """Every request to the experts in the case, the oldest first."""
    statement = select(SupportRequest).where(SupportRequest.case_id == case.id).options(joinedload(SupportRequest.asked_by))
    return db.session.scalars(statement.order_by(SupportRequest.id)).all()


def notes_in(case: Case) -> Sequence[Note]:
    """Every note of the team, the newest first."""
    return db.session.scalars(select(Note).where(Note.case_id == case.id).order_by(Note.number.desc()).limit(MOST_FILES)).all()


def opinions_in(case: Case) -> Sequence[Row[SupportRequest, OpinionVersion]]:
    """Every opinion that an expert has issued in the case, in every version."""
    statement = (
        select(SupportRequest, OpinionVersion)
        .join(OpinionVersion, OpinionVersion.request_id == SupportRequest.id)
        .options(
            joinedload(SupportRequest.asked_by),
            joinedload(SupportRequest.organisation),
            joinedload(SupportRequest.case).joinedload(Case.organisation),
        )
        .where(SupportRequest.case_id == case.id)
        .order_by(OpinionVersion.year, OpinionVersion.number, OpinionVersion.version)
    )
    return db.session.execute(statement).all()
