"""Pages of the network's memory: searching and reading for all, writing and looking over for the network's people."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.domain.articles import FIELDS, allowed
from procure.domain.language import LANGUAGES
from procure.domain.outcomes import Refusal
from procure.domain.support import TOPICS
from procure.infra import clock
from procure.knowledge import pages, queries, service
from procure.knowledge.forms import (
    QUESTIONS,
    DecisionForm,
    PlaceForm,
    ReasonForm,
    TextForm,
    ValidityForm,
    WordsForm,
    decision_form,
)
from procure.knowledge.queries import PAGE_SIZE, Draft, Wanted
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import NAMES, language, local_path

blueprint = Blueprint("knowledge", __name__)

Answer = str | Response | tuple[str, int]
MOST_SKIPPED = 10_000


@blueprint.get("/knowledge")
@requires("knowledge.read")
def index() -> str:
    """What the network knows: a search over every published article."""
    topic, code = request.args.get("topic", ""), request.args.get("language", "")
    wanted = Wanted(request.args.get("q", "").strip()[:200], topic if topic in TOPICS else "", code if code in LANGUAGES else "")
    skip = min(request.args.get("skip", 0, type=int) or 0, MOST_SKIPPED)
    rows, more = queries.search(wanted, language(), clock.today(), max(0, skip))
    return render_template(
        "knowledge/index.html", lines=pages.lines(rows, language()), wanted=wanted, topics=pages.topic_choices(language()),
        codes=NAMES, following=skip + PAGE_SIZE if more else 0, first_page=skip == 0,
    )  # fmt: skip


@blueprint.get("/knowledge/<int:article_number>")
@requires("knowledge.read")
def article(article_number: int) -> str:
    """One article as it was last published."""
    code = request.args.get("language", "")
    shown = found(queries.published(actor(), article_number, code if code in LANGUAGES else language(), clock.today()))
    page = pages.article_page(shown, queries.newer_of(shown.article, clock.today()), language())
    return render_template("knowledge/article.html", page=page, codes=NAMES)


@blueprint.post("/knowledge/<int:article_number>/helped")
@requires("knowledge.read")
def helped(article_number: int) -> Response:
    """The article has helped: counted once for each person. `instead`: there is no need to ask an expert any more."""
    thing = found(queries.live_article(article_number))
    instead = bool(request.form.get("instead"))
    service.helped(thing, instead, actor(), clock.now())
    flash(
        _("Good that you found an answer. Nothing has been sent to the experts.")
        if instead
        else _("Thank you: others find it sooner."),
        "success",
    )
    then = local_path(request.form.get("then", ""))
    return redirect(then if then != "/" else url_for("knowledge.article", article_number=article_number))


@blueprint.get("/knowledge/work")
@requires("knowledge.write")
def work() -> str:
    """What the person writes, can look over, and has to check."""
    mine = queries.work_of(actor(), clock.today(), language())
    lists = {name: pages.work_lines(getattr(mine, name), language()) for name in ("writing", "to_review", "to_check")}
    return render_template("knowledge/work.html", today=clock.today(), **lists)


@blueprint.route("/knowledge/new", methods=["GET", "POST"])
@requires("knowledge.write")
def new() -> Answer:
    """An article that no request stands behind."""
    form = _place_form()
    if not form.validate_on_submit():
        return _page("knowledge/place.html", form, page=None)
    source = service.Source(form.topic.data, form.section.data, form.stage.data, _questions(form))
    made = service.draft(source, actor(), clock.now())
    return redirect(url_for("knowledge.text", article_number=made.id, code=language()))


@blueprint.get("/knowledge/<int:article_number>/draft")
@requires("knowledge.write")
def draft(article_number: int) -> str:
    """An article that is being written or looked over, with everything done to it."""
    return _draft_page(found(queries.draft_for(actor(), article_number)))


def _draft_page(mine: Draft, refused: tuple[str, ...] = ()) -> str:
    return render_template("knowledge/draft.html", page=_shown(mine), codes=NAMES, refused=refused)


def _shown(mine: Draft) -> pages.DraftPage:
    newer = queries.newer_of(mine.article, clock.today()) if mine.article.live else ()
    return pages.draft_page(mine, newer, language())


def _mine(article_number: int, act: str = "") -> Draft | Response:
    """The article for the act; only to look at while the act can be done: else the way to the article. `act` "": its owner writes."""
    mine: Draft = found(queries.draft_for(actor(), article_number))
    may = allowed(act, mine.party, mine.article.state) if act else mine.party == "owner" and mine.article.state == "draft"
    if not may and request.method == "GET":
        return redirect(url_for("knowledge.draft", article_number=article_number))
    return mine


@blueprint.route("/knowledge/<int:article_number>/text/<code>", methods=["GET", "POST"])
@requires("knowledge.write")
def text(article_number: int, code: str) -> Answer:
    """The article in one language."""
    mine = _mine(article_number)
    if isinstance(mine, Response):
        return mine
    found(code if code in LANGUAGES else None)
    form = TextForm(data=mine.texts.get(code, {}))
    if not form.validate_on_submit():
        return _page("knowledge/text.html", form, page=_shown(mine), code=code, codes=NAMES)
    return _do(lambda: service.write(mine, code, {field: form[field].data or "" for field in FIELDS}), mine, form,
               "knowledge/text.html", _("The text has been saved."), code=code, codes=NAMES)  # fmt: skip


@blueprint.route("/knowledge/<int:article_number>/place", methods=["GET", "POST"])
@requires("knowledge.write")
def place(article_number: int) -> Answer:
    """The topic, and where the article is offered."""
    mine = _mine(article_number)
    if isinstance(mine, Response):
        return mine
    thing = mine.article
    asked = dict(zip(("question_1", "question_2", "question_3"), mine.questions, strict=False))
    form = _place_form({"topic": thing.topic, "section": thing.section, "stage": thing.stage} | asked)
    if not form.validate_on_submit():
        return _page("knowledge/place.html", form, page=_shown(mine))
    return _do(lambda: service.place(mine, form.topic.data, form.section.data, form.stage.data, _questions(form)), mine, form,
               "knowledge/place.html", _("Saved."))  # fmt: skip


def _place_form(data: dict[str, str] | None = None) -> PlaceForm:
    form = PlaceForm(data=data)
    choices = (pages.topic_choices, pages.section_choices, pages.stage_choices, pages.question_choices)
    form.ask(*(choice(language()) for choice in choices))
    return form


def _questions(form: PlaceForm) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field.data for field in form.questions if field.data))[:QUESTIONS]


@blueprint.route("/knowledge/<int:article_number>/removals", methods=["GET", "POST"])
@requires("knowledge.write")
def removals(article_number: int) -> Answer:
    """What may tell whose matter it was, each thing to be removed or kept."""
    mine = _mine(article_number)
    if isinstance(mine, Response):
        return mine
    form = decision_form(mine.pending)
    if not form.validate_on_submit():
        return _removals(mine, form, WordsForm(formdata=None))
    remove, keep = form.decisions
    if "all" in request.form:
        remove, keep = [proposal.key for proposal in mine.pending], {}
    try:
        service.decide(mine, remove, keep, actor(), clock.now())
    except Refusal as refusal:
        wording.put_into(form, refusal)
        return _removals(mine, form, WordsForm(formdata=None))
    left: Draft = found(queries.draft_for(actor(), article_number))
    flash(_("Your decisions have been saved."), "success")
    return redirect(url_for("knowledge.removals" if left.pending else "knowledge.draft", article_number=article_number))


@blueprint.post("/knowledge/<int:article_number>/removals/words")
@requires("knowledge.write")
def remove_words(article_number: int) -> Answer:
    """Words that nothing has found, removed by hand."""
    mine: Draft = found(queries.draft_for(actor(), article_number))
    form, decisions = WordsForm(), decision_form(mine.pending)
    if form.validate_on_submit():
        try:
            service.remove_words(mine, form.words.data, actor(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(_("The words have been removed."), "success")
            return redirect(url_for("knowledge.removals", article_number=article_number))
    return _removals(mine, decisions, form)


def _removals(mine: Draft, form: DecisionForm, words: WordsForm) -> Answer:
    page = render_template(
        "knowledge/removals.html", form=words if words.errors else form, decided=form, words=words, page=_shown(mine), codes=NAMES,
        decisions=pages.decisions(mine.pending),
    )  # fmt: skip
    return (page, 422) if form.errors or form.form_errors or words.errors or words.form_errors else page


@blueprint.post("/knowledge/<int:article_number>/send")
@requires("knowledge.write")
def send(article_number: int) -> Answer:
    return _act(article_number, service.send, _("The others of the network have been asked to look it over."))


@blueprint.post("/knowledge/<int:article_number>/take-back")
@requires("knowledge.write")
def take_back(article_number: int) -> Answer:
    return _act(article_number, service.take_back, _("You can go on writing."))


@blueprint.post("/knowledge/<int:article_number>/change")
@requires("knowledge.write")
def change(article_number: int) -> Answer:
    return _act(article_number, service.change, _("You can change it now. People read the published text until the new one is."))


@blueprint.post("/knowledge/<int:article_number>/take-over")
@requires("knowledge.write")
def take_over(article_number: int) -> Answer:
    return _act(article_number, service.take_over, _("You look after the article now."))


def _act(article_number: int, act: Callable[..., None], done: str) -> Answer:
    mine: Draft = found(queries.draft_for(actor(), article_number))
    try:
        act(mine, actor(), clock.now())
    except Refusal as refusal:
        return _draft_page(mine, tuple(wording.sentence(reason) for reason in refusal.reasons)), 409
    flash(done, "success")
    return redirect(url_for("knowledge.draft", article_number=article_number))


@blueprint.route("/knowledge/<int:article_number>/publish", methods=["GET", "POST"])
@requires("knowledge.write")
def publish(article_number: int) -> Answer:
    return _until(article_number, "publish", service.publish, _("Publish the article"), _("It has been published."))


@blueprint.route("/knowledge/<int:article_number>/confirm", methods=["GET", "POST"])
@requires("knowledge.write")
def confirm(article_number: int) -> Answer:
    """The owner says that it still holds."""
    return _until(article_number, "confirm", service.confirm, _("It still holds"), _("Recorded: it still holds."))


def _until(article_number: int, act: str, do: Callable[..., None], title: str, done: str) -> Answer:
    mine = _mine(article_number, act)
    if isinstance(mine, Response):
        return mine
    form = ValidityForm(data={"valid_until": pages.usual_validity(clock.today())})
    form.ask(title)
    if not form.validate_on_submit():
        return _page("knowledge/until.html", form, page=_shown(mine), title=title)
    return _do(lambda: do(mine, form.valid_until.data, actor(), clock.today(), clock.now()), mine, form, "knowledge/until.html", done,
               title=title)  # fmt: skip


@blueprint.route("/knowledge/<int:article_number>/give-back", methods=["GET", "POST"])
@requires("knowledge.write")
def give_back(article_number: int) -> Answer:
    return _with_reason(article_number, "give_back", service.give_back, _("Give the article back"), _("What is to be mended?"),
                        _("The article has been given back."))  # fmt: skip


@blueprint.route("/knowledge/<int:article_number>/withdraw", methods=["GET", "POST"])
@requires("knowledge.write")
def withdraw(article_number: int) -> Answer:
    return _with_reason(article_number, "withdraw", service.withdraw, _("Withdraw the article"), _("Why?"),
                        _("The article has been withdrawn."))  # fmt: skip


def _with_reason(article_number: int, act: str, do: Callable[..., None], title: str, label: str, done: str) -> Answer:
    mine = _mine(article_number, act)
    if isinstance(mine, Response):
        return mine
    form = ReasonForm()
    form.ask(label, title)
    if not form.validate_on_submit():
        return _page("knowledge/reason.html", form, page=_shown(mine), title=title)
    return _do(lambda: do(mine, form.text.data, actor(), clock.now()), mine, form, "knowledge/reason.html", done, title=title)


def _do(act: Callable[[], None], mine: Draft, form: Any, template: str, done: str, **values: Any) -> Answer:
    """Do it; what is refused is said in the form."""
    number = mine.article.id
    try:
        act()
    except Refusal as refusal:
        wording.put_into(form, refusal)
        return _page(template, form, page=_shown(mine), **values)
    flash(done, "success")
    gone = queries.draft_for(actor(), number) is None
    return redirect(url_for("knowledge.work") if gone else url_for("knowledge.draft", article_number=number))


def _page(template: str, form: Any, **values: Any) -> Answer:
    page = render_template(template, form=form, **values)
    return (page, 422) if form.errors or form.form_errors else page
