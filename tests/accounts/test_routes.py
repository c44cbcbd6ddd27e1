"""Signing in and out, the own account and people, as a browser meets them."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from procure.accounts import service
from procure.accounts.models import Person
from procure.infra import clock
from procure.infra.db import db
from tests.accounts.conftest import PASSWORD
from tests.factories import actor_of

ClientFor = Callable[[Person], FlaskClient]
NEW = "kolme harmaata kissaa"

TRICKS = (
    "https://evil.example", "http://evil.example", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example",
    "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "https:evil.example", "https:/evil.example", "http:///evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "ftp://evil.example", "file:///etc/passwd",
    " https://evil.example", "\thttps://evil.example", "\n//evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example",
    "\x00//evil.example", "/\x00/evil.example", "evil.example", "www.evil.example", "@evil.example", "user@evil.example", ":80",
    "?next=//evil.example", "#//evil.example", "./evil", "../evil", "%2f%2fevil.example", "https%3a//evil.example",
    "／／evil.example", "/\x0b/evil.example", "//evil.example/%2e%2e", "http:evil.example", "//[::1]/", "/\x1f/evil.example", "",
)  # fmt: skip


def sign_in(client: FlaskClient, email: str, password: str, **arguments: str) -> TestResponse:
    return client.post("/sign-in", query_string=arguments, data={"email": email, "password": password})


def copied(app: Flask, client: FlaskClient) -> FlaskClient:
    """Another browser with the same cookie."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    return thief


def is_out(client: FlaskClient) -> bool:
    answer = client.get("/account")
    return answer.status_code == 302 and answer.location == "/sign-in?next=/account"


@pytest.fixture
def clock_set() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def test_the_form_has_one_address_and_one_password_field(anonymous: FlaskClient) -> None:
    page = anonymous.get("/sign-in").text

    assert len(re.findall(r'type="email"', page)) == 1
    assert len(re.findall(r'type="password"', page)) == 1
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_the_first_page_leads_to_the_sign_in_page(anonymous: FlaskClient) -> None:
    assert anonymous.get("/").location == "/sign-in"


def test_after_signing_in_the_page_that_was_asked_for_opens(anonymous: FlaskClient, officer: Person) -> None:
    asked = anonymous.get("/cases?city=837&page=2")
    assert asked.location == "/sign-in?next=/cases?city%3D837%26page%3D2"

    form = anonymous.get(asked.location).text
    action = re.search(r'<form method="post" action="(/sign-in[^"]*)"', form)
    assert action is not None
    answer = anonymous.post(action[1].replace("&amp;", "&"), data={"email": officer.email, "password": PASSWORD})

    assert (answer.status_code, answer.location) == (302, "/cases?city=837&page=2")


@pytest.mark.parametrize("trick", TRICKS)
def test_nobody_is_led_off_the_site(anonymous: FlaskClient, officer: Person, trick: str) -> None:
    answer = sign_in(anonymous, officer.email, PASSWORD, next=trick)

    assert (answer.status_code, answer.location) == (302, "/")
    assert anonymous.get("/sign-in", query_string={"next": trick}).location == "/"


def test_a_wrong_address_and_a_wrong_password_get_the_same_page(app: Flask, officer: Person) -> None:
    pages = []
    for email in (officer.email, "nobody@tampere.example"):
        answer = sign_in(app.test_client(), email, "wrong")
        assert answer.status_code == 422
        pages.append(re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text.replace(email, "ADDRESS")))

    assert pages[0] == pages[1]
    assert "The e-mail address or the password is wrong" in pages[0]


def test_the_typed_password_is_never_shown_back(anonymous: FlaskClient, officer: Person) -> None:
    assert "wrong-but-typed" not in sign_in(anonymous, officer.email, "wrong-but-typed").text


def test_an_empty_form_says_what_is_missing(anonymous: FlaskClient) -> None:
    answer = sign_in(anonymous, "", "")

    assert answer.status_code == 422
    assert "Enter your e-mail address" in answer.text
    assert "Enter your password" in answer.text


def test_the_eleventh_try_gets_429_and_a_quarter_of_an_hour_later_the_door_opens(
    anonymous: FlaskClient, officer: Person, clock_set: time_machine.Traveller
) -> None:
    assert [sign_in(anonymous, officer.email, "wrong").status_code for _try in range(10)] == [422] * 10

    answer = sign_in(anonymous, officer.email, PASSWORD)
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.text

    clock_set.shift(timedelta(minutes=15))
    assert sign_in(anonymous, officer.email, PASSWORD).status_code == 302


def test_the_cookie_carries_the_token_and_the_form_token_only(anonymous: FlaskClient, officer: Person) -> None:
    with anonymous.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["csrf_token"] = "known to somebody else"

    sign_in(anonymous, officer.email, PASSWORD)

    anonymous.get("/account")
    with anonymous.session_transaction() as session:
        assert set(session) == {"_user_id", "csrf_token"}
        assert session["csrf_token"] != "known to somebody else"


def test_signing_in_again_ends_the_session_before(app: Flask, anonymous: FlaskClient, officer: Person) -> None:
    sign_in(anonymous, officer.email, PASSWORD)
    before = copied(app, anonymous)

    sign_in(anonymous, officer.email, PASSWORD)

    assert is_out(before)
    assert not is_out(anonymous)


def test_a_copied_cookie_opens_nothing_after_signing_out(app: Flask, anonymous: FlaskClient, officer: Person) -> None:
    sign_in(anonymous, officer.email, PASSWORD)
    thief = copied(app, anonymous)
    assert not is_out(thief)

    assert anonymous.post("/sign-out").location == "/sign-in"

    assert is_out(anonymous)
    assert is_out(thief)


def test_reading_the_sign_out_page_signs_nobody_out(app: Flask, client_for: ClientFor, people: dict[str, Person]) -> None:
    client = client_for(people["officer"])
    reader = FlaskClient(app, app.response_class)  # a HEAD has no page to look over
    cookie = client.get_cookie("session")
    assert cookie is not None
    reader.set_cookie("session", cookie.value)

    assert "Sign out" in client.get("/sign-out").text
    assert reader.head("/sign-out").status_code == 200
    assert not is_out(client)


def test_signing_out_twice_is_no_fault(anonymous: FlaskClient) -> None:
    assert anonymous.post("/sign-out").location == "/sign-in"
    assert anonymous.get("/sign-out").location == "/sign-in"


@pytest.mark.parametrize("act", ["role", "close", "password"])
def test_every_copy_of_a_session_ends(
    app: Flask, client_for: ClientFor, officer: Person, people: dict[str, Person], act: str
) -> None:
    browsers = [client_for(officer) for _browser in range(3)]
    thieves = [copied(app, browser) for browser in browsers]
    if act == "password":
        answer = browsers[0].post(
            "/account", data={"current_password": PASSWORD, "password": NEW, "save_password": "Change the password"}
        )
        assert answer.location == "/sign-in"
    else:
        form = {"act": act, "role": "manager"}
        assert client_for(people["admin"]).post(f"/people/{officer.id}", data=form).status_code == 302

    assert [is_out(client) for client in browsers + thieves] == [True] * 6


def test_a_new_role_holds_at_the_next_request(client_for: ClientFor, people: dict[str, Person]) -> None:
    client = client_for(people["admin"])
    assert client.get("/people").status_code == 200

    people["admin"].role = "officer"  # as another process would have written it
    db.session.commit()

    assert client.get("/people").status_code == 403


def test_the_language_of_the_person_is_kept_only_when_the_browser_has_none(app: Flask, officer: Person) -> None:
    officer.language = "sv"
    db.session.commit()
    fresh, decided = app.test_client(), app.test_client()
    decided.set_cookie("language", "fi")

    assert "language=sv" in str(sign_in(fresh, officer.email, PASSWORD).headers)
    assert "language=" not in str(sign_in(decided, officer.email, PASSWORD).headers)


def test_the_own_language_is_chosen(client_for: ClientFor, people: dict[str, Person]) -> None:
    client = client_for(people["officer"])

    answer = client.post("/account", data={"language": "sv", "save_language": "Save"})

    assert answer.location == "/account"
    assert people["officer"].language == "sv"
    assert '<html lang="sv"' in client.get("/account").text


def test_a_language_that_does_not_exist_is_refused(client_for: ClientFor, people: dict[str, Person]) -> None:
    assert client_for(people["officer"]).post("/account", data={"language": "de", "save_language": "x"}).status_code == 422
    assert people["officer"].language == "en"


def test_a_wrong_present_password_changes_nothing(client_for: ClientFor, officer: Person) -> None:
    client = client_for(officer)

    answer = client.post("/account", data={"current_password": "wrong", "password": NEW, "save_password": "x"})

    assert answer.status_code == 422
    assert 'href="#current_password"' in answer.text
    assert NEW not in answer.text
    assert not is_out(client)


def test_people_are_listed_for_their_administrator_only(client_for: ClientFor, people: dict[str, Person]) -> None:
    page = client_for(people["admin"]).get("/people").text
    assert "officer@tampere.example" in page
    assert "oulu" not in page

    for role in ("officer", "manager", "expert"):
        assert client_for(people[role]).get("/people").status_code == 403


def test_an_added_person_gets_in_by_the_link_that_is_shown_once(
    app: Flask, client_for: ClientFor, people: dict[str, Person]
) -> None:
    form = {"email": "uusi@tampere.example", "name": "Uusi Henkilö", "role": "officer", "language": "fi"}
    admin = client_for(people["admin"])
    page = admin.post("/people/new", data=form).text
    link = re.search(r"http://[^/]+(/password/[\w-]+)", page)
    assert link is not None
    person = db.session.scalars(select(Person).where(Person.email == "uusi@tampere.example")).one()
    assert link[1] not in admin.get(f"/people/{person.id}").text

    newcomer = app.test_client()
    assert "uusi@tampere.example" in newcomer.get(link[1]).text
    assert newcomer.post(link[1], data={"password": "short"}).status_code == 422
    assert newcomer.post(link[1], data={"password": NEW}).location == "/sign-in"

    assert sign_in(newcomer, "uusi@tampere.example", NEW).status_code == 302
    assert newcomer.get(link[1]).status_code == 404
    assert newcomer.post(link[1], data={"password": NEW}).status_code == 404


@pytest.mark.parametrize("role", ["expert", "coordinator", "system_admin", "made_up"])
def test_no_other_role_can_be_posted(client_for: ClientFor, people: dict[str, Person], role: str) -> None:
    form = {"email": "uusi@tampere.example", "name": "Uusi", "role": role, "language": "fi", "organisation": "564"}
    admin = client_for(people["admin"])

    assert admin.post("/people/new", data=form).status_code == 422
    assert admin.post(f"/people/{people['officer'].id}", data={"act": "role", "role": role}).status_code == 422
    assert people["officer"].role == "officer"


def test_a_posted_organisation_does_not_count_for_a_city(client_for: ClientFor, people: dict[str, Person]) -> None:
    form = {"email": "uusi@tampere.example", "name": "Uusi", "role": "officer", "language": "fi", "organisation": "564"}

    client_for(people["admin"]).post("/people/new", data=form)

    person = db.session.scalars(select(Person).where(Person.email == "uusi@tampere.example")).one()
    assert person.organisation.code == "837"


def test_a_system_administrator_adds_an_administrator_to_any_city(client_for: ClientFor, people: dict[str, Person]) -> None:
    form = {"email": "hallinta@oulu.example", "name": "Hallinta", "role": "city_admin", "language": "fi", "organisation": "564"}
    client = client_for(people["system_admin"])

    assert "Oulu" in client.get("/people/new").text
    assert client.post("/people/new", data=form).status_code == 200
    assert client.post("/people/new", data=form | {"role": "officer", "email": "o@oulu.example"}).status_code == 422


@pytest.mark.parametrize("act", ["role", "link", "close", "open", "made_up", ""])
def test_another_organisations_administrator_cannot_touch_a_person(
    client_for: ClientFor, people: dict[str, Person], act: str
) -> None:
    address = f"/people/{people['other_officer'].id}"
    for name in ("admin", "coordinator", "system_admin"):
        client = client_for(people[name])
        assert client.get(address).status_code == 404
        assert client.post(address, data={"act": act, "role": "manager"}).status_code == 404

    assert (people["other_officer"].role, people["other_officer"].active) == ("officer", True)


def test_a_person_that_does_not_exist_is_not_found(client_for: ClientFor, people: dict[str, Person]) -> None:
    admin = client_for(people["admin"])

    assert [admin.get(f"/people/{number}").status_code for number in (0, 987654, 10**40)] == [404] * 3


def test_the_own_account_is_not_closed_by_oneself(client_for: ClientFor, people: dict[str, Person]) -> None:
    admin = client_for(people["admin"])
    address = f"/people/{people['admin'].id}"

    assert 'name="act"' not in admin.get(address).text
    for act in ("role", "close", "link"):
        assert admin.post(address, data={"act": act, "role": "officer"}).status_code == 422
    assert (people["admin"].role, people["admin"].active) == ("city_admin", True)


def test_a_closed_account_is_opened_again(client_for: ClientFor, people: dict[str, Person]) -> None:
    admin = client_for(people["admin"])
    address = f"/people/{people['officer'].id}"
    admin.post(address, data={"act": "close"})
    assert admin.post(address, data={"act": "link"}).status_code == 422
    assert "Open the account again" in admin.get(address).text

    admin.post(address, data={"act": "open"})

    assert people["officer"].active


def test_a_link_opened_in_a_signed_in_browser_leaves_nobody_signed_in(
    client_for: ClientFor, officer: Person, people: dict[str, Person]
) -> None:
    token = service.send_password_link(officer, actor_of(people["admin"]), clock.now())
    db.session.commit()
    browser = client_for(people["manager"])

    browser.post(f"/password/{token}", data={"password": NEW})

    assert is_out(browser)


def test_a_page_costs_one_query_for_the_person(
    client_for: ClientFor, people: dict[str, Person], count_queries: Callable[[], list[str]]
) -> None:
    client = client_for(people["officer"])
    executed = count_queries()

    assert client.get("/account").status_code == 200

    assert len(executed) == 1
