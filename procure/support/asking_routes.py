"""Pages that ask an expert, from a case or with an idea, change what is shared, and bring an idea into its case."""

from typing import Any
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from procure.cases import list_queries as case_lists
from procure.cases import pages as case_pages
from procure.cases import queries as case_queries
from procure.cases.models import Case
from procure.domain.outcomes import Reason, Refusal
from procure.domain.products import Product
from procure.domain.support import allowed, shown_number
from procure.infra import clock
from procure.knowledge import queries as knowledge
from procure.support import asking_pages, files, pages, product_queries, queries, service, sharebook, sharing_service
from procure.support.asking_forms import DETAIL, AskingForm, AttachForm, CaseAskForm, IdeaForm, SharingForm, with_questions
from procure.support.models import SupportRequest
from procure.support.queries import Seen
from procure.support.routes import Answer, blueprint
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

SHOW = "show"
"""The button that shows the chosen topic's questions, and sends nothing."""


@blueprint.route("/cases/<reference>/support/new", methods=["GET", "POST"])
@blueprint.route("/cases/<reference>/support/ask", methods=["GET", "POST"])
@requires("support.ask")
def ask(reference: str) -> Answer:
    """Ask from a case, one of its sections or stages (`?section=`, `?stage=`), or for a product (`?product=`, `?topic=`)."""
    case = found(case_queries.case_to_change(actor(), reference))
    section, stage = request.args.get("section", ""), request.args.get("stage", "")
    products = product_queries.on(clock.today())
    form, topic = _form(CaseAskForm, products, section, stage)
    parts = asking_pages.share_choices(case, files.of_case(case), language())
    form.shares.choices = parts
    if not form.is_submitted():
        form.shares.data = asking_pages.share_default(section, parts)
    if _sent(form):
        try:
            made = service.ask(
                case, form.topic.data, form.question.data, form.urgency.data, tuple(form.shares.data or ()), actor(), clock.today(),
                clock.now(), form_key=form.form_key.data or uuid4().hex, section=section, stage=stage,
                product=form.product.data or "", details=form.details(),
            )  # fmt: skip
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _asked(made)
    answers = case_queries.facts_of(case_queries.answers_of(case))
    head = case_pages.head(case, actor(), language())
    facts = asking_pages.case_facts(case, answers, language())
    known = knowledge.offered(language(), clock.today(), topic=topic, section=section, stage=stage)
    return _page("support/ask.html", form, head=head, facts=facts, known=known, **_questions(form, topic))


@blueprint.route("/support/ask", methods=["GET", "POST"])
@requires("support.ask")
def ask_idea() -> Answer:
    """Ask about an idea that has no case yet (`?product=`, `?topic=`)."""
    form, topic = _form(IdeaForm, product_queries.on(clock.today()), "", "")
    if _sent(form):
        try:
            made = service.ask_idea(
                form.idea_title.data, form.topic.data, form.question.data, form.urgency.data, actor(), clock.today(), clock.now(),
                form_key=form.form_key.data or uuid4().hex, product=form.product.data or "", details=form.details(),
            )  # fmt: skip
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _asked(made)
    return _page("support/ask_idea.html", form, **_questions(form, topic))


@blueprint.route("/support/<int:number>/sharing", methods=["GET", "POST"])
@requires("support.read")
def sharing(number: int) -> Answer:
    """What the city shares in a request, and who has seen it; the city's officers change it while the request runs."""
    city: Seen = found(queries.request_to_change(actor(), number))
    found(city if city.sight == "everything" and city.request.case else None)
    case, asked = city.request.case, city.request
    assert case is not None
    listed = files.of_case(case)
    form = SharingForm()
    form.shares.choices = asking_pages.share_choices(case, listed, language())
    may_change = allowed("share", city.party, asked.state)
    if not form.is_submitted():
        form.shares.data = list(asked.shares)
    elif form.validate():
        try:
            changed = sharing_service.share(asked, tuple(form.shares.data or ()), actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(_("The expert now sees what you chose.") if changed else _("Nothing has changed."), "success")
            return redirect(url_for("support.sharing", number=number))
    lines = asking_pages.share_lines(asked, sharebook.shares_of(asked), sharebook.sights_of(asked), listed, language())
    return _page("support/sharing.html", form, number=number, name=_name(asked), lines=lines, may_change=may_change)


@blueprint.route("/support/<int:number>/attach", methods=["GET", "POST"])
@requires("support.ask")
def attach(number: int) -> Answer:
    """The idea has become a case of the own city: the request goes on there."""
    form = AttachForm()
    mine = case_lists.waiting_for(actor(), clock.today())
    form.chosen.choices = [(row.reference, f"{row.title} ({row.reference})") for row in mine]
    wanted = (form.reference.data or "").strip() or form.chosen.data or "" if form.is_submitted() else ""
    case: Case | None = case_queries.case_to_change(actor(), wanted) if wanted else None  # the case is locked before the request
    seen: Seen = found(queries.request_to_change(actor(), number))
    if seen.request.case_id is not None or not allowed("attach", seen.party, seen.request.state):
        return redirect(url_for("support.thread", number=number))
    if form.validate_on_submit():
        try:
            if case is None:
                raise Refusal(Reason("support_case_unknown", target="reference"))
            sharing_service.attach(seen.request, case, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(_("The request is now part of the case. Choose what the expert may see of it."), "success")
            return redirect(url_for("support.sharing", number=number))
    return _page("support/attach.html", form, number=number, name=_name(seen.request), idea=seen.request.idea_title)


def _form(kind: type[AskingForm], products: tuple[Product, ...], section: str, stage: str) -> tuple[Any, str]:
    """The form with the questions of its topic: the one sent, or the one that the address suggests."""
    asked = next((one for one in products if one.id == request.args.get("product") and not one.retired), None)
    suggested = asking_pages.topic_asked(request.args.get("topic", ""), asked, section, stage)
    topic = request.form.get("topic", "") if request.method == "POST" else suggested
    form = with_questions(kind, asking_pages.first_questions(topic, language()))()
    form.offer(asking_pages.topic_choices(language()), asking_pages.product_choices(products, language()))
    if not form.is_submitted():
        form.form_key.data, form.topic.data = uuid4().hex, topic or None
        form.product.data = asked.id if asked else ""
    return form, topic


def _sent(form: AskingForm) -> bool:
    """Whether the form is to be sent: not when it only asked for another topic's questions, nor when answers stand under the questions
    of a topic that is no longer chosen: the person sees first what goes."""
    if not form.is_submitted() or SHOW in request.form:
        return False
    if not form.validate():
        return False
    shown = form.shown_topic.data or ""
    left = [value for name, value in request.form.items() if name.startswith(f"{DETAIL}{shown}-") and value.strip()]
    if shown and shown != form.topic.data and left:
        form.topic.errors = [_("You have changed the topic. Look at its first questions, then send the request")]
        return False
    return True


def _questions(form: AskingForm, topic: str) -> dict[str, Any]:
    """What the template needs of the topics: hints, the fields of the chosen one, and what was typed under others, kept unseen."""
    shown = [field for field in form if field.name.startswith(DETAIL)]
    names = {field.name for field in shown}
    kept = [
        (name, value) for name, value in request.form.items() if name.startswith(DETAIL) and name not in names and value.strip()
    ]
    form.shown_topic.data = topic
    name = dict(asking_pages.topic_choices(language())).get(topic, "")
    return {"hints": asking_pages.topic_hints(language()), "first_questions": shown, "kept": kept, "topic_name": name}


def _asked(made: SupportRequest) -> Answer:
    flash(_("The request has been sent to the experts of the network. You get an e-mail when one of them takes it."), "success")
    return redirect(url_for("support.thread", number=made.id))


def _name(asked: SupportRequest) -> str:
    return f"{shown_number(asked.id)} · {pages.topic_name(asked.topic, language())}"


def _page(template: str, form: FlaskForm, **values: Any) -> Answer:
    page = render_template(template, form=form, **values)
    return (page, 422) if form.errors or form.form_errors else page
