"""Pages of expert support: the lists, the form that asks, one request and everything that can be done to it."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response

from procure.cases import pages as case_pages
from procure.cases import queries as case_queries
from procure.domain.outcomes import Refusal
from procure.domain.permissions import NETWORK_ROLES
from procure.domain.questions import Answers
from procure.domain.support import allowed, shared_files
from procure.infra import clock
from procure.infra.db import writing_apart
from procure.support import (
    desk_queries,
    files,
    opinion_pages,
    opinion_queries,
    pages,
    product_queries,
    queries,
    service,
    sharebook,
    talk_view,
    triage_pages,
    triage_queries,
)
from procure.support.desk_queries import Front
from procure.support.files import SharedFile
from procure.support.forms import DeclarationForm, ReasonForm
from procure.support.models import SupportMessage, SupportRequest
from procure.support.queries import Seen
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("support", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/support")
@requires("support.list")
def index() -> str:
    """A city's requests; for the network's people the desk."""
    after = pages.cursor_from(request.args.get("after", ""))
    before = pages.cursor_from(request.args.get("before", ""))
    if actor().role in NETWORK_ROLES:
        lists = desk_queries.front(actor(), after)
        return render_template("support/desk.html", lists=_desk(lists, actor().role, language(), clock.today(), after is None))
    running, more = queries.of_city(actor(), running=True, after=after)
    closed, more_closed = queries.of_city(actor(), running=False, after=before)
    return render_template(
        "support/index.html",
        running=pages.lines(running, language(), clock.today()),
        closed=pages.lines(closed, language(), clock.today()),
        following=pages.cursor_text(running[-1]) if more else "",
        older=pages.cursor_text(closed[-1]) if more_closed else "",
        first_page=not (after or before),
    )


@lru_cache(128)
def _desk(lists: Front, role: str, language: str, today: date, first_page: bool) -> Markup:
    """The lists in the page's language, kept once drawn: drawing them is most of the page's cost."""
    named = {
        name: pages.lines(getattr(lists, name), language, today, desk=True) for name in ("open", "taken", "answered", "to_read")
    }
    following = pages.cursor_text(lists.open[-1]) if lists.more else ""
    made = render_template("support/_desk.html", **named, role=role, following=following, first_page=first_page)
    return Markup(made)  # noqa: S704 - what our template has made


@blueprint.get("/cases/<reference>/support")
@requires("case.read")
def of_case(reference: str) -> str:
    """The requests about one case."""
    case = found(case_queries.case_for(actor(), reference))
    head = case_pages.head(case, actor(), language())
    lines = pages.lines(queries.of_case(case), language(), clock.today())
    return render_template("support/of_case.html", head=head, current="support", lines=lines)


@blueprint.get("/support/<int:number>")
@requires("support.read")
def thread(number: int) -> Answer:
    """One request, as much of it as the person may see; an expert who has not declared interests is asked to."""
    seen: Seen = found(queries.request_for(actor(), number))
    if seen.sight == "row":
        return redirect(url_for("support.declare", number=number))
    messages = queries.messages_of(seen.request)
    shown = talk_view.talk(seen, messages)
    form = talk_view.form_for(seen, messages)
    page = render_template("support/thread.html", form=form, talk=shown, **thread_values(seen, messages))
    talk_view.note_seen(seen, shown)
    return page


@blueprint.route("/support/<int:number>/declare", methods=["GET", "POST"])
@requires("support.take")
def declare(number: int) -> Answer:
    """Before any material shows: the expert declares interests, and takes the request or leaves it for good."""
    form = DeclarationForm()
    if not form.validate_on_submit():
        seen: Seen = found(queries.request_for(actor(), number))
        if seen.sight != "row":
            return redirect(url_for("support.thread", number=number))
        if seen.party == "invited_expert":
            return redirect(url_for("support.join", number=number))
        offer = triage_queries.offer_to(actor(), seen.request)
        return _page("support/declare.html", form, facts=_facts(seen.request), offer=offer)
    wanted: SupportRequest = found(queries.request_to_take(actor(), number))
    if form.interest.data == "none":
        return _do(lambda: service.take(wanted, form.text.data, actor(), clock.today(), clock.now()), wanted,
                   _("The request is yours. Your declaration has been kept."))  # fmt: skip
    return _conflict(wanted, form, "support/declare.html", facts=_facts(wanted))


@blueprint.route("/support/<int:number>/conflict", methods=["GET", "POST"])
@requires("support.take")
def conflict(number: int) -> Answer:
    """A conflict of interest that came to light after the request was taken."""
    seen = _mine(number, "conflict")
    if isinstance(seen, Response):
        return seen
    form = ReasonForm()
    form.ask(_("Declare a conflict of interest"))
    values = {"title": _("Declare a conflict of interest"), "number": number,
              "intro": _("The request is open to the other experts, and you will not see it again.")}  # fmt: skip
    if not form.validate_on_submit():
        return _page("support/reason.html", form, **values)
    return _conflict(seen.request, form, "support/reason.html", **values)


def _conflict(wanted: SupportRequest, form: DeclarationForm | ReasonForm, template: str, **values: object) -> Answer:
    try:
        service.declare_conflict(wanted, form.text.data, actor(), clock.today(), clock.now())
    except Refusal as refusal:
        if any(reason.target for reason in refusal.reasons):
            wording.put_into(form, refusal)
            return _page(template, form, **values)
        return too_late(refusal, wanted, "")
    flash(
        _("Your conflict of interest has been recorded. The request is closed to you and open to the other experts."), "success"
    )
    return redirect(url_for("support.index"))


@blueprint.route("/support/<int:number>/hand-back", methods=["GET", "POST"])
@requires("support.take")
def hand_back(number: int) -> Answer:
    intro = _(
        "The request is open to the other experts again, and you no longer see what was shared. The reason shows to the city."
    )
    return _with_reason(
        number, "hand_back", service.hand_back, _("Hand the request back"), intro, _("The request has been handed back.")
    )


@blueprint.route("/support/<int:number>/release", methods=["GET", "POST"])
@requires("support.triage")
def release(number: int) -> Answer:
    intro = _(
        "The expert who has taken the request no longer sees it, and other experts can take it. The reason shows to the city."
    )
    return _with_reason(
        number, "release", service.release, _("Open the request to other experts"), intro, _("The request is open again.")
    )


@blueprint.route("/support/<int:number>/withdraw", methods=["GET", "POST"])
@requires("support.ask")
def withdraw(number: int) -> Answer:
    intro = _("The experts no longer see the request. It stays in the history of the case.")
    return _with_reason(
        number, "withdraw", service.withdraw, _("Withdraw the request"), intro, _("The request has been withdrawn.")
    )


@blueprint.post("/support/<int:number>/read")
@requires("support.ask")
def mark_read(number: int) -> Answer:
    """The city has read the opinion: it no longer waits in "my work"."""
    seen: Seen = found(queries.request_to_change(actor(), number))
    return _do(
        lambda: service.mark_read(seen.request, actor(), clock.today(), clock.now()),
        seen.request,
        _("The opinion has been accepted as received."),
    )


def _with_reason(number: int, act: str, do: Callable[..., None], title: str, intro: str, done: str) -> Answer:
    seen = _mine(number, act)
    if isinstance(seen, Response):
        return seen
    form = ReasonForm()
    form.ask(title)
    if not form.validate_on_submit():
        return _page("support/reason.html", form, title=title, intro=intro, number=number)
    return _do(lambda: do(seen.request, form.text.data, actor(), clock.today(), clock.now()), seen.request, done, form.text.data)


def _mine(number: int, act: str) -> Seen | Response:
    """The request locked for the act; to look at, only while the act can be done: else the way back to the request."""
    seen: Seen = found(queries.request_to_change(actor(), number))
    if request.method == "GET" and not allowed(act, seen.party, seen.request.state):
        return redirect(url_for("support.thread", number=number))
    return seen


def _do(act: Callable[[], None], wanted: SupportRequest, done: str, written: str = "") -> Answer:
    try:
        act()
    except Refusal as refusal:
        return too_late(refusal, wanted, written)
    flash(done, "success")
    gone = queries.request_for(actor(), wanted.id) is None
    return redirect(url_for("support.index") if gone else url_for("support.thread", number=wanted.id))


def too_late(refusal: Refusal, wanted: SupportRequest, written: str) -> Answer:
    """The request has moved on in the meantime: said kindly, and what was written is given back."""
    if any(reason.code == "support_not_yours" for reason in refusal.reasons):
        abort(403)
    still = queries.request_for(actor(), wanted.id)
    sentences = [wording.sentence(reason) for reason in refusal.reasons]
    number = wanted.id if still and still.sight != "row" else 0
    return render_template("support/moved_on.html", sentences=sentences, written=written, number=number), 409


def _page(template: str, form: FlaskForm, **values: object) -> Answer:
    page = render_template(template, form=form, **values)
    return (page, 422) if form.errors or form.form_errors else page


def thread_values(seen: Seen, messages: Sequence[SupportMessage]) -> dict[str, Any]:
    """What the page of a request shows beside its thread: the request, the opinion, and what the desk does with it."""
    issued = None
    if seen.request.state == "answered":
        versions, reviews = opinion_queries.versions_of(seen.request), opinion_queries.reviews_of(seen.request)
        issued = opinion_pages.issued(seen, versions, reviews, actor(), language())
    return {"thread": thread_of(seen, messages), "issued": issued, "desk": triage_pages.panel(seen)}


def thread_of(seen: Seen, messages: Sequence[SupportMessage]) -> pages.Thread:
    """The page's content. What it shows of the case to one of the network's people for the first time is noted before it is sent."""
    answers: Answers = {}
    listed: list[SharedFile] = []
    if seen.sight in ("material", "everything") and shared_files(tuple(seen.request.shares)):
        listed = files.of_case(seen.request.case)
    if seen.sight == "material" and seen.request.case:
        answers = case_queries.facts_of(case_queries.answers_of(seen.request.case))
        shown = pages.seen_sections(seen.request, answers)
        if new := sharebook.not_seen_yet(seen.request.id, shown, actor()):
            with writing_apart():
                sharebook.note(seen.request.id, new, actor(), clock.now())
    opinion = queries.opinion_of(seen.request) if seen.request.state == "answered" else None
    product = product_queries.in_edition(seen.request.product, seen.request.product_edition)
    name = product.content.name[language()] if product else ""
    row = queries.row_of(seen.request)
    return pages.thread(seen, row, messages, opinion, answers, language(), clock.today(), product_name=name, files=listed)


def _facts(wanted: SupportRequest) -> pages.Line:
    return pages.line(queries.row_of(wanted), language(), clock.today())
