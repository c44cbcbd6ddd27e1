"""What is written of reviews is what the log has the hash of, and the log of results can be read from its beginning."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import select

from procure.cases.verifying import BETWEEN, Derived
from procure.domain import results
from procure.domain.trail import Break, Trail
from procure.results.models import ReviewWords
from procure.results.service import digest

_KEPT: Final = (
    select(
        ReviewWords.case_id, ReviewWords.review, ReviewWords.version, ReviewWords.supplier, ReviewWords.text, ReviewWords.salt
    )
    .where(ReviewWords.case_id.between(*BETWEEN))
    .order_by(ReviewWords.case_id)
)  # fmt: skip


def _rows() -> Any:
    return _KEPT


def differs(trail: Trail, events: Sequence[Any], rows: Sequence[Any]) -> Break | None:
    """The first review of which log and table say other things. Raises KeyError for a log that cannot have been written so."""
    results.replay(SimpleNamespace(sequence=event[0], kind=event[1], payload=event[2]) for event in events)
    said = {
        (event[2]["review"], event[2]["words"]["version"]): event[2]["words"]["sha256"] for event in events if "words" in event[2]
    }
    kept = {(review, version): digest(supplier, text, salt) for _case, review, version, supplier, text, salt in rows}
    for review, version in sorted(said.keys() | kept.keys()):
        if said.get((review, version)) != kept.get((review, version)):
            return Break(trail.sequence, "review", str(review))
    return None


CHECK: Final = Derived(frozenset(results.EVENTS), _rows, differs)
