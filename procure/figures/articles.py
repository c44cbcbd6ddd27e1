"""Which articles helped: told to the figures from the rows of `knowledge`."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from sqlalchemy import func, select

from procure.accounts.models import Person
from procure.domain.figures import Deed
from procure.domain.language import LANGUAGES, Trilingual
from procure.figures.queries import day_of, moment_of
from procure.figures.service import Source
from procure.infra.db import db
from procure.knowledge.models import Article, ArticleHelped, ArticleVersion


def deeds(first: date, after: date) -> Iterator[Deed]:
    """Each time that an article helped somebody, in the city (or network) of that person."""
    statement = (
        select(ArticleHelped.at, Article.topic, Person.organisation_id, ArticleHelped.article_id)
        .join(Article, Article.id == ArticleHelped.article_id)
        .join(Person, Person.id == ArticleHelped.person_id)
        .where(ArticleHelped.at >= moment_of(first), ArticleHelped.at < moment_of(after))
        .order_by(ArticleHelped.id)
    )
    for at, topic, city, article in db.session.execute(statement):
        yield Deed(day_of(at), topic, city, "article", str(article))


def last() -> int:
    """The newest row; 0 before the first."""
    return db.session.scalar(select(func.max(ArticleHelped.id))) or 0


def touched(row: int) -> list[date]:
    """The days of what has been said since that row."""
    return [day_of(at) for at in db.session.scalars(select(ArticleHelped.at).where(ArticleHelped.id > row))]


def names(ids: Iterable[int]) -> dict[int, Trilingual]:
    """Titles by article, the newest of each language; in another language where there is none."""
    statement = (
        select(ArticleVersion.article_id, ArticleVersion.language, ArticleVersion.title)
        .where(ArticleVersion.article_id.in_(list(ids)))
        .order_by(ArticleVersion.number)
    )
    found: dict[int, dict[str, str]] = {}
    for article, language, title in db.session.execute(statement):
        found.setdefault(article, {})[language] = title
    return {
        article: Trilingual(*(titles.get(language) or next(iter(titles.values())) for language in LANGUAGES))
        for article, titles in found.items()
    }


SOURCE: Final = Source(deeds, last, touched, names)
