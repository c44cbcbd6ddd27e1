"""Pages of communications: the way from asking to publishing, what shows to whom, and what nobody else sees."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.communications import queries
from procure.infra import clock
from tests import factories
from tests.communications import builders

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


def pages_of(case: Case) -> str:
    return f"/cases/{case.reference}/communications"


def on(field: str, day: date) -> dict[str, int]:
    return {f"{field}-day": day.day, f"{field}-month": day.month, f"{field}-year": day.year}


def filled(**changes: Any) -> dict[str, Any]:
    words = {"title": "Release", "content": "need", "audience": "Residents", "channel": "website", "message_en": "We need this."}
    return words | on("planned_on", clock.today() + timedelta(days=3)) | {"save": "Save"} | changes


def test_something_goes_from_a_draft_to_published_on_its_pages(case: Case, people: People, client_for: ClientFor) -> None:
    officer, manager = client_for(people["officer"]), client_for(people["manager"])

    made = officer.post(f"{pages_of(case)}/new", data=filled(form_key="k1"))
    assert made.status_code == 302
    assert made.location == f"{pages_of(case)}/1"
    assert "We need this." in officer.get(made.location).text

    assert officer.post(f"{pages_of(case)}/1/submit", data={"seen": "1"}).status_code == 302
    assert manager.post(f"{pages_of(case)}/1/approve", data={"seen": "1"}).status_code == 302
    done = officer.post(f"{pages_of(case)}/1/publish", data={"seen": "1"} | on("published_on", clock.today()))
    assert done.status_code == 302

    page = officer.get(pages_of(case)).text
    assert "Published" in page
    assert len(factories.events(case, "communication_published")) == 1
