"""The coordinator's figures: the page, the document, the sheet, and the requests behind a figure."""

import logging
from datetime import date, datetime
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from procure.catalogue import topics
from procure.domain import figures
from procure.domain.language import LANGUAGES
from procure.figures import pages, paper, queries, service, sheet, words
from procure.figures.models import FigureRun
from procure.figures.pages import Chosen, Material, Report
from procure.figures.queries import City, Wanted
from procure.infra import clock, sheets
from procure.printing import giving
from procure.support.pages import DESK_STATES
from procure.web.access import actor, requires
from procure.web.fragments import Fragment, fragment
from procure.web.language import NAMES, language

blueprint = Blueprint("figures", __name__)
log = logging.getLogger("procure")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/figures")
@requires("figures.read", hidden=True)
def index() -> str:
    """Every figure of the chosen period, topic and city. Kept once made, for as long as no figure has changed."""
    run = queries.run()
    asked = (request.args.get("period", ""), _topic(), request.args.get("city", ""))
    body = fragment(Fragment(("figures", run.changed_at, language(), clock.today(), asked), lambda: _body(run)))
    return render_template("figures/index.html", body=body, counted_at=run.checked_at)


def _body(run: FigureRun) -> str:
    cities = queries.cities()
    chosen = _chosen(run, cities)
    return render_template(
        "figures/_body.html",
        report=_report(chosen, cities, language()),
        chosen=chosen,
        counted=run.changed_at is not None,
        periods=words.period_choices(chosen.since, clock.today()),
        topics=tuple((topic.id, topic.name[language()]) for topic in topics.catalogue().all),
        cities=tuple((city.code, city.names[language()]) for city in cities),
        names=NAMES,
        number=words.number,
        days_name=words.days_name,
        period_name=words.period_name(chosen.period, language()),
        language=language(),
    )


@blueprint.get("/figures.pdf")
@requires("figures.read", hidden=True)
def pdf() -> giving.Answer:
    """The same as a document: 503 when it could not be made; the page of its progress when it takes longer."""
    run, cities = queries.run(), queries.cities()
    chosen, wanted = _chosen(run, cities), request.args.get("language", "")
    code = wanted if wanted in LANGUAGES else language()
    document = paper.make(chosen, lambda: _report(chosen, cities, code), run.checked_at, code, clock.today())

    def failed(trouble: str) -> tuple[str, int]:
        log.warning("document failed figures %s", trouble)
        return render_template("figures/failed.html", query=chosen.query()), 503

    query: dict[str, Any] = {**chosen.query()}
    back = url_for("figures.index", **query)
    return giving.give(document.job, document.name, failed, document.job.title, back)


@blueprint.get("/figures.xlsx")
@requires("figures.read", hidden=True)
def xlsx() -> AnyResponse:
    """The same as a sheet: a line for each number."""
    run, cities = queries.run(), queries.cities()
    report = _report(_chosen(run, cities), cities, language())
    content = sheets.xlsx(sheet.name(), sheet.head(), sheet.rows(report), sheet.WIDTHS)
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=f"{sheet.FILE_NAMES[language()]}.xlsx")


@blueprint.get("/figures/requests")
@requires("figures.read", hidden=True)
def behind() -> str:
    """The requests behind a figure, the newest first, 50 at a time."""
    cities = queries.cities()
    by_id = {city.id: city for city in cities}
    rows, more = queries.behind(actor(), _wanted(cities), _after())
    moment = "answered_at" if request.args.get("what") == "issued" else "asked_at"
    arguments = {name: value for name, value in request.args.items() if name != "after"}
    return render_template(
        "figures/requests.html",
        rows=rows,
        topic_name=lambda topic: words.topic_name(topic, language()),
        city_name=lambda city: by_id[city].names[language()] if city in by_id else "",
        states=DESK_STATES,
        following={**arguments, "after": f"{getattr(rows[-1], moment).timestamp()}.{rows[-1].number}"} if more else None,
        first_page="after" not in request.args,
        arguments=arguments,
        back={name: value for name, value in arguments.items() if name in ("period",)},
    )


def _topic() -> str:
    topic = request.args.get("topic", "")
    return topic if topic in {known.id for known in topics.catalogue().all} else figures.ALL_TOPICS


def _city(cities: tuple[City, ...]) -> City | None:
    return next((city for city in cities if city.code == request.args.get("city")), None)


def _chosen(run: FigureRun, cities: tuple[City, ...]) -> Chosen:
    since = run.since or clock.today()
    period = figures.period(request.args.get("period", ""), clock.today(), since)
    return Chosen(period, _topic(), _city(cities), since)


def _report(chosen: Chosen, cities: tuple[City, ...], code: str) -> Report:
    """Three or four queries, however many requests there are."""
    cells = queries.cells(actor(), chosen.period, chosen.topic, chosen.city_id)
    open_cells = queries.open_cells(actor(), chosen.topic, chosen.city_id)
    own = [cell for cell in cells if (cell.topic, cell.city) == (chosen.topic, chosen.city_id)]
    people = queries.names_of_people(pages.people_of(own, open_cells))
    articles = {number: name[code] for number, name in service.article_names(pages.articles_of(own)).items()}
    return pages.report(Material(chosen, cells, open_cells, cities, people, articles, clock.today(), code))


def _wanted(cities: tuple[City, ...]) -> Wanted:
    city, product = _city(cities), request.args.get("product")
    return Wanted(
        what=request.args.get("what", "asked"), first=_day("from"), last=_day("to"), topic=_topic(),
        city=city.id if city else figures.ALL_CITIES, kind=request.args.get("kind", ""),
        product="" if product == "none" else product, expert=request.args.get("expert", type=int),
    )  # fmt: skip


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _after() -> tuple[datetime, int] | None:
    """The last row of the page before, as `moment.number`."""
    moment, _dot, number = request.args.get("after", "").rpartition(".")
    try:
        return datetime.fromtimestamp(float(moment), clock.now().tzinfo), int(number)
    except (ValueError, OverflowError, OSError):
        return None
