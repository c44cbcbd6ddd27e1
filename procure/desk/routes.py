"""My work, and the overview of a case."""

from datetime import date
from functools import partial

from flask import Blueprint, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from procure.advice import noticing
from procure.cases import advised
from procure.cases import pages as case_pages
from procure.cases import queries as case_queries
from procure.cases.list_pages import DATE_WORDS
from procure.cases.models import Case
from procure.cases.pages import CaseHead
from procure.desk import manager, pages, queries, work
from procure.domain import stages, waiting
from procure.domain.permissions import NETWORK_ROLES, Actor
from procure.infra import clock
from procure.knowledge import queries as knowledge_queries
from procure.results import pages as result_pages
from procure.results import queries as result_queries
from procure.results import service as result_service
from procure.support import pages as support_pages
from procure.support import queries as support_queries
from procure.timetables import pages as timetable_pages
from procure.web.access import actor, found, requires
from procure.web.fragments import Fragment, fragment
from procure.web.language import language

blueprint = Blueprint("desk", __name__)


@blueprint.get("/")
@requires("desk.read")
def home() -> str | Response:
    """What waits for me, for a manager the decisions and the city at a glance; somebody who has not signed in gets the sign-in page."""
    by, today = actor(), clock.today()
    whose = request.args.get("whose", "")
    if by.role == "manager" and whose not in ("mine", "city"):
        return render_template("desk/manager.html", glance=_glance(by, today))
    city = work.sees_city(by, whose)
    if by.role in NETWORK_ROLES:
        advice = work.network_lines(by, language(), today)
        page = pages.home_page(by, city, language(), today, advice)
        return render_template("desk/home.html", page=page, work=None, chooses=False, date_words=DATE_WORDS)
    page = pages.home_page(by, city, language(), today, ())
    waits = work.work(by, city, language(), today) if by.may("case.list") else None
    chooses = by.role in work.CITY_VIEW
    return render_template("desk/home.html", page=page, work=waits, chooses=chooses, date_words=DATE_WORDS)


def _glance(by: Actor, today: date) -> Markup:
    """What a manager's first screen holds; kept once drawn, for as long as its rows and the day are the same."""
    found = manager.seen(by, language(), today)
    key = manager.standing_key(by, found, language(), today, clock.now())
    standing = fragment(Fragment(key, lambda: render_template("desk/_standing.html", phases=manager.standing(by, today))))
    shown = ("first screen", language(), today, standing, found)
    page = partial(manager.page, found, language(), today)
    return fragment(Fragment(shown, lambda: render_template("desk/_glance.html", page=page(), standing=standing)))


@blueprint.get("/work")
@requires("case.list")
def all_work() -> str:
    """Everything that waits, 25 at a time."""
    by, today = actor(), clock.today()
    after = waiting.read(request.args.get("after", ""))
    city = work.sees_city(by, request.args.get("whose", ""))
    found = work.work(by, city, language(), today, after)
    chooses = by.role in work.CITY_VIEW
    return render_template("desk/work.html", work=found, whole_city=city, chooses=chooses, first_page=after is None)


@blueprint.get("/cases/<reference>")
@requires("case.read")
def case(reference: str) -> str:
    """One case: where it is, what the present stage lacks, its dates, documents and advice."""
    shown = found(case_queries.case_for(actor(), reference))
    head = case_pages.head(shown, actor(), language())
    today = clock.today()
    # whatever is done to a case is an event in its log, and moves its last hash; the marks tell the rest
    key = (
        "case", shown.id, shown.last_sequence, shown.last_hash, head, shown.responsible.name,
        tuple(partner.organisation_id for partner in shown.partners), today, language(), queries.marks_of(shown),
    )  # fmt: skip
    content = fragment(Fragment(key, lambda: _content(shown, head, today)))
    return render_template("desk/case.html", head=head, current="progress", content=content)


def _content(shown: Case, head: CaseHead, today: date) -> str:
    """The page of a case below its title."""
    logged = result_queries.events_with_stages(shown)
    events = [event for event in logged if event.kind in stages.REPLAYED]
    standing = result_service.standing_from(shown, logged)
    answers = case_queries.facts_of(case_queries.answers_of(shown))
    page = pages.case_page(shown, events, answers, case_queries.deadlines_of(shown), language(), today)
    advice = support_queries.summary_for_case(shown)
    issued = any(item.state == "answered" for item in advice)  # else there is nothing to look for
    return render_template(
        "desk/_case.html",
        page=page,
        head=head,
        today=today,
        drawing=timetable_pages.drawing(page.plan, today, language()) if page.plan else None,
        notes=advised.in_stage(shown, page.panel.id, language()) if page.panel and issued else (),
        changed=noticing.changed_advice(shown, answers, today, language()),
        advice=support_pages.advice_lines(advice, language()),
        reviews=result_pages.case_reviews(standing),
        contract_ahead=standing.contract_ahead,
        offers=knowledge_queries.offered(language(), today, stage=shown.stage),
    )
