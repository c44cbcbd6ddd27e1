"""The pages of one's own letters and absences."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.domain.notifications import DEFAULTS, kinds_for
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.notifications import queries, service
from procure.notifications.forms import AbsenceForm, EndForm, cadence_form
from procure.web import wording
from procure.web.access import actor, found, requires

blueprint = Blueprint("notifications", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/account/notifications", methods=["GET", "POST"])
@requires("account.own")
def choices() -> Answer:
    """How often the person wants each kind of letter."""
    form, names = cadence_form(kinds_for(actor().role), {**DEFAULTS, **queries.choices_of(actor())})
    if form.validate_on_submit():
        try:
            service.choose(actor(), {name: form[name].data for name in names}, clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(_("Your choices have been saved."), "success")
            return redirect(url_for("notifications.choices"))
    page = render_template("notifications/choices.html", form=form, names=names, me=actor())
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/account/absence", methods=["GET", "POST"])
@requires("account.own")
def absence() -> Answer:
    """When the person is away and who gets the letters meanwhile."""
    form, delegates = AbsenceForm(), queries.delegates_for(actor())
    form.offer(delegates)
    if form.validate_on_submit():
        try:
            service.add_absence(actor(), *form.days, form.delegate_id, clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(_("The absence has been added."), "success")
            return redirect(url_for("notifications.absence"))
    page = render_template(
        "notifications/absence.html",
        form=form,
        delegates=delegates,
        absences=queries.absences_of(actor(), clock.today()),
        passed=queries.passed_absences(actor(), clock.today()),
        today=clock.today(),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/account/absence/<int:absence_id>/end", methods=["GET", "POST"])
@requires("account.own")
def absence_end(absence_id: int) -> Answer:
    """The person is back earlier, or does not go."""
    shown = found(queries.absence_for(actor(), absence_id))
    form = EndForm()
    if form.validate_on_submit():
        service.end_absence(shown, actor(), clock.now())
        flash(_("The absence has ended: your letters come to you again."), "success")
        return redirect(url_for("notifications.absence"))
    page = render_template("notifications/absence_end.html", form=form, shown=shown, today=clock.today())
    return page, 422 if form.is_submitted() else 200
