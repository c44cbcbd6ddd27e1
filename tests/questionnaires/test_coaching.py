"""The coach beside the fields: remarks on what is saved and on what is typed, and nothing that they stop."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases import queries as case_queries
from procure.cases.models import Case
from procure.catalogue import coach
from procure.catalogue import questions as catalogue
from procure.infra.db import db
from procure.questionnaires import coaching
from tests import factories
from tests.pages import parse, text_of
from tests.questionnaires.posting import fields_of

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
ADVICE = coach.catalogue().advice
SOLUTION = "We need a new booking system for residents."
latest = catalogue.catalogue().latest


def address(case: Case, place: str = "need/problem") -> str:
    return f"/cases/{case.reference}/answers/{place}"


def by_id(html: str, name: str) -> Element | None:
    return next((element for element in parse(html).iter() if element.get("id") == name), None)


def notice(html: str) -> str:
    return text_of(next((e for e in parse(html).iter() if e.get("role") == "status" and "p-notice" in e.get("class", "")), None))


def button(html: str) -> Element | None:
    return next((element for element in parse(html).iter("button") if element.get("name") == "check"), None)


@pytest.fixture
def officer(people: People, client_for: ClientFor) -> FlaskClient:
    return client_for(people["officer"])


def test_a_saved_text_has_its_remarks_under_its_field_with_why_and_an_example(officer: FlaskClient, people: People) -> None:
    case = factories.make_case(people["officer"], need=SOLUTION)
    page = officer.get(address(case)).text
    region = by_id(page, "need-remarks")
    assert region is not None
    words, advice = text_of(region), ADVICE["solution"]
    for part in ("1 remark on this text", advice.title.en, advice.why.en, advice.bad.en, advice.better.en, "1397/2016 71 §"):
        assert part in words
    quoted = region.find(".//q")
    assert text_of(quoted) == "need a new booking system"
    assert region.find(".//details") is not None
    assert notice(page) == ""


def test_a_screen_reader_is_led_from_the_field_to_a_named_region(officer: FlaskClient, people: People) -> None:
    case = factories.make_case(people["officer"], title={"en": "Microsoft for all"}, need=SOLUTION)
    page = officer.get(address(case)).text
    for question in ("title", "need"):
        field, region = by_id(page, question), by_id(page, f"{question}-remarks")
        assert field is not None
        assert region is not None
        assert field.get("aria-details") == region.get("id")
        heading = by_id(page, region.get("aria-labelledby", ""))
        assert latest.question(question).label.en in text_of(heading)


def test_a_text_that_needs_no_remark_has_none_nor_a_field_without_text(officer: FlaskClient, people: People) -> None:
    case = factories.make_case(people["officer"], need="Residents cannot find free times in the sports halls.")
    page = officer.get(address(case)).text
    assert "-remarks" not in page
    assert by_id(page, "need") is not None


def test_checking_shows_remarks_on_what_is_typed_keeps_every_word_and_saves_nothing(officer: FlaskClient, case: Case) -> None:
    before = {row.question: row.value for row in case_queries.answers_of(case)}
    form = fields_of(officer.get(address(case)).text)
    typed = form | {"need": SOLUTION, "current_solution": "By hand.\r\nAlways.", "title": ""}
    checked = officer.post(address(case), data=typed | {"check": "1"})
    assert checked.status_code == 200
    shown = fields_of(checked.text)
    assert shown.pop("csrf_token")  # it tells the second in which it was made
    assert shown == {name: value for name, value in typed.items() if name != "csrf_token"}
    assert ADVICE["solution"].title.en in text_of(by_id(checked.text, "need-remarks"))
    assert "There are remarks on 1 answer." in notice(checked.text)
    assert "Give the procurement a name." not in checked.text
    db.session.expire_all()
    assert {row.question: row.value for row in case_queries.answers_of(case)} == before
    assert factories.events(case, "answers_saved") == []


def test_checking_a_good_text_says_that_there_is_nothing_to_remark(officer: FlaskClient, case: Case) -> None:
    form = fields_of(officer.get(address(case)).text)
    checked = officer.post(address(case), data=form | {"need": "Residents wait for a free time.", "check": "1"})
    assert "There are no remarks on the text." in notice(checked.text)
    assert "-remarks" not in checked.text


def test_what_was_checked_can_be_saved_with_its_remarks(officer: FlaskClient, case: Case) -> None:
    form = fields_of(officer.get(address(case)).text) | {"need": SOLUTION, "current_solution": "By hand."}
    checked = officer.post(address(case), data=form | {"check": "1"})
    assert officer.post(address(case), data=fields_of(checked.text)).location == address(case, "need/scale")
    db.session.expire_all()
    assert {row.question: row.value for row in case_queries.answers_of(case)}["need"] == SOLUTION


def test_checking_does_not_hide_that_another_person_saved_meanwhile(
    officer: FlaskClient, case: Case, people: People, client_for: ClientFor
) -> None:
    form = fields_of(officer.get(address(case)).text)
    client_for(people["manager"]).post(address(case), data=form | {"need": "Their text", "later": "1"})
    checked = officer.post(address(case), data=form | {"need": SOLUTION, "check": "1"})
    assert officer.post(address(case), data=fields_of(checked.text) | {"later": "1"}).status_code == 409


def test_a_page_that_is_refused_keeps_the_remarks(officer: FlaskClient, case: Case) -> None:
    form = fields_of(officer.get(address(case)).text) | {"need": SOLUTION, "title": ""}
    refused = officer.post(address(case), data=form)
    assert refused.status_code == 422
    assert by_id(refused.text, "need-remarks") is not None
    assert notice(refused.text) == ""


def test_the_button_stands_on_pages_with_a_coached_text_only(officer: FlaskClient, case: Case) -> None:
    for section in latest.sections:
        for page in section.pages:
            answer = officer.get(address(case, f"{section.id}/{page.id}"))
            if answer.status_code == 200:
                coached = any(coach.catalogue().looks_at(question.id) for question in page.questions)
                assert (button(answer.text) is not None) == coached, page.id


def test_remarks_speak_the_language_of_the_page_and_quote_the_text_in_its_own(officer: FlaskClient, people: People) -> None:
    case = factories.make_case(people["officer"], need={"en": SOLUTION, "fi": "Hankitaan sovellus."})
    officer.set_cookie("language", "sv")
    region = by_id(officer.get(address(case)).text, "need-remarks")
    assert region is not None
    assert ADVICE["solution"].title.sv in text_of(region)
    quoted = region.find(".//q")
    assert quoted is not None
    assert (quoted.get("lang"), text_of(quoted)) == ("en", "need a new booking system")


def test_a_text_quoted_in_a_remark_never_runs(officer: FlaskClient, case: Case) -> None:
    form = fields_of(officer.get(address(case)).text)
    checked = officer.post(address(case), data=form | {"need": 'We need a <script>alert("x")</script> app.', "check": "1"})
    assert "<script>alert" not in checked.text
    assert text_of(by_id(checked.text, "need-remarks")).count("need a <script>alert") == 1


def test_remarks_cost_no_query(officer: FlaskClient, people: People, count_queries: Callable[[], list[str]]) -> None:
    case = factories.make_case(people["officer"], need="Residents wait.")
    counted = count_queries()
    officer.get(address(case))
    before = len(counted)
    factories.answer(case, people["officer"], need=SOLUTION)
    counted.clear()
    officer.get(address(case))
    assert len(counted) == before


def test_only_people_who_may_change_the_answers_can_check_them(case: Case, people: People, client_for: ClientFor) -> None:
    data = {"need": SOLUTION, "check": "1"}
    assert client_for(people["admin"]).post(address(case), data=data).status_code == 403
    assert client_for(people["other_officer"]).post(address(case), data=data).status_code == 404


def test_lines_are_made_of_the_texts_that_are_coached() -> None:
    texts = {"need": SOLUTION, "budget_line": SOLUTION, "desired_outcome": ""}
    [line] = coaching.remark_lines(texts, "en", "fi")["need"]
    assert (line.code, line.title, line.found) == ("solution", ADVICE["solution"].title.fi, "need a new booking system")
    assert set(coaching.remark_lines(texts, "en", "fi")) == {"need"}
