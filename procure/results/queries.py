"""Reading what a case brought. The case has been found by `cases.queries` for the person who asks."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Integer, Row, bindparam, select

from procure.cases.models import Case, CaseEvent
from procure.domain import results, stages
from procure.infra.db import db, read
from procure.results.models import ReviewWords

_LOGGED: Final = (
    select(
        CaseEvent.sequence, CaseEvent.kind, CaseEvent.payload, CaseEvent.happened_on, CaseEvent.recorded_at, CaseEvent.recorded_by
    )
    .where(CaseEvent.case_id == bindparam("wanted"))
    .order_by(CaseEvent.sequence)
    .limit(bindparam("most", type_=Integer))
)
_OF_RESULTS: Final = _LOGGED.where(CaseEvent.kind.in_(results.EVENTS))
_WITH_STAGES: Final = _LOGGED.where(CaseEvent.kind.in_((*stages.REPLAYED, *results.EVENTS)))
MOST: Final = 2000


def events_of(case: Case) -> Sequence[Row[*tuple[Any, ...]]]:
    """What the log says of results, in its order."""
    return read(_OF_RESULTS, {"wanted": case.id, "most": MOST}).all()


def events_with_stages(case: Case) -> Sequence[Row[*tuple[Any, ...]]]:
    """The same with what it says of stages: a result stands in the course of the case."""
    return read(_WITH_STAGES, {"wanted": case.id, "most": MOST}).all()


def words_of(case: Case) -> dict[int, ReviewWords]:
    """What was written last of each review: only for whom the tender material is open."""
    rows = db.session.scalars(select(ReviewWords).where(ReviewWords.case_id == case.id).order_by(ReviewWords.version))
    return {row.review: row for row in rows}


def words_of_review(case: Case, review: int) -> ReviewWords | None:
    """What was written last of one review; the case is locked when it is to be changed."""
    statement = select(ReviewWords).where(ReviewWords.case_id == case.id, ReviewWords.review == review)
    return db.session.scalar(statement.order_by(ReviewWords.version.desc()).limit(1))
