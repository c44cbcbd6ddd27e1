"""The documents of a case: the list, each on the screen, and as PDF."""

import logging
from typing import Any, Final

from flask import Blueprint, Response, render_template, request, url_for

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.catalogue import material as tender_material
from procure.declarations import pages as declaration_pages
from procure.declarations import queries as declarations
from procure.documents import issuing_service, listing, making, overview, pages, queries, service
from procure.documents.parts import DocumentPage
from procure.documents.service import Material
from procure.domain.documents import subject_of
from procure.domain.language import LANGUAGES
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.pdf import PdfFailed
from procure.letterheads import queries as letterheads
from procure.letterheads.routes import sent
from procure.printing import giving
from procure.support import opinion_queries
from procure.web.access import actor, found, requires
from procure.web.language import NAMES, language

blueprint = Blueprint("documents", __name__)
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
log = logging.getLogger("procure")


@blueprint.get("/cases/<reference>/documents")
@requires("document.read")
def index(reference: str) -> str:
    """The documents of the case, and what each one still lacks."""
    case = found(cases.case_for(actor(), reference))
    material = service.gather(case)
    sealed = tender_material.catalogue().shown_in & set(service.kinds())
    shut = frozenset[str]() if not sealed or declarations.opens(actor(), case) else frozenset(sealed)
    return render_template(
        "documents/index.html",
        head=case_pages.head(case, actor(), language()),
        current="documents",
        overview=overview.overview(material, language(), clock.today(), shut),
        opinions=listing.line(
            service.OPINION, case, material.answers, material.advice, language(), opinion_queries.advised_in(case)
        ).opinions,
        elsewhere=listing.made_elsewhere(case, language()),
        shut=len(shut),
        writes=actor().may("document.write") and not case.only_read,
        names=NAMES,
    )


@blueprint.get("/cases/<reference>/documents/logo/<int:edition>")
@requires("document.read")
def logo(reference: str, edition: int) -> Response:
    """The logo of the case's own city, as the documents on the screen show it to everybody who reads the case."""
    case: Case = found(cases.case_for(actor(), reference))
    letterhead = found(letterheads.edition_of(case.organisation_id, edition))
    return sent(found(letterhead.logo))


@blueprint.get("/cases/<reference>/documents/<kind>")
@requires("document.read")
def preview(reference: str, kind: str) -> str | tuple[str, int]:
    """The document on the screen, from the same template as the PDF."""
    case, material = _asked(reference, kind)
    if is_closed(case, kind):
        return closed(case)
    composition = service.composition_of(kind)
    if composition is None and service.lacking(kind, material.answers):
        return _incomplete(case, kind, material)
    page = pages.page(kind, material, chosen(), clock.today())
    return render_template(
        "documents/preview.html",
        head=case_pages.head(case, actor(), language()),
        current="documents",
        page=page,
        logo_address=_logo_address(case, page),
        missing=listing.missing(kind, material, language()),
        writes=composition is not None and actor().may("document.write") and not case.only_read,
        written=material.written,
        of=material.number if material.number > 1 else None,
        may_aside=bool(material.written.version) and not queries.issued_of(case, kind, subject_of(material.number)),
        issued=issuing_service.issued_already(case, kind, material.number, chosen(), page),
        issues=_issues(kind),
        number=material.opinion.number if material.opinion else None,
        chosen=chosen(),
        words=kind in service.working_kinds(),
        names=NAMES,
    )


def _logo_address(case: Case, page: DocumentPage) -> str:
    if page.letterhead is None or page.letterhead.logo is None:
        return ""
    return url_for("documents.logo", reference=case.reference, edition=page.letterhead.edition)


@blueprint.get("/cases/<reference>/documents/<kind>.pdf")
@requires("document.read")
def pdf(reference: str, kind: str) -> giving.Answer:
    """The document as a file: 409 with what is missing when it cannot be complete, 503 when it could not be made; the page of its
    progress when it takes longer."""
    case, material = _asked(reference, kind)
    if is_closed(case, kind):
        return closed(case)
    if service.composition_of(kind) is None and service.lacking(kind, material.answers):
        return _incomplete(case, kind, material)
    page, number, case_id = pages.page(kind, material, chosen(), clock.today()), material.number, case.id
    name = service.file_name(reference, kind, chosen(), number)

    def failed(trouble: str) -> tuple[str, int]:
        log.warning("document failed %s %s", kind, trouble)
        return _page("failed", found(cases.case_for(actor(), reference)), kind, material), 503

    try:
        job = making.job_of(page)
    except PdfFailed as failure:
        return failed(f"pdf_{failure.reason}")
    where = address(reference, kind, number)
    back = url_for("documents.preview", **where, language=chosen(), request=request.args.get("request"))
    return giving.give(job, name, failed, f"{page.name}, {reference}", back, case_id)


@blueprint.get("/cases/<reference>/documents/<kind>.docx")
@requires("document.read")
def word(reference: str, kind: str) -> Response | tuple[str, int]:
    """A working text as a Word file; refused as the PDF is."""
    found(kind if kind in service.working_kinds() else None)
    case, material = _asked(reference, kind)
    if is_closed(case, kind):
        return closed(case)
    if service.composition_of(kind) is None and service.lacking(kind, material.answers):
        return _incomplete(case, kind, material)
    document = making.word(kind, material, chosen(), clock.today())
    response = Response(document.content, mimetype=DOCX)
    response.headers["Content-Disposition"] = f'attachment; filename="{document.name}"'
    return response


def _asked(reference: str, kind: str) -> tuple[Case, Material]:
    """The case and its facts, or 404: unknown kind, foreign case, and an opinion that is not there look alike."""
    found(kind if kind in service.kinds() else None)
    case: Case = found(cases.case_for(actor(), reference))
    if kind != service.OPINION:
        return case, service.gather(case, kind=kind, number=which(case, kind))
    number = request.args.get("request", type=int)
    return case, service.gather(case, found(service.opinion_of(actor(), case, number)))


def which(case: Case, kind: str) -> int:
    """Which of its kind is asked for (`?of=2`): the first without it, 404 for one that nobody has begun."""
    number = request.args.get("of", 1, type=int)
    return int(found(number if number > 0 and service.is_one(case, kind, number) else None))


def address(reference: str, kind: str, number: int) -> dict[str, Any]:
    """Where a document is: the first of its kind has the kind's own address."""
    return {"reference": reference, "kind": kind} | ({"of": number} if number > 1 else {})


def is_closed(case: Case, kind: str) -> bool:
    """Whether the document shows facts of tenders and the person has not declared to have no conflict of interest."""
    return kind in tender_material.catalogue().shown_in and not declarations.opens(actor(), case)


def _issues(kind: str) -> bool:
    """Whether the person may issue documents of that kind."""
    if kind in issuing_service.MADE_ELSEWHERE:
        return False
    try:
        issuing_service.check_issuer(kind, actor())
    except Refusal:
        return False
    return True


def closed(case: Case) -> tuple[str, int]:
    head = case_pages.head(case, actor(), language())
    standing = declarations.standing(actor(), case)
    about = declaration_pages.about(case, cases.facts_of(cases.answers_of(case)), language())
    return render_template("attachments/undeclared.html", head=head, current="documents", standing=standing, about=about), 403


def chosen() -> str:
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
