"""Pages of an opinion: the draft, its second reading, the versions as issued and their files, and what the city made of it."""

import logging

from flask import Response as Made
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.domain.opinions import Content
from procure.domain.outcomes import Reason, Refusal
from procure.domain.support import allowed
from procure.infra import clock
from procure.infra.db import let_go
from procure.printing import giving
from procure.printing.models import DocumentJob
from procure.printing.routes import Told
from procure.support import opinion_pages, opinion_queries, opinion_service, queries
from procure.support.opinion_forms import OpinionForm, ReaderDeclarationForm, ReaderForm, ReadingForm, ReviewForm
from procure.support.opinion_press import FileLost, NotPrinted, Press, file_of, job_of
from procure.support.opinion_queries import IssuedOpinion, ToRead
from procure.support.queries import Seen
from procure.support.routes import Answer, blueprint, thread_of, too_late
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

log = logging.getLogger("procure")
ISSUING = "opinion"
"""The work of printing an opinion about to be issued (printing.service.WORKS)."""
OPINION_PATIENCE_SECONDS = 20.0
"""How long the act of issuing waits for the PDF: whoever is sent away to wait has to come back and issue it."""
MOST_PRINTS = 6
"""Of one opinion about to be issued: another may be issued under its number each time."""
WHOLE = ("material", "advice", "everything")


@blueprint.route("/support/<int:number>/opinion", methods=["GET", "POST"])
@requires("support.answer")
def answer(number: int) -> Answer:
    """The opinion in parts, kept as a draft until it is issued or its correction is."""
    seen: Seen = found(queries.request_to_change(actor(), number))
    act = opinion_service.act_of(seen.request)
    if not allowed(act, seen.party, seen.request.state):
        return redirect(url_for("support.thread", number=number)) if request.method == "GET" else _refused(seen)
    form = _opinion_form(seen)
    if not form.validate_on_submit():
        return _draft_page(seen, form)
    wanted, content = request.form.get("act", "draft"), form.content(act == "correct")
    try:
        if wanted == "issue":
            return _issued(number, content, form.seen.data or 0)
        draft = opinion_service.save_draft(seen.request, content, form.seen.data or 0, actor(), clock.now())
    except Refusal as refusal:
        return _not_done(seen, form, refusal)
    if wanted == "auto":
        return Made(str(draft.version_id), mimetype="text/plain")
    if wanted == "reader":
        return redirect(url_for("support.ask_reader", number=number))
    flash(_("The draft has been saved. Only you and the second reader see it."), "success")
    return redirect(url_for("support.answer", number=number))


def _issued(number: int, content: Content, draft: int) -> Answer:
    """Issue it. Its PDF is made while nothing is locked, and once more if another opinion took its number meanwhile; when that takes
    long, the draft is kept and a page says when it can be issued. Raises Refusal."""
    press, today, now = Press(), clock.today(), clock.now()
    for _turn in range(MOST_PRINTS):
        seen: Seen = found(queries.request_to_change(actor(), number))
        try:
            issued = opinion_service.issue(seen.request, content, draft, actor(), today, now, press)
        except NotPrinted as missing:
            wait = _printed(missing, press, number)
            if wait is None:
                continue
            seen = found(queries.request_to_change(actor(), number))
            opinion_service.save_draft(seen.request, content, draft, actor(), now)
            return wait
        text = _("The opinion %(number)s has been issued. The city gets an e-mail.", number=_name(seen, issued.version))
        flash(text, "success")
        return redirect(url_for("support.thread", number=number))
    raise Refusal(Reason("opinion_file_failed"))


def _printed(missing: NotPrinted, press: Press, number: int) -> Response | None:
    """Print it and hand it to the press; the page of its progress when it takes longer. Ends the transaction. Raises Refusal."""
    let_go()  # the number it had is given back, also when its bytes are kept already
    page = url_for("support.answer", number=number)
    standing = giving.made_or_kept(
        giving.wanted(missing.job, missing.shown, page, work=ISSUING, href=page), OPINION_PATIENCE_SECONDS
    )
    if standing.waits:
        return giving.to_page(standing)
    if standing.content is None:
        raise Refusal(Reason("opinion_file_failed"), Reason(standing.trouble))
    press.keep(missing, standing.content)
    return None


def ready_to_issue(job: DocumentJob) -> Told:
    """What the page of the progress says of an opinion that is being printed."""
    return Told(
        ready=_("The opinion can be issued now"), text=_("Its PDF is ready. Nothing has been issued yet: your draft is saved."),
        href=job.href, link=_("Go back and issue the opinion"), failed=_("The opinion has not been issued"),
        nothing=_("Nothing has been issued, and your draft is saved."),
    )  # fmt: skip


def _name(seen: Seen, version: int) -> str:
    issued = opinion_queries.issued_in(seen.request, version)
    return issued.shown if issued else ""


def _refused(seen: Seen) -> Answer:
    """The request has moved on; what was written is given back."""
    written = "\n\n".join(value for name, value in request.form.items() if name not in ("csrf_token", "seen", "act"))
    try:
        opinion_service.save_draft(seen.request, Content(), 0, actor(), clock.now())
    except Refusal as refusal:
        return too_late(refusal, seen.request, written)
    return abort(409)


def _opinion_form(seen: Seen) -> OpinionForm:
    form = OpinionForm()
    form.offer(*opinion_pages.citation_choices(seen.request.topic, language()))
    if not form.is_submitted():
        versions = opinion_queries.versions_of(seen.request)
        draft = opinion_queries.draft_of(seen.request, actor().id)
        form.show(*opinion_pages.first_content(seen.request, draft, versions))
    return form


def _not_done(seen: Seen, form: OpinionForm, refusal: Refusal) -> Answer:
    clash = any(reason.code == "opinion_draft_changed" for reason in refusal.reasons)
    if request.form.get("act") == "auto":
        return Made("", status=409, mimetype="text/plain")
    wording.put_into(form, refusal)
    form.settle()
    draft = opinion_queries.draft_of(seen.request, actor().id) if clash else None
    if draft is not None:
        form.seen.data = draft.version_id
        form.seen.raw_data = None
        other = opinion_pages.words(opinion_queries.content_of(draft), language())
        return _draft_page(seen, form, other=other)[0], 409
    return _draft_page(seen, form)


def _draft_page(seen: Seen, form: OpinionForm, **values: object) -> tuple[str, int]:
    draft = opinion_queries.draft_of(seen.request, actor().id)
    content = opinion_queries.content_of(draft) if draft else Content()
    reading = opinion_pages.reading_view(
        opinion_queries.second_reading(seen.request, content), opinion_service.needs_reader(seen.request)
    )
    correction = opinion_service.act_of(seen.request) == "correct"
    page = render_template(
        "support/opinion.html", form=form, thread=thread_of(seen, queries.messages_of(seen.request)), reading=reading,
        correction=correction,
        saved_at=draft.saved_at if draft else None, **values,
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.route("/support/<int:number>/opinion/second-reader", methods=["GET", "POST"])
@requires("support.answer")
def ask_reader(number: int) -> Answer:
    """The expert asks another person of the network to read the saved draft."""
    seen: Seen = found(queries.request_to_change(actor(), number))
    draft = opinion_queries.draft_of(seen.request, actor().id)
    if request.method == "GET" and draft is None:
        return redirect(url_for("support.thread", number=number))
    form = ReaderForm()
    form.offer(opinion_pages.reader_choices(opinion_queries.possible_readers(seen.request)))
    if form.validate_on_submit():
        try:
            opinion_service.ask_reader(seen.request, form.reader.data, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            if any(reason.code.startswith("support_") for reason in refusal.reasons):
                return too_late(refusal, seen.request, "")
            wording.put_into(form, refusal)
        else:
            flash(_("The second reader gets an e-mail, and you one when the draft has been read."), "success")
            return redirect(url_for("support.answer", number=number))
    page = render_template("support/ask_reader.html", form=form, number=number)
    return (page, 422) if form.errors or form.form_errors else page


@blueprint.route("/support/<int:number>/reading", methods=["GET", "POST"])
@requires("support.second_read")
def reading(number: int) -> Answer:
    """The second reader declares interests, then reads the draft and agrees or returns it."""
    wanted: ToRead = found(opinion_queries.to_read(actor(), number))
    view = opinion_pages.draft_view(wanted, language())
    if not view.open:
        return _declared(wanted, view)
    form = ReadingForm()
    if form.validate_on_submit():
        try:
            if form.verdict.data == "agree":
                opinion_service.agree(wanted, form.seen.data or "", actor(), clock.today(), clock.now())
                flash(_("You have agreed to the draft. The expert can issue it."), "success")
            else:
                opinion_service.give_back(wanted, form.remarks.data or "", actor(), clock.today(), clock.now())
                flash(_("The draft has been returned to the expert with your remarks."), "success")
            return redirect(url_for("support.reading", number=number))
        except Refusal as refusal:
            wording.put_into(form, refusal)
    form.seen.data = view.fingerprint
    page = render_template("support/reading.html", form=form, view=view)
    return (page, 422) if form.errors or form.form_errors else page


def _declared(wanted: ToRead, view: opinion_pages.DraftView) -> Answer:
    form = ReaderDeclarationForm()
    if form.validate_on_submit():
        conflict = form.interest.data == "conflict"
        try:
            opinion_service.declare(wanted, conflict, form.text.data or "", actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            if conflict:
                flash(_("Your conflict of interest has been recorded, and the draft stays closed to you."), "success")
                return redirect(url_for("support.index"))
            return redirect(url_for("support.reading", number=view.number))
    page = render_template("support/reading_declare.html", form=form, view=view)
    return (page, 422) if form.errors or form.form_errors else page


@blueprint.get("/support/<int:number>/opinions/<int:version>")
@requires("support.read")
def opinion_version(number: int, version: int) -> str:
    """One version as it was issued: an older one says which came after it."""
    seen = _read(number)
    versions, reviews = opinion_queries.versions_of(seen.request), opinion_queries.reviews_of(seen.request)
    issued = found(opinion_pages.issued(seen, versions, reviews, actor(), language(), version))
    return render_template(
        "support/opinion_version.html", issued=issued, thread=thread_of(seen, queries.messages_of(seen.request))
    )


@blueprint.get("/support/<int:number>/opinions/<int:version>.pdf")
@requires("support.read")
def opinion_file(number: int, version: int) -> giving.Answer:
    """The PDF as it was issued, byte for byte; 503 when the storage does not give it so."""
    issued: IssuedOpinion = found(opinion_queries.issued_in(_read(number).request, version))
    name = f"{issued.shown.replace('/', '-')}.pdf"

    def lost(why: str) -> tuple[str, int]:
        log.warning("opinion %s not given out: %s", issued.shown, why)
        return render_template("support/opinion_lost.html", number=number, shown=issued.shown), 503

    if not issued.sha256:  # from before files were kept
        return giving.give(job_of(issued), name, lost, issued.shown, url_for("support.thread", number=number))
    if request.if_none_match.contains(issued.sha256):
        return Made(status=304)
    try:
        response = Made(file_of(issued), mimetype="application/pdf")
    except FileLost as failure:
        return lost(str(failure))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(issued.sha256)
    return response


def _read(number: int) -> Seen:
    """The request of somebody who reads its opinion; 404 for everybody else."""
    seen: Seen = found(queries.request_for(actor(), number))
    found(seen if seen.sight in WHOLE else None)
    return seen


@blueprint.route("/support/<int:number>/review", methods=["GET", "POST"])
@requires("support.ask")
def review(number: int) -> Answer:
    """The city accepts the opinion, and says whether it has been followed and how good it was. It can say so again."""
    seen: Seen = found(queries.request_to_change(actor(), number))
    versions, reviews = opinion_queries.versions_of(seen.request), opinion_queries.reviews_of(seen.request)
    issued = opinion_pages.issued(seen, versions, reviews, actor(), language())
    if request.method == "GET" and not (issued and issued.may_review):
        return redirect(url_for("support.thread", number=number))
    form = ReviewForm()
    if form.validate_on_submit():
        try:
            opinion_service.review(seen.request, form.review(), form.version.data, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            if any(reason.code.startswith("support_") for reason in refusal.reasons):
                return too_late(refusal, seen.request, form.because.data or "")
            wording.put_into(form, refusal)
        else:
            flash(_("Thank you. The expert gets an e-mail."), "success")
            return redirect(url_for("support.thread", number=number))
    elif not form.is_submitted() and issued:
        form.version.data = issued.version
    page = render_template("support/review.html", form=form, issued=issued, number=number)
    return (page, 422) if form.errors or form.form_errors else page
