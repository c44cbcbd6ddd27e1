"""The words of composed documents and the fingerprints of issued ones are what the log says."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import JSON, CompoundSelect, cast, literal, null, select, union_all

from procure.cases.verifying import BETWEEN, Derived
from procure.documents.models import DocumentText, IssuedDocument
from procure.domain import compositions
from procure.domain.documents import ISSUED, WRITTEN
from procure.domain.seals import NONE
from procure.domain.trail import Break, Trail

_KEPT: Final[CompoundSelect[*tuple[Any, ...]]] = union_all(
    select(
        DocumentText.case_id, literal(WRITTEN).label("event"), DocumentText.kind, DocumentText.version.label("number"),
        DocumentText.fields, null().label("sha256"), null().label("language"), null().label("version"), null().label("letterhead"),
        null().label("seal"), null().label("sealed_by"),
    ).where(DocumentText.case_id.between(*BETWEEN)),
    select(
        IssuedDocument.case_id, literal(ISSUED), IssuedDocument.kind, IssuedDocument.number, cast(null(), JSON), IssuedDocument.sha256,
        IssuedDocument.language, IssuedDocument.version, IssuedDocument.letterhead, IssuedDocument.seal_level,
        IssuedDocument.sealed_by,
    ).where(IssuedDocument.case_id.between(*BETWEEN)),
).order_by("case_id")  # fmt: skip


def _rows() -> Any:
    return _KEPT


def differs(trail: Trail, events: Sequence[Any], rows: Sequence[Any]) -> Break | None:
    """The first document of which log and tables say other things."""
    texts: dict[str, tuple[int, dict[str, Any]]] = {}
    issued: Counter[tuple[Any, ...]] = Counter()
    for sequence, event, said, *_rest in events:
        kind = said["document"]
        if event == WRITTEN:
            number, fields = texts.get(kind, (0, {}))
            try:
                texts[kind] = number + 1, compositions.applied(fields, said["changes"])
            except ValueError:
                return Break(sequence, "document", kind)
        else:
            told = (kind, said["number"], said["sha256"], said["language"], said["version"], said.get("letterhead", 0))
            sealed = said.get("seal", NONE), said.get("sealed_by", "")  # events from before there were seals do not tell
            issued[(*told, *sealed)] += 1
    kept = {row[2]: (row[3], row[4]) for row in rows if row[1] == WRITTEN}
    stored = Counter((row[2], row[3], *row[5:11]) for row in rows if row[1] == ISSUED)
    for kind in sorted({*texts, *kept}):
        if texts.get(kind) != kept.get(kind):
            return Break(trail.sequence, "document", kind)
    for one in sorted((issued - stored) + (stored - issued), key=str):
        return Break(trail.sequence, "issued_document", str(one[1]))
    return None


CHECK: Final = Derived(frozenset((WRITTEN, ISSUED)), _rows, differs)
