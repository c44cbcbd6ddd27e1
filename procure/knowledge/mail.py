"""Letters about articles: its number, what happened and a link. Nothing of what is being written stands in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from procure.accounts.models import Person
from procure.catalogue import topics
from procure.knowledge.models import Article, ArticleAct
from procure.notifications.mail import News
from procure.notifications.service import tell_all


def to_review(article: Article, act: ArticleAct, people: Sequence[Person], now: datetime) -> None:
    """To the others of the network: an article can be looked over."""
    _put(f"review:{act.id}", "article_review", article, people, now)


def given_back(article: Article, act: ArticleAct, now: datetime) -> None:
    """To the owner: something is to be mended."""
    _put(f"back:{act.id}", "article_back", article, [article.owner], now)


def published(article: Article, act: ArticleAct, now: datetime) -> None:
    """To the owner: everybody reads it now."""
    _put(f"published:{act.id}", "article_published", article, [article.owner], now, f"/knowledge/{article.id}")


def _put(act: str, template: str, article: Article, people: Sequence[Person], now: datetime, path: str = "") -> None:
    told: dict[str, Any] = {"number": article.id, "topic": topics.catalogue().get(article.topic).name}
    path = path or f"/knowledge/{article.id}/draft"
    tell_all([News("knowledge", person, f"article:{article.id}:{act}", template, path, told) for person in people], now)
