"""Pages of the points that a city adds to its stages."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.domain.outcomes import Refusal
from procure.gates import city_pages, city_service, queries
from procure.gates.city_forms import CityPointForm, EndForm
from procure.infra import clock
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("city_gates", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/city/gates")
@requires("city.gates.read")
def city_gates() -> str:
    """The city's own points: those in force, those to come, and those that are over."""
    by = actor()
    lines = city_pages.lines(queries.points_of_city(by), language(), clock.today())
    return render_template(
        "gates/city_gates.html",
        lines=[line for line in lines if line.stands != "over"],
        over=[line for line in lines if line.stands == "over"],
        may_edit=by.may("city.gates.edit"),
    )


@blueprint.route("/city/gates/new", methods=["GET", "POST"])
@requires("city.gates.edit")
def city_gate_new() -> Answer:
    form = _offered(CityPointForm(data={"required": "yes", "way": "person", "valid_from": clock.today()}))
    if form.validate_on_submit():
        try:
            city_service.add_point(form.wanted(), actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(_("The point has been added."))
    return _page("gates/city_gate.html", form, changes=False)


@blueprint.route("/city/gates/<int:gate_id>/change", methods=["GET", "POST"])
@requires("city.gates.edit")
def city_gate_change(gate_id: int) -> Answer:
    point = found(queries.point_for(actor(), gate_id))
    form = _offered(CityPointForm(data=city_pages.filled(point, clock.today())))
    if point.until is not None and not form.is_submitted():
        return _ended()
    if form.validate_on_submit():
        try:
            city_service.change_point(gate_id, form.wanted(), actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(_("The point has been changed."))
    return _page("gates/city_gate.html", form, changes=True)


@blueprint.route("/city/gates/<int:gate_id>/end", methods=["GET", "POST"])
@requires("city.gates.edit")
def city_gate_end(gate_id: int) -> Answer:
    point = found(queries.point_for(actor(), gate_id))
    form = EndForm(data={"until": clock.today()})
    if point.until is not None and not form.is_submitted():
        return _ended()
    if form.validate_on_submit():
        try:
            city_service.end_point(gate_id, form.day, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(_("The point has been ended."))
    return _page("gates/city_gate_end.html", form, line=city_pages.line(point, "", language(), clock.today()))


def _offered(form: CityPointForm) -> CityPointForm:
    form.stage.choices, form.procedure.choices = city_pages.places(language())
    form.way.choices = city_pages.way_choices(city_service.known_ways(), language(), clock.today())
    return form


def _ended() -> Response:
    flash(_("Somebody has already ended or changed this point. The list shows the points as they are."), "important")
    return redirect(url_for("city_gates.city_gates"))


def _done(message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("city_gates.city_gates"))


def _page(template: str, form: CityPointForm | EndForm, **values: object) -> Answer:
    page = render_template(template, form=form, **values)
    return (page, 422) if form.errors or form.form_errors else page
