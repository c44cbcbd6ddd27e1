"""The pages that ask and share: nothing typed is lost, nothing unshared shows, and what was shown is noted."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from procure.accounts import service as accounts
from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db, writing
from procure.support import sharebook
from procure.support.asking_models import SupportProduct, SupportSight
from procure.support.models import SupportRequest
from tests import factories
from tests.attachments.builders import attach as attach_file
from tests.attachments.builders import attach_version
from tests.attachments.files import pdf
from tests.domain.test_products import TEXTS_OF_FORM
from tests.support.builders import CANARY, OPINION, act, answered, ask, secret_case, taken
from tests.support.test_asking import idea, share

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]

ASKED = {
    "topic": "funding", "shown_topic": "funding", "question": "Which call fits?", "urgency": "soon", "shares": ["need"],
    "form_key": "made-with-the-form", "detail-funding-1": "The call of spring", "product": "",
}  # fmt: skip


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def asked_rows() -> int:
    return db.session.scalar(select(func.count()).select_from(SupportRequest)) or 0


def test_the_form_begins_with_what_the_address_says(case: Case, people: People, client_for: ClientFor) -> None:
    client = client_for(people["officer"])
    path = f"/cases/{case.reference}/support/ask"
    assert "What an expert asks first: Market dialogue" in text(client.get(f"{path}?section=market"))
    assert "What an expert asks first: Procedure and law" in text(client.get(f"{path}?topic=procedure_law"))
    page = text(client.get(f"{path}?product=pilot_design"))
    assert '<option value="pilot_design" selected>' in page
    assert "What an expert asks first: Pilot" in page
    assert "Choose a topic and press the button" in text(client.get(path))


def test_one_asks_from_a_section_a_stage_and_the_advice(case: Case, people: People, client_for: ClientFor) -> None:
    client, ask_at = client_for(people["officer"]), f"/cases/{case.reference}/support/ask"
    for page, query in (("", "stage=need"), ("/answers/need/problem", "section=need"), ("/advice", "topic=procedure_law")):
        assert f"{ask_at}?{query}" in text(client.get(f"/cases/{case.reference}{page}", follow_redirects=True)), page
    assert client.get(f"/cases/{case.reference}/support/new?section=need").status_code == 200


def test_what_the_case_says_stands_beside_the_form(case: Case, people: People, client_for: ClientFor) -> None:
    factories.answer(case, people["officer"], known_suppliers=7)
    page = text(client_for(people["officer"]).get(f"/cases/{case.reference}/support/ask"))
    aside = page.partition('<aside class="p-aside"')[2]
    assert case.reference in aside
    assert "<dd>7</dd>" in aside


def test_another_topic_s_questions_are_shown_and_nothing_typed_is_lost(case: Case, people: People, client_for: ClientFor) -> None:
    client, path = client_for(people["officer"]), f"/cases/{case.reference}/support/ask"
    page = text(client.post(path, data={**ASKED, "topic": "impact", "show": "1", "shares": ["market"]}))
    assert "What an expert asks first: Impact" in page
    assert "Which call fits?" in page
    assert '<input type="hidden" name="detail-funding-1" value="The call of spring">' in page
    assert any('value="market"' in line and "checked" in line for line in page.splitlines())
    back = text(client.post(path, data={**ASKED, "shown_topic": "impact", "show": "1"}))
    assert "The call of spring</textarea>" in back
    assert asked_rows() == 0


def test_a_topic_changed_without_looking_sends_nothing_that_was_not_seen(
    case: Case, people: People, client_for: ClientFor
) -> None:
    client, path = client_for(people["officer"]), f"/cases/{case.reference}/support/ask"
    held = client.post(path, data={**ASKED, "topic": "impact"})
    assert held.status_code == 422
    assert "You have changed the topic" in text(held)
    assert asked_rows() == 0
    sent = client.post(path, data={**ASKED, "topic": "impact", "shown_topic": "impact"})
    assert sent.status_code == 302
    request = db.session.scalars(select(SupportRequest)).one()
    assert (request.topic, request.details) == ("impact", {})


def test_answers_to_first_questions_stand_under_the_question(case: Case, people: People, client_for: ClientFor) -> None:
    client = client_for(people["officer"])
    sent = client.post(f"/cases/{case.reference}/support/ask", data={**ASKED, "product": "sparring"})
    request = db.session.scalars(select(SupportRequest)).one()
    assert request.details == {"funding.1": "The call of spring"}
    page = text(client.get(sent.location))
    assert "The call of spring" in page
    assert "First sparring talk" in page
    assert "The call of spring" in text(client_for(people["coordinator"]).get(sent.location))


def test_an_idea_is_asked_and_attached_and_then_shared(people: People, client_for: ClientFor) -> None:
    case, client = secret_case(people["officer"]), client_for(people["officer"])
    unnamed = client.post("/support/ask", data={**ASKED, "idea_title": " "})
    assert unnamed.status_code == 422
    assert "Give the idea a name" in text(unnamed)
    sent = client.post("/support/ask", data={**ASKED, "idea_title": "Meter drones"})
    assert sent.status_code == 302
    assert "Meter drones" in text(client.get(sent.location))
    assert "Meter drones" in text(client.get("/support"))
    number = int(sent.location.rpartition("/")[2])
    assert client.get(f"/support/{number}/sharing").status_code == 404
    unknown = client.post(f"/support/{number}/attach", data={"reference": "XXX-1"})
    assert unknown.status_code == 422
    assert "Enter the reference of a case of your own city" in text(unknown)
    done = client.post(f"/support/{number}/attach", data={"chosen": case.reference})
    assert done.location == f"/support/{number}/sharing"
    assert client.post(done.location, data={"shares": ["users"]}).status_code == 302
    assert client.get(f"/support/{number}/attach").status_code == 302
    act(db.session.get_one(SupportRequest, number), people["expert"], "take", "")
    page = text(client_for(people["expert"]).get(f"/support/{number}"))
    assert f"{CANARY} users" in page
    assert f"{CANARY} need" not in page


def test_an_idea_taken_by_an_expert_shows_that_it_has_no_case(people: People, client_for: ClientFor) -> None:
    request = idea(people["officer"])
    client = client_for(people["expert"])
    assert "Drones" not in text(client.get(f"/support/{request.id}/declare"))
    act(request, people["expert"], "take", "")
    assert "This is an idea that has no case yet" in text(client.get(f"/support/{request.id}"))
    assert "Drones that read meters" in text(client.get(f"/support/{request.id}/opinion"))
    act(request, people["expert"], "answer", OPINION)
    assert OPINION.opinion in text(client_for(people["officer"]).get(f"/support/{request.id}"))
    assert "Drones that read meters" in text(client_for(people["officer"]).get("/"))


@pytest.mark.parametrize("name", ["other_officer", "vaasa_officer"])
def test_another_city_finds_no_idea(people: People, client_for: ClientFor, name: str) -> None:
    request, client = idea(people["officer"]), client_for(people[name])
    for path in ("", "/attach", "/sharing"):
        assert client.get(f"/support/{request.id}{path}").status_code == 404


def test_an_idea_is_not_attached_to_another_city_s_case(people: People, client_for: ClientFor) -> None:
    request, foreign = idea(people["officer"]), factories.make_case(people["other_officer"])
    response = client_for(people["officer"]).post(f"/support/{request.id}/attach", data={"reference": foreign.reference})
    assert response.status_code == 422
    assert request.case_id is None


def test_the_first_sight_of_a_shared_part_is_noted_and_shown_to_the_city(people: People, client_for: ClientFor) -> None:
    request = taken(secret_case(people["officer"]), people["officer"], people["expert"], shares=("need", "funding"))
    page = text(client_for(people["officer"]).get(f"/support/{request.id}/sharing"))
    assert page.count("not seen") == 2
    client = client_for(people["expert"])
    assert f"{CANARY} need" in text(client.get(f"/support/{request.id}"))
    client.get(f"/support/{request.id}")
    sights = sharebook.sights_of(request)
    assert [(sight.what, sight.person) for sight in sights] == [("need", "Expert")]
    page = text(client_for(people["officer"]).get(f"/support/{request.id}/sharing"))
    assert page.count("not seen") == 1


def test_what_is_revoked_is_shut_at_once_and_what_was_seen_stays_on_the_page(people: People, client_for: ClientFor) -> None:
    request = taken(secret_case(people["officer"]), people["officer"], people["expert"], shares=("need",))
    client, city = client_for(people["expert"]), client_for(people["officer"])
    client.get(f"/support/{request.id}")
    city.post(f"/support/{request.id}/sharing", data={})
    assert f"{CANARY} need" not in text(client.get(f"/support/{request.id}"))
    assert "Expert</span>" in text(city.get(f"/support/{request.id}/sharing"))


def test_pages_that_show_nothing_shared_note_nothing(people: People, client_for: ClientFor) -> None:
    request = taken(secret_case(people["officer"]), people["officer"], people["expert"])
    for name in ("coordinator", "officer", "admin"):
        client_for(people[name]).get(f"/support/{request.id}")
    client_for(people["expert2"]).get(f"/support/{request.id}")
    assert db.session.scalars(select(SupportSight)).all() == []


def test_a_shared_file_opens_to_the_expert_who_took_the_request_and_to_nobody_else(people: People, client_for: ClientFor) -> None:
    case = secret_case(people["officer"])
    attach_file(case, people["officer"])
    request = ask(case, people["officer"], shares=("file:1",))
    path = f"/support/{request.id}/files/1/1/offer.pdf"
    assert client_for(people["expert"]).get(path).status_code == 404
    act(request, people["expert"], "take", "")
    with client_for(people["expert"]).get(path) as response:
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].startswith("attachment")
    assert [sight.what for sight in sharebook.sights_of(request)] == ["file:1:1"]
    assert path in text(client_for(people["expert"]).get(f"/support/{request.id}"))
    assert client_for(people["expert2"]).get(path).status_code == 404
    assert client_for(people["coordinator"]).get(path).status_code == 403
    share(request, people["officer"], "need")
    assert client_for(people["expert"]).get(path).status_code == 404


def test_tender_material_and_files_not_shared_never_open(people: People, client_for: ClientFor) -> None:
    case = secret_case(people["officer"])
    attach_file(case, people["officer"], tender_material=True)
    attach_file(case, people["officer"], name="plan.pdf", content=pdf("another"))
    request = taken(case, people["officer"], people["expert"], shares=("case",))
    request.shares = ["case", "file:1"]  # as no service would leave it
    db.session.commit()
    client = client_for(people["expert"])
    assert client.get(f"/support/{request.id}/files/1/1/offer.pdf").status_code == 404
    assert client.get(f"/support/{request.id}/files/2/1/plan.pdf").status_code == 404
    form = text(client_for(people["officer"]).get(f"/support/{request.id}/sharing"))
    assert "file:1" not in form
    assert "file:2" in form


def test_the_newest_version_of_a_shared_file_is_the_one_that_opens(people: People, client_for: ClientFor) -> None:
    case = secret_case(people["officer"])
    made = attach_file(case, people["officer"])
    request = taken(case, people["officer"], people["expert"], shares=("file:1",))
    attach_version(case, made, people["officer"], pdf("newer"))
    client = client_for(people["expert"])
    assert client.get(f"/support/{request.id}/files/1/1/offer.pdf").status_code == 404
    with client.get(f"/support/{request.id}/files/1/2/offer.pdf") as response:
        assert response.status_code == 200


def test_after_the_answer_the_shared_parts_can_no_longer_be_changed(people: People, client_for: ClientFor) -> None:
    request = answered(secret_case(people["officer"]), people["officer"], people["expert"])
    client = client_for(people["officer"])
    assert 'name="shares"' not in text(client.get(f"/support/{request.id}/sharing"))
    assert client.post(f"/support/{request.id}/sharing", data={"shares": ["users"]}).status_code == 422


def test_everybody_of_cities_and_network_reads_what_is_offered(people: People, client_for: ClientFor, case: Case) -> None:
    for name in ("officer", "admin", "expert", "coordinator"):
        client = client_for(people[name])
        assert "Workshop to clarify the need" in text(client.get("/support/products"))
        page = text(client.get("/support/products/sparring"))
        assert ("/support/ask?product=sparring" in page) == (name == "officer")
        assert ("/support/products/sparring/change" in page) == (name == "coordinator")
    assert client.get("/support/products/singing").status_code == 404
    page = text(client_for(people["officer"]).get(f"/support/products/sparring?case={case.reference}"))
    assert f"/cases/{case.reference}/support/ask?product=sparring" in page


def test_another_city_s_case_is_no_way_to_ask(people: People, client_for: ClientFor, case: Case) -> None:
    page = text(client_for(people["other_officer"]).get(f"/support/products?case={case.reference}"))
    assert f"/cases/{case.reference}" not in page
    assert f"sparring?case={case.reference}" not in page


def test_a_coordinator_adds_changes_and_retires_a_product(people: People, client_for: ClientFor) -> None:
    client, today = client_for(people["coordinator"]), clock.today()
    day = {"valid_from-day": today.day, "valid_from-month": today.month, "valid_from-year": today.year, "based_on": "0"}
    form = {**TEXTS_OF_FORM, **day, "days_from": 2, "days_to": 4, "topics": ["funding"]}
    lacking = client.post("/support/products/new", data={**form, "needs_sv": ""})
    assert lacking.status_code == 422
    assert "Write this text in every language" in text(lacking)
    made = client.post("/support/products/new", data=form)
    assert made.location == "/support/products/own_1"
    assert 'name="based_on" type="hidden" value="1"' in text(client.get("/support/products/own_1/change"))
    assert client.post("/support/products/own_1/change", data={**form, "based_on": "1"}).status_code == 302
    stale = client.post("/support/products/own_1/change", data={**form, "based_on": "1"})
    assert "Somebody has changed this product meanwhile" in text(stale)
    assert client.post("/support/products/own_1/retire", data={**day, "based_on": "2"}).status_code == 302
    assert [row.edition for row in db.session.scalars(select(SupportProduct))] == [1, 2, 3]
    assert "name_en words" in text(client.get("/support/products"))
    assert "name_en words" not in text(client_for(people["officer"]).get("/support/products"))


def test_the_catalogue_is_read_with_one_question_of_its_own(
    people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    client = client_for(people["officer"])
    client.get("/support/products")
    executed = count_queries()
    client.get("/support/products")
    assert sum("support_products" in statement for statement in executed) == 1
    assert len(executed) <= 3


def test_a_first_sight_is_committed_although_the_page_only_reads(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        people = factories.people()
        case = secret_case(people["officer"])
        number = taken(case, people["officer"], people["expert"], shares=("need",)).id
        token = accounts.start_session(people["expert"], clock.now())
        db.session.commit()
        db.session.remove()
    client = own_app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    for _time in range(2):
        assert f"{CANARY} need" in text(client.get(f"/support/{number}"))
    with own_app.app_context():
        assert [sight.what for sight in db.session.scalars(select(SupportSight))] == ["need"]
