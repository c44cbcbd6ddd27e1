"""Every view says who may open it, and the saying holds."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.domain.permissions import ACTIONS
from procure.web.access import requires

ClientFor = Callable[[Person], FlaskClient]

PUBLIC = {
    "static", "web.language", "web.accessibility", "web.privacy", "web.live", "web.ready", "accounts.sign_in", "accounts.sign_out",
    "accounts.password", "feeds.read", "verification.verify",
}  # fmt: skip


def test_every_view_says_who_may_open_it(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "access") and name != "static"]

    assert silent == []


def test_the_list_of_public_views_is_short_and_known(app: Flask) -> None:
    public = {name for name, view in app.view_functions.items() if getattr(view, "access", "public") == "public"}

    assert public == PUBLIC


def test_every_view_that_is_not_public_names_an_action_of_the_table(app: Flask) -> None:
    named = {view.access for name, view in app.view_functions.items() if name not in PUBLIC}  # type: ignore[attr-defined]

    assert named <= set(ACTIONS)


def test_an_action_that_is_not_in_the_table_stops_the_start() -> None:
    with pytest.raises(KeyError):
        requires("case.fly")


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(anonymous: FlaskClient) -> None:
    answer = anonymous.get("/account?tab=1")

    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/account?tab%3D1")


def test_a_role_that_may_not_gets_403_with_a_page(client_for: ClientFor, people: dict[str, Person]) -> None:
    answer = client_for(people["officer"]).get("/people")

    assert answer.status_code == 403
    assert "You may not open this page" in answer.text


def test_a_made_up_session_is_nobody(anonymous: FlaskClient) -> None:
    with anonymous.session_transaction() as session:
        session["_user_id"] = "made-up"

    assert anonymous.get("/account").status_code == 302


def test_a_cookie_signed_with_another_key_is_nobody(anonymous: FlaskClient) -> None:
    anonymous.set_cookie("session", "eyJfdXNlcl9pZCI6IngifQ.aaaaaa.forged")

    assert anonymous.get("/account").status_code == 302
