"""When a question is asked, when it is answered, and how far a section has come."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain.language import Trilingual
from procure.domain.questions import (
    Answer,
    Condition,
    Page,
    Question,
    Questionnaire,
    Section,
    has_value,
    is_answered,
    is_shown,
    section_state,
    unanswered,
)

TEXT = Trilingual("teksti", "text", "words")


def question(
    question_id: str, *, kind: str = "text", required: bool = False, may_be_unknown: bool = True, **more: Any
) -> Question:
    return Question(question_id, kind, question_id, TEXT, TEXT, TEXT, TEXT, "", required, may_be_unknown, 100, **more)


def section(*pages: tuple[Question, ...]) -> Section:
    return Section(
        "part", TEXT, TEXT, tuple(Page(f"page{number}", TEXT, TEXT, questions) for number, questions in enumerate(pages))
    )


def when(asked: str, *values: str) -> tuple[Condition, ...]:
    return (Condition(asked, values),)


def test_a_question_without_conditions_is_always_asked() -> None:
    assert is_shown(question("need"), {})


def test_a_conditional_question_is_asked_when_the_choice_was_made() -> None:
    asked = question("share", shown_when=when("kind", "rd", "works"))
    assert is_shown(asked, {"kind": Answer("works")})
    assert not is_shown(asked, {"kind": Answer("goods")})


@pytest.mark.parametrize(("value", "said"), [(True, "yes"), (False, "no")])
def test_a_condition_on_yes_or_no_reads_the_answer_as_a_word(value: bool, said: str) -> None:
    other = "no" if said == "yes" else "yes"
    assert is_shown(question("more", shown_when=when("consulted", said)), {"consulted": Answer(value)})
    assert not is_shown(question("more", shown_when=when("consulted", other)), {"consulted": Answer(value)})


def test_one_of_several_choices_is_enough_for_a_condition() -> None:
    asked = question("more", shown_when=when("themes", "digital"))
    assert is_shown(asked, {"themes": Answer(["health", "digital"])})
    assert not is_shown(asked, {"themes": Answer(["health"])})
    assert not is_shown(asked, {"themes": Answer([])})


def test_every_condition_must_hold() -> None:
    asked = question("more", shown_when=when("kind", "rd") + when("paid", "no"))
    assert is_shown(asked, {"kind": Answer("rd"), "paid": Answer(False)})
    assert not is_shown(asked, {"kind": Answer("rd"), "paid": Answer(True)})


@given(value=st.none() | st.booleans() | st.sampled_from(["rd", "yes", "no", ""]) | st.lists(st.just("rd")))
def test_not_known_yet_never_shows_a_conditional_question(value: object) -> None:
    asked = question("more", shown_when=when("kind", "rd", "yes", "no", ""))
    assert not is_shown(asked, {"kind": Answer(value, known=False)})


def test_a_question_nobody_answered_never_shows_another() -> None:
    assert not is_shown(question("more", shown_when=when("kind", "rd")), {})


@pytest.mark.parametrize("value", [None, "", " \n", [], {}, {"fi": "", "sv": " "}, [""], [{"title": "", "value": ""}]])
def test_blanks_are_no_answer(value: object) -> None:
    assert not is_answered(question("need"), {"need": Answer(value)})


@pytest.mark.parametrize("value", [False, 0, "0", "tarve", ["837"], {"fi": "", "sv": "behov"}, [{"title": "del 1"}]])
def test_no_and_zero_are_answers_like_any_other(value: object) -> None:
    assert is_answered(question("need"), {"need": Answer(value)})


def test_not_known_yet_is_an_answer_without_content() -> None:
    answers = {"need": Answer(None, known=False)}
    assert is_answered(question("need"), answers)
    assert not has_value("need", answers)


def test_not_known_yet_is_no_answer_where_it_is_not_allowed() -> None:
    assert not is_answered(question("title", may_be_unknown=False), {"title": Answer(None, known=False)})


def test_only_required_questions_that_are_asked_can_be_missing() -> None:
    first, second = question("title", required=True), question("need", required=True)
    optional, hidden = question("cost"), question("share", required=True, shown_when=when("kind", "rd"))
    assert unanswered((first, optional, hidden, second), {"need": Answer("tarve")}) == (first,)
    assert unanswered((first, second), {}) == (first, second)


@given(
    known=st.dictionaries(st.sampled_from(["a", "b", "c"]), st.sampled_from([Answer("x"), Answer(""), Answer(None, known=False)]))
)
def test_what_is_missing_is_exactly_what_is_required_and_unanswered(known: dict[str, Answer]) -> None:
    questions = tuple(question(name, required=True) for name in "abc")
    assert unanswered(questions, known) == tuple(q for q in questions if not is_answered(q, known))


def test_a_section_without_answers_is_not_started() -> None:
    part = section((question("need", required=True), question("cost")))
    assert section_state(part, {}) == "not_started"
    assert section_state(part, {"need": Answer(" ")}) == "not_started"


def test_a_section_is_in_progress_while_something_required_is_missing() -> None:
    part = section((question("need", required=True), question("cost")))
    assert section_state(part, {"cost": Answer("1000")}) == "in_progress"
    assert section_state(part, {"need": Answer("tarve")}) == "done"


def test_a_section_is_in_progress_while_a_page_is_untouched() -> None:
    part = section((question("need"),), (question("cost"), question("volume")))
    assert section_state(part, {"need": Answer("tarve")}) == "in_progress"
    assert section_state(part, {"need": Answer("tarve"), "volume": Answer(None, known=False)}) == "done"


def test_a_page_that_asks_nothing_does_not_keep_a_section_open() -> None:
    part = section((question("kind", kind="choice"),), (question("share", required=True, shown_when=when("kind", "rd")),))
    assert section_state(part, {"kind": Answer("goods")}) == "done"
    assert section_state(part, {"kind": Answer("rd")}) == "in_progress"


def test_an_answer_to_a_question_no_longer_asked_does_not_start_a_section() -> None:
    part = section((question("share", shown_when=when("kind", "rd")),))
    assert section_state(part, {"kind": Answer("goods"), "share": Answer("half")}) == "not_started"


def test_sections_and_questions_are_found_by_id() -> None:
    need = question("need")
    part = section((need,))
    questionnaire = Questionnaire("2026-11", (part,))
    assert questionnaire.section("part") is part
    assert questionnaire.question("need") is need
    with pytest.raises(KeyError):
        questionnaire.section("other")
    with pytest.raises(KeyError):
        questionnaire.question("other")
