"""Who an administrator looks after, and what one request costs."""

from collections.abc import Callable

import pytest

from procure.accounts import queries, service
from procure.accounts.models import Person
from procure.infra import clock
from tests.factories import actor_of

NOW = clock.now()


def names(people: list[Person]) -> set[str]:
    return {person.email for person in people}


def test_a_city_administrator_sees_the_people_of_the_city(people: dict[str, Person]) -> None:
    found = queries.people_for(actor_of(people["admin"]))

    assert names(found) == {
        "officer@tampere.example",
        "officer2@tampere.example",
        "manager@tampere.example",
        "admin@tampere.example",
    }


def test_a_coordinator_sees_experts_and_coordinators_only(people: dict[str, Person]) -> None:
    found = queries.people_for(actor_of(people["coordinator"]))

    assert {person.role for person in found} == {"expert", "coordinator"}


def test_a_system_administrator_sees_administrators_everywhere(people: dict[str, Person]) -> None:
    found = queries.people_for(actor_of(people["system_admin"]))

    assert {person.role for person in found} == {"city_admin", "coordinator", "system_admin"}


@pytest.mark.parametrize("role", ["officer", "manager", "expert"])
def test_others_look_after_nobody(people: dict[str, Person], role: str) -> None:
    assert queries.people_for(actor_of(people[role])) == []


def test_closed_accounts_stand_last(people: dict[str, Person]) -> None:
    service.set_active(people["manager"], False, actor_of(people["admin"]), NOW)

    assert queries.people_for(actor_of(people["admin"]))[-1] is people["manager"]


def test_a_person_of_another_city_is_nobody(people: dict[str, Person]) -> None:
    admin = actor_of(people["admin"])

    assert queries.person_for(admin, people["officer"].id) is people["officer"]
    assert queries.person_for(admin, people["other_officer"].id) is None
    assert queries.person_for(admin, 987_654) is None
    assert queries.person_for(admin, 10**30) is None


def test_the_person_behind_a_session_takes_one_query(people: dict[str, Person], count_queries: Callable[[], list[str]]) -> None:
    token = service.start_session(people["vaasa_officer"], NOW)
    executed = count_queries()

    actor = queries.actor_of_session(service.digest(token), NOW)

    assert len(executed) == 1
    assert actor is not None
    assert (actor.role, actor.organisation_code, actor.language) == ("officer", "905", "sv")
    assert actor.organisation_names["sv"] == "Vasa"


def test_an_unknown_token_is_nobody(people: dict[str, Person]) -> None:
    service.start_session(people["officer"], NOW)

    assert queries.actor_of_session(service.digest("made up"), NOW) is None


def test_an_administrator_of_a_role_is_found_while_the_account_is_open(people: dict[str, Person]) -> None:
    city = people["admin"].organisation_id
    assert queries.people_with_role(city, "manager") == [people["manager"]]

    service.set_active(people["manager"], False, actor_of(people["admin"]), NOW)

    assert queries.people_with_role(city, "manager") == []
