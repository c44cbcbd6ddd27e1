"""Pages of approvals: what shows to whom, what a form does, and what two people at once see."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.approvals import queries
from procure.cases import halt_service
from procure.cases import service as case_service
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.approvals import builders

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


def due(days: int = 7) -> dict[str, int]:
    day = clock.today() + timedelta(days=days)
    return {"due_on-day": day.day, "due_on-month": day.month, "due_on-year": day.year}


def pages_of(case: Case) -> str:
    return f"/cases/{case.reference}/approvals"


def request_of(*people: Person, **changes: Any) -> dict[str, Any]:
    named = {f"person_{place}": person.id for place, person in enumerate(people, start=1)}
    return {"subject": "plan", "rule": "all", "words": ""} | due() | named | changes


def test_an_approval_goes_from_asking_to_given_on_its_pages(case: Case, people: People, client_for: ClientFor) -> None:
    officer, manager = client_for(people["officer"]), client_for(people["manager"])

    asked = officer.post(f"{pages_of(case)}/new", data=request_of(people["manager"], words="Please look at the plan"))
    assert asked.status_code == 302
    assert asked.location == f"{pages_of(case)}/1"
    assert "Can answer now: Manager" in officer.get(pages_of(case)).text

    page = manager.get(f"{pages_of(case)}/1").text
    assert "Please look at the plan" in page
    assert "€480,000" in page
    assert manager.post(f"{pages_of(case)}/1", data={"saying": "given"}).status_code == 302

    page = officer.get(pages_of(case)).text
    assert "Approved" in page
    assert "Waits for approval" not in page
    assert len(factories.events(case, "approval_given")) == 1


def test_a_form_that_cannot_be_keeps_what_was_typed(case: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])

    page = officer.post(f"{pages_of(case)}/new", data=request_of(subject="other", words="") | due(-1))

    assert page.status_code == 422
    for sentence in ("Write what is to be approved", "Choose who approves", "The day has passed"):
        assert sentence in page.text
    assert not queries.approvals_of(case)


def test_whoever_rejects_says_why(case: Case, people: People, client_for: ClientFor) -> None:
    builders.ask(case, people["officer"], people["manager"])
    manager = client_for(people["manager"])

    refused = manager.post(f"{pages_of(case)}/1", data={"saying": "rejected", "words": " "})
    assert refused.status_code == 422
    assert "Write what should be changed or why you reject" in refused.text

    assert manager.post(f"{pages_of(case)}/1", data={"saying": "rejected", "words": "The value is too low"}).status_code == 302
    assert "The value is too low" in manager.get(pages_of(case)).text


def test_an_answer_to_what_was_voided_meanwhile_is_refused_with_its_words(
    case: Case, people: People, client_for: ClientFor
) -> None:
    builders.ask(case, people["officer"], people["manager"])
    factories.answer(case, people["officer"], value_amount="520000")
    manager = client_for(people["manager"])

    page = manager.post(f"{pages_of(case)}/1", data={"saying": "changes_asked", "words": "Add the options"})

    assert page.status_code == 422
    assert "no longer counts. Your answer was not kept" in page.text
    assert "Add the options" in page.text
    assert "€480,000 → €520,000" in page.text


def test_asking_again_begins_with_what_was_asked(case: Case, people: People, client_for: ClientFor) -> None:
    builders.ask(case, people["officer"], people["manager"], people["admin"], words="The plan of spring", rule="order")
    factories.answer(case, people["officer"], value_amount="520000")
    officer = client_for(people["officer"])

    assert f"{pages_of(case)}/new?again=1" in officer.get(f"{pages_of(case)}/1").text
    page = officer.get(f"{pages_of(case)}/new?again=1").text

    assert "The plan of spring" in page
    assert f'<option value="{people["manager"].id}" selected' in page


def test_a_sign_off_is_handed_on_and_both_names_stay(case: Case, people: People, client_for: ClientFor) -> None:
    builders.ask(case, people["officer"], people["manager"])
    manager = client_for(people["manager"])

    page = manager.get(f"{pages_of(case)}/1/hand-on").text
    assert f'value="{people["officer"].id}"' not in page, "who asks does not sign"
    assert manager.post(f"{pages_of(case)}/1/hand-on", data={"to": people["admin"].id}).status_code == 302

    page = client_for(people["admin"]).get(f"{pages_of(case)}/1").text
    assert "Manager" in page
    assert "handed to Admin on" in page
    assert client_for(people["admin"]).post(f"{pages_of(case)}/1", data={"saying": "given"}).status_code == 302


def test_only_who_asked_is_offered_to_withdraw(case: Case, people: People, client_for: ClientFor) -> None:
    builders.ask(case, people["officer"], people["manager"])

    assert "/withdraw" not in client_for(people["officer2"]).get(f"{pages_of(case)}/1").text
    assert client_for(people["officer2"]).get(f"{pages_of(case)}/1/withdraw").status_code == 302
    officer = client_for(people["officer"])
    assert officer.get(f"{pages_of(case)}/1/withdraw").status_code == 200
    assert officer.post(f"{pages_of(case)}/1/withdraw").status_code == 302
    assert "Withdrawn" in officer.get(pages_of(case)).text


def test_a_case_says_in_its_navigation_how_many_approvals_wait_for_the_reader(
    case: Case, people: People, client_for: ClientFor
) -> None:
    builders.ask(case, people["officer"], people["manager"])

    waits = 'aria-label="Approvals (1 waiting for you)">Approvals (1)</a>'
    assert waits in client_for(people["manager"]).get(f"/cases/{case.reference}").text
    assert waits not in client_for(people["officer"]).get(f"/cases/{case.reference}").text


def test_in_a_cancelled_case_no_approval_waits(case: Case, people: People, client_for: ClientFor) -> None:
    builders.ask(case, people["officer"], people["manager"])
    assert case.reference in client_for(people["manager"]).get("/work?whose=mine").text

    by, seen = factories.actor_of(people["officer"]), case_service.progress_of(case).sequence
    halt_service.cancel(case, clock.today(), "budget", "no money", False, seen, by, clock.today(), clock.now())
    db.session.commit()

    manager = client_for(people["manager"])
    assert case.reference not in manager.get("/work?whose=mine").text
    assert "waiting for you" not in manager.get(f"/cases/{case.reference}").text


def test_what_waits_for_me_has_the_approval_with_its_day(case: Case, people: People, client_for: ClientFor) -> None:
    builders.ask(case, people["officer"], people["manager"], people["officer2"], rule="order")

    assert "Answer: Procurement plan" in client_for(people["manager"]).get("/work?whose=mine").text
    assert "Answer: Procurement plan" not in client_for(people["officer2"]).get("/work").text, "it is not yet their turn"


def test_a_partner_city_reads_the_approvals_and_answers_none(case: Case, people: People, client_for: ClientFor) -> None:
    builders.ask(case, people["officer"], people["manager"])
    factories.make_partner(case, people["other_manager"])
    partner = client_for(people["other_manager"])

    assert partner.get(f"{pages_of(case)}/1").status_code == 200
    assert partner.post(f"{pages_of(case)}/1", data={"saying": "given"}).status_code == 404
    db.session.expire_all()
    assert queries.approvals_of(case)[0].outcome == "open"
