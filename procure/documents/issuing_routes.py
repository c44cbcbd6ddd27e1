"""Issuing documents, and what has been issued: the very bytes, and what has changed since."""

import logging

from flask import Response, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.catalogue import documents as document_catalogue
from procure.documents import issuing_job, issuing_pages, issuing_service, overview, queries, service
from procure.documents.models import IssuedDocument
from procure.documents.routes import address, chosen, closed, is_closed, which
from procure.documents.several_routes import blueprint
from procure.domain.documents import which as of_kind
from procure.domain.outcomes import Reason, Refusal
from procure.infra import clock
from procure.infra.storage import StorageFailed, storage_at
from procure.printing import giving
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

__all__ = ["blueprint"]

log = logging.getLogger("procure")

Answer = str | Response | Redirect | tuple[str, int]


@blueprint.post("/cases/<reference>/documents/<kind>/issue")
@requires("document.issue")
def issue(reference: str, kind: str) -> Answer:
    """Give the document as it stands now a number and keep it for good."""
    found(kind if kind in service.kinds() and kind not in issuing_service.MADE_ELSEWHERE else None)
    case: Case = found(cases.case_to_change(actor(), reference))
    if is_closed(case, kind):
        return closed(case)
    number = which(case, kind)
    back = url_for("documents.preview", **address(reference, kind, number), language=chosen())
    try:
        prepared = issuing_service.prepare(kind, service.gather(case, kind=kind, number=number), chosen(), actor(), clock.today())
    except Refusal as refusal:
        for reason in refusal.reasons:
            flash(wording.sentence(reason), "error")
        return redirect(back)
    standing = giving.have_made(issuing_job.wanted(prepared, case, actor(), back))  # nobody waits for this case meanwhile
    if standing.waits:
        return giving.to_page(standing)
    if standing.trouble:
        flash(f"{_('Nothing has been issued.')} {wording.sentence(Reason(standing.trouble))}.", "error")
        return redirect(back)
    version = queries.version_of(case.id, standing.issued)
    flash(issuing_pages.issued_sentence(reference, standing.issued, version), "success")
    return redirect(url_for("documents.issued", reference=reference, number=standing.issued))


@blueprint.get("/cases/<reference>/documents/issued/<int:number>")
@requires("document.read")
def issued(reference: str, number: int) -> Answer:
    """One issued document: its marks, its fingerprint, and what the case says otherwise now."""
    case: Case = found(cases.case_for(actor(), reference))
    one: IssuedDocument = found(queries.issued_number(case, number))
    if is_closed(case, one.kind):
        return closed(case)
    of = of_kind(one.subject)
    material = service.gather(case, kind=one.kind, number=of)
    siblings = queries.issued_of(case, one.kind, one.subject)
    return render_template(
        "documents/issued.html",
        head=case_pages.head(case, actor(), language()),
        current="documents",
        one=overview.issued_line(case, one, siblings, language()),
        name=document_catalogue.catalogue().get(one.kind).name[language()],
        of=of if of > 1 else None,
        changes=issuing_service.changed_since(one, material, clock.today()),
        others=[overview.issued_line(case, other, siblings, language()) for other in siblings if other.id != one.id],
    )


@blueprint.get("/cases/<reference>/documents/issued/<int:number>/<name>")
@requires("document.read")
def issued_file(reference: str, number: int, name: str) -> Answer:
    """The bytes as they were issued, from the storage."""
    case: Case = found(cases.case_for(actor(), reference))
    one: IssuedDocument = found(queries.issued_number(case, number))
    if is_closed(case, one.kind):
        return closed(case)
    found(name if name == one.file_name else None)
    if request.if_none_match.contains(one.sha256):
        return Response(status=304)
    try:
        stream = storage_at(current_app.config["SETTINGS"].storage_url).open(one.storage_key)
    except StorageFailed as failure:
        log.error("issued document failed %s", failure)
        head = case_pages.head(case, actor(), language())
        return render_template("documents/away.html", head=head, current="documents", file_name=one.file_name), 503
    response = send_file(
        stream,  # type: ignore[arg-type]
        mimetype="application/pdf", as_attachment=True, download_name=name, conditional=False, etag=False,
    )  # fmt: skip
    response.content_length = one.size
    response.set_etag(one.sha256)
    return response
