"""Pages of a case: the stages and the procedure."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.cases import deadline_pages, deadlines, gating, pages, queries, service
from procure.cases.forms import CompleteForm, DoneForm, ReturnForm, SkipForm, StageForm
from procure.cases.models import Case
from procure.domain import acts
from procure.domain.outcomes import Refusal
from procure.domain.stages import Progress
from procure.infra import clock
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("cases", __name__)


@blueprint.route("/cases/<reference>/stages/<stage>/complete", methods=["GET", "POST"])
@requires("case.edit")
def complete(reference: str, stage: str) -> str | Response | tuple[str, int]:
    case = to_change(reference)
    progress, standing = service.standing_of(case)
    if (away := _away(case, progress, stage)) is not None:
        return away
    form = CompleteForm()
    form.keep(standing.asked(stage))
    answers = queries.facts_of(queries.answers_of(case))
    gate = pages.gate_lines(case, gating.gate_of(case, answers, stage_id=stage), language())
    form.confirmed.choices = pages.to_confirm(gate)
    forbidden = bool(form.exception.data)
    if form.validate_on_submit():
        confirmed = form.confirmed_of(gate)
        try:
            service.complete_stage(
                case, stage, form.day, confirmed, form.note.data, actor(), clock.today(), clock.now(), form.given,
                form.seen_sequence,
            )  # fmt: skip
        except Refusal as refusal:
            put_into(form, refusal, progress)
            forbidden = forbidden or any(reason.code == deadlines.FORBIDDEN for reason in refusal.reasons)
        else:
            return done(case, _("The stage is complete. The case has moved on."))
    wait = deadlines.wait_at(stage, queries.deadlines_of(case), standing)
    return stage_page("complete", case, stage, form, progress, gate=gate, wait=wait, forbidden=forbidden)


@blueprint.route("/cases/<reference>/stages/<stage>/skip", methods=["GET", "POST"])
@requires("case.edit")
def skip(reference: str, stage: str) -> str | Response | tuple[str, int]:
    case = to_change(reference)
    progress = service.progress_of(case)
    if (away := _away(case, progress, stage)) is not None:
        return away
    form = SkipForm()
    if form.validate_on_submit():
        try:
            service.skip_stage(case, stage, form.day, form.reason.data, actor(), clock.today(), clock.now(), form.seen_sequence)
        except Refusal as refusal:
            put_into(form, refusal, progress)
        else:
            return done(case, _("The stage was skipped. The case has moved on."))
    return stage_page("skip", case, stage, form, progress)


@blueprint.route("/cases/<reference>/stages/return", methods=["GET", "POST"])
@requires("case.edit")
def go_back(reference: str) -> str | Response | tuple[str, int]:
    case = to_change(reference)
    progress = service.progress_of(case)
    if (away := halted(case, progress)) is not None:
        return away
    form = ReturnForm()
    form.stage.choices = pages.earlier_stages(case, progress, language())
    if form.validate_on_submit():
        try:
            service.return_to_stage(
                case, form.stage.data, form.day, form.reason.data, actor(), clock.today(), clock.now(), form.seen_sequence
            )
        except Refusal as refusal:
            put_into(form, refusal, progress)
        else:
            return done(case, _("The case has gone back. Everything recorded so far is kept in its history."))
    return stage_page("return", case, case.stage, form, progress)


@blueprint.route("/cases/<reference>/deadlines/<int:number>/done", methods=["GET", "POST"])
@requires("case.edit")
def deadline_done(reference: str, number: int) -> str | Response | tuple[str, int]:
    """Say on which day a thing was done that the law asks for by a day."""
    case = to_change(reference)
    line = deadline_pages.open_line(queries.deadlines_of(case), number, language())
    if line is None:
        flash(_("This deadline has already been marked or no longer counts. Below you see how it stands."), "important")
        return redirect(url_for("desk.case", reference=case.reference))
    form = DoneForm()
    if form.validate_on_submit():
        try:
            service.mark_deadline_met(case, number, form.day, form.note.data, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return done(case, _("Marked as done: %(deadline)s.", deadline=line.name))
    return stage_page("deadline_done", case, case.stage, form, line=line)


@blueprint.get("/cases/<reference>/procedure")
@requires("case.read")
def procedures(reference: str) -> Response:
    """The former address of the page on which procedures are compared."""
    found(queries.case_for(actor(), reference))
    return redirect(url_for("advice.page", reference=reference))


@blueprint.get("/cases/<reference>/procedure/<procedure>")
@requires("case.edit")
def procedure(reference: str, procedure: str) -> Response:
    """The former address of choosing one."""
    to_change(reference)
    return redirect(url_for("advice.choose", reference=reference, procedure=procedure))


def to_change(reference: str) -> Case:
    case: Case = found(queries.case_to_change(actor(), reference))
    return case


def done(case: Case, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("desk.case", reference=case.reference))


def halted(case: Case, progress: Progress) -> Response | None:
    """The way back to the page of a case whose stages wait, with the reason; None when they do not."""
    return refused(case, lambda: acts.check_active(progress))


def refused(case: Case, check: Callable[[], None]) -> Response | None:
    """The way back to the page of the case when the check refuses the act, with its sentence; None when it does not."""
    try:
        check()
    except Refusal as refusal:
        flash(wording.sentence(refusal.reasons[0]), "important")
        return redirect(url_for("desk.case", reference=case.reference))
    return None


def _away(case: Case, progress: Progress, stage: str) -> Response | None:
    """None while the stage may be left: nothing halts the case, and it still is there."""
    if not progress.runs(stage) and not progress.state:
        flash(_("Somebody has already moved the case on from that stage. Below you see where it is now."), "important")
        return redirect(url_for("desk.case", reference=case.reference))
    return halted(case, progress)


def put_into(form: StageForm, refusal: Refusal, progress: Progress) -> None:
    """Show the reasons; a person who has now been told that the case has moved on may send the form again."""
    wording.put_into(form, refusal)
    if any(reason.code == "stages_changed" for reason in refusal.reasons):
        form.look_again(progress.sequence)


def stage_page(
    name: str, case: Case, stage: str, form: StageForm, progress: Progress | None = None, gate: tuple[pages.GateLine, ...] = (),
    **more: Any,
) -> str | tuple[str, int]:  # fmt: skip
    """An act's own page: as it is before it is sent, or with what was typed and why it was refused (422)."""
    form.propose(clock.today(), progress.sequence if progress else 0)
    panel = pages.stage_panel(service.procedure_of(case).stage(stage), gate, language()) if stage else None
    head = pages.head(case, actor(), language())
    page = render_template(f"cases/{name}.html", head=head, current="progress", form=form, panel=panel, **more)
    return (page, 422) if form.errors or form.form_errors else page
