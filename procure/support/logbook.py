"""Where an act in a request is kept: in the log of the case that it is about; in a log of its own while it has no case."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import select

from procure.cases import service as cases
from procure.domain.permissions import Actor
from procure.domain.references import chained, event_row
from procure.domain.support import shown_number
from procure.infra.db import db
from procure.support.asking_models import SupportEvent
from procure.support.models import SupportRequest

COLUMNS: Final = (
    SupportEvent.sequence, SupportEvent.kind, SupportEvent.payload, SupportEvent.happened_on, SupportEvent.recorded_at,
    SupportEvent.recorded_by_id, SupportEvent.recorded_by, SupportEvent.role, SupportEvent.hash,
)  # fmt: skip
"""Of an event, all that its hash covers and the hash itself."""
ATTACHED: Final = "support_attached"
"""The last event of a request's own log, and the one of the case's that names its hash."""


def record(request: SupportRequest, kind: str, today: date, by: Actor, now: datetime, **more: Any) -> None:
    """One event of that kind in the log of the request's case, or of the request: which request and topic, and `more`. The texts
    stand in the request's own rows, which are never changed. The case, or else the request, is locked or new."""
    payload = {"request": shown_number(request.id), "topic": request.topic, **more}
    if request.case is not None:
        cases.record(request.case, kind, payload, today, by, now)
    else:
        record_own(request, kind, payload, today, by, now)


def record_own(
    request: SupportRequest, kind: str, payload: dict[str, Any], today: date, by: Actor, now: datetime
) -> SupportEvent:
    """One event in the request's own log, chained as those of a case are: its number stands where theirs have the reference."""
    last = last_own(request)
    sequence = last.sequence + 1 if last else 1
    row = event_row(
        shown_number(request.id), sequence, kind, payload, today.isoformat(), now.astimezone(UTC).isoformat(), by.id or None, by.name,
        by.role,
    )  # fmt: skip
    event = SupportEvent(
        request_id=request.id, sequence=sequence, kind=kind, payload=payload, happened_on=today, recorded_at=now,
        recorded_by_id=by.id or None, recorded_by=by.name, role=by.role, hash=chained(last.hash if last else "", row),
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    return event


def last_own(request: SupportRequest) -> SupportEvent | None:
    """The newest event of the request's own log."""
    statement = select(SupportEvent).where(SupportEvent.request_id == request.id).order_by(SupportEvent.sequence.desc()).limit(1)
    return db.session.scalar(statement)


def first_break(request: SupportRequest) -> int | None:
    """The sequence of the first event of the request's own log that is not what was recorded; None when all of them are."""
    statement = select(*COLUMNS).where(SupportEvent.request_id == request.id).order_by(SupportEvent.sequence)
    return break_in(request.id, db.session.execute(statement).all())


def break_in(number: int, rows: Iterable[Any]) -> int | None:
    """As `first_break`, for rows of COLUMNS of the request with that number, in the order of their sequence."""
    previous = ""
    for place, (sequence, kind, payload, on, at, by_id, by, role, its_hash) in enumerate(rows, start=1):
        row = event_row(
            shown_number(number), place, kind, payload, on.isoformat(), at.astimezone(UTC).isoformat(), by_id, by, role
        )  # fmt: skip
        previous = chained(previous, row)
        if sequence != place or its_hash != previous:
            return place
    return None
