"""Reads the topics of expert support and the questions that an expert asks first."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.support import TOPICS, Topic

FILE: Final = Path(__file__).with_name("topics.toml")


@dataclass(frozen=True, slots=True)
class Topics:
    """Every topic, in the order of the file."""

    all: tuple[Topic, ...]

    def get(self, topic: str) -> Topic:
        """The topic with that id; KeyError when there is none."""
        for found in self.all:
            if found.id == topic:
                return found
        raise KeyError(topic)

    def suggested(self, section: str, stage: str) -> str:
        """The topic usually asked about from that section of the questionnaire, else from that stage; "" when there is none."""
        by_section = (topic.id for topic in self.all if section in topic.sections)
        by_stage = (topic.id for topic in self.all if stage in topic.stages)
        return next(by_section, "") or next(by_stage, "")


@cache
def catalogue() -> Topics:
    """The topics that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(path: Path = FILE) -> Topics:
    """Every topic in the file. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(path)
    found = tuple(_topic(entry) for entry in table.tables("topic"))
    table.finish()
    ids = [topic.id for topic in found]
    if lacking := [topic for topic in TOPICS if ids.count(topic) != 1]:
        raise CatalogueError(f"{path}:1: each topic must be there once: {', '.join(lacking)}")
    return Topics(found)


def _topic(table: Table) -> Topic:
    topic = Topic(
        id=table.one_of("id", TOPICS),
        name=table.trilingual("name"),
        covers=table.trilingual("covers"),
        questions=tuple(entry.sentence() for entry in table.tables("question")),
        sections=table.strings("sections"),
        stages=table.strings("stages"),
    )
    if not topic.questions:
        raise table.fault("a topic needs a question")
    table.finish()
    return topic
