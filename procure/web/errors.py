"""Every failure ends in a page that says what happened and what to do now; the log gets the reference, never the case's text."""

import logging
import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from procure.infra.db import db, forget
from procure.web import kept

log = logging.getLogger("procure")

PAGES = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    405: "not_found",
    409: "conflict",
    413: "too_large",
    429: "too_many",
}


def _page(template: str, status: int, **values: Any) -> Response:
    return make_response(render_template(f"errors/{template}.html", **values), status)


def register(app: Flask) -> None:
    def http(error: HTTPException) -> Response:
        db.session.rollback()
        status = error.code or 500
        return _page(PAGES.get(status, "broken"), status, trace="", texts=_typed())

    def foreign_host(error: SecurityError) -> Response:
        # a page would need addresses to link to, and under a host name that is not ours there are none
        return Response("This is not the address of the service.\n", 400, mimetype="text/plain")

    def conflict(error: Exception) -> Response:
        db.session.rollback()
        log.warning("conflict %s", type(error).__name__)
        return _page("conflict", 409, texts=_typed())

    def unavailable(error: OperationalError) -> Response:
        trace = secrets.token_hex(4)
        _forget()
        cause = str(error.orig or error).strip().partition("\n")[0]  # the database's own words on its state: no text of a case
        log.error("unavailable %s %s %s (%s)", trace, request.method, request.endpoint, cause)
        return _page("unavailable", 503, trace=trace, texts=_typed())

    def broken(error: Exception) -> Response:
        trace = secrets.token_hex(4)
        _forget()
        log.error("broken %s", trace, exc_info=error)
        return _page("broken", 500, trace=trace, texts=_typed())

    handlers: dict[type[Exception], Callable[..., Response]] = {
        SecurityError: foreign_host,
        HTTPException: http, IntegrityError: conflict, StaleDataError: conflict, OperationalError: unavailable, Exception: broken,
    }  # fmt: skip
    for kind, handler in handlers.items():
        app.register_error_handler(kind, handler)


def _typed() -> list[tuple[str, str]]:
    """(label, text) of what the person had typed: a page that could not save gives it back to be copied."""
    try:
        typed = kept.of_request()
    except RequestEntityTooLarge:
        return []  # too much to be read at all
    return typed.texts if typed else []


def _forget() -> None:
    """Drop the transaction and the person: a database that is gone can neither roll back nor say again who is signed in."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    try:
        db.session.rollback()
    except OperationalError:
        forget()
