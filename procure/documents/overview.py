"""The documents of a case at a glance: what each still lacks, what has been issued, and what has changed since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from procure.cases.models import Case
from procure.catalogue import documents as document_catalogue
from procure.documents import issuing_service, queries, service
from procure.documents.models import IssuedDocument
from procure.documents.service import Material
from procure.domain.documents import document_number

LACKING, READY, ISSUED, CHANGED = "lacking", "ready", "issued", "changed"
STATES: Final = (LACKING, READY, ISSUED, CHANGED)


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """`replaced`: a later version says something else."""

    number: int
    shown: str
    version: int
    language: str
    issued_on: date
    issued_by: str
    file_name: str
    size: int
    sha256: str
    title: str
    kind: str
    replaced: bool
    seal_level: str
    sealed_by: str
    sealed_at: datetime | None
    letterhead: int
    """The edition of the city's letterhead that it carries; 0 for none."""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document that is made here. `state`: one of STATES; `missing`: how much it lacks; `now`: the present stage calls for it."""

    kind: str
    name: str
    citation: str
    state: str
    missing: int
    now: bool
    composed: bool
    working: bool
    issued: tuple[IssuedLine, ...]

    @property
    def printable(self) -> bool:
        """Whether it can be made as it is now: a composed one as a draft, the others when they lack nothing."""
        return self.composed or not self.missing


@dataclass(frozen=True, slots=True)
class Overview:
    """`wanted`: what the stages of the procedure call for, or somebody has begun; `others`: the rest."""

    wanted: tuple[DocumentLine, ...]
    others: tuple[DocumentLine, ...]


def overview(material: Material, language: str, today: date, shut: frozenset[str] = frozenset()) -> Overview:
    """Every kind but the expert's opinion, which has a list of its own. `shut`: kinds that this person may not open."""
    case = material.case
    texts, issued = queries.texts_of(case), queries.issued_of(case)
    called = {kind for stage in material.procedure.stages for kind in stage.documents}
    now = {kind for stage in material.procedure.stages if stage.id == case.stage for kind in stage.documents}
    wanted: list[DocumentLine] = []
    others: list[DocumentLine] = []
    for kind in service.kinds():
        if kind == service.OPINION or kind in shut:
            continue
        text = texts.get(kind)
        own = replace(material, fields=text.fields if text else {})
        line = _line(kind, own, [one for one in issued if one.kind == kind], kind in now, language, today)
        begun = text is not None or line.issued
        (wanted if kind in called or kind in service.MODELLED or begun else others).append(line)
    return Overview(tuple(sorted(wanted, key=lambda line: not line.now)), tuple(others))


def _line(kind: str, material: Material, issued: Sequence[IssuedDocument], now: bool, language: str, today: date) -> DocumentLine:
    record = document_catalogue.catalogue().get(kind)
    missing = len(service.missing(kind, material))
    state = LACKING if missing else READY
    if issued:
        state = CHANGED if issuing_service.changed_since(issued[0], material, today) else ISSUED
    lines = tuple(issued_line(material.case, one, issued, language) for one in issued)
    composed = service.composition_of(kind) is not None
    return DocumentLine(kind, record.name[language], record.citation, state, missing, now, composed, record.working, lines)


def issued_line(case: Case, one: IssuedDocument, siblings: Sequence[IssuedDocument], language: str) -> IssuedLine:
    """`siblings`: everything issued of the same kind."""
    newest = max(other.version for other in siblings)
    return IssuedLine(
        one.number, document_number(case.reference, one.number), one.version, one.language, one.issued_on, one.issued_by,
        one.file_name, one.size, one.sha256, one.title, one.kind, one.version < newest,
        one.seal_level, one.sealed_by, one.sealed_at, one.letterhead,
    )  # fmt: skip
