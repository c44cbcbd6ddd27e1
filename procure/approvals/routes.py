"""Pages of approvals: what was asked for and how it stands, asking, answering, handing on and withdrawing."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.approvals import pages, queries, service
from procure.approvals.forms import AskForm, DelegateForm, SayForm, WithdrawForm
from procure.approvals.models import Approval
from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.domain.approvals import OF
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.fields import number_in
from procure.web.language import language

blueprint = Blueprint("approvals", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/cases/<reference>/approvals")
@requires("case.read")
def index(reference: str) -> Answer:
    """All requests of the case, the newest first."""
    case = found(cases.case_for(actor(), reference))
    lines = pages.lines(case, queries.approvals_of(case), language(), clock.today())
    return _page("approvals/index.html", case, None, lines=lines)


@blueprint.route("/cases/<reference>/approvals/new", methods=["GET", "POST"])
@requires("approval.ask")
def new(reference: str) -> Answer:
    """Ask for approval; `?about=award` chooses what, `?again=3` fills in as the third request was."""
    case: Case = found(cases.case_to_change(actor(), reference))
    form = AskForm(data=_proposed(case))
    people = queries.people_to_ask(actor())
    form.subject.choices = pages.subject_choices(case, language())
    for field in form.people:
        field.choices = pages.person_choices(people, _("Nobody"))
    if form.validate_on_submit():
        answers = cases.facts_of(cases.answers_of(case))
        try:
            approval = service.ask(case, form.wanted, answers, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, approval.number, _("The approval has been asked for."))
    return _page("approvals/new.html", case, form)


def _proposed(case: Case) -> dict[str, Any]:
    """What the form says before anybody has filled it in."""
    about, number = request.args.get("about", ""), number_in(request.args.get("again"))
    last = queries.approval_of(case, number) if number else None
    if last is None:
        return {"subject": about} if about else {}
    people = {f"person_{place}": str(seat.person_id) for place, seat in enumerate(last.seats, start=1)}
    due_on = last.due_on if last.due_on >= clock.today() else None
    return people | {
        "subject": last.subject, "words": last.words, "rule": last.rule, "due_on": due_on,
        "needed": last.needed if last.rule == OF else None,
    }  # fmt: skip


@blueprint.route("/cases/<reference>/approvals/<int:approval_number>", methods=["GET", "POST"])
@requires("approval.answer")
def approval(reference: str, approval_number: int) -> Answer:
    """One request: what it stands on, who has said what, and the reader's own answer."""
    case, present = _to_sign(reference, approval_number)
    form = SayForm()
    if form.validate_on_submit():
        try:
            service.say(case, present, form.saying.data, form.words.data or "", actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, approval_number, _("Your answer has been kept."))
    delegates = service.delegates_of(case.organisation_id, clock.today())
    now = service.facts_of(case, cases.facts_of(cases.answers_of(case)))
    return _page(
        "approvals/approval.html", case, form,
        line=pages.line(case, present, language(), clock.today()),
        mine=pages.my_part(present, actor(), delegates),
        facts=pages.facts(case, present.facts, now, language()),
    )  # fmt: skip


@blueprint.route("/cases/<reference>/approvals/<int:approval_number>/hand-on", methods=["GET", "POST"])
@requires("approval.answer")
def hand_on(reference: str, approval_number: int) -> Answer:
    """Somebody who is named hands their own sign-off to another person."""
    case, present = _to_sign(reference, approval_number)
    form = DelegateForm()
    if not form.is_submitted() and not pages.my_part(present, actor(), {}).may_delegate:
        return redirect(url_for("approvals.approval", reference=reference, approval_number=approval_number))
    taken = present.sign_off.people | {present.requester_id}
    people = [person for person in queries.people_to_ask(actor()) if person.id not in taken]
    form.to.choices = pages.person_choices(people, _("Choose"))
    if form.validate_on_submit():
        try:
            person = service.delegate(case, present, form.to_id, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, approval_number, _("%(name)s signs in your place now.", name=person.name))
    return _page("approvals/hand_on.html", case, form, line=pages.line(case, present, language(), clock.today()))


@blueprint.route("/cases/<reference>/approvals/<int:approval_number>/withdraw", methods=["GET", "POST"])
@requires("approval.ask")
def withdraw(reference: str, approval_number: int) -> Answer:
    """Who has asked takes the request back."""
    case: Case = found(cases.case_to_change(actor(), reference))
    present: Approval = found(queries.approval_of(case, approval_number))
    form = WithdrawForm()
    if not form.is_submitted() and not pages.my_part(present, actor(), {}).may_withdraw:
        return redirect(url_for("approvals.approval", reference=reference, approval_number=approval_number))
    if form.validate_on_submit():
        try:
            service.withdraw(case, present, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, approval_number, _("The request has been withdrawn."))
    return _page("approvals/withdraw.html", case, form, line=pages.line(case, present, language(), clock.today()))


def _to_sign(reference: str, number: int) -> tuple[Case, Approval]:
    """The case and its request: for reading also to partner cities; for writing locked, and to the city's own people only."""
    case: Case = found(cases.case_for(actor(), reference))
    if request.method == "POST":
        found(queries.case_to_sign(actor(), reference))
    return case, found(queries.approval_of(case, number))


def _done(case: Case, number: int, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("approvals.approval", reference=case.reference, approval_number=number))


def _page(template: str, case: Case, form: Any, **values: Any) -> Answer:
    head = case_pages.head(case, actor(), language())
    page = render_template(template, head=head, current="approvals", form=form, **values)
    return (page, 422) if form is not None and (form.errors or form.form_errors) else page
