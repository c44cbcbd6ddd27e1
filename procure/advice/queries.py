"""What is kept of the advice for a case. The case has been found for the person who asks (cases.queries)."""

from typing import Final

from sqlalchemy import bindparam, func, select

from procure.advice.models import AdviceChoice, AdviceState
from procure.cases.models import Case
from procure.infra.db import db

_LAST: Final = (
    select(AdviceChoice).where(AdviceChoice.case_id == bindparam("wanted")).order_by(AdviceChoice.sequence.desc()).limit(1)
)
_SEQUENCE: Final = select(func.max(AdviceChoice.sequence)).where(AdviceChoice.case_id == bindparam("wanted"))


def last_choice(case: Case) -> AdviceChoice | None:
    """The choice made or confirmed last, if it is of the procedure that the case follows now."""
    found = db.session.scalar(_LAST, {"wanted": case.id})
    return found if found is not None and found.procedure == case.procedure else None


def last_sequence(case: Case) -> int:
    """The event's number of the last choice or confirming, whatever was chosen; 0 for none."""
    return db.session.scalar(_SEQUENCE, {"wanted": case.id}) or 0


def state_of(case: Case) -> AdviceState | None:
    """What the advice said last; None for a case that has not been advised yet."""
    return db.session.get(AdviceState, case.id)
