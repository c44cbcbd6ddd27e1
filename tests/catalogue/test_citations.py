"""The sections of law that an opinion may cite: in three languages, for topics that exist; a fault names file and line."""

from pathlib import Path

import pytest

from procure.catalogue import citations
from procure.catalogue.reading import CatalogueError
from procure.domain.language import LANGUAGES
from procure.domain.support import TOPICS

GOOD = """edition = "2026-11"
second_reader = ["procedure_law"]
[[act]]
id = "hl"
number = "1397/2016"
name = { fi = "laki", sv = "lag", en = "act" }
[[citation]]
id = "hl-1"
act = "hl"
section = "1 §"
heading = { fi = "a", sv = "b", en = "c" }
topics = ["pilot"]
"""


def load(tmp_path: Path, source: str) -> citations.Citations:
    path = tmp_path / "citations.toml"
    path.write_text(source, encoding="utf-8")
    return citations.load(path)


def test_a_section_is_named_after_its_act_in_each_language() -> None:
    found = citations.catalogue().chosen(("hl-136",))[0]
    assert [found.short(language) for language in LANGUAGES] == [
        "Hankintalaki 136 §",
        "Upphandlingslagen 136 §",
        "Procurement Act 136 §",
    ]
    assert found.whole("en") == "Procurement Act (1397/2016) 136 §: Changing a contract during its term"


def test_topics_of_law_have_sections_to_choose_from_and_need_a_second_reader() -> None:
    known = citations.catalogue()
    assert set(known.law_topics) >= {"procedure_law", "contract_model"}
    assert all(len(known.of_topic(topic)) >= 3 for topic in known.law_topics)
    assert {topic for citation in known.all for topic in citation.topics} <= set(TOPICS)


def test_chosen_sections_stand_in_the_order_of_the_law() -> None:
    assert [citation.id for citation in citations.catalogue().chosen(("hl-136", "nothing", "hl-38"))] == ["hl-38", "hl-136"]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).edition == "2026-11"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (('"2026-11"', '"autumn"'), r"citations.toml:1: edition"),
        (('["procedure_law"]', '["weather"]'), r"citations.toml:1: second_reader has unknown topics weather"),
        (('act = "hl"', 'act = "xx"'), r"citations.toml:7: act must be one of"),
        (('"1 §"', '"first"'), r"citations.toml:7: 'first' is no section"),
        (('["pilot"]', '["weather"]'), r"citations.toml:7: unknown topics weather"),
        (('sv = "b", ', ""), r"citations.toml:7: heading has no text in sv"),
        (('topics = ["pilot"]', 'topic = "pilot"'), r"citations.toml:7: unknown key topic"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, change: tuple[str, str], fault: str) -> None:
    with pytest.raises(CatalogueError, match=fault):
        load(tmp_path, GOOD.replace(*change))


def test_a_section_stands_once(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="stands twice: hl-1"):
        load(tmp_path, GOOD + GOOD[GOOD.index("[[citation]]") :])
