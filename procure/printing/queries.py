"""Finding documents that are being printed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, undefer

from procure.cases import queries as cases
from procure.cases.models import Case
from procure.domain.leases import MAKING, OPEN, PRINT_KEPT, READY
from procure.domain.permissions import Actor
from procure.infra.db import db
from procure.printing.models import DocumentJob


def job_for(by: Actor, number: int) -> DocumentJob | None:
    """What the person has asked for, if they still read the case that it is about; None otherwise."""
    job = db.session.scalar(select(DocumentJob).where(DocumentJob.id == number, DocumentJob.asked_by_id == by.id))
    if job is None or job.case_id is None:
        return job
    reference = reference_of(job)
    return job if reference and cases.case_for(by, reference) is not None else None


def reference_of(job: DocumentJob) -> str:
    """The reference of its case; "" when it is about none."""
    return db.session.scalar(select(Case.reference).where(Case.id == job.case_id)) or ""


def kept(digest: str) -> str:
    """Under which key its bytes are kept; "" when they are not."""
    statement = select(DocumentJob.result_key).where(
        DocumentJob.digest == digest, DocumentJob.state == READY, DocumentJob.result_key != ""
    )
    return db.session.scalar(statement.limit(1)) or ""


def asked(person: int, work: str, digest: str) -> DocumentJob | None:
    """What the person has asked for already; locked."""
    statement = select(DocumentJob).where(
        DocumentJob.asked_by_id == person, DocumentJob.work == work, DocumentJob.digest == digest
    )
    return db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))


def due(now: datetime) -> DocumentJob | None:
    """What has waited longest and is being printed by nobody; None when nothing is."""
    other = aliased(DocumentJob)
    elsewhere = exists().where(other.making == DocumentJob.digest, other.id != DocumentJob.id)
    statement = select(DocumentJob).where(DocumentJob.due_at <= now, ~elsewhere)
    return db.session.scalar(statement.order_by(DocumentJob.due_at, DocumentJob.id).limit(1))


def held(number: int, tries: int) -> DocumentJob | None:
    """The job, locked, if it still belongs to that try: one whose lease ran out does not undo what a later one did."""
    statement = select(DocumentJob).where(DocumentJob.id == number, DocumentJob.tries == tries, DocumentJob.state == MAKING)
    return db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))


def source_of(number: int) -> tuple[str, bytes]:
    """Its work and what is to be printed."""
    job = db.session.get_one(DocumentJob, number, options=[undefer(DocumentJob.source)], populate_existing=True)
    return job.work, job.source or b""


def twins_of(job: DocumentJob) -> Sequence[DocumentJob]:
    """The same document, asked for by others and still waiting."""
    statement = select(DocumentJob).where(
        DocumentJob.digest == job.digest, DocumentJob.work == job.work, DocumentJob.id != job.id, DocumentJob.state.in_(OPEN)
    )
    return db.session.scalars(statement.with_for_update()).all()


def outdated(now: datetime, most: int) -> Sequence[DocumentJob]:
    """What nobody keeps any more."""
    statement = select(DocumentJob).where(DocumentJob.asked_at < now - PRINT_KEPT).order_by(DocumentJob.asked_at).limit(most)
    return db.session.scalars(statement.with_for_update(skip_locked=True)).all()


def is_used(key: str, besides: Sequence[int]) -> bool:
    """Whether the bytes under that key are those of another job too."""
    return bool(db.session.scalar(select(exists().where(DocumentJob.result_key == key, DocumentJob.id.not_in(besides)))))
