"""A city keeps its standard clauses: each saving is an edition, an end too, and the database changes none."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from procure.accounts.models import Person
from procure.clauses import queries, service
from procure.domain import clauses
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.clauses.builders import add_clause, change_clause

People = dict[str, Person]
TODAY = clock.today()


def code_of(act: object) -> str:
    with pytest.raises(Refusal) as refusal:
        act()  # type: ignore[operator]
    return refusal.value.reasons[0].code


def in_force(people: People) -> list[tuple[int, int]]:
    editions = queries.editions_of(people["admin"].organisation_id)
    return [(one.number, one.edition) for one in clauses.in_force(editions, TODAY)]


def test_a_clause_sent_twice_is_one_and_one_that_says_the_same_makes_no_edition(people: People) -> None:
    add_clause(people["admin"])
    add_clause(people["admin"])
    change_clause(people["admin"], 1, seen=1)

    assert in_force(people) == [(1, 1)]
    change_clause(people["admin"], 1, seen=1, texts={"fi": "Muuta"})
    assert in_force(people) == [(1, 2)]


def test_a_clause_ends_with_an_edition_and_can_come_back(people: People) -> None:
    by = factories.actor_of(people["admin"])
    add_clause(people["admin"])

    service.end(1, TODAY, 1, by, TODAY, clock.now())
    assert in_force(people) == []
    service.end(1, TODAY, 1, by, TODAY, clock.now())
    change_clause(people["admin"], 1, seen=2)
    assert in_force(people) == [(1, 3)]


def test_whoever_changes_what_they_have_not_seen_is_told(people: People) -> None:
    add_clause(people["admin"])
    change_clause(people["admin"], 1, seen=1, texts={"fi": "Muuta"})

    assert code_of(lambda: change_clause(people["admin"], 1, seen=1, texts={"fi": "Kolmas"})) == "clause_overtaken"
    by = factories.actor_of(people["admin"])
    assert code_of(lambda: service.end(1, TODAY, 1, by, TODAY, clock.now())) == "clause_overtaken"
    assert code_of(lambda: service.end(1, TODAY - timedelta(days=1), 2, by, TODAY, clock.now())) == "edition_day_past"


def test_a_clause_keeps_its_kind_of_document(people: People) -> None:
    add_clause(people["admin"])

    changed = {"kind": "contract", "part": "price"}
    assert code_of(lambda: change_clause(people["admin"], 1, seen=1, **changed)) == "clause_place_unknown"


def test_the_database_refuses_to_change_or_remove_an_edition(people: People) -> None:
    add_clause(people["admin"])

    for statement in ("UPDATE city_clauses SET edition = 2", "DELETE FROM city_clauses"):
        with pytest.raises(DBAPIError, match="only grows"), db.session.begin_nested():
            db.session.execute(text(statement))


def test_each_city_has_its_own(people: People) -> None:
    add_clause(people["admin"])

    assert queries.editions_of(people["other_officer"].organisation_id) == ()
    for name in ("other_officer", "expert", "coordinator", "system_admin"):
        assert not queries.history_for(factories.actor_of(people[name]), 1), name
