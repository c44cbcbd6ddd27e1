"""What stands around every page: the menu, the person, the languages."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from flask import Flask, g, request, url_for
from flask_login import current_user
from markupsafe import Markup

from procure.domain.permissions import may
from procure.web.language import NAMES, language


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: shown to those who may do `action`; active on every page of its blueprint."""

    text: Any
    endpoint: str
    action: str


@dataclass(frozen=True, slots=True)
class MenuItem:
    text: str
    href: str
    active: bool


def register(app: Flask, entries: tuple[Entry, ...]) -> None:
    @cache
    def menu(role: str, language: str, active: tuple[str, ...]) -> Markup:
        """The menu of that role with those endpoints marked, made once. `language` is the page's, in which the words come."""
        shown = [
            MenuItem(str(entry.text), url_for(entry.endpoint), entry.endpoint in active)
            for entry in entries
            if may(role, entry.action)
        ]
        made = app.jinja_env.get_template("layouts/_menu.html").render(entries=shown)
        return Markup(made)  # noqa: S704 - what our template has made

    @cache
    def active_in(endpoint: str, blueprint: str) -> tuple[str, ...]:
        return tuple(entry.endpoint for entry in entries if _active(entry.endpoint, endpoint, blueprint))

    def surroundings() -> dict[str, Any]:
        # every form field renders a template and asks again: make it once a request
        if "surroundings" not in g:
            signed_in = current_user.actor if current_user.is_authenticated else None
            active = active_in(request.endpoint or "", request.blueprint or "")
            g.surroundings = {
                "html_lang": language(),
                "languages": NAMES,
                "person": signed_in,
                "menu": menu(signed_in.role, language(), active) if signed_in else "",
            }
        return dict(g.surroundings)

    app.context_processor(surroundings)


OF_CASES: Final = (
    "questionnaires", "advice", "planning", "timetables", "attachments", "documents", "teams", "approvals", "gates", "declarations",
    "communications",
)  # fmt: skip
"""Features whose pages are pages of a case."""


def _active(entry: str, endpoint: str, blueprint: str) -> bool:
    """The entry's own page, or another page of its feature; the desk's page of a case belongs to the cases."""
    if endpoint in ("desk.home", "desk.all_work", "teams.hand_over_many", "desk.case"):
        return entry == ("cases.index" if endpoint == "desk.case" else "desk.home")
    if endpoint.startswith("planning.city_"):  # the rest of the feature is pages of a case
        return entry == "planning.city_calendar"
    feature = "cases" if blueprint in OF_CASES else blueprint
    return feature == entry.partition(".")[0]
