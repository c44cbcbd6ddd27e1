"""Reads the articles of the demo's memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import Table, read
from procure.domain.articles import FIELDS
from procure.domain.language import LANGUAGES
from procure.domain.support import TOPICS

FILE: Final = Path(__file__).parent / "demo" / "articles.toml"


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article published `ago` days before the demo is loaded. `texts`: language -> field -> text; people by their addresses."""

    topic: str
    section: str
    stage: str
    questions: tuple[str, ...]
    ago: int
    owner: str
    reviewer: str
    kept_because: str
    """Why what looks as if it told whose matter it was can stay."""
    texts: Mapping[str, Mapping[str, str]]


@cache
def articles() -> tuple[DemoArticle, ...]:
    """The articles. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(FILE)
    found = tuple(_article(row) for row in table.tables("article"))
    table.finish()
    return found


def _article(row: Table) -> DemoArticle:
    fields = {field: row.trilingual(field) for field in FIELDS}
    article = DemoArticle(
        topic=row.one_of("topic", TOPICS),
        section=row.text("section", ""),
        stage=row.text("stage", ""),
        questions=row.strings("questions"),
        ago=row.whole("ago"),
        owner=row.text("owner"),
        reviewer=row.text("reviewer"),
        kept_because=row.text("kept_because", ""),
        texts={language: {field: text[language].strip() for field, text in fields.items()} for language in LANGUAGES},
    )
    row.finish()
    return article
