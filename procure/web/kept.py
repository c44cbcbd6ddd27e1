"""What somebody typed is never lost because a session ended: the fields travel in a signed hidden field until they are sent again.

Passwords and tokens are never kept, and nothing that another site sent: else a foreign page could have its own words confirmed here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask import current_app, request
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup, escape

from procure.catalogue import procedures, questions
from procure.web.language import language, local_path

FIELD: Final = "kept"
LASTS_SECONDS: Final = 12 * 3600
MOST_CHARACTERS: Final = 400_000
"""Of all names and values together. More is not carried in a page; it is shown to be copied instead."""
MOST_FIELDS: Final = 1000
LEFT_OUT: Final = ("csrf_token", FIELD)


@dataclass(frozen=True, slots=True)
class Kept:
    """A POST that did not arrive: the local path it went to, and its fields in their order."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def small_enough(self) -> bool:
        size = sum(len(name) + len(value) for name, value in self.fields)
        return size <= MOST_CHARACTERS and len(self.fields) <= MOST_FIELDS

    @property
    def texts(self) -> list[tuple[str, str]]:
        """(label, text) of the fields that hold something a person would miss."""
        return [(label(name), value) for name, value in self.fields if value.strip() and not _is_machinery(name)]


def is_secret(name: str) -> bool:
    """Whether a field of that name may never be kept. Every password field has "password" in its name; a test holds us to it."""
    return name in LEFT_OUT or "password" in name.lower()


def _is_machinery(name: str) -> bool:
    return (
        name in ("save", "act", "form_key", "newest") or name.startswith(("save_", "seen-")) or name.endswith(("version", "_key"))
    )


def of_request() -> Kept | None:
    """What the running request posted; None when that is nothing, or when another site sent it."""
    if request.method != "POST" or sent_from_elsewhere():
        return None
    fields = tuple((name, value) for name, value in request.form.items(multi=True) if not is_secret(name))
    return Kept(here(), fields) if fields else None


def here() -> str:
    """The path and query of the running request."""
    return local_path(request.full_path if request.query_string else request.path)


def sent_from_elsewhere() -> bool:
    """Whether the browser says that a page of another site made this request."""
    origin = request.headers.get("Origin", "")
    settings = current_app.config["SETTINGS"]
    own_hosts = (request.host, urlsplit(settings.public_url).netloc)
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none") or (
        origin != "" and urlsplit(origin).netloc not in own_hosts
    )


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="kept words")


def sealed(kept: Kept | None) -> str:
    """The hidden field's value: compressed, signed, dated. "" when there is nothing to keep or too much."""
    return str(_serializer().dumps([kept.path, kept.fields])) if kept and kept.small_enough else ""


def opened(value: str) -> Kept | None:
    """What `sealed` closed; None when it was not sealed here or is older than 12 hours."""
    try:
        path, fields = _serializer().loads(value, max_age=LASTS_SECONDS)
    except BadData:
        return None
    return Kept(local_path(path), tuple((name, text) for name, text in fields))


def label(name: str) -> str:
    """What the field is called on the page it came from, as far as that can be told from its name."""
    known = {
        "reason": _("Why?"),
        "note": _("Note for the history (optional)"),
        "text": _("Text"),
        "question": _("Question"),
        "email": _("E-mail address"),
        "name": _("Name"),
        "first_day": _("First day"),
        "last_day": _("Last day (optional)"),
        "body": _("Who meets"),
        "days": _("Meeting days"),
        "caption": _("What the file is"),
        "document": _("Document of the procurement (optional)"),
        "news": _("What is new (optional)"),
    }
    parts = {"day": _("Day"), "month": _("Month"), "year": _("Year"), "unknown": _("Not known yet")}
    first, _dash, part = name.rpartition("-")
    if part in parts and first:
        return f"{label(first)}: {parts[part]}"
    return known.get(name) or _question(name) or _step(name) or name.replace("_", " ").replace("-", " ").capitalize()


def _step(name: str) -> str:
    """The stage whose duration the field holds; "" for another field."""
    versions = procedures.catalogue().versions_of_stages().get(name.removeprefix("days-"), ())
    return versions[0][1].name[language()] if versions and name.startswith("days-") else ""


def _question(name: str) -> str:
    try:
        return questions.catalogue().latest.question(name).label[language()]
    except KeyError:
        return ""


def exact(value: str) -> Markup:
    """The text for an attribute, line ends included: written plainly, a page's reader would change CR LF into LF."""
    return Markup(str(escape(value)).replace("\r", "&#13;").replace("\n", "&#10;"))  # noqa: S704 - escaped in this line


def hidden_fields(kept: Kept) -> Iterator[Markup]:
    """The inputs that post the same again."""
    for name, value in kept.fields:
        yield Markup('<input type="hidden" name="{}" value="{}">').format(name, exact(value))
