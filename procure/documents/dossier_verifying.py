"""The fingerprints of finished dossiers are what the log says."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from procure.cases.verifying import BETWEEN, Derived
from procure.documents.dossier_models import Dossier
from procure.domain.dossiers import MADE
from procure.domain.leases import READY
from procure.domain.trail import Break, Trail

_READY: Final = (
    select(Dossier.case_id, Dossier.number, Dossier.zip_sha256, Dossier.pdf_sha256, Dossier.at_sequence)
    .where(Dossier.case_id.between(*BETWEEN), Dossier.state == READY)
    .order_by(Dossier.case_id)
)


def _rows() -> Any:
    return _READY


def differs(trail: Trail, events: Sequence[Any], rows: Sequence[Any]) -> Break | None:
    """The first dossier of which log and table say other things."""
    told = Counter(
        (said["dossier"], said["sha256"], said["pdf_sha256"], said["events"]) for _sequence, _event, said, *_rest in events
    )
    kept = Counter(tuple(row[1:]) for row in rows)
    for one in sorted((told - kept) + (kept - told)):
        return Break(trail.sequence, "dossier", str(one[0]))
    return None


CHECK: Final = Derived(frozenset((MADE,)), _rows, differs)
