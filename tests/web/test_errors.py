"""Failures end in a page that says what to do, and give back what was typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from procure.accounts.models import Person
from procure.app import create_app
from procure.cases import service
from procure.cases.models import Case
from tests import factories
from tests.conftest import settings_for
from tests.pages import LintedClient

TYPED = "The bins overflow – ä, “quotes”."


@pytest.fixture
def without_database(tmp_path: Path) -> Flask:
    """The service while its database is away: nothing listens on that port."""
    app = create_app(settings_for("postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=2", tmp_path))
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=False)
    app.test_client_class = LintedClient
    return app


def signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "a token that was good before"
    return client


def test_an_outage_is_a_page_that_says_so(without_database: Flask) -> None:
    response = signed_in(without_database).get("/cases")

    assert response.status_code == 503
    assert "Traceback" not in response.text
    assert "Procure" in response.text


def test_what_was_typed_during_an_outage_can_be_copied(without_database: Flask) -> None:
    response = signed_in(without_database).post(
        "/cases/TRE-2026-0001/answers/need/problem", data={"need": TYPED, "csrf_token": "x"}
    )

    assert response.status_code == 503
    assert TYPED in response.text.replace("&#34;", '"')


def test_the_readiness_check_says_what_is_wrong_and_liveness_stays(without_database: Flask) -> None:
    client = without_database.test_client()

    ready = client.get("/health/ready")

    assert ready.status_code == 503
    assert "database" in ready.get_json()["reason"]
    assert client.get("/health/live").status_code == 200


def test_a_fault_of_ours_shows_a_reference_and_no_traceback(
    app: Flask,
    client_for: Callable[[Person], FlaskClient],
    case: Case,
    people: dict[str, Person],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "skip_stage", _fault)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    day = {"happened_on-day": "24", "happened_on-month": "11", "happened_on-year": "2026"}

    response = client_for(people["officer"]).post(f"/cases/{case.reference}/stages/need/skip", data={"reason": TYPED} | day)

    assert response.status_code == 500
    assert "a secret detail" not in response.text
    assert TYPED in response.text


def test_losing_a_race_in_the_database_is_a_conflict_that_gives_the_words_back(
    app: Flask,
    client_for: Callable[[Person], FlaskClient],
    case: Case,
    people: dict[str, Person],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "skip_stage", _race)
    day = {"happened_on-day": "24", "happened_on-month": "11", "happened_on-year": "2026"}

    response = client_for(people["officer"]).post(f"/cases/{case.reference}/stages/need/skip", data={"reason": TYPED} | day)

    assert response.status_code == 409
    assert TYPED in response.text


def _fault(*words: object) -> None:
    raise RuntimeError("a secret detail")


def _race(*words: object) -> None:
    raise IntegrityError("INSERT", {}, Exception("unique"))


def test_more_than_can_be_read_at_all_is_a_page_that_says_so(
    app: Flask, client_for: Callable[[Person], FlaskClient], case: Case, people: dict[str, Person]
) -> None:
    client = client_for(people["officer"])
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    response = client.post(f"/cases/{case.reference}/stages/need/skip", data={"reason": "x" * (7 * 1024 * 1024)})

    assert response.status_code == 413
    assert "Too much at once" in response.text
