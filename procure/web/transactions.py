"""One transaction for each request, committed at the edge: a view that answers with an error leaves nothing behind."""

from typing import Any, Final

from flask import Flask, Response, g, request

from procure.infra.db import begin_writing, db, end_writing

READING: Final = ("GET", "HEAD", "OPTIONS")


def register(app: Flask) -> None:
    def announce() -> None:
        if request.method not in READING:
            g.writing = begin_writing()

    def commit(response: Response) -> Response:
        if "writing" in g and response.status_code < 400:
            db.session.commit()
        return response

    def end(error: BaseException | None) -> None:
        token: Any = g.pop("writing", None)
        if token is not None:
            end_writing(token)

    app.before_request(announce)
    app.after_request(commit)
    app.teardown_request(end)
