"""Pages of the coordinator's desk: the queue, sorting, ends without an opinion, offers to experts, notes of the network."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from procure.catalogue import triage as catalogue
from procure.domain.outcomes import Reason, Refusal
from procure.domain.support import RUNNING, allowed
from procure.domain.triage import PRIORITIES, Target
from procure.infra import clock
from procure.support import pages, queries, service, targets, triage_pages, triage_queries, triage_service
from procure.support.forms import ReasonForm
from procure.support.models import SupportRequest
from procure.support.queries import Seen
from procure.support.routes import Answer, blueprint
from procure.support.triage_forms import JoinForm, MergeForm, NoteForm, OfferForm, PassOnForm, SortForm
from procure.support.triage_service import Sorting
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language


@blueprint.get("/support/desk")
@requires("support.desk")
def queue() -> str:
    """Every running request for the coordinator; an expert's own ones and those offered to the expert."""
    by, filters = actor(), triage_pages.filters_from(request.args)
    after = triage_pages.place_from(request.args.get("after", ""))
    rows, more = triage_queries.queue(by, filters, clock.today(), after)
    asked = {name: value for name, value in request.args.items() if name != "after" and value}
    choices = {
        "states": triage_pages.words_of(pages.DESK_STATES, *RUNNING), "topics": triage_pages.topic_choices(language()),
        "cities": triage_pages.city_choices(language()), "shown": triage_pages.words_of(triage_pages.SHOWN_WORDS),
        "orders": triage_pages.words_of(triage_pages.ORDER_WORDS),
        "experts": [
            (triage_queries.NOBODY, _("Nobody")), *((str(number), name) for number, name in triage_queries.experts())
        ] if by.role == "coordinator" else [],
    }  # fmt: skip
    return render_template(
        "support/triage/queue.html",
        lines=[triage_pages.queue_line(row, language(), clock.today()) for row in rows],
        filters=filters,
        asked=asked,
        first_page=after is None,
        following=triage_pages.place_text(rows[-1].place) if more else "",
        **choices,
    )


@blueprint.route("/support/<int:number>/triage", methods=["GET", "POST"])
@requires("support.triage")
def triage(number: int) -> Answer:
    """Topic, urgency, priority and response targets."""
    seen = _mine(number, "triage")
    if isinstance(seen, Response):
        return seen
    wanted, form = seen.request, SortForm()
    form.offer(
        triage_pages.topic_choices(language()),
        triage_pages.words_of(pages.URGENCIES),
        triage_pages.words_of(triage_pages.PRIORITIES, *PRIORITIES),
    )
    history = triage_queries.triages_of(wanted)
    if not form.is_submitted():
        form.topic.data, form.urgency.data, form.priority.data = wanted.topic, wanted.urgency, wanted.priority
        form.seen.data = str(history[0].id if history else 0)
        if (own := triage_service.own_target(wanted)) is not None:
            form.first_answer.data, form.answer.data = own.first_answer, own.answer
    elif form.validate():
        sorting = Sorting(form.topic.data, form.urgency.data, form.priority.data, _target(wanted, form), form.text.data or "")
        done = _tried(
            lambda: triage_service.sort(wanted, sorting, form.seen_number, actor(), clock.today(), clock.now()), form, wanted,
            _("The request has been sorted."),
        )  # fmt: skip
        if done is not None:
            return done
    return _page(
        "support/triage/sort.html", form, wanted, history=triage_pages.sorting_lines(history, language()),
        question=pages.paragraphs(wanted.question), usual=_usual(wanted), lang=wanted.language,
    )  # fmt: skip


def _usual(wanted: SupportRequest) -> list[tuple[str, Target]]:
    """What each urgency usually leaves, in words."""
    edition = catalogue.catalogue().on(targets.finnish_day(wanted.asked_at))
    return [(str(words), edition.targets[urgency]) for urgency, words in pages.URGENCIES.items()]


def _target(wanted: SupportRequest, form: SortForm) -> Target:
    """The days as typed; where nothing was typed, the usual ones of the urgency."""
    edition = catalogue.catalogue().on(targets.finnish_day(wanted.asked_at))
    usual = edition.targets.get(form.urgency.data, Target(0, 0))
    first, whole = form.first_answer.data, form.answer.data
    return Target(usual.first_answer if first is None else first, usual.answer if whole is None else whole)


@blueprint.route("/support/<int:number>/merge", methods=["GET", "POST"])
@requires("support.triage")
def merge(number: int) -> Answer:
    """The request asks the same as another one of the city."""
    seen = _mine(number, "merge")
    if isinstance(seen, Response):
        return seen
    wanted, form = seen.request, MergeForm()
    others = {other.id: other for other in triage_queries.mergeable_into(wanted)}
    form.offer([(str(other.id), triage_pages.merge_words(other, language())) for other in others.values()])
    if not others:  # what was sent all the same is refused above the form
        del form.into
    if form.validate_on_submit():
        into = others.get(form.into_number) if others else None
        done = _tried(
            lambda: triage_service.merge(wanted, into, form.text.data or "", actor(), clock.today(), clock.now()), form, wanted,
            _("The requests have been joined. The city gets an e-mail."),
        )  # fmt: skip
        if done is not None:
            return done
    return _page("support/triage/merge.html", form, wanted, others=others)


@blueprint.route("/support/<int:number>/refuse", methods=["GET", "POST"])
@requires("support.triage")
def refuse(number: int) -> Answer:
    """The network does not take the request on."""
    intro = _(
        "The city reads the reason. Say kindly what the network cannot do, and what the city can do instead. "
        "If another body is the right one, pass the request on."
    )
    done = _("The request has been closed. The city gets an e-mail.")
    return _with_reason(number, "refuse", triage_service.refuse, _("Do not take the request on"), intro, done)


@blueprint.route("/support/<int:number>/pass-on", methods=["GET", "POST"])
@requires("support.triage")
def pass_on(number: int) -> Answer:
    """Another body is the right one."""
    seen = _mine(number, "pass_on")
    if isinstance(seen, Response):
        return seen
    wanted, form = seen.request, PassOnForm()
    if form.validate_on_submit():
        done = _tried(
            lambda: triage_service.pass_on(
                wanted, form.body.data, form.contact.data, form.text.data, actor(), clock.today(), clock.now()
            ), form, wanted, _("The request has been passed on. The city gets an e-mail."),
        )  # fmt: skip
        if done is not None:
            return done
    return _page("support/triage/pass_on.html", form, wanted)


# offers to experts


@blueprint.get("/support/<int:number>/matching")
@requires("support.desk")
def matching(number: int) -> Answer:
    """Who could take the request, or help who has taken it, and those left out with the reason."""
    seen: Seen = found(queries.request_for(actor(), number))
    offered = [act for act in ("propose", "reassign", "invite") if _may_offer(act, seen)]
    if not offered:
        return _back(number) if seen.party in triage_queries.NOTE_PARTIES else abort(404)
    whole = seen.party == "coordinator"
    return render_template(
        "support/triage/matching.html",
        facts=triage_pages.facts(seen.request, language(), clock.today()),
        number=number,
        suggestions=triage_pages.suggestions(triage_queries.matching(seen.request, clock.today())),
        offers=triage_pages.offer_lines(triage_queries.proposals_of(seen.request)) if whole else [],
        whole=whole,
        acts=offered,
    )


def _may_offer(act: str, seen: Seen) -> bool:
    """`reassign` is the coordinator's: first release, then propose."""
    if act == "invite" and seen.request.second_expert_id is not None:
        return False
    return allowed("release" if act == "reassign" else act, seen.party, seen.request.state)


@blueprint.route("/support/<int:number>/propose/<int:person_id>", methods=["GET", "POST"])
@requires("support.triage")
def propose(number: int, person_id: int) -> Answer:
    """Ask an expert to take an open request, or to take it over from who has it."""
    seen: Seen = found(queries.request_to_change(actor(), number))
    act = "propose" if seen.request.state == "open" else "reassign"
    return _offer(seen, person_id, act)


@blueprint.route("/support/<int:number>/invite/<int:person_id>", methods=["GET", "POST"])
@requires("support.desk")
def invite(number: int, person_id: int) -> Answer:
    """Ask a second expert to help."""
    return _offer(found(queries.request_to_change(actor(), number)), person_id, "invite")


def _offer(seen: Seen, person_id: int, act: str) -> Answer:
    wanted, form = seen.request, OfferForm()
    if request.method == "GET" and not _may_offer(act, seen):
        return _back(wanted.id) if seen.sight != "row" else abort(404)
    if act != "reassign":
        del form.text
    if form.validate_on_submit():
        done = _tried(lambda: _make_offer(wanted, person_id, act, form), form, wanted,
                      _("The expert has been asked and gets an e-mail."))  # fmt: skip
        if done is not None:
            return done
    expert = triage_pages.suggestions(triage_queries.matching(wanted, clock.today())).get(person_id)
    return _page("support/triage/offer.html", form, wanted, expert=found(expert), act=act)


def _make_offer(wanted: SupportRequest, person_id: int, act: str, form: OfferForm) -> None:
    by, today, now, note = actor(), clock.today(), clock.now(), form.note.data or ""
    if act == "reassign":
        triage_service.reassign(wanted, person_id, form.text.data or "", note, by, today, now)
    elif act == "propose":
        triage_service.propose(wanted, person_id, note, by, today, now)
    else:
        triage_service.invite(wanted, person_id, note, by, today, now)


@blueprint.route("/support/<int:number>/decline", methods=["GET", "POST"])
@requires("support.take")
def decline(number: int) -> Answer:
    """The expert cannot take part; the reason is for the network."""
    seen = _mine(number, "decline")
    if isinstance(seen, Response):
        return seen
    if triage_queries.offer_to(actor(), seen.request) is None:
        return _back(number)
    intro = _("If you have a conflict of interest, declare it instead.")
    done = _("You have declined. The one who asked you gets an e-mail.")
    return _reasoned(
        seen.request, triage_service.decline, _("Decline the request"), intro, done, button=_("Decline"),
        hint=_("Only the network sees the reason."),
    )  # fmt: skip


@blueprint.route("/support/<int:number>/join", methods=["GET", "POST"])
@requires("support.take")
def join(number: int) -> Answer:
    """The invited expert declares interests before any material shows, and helps or leaves the request for good."""
    seen = _mine(number, "join")
    if isinstance(seen, Response):
        return seen
    wanted, form = seen.request, JoinForm()
    if form.validate_on_submit():
        conflict = form.interest.data != "none"
        act = service.declare_conflict if conflict else triage_service.join
        said = _("Your conflict of interest has been recorded. The request is closed to you.") if conflict else _(
            "You help with the request. Your declaration has been kept."
        )  # fmt: skip
        done = _tried(lambda: act(wanted, form.text.data or "", actor(), clock.today(), clock.now()), form, wanted, said)
        if done is not None:
            return done
    offer = triage_queries.offer_to(actor(), wanted)
    return _page(
        "support/triage/join.html", form, wanted, row=pages.line(queries.row_of(wanted), language(), clock.today()), offer=offer
    )


@blueprint.route("/support/<int:number>/step-aside", methods=["GET", "POST"])
@requires("support.take")
def step_aside(number: int) -> Answer:
    """The second expert helps no longer."""
    intro = _("You no longer see what was shared. The reason shows to the city and to the expert.")
    done = _("You no longer help with the request.")
    return _with_reason(number, "step_aside", triage_service.step_aside, _("Step aside"), intro, done)


@blueprint.route("/support/<int:number>/notes", methods=["GET", "POST"])
@requires("support.desk")
def notes(number: int) -> Answer:
    """Notes among the network's people; the city never sees them."""
    seen: Seen = found(triage_queries.noted_for(actor(), number))
    wanted, form = seen.request, NoteForm()
    if form.validate_on_submit():
        locked: Seen = found(queries.request_to_change(actor(), number))
        try:
            triage_service.add_note(locked.request, form.text.data, actor(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(_("The note has been added."), "success")
            return redirect(url_for("support.notes", number=number))
    return _page("support/triage/notes.html", form, wanted, notes=triage_queries.notes_of(wanted))


# what these pages share


def _mine(number: int, act: str) -> Seen | Response:
    """The request locked for the act; to look at, only while the act can be done: else the way back to the request."""
    seen: Seen = found(queries.request_to_change(actor(), number))
    if request.method == "GET" and not allowed(act, seen.party, seen.request.state):
        return _back(number)
    return seen


def _back(number: int) -> Response:
    return redirect(url_for("support.thread", number=number))


def _with_reason(number: int, act: str, do: Callable[..., object], title: str, intro: str, done: str) -> Answer:
    """An act that needs a reason, while it can be done."""
    seen = _mine(number, act)
    return seen if isinstance(seen, Response) else _reasoned(seen.request, do, title, intro, done)


def _reasoned(
    wanted: SupportRequest, do: Callable[..., object], title: str, intro: str, done: str, button: str = "", hint: str = ""
) -> Answer:  # fmt: skip
    """Asks for the reason, then does it. `hint`: who reads it, where the form does not say so."""
    form = ReasonForm()
    form.ask(button or title)
    if hint:
        form.text.description = hint
    if form.validate_on_submit():
        answer = _tried(
            lambda: do(wanted, form.text.data, actor(), clock.today(), clock.now()), form, wanted, done
        )  # fmt: skip
        if answer is not None:
            return answer
    return _page("support/triage/reason.html", form, wanted, title=title, intro=intro)


def _tried(act: Callable[[], object], form: FlaskForm, wanted: SupportRequest, done: str) -> Answer | None:
    """Do it and go back to the request, or to the desk where it no longer shows; None when the form is to be shown again."""
    try:
        act()
    except Refusal as refusal:
        if any(reason.code == "support_not_yours" for reason in refusal.reasons):
            abort(403)
        if any(map(_gone, refusal.reasons)):
            sentences = [wording.sentence(reason) for reason in refusal.reasons]
            still = queries.request_for(actor(), wanted.id)
            number = wanted.id if still and still.sight != "row" else 0
            written = getattr(form, "text", None) and form["text"].data
            return render_template("support/moved_on.html", sentences=sentences, written=written or "", number=number), 409
        wording.put_into(form, refusal)
        return None
    flash(done, "success")
    gone = queries.request_for(actor(), wanted.id)
    return redirect(
        url_for("support.queue") if gone is None or gone.sight == "row" else url_for("support.thread", number=wanted.id)
    )


def _gone(reason: Reason) -> bool:
    return reason.code in ("support_moved_on", "support_taken_by_other")


def _page(template: str, form: FlaskForm, wanted: SupportRequest, **values: object) -> Answer:
    facts = triage_pages.facts(wanted, language(), clock.today())
    page = render_template(template, form=form, facts=facts, number=wanted.id, **values)
    return (page, 422) if form.errors or form.form_errors else page
