"""What is done to articles: nothing leaves its author that tells whose matter it was, and nobody publishes their own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.knowledge import queries, service
from procure.knowledge.models import Article, ArticleAct, ArticleKept, ArticleText, ArticleVersion
from procure.knowledge.queries import Wanted
from procure.notifications.models import Notice
from tests.factories import actor_of
from tests.knowledge.builders import NAMES, TELLING, TEXT, begun, published, sent, work

People = dict[str, Person]


def codes(refusal: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def everything() -> str:
    """Every text in every table of articles."""
    tables = ("articles", "article_texts", "article_kept", "article_versions", "article_acts")
    return " ".join(str(row) for table in tables for row in db.session.execute(text(f"SELECT * FROM {table}")))


def test_a_request_makes_one_article(people: People) -> None:
    first = begun(people["expert"], request_number=7)

    assert begun(people["expert"], request_number=7).id == first.id
    with pytest.raises(Refusal) as refusal:
        begun(people["coordinator"], request_number=7)
    assert codes(refusal) == ["article_made"]


def test_nothing_undecided_leaves_its_author(people: People) -> None:
    article = begun(people["expert"], TELLING, names=NAMES)
    assert [proposal.kind for proposal in work(article, people["expert"]).pending] == [
        "place", "person", "title", "reference", "amount", "amount",
    ]  # fmt: skip
    with pytest.raises(Refusal) as refusal:
        service.send(work(article, people["expert"]), actor_of(people["expert"]), clock.now())
    assert codes(refusal) == ["article_not_clean"]


def test_what_is_removed_is_kept_nowhere_once_published_and_what_stays_has_its_reason(people: People) -> None:
    owner, reviewer = people["expert"], people["expert2"]
    article = begun(owner, TELLING, names=NAMES)
    mine = work(article, owner)
    keep = {proposal.key: "It is in the law" for proposal in mine.pending if "60,000" in proposal.text}
    service.decide(
        mine, [proposal.key for proposal in mine.pending if proposal.key not in keep], keep, actor_of(owner), clock.now()
    )
    service.send(work(article, owner), actor_of(owner), clock.now())
    service.publish(work(article, reviewer), clock.today() + timedelta(days=90), actor_of(reviewer), clock.today(), clock.now())
    db.session.commit()

    version = db.session.scalars(select(ArticleVersion)).one()
    assert version.question == "a city and [name] ask about [procurement] ([case number])."
    assert version.answer == "The value is [amount]. The threshold is EUR 60,000."
    assert [row.reason for row in db.session.scalars(select(ArticleKept))] == ["It is in the law"]
    assert not [word for word in ("Tampere", "Aino", "Esimerkki", "Sensors", "TRE-2026", "480,000") if word in everything()]


def test_keeping_needs_a_reason(people: People) -> None:
    mine = work(begun(people["expert"], TELLING, names=NAMES), people["expert"])
    with pytest.raises(Refusal) as refusal:
        service.decide(mine, [], {mine.pending[0].key: "  "}, actor_of(people["expert"]), clock.now())

    assert [(reason.code, reason.target) for reason in refusal.value.reasons] == [
        ("article_keep_reason", f"why-{mine.pending[0].key}")
    ]
    assert len(work(mine.article, people["expert"]).pending) == 6


def test_a_name_written_again_later_is_found_again(people: People) -> None:
    owner = people["expert"]
    article = begun(owner, names=NAMES)
    assert not work(article, owner).pending
    service.write(work(article, owner), "fi", TEXT | {"answer": "Esimerkin mukaan Oulussa."})

    assert [(one.language, one.text) for one in work(article, owner).pending] == [("fi", "Esimerkin"), ("fi", "Oulussa")]


def test_words_chosen_by_hand_leave_every_language_and_are_found_again(people: People) -> None:
    owner = people["expert"]
    article = begun(owner, TEXT | {"answer": "The only harbour with a lift bridge."})
    service.write(work(article, owner), "fi", TEXT | {"answer": "The only  harbour, en suomeksi."})
    count = service.remove_words(work(article, owner), "the only harbour", actor_of(owner), clock.now())
    service.write(work(article, owner), "sv", TEXT | {"answer": "The only harbour."})

    texts = work(article, owner).texts
    assert count == 2
    assert (texts["en"]["answer"], texts["fi"]["answer"]) == ("[removed] with a lift bridge.", "[poistettu], en suomeksi.")
    assert [one.text for one in work(article, owner).pending] == ["The only harbour"]
    with pytest.raises(Refusal) as refusal:
        service.remove_words(work(article, owner), "nowhere to be seen", actor_of(owner), clock.now())
    assert codes(refusal) == ["article_words_absent"]


@pytest.mark.parametrize("act", ["send", "take_back", "change"])
def test_another_person_does_not_do_what_is_the_owner_s(people: People, act: str) -> None:
    article = sent(people["expert"])
    with pytest.raises(Refusal):
        getattr(service, act)(work(article, people["expert2"]), actor_of(people["expert2"]), clock.now())


def test_the_owner_does_not_publish(people: People) -> None:
    article = sent(people["coordinator"])
    by, until = actor_of(people["coordinator"]), clock.today() + timedelta(days=9)
    with pytest.raises(Refusal) as refusal:
        service.publish(work(article, people["coordinator"]), until, by, clock.today(), clock.now())
    assert codes(refusal) == ["article_own"]


def test_a_draft_is_seen_by_its_owner_only_and_by_no_city_ever(people: People) -> None:
    article = begun(people["expert"])
    for name in ("expert2", "coordinator", "officer", "manager", "admin", "system_admin"):
        assert queries.draft_for(actor_of(people[name]), article.id) is None
        assert queries.published(actor_of(people[name]), article.id, "en", clock.today()) is None


def test_the_others_are_told_and_the_owner_of_what_becomes_of_it(people: People) -> None:
    article = sent(people["expert"])
    service.give_back(work(article, people["expert2"]), "Say which section.", actor_of(people["expert2"]), clock.now())
    db.session.commit()

    told = {(notice.template, notice.person_id) for notice in db.session.scalars(select(Notice))}
    assert told == {
        ("article_review", people["expert2"].id), ("article_review", people["coordinator"].id), ("article_back", people["expert"].id),
    }  # fmt: skip
    assert not db.session.scalars(select(OutboxMessage)).all()
    assert article.state == "draft"


def test_people_read_the_published_text_until_the_new_one_is(people: People) -> None:
    owner, reviewer, reader = people["expert"], people["expert2"], actor_of(people["officer"])
    article = published(owner, reviewer)
    service.change(work(article, owner), actor_of(owner), clock.now())
    service.write(work(article, owner), "en", TEXT | {"title": "Anew"})
    before = queries.published(reader, article.id, "en", clock.today())
    service.send(work(article, owner), actor_of(owner), clock.now())
    service.publish(work(article, reviewer), clock.today() + timedelta(days=9), actor_of(reviewer), clock.today(), clock.now())
    after = queries.published(reader, article.id, "en", clock.today())

    assert before is not None
    assert after is not None
    assert (before.version.title, before.version.number) == (TEXT["title"], 1)
    assert (after.version.title, after.version.number) == ("Anew", 2)


def test_a_withdrawn_article_is_read_by_nobody_and_its_draft_is_gone(people: People) -> None:
    article = published(people["expert"], people["expert2"])
    service.withdraw(work(article, people["expert"]), "The law has changed.", actor_of(people["expert"]), clock.now())
    db.session.commit()

    assert queries.published(actor_of(people["officer"]), article.id, "en", clock.today()) is None
    assert queries.search(Wanted(), "en", clock.today()) == ([], False)
    assert not db.session.scalars(select(ArticleText)).all()
    assert [act.act for act in db.session.scalars(select(ArticleAct).order_by(ArticleAct.id))] == [
        "draft",
        "send",
        "publish",
        "withdraw",
    ]


@pytest.mark.parametrize("table", ["article_versions", "article_acts"])
@pytest.mark.parametrize("act", ["UPDATE {} SET article_id = 0", "DELETE FROM {}"])
def test_what_was_published_and_done_only_grows(people: People, table: str, act: str) -> None:
    published(people["expert"], people["expert2"])
    with pytest.raises(DatabaseError, match="only grows"), db.session.begin_nested():
        db.session.execute(text(act.format(table)))


def test_an_article_helps_a_person_once(people: People) -> None:
    article = published(people["expert"], people["expert2"])
    news = [service.helped(article, False, actor_of(people[name]), clock.now()) for name in ("officer", "officer", "manager")]

    assert news == [True, False, True]
    assert article.helped == 2


def test_a_newer_edition_of_the_law_s_data_hides_it_until_the_owner_has_said_that_it_holds(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, later = people["expert"], clock.today() + timedelta(days=30)
    article = published(owner, people["expert2"])
    monkeypatch.setattr(
        queries, "editions", lambda on: {"thresholds": "2099-01-01", "deadlines": "2099-01-01", "procedures": "2099-01"}
    )

    assert queries.offered("en", later, topic="procedure_law") == []
    assert queries.search(Wanted(), "en", later)[0][0].standing == "checking"
    assert [row.outdated for row in queries.work_of(actor_of(owner), later, "en").to_check] == [True]
    service.confirm(work(article, owner), later + timedelta(days=99), actor_of(owner), later, clock.now())
    db.session.commit()
    assert [offer.number for offer in queries.offered("en", later, topic="procedure_law")] == [article.id]
    assert queries.work_of(actor_of(owner), later, "en").to_check == ()


def test_after_a_year_it_waits_for_its_owner(people: People) -> None:
    article = published(people["expert"], people["expert2"])
    year = clock.today() + timedelta(days=365)

    assert queries.work_of(actor_of(people["expert"]), year - timedelta(days=1), "en").to_check == ()
    assert [row.number for row in queries.work_of(actor_of(people["expert"]), year, "en").to_check] == [article.id]
    assert queries.work_of(actor_of(people["coordinator"]), year, "en").to_check == ()
    people["expert"].active = False
    db.session.flush()
    assert [row.number for row in queries.work_of(actor_of(people["coordinator"]), year, "en").to_check] == [article.id]
    service.take_over(work(article, people["coordinator"]), actor_of(people["coordinator"]), clock.now())
    assert db.session.get_one(Article, article.id).owner_id == people["coordinator"].id


def test_offers_come_by_fit_and_then_by_how_many_they_have_helped(people: People, count_queries: Callable[[], list[str]]) -> None:
    owner, reviewer, today = people["expert"], people["expert2"], clock.today()
    by_topic = published(owner, reviewer)
    helpful = published(owner, reviewer)
    by_stage = published(owner, reviewer, topic="pilot", stage="plan")
    by_section = published(owner, reviewer, topic="pilot", section="value")
    by_question = published(owner, reviewer, topic="pilot", questions=("value_amount", "need"))
    published(owner, reviewer, topic="funding")
    begun(owner)
    service.helped(helpful, False, actor_of(people["officer"]), clock.now())
    executed = count_queries()
    found = queries.offered(
        "fi", today, topic="procedure_law", section="value", questions=["value_amount"], stage="plan", most=9
    )  # fmt: skip

    assert len(executed) == 1
    assert [offer.number for offer in found] == [by_question.id, by_section.id, by_stage.id, helpful.id, by_topic.id]
    assert (found[0].questions, found[0].fit, found[0].language) == (("value_amount",), 4, "en")
    assert [offer.number for offer in queries.offered("fi", today, topic="procedure_law", most=1)] == [helpful.id]
    assert queries.offered("fi", today) == []
    assert queries.offered("fi", today + timedelta(days=900), topic="procedure_law") == []


def test_a_search_finds_by_beginnings_and_roots_in_every_language_and_headings_first(
    people: People, count_queries: Callable[[], list[str]]
) -> None:
    owner, reviewer = people["expert"], people["expert2"]
    inside = published(owner, reviewer, texts=TEXT | {"answer": "The purchases of jäteastiat."})
    heading = published(owner, reviewer, texts=TEXT | {"title": "Kierrätysastioiden hankinta"}, topic="pilot")

    def numbers(words: str, **filters: str) -> list[int]:
        return [row.number for row in queries.search(Wanted(words, **filters), "en", clock.today())[0]]

    assert numbers("negotiat") == [heading.id, inside.id]
    assert numbers("jäteastioita") == [inside.id]
    assert numbers("astia") == [heading.id]
    assert numbers("hankinnan negotiation") == [heading.id]
    assert numbers("34") == [heading.id, inside.id]
    assert numbers("%") == [heading.id, inside.id]
    assert numbers("nothing like it") == []
    assert numbers("negotiation", topic="pilot") == [heading.id]
    assert numbers("", language="sv") == []
    executed = count_queries()
    assert len(numbers("negotiation")) == 2
    assert len(executed) == 2
