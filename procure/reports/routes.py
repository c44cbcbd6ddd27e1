"""Pages of reports on a schedule: what is ordered, and the reports that have been sent."""

import logging
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.cases.pages import procedure_choices
from procure.domain.outcomes import Refusal
from procure.domain.reports import MOVES
from procure.figures import words as figure_words
from procure.infra import clock
from procure.infra.storage import StorageFailed, storage_at
from procure.portfolio import words
from procure.portfolio.choosing import KEPT, chosen_of, number
from procure.reports import pages, queries, service
from procure.reports.forms import MoveForm, ScheduleForm, seen_in
from procure.reports.models import ReportSchedule, ReportSent
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("reports", __name__)
log = logging.getLogger("procure")

Answer = str | Response | tuple[str, int]

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/reports")
@requires("report.read", hidden=True)
def index() -> str:
    """What is ordered, for those who may order, and the reports that have been sent, the newest first."""
    rows, more = queries.sent(actor(), number(request.args, "after"))
    return render_template(
        "reports/index.html",
        schedules=[pages.line(schedule) for schedule in queries.schedules(actor())],
        sent=[pages.sent_line(row, language()) for row in rows],
        following=rows[-1].id if more else None,
        first_page="after" not in request.args,
        may_order=actor().may("report.schedule"),
    )


@blueprint.route("/reports/new", methods=["GET", "POST"])
@requires("report.schedule")
def new() -> Answer:
    """Order a report. The address may carry the portfolio's filters."""
    told = {name: request.args[name][:40] for name in KEPT if request.args.get(name)}
    form = _form(pages.fresh(told, actor()))
    if form.validate_on_submit():
        try:
            service.add(actor(), form.wish, clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(_("The report has been ordered."), "success")
            return redirect(url_for("reports.index"))
    return render_template("reports/schedule.html", form=form, schedule=None), 422 if form.is_submitted() else 200


@blueprint.route("/reports/<int:schedule_id>", methods=["GET", "POST"])
@requires("report.schedule")
def change(schedule_id: int) -> Answer:
    """Change what is ordered."""
    schedule: ReportSchedule = found(queries.schedule_for(actor(), schedule_id))
    form = _form(pages.present(schedule))
    if form.validate_on_submit():
        try:
            service.change(schedule, form.wish, seen_in(form.seen), actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
            form.seen.data = str(schedule.version)
        else:
            flash(_("The schedule has been changed."), "success")
            return redirect(url_for("reports.index"))
    return render_template("reports/schedule.html", form=form, schedule=schedule), 422 if form.is_submitted() else 200


@blueprint.post("/reports/<int:schedule_id>/state")
@requires("report.schedule")
def move(schedule_id: int) -> Response:
    """Pause it, let it go on, or end it."""
    schedule: ReportSchedule = found(queries.schedule_for(actor(), schedule_id))
    form = MoveForm()
    if form.validate_on_submit() and form.state.data in MOVES:
        try:
            service.move(schedule, form.state.data, seen_in(form.seen), actor(), clock.today(), clock.now())
        except Refusal as refusal:
            flash(wording.sentence(refusal.reasons[0]) + ".", "important")
        else:
            flash(_("The schedule has been changed."), "success")
    return redirect(url_for("reports.index"))


@blueprint.get("/reports/sent/<int:report_id>")
@requires("report.read", hidden=True)
def sent(report_id: int) -> str:
    """One report as it was made: its files, and the way to the same figures today."""
    report: ReportSent = found(queries.sent_for(actor(), report_id))
    return render_template(
        "reports/sent.html",
        report=pages.sent_line(report, language()),
        filters=pages.filter_words(actor(), report, language(), clock.today()),
        opens=service.opened_by(report.kind, report.period, report.query),
    )


@blueprint.get("/reports/sent/<int:report_id>/<format_>")
@requires("report.read", hidden=True)
def file(report_id: int, format_: str) -> Answer:
    """The bytes that were kept; 503 while the storage does not give them."""
    report: ReportSent = found(queries.sent_for(actor(), report_id))
    kept: dict[str, Any] = found(report.files.get(format_))
    if request.if_none_match.contains(kept["sha256"]):
        return Response(status=304)
    try:
        stream = storage_at(current_app.config["SETTINGS"].storage_url).open(kept["sha256"])
    except StorageFailed as failure:
        log.error("report %s failed %s", report.id, failure)
        return render_template("reports/away.html", report=pages.sent_line(report, language())), 503
    answer = send_file(
        stream,  # type: ignore[arg-type]
        mimetype=TYPES[format_], as_attachment=True, download_name=kept["name"], conditional=False, etag=False,
    )  # fmt: skip
    answer.content_length = kept["size"]
    answer.set_etag(kept["sha256"])
    return answer


def _form(data: dict[str, Any]) -> ScheduleForm:
    form, by, today = ScheduleForm(data=data), actor(), clock.today()
    chosen = chosen_of(by, {}, today)
    periods = figure_words.period_choices(chosen.since, today)
    people = [(str(number_), name) for number_, name in queries.receivers(by)]
    form.offer(
        people,
        {
            "period": (*periods[:2], *words.quarters(chosen.since, today), *periods[2:]),
            "person": [(str(number_), name) for number_, name in chosen.people],
            "procedure": procedure_choices(language()),
            "theme": words.theme_choices(language()),
            "state": [(state, str(name)) for state, name in words.STATE_NAMES.items()],
        },
    )
    return form
