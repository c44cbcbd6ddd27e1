"""Pages of the network: its regions and themes, funding and coordination, and what the coordinator says of each."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.catalogue import network
from procure.domain.network import Subject
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.network import pages, queries, service
from procure.network.forms import FactForm, RestoreForm
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

blueprint = Blueprint("network", __name__)

Answer = str | Response | tuple[str, int]
LONGEST_SEARCH = 100


@blueprint.get("/network")
@requires("network.read")
def index() -> str:
    """Every region, or those that the searched words lead to."""
    searched = " ".join(request.args.get("q", "").split())[:LONGEST_SEARCH]
    subjects = service.subjects()
    return render_template(
        "network/index.html", searched=searched, lines=pages.region_lines(subjects, searched, language()),
        whole=pages.parts(subjects, "network", (), language())[0], edition=network.catalogue().edition,
        may_edit=actor().may("network.edit"),
    )  # fmt: skip


@blueprint.get("/network/regions/<region>")
@requires("network.read")
def region(region: str) -> str:
    subjects = service.subjects()
    one: Subject = found(next((one for one in subjects if one.id == region and one.kind == "region"), None))
    return render_template(
        "network/region.html", region=pages.region(one, subjects, language()), edition=network.catalogue().edition,
        may_edit=actor().may("network.edit"),
    )  # fmt: skip


@blueprint.get("/network/themes")
@requires("network.read")
def themes() -> str:
    """The themes that one region leads and others take part in."""
    lines = pages.themes(service.subjects(), language())
    return render_template("network/themes.html", themes=lines, may_edit=actor().may("network.edit"))


@blueprint.get("/network/funding")
@requires("network.read")
def funding() -> str:
    """Where the money comes from, and who coordinates what."""
    subjects = service.subjects()
    return render_template(
        "network/funding.html", ways=pages.parts(subjects, "funding", (), language()),
        bodies=pages.parts(subjects, "body", ("holder", "remark"), language()), may_edit=actor().may("network.edit"),
    )  # fmt: skip


PARTS = {"theme": "themes", "funding": "funding", "body": "funding"}
"""Kind of subject -> the part of the network's pages on which its facts stand; regions for all others."""


def place_of(subject: Subject) -> str:
    """The page on which the subject's facts stand."""
    if subject.kind == "region":
        return url_for("network.region", region=subject.id)
    endpoint = {"theme": "network.themes", "network": "network.index"}.get(subject.kind, "network.funding")
    return url_for(endpoint, _anchor=None if subject.kind == "network" else subject.id)


@blueprint.get("/network/facts/<subject>/<field>")
@requires("network.read")
def fact(subject: str, field: str) -> str:
    """What is said there, from where, and what was said before: for everybody to see."""
    one, present = found(service.fact_at(subject, field))
    rows = queries.fact_changes(subject, field)
    file = found(service.version_of(subject, field, 0))
    return render_template(
        "network/fact.html", subject=pages.part_of(one, (), language()), line=pages.fact_line(present, language()),
        back=place_of(one), current=PARTS.get(one.kind, "regions"), versions=pages.versions(file, rows, language()),
        may_edit=actor().may("network.edit"),
    )  # fmt: skip


@blueprint.route("/network/facts/<subject>/<field>/change", methods=["GET", "POST"])
@requires("network.edit")
def fact_change(subject: str, field: str) -> Answer:
    one, present = found(service.fact_at(subject, field))
    form, theirs = FactForm(), None
    form.ask(pages.mark_choices())
    if not form.is_submitted():
        form.show(present)
    if form.validate_on_submit():
        try:
            service.change_fact(
                present, form.words, form.mark.data or "", form.source_list, form.version, actor(), clock.now()
            )  # fmt: skip
        except service.Overtaken as refusal:
            wording.put_into(form, refusal)
            one, present = found(service.fact_at(subject, field))
            theirs, form.seen.data = pages.versions(present, (), language())[0], str(present.version)
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            flash(_("Saved. What was said before is kept in the history."), "success")
            return redirect(place_of(one))
    page = render_template(
        "network/fact_change.html", form=form, subject=pages.part_of(one, (), language()),
        line=pages.fact_line(present, language()), theirs=theirs, back=place_of(one), current=PARTS.get(one.kind, "regions"),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/network/facts/<subject>/<field>/back/<int:version>", methods=["GET", "POST"])
@requires("network.edit")
def fact_restore(subject: str, field: str, version: int) -> Answer:
    """What was said earlier holds again: `version` 0 is the data file."""
    one, present = found(service.fact_at(subject, field))
    earlier = found(service.version_of(subject, field, version))
    form = RestoreForm()
    if not form.is_submitted():
        form.seen.data = str(present.version)
    if form.validate_on_submit():
        try:
            service.restore_fact(present, earlier, form.version, actor(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
            form.seen.data = str(present.version)
        else:
            flash(_("Put back. What was said before is kept in the history."), "success")
            return redirect(url_for("network.fact", subject=subject, field=field))
    page = render_template(
        "network/fact_restore.html", form=form, subject=pages.part_of(one, (), language()),
        now=pages.versions(present, (), language())[0], then=pages.versions(earlier, (), language())[0],
        current=PARTS.get(one.kind, "regions"), back=url_for("network.fact", subject=subject, field=field),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200
