"""The pages of opinions: writing, a second reading, the file as issued, the city's answer; and who gets none of it."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from procure.support import opinion_press, opinion_queries
from procure.support.models import SupportRequest, SupportReview
from procure.support.opinion_models import OpinionDraft, OpinionReading, OpinionVersion
from tests import factories
from tests.documents import conformance
from tests.support.builders import CANARY, OPINION, answered, secret_case, taken
from tests.support.opinion_builders import FORM, agree, ask_reader, issued, save

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
REVIEW = {"version": 1, "outcome": "partly", "because": "The budget was too small.", "useful": "5", "clear": "4"}


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def post(client: FlaskClient, number: int, act: str, **changes: Any) -> TestResponse:
    return client.post(f"/support/{number}/opinion", data={**FORM, "act": act} | changes)


@pytest.fixture
def funding(case: Case, people: People) -> int:
    """The number of a request on a topic that is not law, which the expert has taken."""
    return taken(case, people["officer"], people["expert"], topic="funding").id


@pytest.fixture
def to_read(people: People) -> int:
    """The number of a request on a topic of law, about a case full of secrets, whose draft the second expert is asked to read."""
    request = taken(secret_case(people["officer"]), people["officer"], people["expert"], topic="procedure_law", shares=("case",))
    save(request, people["expert"])
    ask_reader(request, people["expert"], people["expert2"])
    return request.id


def test_the_form_begins_with_the_city_s_question_and_the_sections_of_the_topic(people: People, client_for: ClientFor) -> None:
    number = taken(secret_case(people["officer"]), people["officer"], people["expert"], topic="contract_model").id
    page = text(client_for(people["expert"]).get(f"/support/{number}/opinion"))
    assert f"{CANARY} question?" in page
    first, _, others = page.partition("Other sections of law")
    assert "Changing a contract during its term" in first
    assert "Open procedure" in others
    assert "Not saved yet" in page
    assert "once a second reader has agreed" in page


def test_a_saved_draft_comes_back_as_it_was_left(funding: int, people: People, client_for: ClientFor) -> None:
    client = client_for(people["expert"])
    assert post(client, funding, "draft", limits="", more_citations=["hl-136"]).location == f"/support/{funding}/opinion"
    page = text(client.get(f"/support/{funding}/opinion"))
    assert OPINION.opinion in page
    assert re.search(r'value="hl-136"[^>]*checked', page)
    assert re.search(r'value="medium"[^>]*checked', page)
    assert "Saved " in page


def test_a_script_that_saves_gets_the_draft_s_version_and_nothing_when_it_is_too_late(
    funding: int, people: People, client_for: ClientFor
) -> None:
    client = client_for(people["expert"])
    assert text(post(client, funding, "auto")) == "1"
    assert text(post(client, funding, "auto", seen="1", limits="New.")) == "2"
    late = post(client, funding, "auto", seen="1", limits="Other.")
    assert (late.status_code, text(late)) == (409, "")


def test_a_draft_saved_elsewhere_shows_beside_one_s_own_and_the_next_save_keeps_what_was_put_together(
    funding: int, people: People, client_for: ClientFor
) -> None:
    client = client_for(people["expert"])
    post(client, funding, "draft", limits="In the first window.")
    clash = post(client, funding, "draft", limits="In the second window.")
    assert clash.status_code == 409
    page = text(clash)
    assert "In the first window." in page
    assert "In the second window." in page
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', page)
    assert seen is not None
    assert post(client, funding, "draft", seen=seen.group(1), limits="Both.").status_code == 302
    assert db.session.scalars(select(OpinionDraft)).one().limits == "Both."


def test_an_opinion_with_parts_missing_is_told_all_of_them_and_keeps_the_rest(
    funding: int, people: People, client_for: ClientFor
) -> None:
    response = post(client_for(people["expert"]), funding, "issue", limits=" ", confidence="")
    assert response.status_code == 422
    page = text(response)
    assert "Write the limits of the opinion" in page
    assert "Choose how certain you are" in page
    assert OPINION.facts_used in page
    assert db.session.scalars(select(OpinionVersion)).all() == []


def test_what_is_issued_is_a_file_that_never_changes(funding: int, people: People, client_for: ClientFor) -> None:
    assert post(client_for(people["expert"]), funding, "issue").location == f"/support/{funding}"
    version = db.session.scalars(select(OpinionVersion)).one()
    city = client_for(people["officer"])
    page = text(city.get(f"/support/{funding}"))
    assert f"AL-{clock.today().year}-0001/1" in page
    assert "Confidence: Medium" in page
    assert "Procurement Act (1397/2016) 38 §" in page
    assert version.sha256 in page
    file = city.get(f"/support/{funding}/opinions/1.pdf")
    assert hashlib.sha256(file.get_data()).hexdigest() == version.sha256
    assert len(file.get_data()) == version.size
    assert file.headers["Content-Disposition"] == f'attachment; filename="AL-{clock.today().year}-0001-1.pdf"'
    assert conformance.faults(file.get_data(), version.language) == []
    made_again = opinion_queries.issued_in(db.session.get_one(SupportRequest, funding))
    assert made_again is not None
    assert opinion_press.made(made_again) == file.get_data()


def test_a_file_that_the_storage_has_not_as_it_was_is_not_given_out(
    funding: int, people: People, client_for: ClientFor, app: Any
) -> None:
    post(client_for(people["expert"]), funding, "issue")
    version = db.session.scalars(select(OpinionVersion)).one()
    folder = Path(app.config["SETTINGS"].storage_url.removeprefix("file://"))
    kept = folder / version.sha256[:2] / version.sha256
    content = kept.read_bytes()
    try:
        kept.chmod(0o600)
        kept.write_bytes(content + b"x")
        response = client_for(people["officer"]).get(f"/support/{funding}/opinions/1.pdf")
        assert response.status_code == 503
        assert version.sha256 not in text(response)
    finally:
        kept.write_bytes(content)


def test_an_opinion_from_before_files_were_kept_is_made_anew(case: Case, people: People, client_for: ClientFor) -> None:
    number = answered(case, people["officer"], people["expert"]).id
    file = client_for(people["officer"]).get(f"/support/{number}/opinions/1.pdf")
    assert file.mimetype == "application/pdf"
    assert client_for(people["officer"]).get(f"/support/{number}/opinions/2.pdf").status_code == 404


def test_a_correction_says_what_changed_and_the_first_version_says_that_it_was_corrected(
    funding: int, people: People, client_for: ClientFor
) -> None:
    expert, city = client_for(people["expert"]), client_for(people["officer"])
    post(expert, funding, "issue")
    assert OPINION.opinion in text(expert.get(f"/support/{funding}/opinion"))
    response = post(expert, funding, "issue", opinion="Use a dialogue.", changed="The procedure.", why="The value rose.")
    assert response.status_code == 302
    page = text(city.get(f"/support/{funding}"))
    assert "Use a dialogue." in page
    assert "The value rose." in page
    assert f"/support/{funding}/opinions/1" in page
    first = text(city.get(f"/support/{funding}/opinions/1"))
    assert OPINION.opinion in first
    assert "This version has been corrected" in first
    assert city.get(f"/support/{funding}/opinions/3").status_code == 404


def test_on_a_topic_of_law_the_page_says_whom_the_opinion_waits_for(to_read: int, people: People, client_for: ClientFor) -> None:
    client = client_for(people["expert"])
    response = post(client, to_read, "issue", seen="1")
    assert response.status_code == 422
    assert f"{people['expert2'].name} has not yet declared interests" in text(response)
    assert db.session.scalars(select(OpinionVersion)).all() == []


def test_the_second_reader_sees_nothing_before_the_declaration_and_then_the_question_and_the_draft_alone(
    to_read: int, people: People, client_for: ClientFor
) -> None:
    client = client_for(people["expert2"])
    assert f"/support/{to_read}/reading" in text(client.get("/support"))
    page = text(client.get(f"/support/{to_read}/reading"))
    assert CANARY not in page
    assert OPINION.opinion not in page
    opened = text(client.post(f"/support/{to_read}/reading", data={"interest": "none"}, follow_redirects=True))
    assert f"{CANARY} question?" in opened
    assert OPINION.opinion in opened
    assert opened.count(CANARY) == 1


def test_the_second_reader_agrees_and_the_expert_issues(to_read: int, people: People, client_for: ClientFor) -> None:
    reader, expert = client_for(people["expert2"]), client_for(people["expert"])
    page = text(reader.post(f"/support/{to_read}/reading", data={"interest": "none"}, follow_redirects=True))
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    assert seen is not None
    assert reader.post(f"/support/{to_read}/reading", data={"verdict": "agree", "seen": seen.group(1)}).status_code == 302
    assert "You have agreed" in text(reader.get(f"/support/{to_read}/reading"))
    assert post(expert, to_read, "issue", seen="1").status_code == 302
    assert f"Second reader: {people['expert2'].name}." in text(client_for(people["officer"]).get(f"/support/{to_read}"))
    assert reader.get(f"/support/{to_read}/reading").status_code == 404


def test_remarks_reach_the_expert_and_not_the_city(to_read: int, people: People, client_for: ClientFor) -> None:
    reader = client_for(people["expert2"])
    reader.post(f"/support/{to_read}/reading", data={"interest": "none"})
    empty = reader.post(f"/support/{to_read}/reading", data={"verdict": "return", "remarks": ""})
    assert empty.status_code == 422
    reader.post(f"/support/{to_read}/reading", data={"verdict": "return", "remarks": "Which lot is meant?"})
    assert "Which lot is meant?" in text(client_for(people["expert"]).get(f"/support/{to_read}/opinion"))
    assert "Which lot is meant?" not in text(client_for(people["officer"]).get(f"/support/{to_read}"))


def test_a_reader_with_a_conflict_is_shut_out_for_good(to_read: int, people: People, client_for: ClientFor) -> None:
    reader = client_for(people["expert2"])
    done = reader.post(f"/support/{to_read}/reading", data={"interest": "conflict", "text": "My sister."}, follow_redirects=True)
    assert "recorded" in text(done)
    assert f"/support/{to_read}" not in text(done)
    assert reader.get(f"/support/{to_read}/reading").status_code == 404
    assert reader.post(f"/support/{to_read}/reading", data={"interest": "none"}).status_code == 404


@pytest.mark.parametrize("name", ["coordinator", "expert"])
def test_a_draft_is_not_there_for_whoever_was_not_asked(to_read: int, people: People, client_for: ClientFor, name: str) -> None:
    response = client_for(people[name]).get(f"/support/{to_read}/reading")
    assert response.status_code == 404
    assert CANARY not in text(response)


@pytest.mark.parametrize("name", ["officer", "coordinator", "expert2"])
def test_nobody_else_sees_the_draft_in_the_request(to_read: int, people: People, client_for: ClientFor, name: str) -> None:
    client = client_for(people[name])
    for path in ("", "/opinion", "/opinions/1", "/opinions/1.pdf", "/opinion/second-reader"):
        assert OPINION.opinion not in client.get(f"/support/{to_read}{path}").get_data(as_text=True)


def test_the_expert_asks_a_reader_from_the_form(case: Case, people: People, client_for: ClientFor) -> None:
    number = taken(case, people["officer"], people["expert"]).id
    client = client_for(people["expert"])
    assert post(client, number, "reader").location == f"/support/{number}/opinion/second-reader"
    page = text(client.get(f"/support/{number}/opinion/second-reader"))
    assert people["expert2"].name in page
    assert f'value="{people["expert"].id}"' not in page
    assert client.post(f"/support/{number}/opinion/second-reader", data={"reader": people["officer"].id}).status_code == 422
    assert client.post(f"/support/{number}/opinion/second-reader", data={"reader": people["expert2"].id}).status_code == 302
    assert db.session.scalars(select(OpinionReading)).one().reader_id == people["expert2"].id


def test_without_a_draft_there_is_nobody_to_ask(funding: int, people: People, client_for: ClientFor) -> None:
    assert client_for(people["expert"]).get(f"/support/{funding}/opinion/second-reader").location == f"/support/{funding}"


def test_the_city_says_what_it_made_of_the_opinion_and_the_network_sees_why(
    case: Case, people: People, client_for: ClientFor
) -> None:
    number = issued(case, people["officer"], people["expert"]).id
    city = client_for(people["officer"])
    missing = city.post(f"/support/{number}/review", data={**REVIEW, "because": ""})
    assert missing.status_code == 422
    assert "Write why the opinion has not been followed" in text(missing)
    assert city.post(f"/support/{number}/review", data=REVIEW).status_code == 302
    row = db.session.scalars(select(SupportReview)).one()
    assert (row.outcome, row.useful, row.clear, row.in_time) == ("partly", 5, 4, None)
    for name in ("officer", "expert", "coordinator", "admin"):
        page = text(client_for(people[name]).get(f"/support/{number}"))
        assert "Followed in part" in page
        assert "The budget was too small." in page
    assert "Useful: 5 of 5" in page


def test_a_partner_city_sees_whether_but_not_why(case: Case, people: People, client_for: ClientFor) -> None:
    number = issued(case, people["officer"], people["expert"]).id
    client_for(people["officer"]).post(f"/support/{number}/review", data=REVIEW)
    factories.make_partner(case, people["other_officer"])
    db.session.commit()
    page = text(client_for(people["other_officer"]).get(f"/support/{number}"))
    assert "Followed in part" in page
    assert "The budget was too small." not in page
    assert client_for(people["other_officer"]).post(f"/support/{number}/review", data=REVIEW).status_code in (403, 409)
    assert len(db.session.scalars(select(SupportReview)).all()) == 1


@pytest.mark.parametrize("name", ["other_officer", "vaasa_officer"])
def test_another_city_finds_nothing_of_an_opinion(case: Case, people: People, client_for: ClientFor, name: str) -> None:
    number = issued(case, people["officer"], people["expert"]).id
    client = client_for(people[name])
    for path in ("", "/opinions/1", "/opinions/1.pdf", "/review"):
        assert client.get(f"/support/{number}{path}").status_code == 404
    assert client.post(f"/support/{number}/review", data=REVIEW).status_code == 404


def test_the_coordinator_gets_neither_the_opinion_nor_its_file(case: Case, people: People, client_for: ClientFor) -> None:
    number = issued(case, people["officer"], people["expert"]).id
    client = client_for(people["coordinator"])
    assert OPINION.opinion not in text(client.get(f"/support/{number}"))
    assert client.get(f"/support/{number}/opinions/1.pdf").status_code == 404
    assert client.get(f"/support/{number}/opinions/1").status_code == 404


def test_the_part_from_which_it_was_asked_shows_the_advice_and_what_became_of_it(
    case: Case, people: People, client_for: ClientFor
) -> None:
    number = issued(case, people["officer"], people["expert"], section="need", stage="need").id
    client = client_for(people["officer"])
    name = f"AL-{clock.today().year}-0001"
    for address in (f"/cases/{case.reference}/answers/need/problem", f"/cases/{case.reference}"):
        page = text(client.get(address))
        assert name in page
        assert f"/support/{number}" in page
        assert "Not marked yet" in page
    client.post(f"/support/{number}/review", data=REVIEW)
    for address in (f"/cases/{case.reference}/answers/need/problem", f"/cases/{case.reference}"):
        assert "Followed in part" in text(client.get(address))
    assert name not in text(client.get(f"/cases/{case.reference}/answers/funding/money"))


def test_an_opinion_asked_from_nowhere_shows_where_its_topic_belongs(case: Case, people: People, client_for: ClientFor) -> None:
    issued(case, people["officer"], people["expert"], topic="need_strategy")
    client = client_for(people["officer"])
    assert "Advised on" in text(client.get(f"/cases/{case.reference}/answers/need/problem"))
    assert "Advised on" in text(client.get(f"/cases/{case.reference}"))


def test_the_documents_of_the_case_give_the_file_as_issued(case: Case, people: People, client_for: ClientFor) -> None:
    number = issued(case, people["officer"], people["expert"]).id
    page = text(client_for(people["officer"]).get(f"/cases/{case.reference}/documents"))
    assert f"/support/{number}/opinions/1.pdf" in page
    assert f"AL-{clock.today().year}-0001/1" in page


def test_the_reader_s_agreement_shows_on_the_expert_s_page(to_read: int, people: People, client_for: ClientFor) -> None:
    agree(db.session.get_one(SupportRequest, to_read), people["expert2"])
    assert "Agreed" in text(client_for(people["expert"]).get(f"/support/{to_read}/opinion"))
