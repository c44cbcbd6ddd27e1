"""One transaction for each request, committed at the edge: a view that answers with an error leaves nothing behind."""

from typing import Final

from flask import Flask, Response, g, request

from procure.infra.db import begin_reading, begin_writing, db, end_reading, end_writing

READING: Final = ("GET", "HEAD", "OPTIONS")


def register(app: Flask) -> None:
    def announce() -> None:
        if request.method in READING:
            g.reading = begin_reading()
        else:
            g.writing = begin_writing()

    def commit(response: Response) -> Response:
        if "writing" in g and response.status_code < 400:
            db.session.commit()
        return response

    def end(error: BaseException | None) -> None:
        for name, ends in (("writing", end_writing), ("reading", end_reading)):
            if (token := g.pop(name, None)) is not None:
                ends(token)

    app.before_request(announce)
    app.after_request(commit)
    app.teardown_request(end)
