"""Making an article of the network's memory from an answered request."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.support import article_service, queries
from procure.support.routes import blueprint
from procure.web import wording
from procure.web.access import actor, found, requires


@blueprint.post("/support/<int:number>/article")
@requires("knowledge.write")
def make_article(number: int) -> Response | tuple[str, int]:
    """The article begins; what may tell whose matter it was is decided next."""
    seen: queries.Seen = found(queries.request_to_change(actor(), number))
    try:
        made = article_service.make_article(seen, actor(), clock.today(), clock.now())
    except Refusal as refusal:
        sentences = [wording.sentence(reason) for reason in refusal.reasons]
        return render_template("support/moved_on.html", sentences=sentences, written="", number=number), 409
    flash(_("The article has been begun. Decide next what is removed from it."), "success")
    return redirect(url_for("knowledge.removals", article_number=made.id))
