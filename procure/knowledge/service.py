"""What can be done with an article of the network's memory. Each act stands in its own list, which only grows.

Articles to change are got from `queries.draft_for` (or `live_article`), which lock them: of two people the second gets the rules'
answer to the state that the first left behind.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete

from procure.accounts.models import Person
from procure.domain import articles as rules
from procure.domain.anonymising import KINDS, Names, cleaned, kept_form, proposals
from procure.domain.language import LANGUAGES
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.support import TOPICS
from procure.domain.words import plain, root, tails, terms
from procure.infra.db import add_new, db
from procure.knowledge import mail, queries
from procure.knowledge.models import (
    Article,
    ArticleAct,
    ArticleHelped,
    ArticleKept,
    ArticleQuestion,
    ArticleText,
    ArticleVersion,
)
from procure.knowledge.queries import Draft

NOBODY: Final = Names()


@dataclass(frozen=True, slots=True)
class Source:
    """What an article begins from. `texts`: field of domain.articles.FIELDS -> text; `names`: what is known of whose matter it was."""

    topic: str
    section: str = ""
    stage: str = ""
    questions: tuple[str, ...] = ()
    language: str = "fi"
    texts: Mapping[str, str] | None = None
    names: Names = NOBODY
    request_number: int | None = None


def draft(source: Source, by: Actor, now: datetime) -> Article:
    """A new article in the hands of who makes it. A request makes one article; asked for again by its owner, it is that one.

    Raises Refusal when somebody else has made one of the request, or for an unknown topic.
    """
    if source.request_number is not None:
        made = queries.article_of_request(source.request_number)
        if made is not None and made.owner_id == by.id:
            return made
        if made is not None:
            raise Refusal(Reason("article_made"))
    _check_topic(source.topic)
    article = Article(
        request_number=source.request_number, topic=source.topic, section=source.section, stage=source.stage, state="draft",
        names={kind: list(names) for kind, names in asdict(source.names).items()}, owner_id=by.id, live=0, helped=0,
        thresholds="", deadlines="", procedures="",
    )  # fmt: skip
    db.session.add(article)
    db.session.flush()
    _offer_at(article, source.questions)
    if source.texts:
        _put(article, source.language, source.texts)
    _record(article, "draft", by, now)
    return article


def _check_topic(topic: str) -> None:
    if topic not in TOPICS:
        raise Refusal(Reason("support_topic_missing", target="topic"))


def _offer_at(article: Article, questions: Iterable[str]) -> None:
    db.session.execute(delete(ArticleQuestion).where(ArticleQuestion.article_id == article.id))
    db.session.add_all(ArticleQuestion(article_id=article.id, question=question) for question in sorted(set(questions)))
    db.session.flush()


def place(work: Draft, topic: str, section: str, stage: str, questions: Sequence[str]) -> None:
    """Of what the article speaks, and where it is offered. Raises Refusal."""
    _check_owner_writes(work)
    _check_topic(topic)
    work.article.topic, work.article.section, work.article.stage = topic, section, stage
    _offer_at(work.article, questions)


def write(work: Draft, language: str, texts: Mapping[str, str]) -> None:
    """What the owner writes in one language; all fields empty removes it. Raises Refusal."""
    _check_owner_writes(work)
    _put(work.article, language, texts)


def _check_owner_writes(work: Draft) -> None:
    if work.party != "owner":
        raise Refusal(Reason("article_not_yours"))
    if work.article.state != "draft":
        raise Refusal(Reason("article_moved_on"))


def _put(article: Article, language: str, texts: Mapping[str, str]) -> None:
    if language not in LANGUAGES:
        raise KeyError(language)
    known = db.session.get(ArticleText, (article.id, language))
    values = {field: plain_lines(texts.get(field, "")) for field in rules.FIELDS}
    if not any(values.values()):
        if known is not None:
            db.session.delete(known)
    elif known is None:
        db.session.add(ArticleText(article_id=article.id, language=language, **values))
    else:
        for field, text in values.items():
            setattr(known, field, text)
    db.session.flush()


def plain_lines(text: str) -> str:
    """The text with one form of line ends, nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


# taking out what tells whose matter it was


def decide(work: Draft, remove: Collection[str], keep: Mapping[str, str], by: Actor, now: datetime) -> None:
    """`remove`: keys of proposals whose words leave the texts for good; `keep`: key -> why it tells nothing. What is neither stays to
    be decided. Raises Refusal naming each that is kept without a reason (target `why-<key>`)."""
    _check_owner_writes(work)
    open_now = {proposal.key: proposal for proposal in work.pending}
    silent = [
        Reason("article_keep_reason", target=f"why-{key}") for key, why in keep.items() if key in open_now and not why.strip()
    ]
    if silent:
        raise Refusal(*silent)
    for key, why in keep.items():
        if key in open_now:
            proposal = open_now[key]
            row = {"article_id": work.article.id, "kind": proposal.kind, "text": kept_form(proposal.text), "reason": why.strip(),
                   "by_id": by.id, "at": now}  # fmt: skip
            add_new(ArticleKept, [row], "article_id", "text")
    gone = [open_now[key] for key in remove if key in open_now]
    if gone:
        _replace(work.article, cleaned(work.texts, queries.names_of(work.article), {proposal.key for proposal in gone}))
        _record(work.article, "removed", by, now, **{kind: str(n) for kind in KINDS if (n := sum(p.kind == kind for p in gone))})


def remove_words(work: Draft, words: str, by: Actor, now: datetime) -> int:
    """Words that the owner has found leave every text, and whoever writes them again is asked. How many stood there. Raises Refusal."""
    _check_owner_writes(work)
    words = " ".join(words.split())
    if len(words) < 2:
        raise Refusal(Reason("article_words_missing", target="words"))
    names = Names(words=(words,))
    found = [proposal for proposal in proposals(work.texts, names, ()) if proposal.kind == "words"]
    count = sum(len(proposal.places) for proposal in found)
    if not count:
        raise Refusal(Reason("article_words_absent", target="words"))
    work.article.names = work.article.names | {"words": [*work.article.names.get("words", []), words]}
    db.session.execute(delete(ArticleKept).where(ArticleKept.article_id == work.article.id, ArticleKept.text == kept_form(words)))
    _replace(work.article, cleaned(work.texts, names, {proposal.key for proposal in found}))
    _record(work.article, "removed", by, now, words=str(count))
    return count


def _replace(article: Article, texts: Mapping[str, Mapping[str, str]]) -> None:
    for language, fields in texts.items():
        _put(article, language, fields)


# from hand to hand


def send(work: Draft, by: Actor, now: datetime) -> None:
    """The owner asks another person of the network to look it over. Raises Refusal while anything is undecided or incomplete."""
    target = rules.move("send", work.party, work.article.state)
    rules.check_clean(len(work.pending))
    rules.check_texts(work.texts)
    work.article.state = target
    act = _record(work.article, "send", by, now)
    mail.to_review(work.article, act, queries.network_people(by.id), now)


def take_back(work: Draft, by: Actor, now: datetime) -> None:
    """The owner goes on writing. Raises Refusal."""
    work.article.state = rules.move("take_back", work.party, work.article.state)
    _record(work.article, "take_back", by, now)


def give_back(work: Draft, words: str, by: Actor, now: datetime) -> None:
    """Who looked it over says what is to be mended. Raises Refusal."""
    target = rules.move("give_back", work.party, work.article.state)
    _check_words(words)
    work.article.state = target
    act = _record(work.article, "give_back", by, now, words.strip())
    mail.given_back(work.article, act, now)


def _check_words(words: str) -> None:
    if not words.strip():
        raise Refusal(Reason("article_reason_missing", target="text"))


def publish(work: Draft, valid_until: date | None, by: Actor, today: date, now: datetime) -> None:
    """Everybody of the cities and the network reads it from now on. Nothing stays of whose matter it was. Raises Refusal."""
    article = work.article
    target = rules.move("publish", work.party, article.state)
    rules.check_clean(len(work.pending))
    rules.check_texts(work.texts)
    rules.check_validity(valid_until, today)
    article.live += 1
    for language, texts in work.texts.items():
        heading = f"{texts['title']} {texts['question']}"
        db.session.add(
            ArticleVersion(
                article_id=article.id, number=article.live, language=language, heading=_roots(heading, tails(texts["title"])),
                words=_roots(" ".join(texts.values()), tails(texts["title"])), published_on=today, published_by_id=by.id, at=now,
                **texts,
            )
        )  # fmt: skip
    article.state, article.names = target, {}
    _say_holds(article, valid_until, today)
    act = _record(article, "publish", by, now, version=str(article.live))
    mail.published(article, act, now)


def _roots(*texts: str) -> str:
    """The roots of all words, each once and apart by single spaces, with one before and after: what `queries.search` looks in."""
    words = [word for text in texts for word in plain(text).lower().split()]
    found = {root(word) for piece in words for term in terms(piece) for word in term.words}
    return f" {' '.join(sorted(found))} "


def _say_holds(article: Article, valid_until: date | None, today: date) -> None:
    assert valid_until is not None  # check_validity has been asked
    article.valid_until, article.said_on, article.ask_on = valid_until, today, rules.ask_on(today, valid_until)
    for base, edition in rules.basis_of(article.topic, queries.editions(today)).items():
        setattr(article, base, edition)


def confirm(work: Draft, valid_until: date | None, by: Actor, today: date, now: datetime) -> None:
    """The owner says that it still holds, also by the law's data of today. Raises Refusal."""
    work.article.state = rules.move("confirm", work.party, work.article.state)
    rules.check_validity(valid_until, today)
    _say_holds(work.article, valid_until, today)
    _record(work.article, "confirm", by, now, **{base: getattr(work.article, base) for base in rules.BASES})


def change(work: Draft, by: Actor, now: datetime) -> None:
    """The owner writes it anew; people read what was published until the new text is. Raises Refusal."""
    work.article.state = rules.move("change", work.party, work.article.state)
    _record(work.article, "change", by, now)


def withdraw(work: Draft, words: str, by: Actor, now: datetime) -> None:
    """Nobody reads it any more; the record stays. What was being written goes, with all that was known of whose matter it was.
    Raises Refusal."""
    target = rules.move("withdraw", work.party, work.article.state)
    _check_words(words)
    article = work.article
    article.state, article.names, article.ask_on = target, {}, None
    for table in (ArticleText, ArticleKept):
        db.session.execute(delete(table).where(table.article_id == article.id))
    _record(article, "withdraw", by, now, words.strip())


def take_over(work: Draft, by: Actor, now: datetime) -> None:
    """A coordinator sees to it from now on. Raises Refusal."""
    work.article.state = rules.move("take_over", work.party, work.article.state)
    work.article.owner = db.session.get_one(Person, by.id)
    _record(work.article, "take_over", by, now)


def helped(article: Article, instead: bool, by: Actor, now: datetime) -> bool:
    """The article has helped this person, who perhaps need not ask an expert any more. Whether that is new: each person counts once."""
    row = {"article_id": article.id, "person_id": by.id, "instead": instead, "at": now}
    if not add_new(ArticleHelped, [row], "article_id", "person_id"):
        return False
    article.helped += 1
    db.session.flush()
    return True


def _record(article: Article, act: str, by: Actor, now: datetime, text: str = "", **detail: str) -> ArticleAct:
    made = ArticleAct(article_id=article.id, act=act, by_id=by.id, by=by.name, text=text, detail=detail, at=now)
    db.session.add(made)
    db.session.flush()
    return made


def load(
    source: Source, texts: Mapping[str, Mapping[str, str]], owner: Actor, reviewer: Actor, valid_until: date, today: date,
    now: datetime, kept_because: str = "",
) -> Article:  # fmt: skip
    """An article that is published as it is: written by `owner`, looked over by `reviewer`. What would have to be decided in it is
    kept for the reason given: for texts that ship with the program. Raises Refusal."""
    article = draft(source, owner, now)
    for language, fields in texts.items():
        _put(article, language, fields)
    work = _work(article, owner)
    decide(work, (), {proposal.key: kept_because for proposal in work.pending}, owner, now)
    send(_work(article, owner), owner, now)
    publish(_work(article, reviewer), valid_until, reviewer, today, now)
    return article


def _work(article: Article, by: Actor) -> Draft:
    work = queries.draft_for(by, article.id)
    assert work is not None
    return work
