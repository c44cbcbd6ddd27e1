"""Pages of a city's letterhead: what holds, the form, and the logo itself."""

import logging

from flask import Blueprint, Response, current_app, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from procure.domain.letterheads import LARGEST_LOGO, Logo
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import let_go
from procure.infra.scanner import scanner_at
from procure.infra.storage import StorageFailed, storage_at
from procure.letterheads import pages, queries, service
from procure.letterheads.forms import LetterheadForm, filled
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.uploads import takes_files

blueprint = Blueprint("letterheads", __name__)
log = logging.getLogger("procure")

Answer = str | Response | Redirect | tuple[str, int]


@blueprint.get("/city/letterhead")
@requires("city.papers.read")
def index() -> str:
    """The edition that holds, those to come, and every earlier one."""
    by = actor()
    lines = pages.lines(queries.history_for(by), clock.today())
    return render_template(
        "letterheads/index.html",
        now=next((line for line in lines if line.stands == "now"), None),
        lines=lines,
        may_edit=by.may("city.papers.edit"),
    )


@blueprint.route("/city/letterhead/change", methods=["GET", "POST"])
@takes_files(LARGEST_LOGO)
@requires("city.papers.edit")
def change() -> Answer:
    """The next edition, beginning with what the last one says."""
    rows = queries.history_for(actor())
    present = queries.letterhead_of(rows[0]) if rows else None
    form = LetterheadForm(data=filled(present, clock.today()))
    logo = present.logo if present else None
    if form.validate_on_submit():
        try:
            kept = None if form.without_logo.data else logo
            kept = _received(form) if form.logo.data else kept
            made = service.save(form.wanted(kept), form.seen_edition, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            if made is None or made.edition == form.seen_edition:
                flash(_("Nothing was changed, and no new edition has been made."), "important")
            else:
                flash(_("The letterhead has been saved as edition %(edition)s.", edition=made.edition), "success")
            return redirect(url_for("letterheads.index"))
    page = render_template("letterheads/change.html", form=form, present=present, logo=logo)
    return (page, 422) if form.errors or form.form_errors else page


def _received(form: LetterheadForm) -> Logo:
    """The picture looked through and kept, while nobody waits for this request."""
    let_go()
    settings = current_app.config["SETTINGS"]
    file = form.logo.data
    return service.receive_logo(
        file.stream, file.filename or "", storage_at(settings.storage_url), scanner_at(settings.clamav_url)
    )


@blueprint.get("/city/letterhead/<int:edition>/logo.png")
@requires("city.papers.read")
def logo(edition: int) -> Response:
    """The logo of one edition of the person's own city."""
    letterhead = found(queries.edition_for(actor(), edition))
    return sent(found(letterhead.logo))


def sent(wanted: Logo) -> Response:
    """A logo as an answer; empty with 503 when the storage does not give it."""
    try:
        stream = storage_at(current_app.config["SETTINGS"].storage_url).open(wanted.storage_key)
    except StorageFailed as failure:
        log.error("logo failed %s", failure)
        return Response(status=503)
    response = send_file(stream, mimetype="image/png", conditional=False, etag=False)  # type: ignore[arg-type]
    response.content_length = wanted.size
    response.set_etag(wanted.sha256)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
