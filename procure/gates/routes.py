"""Pages of the points that a stage waits for: how each stands, ticking one, waiving one, taking either back."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.domain.checklists import GateState
from procure.domain.gates import TICK, WAIVER
from procure.domain.outcomes import Refusal
from procure.gates import pages, queries, service
from procure.gates.forms import TakeBackForm, TickForm, WaiveForm
from procure.infra import clock
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("gates", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/cases/<reference>/gate")
@requires("case.read")
def gate(reference: str) -> Answer:
    """Every point of the present stage: how it stands, who said so, and what can be done."""
    case = found(cases.case_for(actor(), reference))
    head = case_pages.head(case, actor(), language())
    lines = pages.point_lines(case, service.states_of(case), head, language())
    return render_template("gates/gate.html", head=head, current="progress", lines=lines)


@blueprint.route("/cases/<reference>/gate/<point>/tick", methods=["GET", "POST"])
@requires("case.edit")
def tick(reference: str, point: str) -> Answer:
    case: Case = found(cases.case_to_change(actor(), reference))
    state = _state(case, point)
    form = TickForm(data={"happened_on": clock.today(), "visit": str(service.visit_of(case))})
    if state is None or not state.point.by_person or (state.how == "ticked" and not form.is_submitted()):
        return _as_it_is(case)
    if form.validate_on_submit():
        try:
            service.tick(case, point, form.seen, form.day, form.note.data or "", actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, _("Ticked: %(point)s.", point=state.point.text[language()]))
    return _page("gates/tick.html", case, form, state)


@blueprint.route("/cases/<reference>/gate/<point>/waive", methods=["GET", "POST"])
@requires("gate.waive")
def waive(reference: str, point: str) -> Answer:
    case: Case = found(cases.case_to_change(actor(), reference))
    state = _state(case, point)
    form = WaiveForm(data={"visit": str(service.visit_of(case))})
    if state is None or (not state.holds and not form.is_submitted()):
        return _as_it_is(case)
    if form.validate_on_submit():
        try:
            service.waive(case, point, form.seen, form.reason.data or "", actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, _("Waived: %(point)s.", point=state.point.text[language()]))
    return _page("gates/waive.html", case, form, state)


@blueprint.route("/cases/<reference>/gate/<point>/untick", methods=["GET", "POST"])
@requires("case.edit")
def untick(reference: str, point: str) -> Answer:
    return _take_back(reference, point, TICK, service.untick, _("The tick has been taken back."))


@blueprint.route("/cases/<reference>/gate/<point>/unwaive", methods=["GET", "POST"])
@requires("gate.waive")
def unwaive(reference: str, point: str) -> Answer:
    return _take_back(
        reference, point, WAIVER, service.unwaive, _("The waiver has been taken back. The stage waits for the point again.")
    )


def _take_back(reference: str, point: str, kind: str, act: Callable[..., None], message: str) -> Answer:
    case: Case = found(cases.case_to_change(actor(), reference))
    row, state = queries.mark_of(case, point, kind), _state(case, point)
    if row is None or state is None:
        return _as_it_is(case)
    form = TakeBackForm(data={"mark": str(row.sequence)})
    if form.validate_on_submit():
        try:
            act(case, point, form.seen, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, message)
    return _page("gates/take_back.html", case, form, state)


def _state(case: Case, point: str) -> GateState | None:
    return next((state for state in service.states_of(case) if state.point.id == point), None)


def _as_it_is(case: Case) -> Response:
    flash(_("That can no longer be done with this point. Below you see how the points stand."), "important")
    return redirect(url_for("gates.gate", reference=case.reference))


def _done(case: Case, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("gates.gate", reference=case.reference))


def _page(template: str, case: Case, form: Any, state: GateState) -> Answer:
    head = case_pages.head(case, actor(), language())
    line = case_pages.gate_lines(case, [state], language())[0]
    page = render_template(template, head=head, current="progress", form=form, line=line)
    return (page, 422) if form.errors or form.form_errors else page
