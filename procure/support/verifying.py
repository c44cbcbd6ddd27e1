"""What a request did before it had a case is what its own log says, and the case's log names the hash at which that log ends."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Select, select

from procure.cases.verifying import BETWEEN, Derived
from procure.domain.support import shown_number
from procure.domain.trail import Break, Trail
from procure.support.asking_models import SupportEvent
from procure.support.logbook import ATTACHED, COLUMNS, break_in
from procure.support.models import SupportRequest

_KEPT: Final[Select[*tuple[Any, ...]]] = (
    select(SupportRequest.case_id, SupportEvent.request_id, *COLUMNS)
    .join(SupportRequest, SupportRequest.id == SupportEvent.request_id)
    .where(SupportRequest.case_id.between(*BETWEEN))
    .order_by(SupportRequest.case_id, SupportEvent.request_id, SupportEvent.sequence)
)


def _rows() -> Any:
    return _KEPT


def differs(trail: Trail, events: Sequence[Any], rows: Sequence[Any]) -> Break | None:
    """The first request whose own log is not what was recorded, or does not end where the case's log says."""
    said = {payload["request"]: (payload["events"], payload["hash"]) for _sequence, _kind, payload, *_rest in events}
    for number, group in groupby(rows, key=lambda row: row[1]):
        own = [row[2:] for row in group]
        name = shown_number(number)
        if break_in(number, own) is not None or said.pop(name, None) != (own[-1][0], own[-1][-1]):
            return Break(trail.sequence, "support", name)
    return Break(trail.sequence, "support", min(said)) if said else None


CHECK: Final = Derived(frozenset((ATTACHED,)), _rows, differs)
