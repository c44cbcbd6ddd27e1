"""The documents of a case at a glance: what each still lacks, what has been issued, and what has changed since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from procure.cases.models import Case
from procure.catalogue import documents as document_catalogue
from procure.documents import issuing_service, queries, service
from procure.documents.models import DocumentText, IssuedDocument
from procure.documents.service import Material
from procure.domain.documents import document_number, subject_of

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
    about: str = ""


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
    of: int | None = None
    """Which of its kind, None for the first: what its address needs."""
    about: str = ""
    set_aside: bool = False
    several: tuple["DocumentLine", ...] = ()
    """Every document of the kind, where what tells them apart has been said; their state is then their own."""
    another: bool = False
    """Whether a further one may be begun: the kind repeats, and the first has been."""

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
        line = _of_kind(kind, material, texts.get(kind, []), [one for one in issued if one.kind == kind], language, today)
        line = replace(line, now=kind in now)
        begun = texts.get(kind) or line.issued
        (wanted if kind in called or kind in service.MODELLED or begun else others).append(line)
    return Overview(tuple(sorted(wanted, key=lambda line: not line.now)), tuple(others))


def _of_kind(
    kind: str, material: Material, texts: Sequence[DocumentText], issued: Sequence[IssuedDocument], language: str, today: date
) -> DocumentLine:  # fmt: skip
    """One kind: its only document, or all of them under it, those set aside last."""
    lines = []
    for text in texts or (None,):
        number = text.number if text else 1
        written = replace(
            material, number=number, about=text.about if text else "", fields=text.fields if text else {},
            written=service.written_of(text),
        )  # fmt: skip
        own = [one for one in issued if one.subject == subject_of(number)]
        lines.append(_line(kind, written, own, language, today))
    lines.sort(key=lambda line: line.set_aside)
    named = len(lines) > 1 or lines[0].about or lines[0].set_aside
    return replace(lines[0], several=tuple(lines) if named else (), another=bool(texts) and service.repeats(kind))


def _line(kind: str, material: Material, issued: Sequence[IssuedDocument], language: str, today: date) -> DocumentLine:
    record = document_catalogue.catalogue().get(kind)
    missing = len(service.missing(kind, material))
    state = LACKING if missing else READY
    if issued:
        state = CHANGED if issuing_service.changed_since(issued[0], material, today) else ISSUED
    lines = tuple(issued_line(material.case, one, issued, language) for one in issued)
    return DocumentLine(
        kind, record.name[language], record.citation, state, missing, False, service.composition_of(kind) is not None,
        record.working, lines, material.number if material.number > 1 else None, material.about, material.written.set_aside,
    )  # fmt: skip


def issued_line(case: Case, one: IssuedDocument, siblings: Sequence[IssuedDocument], language: str) -> IssuedLine:
    """`siblings`: everything issued of the same document."""
    newest = max(other.version for other in siblings)
    return IssuedLine(
        one.number, document_number(case.reference, one.number), one.version, one.language, one.issued_on, one.issued_by,
        one.file_name, one.size, one.sha256, one.title, one.kind, one.version < newest,
        one.seal_level, one.sealed_by, one.sealed_at, one.letterhead, one.about,
    )  # fmt: skip
