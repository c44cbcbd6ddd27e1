"""Finding drafts, second readings, issued versions and reviews. Whose request it is, `queries` has said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased, joinedload

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.domain import opinions, support
from procure.domain.language import Trilingual
from procure.domain.opinions import Content, Reading, SecondReading
from procure.domain.permissions import NETWORK_ROLES, Actor
from procure.infra.clock import FINLAND
from procure.infra.db import db, will_write
from procure.support import queries
from procure.support.models import SupportDeclaration, SupportRequest, SupportReview
from procure.support.opinion_models import OpinionDraft, OpinionReading, OpinionVersion

WRITTEN_IN: Final = ("taken", "asked_back", "answered")
"""The states of a request in which an expert writes, or corrects."""


@dataclass(frozen=True, slots=True)
class IssuedOpinion:
    """An opinion with what it is about, for its document. `reference` is empty for a request without a case."""

    number: int
    reference: str
    topic: str
    asked_on: date
    asked_by: str
    expert: str
    issued_at: datetime
    language: str
    parts: support.Opinion
    shown: str
    """`AL-2026-0012/1`."""
    version: int
    content: Content
    citations_edition: str
    second_reader: str
    title: Trilingual
    city: Trilingual
    sha256: str = ""


def draft_of(request: SupportRequest, author: int) -> OpinionDraft | None:
    """What that expert has written so far; locked with its request."""
    statement = select(OpinionDraft).filter_by(request_id=request.id, author_id=author)
    if will_write():
        statement = statement.execution_options(populate_existing=True)
    return db.session.scalar(statement)


def content_of(row: OpinionDraft | OpinionVersion) -> Content:
    parts = support.Opinion(*(getattr(row, part) for part in support.OPINION_PARTS))
    return Content(parts, tuple(row.citations), row.confidence, row.confidence_reason, row.changed, row.why)


def versions_of(request: SupportRequest) -> list[OpinionVersion]:
    """What has been issued, the first first."""
    return list(db.session.scalars(select(OpinionVersion).filter_by(request_id=request.id).order_by(OpinionVersion.version)))


def readings_of(request: SupportRequest) -> list[Reading]:
    """Every act of second readings, in order."""
    rows = db.session.scalars(select(OpinionReading).filter_by(request_id=request.id).order_by(OpinionReading.id))
    return [Reading(row.act, row.asked_by_id, row.reader_id, row.reader, row.fingerprint, row.text) for row in rows]


def second_reading(request: SupportRequest, content: Content) -> SecondReading:
    """How these words stand with the reader whom the request's expert asked last."""
    return opinions.second_reading(readings_of(request), request.expert_id or 0, content.fingerprint)


def conflicts_in(request: SupportRequest) -> frozenset[int]:
    """Who has declared a conflict of interest in the request."""
    return frozenset(
        db.session.scalars(
            select(SupportDeclaration.person_id).where(SupportDeclaration.request_id == request.id, SupportDeclaration.conflict)
        )
    )


def possible_readers(request: SupportRequest) -> list[Person]:
    """The network's other active people, without those who declared a conflict of interest, by name."""
    shut = conflicts_in(request)
    people = db.session.scalars(
        select(Person)
        .where(Person.role.in_(NETWORK_ROLES), Person.active, Person.id != (request.expert_id or 0))
        .order_by(Person.name, Person.id)
    )
    return [person for person in people if opinions.may_be_asked(person.id, request.expert_id or 0, shut)]


@dataclass(frozen=True, slots=True)
class ToRead:
    """A request whose draft this person has been asked to read, or reads."""

    request: SupportRequest
    draft: OpinionDraft
    reading: SecondReading


def to_read(by: Actor, number: int) -> ToRead | None:
    """The draft that this person is the second reader of; None for everybody else. Locked with its case when the request writes."""
    if by.role not in NETWORK_ROLES:
        return None
    request = queries.locked(number)
    if request is None or request.expert_id in (None, by.id) or request.state not in WRITTEN_IN or by.id in conflicts_in(request):
        return None
    draft = draft_of(request, request.expert_id or 0)
    if draft is None:
        return None
    reading = second_reading(request, content_of(draft))
    return ToRead(request, draft, reading) if reading.reader == by.id and reading.state != "declined" else None


def to_read_by(reader: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a reading says that this person has been asked for a second reading of the request's draft and has not answered. For a
    statement that joins the readings: at most one of a request's is such."""
    later = aliased(OpinionReading)
    last = select(func.max(later.id)).where(later.request_id == OpinionReading.request_id).scalar_subquery()
    return and_(
        OpinionReading.reader_id == reader, OpinionReading.act.in_(("asked", "declared")), OpinionReading.id == last,
        OpinionReading.asked_by_id == SupportRequest.expert_id,
    )  # fmt: skip


def reviews_of(request: SupportRequest) -> list[SupportReview]:
    """Everything that the city has said of the opinion, in order; the last one counts."""
    return list(db.session.scalars(select(SupportReview).filter_by(request_id=request.id).order_by(SupportReview.id)))


def opinion_for(by: Actor, reference: str, number: int, version: int | None = None) -> IssuedOpinion | None:
    """The issued opinion of a case that the person reads, its last version unless another is named; None when there is none. Only
    for the cities' people."""
    case = cases.case_for(by, reference)
    if case is None:
        return None
    statement = _issued().where(SupportRequest.case_id == case.id, SupportRequest.id == number)
    return _one(statement, version)


def issued_in(request: SupportRequest, version: int | None = None) -> IssuedOpinion | None:
    """The same for a request whose opinion the person has been found to read."""
    return _one(_issued().where(SupportRequest.id == request.id), version)


def _issued() -> Select[SupportRequest, OpinionVersion]:
    return (
        select(SupportRequest, OpinionVersion)
        .join(OpinionVersion, OpinionVersion.request_id == SupportRequest.id)
        .options(
            joinedload(SupportRequest.asked_by),
            joinedload(SupportRequest.organisation),
            joinedload(SupportRequest.case).joinedload(Case.organisation),
        )
        .order_by(OpinionVersion.version.desc())
        .limit(1)
    )


def _one(statement: Select[SupportRequest, OpinionVersion], version: int | None) -> IssuedOpinion | None:
    row = db.session.execute(statement.where(OpinionVersion.version == version) if version is not None else statement).first()
    return as_issued(row[0], row[1]) if row else None


def as_issued(request: SupportRequest, version: OpinionVersion) -> IssuedOpinion:
    """A version, issued or about to be, with what it is about."""
    content, idea = content_of(version), request.idea_title
    return IssuedOpinion(
        number=request.id, reference=request.case.reference if request.case else "", topic=request.topic,
        asked_on=request.asked_at.astimezone(FINLAND).date(), asked_by=request.asked_by.name, expert=version.expert,
        issued_at=version.issued_at, language=version.language, parts=content.parts,
        shown=opinions.shown(version.year, version.number, version.version), version=version.version, content=content,
        citations_edition=version.citations_edition, second_reader=version.second_reader,
        title=request.case.titles if request.case else Trilingual(idea, idea, idea), city=request.organisation.names,
        sha256=version.sha256,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advised:
    """An issued opinion as the pages of its case tell of it. `outcome`: "" when the city has not marked it yet."""

    request: int
    shown: str
    on: date
    topic: str
    section: str
    stage: str
    outcome: str
    version: int


def advised_in(case: Case) -> tuple[Advised, ...]:
    """The last versions of a case's opinions, the oldest request first, in one query. The person has been found to read the case."""
    later = OpinionVersion.__table__.alias("later")
    newest = (
        ~select(later.c.id)
        .where(later.c.request_id == OpinionVersion.request_id, later.c.version > OpinionVersion.version)
        .exists()
    )
    last = select(func.max(SupportReview.id)).where(SupportReview.request_id == SupportRequest.id).correlate(SupportRequest)
    statement = (
        select(SupportRequest, OpinionVersion, SupportReview)
        .join(OpinionVersion, OpinionVersion.request_id == SupportRequest.id)
        .outerjoin(SupportReview, SupportReview.id == last.scalar_subquery())
        .where(SupportRequest.case_id == case.id, newest)
        .order_by(SupportRequest.id)
    )
    return tuple(_advised(*row) for row in db.session.execute(statement))


def _advised(request: SupportRequest, version: OpinionVersion, review: SupportReview | None) -> Advised:
    said: Sequence[tuple[int, str]] = [(review.version, review.outcome)] if review else []
    return Advised(
        request.id, opinions.shown(version.year, version.number), version.issued_at.astimezone(FINLAND).date(), request.topic,
        request.section, request.stage, opinions.current_outcome(said, version.version), version.version,
    )  # fmt: skip
