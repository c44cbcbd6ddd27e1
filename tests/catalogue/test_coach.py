"""The data of the coach: complete in three languages, its examples do what they say, faults with file and line."""

import tomllib
from pathlib import Path

import pytest

from procure.catalogue import coach, questions
from procure.catalogue.reading import CatalogueError
from procure.domain.coach import CODES, CoachRules, lexicon, remarks
from procure.domain.language import LANGUAGES

SOURCE = max(coach.FOLDER.glob("*.toml")).read_text(encoding="utf-8")
KNOWN = coach.catalogue()


def load(folder: Path, text: str) -> coach.Coach:
    path = folder / "2030-01.toml"
    path.write_text(text, encoding="utf-8")
    return coach.load(path)


def test_every_remark_has_its_words_in_every_language() -> None:
    assert set(KNOWN.advice) == set(CODES)
    for advice in KNOWN.advice.values():
        for text in (advice.title, advice.why, advice.bad, advice.better):
            assert len({text[language] for language in LANGUAGES}) == 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_the_example_of_a_remark_has_the_fault_and_the_better_one_does_not(code: str, language: str) -> None:
    advice, rules = KNOWN.advice[code], CoachRules({"answer": (code,)}, KNOWN.rules.languages, KNOWN.rules.fewest_words)
    assert [remark.code for remark in remarks("answer", advice.bad[language], language, rules)] == [code]
    assert remarks("answer", advice.better[language], language, rules) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_the_questions_need_no_remark(language: str) -> None:
    latest = questions.catalogue().latest
    found = {q.id: remarks(q.id, q.example[language], language, KNOWN.rules) for q in latest.questions}
    assert {question: made for question, made in found.items() if made} == {}


def test_the_need_and_the_outcome_are_coached_and_choices_are_not() -> None:
    assert KNOWN.looks_at("need")
    assert KNOWN.looks_at("desired_outcome")
    assert not KNOWN.looks_at("contract_kind")


def test_a_remark_that_rests_on_the_law_says_on_which_section() -> None:
    cited = {code: advice.citation for code, advice in KNOWN.advice.items() if advice.citation}
    assert cited == {"brand": "1397/2016 71 §", "solution": "1397/2016 71 §"}


def test_the_latest_edition_is_read_once() -> None:
    assert coach.catalogue() is KNOWN
    assert KNOWN.edition == max(path.stem for path in coach.FOLDER.glob("*.toml"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_of_a_list_repeats_what_another_finds(language: str) -> None:
    tables = tomllib.loads(SOURCE)["words"]
    lists = next(table for table in tables if table["language"] == language)
    for key in coach.WORDS:
        entries = lists[key]
        for entry in entries:
            if entry.isalpha():  # a single word without a sign
                others = lexicon(other for other in entries if other != entry and " " not in other)
                assert not others.at([entry], 0), f"{key}: {entry}"


def replaced(old: str, new: str, times: int = 1) -> str:
    assert old in SOURCE
    return SOURCE.replace(old, new, times)


FAULTS = {
    "no limit for short texts": (replaced("fewest_words = 5", "few_words = 5"), "2030-01.toml:1: fewest_words is missing"),
    "no questions": (replaced("[[question]]", "[[other]]", 99), "no questions"),
    "a question that does not exist": (replaced('id = "need"', 'id = "wish"'), "question 'wish' stands twice or is not one"),
    "a question answered with a choice": (replaced('id = "need"', 'id = "contract_kind"'), "'contract_kind' stands twice or"),
    "a question twice": (replaced('id = "need"', 'id = "title"'), "question 'title' stands twice"),
    "an unknown check": (replaced('checks = ["brand"]', 'checks = ["rhyme"]'), "checks must be among brand, "),
    "no checks": (replaced('checks = ["brand"]', "checks = []"), "checks must be among brand, "),
    "an unknown remark": (replaced('code = "vague"', 'code = "rhyme"'), "code must be one of"),
    "a remark twice": (replaced('code = "vague"', 'code = "brand"'), "remark brand stands twice"),
    "a remark in two languages": (replaced('title.sv = "Meningen är lång"\n', ""), "title has no text in sv"),
    "no brands": (replaced("[[brands]]", "[[makes]]"), "brands must be there once"),
    "a language twice": (replaced('language = "sv"', 'language = "fi"'), "language must be one of sv, en, not 'fi'"),
    "a sentence of no words": (replaced("longest_sentence = 30", "longest_sentence = 0"), "longest_sentence must be above 0"),
    "a list that is not there": (replaced("vague = [", "vauge = ["), "vague is missing or empty"),
    "an entry that finds almost every word": (replaced('"app", "apps"', '"*a*", "apps"'), "things: '*a*' cannot be understood"),
    "an entry twice": (replaced('"app", "apps"', '"apps", "apps"'), "things has the same entry twice: apps"),
    "a misspelt key": (replaced("longest_sentence = 25", "longest_sentence = 25\nshortest = 1"), "unknown key shortest"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_place(tmp_path: Path, fault: str) -> None:
    text, message = FAULTS[fault]
    with pytest.raises(CatalogueError) as error:
        load(tmp_path, text)
    assert "2030-01.toml:" in str(error.value)
    assert message in str(error.value)


def test_a_fault_in_a_table_names_the_line_of_the_table(tmp_path: Path) -> None:
    text = replaced('code = "vague"', 'code = "rhyme"')
    line = text.splitlines().index('code = "rhyme"')  # the header stands on the line before
    with pytest.raises(CatalogueError, match=rf"2030-01\.toml:{line}: "):
        load(tmp_path, text)


def test_a_missing_language_is_refused_by_name(tmp_path: Path) -> None:
    head, _, _ = SOURCE.rpartition("[[words]]")
    with pytest.raises(CatalogueError, match="no words in en"):
        load(tmp_path, head)


def test_a_missing_remark_is_refused_by_name(tmp_path: Path) -> None:
    start = SOURCE.index('[[remark]]\ncode = "vague"')
    end = SOURCE.index("[[remark]]", start + 1)
    with pytest.raises(CatalogueError, match="no remark vague"):
        load(tmp_path, SOURCE[:start] + SOURCE[end:])
