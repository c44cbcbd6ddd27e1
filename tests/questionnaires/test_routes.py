"""The pages of filing a case, as people use them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases import queries as case_queries
from procure.cases.models import Case
from procure.catalogue import questions as catalogue
from procure.infra.db import db
from tests import factories
from tests.pages import parse, text_of
from tests.questionnaires.posting import fields_of

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
latest = catalogue.catalogue().latest
PAGES = [(section.id, page.id) for section in latest.sections for page in section.pages]
NEED = "need/problem"


def address(case: Case, place: str) -> str:
    return f"/cases/{case.reference}/answers/{place}"


def saved(case: Case) -> dict[str, Any]:
    db.session.expire_all()
    return {row.question: row.value if row.known else "not known" for row in case_queries.answers_of(case)}


def events(case: Case) -> list[Any]:
    db.session.expire_all()
    return factories.events(case, "answers_saved")


@pytest.fixture
def officer(people: People, client_for: ClientFor) -> FlaskClient:
    return client_for(people["officer"])


def test_three_answers_start_a_case_and_lead_to_its_tasks(officer: FlaskClient, people: People) -> None:
    form = fields_of(officer.get("/cases/new").text)
    response = officer.post("/cases/new", data=form | {"title": "Bins", "contract_kind": "goods", "value_amount": "12 500,50 €"})
    assert response.status_code == 302
    reference = response.location.split("/")[2]
    case = case_queries.case_for(factories.actor_of(people["officer"]), reference)
    assert case is not None
    assert saved(case) == {"title": "Bins", "contract_kind": "goods", "value_amount": "12500.50"}
    assert officer.get(response.location).status_code == 200


def test_the_start_form_sent_twice_makes_one_case(officer: FlaskClient) -> None:
    data = fields_of(officer.get("/cases/new").text) | {"title": "Bins", "contract_kind": "goods", "value_amount": "5"}
    assert officer.post("/cases/new", data=data).location == officer.post("/cases/new", data=data).location


def test_two_start_forms_without_their_key_make_two_cases(officer: FlaskClient) -> None:
    data = {"title": "Bins", "contract_kind": "goods", "value_amount": "5", "key": ""}
    assert officer.post("/cases/new", data=data).location != officer.post("/cases/new", data=data).location


def test_a_case_does_not_start_without_its_three_answers_and_says_which(officer: FlaskClient) -> None:
    response = officer.post("/cases/new", data={"title": " ", "value_amount": "much"})
    assert response.status_code == 422
    for sentence in ("Give the procurement a name.", "Choose what is being bought.", "Enter the amount in euros"):
        assert sentence in response.text
    assert 'value="much"' in response.text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("place", PAGES, ids="/".join)
def test_every_page_of_questions_is_drawn_in_three_languages(
    officer: FlaskClient, people: People, place: tuple[str, str], language: str
) -> None:
    case = factories.make_case(people["officer"], contract_kind="rd_services")
    officer.set_cookie("language", language)
    page = officer.get(address(case, "/".join(place)))
    assert page.status_code == 200
    asked = next(p for p in latest.section(place[0]).pages if p.id == place[1]).questions
    words = " ".join(parse(page.text).find(".//main").itertext())  # type: ignore[union-attr]
    for question in asked:
        assert question.label[language] in words
        assert question.why[language] in words


def test_a_page_posted_as_it_came_changes_nothing(officer: FlaskClient, case: Case) -> None:
    for section, page in PAGES:
        url = address(case, f"{section}/{page}")
        response = officer.get(url)
        if response.status_code == 200:
            assert officer.post(url, data=fields_of(response.text) | {"later": "1"}).status_code == 302, url
    assert events(case) == []


def test_saving_a_page_goes_on_to_the_next_and_tells_the_log_what_changed(officer: FlaskClient, case: Case) -> None:
    form = fields_of(officer.get(address(case, NEED)).text)
    response = officer.post(address(case, NEED), data=form | {"need": "Bins overflow.", "current_solution-unknown": "y"})
    assert response.location == address(case, "need/scale")
    [event] = events(case)
    assert event.payload["changes"] == {"need": {"new": "Bins overflow."}, "current_solution": {"new": None}}


def test_a_page_sent_twice_is_saved_once(officer: FlaskClient, case: Case) -> None:
    form = fields_of(officer.get(address(case, NEED)).text) | {"need": "Bins overflow."}
    first, second = (officer.post(address(case, NEED), data=form) for _time in range(2))
    assert first.location == second.location
    assert len(events(case)) == 1


def test_a_missing_answer_is_named_but_one_may_come_back_later(officer: FlaskClient, case: Case) -> None:
    form = fields_of(officer.get(address(case, NEED)).text) | {"current_solution": "By hand."}
    refused = officer.post(address(case, NEED), data=form)
    assert refused.status_code == 422
    assert "Describe the need." in refused.text
    assert "By hand." in refused.text
    assert officer.post(address(case, NEED), data=form | {"later": "1"}).location == address(case, "")[:-1]
    assert saved(case)["current_solution"] == "By hand."


def test_the_title_cannot_be_left_out_even_for_later(officer: FlaskClient, case: Case) -> None:
    form = fields_of(officer.get(address(case, NEED)).text) | {"title": "", "later": "1"}
    assert officer.post(address(case, NEED), data=form).status_code == 422
    assert saved(case)["title"] == {"en": "Sensors for waste bins"}


def test_an_answer_can_be_taken_back(officer: FlaskClient, case: Case, people: People) -> None:
    factories.answer(case, people["officer"], current_solution="By hand.")
    form = fields_of(officer.get(address(case, NEED)).text) | {"current_solution": "", "later": "1"}
    assert officer.post(address(case, NEED), data=form).status_code == 302
    assert saved(case)["current_solution"] is None
    assert events(case)[0].payload["changes"]["current_solution"] == {"old": "By hand.", "new": ""}


def test_not_known_yet_takes_the_place_of_an_answer_that_was_left_alone(officer: FlaskClient, case: Case, people: People) -> None:
    factories.answer(case, people["officer"], current_solution="By hand.")
    form = fields_of(officer.get(address(case, NEED)).text) | {"current_solution-unknown": "y", "later": "1"}
    assert officer.post(address(case, NEED), data=form).status_code == 302
    assert saved(case)["current_solution"] == "not known"
    form = fields_of(officer.get(address(case, NEED)).text) | {"current_solution": "By night.", "later": "1"}
    assert form["current_solution-unknown"] == "y"
    assert officer.post(address(case, NEED), data=form).status_code == 302
    assert saved(case)["current_solution"] == "By night."


def test_an_answer_and_not_known_yet_together_are_asked_about(officer: FlaskClient, case: Case) -> None:
    data = fields_of(officer.get(address(case, NEED)).text) | {"current_solution": "By hand.", "current_solution-unknown": "y"}
    response = officer.post(address(case, NEED), data=data | {"later": "1"})
    assert response.status_code == 422
    assert "By hand." in response.text


def test_a_question_is_asked_once_its_condition_holds(officer: FlaskClient, case: Case) -> None:
    assert officer.get(address(case, "object/rd")).location == address(case, "")[:-1]
    form = fields_of(officer.get(address(case, "object/kind")).text)
    response = officer.post(address(case, "object/kind"), data=form | {"contract_kind": "rd_services"})
    assert response.location == address(case, "object/rd")
    form = fields_of(officer.get(response.location).text)
    assert officer.post(response.location, data=form | {"rd_fully_paid": "no"}).status_code == 302
    assert saved(case)["rd_fully_paid"] is False


def test_posted_fields_that_the_page_does_not_have_change_nothing(officer: FlaskClient, case: Case) -> None:
    form = fields_of(officer.get(address(case, "object/kind")).text)
    extra = {
        "rd_fully_paid": "yes", "title": "Taken over", "reference": "X", "organisation_id": "1", "procedure": "open", "stage": "plan",
        "opening_key": "x", "version": "9", "saved_by": "Somebody", "language": "sv", "questions": "x", "asked": "x", "others": "x",
    }  # fmt: skip
    before = saved(case)
    assert officer.post(address(case, "object/kind"), data=form | extra).status_code == 302
    assert saved(case) == before
    assert (case.stage, case.procedure, case.language) == ("need", "preparation", "en")


def test_the_second_of_two_people_sees_both_texts_and_nothing_is_overwritten(
    officer: FlaskClient, case: Case, people: People, client_for: ClientFor
) -> None:
    manager = client_for(people["manager"])
    mine, theirs = (fields_of(client.get(address(case, NEED)).text) for client in (officer, manager))
    assert manager.post(address(case, NEED), data=theirs | {"need": "Their text"}).status_code == 302
    conflict = officer.post(address(case, NEED), data=mine | {"need": "My text"})
    assert conflict.status_code == 409
    assert "Their text" in conflict.text
    assert "Manager" in conflict.text
    form = fields_of(conflict.text)
    assert form["need"] == "My text"
    assert saved(case)["need"] == "Their text"
    assert officer.post(address(case, NEED), data=form).status_code == 302
    assert saved(case)["need"] == "My text"
    assert [event.payload["changes"]["need"]["new"] for event in events(case)] == ["Their text", "My text"]


def test_the_other_persons_text_can_be_put_in_the_field(
    officer: FlaskClient, case: Case, people: People, client_for: ClientFor
) -> None:
    form = fields_of(officer.get(address(case, NEED)).text)
    other = client_for(people["manager"])
    other.post(address(case, NEED), data=form | {"need": "Their text"})
    conflict = fields_of(officer.post(address(case, NEED), data=form | {"need": "My text", "current_solution": "Kept"}).text)
    taken = officer.post(address(case, NEED), data=conflict | {"take": "need"})
    assert taken.status_code == 200
    form = fields_of(taken.text)
    assert (form["need"], form["current_solution"]) == ("Their text", "Kept")
    assert officer.post(address(case, NEED), data=form).status_code == 302
    assert saved(case)["need"] == "Their text"


def test_an_answer_that_one_left_alone_stays_as_the_other_person_made_it(
    officer: FlaskClient, case: Case, people: People, client_for: ClientFor
) -> None:
    factories.answer(case, people["officer"], need="Before")
    form = fields_of(officer.get(address(case, NEED)).text)
    client_for(people["manager"]).post(address(case, NEED), data=form | {"need": "Their text"})
    assert officer.post(address(case, NEED), data=form | {"current_solution": "By hand."}).status_code == 302
    assert saved(case)["need"] == "Their text"
    assert saved(case)["current_solution"] == "By hand."


def test_a_page_that_says_nothing_of_what_it_showed_overwrites_nothing(officer: FlaskClient, case: Case, people: People) -> None:
    factories.answer(case, people["officer"], need="Before")
    for seen in ("", "need=x.y", "need", "need=99999999999.a", "=1.", "need=0."):
        assert officer.post(address(case, NEED), data={"seen": seen, "need": "Over it", "later": "1"}).status_code == 409
    assert saved(case)["need"] == "Before"


def test_other_languages_of_a_text_are_shown_and_kept(officer: FlaskClient, people: People) -> None:
    case = factories.make_case(people["officer"], need={"fi": "Tarve", "en": "Need"})
    page = officer.get(address(case, NEED))
    assert "Tarve" in page.text
    form = fields_of(page.text)
    assert form["need"] == "Need"
    officer.post(address(case, NEED), data=form | {"need": "A need"})
    assert saved(case)["need"] == {"fi": "Tarve", "en": "A need"}


def test_rows_are_added_and_removed_by_sending_the_page(officer: FlaskClient, case: Case) -> None:
    url = address(case, "value/lots")
    form = fields_of(officer.get(url).text) | {"lots-0-title": "North", "lots-0-value": "much", "lots_reason": "None"}
    form = fields_of(officer.post(url, data=form | {"add": "lots"}).text)
    assert (form["lots-0-value"], form["lots-1-title"], form["lots_reason"]) == ("much", "", "None")
    form |= {"lots-1-title": "South", "lots-1-value": "60 000", "lots-1-kind": "goods"}
    form = fields_of(officer.post(url, data=form | {"remove": "lots-0"}).text)
    assert form["lots-0-title"] == "South"
    assert events(case) == []
    assert officer.post(url, data=form).status_code == 302
    assert saved(case)["lots"] == [{"title": "South", "value": "60000", "kind": "goods"}]


@pytest.mark.parametrize(
    "button", [{"add": "need"}, {"remove": "x"}, {"remove": "lots-999999"}, {"take": "csrf_token"}, {"add": "save"}]
)
def test_a_row_button_of_something_else_does_nothing(officer: FlaskClient, case: Case, button: dict[str, str]) -> None:
    assert officer.post(address(case, "value/lots"), data=button).status_code == 200
    assert events(case) == []


def test_a_lots_title_in_other_languages_stays_with_its_lot(officer: FlaskClient, people: People) -> None:
    lots = [
        {"title": {"fi": "Pohjoinen", "en": "North"}, "value": "1"},
        {"title": {"fi": "Eteläinen", "en": "South"}, "value": "2"},
    ]
    case = factories.make_case(people["officer"], lots=lots)
    url = address(case, "value/lots")
    form = fields_of(officer.post(url, data=fields_of(officer.get(url).text) | {"remove": "lots-0"}).text)
    officer.post(url, data=form | {"lots-0-title": "The south"})
    assert saved(case)["lots"] == [{"title": {"fi": "Eteläinen", "en": "The south"}, "value": "2"}]


def test_the_partner_cities_read_the_case_as_soon_as_they_are_named(
    officer: FlaskClient, case: Case, people: People, client_for: ClientFor
) -> None:
    oulu = client_for(people["other_officer"])
    assert oulu.get(address(case, "check")).status_code == 404
    url = address(case, "team/team")
    form = fields_of(officer.get(url).text)
    assert officer.post(url, data=form | {"partners": ["564"], "owner": "Me", "decision_maker": "You"}).status_code == 302
    for page in ("check", ""):
        shown = oulu.get(address(case, page).rstrip("/"))
        assert shown.status_code == 200
        assert "Sensors for waste bins" in shown.text
        assert "/answers/need/" not in shown.text
    assert oulu.get(address(case, NEED)).status_code == 404
    assert oulu.post(address(case, NEED), data={"need": "Ours"}).status_code == 404
    assert oulu.get(f"/cases/{case.reference}/case-file.json").status_code == 200


@pytest.mark.parametrize("name", ["other_officer", "other_manager", "vaasa_officer"])
def test_another_city_finds_nothing(case: Case, people: People, client_for: ClientFor, name: str) -> None:
    client = client_for(people[name])
    base = f"/cases/{case.reference}"
    for page in (f"{base}/answers", f"{base}/answers/check", f"{base}/answers/{NEED}", f"{base}/case-file.json"):
        assert client.get(page).status_code == 404
    assert client.post(f"{base}/answers/{NEED}", data={"need": "x"}).status_code == 404


def test_an_administrator_reads_but_does_not_write(case: Case, people: People, client_for: ClientFor) -> None:
    admin = client_for(people["admin"])
    assert admin.get(address(case, "check")).status_code == 200
    assert admin.post(address(case, NEED), data={"need": "x"}).status_code == 403
    assert admin.get("/cases/new").status_code == 403


def test_a_page_that_does_not_exist_is_not_found(officer: FlaskClient, case: Case) -> None:
    for place in ("need/nothing", "nothing/need", "value/problem"):
        assert officer.get(address(case, place)).status_code == 404


def test_the_check_page_names_what_is_missing_and_is_calm_when_nothing_is(
    officer: FlaskClient, case: Case, people: People
) -> None:
    page = officer.get(address(case, "check"))
    assert "6 answers are still needed" in text_of(parse(page.text))
    assert f"{address(case, NEED)}?from=check#need" in page.text
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    assert "Everything that is needed has been answered." in officer.get(address(case, "check")).text


def test_a_change_from_the_check_page_leads_back_to_it(officer: FlaskClient, case: Case) -> None:
    url = address(case, NEED) + "?from=check"
    form = fields_of(officer.get(url).text) | {"need": "Bins overflow."}
    assert officer.post(url, data=form).location == address(case, "check")


def test_not_known_yet_counts_as_an_answer_and_is_shown_as_such(officer: FlaskClient, case: Case) -> None:
    form = fields_of(officer.get(address(case, NEED)).text) | {"need-unknown": "y"}
    assert officer.post(address(case, NEED), data=form).status_code == 302
    page = officer.get(address(case, "check"))
    assert "5 answers are still needed" in text_of(parse(page.text))
    assert "Not known yet" in page.text


def test_the_first_page_that_needs_something_is_where_a_task_leads(officer: FlaskClient, case: Case, people: People) -> None:
    factories.answer(case, people["officer"], need="Bins overflow.")
    assert address(case, "need/scale") in officer.get(address(case, "").rstrip("/")).text


def test_every_kind_of_answer_is_shown_in_words(officer: FlaskClient, people: People) -> None:
    case = factories.make_case(
        people["officer"], cpv=["48000000", "72212999"], partners=["564"], market_consulted=True, known_suppliers=0, start="2027-03-01",
        themes=["digitalisation"], lots=[{"title": "North", "value": "5000", "kind": "goods"}],
        funding=[{"source": "own", "amount": "10", "decision_date": "2027-01-01"}, {"source": "erdf"}],
    )  # fmt: skip
    shown = text_of(parse(officer.get(address(case, "check")).text))
    for words in ("Software package", "72212999 (", "Oulu", "1 March 2027", "Digitalisation", "North, €5,000 (Goods)",
                  "The city's own budget, €10, decision 1 January 2027", "European Regional Development Fund (ERDF)"):  # fmt: skip
        assert words in shown


def test_the_case_file_is_a_download(officer: FlaskClient, case: Case) -> None:
    response = officer.get(f"/cases/{case.reference}/case-file.json")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{case.reference}.json"'
    assert response.json is not None
    assert response.json["title"] == {"en": "Sensors for waste bins"}


def test_reading_writes_nothing(officer: FlaskClient, case: Case) -> None:
    before = case.last_sequence
    for page in ("", "/check", f"/{NEED}"):
        officer.get(f"/cases/{case.reference}/answers{page}")
    db.session.expire_all()
    assert case.last_sequence == before
