"""Pages of shared figures: what a city agrees to, and the coordinator's view of all cities that do."""

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.domain.outcomes import Refusal
from procure.domain.shared_figures import ALONE
from procure.figures.sheet import head
from procure.infra import clock, sheets
from procure.shared_figures import pages, queries, service, sheet
from procure.shared_figures.forms import CHOICE_NAMES, ConsentForm
from procure.web import wording
from procure.web.access import actor, requires
from procure.web.fragments import Fragment, fragment
from procure.web.language import language

blueprint = Blueprint("shared_figures", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Answer = str | Response | tuple[str, int]


@blueprint.route("/city/figures", methods=["GET", "POST"])
@requires("figures.share")
def consent() -> Answer:
    """What exactly is shared, and agreeing to it or taking that back."""
    by = actor()
    form = ConsentForm() if request.method == "POST" else ConsentForm(data={"choice": queries.choice_of(by.organisation_id)})
    if form.validate_on_submit():
        try:
            changed = service.choose(by, form.choice.data, clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            if changed:
                flash(_told(form.choice.data), "success")
            return redirect(url_for("shared_figures.consent"))
    page = render_template(
        "shared_figures/consent.html", form=form, acts=queries.acts_of(by), choice_names=CHOICE_NAMES, city=by.organisation_names
    )
    return page, 422 if form.is_submitted() else 200


def _told(choice: str) -> str:
    if choice == ALONE:
        return _("The city’s figures are no longer shared. They are gone from the network’s figures.")
    return _("The city shares its figures. They are counted within a few minutes.")


@blueprint.get("/figures/cities")
@requires("figures.network", hidden=True)
def network() -> str:
    """The figures of all cities that share theirs at this moment. Kept once made, until one of them changes."""
    by, run = actor(), queries.run()
    sharers, year = queries.sharers(by), _year()
    key = ("shared figures", run.counted_at, tuple(queries.sharing()), sharers, language(), year)
    return render_template(
        "shared_figures/network.html",
        body=fragment(Fragment(key, lambda: _body(year, sharers))),
        counted_at=run.counted_at,
    )


def _body(year: int, sharers: queries.Sharers) -> str:
    return render_template(
        "shared_figures/_body.html",
        report=pages.report(queries.cells(actor(), year), language()),
        sharers=sharers,
        year=year,
        years=queries.years(actor()) or [year],
        number=pages.number,
        small_note=pages.small_note(),
        language=language(),
    )


@blueprint.get("/figures/cities.xlsx")
@requires("figures.network", hidden=True)
def xlsx() -> Response:
    """The same as a sheet: a line for each number."""
    report = pages.report(queries.cells(actor(), _year()), language())
    content = sheets.xlsx(sheet.name(), head(), sheet.rows(report), sheet.WIDTHS)
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=f"{sheet.FILE_NAMES[language()]}.xlsx")


def _year() -> int:
    """The year that was asked for, else the newest in which there is something."""
    known = queries.years(actor())
    wanted = request.args.get("year", type=int)
    if wanted in known:
        return wanted
    return known[0] if known else clock.today().year
