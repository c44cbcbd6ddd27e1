"""The portfolio of a city: the page, the report, the sheets, and the cases behind a figure."""

import logging
from typing import Any

from flask import Blueprint, Response, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from procure.cases.pages import procedure_choices, stage_name
from procure.domain import portfolio
from procure.domain.language import LANGUAGES
from procure.domain.stages import traffic_light
from procure.figures import words as figure_words
from procure.infra import clock, sheets
from procure.infra.pdf import PdfFailed
from procure.letterheads import queries as letterheads
from procure.portfolio import pages, paper, queries, sheet, words
from procure.portfolio.choosing import chosen_of, number
from procure.portfolio.pages import Chosen, Report
from procure.portfolio.queries import Wanted
from procure.portfolio.timeline import timeline
from procure.printing import giving
from procure.web.access import actor, requires
from procure.web.fragments import Fragment, fragment
from procure.web.language import NAMES, language

blueprint = Blueprint("portfolio", __name__)
log = logging.getLogger("procure")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/portfolio")
@requires("portfolio.read", hidden=True)
def index() -> str:
    """Every figure of the city's chosen cases, in five queries however many there are. Kept once made, for as long as no figure
    has changed."""
    run, chosen = queries.run(), _chosen()
    key = ("portfolio", run.changed_at, actor().organisation_id, language(), clock.today(), chosen)
    return render_template(
        "portfolio/index.html",
        body=fragment(Fragment(key, lambda: _body(chosen))),
        counted_at=run.checked_at,
        filters=chosen.query(),
    )


def _body(chosen: Chosen) -> str:
    return render_template(
        "portfolio/_body.html",
        report=_report(chosen, language()),
        chosen=chosen,
        choices=_choices(chosen),
        names=NAMES,
        number=figure_words.number,
        days_name=pages.days_words,
        period_name=pages.period_words(chosen.period, language()),
        goal=portfolio.GOAL,
        small_note=words.small_note(),
        language=language(),
    )


@blueprint.get("/portfolio.pdf")
@requires("portfolio.read", hidden=True)
def pdf() -> giving.Answer:
    """The same as a document: 503 when it could not be made; the page of its progress when it takes longer."""
    run, chosen, wanted = queries.run(), _chosen(), request.args.get("language", "")
    code = wanted if wanted in LANGUAGES else language()
    sender, today = letterheads.sender_for(actor()), clock.today()

    def failed(trouble: str) -> tuple[str, int]:
        log.warning("document failed portfolio %s", trouble)
        return render_template("portfolio/failed.html", query=chosen.query()), 503

    try:
        document = paper.make(chosen, lambda: _report(chosen, code), sender, run.checked_at, code, today)
    except PdfFailed as failure:
        return failed(f"pdf_{failure.reason}")
    query: dict[str, Any] = {**chosen.query()}
    back = url_for("portfolio.index", **query)
    return giving.give(document.job, document.name, failed, document.job.title, back)


@blueprint.get("/portfolio.xlsx")
@requires("portfolio.read", hidden=True)
def xlsx() -> AnyResponse:
    """Every table as a sheet: a line for each number."""
    rows = sheet.rows(_report(_chosen(), language()))
    content = sheets.xlsx(sheet.name(), sheet.head(), rows, sheet.WIDTHS)
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=f"{sheet.FILE_NAMES[language()]}.xlsx")


@blueprint.get("/portfolio.csv")
@requires("portfolio.read", hidden=True)
def csv() -> Response:
    """The same lines as CSV."""
    lines = list(sheets.csv_lines(sheet.head(), sheet.rows(_report(_chosen(), language()))))
    response = Response("".join(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{sheet.FILE_NAMES[language()]}.csv"'
    return response


@blueprint.get("/portfolio/cases")
@requires("portfolio.read", hidden=True)
def cases() -> str:
    """The cases behind a figure as a list and on a timeline, the newest first, 25 at a time."""
    chosen, today = _chosen(), clock.today()
    rows, more = queries.behind(actor(), chosen.filters, _wanted(), language(), today, number(request.args, "after"))
    arguments = {name: value for name, value in request.args.items() if name != "after"}
    return render_template(
        "portfolio/cases.html",
        rows=rows,
        drawing=timeline(rows, today),
        stage_of=lambda row: stage_name(row.procedure, row.procedure_edition, row.stage, language()),
        light_of=lambda row: traffic_light(row.next_date, today, finished=not row.stage),
        state_names=words.STATE_NAMES,
        following={**arguments, "after": str(rows[-1].id)} if more else None,
        first_page="after" not in request.args,
        arguments=arguments,
        back=chosen.query(),
    )


def _choices(chosen: Chosen) -> dict[str, tuple[tuple[str, str], ...]]:
    """What each filter offers."""
    today = clock.today()
    periods = figure_words.period_choices(chosen.since, today)
    return {
        "period": (*periods[:2], *words.quarters(chosen.since, today), *periods[2:]),
        "person": tuple((str(number), name) for number, name in chosen.people),
        "procedure": procedure_choices(language()),
        "theme": words.theme_choices(language()),
        "state": tuple((state, str(name)) for state, name in words.STATE_NAMES.items()),
    }


def _chosen() -> Chosen:
    """The filters as the address has them."""
    return chosen_of(actor(), request.args, clock.today())


def _report(chosen: Chosen, code: str) -> Report:
    return pages.report(chosen, queries.cells(actor(), chosen.filters), code)


def _wanted() -> Wanted:
    words_of = {
        name: request.args.get(name, "")[:40]
        for name in ("what", "stage", "phase", "leg", "passed", "reworked", "light", "review", "effect")
    }
    return Wanted(**words_of, level=number(request.args, "level"))
