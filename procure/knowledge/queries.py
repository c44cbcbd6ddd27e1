"""Reading the network's memory: what is offered at a place, what a search finds, one article, and what waits for the network's people.

What is published is for every signed-in person of the cities and the network; what is being written only for whom
`domain.articles.sees_draft` lets.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import joinedload

from procure.accounts.models import Person
from procure.catalogue import law_editions, organisations
from procure.domain import articles as rules
from procure.domain.anonymising import Names, Proposal, proposals
from procure.domain.language import LANGUAGES
from procure.domain.permissions import NETWORK_ROLES, Actor
from procure.domain.words import SHORTEST_BEGINNING, root, terms
from procure.infra.db import db, will_write
from procure.knowledge.models import (
    Article,
    ArticleAct,
    ArticleHelped,
    ArticleKept,
    ArticleQuestion,
    ArticleText,
    ArticleVersion,
)

PAGE_SIZE: Final = 20
OFFERED: Final = 3
"""At one place."""
MOST_WORK: Final = 50
LARGEST_ID: Final = 2**31 - 1


def editions(on: date) -> dict[str, str]:
    """The editions of the law's data that are in force (domain.articles.BASES)."""
    return law_editions.in_force(on)


def _live() -> ColumnElement[bool]:
    return and_(Article.live > 0, Article.state != "withdrawn")


def _holds(on: date) -> ColumnElement[bool]:
    """Published, valid, and resting on no edition that a newer one has replaced."""
    bases = [or_(getattr(Article, base) == "", getattr(Article, base) >= edition) for base, edition in editions(on).items()]
    return and_(_live(), Article.valid_until >= on, *bases)


# offering


@dataclass(frozen=True, slots=True)
class Offer:
    """An article that fits a place. `questions`: those of the place at which it is offered; `fit`: domain.articles.BY_…."""

    number: int
    title: str
    short_answer: str
    language: str
    """Of the text: the reader's, when the article exists in it."""
    questions: tuple[str, ...]
    fit: int
    helped: int


def offered(
    language: str, on: date, *, topic: str = "", section: str = "", questions: Sequence[str] = (), stage: str = "",
    most: int = OFFERED,
) -> list[Offer]:  # fmt: skip
    """At most so many articles that fit the place, the best fit first, then those that have helped most. One query; nothing that is
    being checked, out of date or withdrawn."""
    asked = select(ArticleQuestion.article_id).where(ArticleQuestion.question.in_(questions))
    conditions = [
        (Article.id.in_(asked), rules.BY_QUESTION, bool(questions)), (Article.section == section, rules.BY_SECTION, bool(section)),
        (Article.stage == stage, rules.BY_STAGE, bool(stage)), (Article.topic == topic, rules.BY_TOPIC, bool(topic)),
    ]  # fmt: skip
    known = [(condition, literal(weight)) for condition, weight, given in conditions if given]
    if not known:
        return []
    best = (
        select(Article.id, Article.helped, case(*known, else_=literal(0)).label("fit"))
        .where(_holds(on), or_(*(condition for condition, _weight in known)))
        .order_by(case(*known, else_=literal(0)).desc(), Article.helped.desc(), Article.id)
        .limit(most)
        .subquery()
    )
    statement = (
        select(best.c.id, best.c.helped, best.c.fit, ArticleVersion.language, ArticleVersion.title, ArticleVersion.short_answer,
               ArticleQuestion.question)
        .join(Article, Article.id == best.c.id)
        .join(ArticleVersion, and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == Article.live))
        .outerjoin(ArticleQuestion, and_(ArticleQuestion.article_id == Article.id, ArticleQuestion.question.in_(questions)))
        .order_by(best.c.fit.desc(), best.c.helped.desc(), best.c.id, ArticleQuestion.question)
    )  # fmt: skip
    by_article: dict[int, list[Any]] = {}
    for row in db.session.execute(statement):
        by_article.setdefault(row.id, []).append(row)
    return [_offer(rows, language) for rows in by_article.values()]


def _offer(rows: Sequence[Any], language: str) -> Offer:
    row = min(rows, key=lambda one: _order(one.language, language))
    found = tuple(dict.fromkeys(one.question for one in rows if one.question))
    return Offer(row.id, row.title, row.short_answer, row.language, found, row.fit, row.helped)


def _order(language: str, wanted: str) -> int:
    """The reader's language first, then the others in their order."""
    return -1 if language == wanted else LANGUAGES.index(language)


# searching


@dataclass(frozen=True, slots=True)
class Found:
    """An article in a list. `standing` as domain.articles.standing."""

    number: int
    title: str
    short_answer: str
    language: str
    topic: str
    published_on: date
    standing: str
    helped: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person looks for. `language`: articles that exist in it; "" for any."""

    text: str = ""
    topic: str = ""
    language: str = ""


def search(wanted: Wanted, language: str, on: date, skip: int = 0) -> tuple[list[Found], bool]:
    """At most twenty articles and whether more follow: those whose heading has every word first, then those that have helped most.
    Two queries, however many are found."""
    heading = _holds_words(ArticleVersion.heading, wanted.text)
    rank = func.min(case((heading, 0), else_=1))
    statement = (
        select(Article.id)
        .join(ArticleVersion, and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == Article.live))
        .where(_live(), _holds_words(ArticleVersion.words, wanted.text))
        .where(*([Article.topic == wanted.topic] if wanted.topic else []))
        .where(*([ArticleVersion.language == wanted.language] if wanted.language else []))
        .group_by(Article.id, Article.helped)
        .order_by(rank, Article.helped.desc(), Article.id.desc())
        .offset(skip)
        .limit(PAGE_SIZE + 1)
    )
    numbers = list(db.session.scalars(statement))
    return _found(numbers[:PAGE_SIZE], wanted.language or language, on), len(numbers) > PAGE_SIZE


def _holds_words(column: Any, text: str) -> ColumnElement[bool]:
    """Every word of the text, by the beginning of its root; a short word only whole. Both sides are letters and digits alone."""
    conditions = []
    for word in dict.fromkeys(word for term in terms(text) for word in term.words):
        conditions.append(column.like(f"% {root(word)}%" if len(word) >= SHORTEST_BEGINNING else f"% {word} %"))
    return and_(literal(True), *conditions)


def _found(numbers: Sequence[int], language: str, on: date) -> list[Found]:
    statement = (
        select(Article, ArticleVersion)
        .join(ArticleVersion, and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == Article.live))
        .where(Article.id.in_(numbers))
    )
    best: dict[int, tuple[Article, ArticleVersion]] = {}
    for article, version in db.session.execute(statement):
        known = best.get(article.id)
        if known is None or _order(version.language, language) < _order(known[1].language, language):
            best[article.id] = (article, version)
    return [
        Found(number, version.title, version.short_answer, version.language, article.topic, version.published_on,
              standing_of(article, on), article.helped)
        for number, (article, version) in ((number, best[number]) for number in numbers)
    ]  # fmt: skip


def newer_of(article: Article, on: date) -> tuple[str, ...]:
    """What the article rests on of which a newer edition is in force."""
    return rules.newer({base: getattr(article, base) for base in rules.BASES}, editions(on))


def standing_of(article: Article, on: date) -> str:
    return rules.standing(article.live > 0, article.state, article.valid_until, newer_of(article, on), on)


# one article


@dataclass(frozen=True, slots=True)
class Published:
    """An article as people read it."""

    article: Article
    version: ArticleVersion
    languages: tuple[str, ...]
    standing: str
    helped_me: bool


def published(by: Actor, number: int, language: str, on: date) -> Published | None:
    """The article in the language, else in the first that it exists in; None when nobody reads it."""
    if number > LARGEST_ID:
        return None
    statement = (
        select(Article, ArticleVersion)
        .join(ArticleVersion, and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == Article.live))
        .where(Article.id == number, _live())
    )
    rows = sorted(db.session.execute(statement).all(), key=lambda row: _order(row[1].language, language))
    if not rows:
        return None
    article, version = rows[0]
    languages = tuple(code for code in LANGUAGES if any(row[1].language == code for row in rows))
    return Published(article, version, languages, standing_of(article, on), has_helped(article.id, by.id))


def has_helped(number: int, person_id: int) -> bool:
    return (
        db.session.scalar(
            select(ArticleHelped.id).where(ArticleHelped.article_id == number, ArticleHelped.person_id == person_id)
        )
        is not None
    )


def live_article(number: int) -> Article | None:
    """A published article, locked when the running request writes."""
    return _one(select(Article).where(Article.id == number, _live()), number)


def _one(statement: Select[Article], number: int) -> Article | None:
    if number > LARGEST_ID:
        return None
    if will_write():
        statement = statement.with_for_update(of=Article).execution_options(populate_existing=True)
    return db.session.scalar(statement)


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as the network's people work on it."""

    article: Article
    party: str
    texts: dict[str, dict[str, str]]
    """Language -> field -> text, of the languages in which something has been written."""
    questions: tuple[str, ...]
    pending: tuple[Proposal, ...]
    """What is to be decided before it can leave its owner."""
    kept: tuple[ArticleKept, ...]
    acts: tuple[ArticleAct, ...]


def draft_for(by: Actor, number: int) -> Draft | None:
    """The article for somebody who may work on it or look it over, locked when the running request writes. Else None."""
    article = _one(select(Article).where(Article.id == number).options(joinedload(Article.owner)), number)
    if article is None:
        return None
    party = rules.party(by.role, article.owner_id == by.id)
    open_to_network = party is not None and article.live > 0 and article.state != "draft"
    if party is None or not (rules.sees_draft(party, article.state) or open_to_network):
        return None
    texts, kept = texts_of(article), kept_of(article)
    asked = db.session.scalars(select(ArticleQuestion.question).where(ArticleQuestion.article_id == article.id))
    acts = db.session.scalars(select(ArticleAct).where(ArticleAct.article_id == article.id).order_by(ArticleAct.id))
    pending = proposals(texts, names_of(article), {one.text for one in kept})
    return Draft(article, party, texts, tuple(sorted(asked)), pending, tuple(kept), tuple(acts))


def texts_of(article: Article) -> dict[str, dict[str, str]]:
    rows = {row.language: row for row in text_rows(article)}
    return {
        language: {field: getattr(rows[language], field) for field in rules.FIELDS} for language in LANGUAGES if language in rows
    }


def text_rows(article: Article) -> list[ArticleText]:
    return list(db.session.scalars(select(ArticleText).where(ArticleText.article_id == article.id)))


def kept_of(article: Article) -> list[ArticleKept]:
    return list(db.session.scalars(select(ArticleKept).where(ArticleKept.article_id == article.id).order_by(ArticleKept.id)))


def names_of(article: Article) -> Names:
    """What is known of whose matter it was, with every city of the network in all languages."""
    known = {name: tuple(texts) for name, texts in article.names.items()}
    return Names(**known | {"places": (*known.get("places", ()), *city_names())})


def city_names() -> tuple[str, ...]:
    names = (city.name for city in organisations.catalogue().municipalities)
    return tuple(dict.fromkeys(text for name in names for text in (name.fi, name.sv, name.en)))


def article_of_request(request_number: int) -> Article | None:
    return db.session.scalar(select(Article).where(Article.request_number == request_number))


# the network's work


@dataclass(frozen=True, slots=True)
class WorkRow:
    """An article that waits for somebody."""

    number: int
    title: str
    language: str
    topic: str
    state: str
    live: bool
    ask_on: date | None
    outdated: bool


@dataclass(frozen=True, slots=True)
class Work:
    """What an expert or coordinator has to do with articles: what they write, what they can look over, what is to be checked."""

    writing: tuple[WorkRow, ...]
    to_review: tuple[WorkRow, ...]
    to_check: tuple[WorkRow, ...]


def work_of(by: Actor, on: date, language: str) -> Work:
    """At most fifty of each, in two queries; a coordinator also sees to articles whose owner has left."""
    if by.role not in NETWORK_ROLES:
        return Work((), (), ())
    mine = Article.owner_id == by.id
    due = and_(Article.state == "published", _live(), or_(Article.ask_on <= on, ~_holds(on)))
    cares = or_(mine, ~Person.active) if by.role == "coordinator" else mine
    statement = (
        select(Article)
        .join(Person, Person.id == Article.owner_id)
        .where(or_(and_(mine, Article.state.in_(("draft", "review"))), Article.state == "review", and_(cares, due)))
        .order_by(Article.id)
        .limit(3 * MOST_WORK)
    )
    articles = list(db.session.scalars(statement))
    titles = _titles([article.id for article in articles], language)
    rows = [(article, _work_row(article, titles, on)) for article in articles]
    return Work(
        tuple(row for article, row in rows if article.owner_id == by.id and article.state in ("draft", "review"))[:MOST_WORK],
        tuple(row for article, row in rows if article.owner_id != by.id and article.state == "review")[:MOST_WORK],
        tuple(row for article, row in rows if article.state == "published")[:MOST_WORK],
    )


def _work_row(article: Article, titles: dict[int, tuple[str, str]], on: date) -> WorkRow:
    title, language = titles.get(article.id, ("", "en"))
    return WorkRow(
        article.id, title, language, article.topic, article.state, article.live > 0, article.ask_on, bool(newer_of(article, on))
    )


def _titles(numbers: Iterable[int], language: str) -> dict[int, tuple[str, str]]:
    """Article -> (title, its language)."""
    statement = select(ArticleText.article_id, ArticleText.language, ArticleText.title).where(ArticleText.article_id.in_(numbers))
    found: dict[int, tuple[str, str]] = {}
    for number, code, title in sorted(db.session.execute(statement), key=lambda row: _order(row[1], language), reverse=True):
        if title:
            found[number] = (title, code)
    return found


def network_people(besides: int) -> list[Person]:
    """The active experts and coordinators but one."""
    statement = select(Person).where(Person.role.in_(NETWORK_ROLES), Person.active, Person.id != besides).order_by(Person.id)
    return list(db.session.scalars(statement))


MARKS: Final = (
    select(func.max(ArticleAct.id)).scalar_subquery(),
    select(func.max(ArticleHelped.id)).scalar_subquery(),
)
"""For pages that are kept once made: these change with everything that changes what is offered, but the day."""
