"""One transaction for each request, committed at the edge: a view that answers with an error leaves nothing behind."""

from typing import Final

from flask import Flask, Response, current_app, g, request, session

from procure.infra.db import begin_reading, begin_writing, db, end_reading, end_writing, forget

READING: Final = ("GET", "HEAD", "OPTIONS")


def register(app: Flask) -> None:
    def announce() -> None:
        if request.method in READING:
            g.reading = begin_reading()
        else:
            g.writing = begin_writing()

    def commit(response: Response) -> Response:
        if "writing" in g and response.status_code < 400:
            try:
                db.session.commit()
            except Exception as error:
                session.pop("_flashes", None)  # "it has been saved" would not be true
                return current_app.make_response(current_app.handle_user_exception(error))
        return response

    def let_go(error: BaseException | None) -> None:
        forget()  # before the library does, which would make a page of an ended connection one that the server cannot send

    def end(error: BaseException | None) -> None:
        for name, ends in (("writing", end_writing), ("reading", end_reading)):
            if (token := g.pop(name, None)) is not None:
                ends(token)

    app.before_request(announce)
    app.after_request(commit)
    app.teardown_request(end)
    app.teardown_appcontext(let_go)
