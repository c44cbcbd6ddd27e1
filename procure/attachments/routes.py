"""Attachments of a case: the list, adding, a new version, removing, and the way back out of the storage."""

import logging
from typing import IO, Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from procure.attachments import pages, queries, service
from procure.attachments.forms import AddForm, RemoveForm, VersionForm
from procure.attachments.models import Attachment
from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.catalogue import material
from procure.declarations import pages as declaration_pages
from procure.declarations import queries as declarations
from procure.declarations.pages import About
from procure.domain.attachments import FILE_KINDS, LARGEST_FILE, MEGABYTE, ending_of
from procure.domain.declarations import OPEN
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import let_go
from procure.infra.scanner import scanner_at
from procure.infra.storage import StorageFailed, storage_at
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language
from procure.web.uploads import takes_files

blueprint = Blueprint("attachments", __name__)
log = logging.getLogger("procure")

Answer = str | Response | tuple[str, int]

LOCKED_IN = "sandbox; default-src 'none'"
SHOWN = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""For what the browser shows by itself: its own viewer does not start in a sandbox."""


@blueprint.get("/cases/<reference>/attachments")
@requires("attachment.read")
def index(reference: str) -> str:
    """Every attachment with its versions, the newest first."""
    case = found(cases.case_for(actor(), reference))
    rows = queries.versions_of(case, tender_material=True)
    standing = declarations.standing(actor(), case) if any(row.tender_material for row in rows) else OPEN
    shown, closed = pages.opened(rows, standing == OPEN)
    present, removed = pages.lines(shown, language())
    about = _about(case) if closed else None
    return _template("index", case, lines=present, removed=removed, closed=closed, standing=standing, about=about)


@blueprint.route("/cases/<reference>/attachments/new", methods=["GET", "POST"])
@takes_files(LARGEST_FILE)
@requires("attachment.edit")
def add(reference: str) -> Answer:
    case = _to_change(reference)
    form = AddForm(data={"tender_material": case.stage in material.catalogue().stages})
    form.document.choices = pages.document_choices(language())
    if form.validate_on_submit():
        try:
            arrived = _received(form.file.data)
            case = _to_change(reference)
            made = service.add(
                case, form.caption.data, form.document.data, arrived, actor(), clock.today(), clock.now(),
                form.tender_material.data,
            )  # fmt: skip
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, _("Added to the attachments: %(title)s.", title=made.title))
    return _template("add", case, form=form), 422 if form.is_submitted() else 200


@blueprint.route("/cases/<reference>/attachments/<int:attachment>/version", methods=["GET", "POST"])
@takes_files(LARGEST_FILE)
@requires("attachment.edit")
def add_version(reference: str, attachment: int) -> Answer:
    case = _to_change(reference)
    wanted = _attachment(case, attachment)
    if _is_closed(case, wanted.tender_material):
        return _closed(case)
    form = VersionForm()
    if form.validate_on_submit():
        try:
            arrived = _received(form.file.data)
            case = _to_change(reference)
            wanted = _attachment(case, attachment)
            made = service.add_version(case, wanted, form.news.data or "", arrived, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, _("%(title)s now has version %(version)s.", title=wanted.title, version=made.version))
    return _template("version", case, form=form, attachment=wanted), 422 if form.is_submitted() else 200


@blueprint.route("/cases/<reference>/attachments/<int:attachment>/remove", methods=["GET", "POST"])
@requires("attachment.edit")
def remove(reference: str, attachment: int) -> Answer:
    case = _to_change(reference)
    wanted = _attachment(case, attachment)
    if _is_closed(case, wanted.tender_material):
        return _closed(case)
    form = RemoveForm()
    if form.validate_on_submit():
        try:
            service.remove(case, wanted, form.reason.data, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, _("Removed from the attachments: %(title)s.", title=wanted.title))
    return _template("remove", case, form=form, attachment=wanted), 422 if form.is_submitted() else 200


@blueprint.get("/cases/<reference>/attachments/<int:attachment>/<int:version>/<name>")
@requires("attachment.read")
def download(reference: str, attachment: int, version: int, name: str) -> Answer:
    """The file, to be saved; with `?inline=1` shown, where that runs nothing. 403 for tender material before the
    declaration of interests, 409 when malware was found in it, 503 when the
    storage does not give it."""
    case = found(cases.case_for(actor(), reference))
    wanted = found(queries.version_to_open(case, attachment, version))
    if _is_closed(case, wanted.tender_material):
        return _closed(case)  # before the name is compared: it shows to nobody either
    found(name if name == wanted.file_name else None)
    if not service.may_open(wanted.scan):
        return _template("closed", case, wanted=wanted), 409
    return sent(wanted, name) or (_template("failed", case, wanted=wanted), 503)


def sent(wanted: Any, name: str) -> Response | None:
    """The stored file as an answer; None when the storage does not give it. `wanted`: storage_key, media_type and size."""
    try:
        stream = storage_at(current_app.config["SETTINGS"].storage_url).open(wanted.storage_key)
    except StorageFailed as failure:
        log.error("attachment failed %s", failure)
        return None
    inline = request.args.get("inline") == "1" and FILE_KINDS[ending_of(name)].inline
    response = send_file(
        stream,  # type: ignore[arg-type]
        mimetype=wanted.media_type, as_attachment=not inline, download_name=name, conditional=False, etag=False,
    )  # fmt: skip
    response.content_length = wanted.size
    response.headers["Content-Security-Policy"] = SHOWN if inline else LOCKED_IN
    return response


def _received(file: FileStorage) -> service.Arrived:
    return received(file.stream, file.filename or "")


def received(stream: IO[bytes], name: str) -> service.Arrived:
    """The file looked through and kept, while nobody waits for this request: what was read of the case before is let go."""
    let_go()
    settings = current_app.config["SETTINGS"]
    return service.receive(stream, name, storage_at(settings.storage_url), scanner_at(settings.clamav_url))  # type: ignore[arg-type]


def _to_change(reference: str) -> Case:
    case: Case = found(cases.case_to_change(actor(), reference))
    return case


def _attachment(case: Case, number: int) -> Attachment:
    attachment: Attachment = found(queries.attachment_of(case, number))
    return attachment


def _is_closed(case: Case, tender_material: bool) -> bool:
    """Whether the person may not see the file: asked at each request, so that a declared conflict closes open pages too."""
    return tender_material and not declarations.opens(actor(), case)


def _closed(case: Case) -> Answer:
    return _template("undeclared", case, standing=declarations.standing(actor(), case), about=_about(case)), 403


def _about(case: Case) -> About:
    """What there is to declare against before tender material opens."""
    return declaration_pages.about(case, cases.facts_of(cases.answers_of(case)), language())


def _done(case: Case, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("attachments.index", reference=case.reference))


def _template(name: str, case: Case, **values: object) -> str:
    return render_template(
        f"attachments/{name}.html",
        head=case_pages.head(case, actor(), language()),
        current="attachments",
        kinds=pages.kind_names(),
        endings=pages.endings(),
        most=LARGEST_FILE // MEGABYTE,
        scanned=bool(current_app.config["SETTINGS"].clamav_url),
        **values,
    )
