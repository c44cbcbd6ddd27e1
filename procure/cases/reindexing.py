"""What cases are found by, made anew batch by batch: after an update that finds more, or when an index is in doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, func, insert, select

from procure.cases import texts
from procure.cases.models import Answer, Case, CasePartner, CaseText
from procure.cases.queries import facts_of
from procure.infra import fulltext
from procure.infra.db import db

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Step:
    """How many cases a batch had and how many of them had to be written. `last`: where the next one begins; None after the last."""

    last: int | None
    seen: int
    changed: int


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def one_batch(after: int, size: int = 0) -> Step:
    """The next cases by number, in the running transaction. They are locked, so that what a person saves meanwhile waits or is seen."""
    size = size or BATCH
    wanted = (
        select(Case.id, Case.reference, Case.language, Case.questionnaire_edition, Case.organisation_id)
        .where(Case.id > after)
        .order_by(Case.id)
        .limit(size)
        .with_for_update()
    )
    cases = db.session.execute(wanted).all()
    ids = [case.id for case in cases]
    if not ids:
        return Step(None, 0, 0)
    answers = _by_case(ids, select(Answer.case_id, Answer.question, Answer.value, Answer.known), Answer.case_id)
    partners = _by_case(ids, select(CasePartner.case_id, CasePartner.organisation_id), CasePartner.case_id)
    present = {row.case_id: tuple(row)[1:] for row in db.session.execute(_texts().where(CaseText.case_id.in_(ids)))}
    more = texts.noted(ids)
    rows = []
    for case in cases:
        readers = [case.organisation_id, *sorted(partner.organisation_id for partner in partners.get(case.id, ()))]
        found = texts.texts_of(
            case.reference,
            case.language,
            case.questionnaire_edition,
            readers,
            facts_of(answers.get(case.id, ())),
            more.get(case.id, ""),
        ).columns
        if present.get(case.id) != tuple(found.values()):
            rows.append({"case_id": case.id} | found)
    if rows:
        db.session.execute(delete(CaseText).where(CaseText.case_id.in_([row["case_id"] for row in rows])))
        db.session.execute(insert(CaseText), rows)
    return Step(ids[-1] if len(ids) == size else None, len(ids), len(rows))


def _texts() -> Any:
    return select(CaseText.case_id, *(getattr(CaseText, name) for name in texts.Texts.__dataclass_fields__))


def _by_case(ids: Sequence[int], statement: Any, column: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(statement.where(column.in_(ids))):
        found.setdefault(row.case_id, []).append(row)
    return found


def tidy() -> None:
    """The index itself made anew where the database does not see to it, which leaves it small and whole."""
    fulltext.rebuild()
