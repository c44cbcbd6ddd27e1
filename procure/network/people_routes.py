"""Who in the network knows what; what experts say of themselves, and the coordinator of their work."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from procure.domain.language import LANGUAGES
from procure.domain.network import OWN_PART, WORK_PART
from procure.domain.outcomes import Refusal
from procure.domain.support import TOPICS
from procure.infra import clock
from procure.network import people_pages, people_service, queries
from procure.network.forms import ProfileForm, WorkForm
from procure.network.meeting_routes import blueprint
from procure.network.queries import Profile
from procure.network.service import Overtaken
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.language import language

Answer = str | Response | tuple[str, int]

__all__ = ["blueprint"]


@blueprint.get("/network/people")
@requires("network.read")
def people() -> str:
    """Those who have chosen to be named; the coordinator also finds here whose work can be set."""
    by = actor()
    topic = wanted if (wanted := request.args.get("topic", "")) in TOPICS else ""
    spoken = wanted if (wanted := request.args.get("language", "")) in LANGUAGES else ""
    everybody = queries.profiles() if by.may("network.edit") else []
    return render_template(
        "network/people.html", topic=topic, spoken=spoken, topics=people_pages.topic_choices(language()),
        tongues=people_pages.language_choices(),
        groups=people_pages.by_topic(queries.experts_shown(topic, spoken), topic, language()),
        everybody=[people_pages.person_line(one, language()) for one in everybody],
    )  # fmt: skip


@blueprint.route("/network/me", methods=["GET", "POST"])
@requires("network.profile")
def me() -> Answer:
    """An expert's own profile."""
    profile, version = found(queries.profile_of(actor().id))
    form = ProfileForm()
    form.ask_all(people_pages.topic_choices(language()), people_pages.city_choices(language()))
    changed, theirs = _changed(form, profile, version, OWN_PART)
    if changed is not None:
        flash(_("Your profile has been saved.") if changed else _("Nothing was changed."), "success")
        return redirect(url_for("network.me"))
    history = people_pages.history(queries.profile_changes(profile.person_id), language())
    page = render_template("network/me.html", form=form, profile=profile, theirs=theirs, history=history)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/network/people/<int:person_id>", methods=["GET", "POST"])
@requires("network.edit")
def person(person_id: int) -> Answer:
    """The coordinator sets what an expert works on; whether the expert is named stays the expert's own choice."""
    profile, version = found(queries.profile_of(person_id))
    form = WorkForm()
    form.ask(people_pages.topic_choices(language()))
    changed, theirs = _changed(form, profile, version, WORK_PART)
    if changed is not None:
        flash(_("The profile has been saved.") if changed else _("Nothing was changed."), "success")
        return redirect(url_for("network.people"))
    history = people_pages.history(queries.profile_changes(person_id), language())
    cities = people_pages.present(profile, ("not_cities",), language())
    page = render_template(
        "network/person.html", form=form, profile=profile, cities=cities[0][1], theirs=theirs, history=history
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _changed(
    form: WorkForm, profile: Profile, version: int, parts: tuple[str, ...]
) -> tuple[bool | None, list[tuple[str, str]] | None]:
    """Whether the form has changed anything, None while it has not been saved; and what somebody else has said meanwhile."""
    if not form.is_submitted():
        form.show(profile, version)
    if not form.validate_on_submit():
        return None, None
    try:
        return people_service.change_profile(profile, version, form.wanted, form.version, actor(), clock.now()), None
    except Overtaken as refusal:
        wording.put_into(form, refusal)
        form.seen.data = str(version)
        return None, people_pages.present(profile, parts, language())
    except Refusal as refusal:
        wording.put_into(form, refusal)
        return None, None
