"""Every sentence of the interface exists in Finnish and Swedish, and none that is no longer used lingers."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from procure.config import ROOT

LANGUAGES = ("fi", "sv")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")
METHODS = [
    ("procure/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
KEYWORDS: dict[str, Any] = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip


@cache
def used() -> dict[Any, str]:
    """Message id -> where it stands first."""
    found: dict[Any, str] = {}
    for folder in ("procure", "templates"):
        messages = extract_from_dir(
            ROOT / folder,
            method_map=[
                (pattern.removeprefix(folder + "/"), method) for pattern, method in METHODS if pattern.startswith(folder)
            ],
            options_map={"**.html": {"trimmed": "true", "silent": "false"}, "**.txt": {"trimmed": "true", "silent": "false"}},
            keywords=KEYWORDS,
        )
        for name, line, message, _comments, _context in messages:
            key = message[0] if isinstance(message, tuple) else message
            found.setdefault(key, f"{folder}/{name}:{line}")
    return found


@cache
def catalogue(language: str) -> Catalog:
    with (ROOT / "procure" / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def ids(language: str) -> set[Any]:
    return {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue(language) if message.id}


def test_the_extraction_finds_the_sentences_of_code_and_templates() -> None:
    places = used().values()

    assert len(used()) > 200
    assert any(place.startswith("procure/") for place in places)
    assert any(place.endswith(".html") or ".html:" in place for place in places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing(language: str) -> None:
    missing = {key: place for key, place in used().items() if key not in ids(language)}

    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_left_over(language: str) -> None:
    assert not ids(language) - set(used())
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_none_is_a_guess(language: str) -> None:
    empty = [m.id for m in catalogue(language) if m.id and not all(m.string if isinstance(m.string, tuple) else (m.string,))]
    fuzzy = [m.id for m in catalogue(language) if m.id and m.fuzzy]

    assert not empty
    assert not fuzzy


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_placeholders_of_a_translation_are_those_of_the_sentence(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        if not message.id:
            continue
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACEHOLDER.findall(sources[-1]))
        wrong += [
            text
            for text in strings
            if not set(PLACEHOLDER.findall(text)) <= wanted or (text is strings[-1] and set(PLACEHOLDER.findall(text)) != wanted)
        ]

    assert not wrong


def test_the_compiled_catalogues_are_not_older_than_their_sources() -> None:
    for language in LANGUAGES:
        source = Path(ROOT / "procure" / "translations" / language / "LC_MESSAGES" / "messages.po")
        compiled = source.with_suffix(".mo")

        assert compiled.exists(), "run make setup"
        assert compiled.stat().st_mtime >= source.stat().st_mtime
