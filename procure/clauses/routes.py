"""Pages of a city's standard clauses: the list with its suggestions, one clause with its editions, and the forms."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.catalogue import clauses as catalogue
from procure.clauses import pages, queries, service
from procure.clauses.forms import ClauseForm, EndForm, filled
from procure.clauses.models import CityClause
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import NAMES, language

blueprint = Blueprint("clauses", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/city/clauses")
@requires("city.papers.read")
def index() -> str:
    """The city's clauses: those in force, those to come, and those that have ended; and subjects that others may want too."""
    by = actor()
    rows = queries.history_for(by)
    lines = pages.lines(rows, language(), clock.today())
    return render_template(
        "clauses/index.html",
        lines=[line for line in lines if line.stands != "over"],
        over=[line for line in lines if line.stands == "over"],
        suggestions=pages.suggestions(rows, language()),
        kinds=pages.kind_names(language()),
        may_edit=by.may("city.papers.edit"),
    )


@blueprint.route("/city/clauses/new", methods=["GET", "POST"])
@requires("city.papers.edit")
def new() -> Answer:
    """A clause of the kind of document and on the subject that the address names; without a kind, it is chosen first."""
    kind, subject = request.args.get("kind", ""), request.args.get("subject", "")
    if kind not in service.places():
        return render_template("clauses/kind.html", kinds=pages.kind_names(language()))
    suggested = catalogue.catalogue().get(subject)
    part = suggested.part if suggested and suggested.document == kind else ""
    form = ClauseForm(data={"valid_from": clock.today(), "seen": "0", "part": part})
    form.part.choices = pages.part_choices(kind, language())
    if form.validate_on_submit():
        try:
            service.add(form.wanted(kind, subject), actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(_("The clause has been added."))
    return _form(form, kind, suggested, None)


@blueprint.get("/city/clauses/<int:clause_number>")
@requires("city.papers.read")
def clause(clause_number: int) -> str:
    """One clause and all its editions."""
    rows = _rows(clause_number)
    line = pages.lines(rows, language(), clock.today())[0]
    editions = pages.history(rows, language(), clock.today())
    return render_template(
        "clauses/clause.html", line=line, editions=editions, names=NAMES, may_edit=actor().may("city.papers.edit")
    )


@blueprint.route("/city/clauses/<int:clause_number>/change", methods=["GET", "POST"])
@requires("city.papers.edit")
def change(clause_number: int) -> Answer:
    present = pages.newest(_rows(clause_number))
    form = ClauseForm(data=filled(present, clock.today()))
    form.part.choices = pages.part_choices(present.kind, language())
    if form.validate_on_submit():
        try:
            wanted = form.wanted(present.kind, present.subject)
            made = service.change(clause_number, wanted, form.seen_edition, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(_("The clause has been saved as edition %(edition)s.", edition=made.edition))
    return _form(form, present.kind, catalogue.catalogue().get(present.subject), clause_number)


@blueprint.route("/city/clauses/<int:clause_number>/end", methods=["GET", "POST"])
@requires("city.papers.edit")
def end(clause_number: int) -> Answer:
    rows = _rows(clause_number)
    form = EndForm(data={"valid_from": clock.today(), "seen": str(rows[0].edition)})
    if form.validate_on_submit():
        try:
            assert form.valid_from.data is not None
            service.end(clause_number, form.valid_from.data, form.seen_edition, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(_("The clause has been ended."))
    line = pages.lines(rows, language(), clock.today())[0]
    page = render_template("clauses/end.html", form=form, line=line)
    return (page, 422) if form.errors or form.form_errors else page


def _rows(number: int) -> Sequence[CityClause]:
    """Every edition of a clause of the person's own city, the newest first; 404 for another."""
    rows: Sequence[CityClause] = found(queries.history_for(actor(), number) or None)
    return rows


def _done(message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("clauses.index"))


def _form(form: ClauseForm, kind: str, suggested: catalogue.Suggestion | None, number: int | None) -> Answer:
    page = render_template(
        "clauses/form.html",
        form=form,
        document=pages.kind_names(language())[kind],
        suggested=suggested,
        number=number,
        lang=language(),
    )
    return (page, 422) if form.errors or form.form_errors else page
