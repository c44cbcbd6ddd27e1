"""Strict orders stand on every kind of answer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.app import create_app
from procure.web import errors
from tests.conftest import settings_for

ClientFor = Callable[[Person], FlaskClient]

KINDS = {
    "page": ("GET", "/sign-in", 200),
    "own page": ("GET", "/account", 200),
    "redirect": ("GET", "/language/sv?next=/account", 302),
    "not found": ("GET", "/nowhere", 404),
    "foreign": ("GET", "/cases/OUL-2020-0001", 404),
    "forbidden": ("GET", "/people", 403),
    "wrong method": ("DELETE", "/account", 405),
    "refused": ("POST", "/account", 422),
    "static": ("GET", "/static/app.js", 200),
    "health": ("GET", "/health/live", 200),
}


def orders_of(client: FlaskClient, method: str, path: str, status: int) -> dict[str, str]:
    with client.open(path, method=method) as answer:
        assert answer.status_code == status
        return {name.lower(): value for name, value in answer.headers.items()}


def check(headers: dict[str, str]) -> None:
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_has_the_orders(client_for: ClientFor, people: dict[str, Person], kind: str) -> None:
    client = client_for(people["officer"])
    if kind == "page":
        client.delete_cookie("session")

    headers = orders_of(client, *KINDS[kind])

    check(headers)
    assert headers["cache-control"] == "no-store"


def test_a_broken_page_has_the_orders_too(
    app: Flask, client_for: ClientFor, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise RuntimeError("on purpose")

    monkeypatch.setitem(app.view_functions, "web.privacy", fail)
    monkeypatch.setattr(errors.log, "error", lambda *words, **more: None)

    headers = orders_of(client_for(people["officer"]), "GET", "/privacy", 500)

    check(headers)
    assert headers["cache-control"] == "no-store"


def test_a_static_file_with_its_version_is_kept_for_a_year(anonymous: FlaskClient) -> None:
    headers = orders_of(anonymous, "GET", "/static/app.js?v=1", 200)

    check(headers)
    assert headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_missing_static_file_is_not_kept(anonymous: FlaskClient) -> None:
    assert orders_of(anonymous, "GET", "/static/missing.js?v=1", 404)["cache-control"] == "no-store"


def test_a_foreign_host_name_is_refused_with_a_page_and_the_orders(
    app: Flask, anonymous: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["localhost"])

    answer = anonymous.get("/sign-in", base_url="http://evil.example")

    assert answer.status_code == 400
    check({name.lower(): value for name, value in answer.headers.items()})


@pytest.fixture
def secure(tmp_path: Path) -> Flask:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, public_url="https://procure.example"))
    app.config["TESTING"] = True
    return app


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/static/app.js", "/language/fi"])
def test_over_https_browsers_stay_on_https(secure: Flask, path: str) -> None:
    with secure.test_client().get(path, base_url="https://procure.example") as answer:
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_over_https_the_cookie_is_bound_to_the_host(secure: Flask) -> None:
    answer = secure.test_client().get("/sign-in", base_url="https://procure.example")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert all(mark in cookie for mark in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert "Domain" not in cookie


def test_without_https_nothing_is_promised_about_it(anonymous: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in anonymous.get("/sign-in").headers
