"""A Flask application with nothing of the service but its interface: layouts, components, fields and filters."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Flask, current_app, request
from flask_babel import Babel, get_locale
from flask_wtf import CSRFProtect
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup

from procure.config import ROOT
from procure.domain.language import LOCALES
from procure.web import assets, filters
from procure.web.language import NAMES


def make() -> Flask:
    app = Flask("small", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "procure" / "static"))
    app.config.update(SECRET_KEY="a key for tests only", TESTING=True, WTF_CSRF_ENABLED=False)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(str(ROOT / "templates")),
            PrefixLoader({name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")}),
        ]
    )  # type: ignore[assignment]
    Babel(app, locale_selector=lambda: LOCALES[request.args.get("language", "en")])
    WTFormsHelpers(app)
    CSRFProtect(app)
    filters.register(app)
    assets.register(app)
    app.context_processor(_surroundings)
    pages = Blueprint("web", __name__)
    for name, rule in (("language", "/language/<code>"), ("accessibility", "/accessibility"), ("privacy", "/privacy")):
        pages.add_url_rule(rule, name, lambda **values: "")
    app.register_blueprint(pages)
    return app


def _surroundings() -> dict[str, Any]:
    entries = [
        SimpleNamespace(text="Cases", href="/cases", active=True),
        SimpleNamespace(text="Help", href="/help", active=False),
    ]
    menu = Markup(current_app.jinja_env.get_template("layouts/_menu.html").render(entries=entries))
    return {
        "html_lang": str(get_locale())[:2], "languages": NAMES, "person": SimpleNamespace(name="Aino Mäkelä"), "menu": menu,
    }  # fmt: skip
