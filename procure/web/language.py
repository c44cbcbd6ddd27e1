"""In which language a page is shown: as chosen in the header, else by the person, else by the browser."""

from typing import Final
from urllib.parse import urlsplit

from flask import Response, g, request
from flask_babel import get_locale
from flask_login import current_user

from procure.domain.language import LANGUAGES, LOCALES

COOKIE: Final = "language"
NAMES: Final = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
YEAR_SECONDS: Final = 365 * 24 * 3600


def select_locale() -> str:
    """A Babel locale. Never fails: Finnish when nothing else is said."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen not in LANGUAGES and current_user.is_authenticated:
        chosen = current_user.actor.language
    if chosen not in LANGUAGES:
        chosen = request.accept_languages.best_match(LANGUAGES) or "fi"
    return LOCALES[chosen]


def language() -> str:
    """The language of the page being made: fi, sv or en."""
    try:
        locale = g._flask_babel.babel_locale  # where `get_locale` keeps it: a page asks a hundred times
    except (AttributeError, RuntimeError):
        locale = None
    # None is there too after `force_locale`, when nobody had asked before it
    return str((locale or get_locale()).language)


def remember(response: Response, code: str, secure: bool) -> None:
    """Keep the choice in the browser. It tells nothing but a language."""
    response.set_cookie(COOKIE, code, max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")


def local_path(target: str | None, default: str = "/") -> str:
    """`target` when it is a path of this site, else `default`: no address from outside is ever followed."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if any(ord(character) < 32 or character == "\\" for character in target):
        return default
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else default
