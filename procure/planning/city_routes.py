"""Pages of how a city works: closing days, meetings of its bodies, and how long its steps take."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.planning import city_pages, city_service, queries
from procure.planning.city_forms import ClosingForm, MeetingsForm, RemoveForm, durations_form
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("planning", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/city/calendar")
@requires("city.calendar.read")
def city_calendar() -> str:
    """On what the city's timetables rest; its administrator finds here what can be changed."""
    by, today = actor(), clock.today()
    closings, meetings, durations = queries.closings(by, today), queries.meetings(by, today), queries.durations(by)
    return render_template(
        "planning/city_calendar.html",
        closings=city_pages.closing_years(closings, language()),
        meetings=city_pages.meeting_years(meetings, language()),
        passed_closings=city_pages.closing_years(queries.passed_closings(by, today), language()),
        passed_meetings=city_pages.meeting_years(queries.passed_meetings(by, today), language()),
        durations=city_pages.own_lines({row.stage: row.working_days for row in durations}, language()),
        next_closing=city_pages.closing_line(closings[0], language()).when if closings else "",
        next_meeting=city_pages.meeting_line(meetings[0], language()).when if meetings else "",
        changed=city_pages.last_change(closings, meetings, durations),
        may_edit=by.may("city.calendar.edit"),
    )


@blueprint.route("/city/calendar/closing-days/new", methods=["GET", "POST"])
@requires("city.calendar.edit")
def city_closing_new() -> Answer:
    form = ClosingForm()
    if form.validate_on_submit():
        first, last = form.first_day.data, form.last_day.data
        assert first is not None
        try:
            closing = city_service.add_closing(first, last, form.name.data, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            line = city_pages.closing_line(closing, language())
            return _done(_("Added to the closing days: %(name)s, %(when)s.", name=line.name, when=line.when), "closing-days")
    return render_template("planning/city_closing_new.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/city/calendar/closing-days/<int:closing_id>/remove", methods=["GET", "POST"])
@requires("city.calendar.edit")
def city_closing_remove(closing_id: int) -> Answer:
    closing = found(queries.closing_for(actor(), closing_id))
    line, form = city_pages.closing_line(closing, language()), RemoveForm()
    if form.validate_on_submit():
        city_service.remove_closing(closing)
        return _done(
            _("Removed from the closing days: %(name)s, %(when)s. If that was a mistake, add them again.", name=line.name, when=line.when),
            "closing-days",
        )  # fmt: skip
    return render_template("planning/city_remove.html", form=form, line=line, meeting=False)


@blueprint.route("/city/calendar/meetings/new", methods=["GET", "POST"])
@requires("city.calendar.edit")
def city_meetings_new() -> Answer:
    form = MeetingsForm()
    if not form.is_submitted():
        form.body.data = queries.last_body(actor())
    if form.validate_on_submit():
        days, body = form.days.data or [], form.body.data
        try:
            added, known = city_service.add_meetings(days, body, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            sentence = ngettext("%(num)s meeting was added.", "%(num)s meetings were added.", added)
            if known:
                sentence += " " + ngettext("%(num)s was there already.", "%(num)s were there already.", known)
            return _done(sentence, "meetings")
    return render_template("planning/city_meetings_new.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/city/calendar/meetings/<int:meeting_id>/remove", methods=["GET", "POST"])
@requires("city.calendar.edit")
def city_meeting_remove(meeting_id: int) -> Answer:
    meeting = found(queries.meeting_for(actor(), meeting_id))
    line, form = city_pages.meeting_line(meeting, language()), RemoveForm()
    if form.validate_on_submit():
        city_service.remove_meeting(meeting)
        return _done(
            _("Removed from the meetings: %(name)s, %(when)s. If that was a mistake, add it again.", name=line.name, when=line.when),
            "meetings",
        )  # fmt: skip
    return render_template("planning/city_remove.html", form=form, line=line, meeting=True)


@blueprint.route("/city/calendar/durations", methods=["GET", "POST"])
@requires("city.calendar.edit")
def city_durations() -> Answer:
    """How many working days each stage takes in the city."""
    form = durations_form({row.stage: row.working_days for row in queries.durations(actor())})
    if form.validate_on_submit():
        try:
            changed = city_service.set_durations(form.wishes(), actor(), clock.now())
        except Refusal as refusal:
            form.show_present(queries.office_of(actor().organisation_id).durations)
            wording.put_into(form, refusal)
        else:
            sentence = ngettext("%(num)s duration was changed.", "%(num)s durations were changed.", changed)
            return _done(sentence if changed else _("Nothing was changed."), "durations")
    groups = city_pages.stage_groups({}, language())
    return render_template("planning/city_durations.html", form=form, groups=groups), 422 if form.is_submitted() else 200


def _done(message: str, section: str) -> Response:
    flash(message, "success")
    return redirect(url_for("planning.city_calendar", _anchor=section))
