"""The timetable of a case: what it is, and changing it with a look at everything that moves."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases import service as case_service
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.domain.planning.plan import Choices, Line
from procure.domain.planning.wishes import has_duration, may_be_wished
from procure.domain.stages import STOPPED
from procure.infra import clock
from procure.timetables import pages, service
from procure.timetables.forms import ChangeForm, PlanForm, stage_form
from procure.timetables.service import Basis, Overtaken, Preview
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("timetables", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/cases/<reference>/timetable")
@requires("case.read")
def timetable(reference: str) -> str:
    """What is planned and what has happened: in words, drawn, and as a table."""
    case: Case = found(cases.case_for(actor(), reference))
    head = case_pages.head(case, actor(), language())
    today = clock.today()
    try:
        basis = _basis(case)
        plan = service.plan_of(basis, today)
    except Refusal as refusal:
        return render_template(
            "timetables/unknown.html", head=head, current="timetable", reason=wording.sentence(refusal.reasons[0])
        )
    return render_template(
        "timetables/timetable.html",
        head=head,
        current="timetable",
        today=today,
        plan=plan,
        kept=basis.kept,
        procedure=pages.procedure_name(plan, language()),
        stopped=case.state == STOPPED,
        summary=pages.summary(plan, basis, today),
        lines=pages.line_views(plan, basis, language()),
        drawing=pages.drawing(plan, today, language()),
    )


@blueprint.route("/cases/<reference>/timetable/change", methods=["GET", "POST"])
@requires("case.edit")
def change(reference: str) -> Answer:
    """The direction, the start, and the day on which the contract is needed."""
    case, basis = _to_change(reference)
    if basis is None:
        return redirect(url_for("timetables.timetable", reference=reference))
    now = basis.choices
    form = PlanForm(data={"mode": now.mode, "start": now.start, "needed_by": now.needed_by, "seen": basis.seen})
    wanted = replace(now, mode=form.mode.data, start=form.start.data, needed_by=form.needed_by.data)
    return _change(case, basis, form, wanted, "timetables/change.html", {})


@blueprint.route("/cases/<reference>/timetable/stages/<stage>", methods=["GET", "POST"])
@requires("case.edit")
def change_stage(reference: str, stage: str) -> Answer:
    """How long one stage takes, and the day on which it shall end."""
    case, basis = _to_change(reference)
    line = service.plan_of(basis, clock.today()).line(stage) if basis else None
    if basis is None or line is None:
        return redirect(url_for("timetables.timetable", reference=reference))
    with_days, with_day = has_duration(line, basis.route), may_be_wished(line, basis.route)
    if not with_days and not with_day:
        flash(_("The days of this stage follow from the others, or are past."), "important")
        return redirect(url_for("timetables.timetable", reference=reference))
    now = basis.choices
    offers = pages.offers(basis, line)
    sources = [(name, words) for name, (_learned, words) in offers.items()]
    form = stage_form(
        with_days, with_day, sources, days=now.durations.get(stage), wished=now.wished.get(stage), seen=basis.seen
    )  # fmt: skip
    days = form.days.data if with_days else None
    wanted = service.with_stage(now, stage, days, form.wished.data if with_day else None)
    if offers and form.source.data in offers:
        wanted = service.with_learned(wanted, stage, offers[form.source.data][0])
    return _change(case, basis, form, wanted, "timetables/change_stage.html", _stage_facts(line, basis))


def _stage_facts(line: Line, basis: Basis) -> dict[str, object]:
    return {
        "line": line,
        "name": line.stage.name[language()],
        "usual": pages.usual_days(basis, line),
        "hints": tuple(pages.offer_hints(basis, line).items()),
        "view": pages.line_view(line, basis, language()),
    }


def _change(
    case: Case, basis: Basis, form: ChangeForm, wanted: Choices, template: str, facts: dict[str, object]
) -> Answer:  # fmt: skip
    """Show what a change moves, and save what has been looked at."""
    if not form.is_submitted():
        return _page(case, basis, form, template, facts)
    if not form.validate():
        return _page(case, basis, form, template, facts), 422
    today, theirs, preview = clock.today(), False, None
    try:
        preview = service.preview(basis, wanted, today)
        service.check_seen(basis, form.seen.data or "")
        if form.save.data:
            service.save(case, basis, preview, form.previewed.data or "", actor(), today, clock.now())
            flash(_("The timetable has been saved."), "success")
            return redirect(url_for("timetables.timetable", reference=case.reference))
    except Refusal as refusal:
        theirs = isinstance(refusal, Overtaken)
        wording.put_into(form, _at_fields(refusal, form))
    form.seen.data, form.previewed.data = basis.seen, preview.mark if preview else ""
    page = _page(case, basis, form, template, facts, preview, theirs)
    return (page, 409 if theirs else 422) if form.errors or form.form_errors else page


def _at_fields(refusal: Refusal, form: ChangeForm) -> Refusal:
    """A reason about the stage of the page belongs at its only day."""
    if "wished" not in form:
        return refusal
    return Refusal(*(replace(reason, target="wished") if reason.target else reason for reason in refusal.reasons))


def _page(
    case: Case, basis: Basis, form: ChangeForm, template: str, facts: dict[str, object],
    preview: Preview | None = None, theirs: bool = False,
) -> str:  # fmt: skip
    return render_template(
        template,
        head=case_pages.head(case, actor(), language()),
        current="timetable",
        form=form,
        preview=preview,
        moves=pages.move_views(preview.moves, language()) if preview else (),
        summary=pages.summary(preview.plan, basis, clock.today()) if preview else None,
        theirs=pages.choices_in_words(basis.choices, preview.plan if preview else None, language()) if theirs else (),
        **facts,
    )


def _basis(case: Case) -> Basis:
    """Raises Refusal where the timetable cannot be counted."""
    answers = cases.facts_of(cases.answers_of(case))
    progress = case_service.progress_of(case)
    return service.basis_of(case, answers, progress, clock.today())


def _to_change(reference: str) -> tuple[Case, Basis | None]:
    """The case locked, and what its timetable is counted from; None where it cannot be counted."""
    case: Case = found(cases.case_to_change(actor(), reference))
    try:
        basis = _basis(case)
        service.plan_of(basis, clock.today())
    except Refusal:
        return case, None
    return case, basis
