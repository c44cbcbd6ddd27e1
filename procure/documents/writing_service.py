"""Writing the words of a composed document. Each save is one event with what was there before: no word is ever lost."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from procure.cases.models import Case
from procure.cases.service import record
from procure.documents import queries, service
from procure.documents.models import DocumentText
from procure.domain import compositions
from procure.domain.clauses import LEFT_OUT
from procure.domain.documents import WRITTEN
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra.db import db


class Overtaken(Refusal):
    """Somebody has saved the document since the page was opened: nothing is overwritten."""


def write(
    case: Case, kind: str, fields: Mapping[str, Any], seen: int, by: Actor, today: date, now: datetime
) -> DocumentText | None:
    """The document's words from now on; the case is locked. `seen`: the version that was on the screen.

    The same words sent again change nothing. None when nothing has ever been written. Raises Refusal, and Overtaken.
    """
    composition = service.composition_of(kind)
    if composition is None:
        raise KeyError(kind)
    known = {field.id for field in composition.fields} | {LEFT_OUT}
    wanted = {field: value for field, value in fields.items() if field in known and compositions.is_given(value)}
    compositions.check_size(wanted)
    text = queries.text_of(case, kind)
    before = text.fields if text else {}
    # words for fields that a later edition of the document no longer has stay where they are
    wanted = {field: value for field, value in before.items() if field not in known} | wanted
    changed = compositions.changes(before, wanted)
    if not changed:
        return text
    if seen != (text.version if text else 0):
        raise Overtaken(Reason("document_overtaken", {"name": text.saved_by if text else ""}))
    if text is None:
        text = DocumentText(case_id=case.id, kind=kind, version=0)
        db.session.add(text)
    text.fields, text.version, text.saved_at, text.saved_by = wanted, text.version + 1, now, by.name
    record(case, WRITTEN, {"document": kind, "edition": composition.edition, "changes": changed}, today, by, now)
    db.session.flush()
    return text
