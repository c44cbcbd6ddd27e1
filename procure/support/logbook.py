"""Where an act in a request is kept: in the log of the case that it is about."""

from datetime import date, datetime
from typing import Any

from procure.cases import service as cases
from procure.domain.permissions import Actor
from procure.domain.support import shown_number
from procure.support.models import SupportRequest


def record(request: SupportRequest, kind: str, today: date, by: Actor, now: datetime, **more: Any) -> None:
    """One event of that kind in the case's log: which request and topic, and `more`. The texts stand in the request's own rows, which
    are never changed."""
    payload = {"request": shown_number(request.id), "topic": request.topic, **more}
    cases.record(request.case, kind, payload, today, by, now)
