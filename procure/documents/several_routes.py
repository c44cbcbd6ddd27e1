"""Kinds of which a case has several: a further document is begun, and one begun by mistake is set aside."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.catalogue import documents as document_catalogue
from procure.documents import queries, service, writing_service
from procure.documents.routes import address, closed, is_closed, which
from procure.documents.writing_forms import another_form
from procure.documents.writing_routes import blueprint
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

__all__ = ["blueprint"]

Answer = str | Response | tuple[str, int]


@blueprint.route("/cases/<reference>/documents/<kind>/another", methods=["GET", "POST"])
@requires("document.write")
def another(reference: str, kind: str) -> Answer:
    """Begin a further document of the kind by saying what tells it apart."""
    found(kind if service.repeats(kind) else None)
    case: Case = found(cases.case_to_change(actor(), reference))
    if is_closed(case, kind):
        return closed(case)
    form = another_form(kind)
    if form.validate_on_submit():
        try:
            text = writing_service.begin(case, kind, form.about.data or "", actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return redirect(url_for("documents.write", **address(reference, kind, text.number)))
    page = render_template(
        "documents/another.html",
        head=case_pages.head(case, actor(), language()),
        current="documents",
        name=document_catalogue.catalogue().get(kind).name[language()],
        form=form,
    )
    return (page, 422) if form.errors else page


@blueprint.post("/cases/<reference>/documents/<kind>/set-aside")
@requires("document.write")
def set_aside(reference: str, kind: str) -> Answer:
    """Set a document aside that was begun by mistake, or take it up again (`back=1`)."""
    found(service.composition_of(kind))
    case: Case = found(cases.case_to_change(actor(), reference))
    number = which(case, kind)
    found(queries.text_of(case, kind, number))
    if is_closed(case, kind):
        return closed(case)
    aside = request.form.get("back") != "1"
    try:
        writing_service.set_aside(case, kind, number, aside, actor(), clock.today(), clock.now())
    except Refusal as refusal:
        for reason in refusal.reasons:
            flash(wording.sentence(reason), "error")
        return redirect(url_for("documents.preview", **address(reference, kind, number)))
    flash(_("The document has been set aside. Its words are kept.") if aside else _("The document counts again."), "success")
    return redirect(url_for("documents.preview", **address(reference, kind, number)))
