"""Declarations of interests, and the decisions on them, are what the log says; of what was written the log has the hash."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import CompoundSelect, null, select, union_all

from procure.cases.verifying import BETWEEN, Derived
from procure.declarations.models import InterestDecision, InterestDeclaration
from procure.declarations.service import DECIDED, DECLARED, digest
from procure.domain.trail import Break, Trail

Line = tuple[Any, ...]
"""Number of the declaration, then all else that log and table both say."""

_KEPT: Final[CompoundSelect[*tuple[Any, ...]]] = union_all(
    select(
        InterestDeclaration.case_id, InterestDeclaration.number, InterestDeclaration.outcome, InterestDeclaration.person_id,
        InterestDeclaration.text, InterestDeclaration.suppliers, InterestDeclaration.held.label("flag"),
    ).where(InterestDeclaration.case_id.between(*BETWEEN)),
    select(
        InterestDeclaration.case_id, InterestDeclaration.number, null(), InterestDecision.decided_by_id, InterestDecision.reason,
        null(), InterestDecision.opens,
    )
    .join(InterestDeclaration, InterestDeclaration.id == InterestDecision.declaration_id)
    .where(InterestDeclaration.case_id.between(*BETWEEN)),
).order_by("case_id")  # fmt: skip


def _rows() -> Any:
    return _KEPT


def differs(trail: Trail, events: Sequence[Any], rows: Sequence[Any]) -> Break | None:
    """The first declaration of which log and tables say other things, or another number of times."""
    said, kept = Counter(_said(events)), Counter(_stored(rows))
    for number in sorted(line[0] for line in (said - kept) + (kept - said)):
        return Break(trail.sequence, "declaration", str(number))
    return None


def _said(events: Sequence[Any]) -> Iterator[Line]:
    for _sequence, kind, said, _on, _at, by, *_rest in events:
        told = (said["outcome"], said["suppliers"], said["held"]) if kind == DECLARED else (None, None, said["opens"])
        yield said["declaration"], by, *told, said["sha256"], said["length"]


def _stored(rows: Sequence[Any]) -> Iterator[Line]:
    for _case, number, outcome, by, text, suppliers, flag in rows:
        written = digest(text)
        yield number, by, outcome, suppliers, bool(flag), written["sha256"], written["length"]


CHECK: Final = Derived(frozenset((DECLARED, DECIDED)), _rows, differs)
