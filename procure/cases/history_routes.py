"""The history of a case: read, searched, checked, taken along, set right."""

from collections.abc import Iterable, Iterator

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from procure.cases import history_export, history_pages, history_queries, history_service, pages, queries, verifying
from procure.cases.halt_routes import blueprint
from procure.cases.history_forms import CorrectionForm, UndoForm
from procure.cases.models import Case
from procure.domain import corrections
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.fragments import Fragment, fragment, made
from procure.web.language import language

__all__ = ["blueprint"]  # the blueprint of the cases, with these pages in it


@blueprint.get("/cases/<reference>/history")
@requires("case.read")
def history(reference: str) -> str:
    """What was done to the case, the newest first, 50 entries at a time; `?check=1` also checks its chain, `?print=1` is for paper."""
    case = found(queries.case_for(actor(), reference))
    head, arguments = pages.head(case, actor(), language()), request.args.to_dict()
    # what a case's history tells changes with its last hash alone; who reads it decides what of it is theirs to see
    keeps = made if arguments.keys() & {"print", "q"} else fragment  # neither what is long nor what few ask for
    key = "history", case.id, case.last_sequence, case.last_hash, head, actor().id, language(), tuple(arguments.items())
    return render_template(
        "cases/history.html",
        head=head,
        current="history",
        content=keeps(Fragment(key, lambda: _content(case, head, arguments))),
        checked=_checked(case) if "check" in arguments else None,
        now=clock.now(),
    )


def _content(case: Case, head: pages.CaseHead, arguments: dict[str, str]) -> str:
    """The filters and the entries."""
    filters, before = history_pages.filters_from(arguments), history_pages.before_from(arguments)
    for_paper = "print" in arguments
    size = history_pages.PRINT_SIZE if for_paper else history_queries.PAGE_SIZE
    kept = {key: value for key, value in arguments.items() if key not in ("before", "check")}
    return render_template(
        "cases/_history.html",
        head=head,
        page=history_pages.page_of(case, filters, before, size, language()),
        filters=filters,
        no_filters=history_pages.HistoryFilters(),
        groups=history_pages.group_choices(),
        people=history_pages.person_choices(history_queries.people(case)),
        first_page=before == history_queries.LAST,
        kept=kept,
        kept_for_screen={key: value for key, value in kept.items() if key != "print"},
        most_searched=history_queries.MOST_SEARCHED,
        for_paper=for_paper,
    )


def _checked(case: Case) -> history_pages.ChainState:
    return history_pages.chain_state(verifying.check_case(db.session.connection(), case.id))


@blueprint.get("/cases/<reference>/history.csv")
@requires("case.export")
def history_csv(reference: str) -> Response:
    case = found(queries.case_for(actor(), reference))
    _page, corrections = history_queries.events(case, history_queries.Wanted(), 0)
    lines = history_export.csv_lines(case, history_queries.every_event(case), corrections, language())
    return _file(lines, "text/csv; charset=utf-8", f"{case.reference}-history.csv")


@blueprint.get("/cases/<reference>/history.jsonl")
@requires("case.export")
def history_jsonl(reference: str) -> Response:
    case = found(queries.case_for(actor(), reference))
    lines = history_export.json_lines(case, history_queries.every_event(case), clock.now())
    return _file(lines, "application/jsonl; charset=utf-8", f"{case.reference}-history.jsonl")


def _file(lines: Iterator[str], content_type: str, name: str) -> Response:
    """Sent as it is read: the longest history takes no more memory than a page of it."""
    disposition = f'attachment; filename="{name}"'
    return Response(stream_with_context(lines), content_type=content_type, headers={"Content-Disposition": disposition})


@blueprint.route("/cases/<reference>/history/<int:sequence>/correct", methods=["GET", "POST"])
@requires("case.edit")
def correct(reference: str, sequence: int) -> str | AnyResponse | tuple[str, int]:
    case: Case = found(queries.case_to_change(actor(), reference))
    try:
        entry = history_service.entry_to_correct(case, sequence)
    except Refusal as refusal:
        return _nothing_to_do(case, wording.sentence(refusal.reasons[0]))
    form = CorrectionForm()
    if entry.kind not in corrections.WORDED:
        del form.words
    line = _line(case, sequence)
    if form.validate_on_submit():
        words = (form.words.data or "").replace("\r\n", "\n") if form.words else entry.words
        try:
            history_service.correct_event(case, sequence, form.day, words, form.reason.data, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, _("The correction is recorded. Both the earlier entry and the correction stay in the history."))
    form.propose(entry.happened_on, entry.words)
    return _form_page("cases/correct.html", case, form, line)


@blueprint.route("/cases/<reference>/history/<int:sequence>/undo", methods=["GET", "POST"])
@requires("case.edit")
def undo(reference: str, sequence: int) -> str | AnyResponse | tuple[str, int]:
    case: Case = found(queries.case_to_change(actor(), reference))
    offered = history_service.undoable(case, sequence)
    if not any(change.last for change in offered):
        return _nothing_to_do(case, _("There is no change here that could be undone: the answers have been changed since."))
    form = UndoForm()
    lines = history_pages.undo_lines(case, offered, language())
    form.questions.choices = [(line.question, line.label) for line in lines if line.last]
    if form.validate_on_submit():
        try:
            history_service.undo_answers(
                case, sequence, form.questions.data or (), form.reason.data, actor(), clock.today(), clock.now()
            )
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, _("The earlier answers are back. What was undone stays in the history."))
    if not form.is_submitted() and len(form.questions.choices) == 1:
        form.questions.data = [form.questions.choices[0][0]]
    return _form_page("cases/undo.html", case, form, _line(case, sequence), lines)


def _line(case: Case, sequence: int) -> history_pages.HistoryLine:
    wanted = history_queries.Wanted(before=sequence + 1)
    events, corrections = history_queries.events(case, wanted, 1)
    of_this = history_pages.by_corrected(corrections).get(sequence, ())
    return history_pages.line_of(case, events[0], of_this, language())


def _form_page(
    template: str, case: Case, form: CorrectionForm | UndoForm, line: history_pages.HistoryLine,
    lines: Iterable[history_pages.UndoLine] = (),
) -> str | tuple[str, int]:  # fmt: skip
    head = pages.head(case, actor(), language())
    page = render_template(template, head=head, current="history", form=form, line=line, lines=lines)
    return (page, 422) if form.errors or form.form_errors else page


def _done(case: Case, message: str) -> AnyResponse:
    flash(message, "success")
    return redirect(url_for("cases.history", reference=case.reference))


def _nothing_to_do(case: Case, message: str) -> AnyResponse:
    flash(message, "important")
    return redirect(url_for("cases.history", reference=case.reference))
