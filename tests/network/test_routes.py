"""Pages of the network, as everybody reads them and the coordinator changes them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.catalogue import network
from procure.infra.db import db
from procure.network import queries
from tests.pages import parse, text_of

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
PAGES = ("/network", "/network/regions/vaasa", "/network/themes", "/network/funding", "/network/people", "/network/meetings")
CHANGE = "/network/facts/tampere/coordinator/change"


@pytest.fixture
def officer(people: People, client_for: ClientFor) -> FlaskClient:
    return client_for(people["officer"])


@pytest.fixture
def coordinator(people: People, client_for: ClientFor) -> FlaskClient:
    return client_for(people["coordinator"])


def page_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return text_of(parse(answer.get_data(as_text=True)).find(".//main"))


@pytest.mark.parametrize("name", ["officer", "admin", "expert", "coordinator", "system_admin", "vaasa_officer"])
def test_everybody_who_signs_in_reads_every_page(people: People, client_for: ClientFor, name: str) -> None:
    client = client_for(people[name])

    assert all(page_of(client, address) for address in PAGES)
