"""Numbers of opinions: running by year, the same for all versions of one request."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from procure.catalogue import citations
from procure.domain import seals
from procure.domain.opinions import Content
from procure.domain.permissions import Actor
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.support import opinion_queries
from procure.support.models import SupportRequest
from procure.support.opinion_models import OpinionCounter, OpinionVersion


def numbered(request: SupportRequest, content: Content, by: Actor, now: datetime, second_reader: str = "") -> OpinionVersion:
    """The next version of the request's opinion under its number, not yet kept: rows are only added, and the print of its PDF belongs
    in it. The request is locked."""
    before = opinion_queries.versions_of(request)
    year = before[-1].year if before else now.astimezone(FINLAND).year
    return OpinionVersion(
        request_id=request.id, year=year, number=before[-1].number if before else _next_number(year),
        version=before[-1].version + 1 if before else 1, citations=list(content.citations),
        citations_edition=citations.catalogue().edition, confidence=content.confidence,
        confidence_reason=content.confidence_reason, changed=content.changed, why=content.why, second_reader=second_reader,
        expert=by.name, issued_at=now, language=request.language, sha256="", size=0, seal_level=seals.NONE,
        sealed_by="", sealed_at=None, **asdict(content.parts),
    )  # fmt: skip


def told(version: OpinionVersion) -> dict[str, str]:
    """Its seal as an event tells it."""
    if version.sealed_at is None:
        return {"seal": version.seal_level}
    return {"seal": version.seal_level, "sealed_by": version.sealed_by, "sealed_at": version.sealed_at.isoformat()}


def _next_number(year: int) -> int:
    locked = select(OpinionCounter).filter_by(year=year).with_for_update().execution_options(populate_existing=True)
    counter = db.session.scalar(locked)
    if counter is None:
        try:
            with db.session.begin_nested():
                db.session.add(OpinionCounter(year=year, last=0))
        except IntegrityError:
            pass  # the year's first opinion is being issued by somebody else too: their row is there now
        counter = db.session.scalars(locked).one()
    counter.last += 1
    return counter.last
