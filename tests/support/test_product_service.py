"""The coordinator's editions: a change makes the next one, and what a city asked for stays as it was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.domain.products import Content
from procure.infra import clock
from procure.infra.db import db
from procure.support import product_queries, product_service
from procure.support.asking_models import SupportProduct
from tests import factories
from tests.domain.test_products import CONTENT, WORDS
from tests.support.builders import ask

People = dict[str, Person]
NEW = replace(CONTENT, name=replace(WORDS, en="Longer talk"))


def change(person: Person, based_on: int, days: int = 0, content: Content = NEW, product: str = "sparring") -> SupportProduct:
    by = factories.actor_of(person)
    return product_service.change(
        product, based_on, content, clock.today() + timedelta(days=days), by, clock.today(), clock.now()
    )  # fmt: skip


def name_of(product: str = "sparring") -> str:
    found = product_queries.get(product, clock.today())
    assert found is not None
    return found.content.name.en


def test_a_change_makes_the_next_edition_and_requests_keep_theirs(people: People, case: Case) -> None:
    request = ask(case, people["officer"], product="sparring")
    assert (change(people["coordinator"], 0).edition, change(people["coordinator"], 1).edition) == (1, 2)
    later = ask(case, people["officer"], product="sparring", form_key="later")
    asked = product_queries.in_edition(request.product, request.product_edition)
    assert asked is not None
    assert asked.content.name.en == "First sparring talk"
    assert (name_of(), later.product_edition) == ("Longer talk", "2")


def test_an_edition_to_come_shows_only_among_those_to_come(people: People) -> None:
    change(people["coordinator"], 0, days=3)
    assert name_of() == "First sparring talk"
    assert [(product, one.edition) for product, one, _day in product_queries.to_come(clock.today())] == [("sparring", "1")]


def test_who_began_before_somebody_else_s_change_is_told(people: People) -> None:
    change(people["coordinator"], 0)
    with pytest.raises(Refusal) as refused:
        change(people["coordinator"], 0)
    assert refused.value.reasons[0].code == "product_changed"


def test_a_product_that_is_no_longer_offered_cannot_be_asked_for(people: People, case: Case) -> None:
    by = factories.actor_of(people["coordinator"])
    product_service.retire("sparring", 0, clock.today(), by, clock.today(), clock.now())
    with pytest.raises(Refusal) as refused:
        ask(case, people["officer"], product="sparring")
    assert refused.value.reasons[0].code == "support_product_unknown"
    assert name_of() == "First sparring talk"


def test_added_products_get_their_own_ids(people: People) -> None:
    by = factories.actor_of(people["coordinator"])
    made = [product_service.add(NEW, clock.today(), by, clock.today(), clock.now()).product for _time in range(2)]
    assert made == ["own_1", "own_2"]
    assert [product.id for product in product_queries.on(clock.today())][-2:] == made


def test_an_edition_of_yesterday_and_one_without_a_text_are_refused(people: People) -> None:
    for days, content in ((-1, NEW), (0, replace(NEW, needs=replace(WORDS, sv="")))):
        with pytest.raises(Refusal):
            change(people["coordinator"], 0, days, content)


def test_the_database_changes_and_removes_no_edition(people: People) -> None:
    change(people["coordinator"], 0)
    for statement in (update(SupportProduct).values(retired=True), delete(SupportProduct)):
        with pytest.raises(DatabaseError), db.session.begin_nested():
            db.session.execute(statement)


def test_a_product_nobody_knows_is_not_there(people: People) -> None:
    by = factories.actor_of(people["coordinator"])
    assert product_queries.get("singing", clock.today()) is None
    assert product_queries.in_edition("singing", "1") is None
    assert product_queries.in_edition("", "") is None
    with pytest.raises(Refusal):
        product_service.retire("singing", 0, clock.today(), by, clock.today(), clock.now())
