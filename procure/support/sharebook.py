"""What is shared in a request, from when until when, and who has been shown it. The request's list says what is shared now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from procure.domain.permissions import Actor
from procure.infra.db import add_new, db
from procure.support.asking_models import SupportShare, SupportSight
from procure.support.models import SupportRequest


def begin(request: SupportRequest, added: Sequence[str], by: Actor, now: datetime) -> None:
    """Each of these is shared from now on."""
    for what in added:
        db.session.add(SupportShare(request_id=request.id, what=what, shared_at=now, shared_by_id=by.id, shared_by=by.name))


def end(request: SupportRequest, revoked: Sequence[str], by: Actor, now: datetime) -> None:
    """None of these is shared any longer."""
    for share in shares_of(request):
        if share.what in revoked and share.revoked_at is None:
            share.revoked_at, share.revoked_by_id, share.revoked_by = now, by.id, by.name


def shares_of(request: SupportRequest) -> list[SupportShare]:
    """Everything that is or was shared, in order."""
    statement = select(SupportShare).where(SupportShare.request_id == request.id).order_by(SupportShare.id)
    return list(db.session.scalars(statement))


def sights_of(request: SupportRequest) -> list[SupportSight]:
    """Who was shown what for the first time, in order."""
    statement = select(SupportSight).where(SupportSight.request_id == request.id).order_by(SupportSight.id)
    return list(db.session.scalars(statement))


def not_seen_yet(request_id: int, what: Sequence[str], by: Actor) -> tuple[str, ...]:
    """Which of these the person has not been shown before."""
    if not what:
        return ()
    known = select(SupportSight.what).where(SupportSight.request_id == request_id, SupportSight.person_id == by.id)
    seen = set(db.session.scalars(known))
    return tuple(one for one in what if one not in seen)


def note(request_id: int, what: Sequence[str], by: Actor, now: datetime) -> None:
    """The person is shown these for the first time. Two pages opened at once note it once."""
    rows = [{"request_id": request_id, "person_id": by.id, "person": by.name, "what": one, "at": now} for one in what]
    add_new(SupportSight, rows, "request_id", "person_id", "what")
