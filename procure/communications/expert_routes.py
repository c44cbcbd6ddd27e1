"""The communications plan for the expert who has taken the city's request for it: reading, writing, sending for approval."""

from typing import Any
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from procure.cases.models import Case
from procure.catalogue import questions
from procure.communications import pages, queries, service
from procure.communications.forms import ItemForm
from procure.communications.models import CommunicationItem
from procure.communications.routes import Answer, blueprint, draft_into, offer, start
from procure.communications.service import Said
from procure.domain import communications as rules
from procure.domain.outcomes import Refusal
from procure.domain.support import shared_sections, shown_number
from procure.infra import clock
from procure.support.queries import Seen
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

__all__ = ["blueprint"]


@blueprint.get("/support/<int:number>/communications")
@requires("communications.write")
def shared(number: int) -> Answer:
    """What may be told in the case of the request, and its plan."""
    seen, case = _case(queries.request_shared(actor(), number))
    standing = service.standing_of(case, clock.today())
    return _page(
        "shared", seen, None,
        publicity=pages.publicity_of(standing, case.stage, language()),
        lines=pages.lines(queries.items_of(case), standing, language(), clock.today()),
    )  # fmt: skip


@blueprint.route("/support/<int:number>/communications/new", methods=["GET", "POST"])
@requires("communications.write")
def shared_new(number: int) -> Answer:
    """Plan something for the city to tell; drafts are made from the shared answers only."""
    seen, case = _case(queries.request_to_write(actor(), number))
    form, standing = ItemForm(), service.standing_of(case, clock.today())
    offer(form, standing)
    if not form.is_submitted():
        start(form, case, standing, _visible(seen, case))
    elif form.drafting.data:
        draft_into(form, case, standing, _visible(seen, case))
    elif form.validate():
        try:
            made = service.add(case, form.draft, form.form_key.data or uuid4().hex, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(seen, made, _("The draft has been saved in the plan."))
    return _page("shared_write", seen, form, title=_("Plan something to tell"))


@blueprint.route("/support/<int:number>/communications/<int:item_number>", methods=["GET", "POST"])
@requires("communications.write")
def shared_item(number: int, item_number: int) -> Answer:
    """One item, written anew here; `act=submit` sends it to the city for approval."""
    seen, case = _case(queries.request_to_write(actor(), number))
    present: CommunicationItem = found(queries.item_of(case, item_number))
    form, standing = ItemForm(), service.standing_of(case, clock.today())
    offer(form, standing)
    if not form.is_submitted():
        form.fill(service.draft_of(present))
        form.seen.data = str(present.version)
    elif request.form.get("act") == "submit":
        if (sent := _submit(seen, case, present, form)) is not None:
            return sent
    elif form.drafting.data:
        draft_into(form, case, standing, _visible(seen, case))
    elif form.validate():
        try:
            service.write(case, present, form.draft, form.seen_version, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(seen, present, _("The new version has been saved."))
    shown = pages.item_page(present, queries.versions_of(present), standing, rules.EXPERT, language(), clock.today())
    return _page("shared_item", seen, form, item=shown)


def _submit(seen: Seen, case: Case, present: CommunicationItem, form: ItemForm) -> Answer | None:
    """None when the rules refuse: the page says why."""
    try:
        service.move(case, present, "submit", Said(form.seen_version), actor(), clock.today(), clock.now())
    except Refusal as refusal:
        form.fill(service.draft_of(present))
        wording.put_into(form, refusal)
        return None
    return _done(seen, present, _("Sent to the city for approval."))


def _case(seen: Seen | None) -> tuple[Seen, Case]:
    """404 for whoever does not see the request's material."""
    shown: Seen = found(seen)
    case: Case = found(shown.request.case)  # an idea has no case, and so no plan
    return shown, case


def _visible(seen: Seen, case: Case) -> frozenset[str]:
    """The questions whose answers the city shares; the title shows with any request that has been taken."""
    sections = questions.catalogue().get(case.questionnaire_edition).sections
    shown = shared_sections(tuple(seen.request.shares), tuple(section.id for section in sections))
    return frozenset({"title", *(question.id for section in sections if section.id in shown for question in section.questions)})


def _done(seen: Seen, present: CommunicationItem, message: str) -> AnyResponse:
    flash(message, "success")
    return redirect(url_for("communications.shared_item", number=seen.request.id, item_number=present.number))


def _page(template: str, seen: Seen, form: Any, **values: Any) -> Answer:
    names = seen.request.organisation.names[language()]
    page = render_template(
        f"communications/{template}.html", number=seen.request.id, name=shown_number(seen.request.id), city=names, form=form, **values
    )  # fmt: skip
    return (page, 422) if form is not None and (form.errors or form.form_errors) else page
