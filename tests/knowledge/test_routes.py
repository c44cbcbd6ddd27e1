"""The pages of the network's memory: written by its people, read by all, and nothing of a case on them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from procure.knowledge import service
from procure.knowledge.models import Article, ArticleHelped, ArticleVersion
from procure.support.models import SupportRequest
from tests import factories
from tests.factories import actor_of
from tests.knowledge.builders import NAMES, TELLING, TEXT, begun, published, sent, work
from tests.support.builders import CANARY, answered, ask, secret_case

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def keys(page: str) -> list[str]:
    return re.findall(r'name="why-([0-9a-f]{12})"', page)


def test_from_an_answered_request_to_a_published_article_that_tells_nothing(people: People, client_for: ClientFor) -> None:
    request = answered(secret_case(people["officer"]), people["officer"], people["expert"])
    expert = client_for(people["expert"])
    assert "Make an article" in text(expert.get(f"/support/{request.id}"))
    made = expert.post(f"/support/{request.id}/article")
    article = db.session.scalars(select(Article)).one()
    assert made.location == f"/knowledge/{article.id}/removals"
    assert (article.request_number, article.topic) == (request.id, "procedure_law")

    expert.post(
        f"/knowledge/{article.id}/text/en",
        data=TEXT | {"question": f"{CANARY} title: what do Tampere and Officer do? See TRE-2026-0001."},
    )
    page = text(expert.get(f"/knowledge/{article.id}/removals"))
    assert len(keys(page)) == 4
    refused = expert.post(f"/knowledge/{article.id}/send")
    assert refused.status_code == 409
    assert "4 things may still tell whose matter it was" in text(refused)
    expert.post(f"/knowledge/{article.id}/removals", data={"all": "1"})
    expert.post(f"/knowledge/{article.id}/send")
    until = clock.today() + timedelta(days=400)
    other = client_for(people["expert2"])
    assert "Look whether the answer is right" in text(other.get(f"/knowledge/{article.id}/draft"))
    days = {"valid_until-day": until.day, "valid_until-month": until.month, "valid_until-year": until.year}
    assert other.post(f"/knowledge/{article.id}/publish", data=days).status_code == 302

    read = text(client_for(people["vaasa_officer"]).get(f"/knowledge/{article.id}"))
    assert "[procurement]: what do a city and [name] do? See [case number]." in read
    assert CANARY not in read
    assert "Tampere" not in read


def test_the_city_sees_that_an_article_is_being_made(people: People, client_for: ClientFor) -> None:
    case = secret_case(people["officer"])
    request = answered(case, people["officer"], people["expert"])
    for _twice in range(2):
        client_for(people["expert"]).post(f"/support/{request.id}/article")

    page = text(client_for(people["officer"]).get(f"/support/{request.id}"))
    assert page.count("An article that does not tell whose matter it was") == 1
    assert [event.payload["request"] for event in factories.events(case, "support_article")] == [f"T-{request.id:04d}"]


def test_a_coordinator_makes_it_from_the_question_alone(people: People, client_for: ClientFor) -> None:
    request = answered(secret_case(people["officer"]), people["officer"], people["expert"])
    coordinator = client_for(people["coordinator"])
    coordinator.post(f"/support/{request.id}/article")
    article = db.session.scalars(select(Article)).one()

    assert {field for field, words in work(article, people["coordinator"]).texts["en"].items() if words} == {"question"}
    assert client_for(people["expert"]).post(f"/support/{request.id}/article").status_code == 409


@pytest.mark.parametrize("name", ["expert2", "officer"])
def test_who_has_not_answered_makes_no_article(people: People, client_for: ClientFor, name: str) -> None:
    request = answered(secret_case(people["officer"]), people["officer"], people["expert"])
    assert client_for(people[name]).post(f"/support/{request.id}/article").status_code in (403, 404)
    assert not db.session.scalars(select(Article)).all()


def test_a_request_that_is_not_answered_gives_no_article(people: People, client_for: ClientFor) -> None:
    request: SupportRequest = ask(secret_case(people["officer"]), people["officer"])
    assert client_for(people["coordinator"]).post(f"/support/{request.id}/article").status_code == 409


def test_each_thing_is_removed_or_kept_with_a_reason(people: People, client_for: ClientFor) -> None:
    article = begun(people["expert"], TELLING, names=NAMES)
    client = client_for(people["expert"])
    found = keys(text(client.get(f"/knowledge/{article.id}/removals")))
    silent = client.post(f"/knowledge/{article.id}/removals", data={f"do-{found[-1]}": "keep"})
    assert silent.status_code == 422
    assert "Write why it can stay" in text(silent)
    data = {f"do-{key}": "remove" for key in found[:-1]} | {f"do-{found[-1]}": "keep", f"why-{found[-1]}": "It is in the law"}
    assert client.post(f"/knowledge/{article.id}/removals", data=data).location == f"/knowledge/{article.id}/draft"

    page = text(client.get(f"/knowledge/{article.id}/draft"))
    assert "EUR 60,000" in page
    assert "It is in the law" in page
    assert "Esimerkki" not in page


def test_words_are_removed_by_hand(people: People, client_for: ClientFor) -> None:
    article = begun(people["expert"], TEXT | {"answer": "The only harbour with a bridge."})
    client = client_for(people["expert"])
    assert client.post(f"/knowledge/{article.id}/removals/words", data={"words": "nowhere"}).status_code == 422
    client.post(f"/knowledge/{article.id}/removals/words", data={"words": "The only harbour"})

    assert "[removed] with a bridge." in text(client.get(f"/knowledge/{article.id}/draft"))


@pytest.mark.parametrize("page", ["draft", "text/en", "place", "removals", "publish", "withdraw"])
def test_a_draft_is_not_there_for_others(people: People, client_for: ClientFor, page: str) -> None:
    article = begun(people["expert"])
    for name, status in (("expert2", 404), ("coordinator", 404), ("officer", 403), ("system_admin", 403)):
        assert client_for(people[name]).get(f"/knowledge/{article.id}/{page}").status_code == status
    assert client_for(people["officer"]).get(f"/knowledge/{article.id}").status_code == 404


def test_what_cannot_be_done_now_leads_back(people: People, client_for: ClientFor) -> None:
    article = sent(people["expert"])
    client = client_for(people["expert"])
    for page in ("text/en", "place", "removals", "publish", "confirm", "give-back"):
        assert client.get(f"/knowledge/{article.id}/{page}").location == f"/knowledge/{article.id}/draft"


def test_the_owner_says_that_it_still_holds_changes_it_or_withdraws_it(people: People, client_for: ClientFor) -> None:
    article = published(people["expert"], people["expert2"])
    client, until = client_for(people["expert"]), clock.today() + timedelta(days=900)
    page = text(client.get(f"/knowledge/{article.id}/draft"))
    assert "It still holds" in page
    assert "Change it" in page
    days = {"valid_until-day": until.day, "valid_until-month": until.month, "valid_until-year": until.year}
    assert client.post(f"/knowledge/{article.id}/confirm", data=days).status_code == 302
    assert article.valid_until == until
    client.post(f"/knowledge/{article.id}/change")
    assert article.state == "draft"
    assert client.get(f"/knowledge/{article.id}").status_code == 200
    client.post(f"/knowledge/{article.id}/withdraw", data={"text": "No longer true."})
    assert client.get(f"/knowledge/{article.id}").status_code == 404


def test_giving_back_says_why(people: People, client_for: ClientFor) -> None:
    article = sent(people["expert"])
    other = client_for(people["expert2"])
    assert other.post(f"/knowledge/{article.id}/give-back", data={"text": ""}).status_code == 422
    assert other.post(f"/knowledge/{article.id}/give-back", data={"text": "Which section?"}).location == "/knowledge/work"
    assert "Which section?" in text(client_for(people["expert"]).get(f"/knowledge/{article.id}/draft"))


def test_a_new_article_is_begun_and_placed_without_a_request(people: People, client_for: ClientFor) -> None:
    client = client_for(people["expert"])
    assert client.get("/knowledge/new").status_code == 200
    made = client.post("/knowledge/new", data={"topic": "pilot", "section": "value", "stage": "", "question_1": "value_amount"})
    article = db.session.scalars(select(Article)).one()
    assert made.location == f"/knowledge/{article.id}/text/en"
    client.post(f"/knowledge/{article.id}/place", data={"topic": "funding", "section": "", "stage": "plan", "question_1": "need"})
    found = work(article, people["expert"])
    assert (article.topic, article.section, article.stage, found.questions) == ("funding", "", "plan", ("need",))


def test_the_memory_is_searched_by_words_topic_and_language(people: People, client_for: ClientFor) -> None:
    published(people["expert"], people["expert2"])
    client = client_for(people["vaasa_officer"])
    for query in ("q=negotiat", "topic=procedure_law", "language=en", ""):
        assert TEXT["title"] in text(client.get(f"/knowledge?{query}"))
    for query in ("q=nothing", "topic=pilot", "language=sv"):
        assert TEXT["title"] not in text(client.get(f"/knowledge?{query}"))
    assert TEXT["title"] in text(client.get("/knowledge?topic=x&language=xx&skip=abc"))


def test_the_list_takes_as_many_queries_for_twenty_articles_as_for_one(
    people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    client, counts = client_for(people["officer"]), []
    for more in (1, 20):
        for _number in range(more):
            published(people["expert"], people["expert2"])
        executed = count_queries()
        page = text(client.get("/knowledge"))
        counts.append(len(executed))

    assert "Next page" in page
    assert counts[0] == counts[1] <= 4


def test_an_article_is_read_in_the_reader_s_language_and_the_others_are_a_link_away(
    people: People, client_for: ClientFor
) -> None:
    article = begun(people["expert"])
    service.write(work(article, people["expert"]), "sv", TEXT | {"title": "När får man förhandla?"})
    service.send(work(article, people["expert"]), actor_of(people["expert"]), clock.now())
    until, other = clock.today() + timedelta(days=99), actor_of(people["expert2"])
    service.publish(work(article, people["expert2"]), until, other, clock.today(), clock.now())
    db.session.commit()
    client = client_for(people["vaasa_officer"])
    client.get("/language/sv")
    assert "När får man förhandla?" in text(client.get(f"/knowledge/{article.id}"))
    english = text(client.get(f"/knowledge/{article.id}?language=en"))
    assert TEXT["title"] in english
    assert f"<dd>{people['expert'].name}</dd>" not in english
    assert "en expert i nätverket" in english


def test_who_has_been_helped_counts_once_and_need_not_ask(case: Case, people: People, client_for: ClientFor) -> None:
    article = published(people["expert"], people["expert2"])
    client = client_for(people["officer"])
    asking = text(client.get(f"/cases/{case.reference}/support/new?stage=plan"))
    assert "This helped: I don’t need to ask any more" in asking
    then = f"/cases/{case.reference}/support"
    for _twice in range(2):
        assert client.post(f"/knowledge/{article.id}/helped", data={"instead": "1", "then": then}).location == then
    away = client_for(people["manager"]).post(f"/knowledge/{article.id}/helped", data={"then": "https://elsewhere.example/"})

    assert away.location == f"/knowledge/{article.id}"
    assert [(row.person_id, row.instead) for row in db.session.scalars(select(ArticleHelped).order_by(ArticleHelped.id))] == [
        (people["officer"].id, True), (people["manager"].id, False),
    ]  # fmt: skip
    assert article.helped == 2


def test_articles_are_offered_at_their_question_and_beside_the_others(case: Case, people: People, client_for: ClientFor) -> None:
    at_question = published(people["expert"], people["expert2"], questions=("need",))
    beside = published(people["expert"], people["expert2"], section="need", texts=TEXT | {"title": "Beside it"})
    page = text(client_for(people["officer"]).get(f"/cases/{case.reference}/answers/need/problem"))
    main, _, aside = page.partition("<aside")

    assert f'href="/knowledge/{at_question.id}"' in main
    assert f'href="/knowledge/{beside.id}"' in aside
    assert f'href="/knowledge/{at_question.id}"' not in aside


def test_the_page_of_a_case_never_shows_an_old_offer(case: Case, people: People, client_for: ClientFor) -> None:
    client, address = client_for(people["officer"]), f"/cases/{case.reference}"
    assert "Others have asked" not in text(client.get(address))
    article = published(people["expert"], people["expert2"], stage="need")
    assert TEXT["title"] in text(client.get(address))
    service.withdraw(work(article, people["expert"]), "Wrong.", actor_of(people["expert"]), clock.now())
    db.session.commit()
    assert TEXT["title"] not in text(client.get(address))


def test_a_published_version_carries_its_number(people: People) -> None:
    published(people["expert"], people["expert2"])
    assert [version.number for version in db.session.scalars(select(ArticleVersion))] == [1]
