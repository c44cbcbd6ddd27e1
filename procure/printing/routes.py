"""The page that shows how far a document is, and then gives it. It looks again by itself, without scripts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from procure.domain.leases import FAILED, OPEN, READY
from procure.domain.outcomes import Reason
from procure.printing import queries
from procure.printing.models import DocumentJob
from procure.printing.service import FILE
from procure.web import wording
from procure.web.access import actor, found, requires

blueprint = Blueprint("printing", __name__)

LOOK_AGAIN_SECONDS: Final = 2


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says of a finished job: `ready` and `failed` are its headings, `link` leads to `href`."""

    ready: str
    text: str
    href: str
    link: str
    failed: str
    nothing: str
    """What has not happened when it failed; "" where that goes without saying."""


def _file(job: DocumentJob) -> Told:
    return Told(
        ready=_("The document is ready"), text=_("The download begins by itself. If it does not, use the link."), href=job.href,
        link=_("Download as PDF"), failed=_("The document could not be made"), nothing=_("Nothing has been lost."),
    )  # fmt: skip


TELLERS: Final[dict[str, Callable[[DocumentJob], Told]]] = {FILE: _file}
"""What the page says of each kind of work: features put themselves here."""


@blueprint.get("/making/<int:number>")
@requires("account.own")
def job(number: int) -> Response:
    """How far it is; then the file, or what has become of it. 404 for everybody but the person who asked."""
    one: DocumentJob = found(queries.job_for(actor(), number))
    waits, told = one.state in OPEN, TELLERS[one.work](one)
    page = render_template(
        "printing/job.html",
        job=one,
        told=told,
        waits=waits,
        ready=one.state == READY,
        why=wording.sentence(Reason(one.trouble)) if one.state == FAILED else "",
    )
    headers = {}
    if waits:
        headers["Refresh"] = f"{LOOK_AGAIN_SECONDS}; url={url_for('printing.job', number=number, waited=1)}"
    elif one.state == READY and one.work == FILE and "waited" in request.args:
        headers["Refresh"] = f"0; url={told.href}"
    return Response(page, headers=headers)
