"""A sample document on one edition of a city's letterhead, on the screen and as PDF."""

import logging

from flask import render_template, request, url_for
from flask_babel import gettext as _

from procure.documents import making, sample
from procure.documents.parts import DocumentPage
from procure.documents.routes import blueprint, chosen
from procure.infra import clock
from procure.infra.pdf import PdfFailed
from procure.letterheads import queries as letterheads
from procure.printing import giving
from procure.web.access import actor, found, requires
from procure.web.language import NAMES

__all__ = ["blueprint"]

log = logging.getLogger("procure")


@blueprint.get("/city/letterhead/<int:edition>/sample")
@requires("city.papers.read")
def letterhead_sample(edition: int) -> str:
    """The sample on the screen: one for outsiders, or with `?inside=1` an internal one."""
    return _shown(edition, "")


@blueprint.get("/city/letterhead/<int:edition>/sample.pdf")
@requires("city.papers.read")
def letterhead_sample_pdf(edition: int) -> giving.Answer:
    page = _page(edition)

    def failed(trouble: str) -> tuple[str, int]:
        log.warning("sample failed %s", trouble)
        return _shown(edition, _("The document could not be made just now. Try again.")), 503

    try:
        job = making.job_of(page)
    except PdfFailed as failure:
        return failed(f"pdf_{failure.reason}")
    back = url_for("documents.letterhead_sample", edition=edition, language=page.language, inside=request.args.get("inside"))
    return giving.give(job, f"{page.language}-{edition}.pdf", failed, page.name, back)


def _page(edition: int) -> DocumentPage:
    by = actor()
    letterhead = found(letterheads.edition_for(by, edition))
    return sample.page(letterhead, by.organisation_names, chosen(), not _inside(), clock.today())


def _inside() -> bool:
    return request.args.get("inside") == "1"


def _shown(edition: int, failure: str) -> str:
    page = _page(edition)
    address = url_for("letterheads.logo", edition=edition) if making.logo_of(page) else ""
    return render_template(
        "letterheads/sample.html",
        page=page, logo_address=address, edition=edition, inside=_inside(), chosen=chosen(), names=NAMES, failure=failure,
    )  # fmt: skip
