"""Orders of reports, as their form makes them."""

from typing import Any

from procure.accounts.models import Person
from procure.domain.reports import PORTFOLIO, QUARTERLY, Rule
from procure.infra import clock
from procure.infra.db import db
from procure.reports import service
from procure.reports.models import ReportSchedule
from procure.reports.service import Wish
from tests import factories


def wish(receiver: Person, **changes: Any) -> Wish:
    values: dict[str, Any] = {
        "name": "For the board", "kind": PORTFOLIO, "query": {"period": "all", "procedure": "open"}, "language": "en",
        "formats": ("xlsx",), "rule": Rule(QUARTERLY), "receiver_id": receiver.id, "at_once": True,
    }  # fmt: skip
    return Wish(**values | changes)


def order(by: Person, receiver: Person | None = None, **changes: Any) -> ReportSchedule:
    made = service.add(factories.actor_of(by), wish(receiver or by, **changes), clock.today(), clock.now())
    db.session.commit()
    return made


def form(receiver: Person, **changes: Any) -> dict[str, Any]:
    return {
        "name": "For the board", "kind": "portfolio", "period": "12m", "receiver": str(receiver.id), "language": "en",
        "formats": ["pdf", "xlsx"], "cadence": "monthly", "weekday": "0",
    } | changes  # fmt: skip
