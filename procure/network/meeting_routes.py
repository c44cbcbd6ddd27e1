"""Pages of the network's meetings, and the calendar to take along."""

from uuid import uuid4

from flask import Response as Sent
from flask import current_app, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.network import meeting_pages, meeting_service, queries
from procure.network.forms import CancelForm, MeetingAgainForm, MeetingForm
from procure.network.models import NetworkMeeting
from procure.network.routes import blueprint
from procure.network.service import Overtaken
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

Answer = str | Response | tuple[str, int]

__all__ = ["blueprint"]


@blueprint.get("/network/meetings")
@requires("network.read")
def meetings() -> str:
    today = clock.today()
    return render_template(
        "network/meetings.html", lines=meeting_pages.lines(queries.meetings(today), language()),
        passed=meeting_pages.lines(queries.passed_meetings(today), language()), may_edit=actor().may("network.edit"),
    )  # fmt: skip


@blueprint.get("/network/meetings.ics")
@requires("network.read")
def meetings_file() -> Sent:
    """The meetings to come, for a calendar program."""
    return _calendar(queries.meetings(clock.today()), "innocities.ics")


@blueprint.get("/network/meetings/<int:meeting_id>")
@requires("network.read")
def meeting(meeting_id: int) -> str:
    row = found(queries.meeting(meeting_id))
    return render_template(
        "network/meeting.html", line=meeting_pages.line(row, language()), may_edit=actor().may("network.edit"),
        is_past=row.held_on < clock.today(), history=meeting_pages.history(queries.meeting_changes(meeting_id), language()),
    )  # fmt: skip


@blueprint.get("/network/meetings/<int:meeting_id>/meeting.ics")
@requires("network.read")
def meeting_file(meeting_id: int) -> Sent:
    return _calendar([found(queries.meeting(meeting_id))], f"innocities-{meeting_id}.ics")


def _calendar(rows: list[NetworkMeeting], filename: str) -> Sent:
    name = _("Meetings of the network")
    response = make_response(meeting_pages.file(rows, name, language(), current_app.config["SETTINGS"].public_url))
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


@blueprint.route("/network/meetings/new", methods=["GET", "POST"])
@requires("network.edit")
def meeting_new() -> Answer:
    form = MeetingForm()
    if not form.is_submitted():
        form.form_key.data = uuid4().hex
    if form.validate_on_submit():
        try:
            row = meeting_service.add_meeting(
                form.meeting, form.form_key.data or uuid4().hex, actor(), clock.today(), clock.now()
            )  # fmt: skip
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(row.id, _("The meeting has been added."))
    return render_template("network/meeting_form.html", form=form, line=None, theirs=None), 422 if form.is_submitted() else 200


@blueprint.route("/network/meetings/<int:meeting_id>/change", methods=["GET", "POST"])
@requires("network.edit")
def meeting_change(meeting_id: int) -> Answer:
    row: NetworkMeeting = found(queries.meeting(meeting_id))
    form, theirs = MeetingForm(), None
    if not form.is_submitted():
        form.show(row.meeting, row.version_id)
    if form.validate_on_submit():
        try:
            meeting_service.change_meeting(row, form.meeting, form.version, actor(), clock.today(), clock.now())
        except Overtaken as refusal:
            wording.put_into(form, refusal)
            theirs, form.seen.data = meeting_pages.present(row.meeting, language()), str(row.version_id)
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(row.id, _("The meeting has been saved."))
    page = render_template("network/meeting_form.html", form=form, line=meeting_pages.line(row, language()), theirs=theirs)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/network/meetings/<int:meeting_id>/cancel", methods=["GET", "POST"])
@requires("network.edit")
def meeting_cancel(meeting_id: int) -> Answer:
    row: NetworkMeeting = found(queries.meeting(meeting_id))
    form = CancelForm()
    if not form.is_submitted():
        form.seen.data = str(row.version_id)
    if form.validate_on_submit():
        try:
            meeting_service.cancel_meeting(row, form.why.data or "", form.version, actor(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
            form.seen.data = str(row.version_id)
        else:
            return _done(row.id, _("The meeting has been cancelled. It stays in the list as cancelled."))
    page = render_template("network/meeting_cancel.html", form=form, line=meeting_pages.line(row, language()))
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/network/meetings/<int:meeting_id>/restore", methods=["GET", "POST"])
@requires("network.edit")
def meeting_restore(meeting_id: int) -> Answer:
    row: NetworkMeeting = found(queries.meeting(meeting_id))
    form = MeetingAgainForm()
    if not form.is_submitted():
        form.seen.data = str(row.version_id)
    if form.validate_on_submit():
        try:
            meeting_service.restore_meeting(row, form.version, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
            form.seen.data = str(row.version_id)
        else:
            return _done(row.id, _("The meeting takes place after all."))
    page = render_template("network/meeting_restore.html", form=form, line=meeting_pages.line(row, language()))
    return page, 422 if form.is_submitted() else 200


def _done(meeting_id: int, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("network.meeting", meeting_id=meeting_id))
