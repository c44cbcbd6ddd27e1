"""Pages of the conversation in a request: messages, questions, meetings, and the mails that were not taken."""

from datetime import UTC, datetime

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.accounts import queries as accounts
from procure.domain.attachments import LARGEST_FILE
from procure.domain.outcomes import Refusal
from procure.domain.support import allowed
from procure.domain.threads import PLANNED, Meeting
from procure.infra import clock
from procure.infra.clock import FINLAND
from procure.support import (
    queries,
    talk_calendar,
    talk_files,
    talk_meeting_service,
    talk_pages,
    talk_queries,
    talk_service,
    talk_view,
)
from procure.support.forms import ReasonForm
from procure.support.models import SupportMeeting
from procure.support.queries import Seen
from procure.support.routes import Answer, _page, blueprint, thread_values, too_late
from procure.support.talk_files import Arrived
from procure.support.talk_forms import MeetingForm, ReportForm, TalkForm
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language
from procure.web.uploads import takes_files


@blueprint.route("/support/<int:number>/messages", methods=["GET", "POST"])
@takes_files(LARGEST_FILE)
@requires("support.reply")
def reply(number: int) -> Answer:
    """The city replies or adds something; the expert asks or says something. Both with files."""
    seen: Seen = found(queries.request_to_change(actor(), number))
    if seen.sight == "row":
        return redirect(url_for("support.declare", number=number))
    form = talk_view.form_for(seen, queries.messages_of(seen.request))
    if not form.validate_on_submit():
        return _thread_page(seen, form)
    try:
        files = [talk_files.receive(file.stream, file.filename) for file in form.chosen]
        if files:  # looking through them took a while, with nothing locked
            seen = found(queries.request_to_change(actor(), number))
        _say(seen, form, files)
    except Refusal as refusal:
        return _refused(refusal, seen, form)
    flash(_("Your message has been sent."), "success")
    return redirect(url_for("support.thread", number=number))


def _thread_page(seen: Seen, form: TalkForm) -> Answer:
    messages = queries.messages_of(seen.request)
    shown = talk_view.talk(seen, messages)
    return _page("support/thread.html", form, talk=shown, **thread_values(seen, messages))


def _say(seen: Seen, form: TalkForm, files: list[Arrived]) -> None:
    text, by, today, now = form.text.data or "", actor(), clock.today(), clock.now()
    if seen.party in ("city", "reader"):
        talk_service.reply(seen.request, text, by, today, now, question=form.answered, files=files)
    elif form.is_question:
        talk_service.ask_back(seen.request, text, by, today, now, files=files)
    else:
        talk_service.write(seen.request, text, by, today, now, files=files)


def _refused(refusal: Refusal, seen: Seen, form: TalkForm) -> Answer:
    """What is wrong with a field is said there, and what was typed stays; else the request has moved on."""
    if not all(reason.target for reason in refusal.reasons):
        return too_late(refusal, seen.request, form.text.data or "")
    again: Seen = found(queries.request_for(actor(), seen.request.id))
    form = talk_view.form_for(again, queries.messages_of(again.request))  # with the questions that are open now
    wording.put_into(form, refusal)
    return _thread_page(again, form)


@blueprint.post("/support/<int:number>/questions/<int:question>/drop")
@requires("support.take")
def drop_question(number: int, question: int) -> Answer:
    """The expert no longer needs the answer."""
    seen: Seen = found(queries.request_to_change(actor(), number))
    try:
        talk_service.drop_question(seen.request, question, actor(), clock.today(), clock.now())
    except Refusal as refusal:
        return too_late(refusal, seen.request, "")
    flash(_("The question is marked as no longer needed."), "success")
    return redirect(url_for("support.thread", number=number))


# meetings


@blueprint.route("/support/<int:number>/meetings/new", methods=["GET", "POST"])
@requires("support.reply")
def meeting_new(number: int) -> Answer:
    seen = _to_meet(number, "meet")
    if isinstance(seen, Response):
        return seen
    form = _meeting_form(seen, None)
    if form.validate_on_submit():
        try:
            talk_meeting_service.plan(seen.request, _wanted(form), actor(), clock.today(), clock.now(), _public_url())
        except Refusal as refusal:
            return _meeting_refused(refusal, seen, form, _("Plan a meeting"))
        flash(_("The meeting is in the request, and the invitations are on their way."), "success")
        return redirect(url_for("support.thread", number=number))
    return _page("support/talk/meeting.html", form, title=_("Plan a meeting"), number=number)


@blueprint.route("/support/<int:number>/meetings/<int:meeting>", methods=["GET", "POST"])
@requires("support.reply")
def meeting_change(number: int, meeting: int) -> Answer:
    seen = _to_meet(number, "meet")
    if isinstance(seen, Response):
        return seen
    present = _planned(seen, meeting)
    if isinstance(present, Response):
        return present
    form = _meeting_form(seen, present)
    if form.validate_on_submit():
        try:
            talk_meeting_service.change(seen.request, present, _wanted(form), actor(), clock.today(), clock.now(), _public_url())
        except Refusal as refusal:
            return _meeting_refused(refusal, seen, form, _("Change the meeting"))
        flash(_("The meeting has been changed, and those invited are told."), "success")
        return redirect(url_for("support.thread", number=number))
    return _page("support/talk/meeting.html", form, title=_("Change the meeting"), number=number)


@blueprint.route("/support/<int:number>/meetings/<int:meeting>/cancel", methods=["GET", "POST"])
@requires("support.reply")
def meeting_cancel(number: int, meeting: int) -> Answer:
    seen = _to_meet(number, "meet")
    if isinstance(seen, Response):
        return seen
    present = _planned(seen, meeting)
    if isinstance(present, Response):
        return present
    form = ReasonForm()
    form.ask(_("Cancel the meeting"))
    if form.validate_on_submit():
        try:
            talk_meeting_service.cancel(
                seen.request, present, form.text.data or "", actor(), clock.today(), clock.now(), _public_url()
            )
        except Refusal as refusal:
            return too_late(refusal, seen.request, form.text.data or "")
        flash(_("The meeting has been cancelled, and those invited are told."), "success")
        return redirect(url_for("support.thread", number=number))
    intro = _("The meeting on %(when)s is taken out of the calendars of those invited.", when=talk_calendar.when(present))
    return _page("support/reason.html", form, title=_("Cancel the meeting"), intro=intro, number=number)


@blueprint.route("/support/<int:number>/meetings/<int:meeting>/report", methods=["GET", "POST"])
@requires("support.reply")
def meeting_report(number: int, meeting: int) -> Answer:
    """What was said in the meeting, and who came."""
    seen = _to_meet(number, "report_meeting")
    if isinstance(seen, Response):
        return seen
    present = _planned(seen, meeting)
    if isinstance(present, Response):
        return present
    form = ReportForm(data={"participants": "\n".join(present.names)})
    if form.validate_on_submit():
        summary, participants = form.summary.data or "", form.participants.data or ""
        try:
            talk_meeting_service.report(seen.request, present, summary, participants, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            return too_late(refusal, seen.request, summary)
        flash(_("The meeting is reported in the request."), "success")
        return redirect(url_for("support.thread", number=number))
    return _page("support/talk/report.html", form, when=talk_calendar.when(present), number=number)


@blueprint.get("/support/<int:number>/meetings/<int:meeting>.ics")
@requires("support.read")
def meeting_calendar(number: int, meeting: int) -> Response:
    """The meeting as a file for the person's own calendar."""
    seen: Seen = found(talk_queries.thread_for(actor(), number))
    present: SupportMeeting = found(talk_queries.meeting_of(seen.request, _small(meeting)))
    people = talk_queries.people_by_id([*present.people, present.organiser_id])
    method = talk_calendar.PUBLISH if present.state != "cancelled" else talk_calendar.CANCEL
    text = talk_calendar.file(seen.request, present, people[present.organiser_id], [], method, language(), _public_url())
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f"attachment; filename=support-{number}-meeting-{present.number}.ics"
    return response


def _to_meet(number: int, act: str) -> Seen | Response:
    """The request locked; the way back to it when nothing can be met about now."""
    seen: Seen = found(queries.request_to_change(actor(), number))
    found(seen if seen.sight in talk_queries.SEES_MESSAGES else None)
    if not allowed(act, seen.party, seen.request.state):
        return redirect(url_for("support.thread", number=number))
    return seen


def _planned(seen: Seen, meeting: int) -> SupportMeeting | Response:
    present: SupportMeeting = found(talk_queries.meeting_of(seen.request, _small(meeting)))
    return present if present.state == PLANNED else redirect(url_for("support.thread", number=seen.request.id))


def _small(number: int) -> int:
    """What the column holds; an address may name any number."""
    return min(number, accounts.LARGEST_ID)


def _meeting_form(seen: Seen, present: SupportMeeting | None) -> MeetingForm:
    known = talk_queries.people_to_meet(seen.request)
    data: dict[str, object] = {"people": [person.id for person in known]}
    if present is not None:
        begins = present.starts_at.astimezone(FINLAND)
        data = {
            "day": begins.date(), "begins": f"{begins:%H:%M}", "minutes": present.minutes, "place": present.place,
            "link": present.link, "people": present.people,
        }  # fmt: skip
    form = MeetingForm(data=data)
    form.ask([(person.id, person.name) for person in known], talk_pages.lengths())
    return form


def _wanted(form: MeetingForm) -> Meeting:
    assert form.day.data is not None  # the form is valid
    starts_at = datetime.combine(form.day.data, form.at, FINLAND)
    place, link = " ".join((form.place.data or "").split()), (form.link.data or "").strip()
    return Meeting(starts_at.astimezone(UTC), form.minutes.data, place, link, tuple(sorted(form.people.data)))


def _meeting_refused(refusal: Refusal, seen: Seen, form: MeetingForm, title: str) -> Answer:
    if any(reason.target for reason in refusal.reasons):
        wording.put_into(form, refusal)
        return _page("support/talk/meeting.html", form, title=title, number=seen.request.id)
    return too_late(refusal, seen.request, "")


def _public_url() -> str:
    return str(current_app.config["SETTINGS"].public_url)


# mail


@blueprint.get("/support/mail-refusals")
@requires("support.triage")
def mail_refusals() -> str:
    """Answers by mail that were not taken: when, why and from which domain."""
    lines = talk_pages.refusal_lines(talk_queries.refusals(actor()))
    return render_template("support/talk/refusals.html", lines=lines, domain=current_app.config["SETTINGS"].reply_domain)
