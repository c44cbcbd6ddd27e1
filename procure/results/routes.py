"""Pages of what a procurement brought: tenders received, reviews, and effects."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.declarations import queries as declarations
from procure.domain import results as rules
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.results import pages, queries, service
from procure.results.forms import AimForm, MeasureForm, OutcomeForm, RemoveForm, ReviewForm, SeenForm, TendersForm
from procure.results.service import Standing, Words
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("results", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/cases/<reference>/results")
@requires("case.read")
def index(reference: str) -> str:
    """Everything that has been recorded; the names of suppliers only for whom the tender material is open."""
    case: Case = found(cases.case_for(actor(), reference))
    standing = service.standing_of(case)
    opens = declarations.opens(actor(), case)
    return _template(
        "index", case, tenders=pages.tenders_table(standing, service.lots_of(case), language()),
        reviews=pages.review_lines(standing, queries.words_of(case) if opens else None),
        effects=pages.effect_lines(standing.results.effects, language()), contract_ahead=standing.contract_ahead,
    )  # fmt: skip


@blueprint.route("/cases/<reference>/results/tenders/<int:lot>/<int:round_number>", methods=["GET", "POST"])
@requires("case.edit")
def tenders(reference: str, lot: int, round_number: int) -> Answer:
    """How many tenders came in for a lot (0: the procurement) in a round; not before their period is over."""
    case = _to_change(reference)
    standing, lots = service.standing_of(case), service.lots_of(case)
    found(True if lot <= len(lots) and 1 <= round_number <= max(standing.closed.tenders, 1) else None)
    if not (standing.closed.tenders or standing.closed.requests):
        flash(_("Nothing is said of the number of tenders before the tender period is over."), "important")
        return redirect(url_for("results.index", reference=reference))
    form, present = TendersForm(), pages.count_of(standing, lot, round_number)
    if not standing.closed.requests:
        del form.requests
    if not standing.closed.tenders:
        for name in (rules.TENDERS, *rules.PARTS_OF_TENDERS):
            delattr(form, name)
    if not present.sequence:
        form.without_reason()
    if not form.is_submitted():
        form.show(present.numbers)

    def act() -> None:
        service.count_tenders(
            case, lot, round_number, form.numbers, form.why, form.seen_number, actor(), clock.today(), clock.now()
        )

    heading = pages.heading(lot, round_number, lots, standing.closed.tenders > 1, language())
    return _answer("tenders", case, form, act, _("The numbers are kept."), present.sequence, heading=heading)


@blueprint.route("/cases/<reference>/results/reviews/new", methods=["GET", "POST"])
@requires("case.edit")
def review_new(reference: str) -> Answer:
    case = _to_change(reference)
    form, newest = ReviewForm(), service.standing_of(case).results.last_review
    form.offer(declarations.opens(actor(), case))
    form.without_reason()

    def act() -> None:
        words = form.words or Words()
        service.record_review(case, form.said, words, form.seen_number, actor(), clock.today(), clock.now())

    return _answer("review", case, form, act, _("The review is recorded."), newest, line=None)


@blueprint.route("/cases/<reference>/results/reviews/<int:review>", methods=["GET", "POST"])
@requires("case.edit")
def review_change(reference: str, review: int) -> Answer:
    """More is known of a review, or something was recorded wrongly."""
    case = _to_change(reference)
    present = found(service.standing_of(case).results.review(review))
    form, opens = ReviewForm(), declarations.opens(actor(), case)
    form.offer(opens)
    if not form.is_submitted():
        kept = queries.words_of_review(case, review) if opens else None
        form.show(present.said, Words(kept.supplier, kept.text) if kept else None)

    def act() -> None:
        service.correct_review(
            case, review, form.said, form.words, form.why, form.seen_number, actor(), clock.today(), clock.now()
        )

    return _answer("review", case, form, act, _("The correction is kept."), present.sequence, line=review)


@blueprint.route("/cases/<reference>/results/reviews/<int:review>/outcome", methods=["GET", "POST"])
@requires("case.edit")
def review_outcome(reference: str, review: int) -> Answer:
    case = _to_change(reference)
    standing = service.standing_of(case)
    present = found(standing.results.review(review))
    form = OutcomeForm()
    form.offer(present.said.kind)
    if present.decision is None:
        form.without_reason()
    elif not form.is_submitted():
        form.show(present.decision)

    def act() -> None:
        service.decide_review(case, review, form.decision, form.why, form.seen_number, actor(), clock.today(), clock.now())

    return _answer("outcome", case, form, act, _("The outcome is kept."), present.sequence, line=_line(standing, review))


@blueprint.route("/cases/<reference>/results/reviews/<int:review>/remove", methods=["GET", "POST"])
@requires("case.edit")
def review_remove(reference: str, review: int) -> Answer:
    """It was recorded by mistake; the history keeps it."""
    case = _to_change(reference)
    standing = service.standing_of(case)
    present, form = found(standing.results.review(review)), RemoveForm()

    def act() -> None:
        service.remove_review(case, review, form.why, form.seen_number, actor(), clock.today(), clock.now())

    what = _line(standing, review).kind
    return _answer("remove", case, form, act, _("It is taken back. The history keeps it."), present.sequence, what=what)


@blueprint.route("/cases/<reference>/results/effects/new", methods=["GET", "POST"])
@requires("case.edit")
def effect_new(reference: str) -> Answer:
    case = _to_change(reference)
    form, newest = AimForm(), service.standing_of(case).results.last_effect
    form.offer()
    form.without_reason()

    def act() -> None:
        service.record_effect(case, form.aim, form.seen_number, actor(), clock.today(), clock.now())

    return _answer("effect", case, form, act, _("The effect is recorded."), newest, line=None)


@blueprint.route("/cases/<reference>/results/effects/<int:effect>", methods=["GET", "POST"])
@requires("case.edit")
def effect_change(reference: str, effect: int) -> Answer:
    case = _to_change(reference)
    present = found(service.standing_of(case).results.effect(effect))
    form = AimForm()
    form.offer()
    if not form.is_submitted():
        form.show(present.aim)

    def act() -> None:
        service.correct_effect(case, effect, form.aim, form.why, form.seen_number, actor(), clock.today(), clock.now())

    return _answer("effect", case, form, act, _("The correction is kept."), present.sequence, line=effect)


@blueprint.route("/cases/<reference>/results/effects/<int:effect>/measure", methods=["GET", "POST"])
@requires("case.edit")
def effect_measure(reference: str, effect: int) -> Answer:
    """What has been achieved by a day; the newest day counts."""
    case = _to_change(reference)
    present, form = found(service.standing_of(case).results.effect(effect)), MeasureForm()
    form.without_reason()

    def act() -> None:
        service.measure(case, effect, form.measurement, form.seen_number, actor(), clock.today(), clock.now())

    line = pages.effect_lines([present], language())[0]
    return _answer("measure", case, form, act, _("What was measured is kept."), present.sequence, line=line)


@blueprint.route("/cases/<reference>/results/effects/<int:effect>/remove", methods=["GET", "POST"])
@requires("case.edit")
def effect_remove(reference: str, effect: int) -> Answer:
    """It is not followed, or was recorded by mistake; the history keeps it."""
    case = _to_change(reference)
    present, form = found(service.standing_of(case).results.effect(effect)), RemoveForm()

    def act() -> None:
        service.remove_effect(case, effect, form.why, form.seen_number, actor(), clock.today(), clock.now())

    what = pages.effect_name(present.aim, language())
    return _answer("remove", case, form, act, _("It is taken back. The history keeps it."), present.sequence, what=what)


def _to_change(reference: str) -> Case:
    case: Case = found(cases.case_to_change(actor(), reference))
    return case


def _line(standing: Standing, review: int) -> pages.ReviewLine:
    """Without the supplier's name."""
    return next(line for line in pages.review_lines(standing, None) if line.number == review)


def _answer(
    name: str, case: Case, form: SeenForm, act: Callable[[], None], message: str, seen: int, **values: Any
) -> Answer:  # fmt: skip
    """The form's page; once it has been sent and the act done, the page of results. `seen`: what the page shows now."""
    refused = 200
    if form.validate_on_submit():
        try:
            act()
        except Refusal as refusal:
            wording.put_into(form, refusal)
            refused = 409 if isinstance(refusal, service.Overtaken) else 422
            if refused == 409:  # the person has been told: sent once more, it counts
                form.propose(seen)
        else:
            flash(message, "success")
            return redirect(url_for("results.index", reference=case.reference))
    if not form.is_submitted():
        form.propose(seen)
    page = _template(name, case, form=form, **values)
    return (page, refused if refused != 200 else 422) if form.errors or form.form_errors else page


def _template(name: str, case: Case, **values: Any) -> str:
    head = case_pages.head(case, actor(), language())
    return render_template(f"results/{name}.html", head=head, current="results", **values)
