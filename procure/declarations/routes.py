"""Pages of declarations of interests: one's own, and for the managers of the city who has declared what, and deciding on it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.declarations import pages, queries, service
from procure.declarations.forms import DecisionForm, InterestForm
from procure.domain import declarations as rules
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.teams import queries as teams
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("declarations", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/cases/<reference>/declaration", methods=["GET", "POST"])
@requires("interest.declare")
def declaration(reference: str) -> Answer:
    """What the person declares against, what was declared before, and declaring; for everybody who reads the case."""
    case = found(queries.case_to_declare(actor(), reference))
    form, refused = InterestForm(), 200
    if form.validate_on_submit():
        try:
            made = service.declare(
                case, form.outcome.data, form.text.data or "", form.seen, actor(), clock.today(), clock.now()
            )  # fmt: skip
        except Refusal as refusal:
            wording.put_into(form, refusal)
            refused = 409 if isinstance(refusal, service.Overtaken) else 422
        else:
            return _declared(case, made.held)
    form.suppliers.data = str(queries.suppliers_of(case))
    own = queries.own(actor(), case)
    page = _template(
        "declaration", case, form=form, standing=queries.standing(actor(), case), own=pages.lines(own, actor()),
        about=pages.about(case, cases.facts_of(cases.answers_of(case)), language()), states=pages.STANDINGS,
        citation=rules.CITATION, manages=_manages(case),
    )  # fmt: skip
    return page, 422 if refused == 200 and form.errors else refused


def _declared(case: Case, held: bool) -> Response:
    if held:
        flash(_("Your declaration is kept. The tender material is closed to you until a manager decides."), "success")
        return redirect(url_for("declarations.declaration", reference=case.reference))
    flash(_("Your declaration is kept. The tender material is open to you."), "success")
    return redirect(url_for("attachments.index", reference=case.reference))


def _manages(case: Case) -> bool:
    by = actor()
    return by.may("interest.decide") and case.organisation_id == by.organisation_id and not case.only_read


@blueprint.get("/cases/<reference>/declarations")
@requires("interest.decide")
def overview(reference: str) -> str:
    """Who has declared what and when, and who of the team has not."""
    case = found(cases.case_to_change(actor(), reference))
    every = queries.of_case(case)
    return _template(
        "overview", case, people=pages.people(teams.team_of(case), every, queries.suppliers_of(case)),
        lines=pages.lines(every, actor()),
    )  # fmt: skip


@blueprint.route("/cases/<reference>/declarations/<int:declaration>", methods=["GET", "POST"])
@requires("interest.decide")
def decide(reference: str, declaration: int) -> Answer:
    """A manager of the city decides whether the tender material opens to somebody who declared a conflict."""
    case = found(cases.case_to_change(actor(), reference))
    wanted = found(queries.declaration_of(case, declaration))
    form, refused = DecisionForm(), 200
    if form.validate_on_submit():
        try:
            service.decide(case, wanted, form.opens, form.reason.data, form.seen, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
            refused = 409 if isinstance(refusal, service.Overtaken) else 422
        else:
            flash(_("The decision is kept."), "success")
            return redirect(url_for("declarations.overview", reference=reference))
    form.decisions.data = str(len(wanted.decisions))
    latest = queries.latest_of(case, wanted.person_id)
    open_to = wanted.held and latest is not None and latest.id == wanted.id and wanted.person_id != actor().id
    page = _template("decide", case, form=form, line=pages.line(wanted, open_to))
    return page, 422 if refused == 200 and form.errors else refused


def _template(name: str, case: Case, **values: Any) -> str:
    head = case_pages.head(case, actor(), language())
    return render_template(f"declarations/{name}.html", head=head, current="declaration", **values)
