"""The pages of a city's standard clauses."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.clauses import queries
from procure.infra import clock
from tests.clauses.builders import TEXT, add_clause

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


def typed(**changes: Any) -> dict[str, Any]:
    day = clock.today()
    values = {
        "part": "price", "title_fi": "Laskutus", "text_fi": "Laskut lähetetään verkkolaskuina.", "seen": "0",
        "valid_from-day": str(day.day), "valid_from-month": str(day.month), "valid_from-year": str(day.year),
    }  # fmt: skip
    return values | changes


def test_a_clause_begins_with_a_subject_and_is_changed_and_ended(people: People, client_for: ClientFor) -> None:
    admin = client_for(people["admin"])
    assert admin.get("/city/clauses").text.count("Write it") == 10
    assert "Payment terms" in admin.get("/city/clauses/new?kind=contract&subject=payment_terms").text

    assert admin.post("/city/clauses/new?kind=contract&subject=payment_terms", data=typed()).location == "/city/clauses"
    page = admin.get("/city/clauses").text
    assert "Laskutus" in page
    assert page.count("Write it") == 9
    assert admin.post("/city/clauses/1/change", data=typed(seen="1", text_fi="Muutettu")).status_code == 302
    history = admin.get("/city/clauses/1").text
    assert "Edition 2" in history
    assert "verkkolaskuina" in history, "what was there before is still to be read"
    assert admin.post("/city/clauses/1/end", data=typed(seen="2")).status_code == 302
    assert "Clauses that have ended" in admin.get("/city/clauses").text


def test_what_is_wrong_is_told_and_a_kind_is_chosen_first(people: People, client_for: ClientFor) -> None:
    admin = client_for(people["admin"])

    assert "In which documents" in admin.get("/city/clauses/new").text
    answer = admin.post("/city/clauses/new?kind=contract", data=typed(text_fi=""))
    assert answer.status_code == 422
    assert "Enter the text of the clause" in answer.text
    add_clause(people["admin"])
    assert admin.post("/city/clauses/1/change", data=typed(part="contract", seen="9")).status_code == 422


@pytest.mark.parametrize("name", ["officer", "manager", "expert", "coordinator", "system_admin"])
def test_nobody_else_changes_one(people: People, client_for: ClientFor, name: str) -> None:
    add_clause(people["admin"])
    client = client_for(people[name])

    for address in ("new?kind=contract", "1/change", "1/end"):
        assert client.post(f"/city/clauses/{address}", data=typed(seen="1")).status_code == 403, address
    assert len(queries.editions_of(people["admin"].organisation_id)) == 1


def test_another_city_sees_nothing_of_it(people: People, client_for: ClientFor) -> None:
    add_clause(people["admin"])
    other = client_for(people["other_officer"])

    assert TEXT not in other.get("/city/clauses").text
    assert other.get("/city/clauses/1").status_code == 404
