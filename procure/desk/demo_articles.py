"""Publishes the articles of the demo's memory."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from procure.catalogue import demo_articles as catalogue
from procure.catalogue.demo_articles import DemoArticle
from procure.domain.permissions import Actor
from procure.infra.db import db
from procure.knowledge import service
from procure.knowledge.models import ArticleVersion

VALID: Final = timedelta(days=730)


def load(actor: Callable[[str], Actor], day: Callable[[int, date], date], at: Callable[[date], datetime], today: date) -> int:
    """Publish what is not there yet; how many those were. `actor`: address -> person; `day`: so many days before today; `at`: the
    moment of a day."""
    titles = set(db.session.scalars(select(ArticleVersion.title)))
    new = [article for article in catalogue.articles() if not titles & {texts["title"] for texts in article.texts.values()}]
    for article in new:
        _publish(article, actor, day(article.ago, today), at)
    return len(new)


def _publish(article: DemoArticle, actor: Callable[[str], Actor], on: date, at: Callable[[date], datetime]) -> None:
    source = service.Source(article.topic, article.section, article.stage, article.questions)
    service.load(
        source, article.texts, actor(article.owner), actor(article.reviewer), on + VALID, on, at(on), article.kept_because
    )
