"""Gives a document: at once when it is kept or quickly printed, else by way of a page that shows how far it is."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from flask import Flask, Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from procure.domain.leases import OPEN
from procure.infra import clock
from procure.infra.db import db, let_go, writing_apart
from procure.infra.pdf import Job
from procure.infra.storage import StorageFailed
from procure.printing import apart, queries, service, sources
from procure.printing.models import DocumentJob
from procure.printing.service import FILE, Printed, Wanted
from procure.web.access import actor
from procure.web.kept import here

Answer = AnyResponse | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with what was asked for: still being made (`waits`), made, or not (`trouble`, the code of a Reason)."""

    number: int
    waits: bool
    trouble: str
    issued: int = 0
    content: bytes | None = None


def wanted(job: Job, title: str, back: str, case_id: int | None = None, work: str = FILE, href: str = "") -> Wanted:
    """A document of which nothing but the bytes is wanted. Without `href` it is fetched where it was asked for."""
    return Wanted(work, sources.digest(job.digest), sources.of_job(job), job.language, title, href or here(), back, case_id)


def give(
    job: Job, name: str, failed: Callable[[str], tuple[str, int]], title: str, back: str, case_id: int | None = None
) -> Answer:
    """The PDF under that file name, the page that shows how far it is, or what `failed` says of a trouble (code of a Reason).

    The caller has found that the person may read it; whoever comes back from the page is asked again.
    """
    asked = wanted(job, title, back, case_id)
    if request.if_none_match.contains(asked.digest):
        return Response(status=304, headers={"ETag": f'"{asked.digest}"'})
    standing = made_or_kept(asked)
    if standing.waits:
        return to_page(standing)
    if standing.content is None:
        return failed(standing.trouble)
    response = Response(standing.content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(asked.digest)
    return response


def made_or_kept(asked: Wanted, at_least: float = 0) -> Standing:
    """As `have_made`, unless the bytes are kept."""
    content = kept(asked.digest)
    return have_made(asked, at_least) if content is None else Standing(0, False, "", content=content)


def kept(digest: str) -> bytes | None:
    """The bytes of a document printed within the last day; None when they are not there."""
    key = queries.kept(digest)
    if not key:
        return None
    try:
        with closing(apart.places(_app()).passing.open(key)) as stream:
            return stream.read()
    except StorageFailed:
        return None  # it is printed again


def to_page(standing: Standing) -> AnyResponse:
    return redirect(url_for("printing.job", number=standing.number), 303)


def have_made(asked: Wanted, at_least: float = 0) -> Standing:
    """Ask for it, and wait for it as long as a request may, or for `at_least` seconds where going on later would cost the person more.
    Ends the transaction; nothing is locked meanwhile."""
    app = _app()
    patience: float | None = app.config["PRINT_PATIENCE_SECONDS"]
    with writing_apart():
        job, mine = service.ask(asked, actor(), clock.now())
        number, tries = job.id, job.tries
    made = None
    if mine and patience is None:
        made = service.carry_out(number, tries, apart.places(app), clock.now)
    elif mine:
        outcome = apart.begin(app, number, tries)
        try:
            made = outcome.result(max(patience, at_least) if patience else 0)
        except TimeoutError:
            return Standing(number, True, "")
    let_go()
    job = db.session.get_one(DocumentJob, number, populate_existing=True)
    content = made.content if isinstance(made, Printed) else None
    return Standing(number, job.state in OPEN, job.trouble, job.number, content)


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app
