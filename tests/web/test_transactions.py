"""A transaction that cannot be ended as it should: nobody is told that something was saved, and nobody gets a bare error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra.db import db
from procure.teams import queries

TYPED = "The market is small."
People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


@contextmanager
def failing(moment: str, error: Exception) -> Iterator[None]:
    """The database fails at that moment of the session's life."""

    def fail(*_: object) -> None:
        raise error

    event.listen(db.session, moment, fail)
    try:
        yield
    finally:
        event.remove(db.session, moment, fail)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("COMMIT", {}, Exception("terminating connection")), 503),
        (IntegrityError("COMMIT", {}, Exception("unique")), 409),
        (RuntimeError("a secret detail"), 500),
    ],
)
def test_a_commit_that_fails_is_a_page_that_gives_the_words_back_and_says_nothing_of_saved(
    app: Flask, client_for: ClientFor, case: Case, people: People, error: Exception, status: int
) -> None:
    client = client_for(people["officer"])

    with failing("before_commit", error):
        response = client.post(f"/cases/{case.reference}/notes", data={"text": TYPED})

    assert response.status_code == status
    assert TYPED in response.text
    assert "secret" not in response.text
    assert "Content-Security-Policy" in response.headers
    assert queries.notes_of(case)[0] == []
    with client.session_transaction() as session:
        assert "_flashes" not in session


def test_a_page_is_sent_although_its_connection_was_ended_meanwhile(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(*_: object) -> None:
        raise OperationalError("ROLLBACK", {}, Exception("terminating connection due to administrator command"))

    monkeypatch.setattr(db.session.session_factory.class_, "close", ended)
    own_app.config["TESTING"] = False
    client = own_app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "a token that is looked up"

    response = client.get("/sign-in")
    monkeypatch.undo()

    assert response.status_code == 200
    assert own_app.test_client().get("/health/ready").status_code == 200
