"""Pages that belong to no feature: language, statements, health."""

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from procure.domain.language import LANGUAGES
from procure.infra import migrations
from procure.web.access import found, public
from procure.web.language import local_path, remember

blueprint = Blueprint("web", __name__)


@blueprint.get("/language/<code>")
@public
def language(code: str) -> Answer:
    """The language of the pages from now on, kept in the browser."""
    found(code if code in LANGUAGES else None)
    response = redirect(local_path(request.args.get("next")))
    remember(response, code, secure=bool(current_app.config["SESSION_COOKIE_SECURE"]))  # type: ignore[arg-type]
    return response


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("web/accessibility.html")


@blueprint.get("/privacy")
@public
def privacy() -> str:
    return render_template("web/privacy.html")


@blueprint.get("/health/live")
@public
def live() -> Response:
    return jsonify(status="ok")


@blueprint.get("/health/ready")
@public
def ready() -> tuple[Response, int]:
    """200 only while the database answers and every migration has been run; 503 with the reason otherwise."""
    try:
        pending = migrations.pending()
    except SQLAlchemyError as error:
        return jsonify(status="unavailable", reason=f"database: {type(error).__name__}"), 503
    if pending:
        return jsonify(status="unavailable", reason=f"migrations not run: {', '.join(pending)}"), 503
    return jsonify(status="ok"), 200
