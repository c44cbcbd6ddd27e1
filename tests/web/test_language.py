"""Which language a page has, and where a choice of language may lead."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.web.language import local_path

ClientFor = Callable[[Person], FlaskClient]


def language_of(client: FlaskClient, **headers: str) -> str:
    page = client.get("/accessibility", headers={name.replace("_", "-"): value for name, value in headers.items()}).text
    return page.partition('<html lang="')[2][:2]


@pytest.mark.parametrize(
    ("accepted", "shown"),
    [
        ("sv-FI,sv;q=0.9", "sv"),
        ("en-US,en;q=0.9,fi;q=0.1", "en"),
        ("de,fr;q=0.5", "fi"),
        ("", "fi"),
        ("fi-FI", "fi"),
        ("*", "fi"),
        (";;;=,q", "fi"),
    ],
)
def test_without_a_choice_the_browser_decides_and_finnish_is_the_last_resort(app: Flask, accepted: str, shown: str) -> None:
    assert language_of(app.test_client(), Accept_Language=accepted) == shown


def test_the_person_comes_before_the_browser(client_for: ClientFor, people: dict[str, Person]) -> None:
    assert language_of(client_for(people["vaasa_officer"]), Accept_Language="en") == "sv"


def test_the_choice_in_the_header_comes_before_the_person(client_for: ClientFor, people: dict[str, Person]) -> None:
    client = client_for(people["vaasa_officer"])

    answer = client.get("/language/fi?next=/accessibility")

    assert answer.location == "/accessibility"
    assert language_of(client, Accept_Language="en") == "fi"


def test_a_made_up_cookie_is_passed_over(anonymous: FlaskClient) -> None:
    anonymous.set_cookie("language", "../../etc")

    assert language_of(anonymous, Accept_Language="sv") == "sv"


@pytest.mark.parametrize("code", ["de", "FI", "xx", "en_GB"])
def test_a_language_that_does_not_exist_is_not_found(anonymous: FlaskClient, code: str) -> None:
    assert anonymous.get(f"/language/{code}").status_code == 404


def test_a_choice_of_language_leads_nowhere_else(anonymous: FlaskClient) -> None:
    assert anonymous.get("/language/sv?next=//evil.example").location == "/"


@pytest.mark.parametrize(
    "path", ["/", "/cases", "/cases?city=837&next=https://evil.example", "/cases/TRE-2026-0001#top", "/å/ä", "/a:b", "/a//b"]
)
def test_paths_of_this_site_are_followed(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path", [None, "", "cases", "//evil", "/\\evil", "\\evil", "https://evil", "/\tevil", "/a\nb", "/a\\b", "javascript:x"]
)
def test_anything_else_leads_to_the_first_page(path: str | None) -> None:
    assert local_path(path) == "/"
