"""Pages of the support catalogue: what the network offers, and the coordinator's editions of it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from procure.cases import list_queries as case_lists
from procure.cases import pages as case_pages
from procure.cases import queries as case_queries
from procure.domain.outcomes import Refusal
from procure.domain.products import Content, Product
from procure.infra import clock
from procure.support import asking_pages, product_pages, product_queries, product_service
from procure.support.product_forms import ProductForm, RetireForm
from procure.support.routes import Answer, blueprint
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language


@blueprint.get("/support/products")
@requires("support.list")
def products() -> str:
    """What the network offers; the coordinator sees too what is no longer offered and what is to come. `?case=`: asked from a case."""
    cards = product_pages.cards(product_queries.on(clock.today()), language())
    edits = actor().may("support.triage")
    coming = product_queries.to_come(clock.today()) if edits else []
    return render_template(
        "support/products.html",
        offered=[card for card in cards if not card.retired],
        retired=[card for card in cards if card.retired] if edits else [],
        coming=[(product_pages.card(one, language()), day) for _id, one, day in coming],
        reference=_case_asked(),
    )


@blueprint.get("/support/products/<product>")
@requires("support.list")
def product(product: str) -> str:
    """One product, and the ways to ask for it: from a case of one's own, or with an idea."""
    shown: Product = found(_present(product))
    rows = product_queries.rows_of(product)
    lines = product_pages.edition_lines(rows, language(), clock.today()) if actor().may("support.triage") else []
    asks = actor().may("support.ask") and not shown.retired
    reference = _case_asked()
    mine = case_lists.waiting_for(actor(), clock.today()) if asks and not reference else []
    return render_template(
        "support/product.html", card=product_pages.card(shown, language()), lines=lines, reference=reference, asks=asks,
        cases=[(row.reference, row.title) for row in mine],
    )  # fmt: skip


@blueprint.route("/support/products/new", methods=["GET", "POST"])
@requires("support.triage")
def product_new() -> Answer:
    form = ProductForm()
    form.offer(asking_pages.topic_choices(language()))
    if form.validate_on_submit():
        try:
            made = product_service.add(form.content(), form.day, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(_("The product has been added."), "success")
            return redirect(url_for("support.product", product=made.product))
    elif not form.is_submitted():
        form.valid_from.data = clock.today()
    return _page("support/product_form.html", form, card=None)


@blueprint.route("/support/products/<product>/change", methods=["GET", "POST"])
@requires("support.triage")
def product_change(product: str) -> Answer:
    """A change makes the next edition: what cities asked for stays as it was then."""
    number, content, shown = _newest(product)
    form = ProductForm()
    form.offer(asking_pages.topic_choices(language()))
    if form.validate_on_submit():
        try:
            product_service.change(product, form.edition(), form.content(), form.day, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(_("The next edition of the product has been saved."), "success")
            return redirect(url_for("support.product", product=product))
    elif not form.is_submitted():
        form.show(content, clock.today())
        form.based_on.data = str(number)
    return _page("support/product_form.html", form, card=shown)


@blueprint.route("/support/products/<product>/retire", methods=["GET", "POST"])
@requires("support.triage")
def product_retire(product: str) -> Answer:
    """From a day on the product is no longer offered. A later edition brings it back."""
    number, _content, shown = _newest(product)
    form = RetireForm()
    if form.validate_on_submit():
        try:
            product_service.retire(product, form.edition(), form.day, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(_("The product is no longer offered from the day you chose."), "success")
            return redirect(url_for("support.products"))
    elif not form.is_submitted():
        form.valid_from.data, form.based_on.data = clock.today(), str(number)
    return _page("support/product_retire.html", form, card=shown)


def _present(product: str) -> Product | None:
    """The product as it is; one that is still to come only for who makes it."""
    shown = product_queries.get(product, clock.today())
    if shown is None and actor().may("support.triage"):
        shown = next((one for name, one, _day in product_queries.to_come(clock.today()) if name == product), None)
    return shown


def _newest(product: str) -> tuple[int, Content, product_pages.ProductCard]:
    """The coordinator's newest edition by number, what it says, and the product in words; what ships with the program before that."""
    shown: Product = found(_present(product))
    number, content = product_pages.newest(product_queries.rows_of(product))
    return number, content or shown.content, product_pages.card(shown, language())


def _case_asked() -> str:
    """The reference of the case from which the catalogue was opened, when the person may ask about it; else ""."""
    wanted = request.args.get("case", "")
    if not wanted or not actor().may("support.ask"):
        return ""
    case = case_queries.case_for(actor(), wanted)
    return case.reference if case and case_pages.head(case, actor(), language()).may_edit else ""


def _page(template: str, form: FlaskForm, **values: Any) -> Answer:
    page = render_template(template, form=form, **values)
    return (page, 422) if form.errors or form.form_errors else page
