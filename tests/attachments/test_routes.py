"""The pages of attachments as a city's people, a partner's people and strangers meet them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from tests.attachments.files import GOOD, pdf, sent

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


def page_of(case: Case) -> str:
    return f"/cases/{case.reference}/attachments"


def add(
    client: FlaskClient, case: Case, name: str = "offer.pdf", content: bytes = b"", title: str = "Offer of one supplier"
) -> None:
    answer = client.post(f"{page_of(case)}/new", data=sent(name, content or pdf(), title=title, document=""))
    assert answer.status_code == 302, answer.text


@pytest.fixture
def officer(people: People, client_for: ClientFor) -> FlaskClient:
    return client_for(people["officer"])


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_that_is_taken_comes_back_as_it_went_in(officer: FlaskClient, case: Case, name: str) -> None:
    add(officer, case, name, GOOD[name])

    with officer.get(f"{page_of(case)}/1/1/{name}") as answer:
        assert answer.status_code == 200
        assert answer.data == GOOD[name]
        assert answer.content_length == len(GOOD[name])
        assert answer.headers["Content-Disposition"].startswith("attachment;")
