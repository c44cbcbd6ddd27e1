"""Pages of the communications of a case: what may be told, the plan, its calendar, and everything that can be done to an item."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.communications import feed_pages, pages, queries, service
from procure.communications.forms import AskForm, ItemForm, MoveForm
from procure.communications.models import CommunicationItem
from procure.communications.service import Said, Standing
from procure.domain import communications as rules
from procure.domain.outcomes import Refusal
from procure.domain.publicity import CONTENTS
from procure.infra import clock
from procure.support import asking_pages, files
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("communications", __name__)

Answer = str | AnyResponse | tuple[str, int]


@blueprint.get("/cases/<reference>/communications")
@requires("case.read")
def index(reference: str) -> Answer:
    """What may be told of the case now and next, and the plan."""
    case = found(cases.case_for(actor(), reference))
    standing = service.standing_of(case, clock.today())
    return _page(
        "index", case, None,
        publicity=pages.publicity_of(standing, case.stage, language()),
        lines=pages.lines(queries.items_of(case), standing, language(), clock.today()),
        requests=pages.request_lines(queries.requests_of(case)),
    )  # fmt: skip


@blueprint.route("/cases/<reference>/communications/ask", methods=["GET", "POST"])
@requires("support.ask")
def ask(reference: str) -> Answer:
    """Ask the network for communications support."""
    case: Case = found(cases.case_to_change(actor(), reference))
    form = AskForm()
    form.ask(pages.channel_choices(), asking_pages.share_choices(case, files.of_case(case), language()))
    if form.validate_on_submit():
        text = pages.wanted_text(form.audience.data, form.channels.data or [], form.question.data, case.language)
        shares, key = tuple(form.shares.data or []), form.form_key.data or uuid4().hex
        try:
            made = service.ask(case, text, form.urgency.data, shares, actor(), clock.today(), clock.now(), form_key=key)
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(
                _("The request has been sent to the experts of the network. You get an e-mail when one of them takes it."),
                "success",
            )
            return redirect(url_for("support.thread", number=made.id))
    elif not form.is_submitted():
        form.form_key.data, form.shares.data = uuid4().hex, ["need", "users"]
    return _page("ask", case, form)


@blueprint.route("/cases/<reference>/communications/new", methods=["GET", "POST"])
@requires("case.edit")
def new(reference: str) -> Answer:
    """Plan something to tell; `?content=need` chooses what and drafts its messages."""
    case: Case = found(cases.case_to_change(actor(), reference))
    form, standing = ItemForm(), service.standing_of(case, clock.today())
    offer(form, standing)
    if not form.is_submitted():
        start(form, case, standing)
    elif form.drafting.data:
        draft_into(form, case, standing)
    elif form.validate():
        key = form.form_key.data or uuid4().hex
        try:
            item = service.add(case, form.draft, key, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, item, _("The draft has been saved in the plan."))
    return _page(
        "write", case, form, title=_("Plan something to tell"), back=url_for("communications.index", reference=reference)
    )


@blueprint.get("/cases/<reference>/communications/<int:item_number>")
@requires("case.read")
def item(reference: str, item_number: int) -> Answer:
    """One item: its words in each language, how it stands, and what was done to it."""
    case: Case = found(cases.case_for(actor(), reference))
    present: CommunicationItem = found(queries.item_of(case, item_number))
    standing = service.standing_of(case, clock.today())
    party = rules.CITY if case_pages.head(case, actor(), language()).may_edit else ""
    shown = pages.item_page(present, queries.versions_of(present), standing, party, language(), clock.today())
    return _page("item", case, None, item=shown)


@blueprint.route("/cases/<reference>/communications/<int:item_number>/edit", methods=["GET", "POST"])
@requires("case.edit")
def edit(reference: str, item_number: int) -> Answer:
    """Write it anew: it is a draft again."""
    case: Case = found(cases.case_to_change(actor(), reference))
    present: CommunicationItem = found(queries.item_of(case, item_number))
    here = url_for("communications.item", reference=reference, item_number=item_number)
    if request.method == "GET" and present.state not in rules.EDITABLE:
        return redirect(here)
    form, standing = ItemForm(), service.standing_of(case, clock.today())
    offer(form, standing)
    if not form.is_submitted():
        form.fill(service.draft_of(present))
        form.seen.data = str(present.version)
    elif form.drafting.data:
        draft_into(form, case, standing)
    elif form.validate():
        try:
            service.write(case, present, form.draft, form.seen_version, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, present, _("The new version has been saved."))
    title = _("Write anew: %(title)s", title=present.title)
    return _page("write", case, form, title=title, back=here, approved=present.state == rules.APPROVED)


@blueprint.route("/cases/<reference>/communications/<int:item_number>/<act>", methods=["GET", "POST"])
@requires("case.edit")
def move(reference: str, item_number: int, act: str) -> Answer:
    """Send for approval, approve, send back, mark as published or withdraw (domain.communications.ACTS)."""
    found(act if act in rules.ACTS else None)
    case: Case = found(cases.case_to_change(actor(), reference))
    present: CommunicationItem = found(queries.item_of(case, item_number))
    here = url_for("communications.item", reference=reference, item_number=item_number)
    if request.method == "GET" and act not in rules.allowed(rules.CITY, present.state):
        return redirect(here)
    form = MoveForm()
    reasoned = next(known.reasoned for known in rules.MOVES if known.act == act)
    form.ask(act, pages.ACT_TITLES[act], reasoned)
    if form.validate_on_submit():
        said = Said(form.seen_version, form.note.data or "", form.published_on.data if act == "publish" else None)
        try:
            service.move(case, present, act, said, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, present, _("Done: %(act)s.", act=pages.ACT_NAMES[act]))
    elif not form.is_submitted():
        form.seen.data = str(present.version)
        if act == "publish":
            form.published_on.data = clock.today()
    line = pages.line(present, service.standing_of(case, clock.today()), language(), clock.today())
    return _page("move", case, form, line=line, act=act, intro=pages.ACT_INTROS[act], back=here)


@blueprint.get("/cases/<reference>/communications/calendar")
@requires("case.read")
def calendar(reference: str) -> Answer:
    """The plan by months."""
    case = found(cases.case_for(actor(), reference))
    standing = service.standing_of(case, clock.today())
    lines = pages.lines(queries.items_of(case), standing, language(), clock.today())
    return _page("calendar", case, None, months=pages.months(lines, language()))


@blueprint.get("/cases/<reference>/communications/calendar.ics")
@requires("case.read")
def ics(reference: str) -> Response:
    """The plan as a file for a calendar program."""
    case: Case = found(cases.case_for(actor(), reference))
    words, public_url = pages.calendar_words(), current_app.config["SETTINGS"].public_url
    content = feed_pages.file(case, queries.items_of(case), words, language(), public_url)
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{reference}-communications.ics"'
    return response


def offer(form: ItemForm, standing: Standing) -> None:
    """What can be told, and through what."""
    form.offer(pages.content_choices(standing, language()), pages.channel_choices(), _("Choose"))


def start(form: ItemForm, case: Case, standing: Standing, visible: frozenset[str] | None = None) -> None:
    """A form that nobody has filled in yet."""
    form.form_key.data = uuid4().hex
    wanted = request.args.get("content", "")
    if wanted in CONTENTS:
        form.content.data = wanted
        form.title.data = standing.rules.content(wanted).name[language()]
        form.put_messages(service.drafted(case, standing, wanted, visible))


def draft_into(form: ItemForm, case: Case, standing: Standing, visible: frozenset[str] | None = None) -> None:
    """Draft the messages that are still empty; without knowing what it is about there is nothing to draft."""
    if form.content.data in CONTENTS:
        form.put_messages(service.drafted(case, standing, form.content.data, visible))
    else:
        form.content.errors = [_("Choose what it is about")]


def _done(case: Case, present: CommunicationItem, message: str) -> AnyResponse:
    flash(message, "success")
    return redirect(url_for("communications.item", reference=case.reference, item_number=present.number))


def _page(template: str, case: Case, form: Any, **values: Any) -> Answer:
    head = case_pages.head(case, actor(), language())
    page = render_template(f"communications/{template}.html", head=head, current="communications", form=form, **values)
    return (page, 422) if form is not None and (form.errors or form.form_errors) else page
