"""The words of composed documents and the fingerprints of issued ones are what the log says.

Of words that show tender material the log has a seal; they stand, version by version, in rows of their own.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import JSON, CompoundSelect, Integer, String, cast, false, literal, null, select, union_all

from procure.cases.verifying import BETWEEN, Derived
from procure.documents.models import DocumentText, IssuedDocument, SealedWords
from procure.domain import compositions
from procure.domain.documents import ISSUED, SET_ASIDE, WRITTEN, subject_of
from procure.domain.seals import NONE
from procure.domain.trail import Break, Trail

SEALED: Final = "sealed"

_KEPT: Final[CompoundSelect[*tuple[Any, ...]]] = union_all(
    select(
        DocumentText.case_id, literal(WRITTEN).label("event"), DocumentText.kind, DocumentText.version.label("number"),
        DocumentText.fields, null().label("sha256"), null().label("language"), DocumentText.number.label("version"),
        cast(DocumentText.number, String).label("subject"), DocumentText.about, DocumentText.set_aside_at.is_not(None).label("aside"),
        cast(null(), Integer).label("letterhead"), null().label("seal"), null().label("sealed_by"),
    ).where(DocumentText.case_id.between(*BETWEEN)),
    select(
        SealedWords.case_id, literal(SEALED), SealedWords.kind, SealedWords.version, SealedWords.fields, SealedWords.salt, null(),
        SealedWords.number, null(), SealedWords.about, false(), cast(null(), Integer), null(), null(),
    ).where(SealedWords.case_id.between(*BETWEEN)),
    select(
        IssuedDocument.case_id, literal(ISSUED), IssuedDocument.kind, IssuedDocument.number, cast(null(), JSON), IssuedDocument.sha256,
        IssuedDocument.language, IssuedDocument.version, IssuedDocument.subject, IssuedDocument.about, false(),
        IssuedDocument.letterhead, IssuedDocument.seal_level, IssuedDocument.sealed_by,
    ).where(IssuedDocument.case_id.between(*BETWEEN)),
).order_by("case_id")  # fmt: skip


def _rows() -> Any:
    return _KEPT


@dataclass(slots=True)
class _Words:
    """What the log has told of one document so far."""

    version: int = 0
    about: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    aside: bool = False


def differs(trail: Trail, events: Sequence[Any], rows: Sequence[Any]) -> Break | None:
    """The first document of which log and tables say other things."""
    sealed = {(row[2], row[7], row[3]): (row[9], row[4], row[5]) for row in rows if row[1] == SEALED}
    texts: dict[tuple[str, int], _Words] = {}
    issued: Counter[tuple[Any, ...]] = Counter()
    for sequence, event, said, *_rest in events:
        kind, of = said["document"], said.get("of", 1)
        if event == ISSUED:
            told = (kind, said["number"], said["sha256"], said["language"], said["version"], subject_of(of))
            under = said.get("letterhead", 0), said.get("seal", NONE), said.get("sealed_by", "")  # what older events do not tell
            issued[(*told, *under)] += 1
        elif not _told(texts.setdefault((kind, of), _Words()), event, said, sealed):
            return Break(sequence, "document", kind)
    kept = {(row[2], row[7]): _Words(row[3], row[9], row[4], bool(row[10])) for row in rows if row[1] == WRITTEN}
    stored = Counter((row[2], row[3], row[5], row[6], row[7], row[8], *row[11:14]) for row in rows if row[1] == ISSUED)
    for one in sorted({*texts, *kept}):
        if texts.get(one) != kept.get(one):
            return Break(trail.sequence, "document", one[0])
    if sealed:
        return Break(trail.sequence, "document", min(sealed)[0])  # words that no entry tells of
    for document in sorted((issued - stored) + (stored - issued), key=str):
        return Break(trail.sequence, "issued_document", str(document[1]))
    return None


def _told(words: _Words, event: str, said: Mapping[str, Any], sealed: dict[tuple[str, int, int], tuple[Any, ...]]) -> bool:
    """Take the next event of a document; whether it can have happened. What it was sealed with is taken out of `sealed`."""
    if event == SET_ASIDE:
        words.aside = said["aside"]
        return True
    words.version += 1
    if "seal" in said:
        found = sealed.pop((said["document"], said.get("of", 1), words.version), None)
        if found is None or compositions.seal_of(*found) != said["seal"]:
            return False
        words.about, words.fields = found[0], found[1]
        return True
    words.about = said.get("about", "")
    try:
        words.fields = compositions.applied(words.fields, said["changes"])
    except ValueError:
        return False
    return True


CHECK: Final = Derived(frozenset((WRITTEN, ISSUED, SET_ASIDE)), _rows, differs)
