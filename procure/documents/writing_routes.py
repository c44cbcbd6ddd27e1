"""Writing the words of a composed document."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.catalogue import documents as document_catalogue
from procure.clauses import queries as clause_queries
from procure.documents import queries, service, writing_service
from procure.documents.routes import address, blueprint, closed, is_closed, which
from procure.documents.writing_forms import WritingForm, writing_form
from procure.domain import clauses
from procure.domain.clauses import Clause
from procure.domain.compositions import Composition
from procure.domain.language import pick
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

__all__ = ["blueprint"]

Answer = str | Response | tuple[str, int]


@blueprint.route("/cases/<reference>/documents/<kind>/write", methods=["GET", "POST"])
@requires("document.write")
def write(reference: str, kind: str) -> Answer:
    """What is written for this document alone, part by part."""
    composition: Composition = found(service.composition_of(kind))
    case: Case = found(cases.case_to_change(actor(), reference))
    if is_closed(case, kind):
        return closed(case)
    number = which(case, kind)
    text = queries.text_of(case, kind, number)
    form = writing_form(kind, text.fields if text else {}, text.version if text else 0, text.about if text else "")
    if not form.is_submitted() or form.rearrange(request.form):
        return _page(case, composition, form)
    form.validate()
    given = form.read()
    if form.errors:
        return _page(case, composition, form), 422
    before, shown = clauses.numbers_left_out(text.fields if text else {}), _clauses(case, composition)
    given[clauses.LEFT_OUT] = clauses.choice(before, [one.number for one in shown], form.clauses_left_out.data or ())
    try:
        writing_service.write(case, kind, given, form.seen_version, actor(), clock.today(), clock.now(),
                              number=number, about=form.named)  # fmt: skip
    except writing_service.Overtaken as refusal:
        wording.put_into(form, refusal)
        form.seen.data = str(text.version if text else 0)
        return _page(case, composition, form, text.fields if text else {}), 409
    except Refusal as refusal:
        wording.put_into(form, refusal)
        return _page(case, composition, form), 422
    flash(_("The document has been saved."), "success")
    return redirect(url_for("documents.preview", **address(reference, kind, number)))


def _clauses(case: Case, composition: Composition) -> tuple[Clause, ...]:
    """The city's clauses that stand in a document of today."""
    return clauses.of_document(clause_queries.editions_of(case.organisation_id), composition, clock.today())


def _page(case: Case, composition: Composition, form: WritingForm, theirs: dict[str, object] | None = None) -> str:
    """`theirs`: what somebody else has saved meanwhile, to be seen beside what was typed."""
    own = _clauses(case, composition)
    at_end = clauses.at_end(own, composition)
    return render_template(
        "documents/write.html",
        head=case_pages.head(case, actor(), language()),
        current="documents",
        composition=composition,
        lang=language(),
        of=request.args.get("of"),
        name=document_catalogue.catalogue().get(composition.document).name[language()],
        form=form,
        clauses=[one for one in own if one not in at_end],
        at_end=at_end,
        pick=pick,
        theirs={field: value for field, value in (theirs or {}).items() if isinstance(value, str)},
    )
