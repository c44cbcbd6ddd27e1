"""My work, and the overview of a case."""

from datetime import date

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from procure.advice import noticing
from procure.cases import pages as case_pages
from procure.cases import queries as case_queries
from procure.cases.models import Case
from procure.cases.pages import CaseHead
from procure.desk import pages, queries
from procure.infra import clock
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
    """What waits for me; somebody who has not signed in gets the sign-in page."""
    advice = support_pages.work_items(support_queries.waiting_for(actor()), language())
    page = pages.home_page(actor(), language(), clock.today(), advice)
    return render_template("desk/home.html", page=page)


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
    events = case_queries.stage_events_of(shown)
    answers = case_queries.facts_of(case_queries.answers_of(shown))
    page = pages.case_page(shown, events, answers, case_queries.deadlines_of(shown), language(), today)
    return render_template(
        "desk/_case.html",
        page=page,
        head=head,
        today=today,
        drawing=timetable_pages.drawing(page.plan, today, language()) if page.plan else None,
        changed=noticing.changed_advice(shown, answers, today, language()),
        advice=support_pages.advice_lines(support_queries.summary_for_case(shown), language()),
    )
