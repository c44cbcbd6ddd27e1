"""Pages of what is done with a case besides passing its stages: hold, go on, cancel, reopen, repeat, begin beside."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.cases import halt_pages, halt_service, queries, service
from procure.cases.forms import StageForm
from procure.cases.halt_forms import BesideForm, CancelForm, HoldForm, ReopenForm, RepeatForm, ResumeForm
from procure.cases.routes import blueprint, done, put_into, refused, stage_page, to_change
from procure.domain import acts
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.web.access import actor, requires
from procure.web.language import language

__all__ = ["blueprint"]  # the blueprint of the cases, with these pages in it

Answered = str | Response | tuple[str, int]


def _seen(form: StageForm) -> int:
    return form.seen_sequence or 0


@blueprint.route("/cases/<reference>/hold", methods=["GET", "POST"])
@requires("case.edit")
def hold(reference: str) -> Answered:
    case = to_change(reference)
    progress = service.progress_of(case)
    if (away := refused(case, lambda: acts.check_hold(progress, clock.today(), None))) is not None:
        return away
    form = HoldForm()
    if form.validate_on_submit():
        try:
            halt_service.hold(
                case, form.day, form.reason.data, form.expected_on.data, _seen(form), actor(), clock.today(), clock.now()
            )
        except Refusal as refusal:
            put_into(form, refusal, progress)
        else:
            return done(case, _("The case is on hold. Deadlines of the law keep running."))
    running = halt_pages.running(queries.deadlines_of(case), language(), clock.today())
    return stage_page("hold", case, case.stage, form, progress, running=running)


@blueprint.route("/cases/<reference>/resume", methods=["GET", "POST"])
@requires("case.edit")
def resume(reference: str) -> Answered:
    case = to_change(reference)
    progress = service.progress_of(case)
    if (away := refused(case, lambda: acts.check_resume(progress))) is not None:
        return away
    form = ResumeForm()
    if form.validate_on_submit():
        try:
            halt_service.resume(case, form.day, form.note.data or "", _seen(form), actor(), clock.today(), clock.now())
        except Refusal as refusal:
            put_into(form, refusal, progress)
        else:
            return done(case, _("The case goes on."))
    return stage_page("resume", case, case.stage, form, progress, hold=progress.hold)


@blueprint.route("/cases/<reference>/cancel", methods=["GET", "POST"])
@requires("case.edit")
def cancel(reference: str) -> Answered:
    """Cancel the procurement itself (125 §)."""
    case = to_change(reference)
    progress = service.progress_of(case)
    choices = halt_pages.ground_choices(language())
    if (away := refused(case, lambda: acts.check_cancel(progress, choices[0][0], dict(choices)))) is not None:
        return away
    form = CancelForm()
    form.ground.choices = choices
    if not form.is_submitted():
        form.published.data = halt_pages.notice_proposed(progress)
    if form.validate_on_submit():
        try:
            halt_service.cancel(
                case, form.day, form.ground.data, form.reason.data, form.published.data == "yes", _seen(form), actor(),
                clock.today(), clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            put_into(form, refusal, progress)
        else:
            return done(case, _("The procurement has been cancelled. Below you see what is to be done next."))
    return stage_page("cancel", case, case.stage, form, progress)


@blueprint.route("/cases/<reference>/reopen", methods=["GET", "POST"])
@requires("case.edit")
def reopen(reference: str) -> Answered:
    case = to_change(reference)
    progress, procedure = service.progress_of(case), service.procedure_of(case)
    choices = halt_pages.reopen_choices(progress, procedure, language())
    nearest = choices[0][0] if choices else ""
    if (away := refused(case, lambda: acts.check_reopen(progress, procedure, nearest))) is not None:
        return away
    form = ReopenForm()
    form.stage.choices = choices
    if form.validate_on_submit():
        try:
            halt_service.reopen(
                case, form.stage.data, form.day, form.reason.data, _seen(form), actor(), clock.today(), clock.now()
            )
        except Refusal as refusal:
            put_into(form, refusal, progress)
        else:
            return done(case, _("The procurement is open again."))
    return stage_page("reopen", case, case.stage, form, progress)


@blueprint.route("/cases/<reference>/stages/<stage>/repeat", methods=["GET", "POST"])
@requires("case.edit")
def repeat(reference: str, stage: str) -> Answered:
    """The present stage's next round."""
    case = to_change(reference)
    progress = service.progress_of(case)
    if (away := refused(case, lambda: acts.check_repeat(progress, service.procedure_of(case), stage))) is not None:
        return away
    form = RepeatForm()
    if form.validate_on_submit():
        try:
            halt_service.repeat(case, stage, form.day, form.reason.data, _seen(form), actor(), clock.today(), clock.now())
        except Refusal as refusal:
            put_into(form, refusal, progress)
        else:
            return done(case, _("The next round of the stage has begun."))
    current = progress.current
    return stage_page("repeat", case, stage, form, progress, round=current.round + 1 if current else 1)


@blueprint.route("/cases/<reference>/stages/<stage>/beside", methods=["GET", "POST"])
@requires("case.edit")
def begin_beside(reference: str, stage: str) -> Answered:
    """Begin a stage that runs beside the present one."""
    case = to_change(reference)
    progress = service.progress_of(case)
    if (away := refused(case, lambda: acts.check_beside(progress, service.procedure_of(case), stage))) is not None:
        return away
    form = BesideForm()
    if form.validate_on_submit():
        try:
            halt_service.begin_beside(
                case, stage, form.day, form.note.data or "", _seen(form), actor(), clock.today(), clock.now()
            )
        except Refusal as refusal:
            put_into(form, refusal, progress)
        else:
            return done(case, _("The stage has begun and runs beside the present one."))
    return stage_page("beside", case, stage, form, progress)
