"""The list of cases: searched, filtered, kept as views, in chosen columns, taken away as a file."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from flask import flash, redirect, render_template, request, send_file, stream_with_context, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from procure.cases import list_files, list_pages, list_queries, list_service, queries
from procure.cases.history_routes import blueprint
from procure.cases.list_forms import ColumnsForm, RemoveViewForm, ViewForm
from procure.cases.list_queries import Filters
from procure.cases.pages import procedure_choices, stage_choices
from procure.domain.outcomes import Refusal
from procure.infra import clock, sheets
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

__all__ = ["blueprint"]  # that of the cases: the application takes it from here, so that these pages are in it

FILE_NAMES: Final = {"fi": "hankinnat", "sv": "upphandlingar", "en": "cases"}
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Answer = str | Response | tuple[str, int]


@blueprint.get("/cases")
@requires("case.list")
def index() -> str | Response:
    """The city's cases, 25 at a time, with search and filters. A reference and nothing else leads straight to its case."""
    by, today, filters = actor(), clock.today(), _filters()
    after = list_pages.cursor_from(request.args.get("after", ""))
    reference = list_pages.reference_in(filters)
    if reference and queries.case_for(by, reference) is not None:
        return redirect(url_for("desk.case", reference=reference))
    page = list_queries.list_page(by, filters, language(), today, after)
    columns = list_pages.columns_from(page.columns)
    following = {**request.args.to_dict(), "after": list_pages.cursor_of(page.rows[-1], filters)} if page.more else None
    query = list_pages.query_of(filters, by.id)
    return render_template(
        "cases/index.html",
        table=_drawn(page.rows, filters, columns) if page.rows else "",
        filters=filters,
        query=query,
        views=page.views,
        following=following,
        first_page=after is None,
        first_arguments={key: value for key, value in request.args.items() if key != "after"},
        no_filters=Filters(),
        filter_form=_filter_form_of(filters),
    )


def _filters() -> Filters:
    return list_pages.filters_from(request.args, language(), actor().id)


def _drawn(rows: Sequence[list_queries.CaseRow], filters: Filters, columns: tuple[str, ...]) -> Markup:
    """The rows in the page's language. Names and the reasons of a search are read only when they are shown; a list without them is
    looked at again and again, and kept once drawn, as drawing it is half of its cost."""
    by, today = actor(), clock.today()
    if not filters.text and not {"responsible", "city"} & set(columns):
        return _kept_table(tuple(rows), by.organisation_id, today, columns, language())
    people, cities = list_queries.names_of(rows, language()) if {"responsible", "city"} & set(columns) else ({}, {})
    whys = list_queries.whys(by, rows, filters.text, language()) if filters.text else {}
    names = (people if "responsible" in columns else {}, cities if "city" in columns else {})
    return _table(list_pages.lines(rows, by.organisation_id, language(), today, names, whys), columns)


@lru_cache(256)
def _kept_table(rows: tuple[list_queries.CaseRow, ...], own: int, today: date, columns: tuple[str, ...], language: str) -> Markup:
    return _table(list_pages.lines(rows, own, language, today), columns)


def _table(lines: Sequence[list_pages.CaseLine], columns: tuple[str, ...]) -> Markup:
    made = render_template(
        "cases/_table.html", lines=lines, columns=columns, titles=list_pages.COLUMNS, date_words=list_pages.DATE_WORDS
    )
    return Markup(made)  # noqa: S704 - what our template has made


def _filter_form_of(filters: Filters) -> Markup:
    """Kept once made, unless somebody's own words or the names of people stand in it."""
    mine = filters.responsible == actor().id
    if "more" in request.args or filters.city or (filters.responsible and not mine):
        return _filter_form.__wrapped__(filters, language(), mine, tuple(list_queries.responsible_people(actor())), True)
    return (_filter_form.__wrapped__ if filters.text else _filter_form)(filters, language(), mine, (), False)


@lru_cache(512)
def _filter_form(filters: Filters, language: str, mine: bool, people: tuple[tuple[int, str], ...], more: bool) -> Markup:
    """The form with its long lists, in the page's language."""
    choices: Mapping[str, Any] = {
        "stages": stage_choices(language), "procedures": procedure_choices(language),
        "cities": list_pages.city_choices(language) if more else (), "people": people,
    }  # fmt: skip
    made = render_template("cases/_filters.html", filters=filters, mine=mine, more=more, lights=list_pages.LIGHT_WORDS, **choices)
    return Markup(made)  # noqa: S704 - what our template has made


@blueprint.get("/cases/views")
@requires("case.list")
def views() -> str:
    """The views that the person keeps."""
    return render_template("cases/views.html", views=list_queries.saved_views(actor()))


@blueprint.route("/cases/views/new", methods=["GET", "POST"])
@requires("case.list")
def view_new() -> Answer:
    """Keep the filters that the address has, under a name."""
    query, form = list_pages.query_of(_filters(), actor().id), ViewForm()
    if form.validate_on_submit():
        try:
            view = list_service.save_view(form.name.data or "", query, actor())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(_("The view was saved: %(name)s.", name=view.name), "success")
            return redirect(_list_with(query))
    page = render_template("cases/view_new.html", form=form, facts=_told(_filters()), back=_list_with(query))
    return (page, 422) if form.is_submitted() else page


def _list_with(query: str) -> str:
    return url_for("cases.index") + (f"?{query}" if query else "")


def _told(filters: Filters) -> list[tuple[str, str]]:
    """The filters as a person reads them."""
    person = dict(list_queries.responsible_people(actor())).get(filters.responsible, "") if filters.responsible else ""
    order = {"next": _("Next date first"), "newest": _("Newest first"), "best": _("Best match first")}[filters.order]
    told = [
        (_("Words"), filters.text),
        (_("Stage"), dict(stage_choices(language())).get(filters.stage, "")),
        (_("Procedure"), dict(procedure_choices(language())).get(filters.procedure, "")),
        (_("State"), str(list_pages.LIGHT_WORDS.get(filters.light, ""))),
        (_("Responsible"), person),
        (_("City"), dict(list_pages.city_choices(language())).get(filters.city, "")),
        (_("Show"), {"open": _("Open cases"), "finished": _("Finished cases"), "all": _("All cases")}[filters.scope]),
        (_("Order"), order),
    ]
    return [(name, value) for name, value in told if value]


@blueprint.route("/cases/views/<int:view_id>/remove", methods=["GET", "POST"])
@requires("case.list")
def view_remove(view_id: int) -> Answer:
    view, form = found(list_queries.saved_view(actor(), view_id)), RemoveViewForm()
    if form.validate_on_submit():
        list_service.remove_view(view.id, actor())
        flash(_("The view was removed: %(name)s.", name=view.name), "success")
        return redirect(url_for("cases.index"))
    return render_template("cases/view_remove.html", form=form, view=view)


@blueprint.route("/cases/columns", methods=["GET", "POST"])
@requires("case.list")
def columns() -> Answer:
    """Which columns the list shows to this person."""
    form = ColumnsForm()
    form.columns.choices = list(list_pages.COLUMNS.items())
    if form.validate_on_submit():
        list_service.choose_columns(form.columns.data or [], actor())
        flash(_("The columns were saved."), "success")
        return redirect(url_for("cases.index"))
    if not form.is_submitted():
        form.columns.data = list(list_pages.columns_from(list_queries.saved_columns(actor())))
    page = render_template("cases/columns.html", form=form)
    return (page, 422) if form.is_submitted() else page


@blueprint.get("/cases/file.csv")
@requires("case.export")
def csv_file() -> Response:
    """The filtered list as CSV, sent as it is read."""
    told = list_files.words()
    lines = sheets.csv_lines(told.head, list_files.rows(actor(), _filters(), language(), clock.today(), told))
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=_file_name("csv"))
    return response


@blueprint.get("/cases/file.xlsx")
@requires("case.export")
def xlsx_file() -> Response:
    """The filtered list as a workbook."""
    told = list_files.words()
    rows = list_files.rows(actor(), _filters(), language(), clock.today(), told)
    file = sheets.xlsx(_("Cases"), told.head, rows, list_files.WIDTHS)
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=_file_name("xlsx"))


def _file_name(ending: str) -> str:
    return f"{FILE_NAMES[language()]}-{clock.today().isoformat()}.{ending}"
