"""The fixed words of the documents: three languages, the same parts in each, faults with file and line."""

import re
from pathlib import Path

import pytest

from procure.catalogue import questions, wording
from procure.catalogue.reading import CatalogueError
from procure.domain.language import LANGUAGES

PART = re.compile(r"%\((\w+)\)s")


def write(folder: Path, text: str) -> Path:
    path = folder / "2030-01.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("phrase", sorted(wording.catalogue().phrases))
def test_a_phrase_has_the_same_parts_in_every_language(phrase: str) -> None:
    text = wording.catalogue().phrases[phrase].text
    parts = {language: set(PART.findall(text[language])) for language in LANGUAGES}
    assert parts["fi"] == parts["sv"] == parts["en"]
    assert all("%" not in PART.sub("", text[language]) for language in LANGUAGES)


def test_a_phrase_ends_alike_in_every_language() -> None:
    for name, phrase in wording.catalogue().phrases.items():
        assert len({phrase.text[language].endswith(".") for language in LANGUAGES}) == 1, name


def test_every_short_name_is_that_of_a_question() -> None:
    known = {question.id for question in questions.catalogue().latest.questions}
    named = {name.removeprefix("q_") for name in wording.catalogue().phrases if name.startswith("q_")}
    assert named <= known


def test_parts_are_filled_in() -> None:
    assert wording.catalogue().text("printed", "en", date="1 May 2027") == "Printed from Procure on 1 May 2027"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ":1: no phrases"),
        ('[[phrase]]\nid = "a"\ntext = { fi = "a", sv = "a" }', ":1: text has no text in en"),
        ('[[phrase]]\nid = "a"\ntext = { fi = "a", sv = "a", en = "a" }\nnote = "x"', ":1: unknown key note"),
        ('\n[[phrase]]\nid = "a"\ntext = { fi = "a", sv = "a", en = "a" }\n' * 2, "stands twice"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(CatalogueError) as error:
        wording.load(write(tmp_path, text))
    assert "2030-01.toml" in str(error.value)
    assert fault in str(error.value)
