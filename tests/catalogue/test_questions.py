"""The guided questions that ship: complete, in three languages, and in step with the case file. And the faults the loader finds."""

import re
from pathlib import Path

import pytest

from procure.catalogue.questions import catalogue, load
from procure.catalogue.reading import CatalogueError
from procure.domain.language import LANGUAGES, Trilingual
from procure.domain.questions import Question, is_shown

SECTIONS = ("need", "users", "ecosystem", "market", "object", "value", "novelty", "risks", "funding", "timetable", "team")

CASE_FILE_KEYS = (
    "title", "partners", "need", "desired_outcome", "users", "current_solution", "themes", "priority", "cpv", "contract_kind",
    "sector", "buyer_type", "estimated_value.amount", "estimated_value.date", "estimated_value.method",
    "estimated_value.options_included", "lots", "market.availability", "market.consulted", "market.known_suppliers",
    "rd.benefits_exclusive_to_buyer", "rd.fully_paid_by_buyer", "rd.deployment_included",
    "specification.includes_design_or_innovation", "specification.needs_negotiation", "specification.cannot_be_precise",
    "previous_procedure", "single_supplier", "urgency", "prototype_only", "novelty.new_to_buyer", "novelty.new_to_market",
    "novelty.clear_improvement", "novelty.innovation_considered", "novelty.effect", "submission", "documents_open_online",
    "prior_information_notice", "start", "contract_needed_by", "funding",
)  # fmt: skip

VALUES = {
    "themes": ("carbon_neutrality", "digitalisation", "health_wellbeing", "other_new_technology"),
    "contract_kind": (
        "goods", "services", "works", "rd_services", "design_contest", "social_health_services", "other_specific_services", "concession",
    ),
    "sector": ("classic", "utilities"),
    "buyer_type": ("sub_central", "central"),
    "market_availability": ("none", "needs_adaptation", "available"),
    "previous_procedure": ("none", "no_suitable_tenders", "only_unacceptable_tenders"),
    "single_supplier": ("none", "technical", "exclusive_rights", "art"),
    "urgency": ("none", "justified", "extreme_unforeseeable"),
    "submission": ("electronic", "other"),
    "funding": ("own", "akke", "erdf", "esf_plus", "jtf", "business_finland", "horizon", "other"),
    "ipr_model": ("buyer", "supplier", "shared", "open_source"),
}  # fmt: skip

REQUIRED = {"title", "need", "users", "desired_outcome", "contract_kind", "value_amount", "risks", "owner", "decision_maker"}

latest = catalogue().latest
questions = pytest.mark.parametrize("question", latest.questions, ids=lambda question: question.id)


def texts(question: Question) -> list[Trilingual]:
    of_choices = [text for choice in question.choices for text in (choice.label, choice.hint) if text]
    return [question.label, question.why, question.example, question.missing, *of_choices]


def test_the_sections_stand_in_the_order_of_their_files() -> None:
    assert tuple(section.id for section in latest.sections) == SECTIONS


def test_an_edition_is_found_by_name() -> None:
    assert catalogue().get("2026-11").edition == "2026-11"
    with pytest.raises(KeyError):
        catalogue().get("1999-01")


def test_the_questions_are_read_once() -> None:
    assert catalogue() is catalogue()


def test_every_key_of_the_case_file_has_exactly_one_question() -> None:
    assert sorted(question.key for question in latest.questions if question.key) == sorted(CASE_FILE_KEYS)


def test_choices_are_the_values_that_the_case_file_allows() -> None:
    found = {question.id: tuple(choice.id for choice in question.choices) for question in latest.questions if question.choices}
    assert found == VALUES


def test_only_what_every_case_needs_is_required() -> None:
    assert {question.id for question in latest.questions if question.required} == REQUIRED
    assert {question.id for question in latest.questions if not question.may_be_unknown} == {
        "title",
        "contract_kind",
        "value_amount",
    }


def test_research_questions_are_asked_only_when_research_is_bought() -> None:
    assert {question.id for question in latest.questions if not is_shown(question, {})} == {
        "rd_benefits_exclusive", "rd_fully_paid", "rd_deployment",
    }  # fmt: skip


@questions
def test_every_text_differs_between_finnish_and_english(question: Question) -> None:
    assert [text for text in texts(question) if text["fi"] == text["en"]] == []
    assert [text for text in texts(question) if text["fi"] == text["sv"]] == []


@questions
def test_texts_are_short_enough_to_read_beside_a_field(question: Question) -> None:
    assert max(len(question.label[language]) for language in LANGUAGES) <= 110
    assert max(len(question.why[language]) for language in LANGUAGES) <= 230
    assert max(len(question.example[language]) for language in LANGUAGES) <= 230


@questions
def test_reasons_and_prompts_are_whole_sentences(question: Question) -> None:
    for text in (question.why, question.missing):
        assert all(text[language][0].isupper() and text[language].endswith(".") for language in LANGUAGES)


@questions
def test_yes_or_no_is_asked_as_a_question(question: Question) -> None:
    if question.kind == "yes_no":
        assert all(question.label[language].endswith("?") for language in LANGUAGES)


@questions
def test_a_citation_names_a_statute_and_a_place(question: Question) -> None:
    assert question.citation == "" or re.fullmatch(r"1397/2016 \d+[^.]* ?§.*|\(EU\) 2016/679", question.citation)


def test_examples_differ_from_question_to_question() -> None:
    for language in LANGUAGES:
        examples = [question.example[language] for question in latest.questions]
        assert len(set(examples)) == len(examples)


QUESTION = """
[[page.question]]
id = "{id}"
kind = "{kind}"
key = "{key}"
label = {{ fi = "a", sv = "b", en = "c" }}
why = {{ fi = "a", sv = "b", en = "c" }}
example = {{ fi = "a", sv = "b", en = "c" }}
missing = {{ fi = "a", sv = "b", en = "c" }}
"""

HEAD = """id = "part"
title = { fi = "a", sv = "b", en = "c" }
hint = { fi = "a", sv = "b", en = "c" }
[[page]]
id = "page"
title = { fi = "a", sv = "b", en = "c" }
intro = { fi = "a", sv = "b", en = "c" }
"""

CHOICE = """
[[page.question.choice]]
id = "rd"
label = { fi = "a", sv = "b", en = "c" }
"""

FIRST = 9
"""The line of the first question's header: eight lines of head, the last of them empty."""


def asked(question_id: str = "need", kind: str = "text", more: str = "", key: str | None = None) -> str:
    return QUESTION.format(id=question_id, kind=kind, key=question_id if key is None else key) + more


def condition(on: str, value: str = "rd") -> str:
    return f'shown_when = [{{ question = "{on}", values = ["{value}"] }}]\n'


def edition(folder: Path, text: str, name: str = "01-part.toml") -> Path:
    path = folder / "2026-11" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


KIND = asked("kind", "choice", CHOICE)
SECOND = FIRST + asked().count("\n")
AFTER_KIND = FIRST + KIND.count("\n")

FAULTS = {
    "a kind that does not exist": (asked(kind="essay"), FIRST, "kind must be one of"),
    "an id used twice": (asked() + asked(key="x"), SECOND, "'need'"),
    "a key used twice": (asked() + asked("other", key="need"), SECOND, "key 'need' is used twice"),
    "a key left out": (asked().replace('key = "need"\n', ""), FIRST, "key is missing"),
    "a language left out": (asked().replace(', en = "c" }', " }", 1), FIRST, "label has no text in en"),
    "a reason left out": (asked().replace("why =", "because ="), FIRST, "why is missing"),
    "a key of the data that is not known": (asked(more="requird = true\n"), FIRST, "unknown key requird"),
    "a limit of nothing": (asked(more="limit = 0\n"), FIRST, "limit must be above 0"),
    "a limit where there are no words": (asked(kind="date", more="limit = 5\n"), FIRST, "limit has no meaning"),
    "a choice without choices": (asked(kind="choice"), FIRST, "choice needs choices"),
    "choices where there is no choice": (asked(more=CHOICE), FIRST, "text cannot have choices"),
    "a choice twice": (asked("kind", "choice", CHOICE + CHOICE), FIRST, "choice id rd is used twice"),
    "a misspelt key in a choice": (asked("kind", "choice", CHOICE + "hnt = 1\n"), AFTER_KIND - 4, "unknown key hnt"),
    "a condition on a later question": (asked(more=condition("kind")) + KIND, FIRST, "not an earlier question"),
    "a condition on itself": (asked(more=condition("need")), FIRST, "not an earlier question"),
    "a condition on words": (asked() + asked("more", more=condition("need")), SECOND, "of kind text"),
    "a condition on a value that does not exist": (KIND + asked(more=condition("kind", "art")), AFTER_KIND, "must be among rd"),
    "a condition on another word than yes or no": (
        asked("paid", "yes_no") + asked(more=condition("paid", "true")), SECOND, "among yes, no",
    ),
    "a condition on a conditional question": (
        KIND + asked("paid", "yes_no", condition("kind")) + asked(more=condition("paid", "yes")),
        AFTER_KIND + SECOND - FIRST + 1, "not always asked",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "said"), FAULTS.values(), ids=list(FAULTS))
def test_a_fault_names_file_and_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = edition(tmp_path, HEAD + text)
    with pytest.raises(CatalogueError) as fault:
        load(tmp_path)
    assert str(fault.value).startswith(f"{path}:{line}: ")
    assert said in str(fault.value)


def test_a_question_id_is_unique_over_all_files(tmp_path: Path) -> None:
    edition(tmp_path, HEAD + asked())
    second = edition(tmp_path, HEAD.replace('"part"', '"other"') + asked(), "02-other.toml")
    with pytest.raises(CatalogueError, match=re.escape(str(second)) + f":{FIRST}: question id 'need'"):
        load(tmp_path)


def test_a_condition_may_lean_on_an_earlier_file(tmp_path: Path) -> None:
    edition(tmp_path, HEAD + KIND)
    edition(tmp_path, HEAD.replace('"part"', '"other"') + asked(more=condition("kind")), "02-other.toml")
    assert [question.id for question in load(tmp_path).latest.questions] == ["kind", "need"]


def test_words_have_a_limit_even_when_none_is_named(tmp_path: Path) -> None:
    edition(tmp_path, HEAD + asked() + asked("name", "line") + asked("short", more="limit = 40\n") + asked("day", "date"))
    assert [question.limit for question in load(tmp_path).latest.questions] == [6000, 200, 40, 0]


def test_the_newest_edition_is_the_latest(tmp_path: Path) -> None:
    edition(tmp_path, HEAD + asked())
    (tmp_path / "2027-02").mkdir()
    (tmp_path / "2027-02" / "01-part.toml").write_text(HEAD + asked("later"), encoding="utf-8")
    loaded = load(tmp_path)
    assert loaded.latest.edition == "2027-02"
    assert [question.id for question in loaded.get("2026-11").questions] == ["need"]


def test_a_folder_without_editions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no edition"):
        load(tmp_path)
