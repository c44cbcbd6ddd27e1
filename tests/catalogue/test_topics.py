"""The topics of expert support: all there, in three languages; a fault names file and line."""

from pathlib import Path

import pytest

from procure.catalogue import procedures, questions, topics
from procure.catalogue.reading import CatalogueError
from procure.domain.support import TOPICS


def test_every_topic_is_there_with_first_questions() -> None:
    assert [topic.id for topic in topics.catalogue().all] == list(TOPICS)
    assert all(len(topic.questions) >= 2 for topic in topics.catalogue().all)


def test_a_section_or_a_stage_suggests_its_topic_and_an_unknown_one_none() -> None:
    assert topics.catalogue().suggested("market", "need") == "market_dialogue"
    assert topics.catalogue().suggested("nothing", "prior_art") == "prior_art_ipr"
    assert topics.catalogue().suggested("", "nothing") == ""


def test_the_sections_and_stages_of_topics_exist_and_belong_to_one_topic() -> None:
    sections = {section.id for section in questions.catalogue().latest.sections}
    stages = {stage.id for procedure in procedures.catalogue().choosable() for stage in procedure.stages}
    named = [section for topic in topics.catalogue().all for section in topic.sections]
    from_stages = [stage for topic in topics.catalogue().all for stage in topic.stages]
    assert sorted(named) == sorted(sections)
    assert set(from_stages) <= stages
    assert len(set(from_stages)) == len(from_stages)


def test_an_unknown_topic_is_not_there() -> None:
    with pytest.raises(KeyError):
        topics.catalogue().get("astrology")


def test_a_question_without_a_language_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "topics.toml"
    path.write_text(topics.FILE.read_text(encoding="utf-8").replace('sv = "När mäter ni?"\n', 'sv = ""\n'), encoding="utf-8")
    line = path.read_text(encoding="utf-8").splitlines().index('sv = ""') - 1  # the table's header
    with pytest.raises(CatalogueError, match=f"topics.toml:{line}: "):
        topics.load(path)


def test_a_missing_topic_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "topics.toml"
    head, _, _ = topics.FILE.read_text(encoding="utf-8").rpartition("[[topic]]")
    path.write_text(head, encoding="utf-8")
    with pytest.raises(CatalogueError, match="communications"):
        topics.load(path)
