"""What was typed is never lost because a session ended, and never kept for a stranger."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
import time_machine
from flask import Flask, request
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse
from wtforms import PasswordField

import procure
from procure.accounts import service
from procure.accounts.models import Person
from procure.infra import clock
from procure.infra.db import db
from procure.web import kept
from procure.web.access import requires
from tests.pages import parse, text_of

PASSWORD = "aamukahvi ja sateenvarjo"
TYPED = "Roska-astiat 🗑️ täyttyvät\r\n\r\n  kesäisin – «heti» & <b>aina</b> \"'\r\nå\t" + "ö" * 5000 + "\r\n"


@pytest.fixture
def officer(people: dict[str, Person]) -> Person:
    service.change_password(people["officer"], PASSWORD, None, clock.now())
    db.session.commit()
    return people["officer"]


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application with its forms' tokens checked."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def arrived(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[MultiDict[str, str]]:
    """What reaches the view behind /account, whose place a listener takes."""
    seen: list[MultiDict[str, str]] = []

    def listener() -> str:
        seen.append(MultiDict(request.form))
        return "<html lang='fi'><title>x</title><h1>x</h1></html>"

    monkeypatch.setitem(app.view_functions, "accounts.account", requires("account.own")(listener))
    return seen


def fields_of(page: str, action: str) -> MultiDict[str, str]:
    """The inputs of the page's form to `action`, as a browser would read them."""
    form = next(form for form in parse(page).iter("form") if (form.get("action") or "").startswith(action))
    return MultiDict([(field.get("name") or "", field.get("value") or "") for field in form.iter("input")])


def sign_in_from(client: FlaskClient, page: str, password: str = PASSWORD) -> TestResponse:
    fields = fields_of(page, "/sign-in")
    fields["email"], fields["password"] = "officer@tampere.example", password
    return client.post("/sign-in", data=fields)


def pairs(fields: MultiDict[str, str]) -> list[tuple[str, str]]:
    return [pair for pair in fields.items(multi=True) if pair[0] != "csrf_token"]


def test_what_was_typed_comes_back_and_is_posted_on_byte_for_byte(
    guarded: Flask, officer: Person, arrived: list[MultiDict[str, str]]
) -> None:
    client = guarded.test_client()
    sent = MultiDict([("text", TYPED), ("choice", "a"), ("choice", "b"), ("empty", ""), ("größe [x]", "1 & 2")])

    out = client.post("/account", data=sent)
    assert out.status_code == 401
    assert "What you typed is safe" in out.text

    back = sign_in_from(client, out.text)
    assert back.status_code == 200
    assert "You are signed in again: what you typed is here" in back.text
    shown = [element.text for element in parse(back.text).iter("dd")]
    assert shown[0] == TYPED.replace("\r\n", "\n")

    client.post("/account", data=fields_of(back.text, "/account"))
    assert len(arrived) == 1
    assert pairs(arrived[0]) == pairs(sent)


@given(texts=st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=60), max_size=5))
def test_any_text_survives_the_hidden_fields(texts: list[str]) -> None:
    typed = kept.Kept("/account", tuple((f"field-{number}", text) for number, text in enumerate(texts)))
    page = "<form action=/account>" + "".join(kept.hidden_fields(typed)) + "</form>"

    assert tuple(fields_of(page, "/account").items(multi=True)) == typed.fields


def test_a_session_that_ended_on_the_server_keeps_the_text_too(
    guarded: Flask, officer: Person, client_for: Callable[[Person], FlaskClient], arrived: list[MultiDict[str, str]]
) -> None:
    client = client_for(officer)
    token = fields_of(client.get("/sign-out").text, "/sign-out")["csrf_token"]
    service.end_sessions(officer)
    db.session.commit()

    out = client.post("/account", data={"text": TYPED, "csrf_token": token})
    assert out.status_code == 401
    back = sign_in_from(client, out.text)
    client.post("/account", data=fields_of(back.text, "/account"))

    assert [pairs(form) for form in arrived] == [[("text", TYPED)]]


def test_a_failed_try_keeps_the_text(guarded: Flask, officer: Person) -> None:
    client = guarded.test_client()
    out = client.post("/account", data={"text": TYPED})

    again = sign_in_from(client, sign_in_from(client, out.text, "wrong").text, "wrong again")

    assert again.status_code == 422
    assert "öööö" in sign_in_from(client, again.text).text


def test_sending_the_sign_in_form_twice_still_shows_the_text(guarded: Flask, officer: Person) -> None:
    client = guarded.test_client()
    out = client.post("/account", data={"text": TYPED})
    sign_in_from(client, out.text)

    assert "You are signed in again" in sign_in_from(client, out.text).text


def test_a_sign_in_form_without_its_cookie_gets_a_second_try(guarded: Flask, officer: Person) -> None:
    out = guarded.test_client().post("/account", data={"text": TYPED})

    later = guarded.test_client()
    answer = sign_in_from(later, out.text)
    assert answer.status_code == 400
    assert "öööö" in sign_in_from(later, answer.text).text


def test_passwords_and_tokens_are_never_kept(app: Flask) -> None:
    form = {"current_password": "secret-one", "password": "secret-two", "csrf_token": "secret-three", "text": "hello"}
    with app.test_request_context("/account", method="POST", data=form):
        typed = kept.of_request()

    assert typed is not None
    assert typed.fields == (("text", "hello"),)


def test_every_password_field_of_the_service_is_known_as_one() -> None:
    for module in pkgutil.walk_packages(procure.__path__, "procure."):
        if module.name.endswith(".forms"):
            importlib.import_module(module.name)
    forms = FlaskForm.__subclasses__()
    names = [name for form in forms for name, field in vars(form).items() if getattr(field, "field_class", None) is PasswordField]

    assert len(names) >= 4
    assert [name for name in names if not kept.is_secret(name)] == []


def test_a_forged_field_is_passed_over(guarded: Flask, officer: Person) -> None:
    client = guarded.test_client()
    fields = fields_of(client.get("/sign-in").text, "/sign-in")
    fields["email"], fields["password"], fields["kept"] = officer.email, PASSWORD, "WyIvIixbWyJ0ZXh0IiwiaGkiXV1d.aaaaaa.forged"

    answer = client.post("/sign-in", data=fields)

    assert (answer.status_code, answer.location) == (302, "/")


def test_a_field_older_than_twelve_hours_is_passed_over(app: Flask) -> None:
    typed = kept.Kept("/account", (("text", TYPED),))
    with app.test_request_context("/"), time_machine.travel(clock.now(), tick=False) as traveller:
        value = kept.sealed(typed)
        traveller.shift(timedelta(hours=12))
        assert kept.opened(value) == typed
        traveller.shift(timedelta(seconds=1))
        assert kept.opened(value) is None


@pytest.mark.parametrize("value", ["", "x", ".", "a.b.c", "é" * 50, "WyIvIl0.aaaaaa.x"])
def test_nonsense_is_passed_over(app: Flask, value: str) -> None:
    with app.test_request_context("/"):
        assert kept.opened(value) is None


def test_a_path_of_another_site_becomes_the_first_page(app: Flask) -> None:
    with app.test_request_context("/"):
        opened = kept.opened(kept.sealed(kept.Kept("//evil.example/x", (("text", "x"),))))

    assert opened is not None
    assert opened.path == "/"


def test_a_long_text_is_kept_small(app: Flask) -> None:
    with app.test_request_context("/"):
        assert len(kept.sealed(kept.Kept("/account", (("text", TYPED),)))) < 1000


def test_more_than_a_page_carries_is_shown_to_be_copied(guarded: Flask) -> None:
    enormous = "sana " * (kept.MOST_CHARACTERS // 5) + "loppu"

    page = guarded.test_client().post("/account", data={"text": enormous, "password": "secret"}).text

    area = next(parse(page).iter("textarea"))
    assert (area.text or "").removeprefix("\n") == enormous
    assert area.get("readonly") is not None
    assert "secret" not in page
    assert 'name="kept"' not in page


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
def test_words_of_another_site_are_not_kept(guarded: Flask, headers: dict[str, str]) -> None:
    answer = guarded.test_client().post("/account", data={"text": "transfer everything"}, headers=headers)

    assert answer.status_code == 401
    assert 'name="kept"' not in answer.text
    assert "transfer everything" not in answer.text


def test_a_form_without_its_token_changes_nothing_and_shows_the_typed_texts(
    guarded: Flask, officer: Person, client_for: Callable[[Person], FlaskClient], arrived: list[MultiDict[str, str]]
) -> None:
    answer = client_for(officer).post("/account?tab=1", data={"text": "\r\n" + TYPED, "password": "secret"})

    assert answer.status_code == 400
    assert arrived == []
    area = next(parse(answer.text).iter("textarea"))
    assert (area.text or "") == ("\r\n" + TYPED).replace("\r\n", "\n")
    assert area.get("readonly") is not None
    assert "secret" not in answer.text
    assert any(link.get("href") == "/account?tab=1" for link in links(answer.text))


def test_a_public_form_without_its_token_asks_nobody_to_sign_in(guarded: Flask, officer: Person) -> None:
    token = service.make_password_link(officer, clock.now())
    db.session.commit()

    answer = guarded.test_client().post(f"/password/{token}", data={"password": "kolme harmaata kissaa"})

    assert answer.status_code == 400
    assert "kolme" not in answer.text
    assert service.sign_in(officer.email, PASSWORD, "", clock.now())


def test_dropping_what_was_typed_leads_to_a_page_that_can_be_read(app: Flask, guarded: Flask, officer: Person) -> None:
    client = guarded.test_client()
    out = client.post("/account", data={"text": "x"})

    page = sign_in_from(client, out.text).text

    assert any(link.get("href") == "/account" and "dropped" in text_of(link) for link in links(page))


def test_fields_are_called_what_the_page_called_them(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert kept.label("happened_on-day").endswith(": Day")
        assert kept.label("reason") == "Why?"
        assert kept.label("title") not in ("title", "Title")
        assert kept.label("first_day-month") == "First day: Month"
        assert kept.label("days-need") == "Needs assessment"
        assert kept.label("some_field") == "Some field"


def links(page: str) -> list[Element]:
    return list(parse(page).iter("a"))
