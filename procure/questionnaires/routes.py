"""Pages of filing a case: starting one, its tasks, its questions, its answers, its case file."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from procure.cases import advised
from procure.cases import pages as case_pages
from procure.cases import queries as case_queries
from procure.cases.models import Case
from procure.cases.queries import facts_of
from procure.domain.outcomes import Refusal
from procure.domain.questions import Answers, section_state
from procure.infra import clock
from procure.knowledge import pages as knowledge_pages
from procure.knowledge import queries as knowledge_queries
from procure.questionnaires import answers as kept
from procure.questionnaires import casefiles, pages, queries, service
from procure.questionnaires.forms import CHECK, PageForm, page_form, start_form
from procure.questionnaires.pages import Place
from procure.questionnaires.service import Conflict
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("questionnaires", __name__)

OFFERED = 12
"""Articles on a page of questions, at its questions and beside them; of the latter at most the next number."""
OFFERED_BESIDE = 3


@blueprint.route("/cases/new", methods=["GET", "POST"])
@requires("case.open")
def start() -> str | Answer | tuple[str, int]:
    """Three questions, then the task list."""
    form = start_form()
    if form.is_submitted():
        form.validate()
        given = {question: answer.value for question, answer in form.read().items()}
        if not form.errors:
            case = service.start_case(given, form.one_time_key, actor(), clock.today(), clock.now())
            return redirect(url_for("questionnaires.tasks", reference=case.reference))
    page = render_template(
        "questionnaires/start.html", form=form, hints=lambda question: pages.choice_hints(question, language())
    )
    return (page, 422) if form.errors else page


@blueprint.get("/cases/<reference>/answers")
@requires("case.read")
def tasks(reference: str) -> str:
    """The sections with their state; for those who only read, the answers themselves."""
    case: Case = found(case_queries.case_for(actor(), reference))
    head = case_pages.head(case, actor(), language())
    if not head.may_edit:
        return _check(case)
    answers = facts_of(case_queries.answers_of(case))
    questionnaire = pages.questionnaire_of(case)
    states = [section_state(section, answers) for section in questionnaire.sections]
    return render_template(
        "questionnaires/tasks.html", head=head, current="answers", case=case, done=states.count("done"), total=len(states),
        groups=pages.task_groups(questionnaire, answers, language()),
    )  # fmt: skip


@blueprint.get("/cases/<reference>/answers/check")
@requires("case.read")
def check(reference: str) -> str:
    """Every answer on one page, and what is still missing."""
    return _check(found(case_queries.case_for(actor(), reference)))


def _check(case: Case) -> str:
    answers = facts_of(case_queries.answers_of(case))
    sections = pages.section_lines(pages.questionnaire_of(case), answers, language(), case.organisation.code)
    missing = [(section.id, line) for section in sections for line in section.lines if line.state == "missing"]
    head = case_pages.head(case, actor(), language())
    return render_template("questionnaires/check.html", head=head, current="answers", sections=sections, missing=missing)


@blueprint.route("/cases/<reference>/answers/<section>/<page>", methods=["GET", "POST"])
@requires("case.edit")
def page(reference: str, section: str, page: str) -> str | Answer | tuple[str, int]:
    """One topic: its questions with the saved answers."""
    case: Case = found(case_queries.case_to_change(actor(), reference))
    rows = queries.answer_rows(case)
    answers = facts_of(list(rows.values()))
    questionnaire = pages.questionnaire_of(case)
    here = pages.place(questionnaire, answers, section, page)
    if here is None:
        found(next((p for s in questionnaire.sections if s.id == section for p in s.pages if p.id == page), None))
        return redirect(url_for("questionnaires.tasks", reference=reference))
    form = page_form(questionnaire.edition, section, page, here.asked, answers, case.language, case.organisation.code)
    versions = {question: row.version for question, row in rows.items()}
    now_seen = kept.seen_text(here.asked, answers, versions, case.language)
    if not form.is_submitted():
        form.seen.data = now_seen
        return _page(case, here, form)
    if form.rearrange(request.form):
        return _page(case, here, form)
    return _save(case, here, form, now_seen)


def _save(case: Case, here: Place, form: PageForm, now_seen: str) -> str | Answer | tuple[str, int]:
    later = bool(form.later.data)
    form.validate()
    given = form.read(strict=not later)
    if form.errors:
        return _page(case, here, form), 422
    try:
        service.save_page(case, here.page, given, kept.read_seen(form.seen.data or ""), actor(), clock.today(), clock.now())
    except Conflict as conflict:
        wording.put_into(form, conflict)
        form.seen.data = now_seen
        return _page(case, here, form, {clash.question: clash for clash in conflict.clashes}), 409
    except Refusal as refusal:
        wording.put_into(form, refusal)
        return _page(case, here, form), 422
    return _go_on(case, here, later)


def _go_on(case: Case, here: Place, later: bool) -> Answer:
    """After saving: the page that follows, the answers when one came from there, or the tasks."""
    if later:
        flash(_("Your answers have been saved."), "success")
        return redirect(url_for("questionnaires.tasks", reference=case.reference))
    answers = facts_of(case_queries.answers_of(case))
    then = pages.following(pages.questionnaire_of(case), answers, here.section.id, here.page.id)
    if then is None or request.args.get("from") == "check":
        return redirect(url_for("questionnaires.check", reference=case.reference))
    return redirect(url_for("questionnaires.page", reference=case.reference, section=then.section.id, page=then.page.id))


def _page(case: Case, here: Place, form: PageForm, clashes: dict[str, service.Clash] | None = None) -> str:
    view = pages.page_view(case, here, form.words(), clashes or {}, language())
    offers = knowledge_queries.offered(
        language(), clock.today(), section=here.section.id, questions=[question.id for question in here.asked], most=OFFERED
    )
    head = case_pages.head(case, actor(), language())
    checked = CHECK in request.form
    notes = advised.in_section(case, here.section.id, language())
    return render_template(
        "questionnaires/page.html", head=head, place=here, form=form, view=view, checked=checked,
        offers=knowledge_pages.at_questions(offers), known=knowledge_pages.elsewhere(offers)[:OFFERED_BESIDE],
        notes=notes,
    )  # fmt: skip


@blueprint.get("/cases/<reference>/case-file.json")
@requires("case.export")
def export(reference: str) -> Response:
    """The case as a file that another Procure reads."""
    case: Case = found(case_queries.case_for(actor(), reference))
    answers: Answers = facts_of(case_queries.answers_of(case))
    response = Response(casefiles.written(case, answers), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{case.reference}.json"'
    return response
