"""The documents of a case: the list, each on the screen, and as PDF."""

import logging

from flask import Blueprint, Response, render_template, request

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.catalogue import material as tender_material
from procure.declarations import pages as declaration_pages
from procure.declarations import queries as declarations
from procure.documents import listing, making, pages, service
from procure.documents.service import Material
from procure.domain.language import LANGUAGES
from procure.infra import clock
from procure.infra.pdf import PdfFailed
from procure.support import opinion_queries
from procure.support import queries as support
from procure.web.access import actor, found, requires
from procure.web.language import NAMES, language

blueprint = Blueprint("documents", __name__)
log = logging.getLogger("procure")


@blueprint.get("/cases/<reference>/documents")
@requires("document.read")
def index(reference: str) -> str:
    """The documents of the case, and what each one still lacks."""
    case = found(cases.case_for(actor(), reference))
    answers = cases.facts_of(cases.answers_of(case))
    return render_template(
        "documents/index.html",
        head=case_pages.head(case, actor(), language()),
        current="documents",
        lines=listing.lines(case, answers, support.summary_for_case(case), language(), opinion_queries.advised_in(case)),
        others=listing.made_elsewhere(case, language()),
        names=NAMES,
    )


@blueprint.get("/cases/<reference>/documents/<kind>")
@requires("document.read")
def preview(reference: str, kind: str) -> str | tuple[str, int]:
    """The document on the screen, from the same template as the PDF."""
    case, material = _asked(reference, kind)
    if _is_closed(case, kind):
        return _closed(case)
    if service.lacking(kind, material.answers):
        return _incomplete(case, kind, material)
    return render_template(
        "documents/preview.html",
        head=case_pages.head(case, actor(), language()),
        current="documents",
        page=pages.page(kind, material, _chosen(), clock.today()),
        number=material.opinion.number if material.opinion else None,
        chosen=_chosen(),
        names=NAMES,
    )


@blueprint.get("/cases/<reference>/documents/<kind>.pdf")
@requires("document.read")
def pdf(reference: str, kind: str) -> Response | tuple[str, int]:
    """The document as a file: 409 with what is missing when it cannot be complete, 503 when it could not be made."""
    case, material = _asked(reference, kind)
    if _is_closed(case, kind):
        return _closed(case)
    if service.lacking(kind, material.answers):
        return _incomplete(case, kind, material)
    try:
        document = making.make(kind, material, _chosen(), clock.today())
    except PdfFailed as failure:
        log.warning("document failed %s %s", kind, failure.reason)
        return _page("failed", case, kind, material), 503
    response = Response(document.content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{document.name}"'
    return response


def _asked(reference: str, kind: str) -> tuple[Case, Material]:
    """The case and its facts, or 404: unknown kind, foreign case, and an opinion that is not there look alike."""
    found(kind if kind in service.KINDS else None)
    case: Case = found(cases.case_for(actor(), reference))
    if kind != service.OPINION:
        return case, service.gather(case)
    number = request.args.get("request", type=int)
    return case, service.gather(case, found(service.opinion_of(actor(), case, number)))


def _is_closed(case: Case, kind: str) -> bool:
    """Whether the document shows facts of tenders and the person has not declared to have no conflict of interest."""
    return kind in tender_material.catalogue().made_here and not declarations.opens(actor(), case)


def _closed(case: Case) -> tuple[str, int]:
    head = case_pages.head(case, actor(), language())
    standing = declarations.standing(actor(), case)
    about = declaration_pages.about(case, cases.facts_of(cases.answers_of(case)), language())
    return render_template("attachments/undeclared.html", head=head, current="documents", standing=standing, about=about), 403


def _chosen() -> str:
    """The language asked for, else that of the page."""
    wanted = request.args.get("language", "")
    return wanted if wanted in LANGUAGES else language()


def _incomplete(case: Case, kind: str, material: Material) -> tuple[str, int]:
    return _page("incomplete", case, kind, material), 409


def _page(name: str, case: Case, kind: str, material: Material) -> str:
    return render_template(
        f"documents/{name}.html",
        head=case_pages.head(case, actor(), language()),
        current="documents",
        line=listing.line(kind, case, material.answers, (), language()),
    )
