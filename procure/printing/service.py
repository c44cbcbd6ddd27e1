"""Documents printed apart from the request: asked for, printed while nothing is locked, and settled in one transaction.

A job belongs to the process that prints it for as long as that process lives. Whoever dies leaves it to the worker. What is done with
the bytes is the work of a feature that puts itself into `WORKS`.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from procure.domain.leases import ASKED, FAILED, MAKING, OPEN, PRINT_LEASE, PRINT_TRIES, READY
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra import leases, pdf
from procure.infra.db import db, let_go, writing
from procure.infra.pdf import PdfFailed
from procure.infra.storage import PassingStorage, Storage, StorageFailed
from procure.printing import queries, sources
from procure.printing.models import DocumentJob

log = logging.getLogger("procure")

FILE: Final = "file"
"""Print it and keep the bytes for a day."""
MOST_A_ROUND: Final = 5
MOST_SWEPT: Final = 100
PASSING: Final = ("busy", "killed")
"""Reasons of PdfFailed that lie outside the document: it is tried again."""
SOON: Final = timedelta(seconds=2)

Beat = Callable[[int, int], AbstractContextManager[None]]
"""Holds the lease of a job's try for as long as the block runs."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where bytes are kept: for good, and for a day."""

    lasting: Storage
    passing: PassingStorage


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with a document. `make` prints with no lock held and may raise PdfFailed and Refusal; `settle` writes
    down what has been made, in the transaction that ends the job, and may raise Refusal."""

    make: Callable[[bytes, Places], Any]
    settle: Callable[[DocumentJob, Any, datetime], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document as it is asked for. `href`, `back`: local addresses (see DocumentJob)."""

    work: str
    digest: str
    source: bytes
    language: str
    title: str
    href: str
    back: str
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """Bytes that are kept for a day under `key`; "" when the storage did not take them."""

    content: bytes
    key: str


def keep(source: bytes, places: Places) -> Printed:
    """Print what `sources.of_job` has packed, and keep its bytes for a day."""
    content = pdf.printed(sources.job_of(source))
    try:
        return Printed(content, places.passing.put(BytesIO(content)))
    except StorageFailed as error:
        log.error("a document is not kept: %s", error)
        return Printed(content, "")


def note(job: DocumentJob, printed: Printed, now: datetime) -> None:
    """Write down where the bytes are, for everybody who has asked for the same. Raises Refusal `storage_away`: they are nowhere."""
    if not printed.key:
        raise Refusal(Reason("storage_away"))
    for one in (job, *queries.twins_of(job)):
        one.result_key, one.size = printed.key, len(printed.content)
        _end(one, READY, "", now)


WORKS: Final[dict[str, Work]] = {FILE: Work(keep, note)}


def ask(wanted: Wanted, by: Actor, now: datetime) -> tuple[DocumentJob, bool]:
    """The person's job for that document, and whether the caller is to print it now: not when somebody does already, or has."""
    job = queries.asked(by.id, wanted.work, wanted.digest)
    if job is not None and (job.state in OPEN or (job.state == READY and job.number)):
        return job, False
    if job is None and (job := _new(wanted, by, now)) is None:
        found = queries.asked(by.id, wanted.work, wanted.digest)  # asked twice at the same moment
        assert found is not None
        return found, False
    job.title, job.href, job.back, job.source = wanted.title[:300], wanted.href, wanted.back, wanted.source
    job.asked_at, job.ended_at, job.trouble, job.result_key, job.tries = now, None, "", "", 1
    mine = _begin(job)
    job.state, job.due_at = (MAKING, now + PRINT_LEASE) if mine else (ASKED, now)
    db.session.flush()
    return job, mine


def _new(wanted: Wanted, by: Actor, now: datetime) -> DocumentJob | None:
    job = DocumentJob(
        work=wanted.work, case_id=wanted.case_id, asked_by_id=by.id, language=wanted.language, digest=wanted.digest, state=ASKED,
        title="", href="", back="", tries=0, asked_at=now,
    )  # fmt: skip
    return job if _kept_apart(lambda: db.session.add(job)) else None


def _begin(job: DocumentJob) -> bool:
    """Take the document for this job; False when another one prints the same."""
    return _kept_apart(lambda: setattr(job, "making", job.digest))


def _kept_apart(change: Callable[[], None]) -> bool:
    try:
        with db.session.begin_nested():
            change()
            db.session.flush()
    except IntegrityError:
        return False
    return True


def carry_out(number: int, tries: int, places: Places, now: Callable[[], datetime]) -> Any:
    """Print one job's document and settle it, which the row then tells. What its work has made; None when it could not be made."""
    name, source = queries.source_of(number)
    work = WORKS[name]
    let_go()
    try:
        made = work.make(source, places)
    except PdfFailed as failure:
        log.warning("document job %s failed: %s", number, failure)
        _fail(number, tries, f"pdf_{failure.reason}", now(), SOON if failure.reason in PASSING else None)
    except Refusal as refusal:
        _fail(number, tries, _code(refusal), now())
    except SQLAlchemyError:
        raise  # the lease runs out, and the worker takes the job over
    except Exception as error:
        log.error("document job %s failed: %s", number, type(error).__name__)  # without its text: it may hold what people typed
        _fail(number, tries, "pdf_broken", now())
    else:
        _settle(number, tries, work, made, now())
        return made
    return None


def _settle(number: int, tries: int, work: Work, made: Any, now: datetime) -> None:
    with writing():
        job = queries.held(number, tries)
        if job is None:
            let_go()
            return
        try:
            work.settle(job, made, now)
        except Refusal as refusal:
            let_go()
            _fail(number, tries, _code(refusal), now)
        else:
            _end(job, READY, "", now)
            db.session.commit()


def _code(refusal: Refusal) -> str:
    return refusal.reasons[0].code


def _fail(number: int, tries: int, trouble: str, now: datetime, after: timedelta | None = None) -> None:
    """It could not be made, for nobody who has asked for it; with `after` it is tried once more then."""
    let_go()
    with writing():
        job = queries.held(number, tries)
        if job is not None:
            if after is not None:
                leases.again(job, trouble, now, after, PRINT_TRIES)
                job.making = None
            if after is None or job.state == FAILED:
                for one in (job, *queries.twins_of(job)):
                    _end(one, FAILED, trouble, now)
        db.session.commit()


def _end(job: DocumentJob, state: str, trouble: str, now: datetime) -> None:
    job.state, job.trouble, job.ended_at = state, trouble, now
    job.due_at, job.making, job.source = None, None, None


def prolong(number: int, tries: int, now: datetime) -> None:
    """The process that prints it is alive."""
    with writing():
        job = queries.held(number, tries)
        if job is not None:
            job.due_at = now + PRINT_LEASE
        db.session.commit()


def make_due(
    places: Places, now: Callable[[], datetime], beat: Beat = lambda _number, _tries: nullcontext(),
    stop: Callable[[], bool] = lambda: False,
) -> None:  # fmt: skip
    """Print what was left behind, one after another."""
    for _turn in range(MOST_A_ROUND):
        if stop() or (claimed := _claim(now())) is None:
            break
        with beat(*claimed):
            carry_out(*claimed, places, now)


def _claim(now: datetime) -> tuple[int, int] | None:
    """The job that has waited longest and the number of its try. Ends the transaction."""
    wanted = queries.due(now)
    number = wanted.id if wanted is not None else None
    let_go()
    if number is None:
        return None  # most rounds end here, without having asked for the right to write
    with writing():
        job = leases.take(DocumentJob, number, now, PRINT_LEASE, PRINT_TRIES)
        if job is not None and job.state == FAILED:
            for one in (job, *queries.twins_of(job)):
                _end(one, FAILED, "pdf_left", now)
        elif job is not None and not _begin(job):
            let_go()  # somebody prints the same by now
            return None
        claimed = (job.id, job.tries) if job is not None and job.state == MAKING else None
        db.session.commit()
    return claimed


def sweep(places: Places, now: datetime) -> int:
    """Remove what was asked for over a day ago, with its bytes; how many that were. A file that the storage does not let go stays."""
    if not queries.outdated(now, 1):
        let_go()
        return 0  # most rounds end here, without having asked for the right to write
    let_go()
    with writing():
        jobs = queries.outdated(now, MOST_SWEPT)
        numbers = [job.id for job in jobs]
        for key in {job.result_key for job in jobs if job.result_key}:
            if not queries.is_used(key, numbers):
                try:
                    places.passing.remove(key)
                except StorageFailed as error:
                    log.warning("a document made over a day ago is still kept: %s", error)
        for job in jobs:
            db.session.delete(job)
        db.session.commit()
    return len(numbers)
