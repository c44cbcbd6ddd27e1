"""Every question of the edition as a form field."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from procure.accounts.models import Person
from procure.cases import models
from procure.cases.models import Case
from procure.catalogue import questions as catalogue
from procure.domain.language import LOCALES
from procure.domain.questions import Answer, Question
from procure.infra.db import db
from procure.questionnaires.forms import form_class, page_form
from tests import factories
from tests.questionnaires import answering
from tests.questionnaires.posting import fields_of

latest = catalogue.catalogue().latest
PLACES = {q.id: f"{section.id}/{page.id}" for section in latest.sections for page in section.pages for q in page.questions}
SELECTED = ("-kind", "-source")
"""Lists to choose from: nothing is typed there."""
each_question = pytest.mark.parametrize("question", latest.questions, ids=lambda question: question.id)


@pytest.fixture
def rd_case(people: dict[str, Person]) -> Case:
    """A case in which every question is asked."""
    return factories.make_case(people["officer"], contract_kind="rd_services")


@pytest.fixture
def officer(people: dict[str, Person], client_for: Callable[[Person], FlaskClient]) -> FlaskClient:
    return client_for(people["officer"])


def address(case: Case, question: Question) -> str:
    return f"/cases/{case.reference}/answers/{PLACES[question.id]}"


def kept(case: Case, question: Question) -> Any:
    db.session.expire_all()
    return db.session.get(models.Answer, (case.id, question.id), populate_existing=True)


@each_question
def test_a_good_value_is_kept_and_shown_back(officer: FlaskClient, rd_case: Case, question: Question) -> None:
    url = address(rd_case, question)
    fields, value = answering.good(question)
    if question.id == "title":
        value = {"en": value}  # it was begun in a language
    response = officer.post(url, data=fields_of(officer.get(url).text) | fields | {"later": "1"})
    assert response.status_code == 302
    assert kept(rd_case, question).value == value
    again = fields_of(officer.get(url).text)
    assert officer.post(url, data=again | {"later": "1"}).status_code == 302
    row = kept(rd_case, question)
    assert row.value == value
    assert row.version == (2 if question.id in ("title", "contract_kind", "value_amount") else 1)


@each_question
def test_a_bad_value_is_refused_in_a_sentence_and_what_was_typed_stays(
    officer: FlaskClient, rd_case: Case, question: Question
) -> None:
    url = address(rd_case, question)
    before = kept(rd_case, question)
    for fields in answering.bad(question):
        response = officer.post(url, data=fields_of(officer.get(url).text) | fields | {"later": "1"})
        assert response.status_code == 422, fields
        assert "There is a problem" in response.text
        assert len(re.findall(r'<li><a href="#', response.text)) == 1
        if question.kind not in ("choice", "choices", "yes_no", "municipalities"):
            shown = fields_of(response.text)
            typed = {name: value for name, value in fields.items() if "\0" not in value and not name.endswith(SELECTED)}
            assert {name: shown[name] for name in typed if name in shown} == {n: v for n, v in typed.items() if n in shown}
    assert kept(rd_case, question) == before


@each_question
def test_not_known_yet_is_an_answer_where_it_is_allowed(officer: FlaskClient, rd_case: Case, question: Question) -> None:
    url = address(rd_case, question)
    fields = {question.id: "not_known"} if question.kind in ("choice", "yes_no") else {f"{question.id}-unknown": "y"}
    page = officer.get(url)
    assert (f'id="{question.id}-unknown"' in page.text or 'value="not_known"' in page.text) or not question.may_be_unknown
    response = officer.post(url, data=fields_of(page.text) | fields | {"later": "1"})
    if question.may_be_unknown:
        assert response.status_code == 302
        assert (kept(rd_case, question).known, kept(rd_case, question).value) == (False, None)
    else:
        assert kept(rd_case, question).known


@each_question
def test_the_page_has_an_element_that_a_link_to_the_question_finds(
    officer: FlaskClient, rd_case: Case, question: Question
) -> None:
    assert f'id="{question.id}"' in officer.get(address(rd_case, question)).text


def test_a_form_class_is_made_once(app: Flask) -> None:
    assert form_class(latest.edition, "need", "problem") is form_class(latest.edition, "need", "problem")


def test_the_classes_follow_the_language_of_the_page(app: Flask) -> None:
    labels = []
    for language in ("fi", "sv", "en"):
        with app.test_request_context(), force_locale(LOCALES[language]):
            form = page_form(latest.edition, "need", "problem", latest.section("need").pages[0].questions, {}, "fi", "837")
            labels.append(str(form["need"].label.text))
    assert labels == [latest.question("need").label[language] for language in ("fi", "sv", "en")]


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1, max_size=300)


def lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
@example(text="<script>alert(1)</script>{{ 7*7 }}'; DROP TABLE cases; --")
@example(text="\n\n  two empty lines first\n\tand a tab \n")
@example(text="&lt;b&gt; %s %(name)s \u202e\u200b\ufeff 🧑🏽‍🚒")
def test_any_words_come_back_as_they_were_typed(app: Flask, text: str) -> None:
    page = latest.section("need").pages[0]
    with app.test_request_context(method="POST", data={"need": text, "title": "x"}):
        form = page_form(latest.edition, "need", "problem", page.questions, {}, "fi", "837")
        form.validate()
        answer = form.read(strict=False)["need"]
        assert answer.value == (lines(text) if text.strip() else None)
    with app.test_request_context():
        form = page_form(latest.edition, "need", "problem", page.questions, {"need": answer}, "fi", "837")
        shown = fields_of(f"<main><form>{form['need']()}</form></main>")["need"]
    with app.test_request_context(method="POST", data={"need": shown, "title": "x"}):
        form = page_form(latest.edition, "need", "problem", page.questions, {"need": answer}, "fi", "837")
        form.validate()
        assert form.read(strict=False)["need"] == answer


def test_an_imported_text_longer_than_the_field_may_stay_but_not_grow(app: Flask) -> None:
    page = latest.section("need").pages[0]
    answers = {"need": Answer("x" * 7000)}
    for text, fits in (("x" * 7000, True), ("x" * 7001, False), ("y" * 6000, True)):
        with app.test_request_context(method="POST", data={"need": text, "title": "x"}):
            form = page_form(latest.edition, "need", "problem", page.questions, answers, "fi", "837")
            form.validate()
            assert ("need" in form.read(strict=False)) is fits
