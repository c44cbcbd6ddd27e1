"""The dossiers of a case: asked for with one button, made in the background, fetched as ZIP or PDF."""

import logging
from typing import Final

from flask import Response, current_app, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.declarations import queries as declarations
from procure.documents import dossier_job, dossier_pages, dossier_queries, dossier_service
from procure.documents.dossier_chapters import first_words
from procure.documents.dossier_forms import DossierForm, dossier_form
from procure.documents.dossier_models import Dossier
from procure.documents.issuing_routes import blueprint
from procure.documents.routes import closed
from procure.domain.leases import READY
from procure.domain.outcomes import Refusal
from procure.domain.support import shown_number
from procure.infra import clock
from procure.infra.storage import StorageFailed, storage_at
from procure.web import filters as formats
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

__all__ = ["blueprint"]

log = logging.getLogger("procure")

Answer = str | Response | Redirect | tuple[str, int]

LOOK_AGAIN_SECONDS: Final = 4
FIRST_WORDS: Final = 80
"""Characters by which a thread or a note is known again."""


@blueprint.get("/cases/<reference>/dossiers")
@requires("document.read")
def dossiers(reference: str) -> str:
    """Every dossier of the case, the newest first, and what one holds."""
    case: Case = found(cases.case_for(actor(), reference))
    opens = declarations.opens(actor(), case)
    makes = not case.only_read and actor().may("dossier.make") and case.organisation_id == actor().organisation_id
    return render_template(
        "documents/dossiers.html",
        form=_form(case) if makes else None,
        head=case_pages.head(case, actor(), language()),
        current="documents",
        lines=[dossier_pages.line(case, one, opens) for one in dossier_queries.dossiers_of(case)],
        makes=makes,
        opens=opens,
    )


@blueprint.post("/cases/<reference>/dossiers")
@requires("dossier.make")
def make_dossier(reference: str) -> Answer:
    """Ask for a new one. It begins once the answer has left, so that it finds what has been asked."""
    case: Case = found(cases.case_to_change(actor(), reference))
    try:
        made = dossier_service.ask(case, actor(), clock.now(), _form(case).chosen())
    except Refusal as refusal:
        for reason in refusal.reasons:
            flash(wording.sentence(reason), "error")
        return redirect(url_for("documents.dossiers", reference=reference))
    answer = redirect(url_for("documents.dossier", reference=reference, number=made.number))
    if not current_app.testing:  # a test's transaction is seen by no other process
        answer.call_on_close(dossier_job.start)
    return answer


def _form(case: Case) -> DossierForm:
    """What there is to choose from: threads by their topic and first words, notes by theirs."""
    threads = [
        (request.id, f"{shown_number(request.id)}, {first_words([request.question], FIRST_WORDS)}")
        for request in dossier_queries.requests_in(case)
    ]
    notes = [
        (note.number, f"{formats.day(note.written_on)}, {note.author}: {first_words([note.text], FIRST_WORDS)}")
        for note in dossier_queries.notes_in(case)
    ]
    return dossier_form(threads, notes)


@blueprint.get("/cases/<reference>/dossiers/<int:number>")
@requires("document.read")
def dossier(reference: str, number: int) -> Answer:
    """How far it is, then its files. While it is being made the page asks for itself again."""
    case: Case = found(cases.case_for(actor(), reference))
    one: Dossier = found(dossier_queries.dossier_of(case, number))
    line = dossier_pages.line(case, one, declarations.opens(actor(), case))
    page = render_template(
        "documents/dossier.html",
        head=case_pages.head(case, actor(), language()),
        current="documents",
        one=line,
        makes=not case.only_read and actor().may("dossier.make"),
    )
    headers = {"Refresh": str(LOOK_AGAIN_SECONDS)} if line.waits else {}
    return Response(page, headers=headers)


@blueprint.get("/cases/<reference>/dossiers/<int:number>/<name>")
@requires("document.read")
def dossier_file(reference: str, number: int, name: str) -> Answer:
    """The ZIP or the PDF, from the storage. 403 for one with tender material before the declaration of interests."""
    case: Case = found(cases.case_for(actor(), reference))
    one: Dossier = found(dossier_queries.dossier_of(case, number))
    found(one if one.state == READY else None)
    if one.tender_material and not declarations.opens(actor(), case):
        return closed(case)
    zip_name, pdf_name = dossier_pages.names(case, one)
    kinds = {
        zip_name: ("application/zip", one.zip_sha256, one.zip_size),
        pdf_name: ("application/pdf", one.pdf_sha256, one.pdf_size),
    }
    media_type, sha256, size = found(kinds.get(name))
    if request.if_none_match.contains(sha256):
        return Response(status=304)
    try:
        stream = storage_at(current_app.config["SETTINGS"].storage_url).open(sha256)
    except StorageFailed as failure:
        log.error("dossier failed %s", failure)
        head = case_pages.head(case, actor(), language())
        return render_template("documents/away.html", head=head, current="documents", file_name=name), 503
    answer = send_file(
        stream,  # type: ignore[arg-type]
        mimetype=media_type, as_attachment=True, download_name=name, conditional=False, etag=False,
    )  # fmt: skip
    answer.content_length = size
    answer.set_etag(sha256)
    return answer
