"""Calendars to subscribe to: making an address, switching it off, and what calendar programs read there."""

import hashlib
from typing import Final

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.infra import clock
from procure.timetables import feed_pages, feed_service, queries
from procure.web.access import actor, found, public, requires
from procure.web.language import language

blueprint = Blueprint("feeds", __name__)

NEW, OFF = "new", "off"
CACHING: Final = "private, no-cache"
"""A calendar program may keep it for itself, and asks each time whether it still holds."""


@blueprint.route("/cases/<reference>/timetable/calendar", methods=["GET", "POST"])
@requires("case.read")
def of_case(reference: str) -> str | Answer:
    """One's own calendar of one case: everybody who reads the case may have one."""
    case: Case = found(cases.case_for(actor(), reference))
    here = url_for("feeds.of_case", reference=reference)
    head = case_pages.head(case, actor(), language())
    return _switched(case, here) or render_template(
        "timetables/feed_case.html", head=head, current="timetable", link=_made(case), feed=queries.feed_row(actor(), case)
    )


@blueprint.route("/account/calendar", methods=["GET", "POST"])
@requires("case.list")
def mine() -> str | Answer:
    """The calendar of all cases for which one is responsible."""
    return _switched(None, url_for("feeds.mine")) or render_template(
        "timetables/feed_mine.html", most=queries.MOST_CASES, link=_made(None), feed=queries.feed_row(actor(), None)
    )


def _made(case: Case | None) -> str:
    """A new address when one is asked for: it is shown once, in the answer. "" else."""
    if request.form.get("act") != NEW:
        return ""
    token = feed_service.make_address(actor(), case, clock.now())
    return str(current_app.config["SETTINGS"].public_url) + url_for("feeds.read", token=token)


def _switched(case: Case | None, here: str) -> Answer | None:
    if request.form.get("act") != OFF:
        return None
    feed_service.switch_off(actor(), case)
    flash(_("The calendar is off. Nothing can be read at its address any more."), "success")
    return redirect(here)


@blueprint.get("/calendar/<token>.ics")
@public
def read(token: str) -> Answer:
    """What a calendar program reads: whoever knows the address. Without the right one there is nothing here."""
    feed = found(feed_service.feed_at(token))
    days = found(feed_service.read_feed(feed, clock.today()))
    name = feed_pages.name_of(days, feed.case_id is not None, feed.language)
    content = feed_pages.file(days, name, feed.language, current_app.config["SETTINGS"].public_url)
    response = make_response(content)
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'inline; filename="procure.ics"'
    response.headers["Cache-Control"] = CACHING
    response.headers["X-Robots-Tag"] = "noindex"
    response.last_modified = max((case.changed_at for case in days), default=None)
    response.set_etag(hashlib.sha256(content).hexdigest())
    # held against the bytes alone: the city's calendar moves days without any case having changed
    return response.make_conditional(request) if request.if_none_match else response
