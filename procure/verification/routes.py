"""The page on which anybody checks a document."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from procure.domain import seals
from procure.domain.attachments import MEGABYTE
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.verification import pages, service
from procure.verification.forms import VerifyForm
from procure.web import wording
from procure.web.access import public
from procure.web.language import language
from procure.web.uploads import takes_files

blueprint = Blueprint("verification", __name__)


@blueprint.route("/verify", methods=["GET", "POST"])
@public
@takes_files(service.LARGEST_FILE, strangers=True)
def verify() -> tuple[str, int]:
    """Whether a file was issued here and what its seals say. The file is read in a process apart, and kept nowhere."""
    form = VerifyForm()
    answer, status = None, 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            service.count(request.remote_addr or "", clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
            status = 429
        else:
            answer = service.verify(form.file.data.stream.read(), clock.now())
            status = 503 if answer.examined.trouble == seals.BUSY else 200
    view = pages.view(answer, language()) if answer else None
    heading = view.heading if view else _("Check a document")
    most = service.LARGEST_FILE // MEGABYTE
    return render_template("verification/verify.html", form=form, view=view, heading=heading, most=most), status
