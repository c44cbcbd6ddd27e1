"""The pages of the desk: what shows to whom, and what a form does."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.support import triage_queries
from tests import factories
from tests.support.builders import CANARY, act, ask, secret_case, taken
from tests.support.test_triage_service import do, helped, note

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True)


SORTED = {"topic": "funding", "urgency": "soon", "priority": "high", "first_answer": "", "answer": "", "text": "", "seen": "0"}


def test_the_queue_tells_age_target_and_light_in_words(case: Case, people: People, client_for: ClientFor) -> None:
    request = ask(case, people["officer"], urgency="urgent")
    page = text(client_for(people["coordinator"]).get("/support/desk"))
    assert f"T-{request.id:04d}" in page
    assert "0 working days" in page
    assert "Due soon" in page
    assert "nobody asked" in page
    assert "not sorted" in page


def test_the_desk_tells_nothing_of_the_case(people: People, client_for: ClientFor) -> None:
    case = secret_case(people["officer"])
    request = ask(case, people["officer"], question="A question of its own?")
    client = client_for(people["coordinator"])
    for path in (
        "/support/desk",
        *(f"/support/{request.id}/{page}" for page in ("triage", "matching", "merge", "pass-on", "refuse")),
    ):
        page = text(client.get(path))
        assert CANARY not in page, path
        assert case.reference not in page, path


def test_sorting_with_empty_days_gives_the_usual_ones(case: Case, people: People, client_for: ClientFor) -> None:
    request = ask(case, people["officer"])
    response = client_for(people["coordinator"]).post(f"/support/{request.id}/triage", data=SORTED)
    assert response.status_code == 302
    assert (request.topic, request.urgency, request.priority) == ("funding", "soon", "high")
    assert request.first_answer_by is not None
    assert request.first_answer_by < request.answer_by


def test_days_that_cannot_be_used_are_said_at_their_field_and_what_was_written_stays(
    case: Case, people: People, client_for: ClientFor
) -> None:
    request = ask(case, people["officer"])
    data = SORTED | {"first_answer": "9", "answer": "3", "text": "Half a sentence"}
    response = client_for(people["coordinator"]).post(f"/support/{request.id}/triage", data=data)
    assert response.status_code == 422
    assert "The first answer comes no later than the opinion" in text(response)
    assert "Half a sentence" in text(response)
    assert request.first_answer_by is None


def test_a_form_that_says_what_is_not_offered_is_refused_with_words(case: Case, people: People, client_for: ClientFor) -> None:
    request = ask(case, people["officer"])
    data = SORTED | {"topic": "weather", "urgency": "now", "priority": "extreme"}
    response = client_for(people["coordinator"]).post(f"/support/{request.id}/triage", data=data)
    assert response.status_code == 422
    assert request.topic == "procedure_law"


def test_a_second_coordinator_with_an_old_page_is_told(case: Case, people: People, client_for: ClientFor) -> None:
    request = ask(case, people["officer"])
    client = client_for(people["coordinator"])
    client.post(f"/support/{request.id}/triage", data=SORTED)
    response = client.post(f"/support/{request.id}/triage", data=SORTED | {"topic": "pilot"})
    assert response.status_code == 422
    assert "Another coordinator has sorted the request meanwhile" in text(response)
    assert request.topic == "funding"


def test_the_city_reads_in_the_thread_where_a_joined_request_goes_on(case: Case, people: People, client_for: ClientFor) -> None:
    first, second = ask(case, people["officer"]), ask(case, people["officer"], form_key="2")
    response = client_for(people["coordinator"]).post(f"/support/{second.id}/merge", data={"into": str(first.id), "text": ""})
    assert response.status_code == 302
    page = text(client_for(people["officer"]).get(f"/support/{second.id}"))
    assert f'href="/support/{first.id}"' in page
    assert "Joined with another request" in page


def test_a_request_of_another_city_is_no_choice(case: Case, people: People, client_for: ClientFor) -> None:
    request = ask(case, people["officer"])
    foreign = ask(factories.make_case(people["other_officer"]), people["other_officer"], form_key="2")
    client = client_for(people["coordinator"])
    assert f"T-{foreign.id:04d}" not in text(client.get(f"/support/{request.id}/merge"))
    response = client.post(f"/support/{request.id}/merge", data={"into": str(foreign.id), "text": ""})
    assert response.status_code == 422
    assert "Choose a request of the same city" in text(response)
    ask(case, people["officer"], form_key="3")
    response = client.post(f"/support/{request.id}/merge", data={"into": str(foreign.id), "text": ""})
    assert response.status_code == 422
    assert request.state == "open"


@pytest.mark.parametrize(
    ("path", "data", "state", "shows"),
    [
        ("refuse", {"text": "Ask your lawyer."}, "refused", "Ask your lawyer."),
        ("pass-on", {"body": "Energy Authority", "contact": "energiavirasto.fi", "text": "Supervisor."}, "passed_on",
         "Energy Authority"),
    ],
)  # fmt: skip
def test_the_city_reads_why_a_request_ended(
    case: Case, people: People, client_for: ClientFor, path: str, data: dict[str, str], state: str, shows: str
) -> None:
    request = ask(case, people["officer"])
    client = client_for(people["coordinator"])
    assert client.post(f"/support/{request.id}/{path}", data={}).status_code == 422
    assert client.post(f"/support/{request.id}/{path}", data=data).status_code == 302
    assert request.state == state
    assert shows in text(client_for(people["officer"]).get(f"/support/{request.id}"))
    assert client.post(f"/support/{request.id}/{path}", data=data).status_code == 409
    assert client.get(f"/support/{request.id}/{path}").status_code == 302


def test_matching_shows_the_proposals_and_those_left_out_with_reasons(case: Case, people: People, client_for: ClientFor) -> None:
    request = ask(case, people["officer"])
    act(request, people["expert2"], "declare_conflict", "My brother.")
    page = text(client_for(people["coordinator"]).get(f"/support/{request.id}/matching"))
    assert "Requests now: 0 of 5" in page
    assert "Has declared a conflict of interest" in page
    assert f"/support/{request.id}/propose/{people['expert'].id}" in page
    assert f"/support/{request.id}/propose/{people['expert2'].id}" not in page
    assert "My brother" not in page


def test_an_offer_goes_to_my_work_of_the_expert_who_takes_or_declines(case: Case, people: People, client_for: ClientFor) -> None:
    request = ask(case, people["officer"])
    coordinator, expert = client_for(people["coordinator"]), client_for(people["expert"])
    path = f"/support/{request.id}/propose/{people['expert'].id}"
    assert coordinator.post(path, data={"note": "You know it best."}).status_code == 302
    assert "You are asked to take part" in text(expert.get("/"))
    page = text(expert.get(f"/support/{request.id}/declare"))
    assert "You know it best." in page
    assert f"/support/{request.id}/decline" in page
    assert expert.post(f"/support/{request.id}/decline", data={"text": "Too much to do."}).status_code == 302
    assert "Too much to do." in text(coordinator.get(f"/support/{request.id}/matching"))
    assert "Too much to do." not in text(client_for(people["officer"]).get(f"/support/{request.id}"))


@pytest.mark.parametrize("person", ["officer", "coordinator"])
def test_nobody_but_an_expert_can_be_asked(case: Case, people: People, client_for: ClientFor, person: str) -> None:
    request = ask(case, people["officer"])
    assert client_for(people["coordinator"]).get(f"/support/{request.id}/propose/{people[person].id}").status_code == 404


def test_an_invited_expert_meets_the_declaration_and_nothing_of_the_case(people: People, client_for: ClientFor) -> None:
    request = taken(secret_case(people["officer"]), people["officer"], people["expert"])
    do(request, people["expert"], "invite", people["expert2"].id, "")
    client = client_for(people["expert2"])
    for path in (f"/support/{request.id}", f"/support/{request.id}/declare", f"/support/{request.id}/join"):
        assert CANARY not in text(client.get(path, follow_redirects=True))
    assert client.get(f"/support/{request.id}/notes").status_code == 404
    assert client.get(f"/support/{request.id}/matching").status_code == 404
    assert client.post(f"/support/{request.id}/join", data={"interest": "none", "text": ""}).status_code == 302
    assert f"{CANARY} need" in text(client.get(f"/support/{request.id}"))


def test_an_invited_expert_with_a_conflict_never_sees_the_request(people: People, client_for: ClientFor) -> None:
    request = taken(secret_case(people["officer"]), people["officer"], people["expert"])
    do(request, people["expert"], "invite", people["expert2"].id, "")
    client = client_for(people["expert2"])
    assert client.post(f"/support/{request.id}/join", data={"interest": "conflict", "text": ""}).status_code == 422
    assert client.post(f"/support/{request.id}/join", data={"interest": "conflict", "text": "My brother."}).status_code == 302
    assert client.get(f"/support/{request.id}").status_code == 404
    assert request.state == "taken"


def test_a_second_expert_writes_in_the_thread_and_the_city_reads_it(case: Case, people: People, client_for: ClientFor) -> None:
    request = helped(case, people)
    client = client_for(people["expert2"])
    assert client.post(f"/support/{request.id}/messages", data={"text": "Half a year is enough."}).status_code == 302
    page = text(client_for(people["officer"]).get(f"/support/{request.id}"))
    assert "Half a year is enough." in page
    assert "Message from the expert" in page
    assert client.get(f"/support/{request.id}/opinion").status_code in (302, 404)


def test_the_expert_finds_help_but_does_not_read_why_others_were_left_out(
    case: Case, people: People, client_for: ClientFor
) -> None:
    request = taken(case, people["officer"], people["expert"])
    page = text(client_for(people["expert"]).get(f"/support/{request.id}/matching"))
    assert f"/support/{request.id}/invite/{people['expert2'].id}" in page
    assert "Left out" not in page
    assert "/propose/" not in page


def test_notes_are_read_by_the_network_and_by_no_city(case: Case, people: People, client_for: ClientFor) -> None:
    request = taken(case, people["officer"], people["expert"])
    note(request, people["coordinator"], "Mind the deadline.")
    expert = client_for(people["expert"])
    assert "Mind the deadline." in text(expert.get(f"/support/{request.id}/notes"))
    assert expert.post(f"/support/{request.id}/notes", data={"text": "I do."}).status_code == 302
    assert len(triage_queries.notes_of(request)) == 2
    for path in (f"/support/{request.id}", f"/cases/{case.reference}/support", f"/cases/{case.reference}/history"):
        page = text(client_for(people["officer"]).get(path))
        assert "Mind the deadline." not in page
        assert "Notes of the network" not in page
    assert client_for(people["officer"]).get(f"/support/{request.id}/notes").status_code == 403
    assert client_for(people["expert2"]).get(f"/support/{request.id}/notes").status_code == 404


def test_what_happened_at_the_desk_stands_in_the_history_of_the_case(case: Case, people: People, client_for: ClientFor) -> None:
    request = ask(case, people["officer"])
    client_for(people["coordinator"]).post(f"/support/{request.id}/triage", data=SORTED)
    client_for(people["coordinator"]).post(f"/support/{request.id}/refuse", data={"text": "No."})
    page = text(client_for(people["officer"]).get(f"/cases/{case.reference}/history"))
    assert "Request sorted by the coordinator" in page
    assert "Request not taken on" in page
