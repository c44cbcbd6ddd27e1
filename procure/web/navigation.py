"""What stands around every page: the menu, the person, the languages."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask, g, request, url_for
from flask_login import current_user

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
    def lines(role: str, language: str) -> list[tuple[Entry, str, str]]:
        """The entries for that role, with words and address. `language` is the page's, in which the words come."""
        return [(entry, str(entry.text), url_for(entry.endpoint)) for entry in entries if may(role, entry.action)]

    def surroundings() -> dict[str, Any]:
        # every form field renders a template and asks again: make it once a request
        if "surroundings" not in g:
            signed_in = current_user.actor if current_user.is_authenticated else None
            g.surroundings = {
                "html_lang": language(),
                "languages": NAMES,
                "person": signed_in,
                "menu": [MenuItem(text, href, _active(entry)) for entry, text, href in lines(signed_in.role, language())]
                if signed_in
                else [],
            }
        return dict(g.surroundings)

    app.context_processor(surroundings)


def _active(entry: Entry) -> bool:
    """The entry's own page, or another page of its feature; the desk's page of a case belongs to the cases."""
    if request.endpoint in ("desk.home", "desk.all_work", "teams.hand_over_many", "desk.case"):
        return entry.endpoint == ("cases.index" if request.endpoint == "desk.case" else "desk.home")
    if (request.endpoint or "").startswith("planning.city_"):  # the rest of the feature is pages of a case
        return entry.endpoint == "planning.city_calendar"
    of_cases = (
        "questionnaires",
        "advice",
        "planning",
        "timetables",
        "attachments",
        "documents",
        "teams",
        "approvals",
        "gates",
        "declarations",
    )
    feature = dict.fromkeys(of_cases, "cases").get(request.blueprint or "", request.blueprint or "")
    return feature == entry.endpoint.partition(".")[0]
