"""The templates' `_`: a sentence in the language of the page. Looked up once for each language and then kept, since a page asks for
fifty of them and the extension goes through the request's context for each."""

from typing import Any, Final

from flask import Flask
from flask_babel import gettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from procure.web.language import language

_known: Final[dict[tuple[str, str], tuple[str, Markup]]] = {}


@pass_eval_context
def sentence(context: EvalContext, text: str, /, **parameters: Any) -> str:
    """`text` in the language of the page. Parameters are escaped where the template escapes."""
    key = language(), text
    if key not in _known:
        # as Jinja's own gettext does, a percent sign is written twice also where there are no parameters
        raw = str(gettext(text))
        _known[key] = raw, Markup(raw if "%(" in raw else raw % {})  # noqa: S704 - our own words
    raw, shown = _known[key]
    if parameters:
        return (Markup(raw) if context.autoescape else raw) % parameters  # noqa: S704 - our own words
    return shown if context.autoescape else str(shown)


def register(app: Flask) -> None:
    app.jinja_env.globals["_"] = sentence
