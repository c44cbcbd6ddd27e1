"""The pages of expert support: nothing of a case leaks before the declaration, and what is not there is 404 for all alike."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.support.models import SupportDeclaration, SupportMessage, SupportOpinion, SupportRequest
from tests import factories
from tests.support.builders import CANARY, OPINION, act, answered, ask, secret_case, taken

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]

ASKED = {
    "topic": "funding", "question": "Which call fits?", "urgency": "soon", "shares": ["need"], "form_key": "made-with-the-form",
}  # fmt: skip


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def test_an_officer_asks_from_a_section_with_topic_and_parts_suggested(case: Case, people: People, client_for: ClientFor) -> None:
    page = text(client_for(people["officer"]).get(f"/cases/{case.reference}/support/new?section=market&stage=need"))
    checked = [line for line in page.splitlines() if "checked" in line]
    assert any('value="market_dialogue"' in line for line in checked)
    assert any('value="market"' in line for line in checked)
    assert any('value="need"' in line for line in checked)
    assert "Whom have you already talked to" in page


def test_a_sent_form_is_a_request_and_sent_again_the_same_one(case: Case, people: People, client_for: ClientFor) -> None:
    client = client_for(people["officer"])
    first = client.post(f"/cases/{case.reference}/support/new?section=funding", data=ASKED)
    again = client.post(f"/cases/{case.reference}/support/new?section=funding", data=ASKED)
    request = db.session.scalars(select(SupportRequest)).one()
    assert (request.topic, request.section, request.shares, request.urgency) == ("funding", "funding", ["need"], "soon")
    assert first.status_code == again.status_code == 302
    assert first.location == again.location == f"/support/{request.id}"
    assert "Which call fits?" in text(client.get(first.location))


def test_a_form_with_faults_keeps_what_was_written(case: Case, people: People, client_for: ClientFor) -> None:
    data = {**ASKED, "topic": "", "question": "Half a question"}
    response = client_for(people["officer"]).post(f"/cases/{case.reference}/support/new", data=data)
    assert response.status_code == 422
    assert "Choose what the advice is about" in text(response)
    assert "Half a question" in text(response)


@pytest.mark.parametrize("name", ["other_officer", "vaasa_officer"])
def test_another_city_finds_nothing(people: People, client_for: ClientFor, name: str) -> None:
    case = secret_case(people["officer"])
    number = answered(case, people["officer"], people["expert"]).id
    client = client_for(people[name])
    for path in (f"/support/{number}", f"/cases/{case.reference}/support", f"/cases/{case.reference}/support/new"):
        response = client.get(path)
        assert response.status_code == 404
        assert CANARY not in text(response)
    for path in (f"/support/{number}/messages", f"/support/{number}/withdraw", f"/support/{number}/read"):
        assert client.post(path, data={"text": "x"}).status_code == 404
    assert client.post(f"/cases/{case.reference}/support/new", data=ASKED).status_code == 404
    assert CANARY not in text(client.get("/support"))


def test_before_the_declaration_nothing_of_the_case_shows(people: People, client_for: ClientFor) -> None:
    case = secret_case(people["officer"])
    number = ask(case, people["officer"], shares=("case",)).id
    client = client_for(people["expert"])
    pages = [
        client.get("/support"),
        client.get(f"/support/{number}", follow_redirects=True),
        client.get(f"/support/{number}/declare"),
    ]
    pages.append(client.post(f"/support/{number}/declare", data={}))
    pages += [
        client.get(f"/support/{number}/{path}", follow_redirects=True)
        for path in ("opinion", "hand-back", "messages", "conflict")
    ]
    for page in pages:
        assert page.status_code in (200, 422)
        assert CANARY not in text(page)
        assert case.reference not in text(page)
    assert "90500000" in text(pages[1])
    assert "Tampere" in text(pages[0])


def test_before_the_declaration_nothing_can_be_done(people: People, client_for: ClientFor) -> None:
    number = ask(secret_case(people["officer"]), people["officer"]).id
    client = client_for(people["expert"])
    for path, data in (("opinion", OPINION_DATA), ("hand-back", {"text": "x"}), ("conflict", {"text": ""})):
        response = client.post(f"/support/{number}/{path}", data=data)
        assert response.status_code in (403, 422)
        assert CANARY not in text(response)
    assert db.session.scalars(select(SupportMessage)).all() == []
    assert db.session.scalars(select(SupportOpinion)).all() == []


OPINION_DATA = {
    "question": OPINION.question, "facts_used": OPINION.facts_used, "opinion": OPINION.opinion,
    "alternatives_and_risks": OPINION.alternatives_and_risks, "limits": OPINION.limits,
    "conflict_statement": OPINION.conflict_statement,
}  # fmt: skip


def test_the_declaration_opens_the_question_and_only_what_was_shared(people: People, client_for: ClientFor) -> None:
    case = secret_case(people["officer"])
    number = ask(case, people["officer"], shares=("need",)).id
    client = client_for(people["expert"])
    page = text(client.post(f"/support/{number}/declare", data={"interest": "none", "text": ""}, follow_redirects=True))
    assert f"{CANARY} title" in page
    assert f"{CANARY} question?" in page
    assert f"{CANARY} need" in page
    assert f"{CANARY} users" not in page
    assert case.reference not in page


def test_a_request_that_shares_the_whole_case_shows_every_section(people: People, client_for: ClientFor) -> None:
    number = taken(secret_case(people["officer"]), people["officer"], people["expert"], shares=("case",)).id
    page = text(client_for(people["expert"]).get(f"/support/{number}"))
    assert f"{CANARY} need" in page
    assert f"{CANARY} users" in page
    assert "90500000" in page


def test_once_the_opinion_is_issued_the_expert_sees_it_but_the_shared_answers_no_longer(
    people: People, client_for: ClientFor
) -> None:
    request = answered(secret_case(people["officer"]), people["officer"], people["expert"])
    page = text(client_for(people["expert"]).get(f"/support/{request.id}"))
    assert OPINION.opinion in page
    assert f"{CANARY} question?" in page
    assert f"{CANARY} need" not in page


def test_a_conflict_closes_the_request_and_the_desk_at_once(people: People, client_for: ClientFor) -> None:
    number = ask(secret_case(people["officer"]), people["officer"]).id
    client = client_for(people["expert"])
    missing = client.post(f"/support/{number}/declare", data={"interest": "conflict", "text": ""})
    assert missing.status_code == 422
    response = client.post(
        f"/support/{number}/declare", data={"interest": "conflict", "text": "My sister."}, follow_redirects=True
    )
    assert response.status_code == 200
    assert f"/support/{number}" not in text(response)
    for path in ("", "/declare", "/opinion"):
        assert client.get(f"/support/{number}{path}").status_code == 404
    assert client.post(f"/support/{number}/declare", data={"interest": "none"}).status_code == 404


def test_a_conflict_found_later_shuts_the_open_page_at_the_next_request(people: People, client_for: ClientFor) -> None:
    number = taken(secret_case(people["officer"]), people["officer"], people["expert"]).id
    first, second = client_for(people["expert"]), client_for(people["expert"])
    assert CANARY in text(first.get(f"/support/{number}"))
    assert second.post(f"/support/{number}/conflict", data={"text": "I know them."}).status_code == 302
    assert first.get(f"/support/{number}").status_code == 404
    assert first.post(f"/support/{number}/messages", data={"text": "?"}).status_code == 404
    assert first.post(f"/support/{number}/opinion", data=OPINION_DATA).status_code == 404
    assert db.session.scalars(select(SupportOpinion)).all() == []


def test_a_released_request_shuts_the_open_page_at_the_next_request(people: People, client_for: ClientFor) -> None:
    request = taken(secret_case(people["officer"]), people["officer"], people["expert"])
    expert = client_for(people["expert"])
    released = client_for(people["coordinator"]).post(f"/support/{request.id}/release", data={"text": "On leave."})
    assert released.status_code == 302
    assert CANARY not in text(expert.get(f"/support/{request.id}", follow_redirects=True))
    assert expert.post(f"/support/{request.id}/messages", data={"text": "?"}).location == f"/support/{request.id}/declare"
    refused = expert.post(f"/support/{request.id}/opinion", data=OPINION_DATA)
    assert refused.status_code == 403
    assert db.session.scalars(select(SupportOpinion)).all() == []


def test_the_second_expert_gets_a_kind_sentence(people: People, client_for: ClientFor) -> None:
    number = taken(secret_case(people["officer"]), people["officer"], people["expert"]).id
    client = client_for(people["expert2"])
    for data in ({"interest": "none"}, {"interest": "conflict", "text": "My sister."}):
        response = client.post(f"/support/{number}/declare", data=data)
        assert response.status_code == 409
        assert "Another expert took this request" in text(response)
        assert CANARY not in text(response)
    assert client.get(f"/support/{number}").status_code == 404
    assert db.session.scalar(select(func.count()).select_from(SupportDeclaration)) == 1


def test_the_coordinator_reads_the_question_and_nothing_else_of_the_case(people: People, client_for: ClientFor) -> None:
    request = taken(secret_case(people["officer"]), people["officer"], people["expert"], shares=("case",))
    act(request, people["expert"], "ask_back", f"{CANARY} asked back")
    page = text(client_for(people["coordinator"]).get(f"/support/{request.id}"))
    assert f"{CANARY} question?" in page
    assert page.count(CANARY) == 1
    assert request.case.reference not in page


def test_the_city_replies_to_the_expert(case: Case, people: People, client_for: ClientFor) -> None:
    request = taken(case, people["officer"], people["expert"])
    asked = client_for(people["expert"]).post(
        f"/support/{request.id}/messages", data={"text": "Are options included?", "what": "question"}
    )
    assert asked.status_code == 302
    city = client_for(people["officer"])
    assert "Are options included?" in text(city.get(f"/support/{request.id}"))
    empty = city.post(f"/support/{request.id}/messages", data={"text": "   "})
    assert empty.status_code == 422
    city.post(f"/support/{request.id}/messages", data={"text": "They are."})
    assert "They are." in text(client_for(people["expert"]).get(f"/support/{request.id}"))


def test_a_reply_that_comes_too_late_is_given_back(case: Case, people: People, client_for: ClientFor) -> None:
    request = answered(case, people["officer"], people["expert"])
    response = client_for(people["officer"]).post(f"/support/{request.id}/messages", data={"text": "One more thing"})
    assert response.status_code == 409
    assert "One more thing" in text(response)


def test_the_issued_opinion_shows_to_the_city_with_its_document_until_it_has_been_read(
    case: Case, people: People, client_for: ClientFor
) -> None:
    number = answered(case, people["officer"], people["expert"]).id
    city = client_for(people["officer"])
    page = text(city.get(f"/support/{number}"))
    assert OPINION.opinion in page
    assert f"/support/{number}/opinions/1.pdf" in page
    assert f"/cases/{case.reference}/documents/expert_opinion?request={number}" in page
    assert "Accept the opinion" in page
    city.post(f"/support/{number}/read")
    assert "Accept the opinion" not in text(city.get(f"/support/{number}"))


def test_an_administrator_and_a_partner_read_and_do_nothing(people: People, client_for: ClientFor) -> None:
    case = secret_case(people["officer"])
    request = ask(case, people["officer"])
    factories.make_partner(case, people["other_officer"])
    db.session.commit()
    for name in ("admin", "other_officer"):
        client = client_for(people[name])
        page = text(client.get(f"/support/{request.id}"))
        assert f"{CANARY} question?" in page
        assert "Withdraw the request" not in page
        for path in ("messages", "withdraw", "read"):
            assert client.post(f"/support/{request.id}/{path}", data={"text": "x"}).status_code == 403
    assert db.session.get_one(SupportRequest, request.id, populate_existing=True).state == "open"


def test_an_answer_that_is_an_error_leaves_no_letter_behind(case: Case, people: People, client_for: ClientFor) -> None:
    before = db.session.scalar(select(func.count()).select_from(OutboxMessage))
    client_for(people["officer"]).post(f"/cases/{case.reference}/support/new", data={**ASKED, "urgency": "never"})
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == before


def test_requests_are_withdrawn_and_handed_back_with_a_reason(case: Case, people: People, client_for: ClientFor) -> None:
    request = taken(case, people["officer"], people["expert"])
    expert, city = client_for(people["expert"]), client_for(people["officer"])
    assert expert.get(f"/support/{request.id}/hand-back").status_code == 200
    assert expert.post(f"/support/{request.id}/hand-back", data={"text": ""}).status_code == 422
    assert expert.post(f"/support/{request.id}/hand-back", data={"text": "I am ill."}).status_code == 302
    assert "I am ill." in text(city.get(f"/support/{request.id}"))
    assert city.post(f"/support/{request.id}/withdraw", data={"text": "Solved."}).status_code == 302
    assert "Solved." in text(city.get(f"/support/{request.id}"))
    assert "Nothing is waiting" in text(expert.get("/support"))


@pytest.mark.parametrize("name", ["officer", "manager", "admin", "expert", "coordinator"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_list_opens_in_every_language(people: People, client_for: ClientFor, name: str, language: str) -> None:
    case = secret_case(people["officer"])
    answered(case, people["officer"], people["expert"])
    taken(case, people["officer"], people["expert"])
    ask(case, people["officer"])
    client = client_for(people[name])
    client.set_cookie("language", language)
    assert client.get("/support").status_code == 200


def test_a_system_administrator_has_no_seat_here(case: Case, people: People, client_for: ClientFor) -> None:
    number = ask(case, people["officer"]).id
    client = client_for(people["system_admin"])
    assert client.get("/support").status_code == 403
    assert client.get(f"/support/{number}").status_code == 403
    assert factories.actor_of(people["system_admin"]).may("support.read") is False


def test_a_page_asks_few_questions_of_the_database_however_long_the_list(
    people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    case = secret_case(people["officer"])
    for _ in range(8):
        ask(case, people["officer"])
    number = taken(case, people["officer"], people["expert"], shares=("case",)).id
    for name, path in (
        ("expert", "/support"),
        ("officer", "/support"),
        ("expert", f"/support/{number}"),
        ("officer", f"/support/{number}"),
    ):
        client = client_for(people[name])
        executed = count_queries()
        assert client.get(path).status_code == 200
        # whoever opens a thread for the first time also leaves that it has been seen
        assert len(executed) <= (18 if path.endswith(str(number)) else 15), (name, path)
