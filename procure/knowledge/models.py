"""Tables of the network's memory. What was published, and what was done to an article, is only ever added."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procure.accounts.models import Person
from procure.infra.db import Base, Moment


class Article(Base):
    """One article. What is being written stands in ArticleText, what people read in ArticleVersion."""

    __tablename__ = "articles"
    __table_args__ = (
        Index("ix_articles_state", "state", "id"),
        Index("ix_articles_owner", "owner_id", "state", "ask_on", "id"),
        Index("ix_articles_ask", "ask_on", "id"),
        Index("ix_articles_topic", "topic", "helped", "id"),
        Index("ix_articles_section", "section", "helped", "id"),
        Index("ix_articles_stage", "stage", "helped", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_number: Mapped[int | None] = mapped_column(unique=True)
    """The request that it was made from; None for one that was written as such. Shown to the network only."""
    topic: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(60))
    """The part of the questionnaire and the stage of which it speaks; "" for none."""
    stage: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    names: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    """What is known to tell whose matter it was (domain.anonymising.Names), while it is being written; empty once published."""
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    live: Mapped[int]
    """Number of the version that people read; 0 while there is none."""
    valid_until: Mapped[date | None]
    ask_on: Mapped[date | None]
    """When the owner is asked next whether it still holds; None while nobody reads it."""
    said_on: Mapped[date | None]
    """When somebody last said that it holds."""
    thresholds: Mapped[str] = mapped_column(String(10))
    """Editions of the law's data that it rests on; "" where it does not."""
    deadlines: Mapped[str] = mapped_column(String(10))
    procedures: Mapped[str] = mapped_column(String(10))
    helped: Mapped[int]
    """How many people it has helped."""
    version_id: Mapped[int] = mapped_column()

    owner: Mapped[Person] = relationship()

    __mapper_args__ = {"version_id_col": version_id}


class ArticleQuestion(Base):
    """A question of the questionnaire at which an article is offered."""

    __tablename__ = "article_questions"
    __table_args__ = (Index("ix_article_questions_question", "question", "article_id"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(60), primary_key=True)


class ArticleText(Base):
    """What is being written in one language."""

    __tablename__ = "article_texts"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text)
    short_answer: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    citations: Mapped[str] = mapped_column(Text)


class ArticleKept(Base):
    """What looked as if it told whose matter it was and does not: the owner has said why. Gone again when the owner removes it."""

    __tablename__ = "article_kept"
    __table_args__ = (UniqueConstraint("article_id", "text", name="uq_article_kept_text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(300))
    """In small letters."""
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ArticleVersion(Base):
    """A published text in one language. Rows are never changed or removed."""

    __tablename__ = "article_versions"
    __table_args__ = (UniqueConstraint("article_id", "number", "language", name="uq_article_versions_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text)
    short_answer: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    citations: Mapped[str] = mapped_column(Text)
    heading: Mapped[str] = mapped_column(Text)
    """The roots of the words of title and question, each once, for the search; as the next one."""
    words: Mapped[str] = mapped_column(Text)
    """The roots of all words."""
    published_on: Mapped[date]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ArticleAct(Base):
    """Something done to an article, in order. Rows are never changed or removed, and hold nothing that was taken out of a text."""

    __tablename__ = "article_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    act: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by: Mapped[str] = mapped_column(String(200))
    """Name as it was then."""
    text: Mapped[str] = mapped_column(Text)
    """What was said: why it was given back or withdrawn."""
    detail: Mapped[dict[str, str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)


class ArticleHelped(Base):
    """That an article has helped a person. One row a person; rows are only added."""

    __tablename__ = "article_helped"
    __table_args__ = (UniqueConstraint("article_id", "person_id", name="uq_article_helped_person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    instead: Mapped[bool]
    """Whether the person then did not need to ask an expert."""
    at: Mapped[datetime] = mapped_column(Moment)
