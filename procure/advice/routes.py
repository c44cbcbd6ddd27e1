"""The advice for a case, choosing a procedure on it, staying with the choice, and the innovation check."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.advice import asking, pages, queries, service
from procure.advice.asking import Asked, NotAdvisable
from procure.advice.forms import ChoiceForm, ConfirmForm
from procure.advice.models import AdviceChoice
from procure.cases import pages as case_pages
from procure.cases import queries as case_queries
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.domain.procedures import PREPARATION
from procure.infra import clock
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("advice", __name__)
MOVED_ON = "advice_moved_on"


@dataclass(frozen=True, slots=True)
class Consulted:
    """A case with its advice and the choice made last."""

    case: Case
    asked: Asked
    choice: AdviceChoice | None

    @property
    def mark(self) -> str:
        return asking.mark(self.asked, self.case, queries.last_sequence(self.case))


def _consult(case: Case) -> Consulted:
    """Raises NotAdvisable."""
    answers = case_queries.facts_of(case_queries.answers_of(case))
    return Consulted(case, asking.ask(case, answers, clock.today()), queries.last_choice(case))


@blueprint.get("/cases/<reference>/advice")
@requires("case.read")
def page(reference: str) -> str:
    """The recommendation, every procedure with its reasons, the thresholds, the warnings, and what is still unknown."""
    case: Case = found(case_queries.case_for(actor(), reference))
    try:
        consulted = _consult(case)
    except NotAdvisable as error:
        return _not_advisable(case, error)
    asked = consulted.asked
    effects = asking.what_ifs_of(asked, clock.today()) if case.stage else ()
    shown = pages.advice_page(case, asked, effects, consulted.choice, service.gist_now(case, asked), language())
    return render_template(
        "advice/page.html", head=case_pages.head(case, actor(), language()), current="advice", page=shown,
        missing=pages.missing_items(case, asked, language()), may_choose=pages.may_choose(case, actor()),
    )  # fmt: skip


def _not_advisable(case: Case, error: NotAdvisable) -> str:
    return render_template(
        "advice/not_yet.html", head=case_pages.head(case, actor(), language()), current="advice",
        item=pages.item_of(case, error.key, language()),
    )  # fmt: skip


@blueprint.route("/cases/<reference>/advice/choose/<procedure>", methods=["GET", "POST"])
@requires("case.edit")
def choose(reference: str, procedure: str) -> str | Response | tuple[str, int]:
    """The city's choice; another procedure than the recommended one asks for a reason."""
    case: Case = found(case_queries.case_to_change(actor(), reference))
    found(procedure in [verdict for verdict, _name in case_pages.procedure_choices(language())] or None)
    try:
        consulted = _consult(case)
    except NotAdvisable as error:
        return _not_advisable(case, error)
    form = ChoiceForm()
    if consulted.asked.recommended == procedure:
        form.make_reason_optional()
    card = pages.verdict_card(case, consulted.asked.advice.verdict_of(procedure), language())
    moved_on = False
    if form.validate_on_submit():
        try:
            service.choose(
                case, procedure, form.day, form.reason.data or "", form.seen.data or "", actor(), clock.today(), clock.now()
            )
        except Refusal as refusal:
            moved_on = _put(form, refusal)
        else:
            flash(_("The case now follows this procedure: %(procedure)s.", procedure=card.card.name), "success")
            return redirect(url_for("advice.page", reference=reference))
    return _form_page("choose", consulted, form, moved_on, card=card)


@blueprint.route("/cases/<reference>/advice/confirm", methods=["GET", "POST"])
@requires("case.edit")
def confirm(reference: str) -> str | Response | tuple[str, int]:
    """The city looks at a changed advice and stays with its procedure."""
    case: Case = found(case_queries.case_to_change(actor(), reference))
    try:
        consulted = _consult(case)
    except NotAdvisable as error:
        return _not_advisable(case, error)
    if case.procedure == PREPARATION:
        return redirect(url_for("advice.page", reference=reference))
    form = ConfirmForm()
    moved_on = False
    if form.validate_on_submit():
        try:
            service.confirm(case, form.day, form.reason.data, form.seen.data or "", actor(), clock.today(), clock.now())
        except Refusal as refusal:
            moved_on = _put(form, refusal)
        else:
            flash(_("The procedure stays. The case now keeps the present advice with your reason."), "success")
            return redirect(url_for("advice.page", reference=reference))
    return _form_page("confirm", consulted, form, moved_on)


def _put(form: ChoiceForm | ConfirmForm, refusal: Refusal) -> bool:
    """Show why it was refused, and say whether because the case has moved on: the form then stands beside the new advice."""
    wording.put_into(form, refusal)
    return any(reason.code == MOVED_ON for reason in refusal.reasons)


def _form_page(
    name: str, consulted: Consulted, form: ChoiceForm | ConfirmForm, moved_on: bool, card: pages.VerdictCard | None = None
) -> str | tuple[str, int]:
    case, asked = consulted.case, consulted.asked
    form.propose(clock.today())
    if moved_on or not form.is_submitted():
        form.seen.data = consulted.mark
    now = service.gist_now(case, asked)
    rendered = render_template(
        f"advice/{name}.html", head=case_pages.head(case, actor(), language()), current="advice", form=form, card=card,
        missing=pages.missing_items(case, asked, language()), recommended=pages.recommended_name(asked, language()),
        chosen=pages.chosen_name(case, language()),
        changed=pages.changed_advice(case, asked, consulted.choice, now, language()),
    )  # fmt: skip
    return (rendered, 409 if moved_on else 422) if form.errors or form.form_errors else rendered


@blueprint.get("/cases/<reference>/innovation")
@requires("case.read")
def innovation(reference: str) -> str:
    """How innovative the procurement is, and what to answer to eForms and Hilma."""
    case: Case = found(case_queries.case_for(actor(), reference))
    try:
        consulted = _consult(case)
    except NotAdvisable as error:
        return _not_advisable(case, error)
    return render_template(
        "advice/innovation.html", head=case_pages.head(case, actor(), language()), current="advice",
        page=pages.innovation_page(case, consulted.asked, language()),
    )  # fmt: skip
