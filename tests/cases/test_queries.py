"""Which cases a person finds."""

import pytest

from procure.accounts.models import Person
from procure.cases import queries, service
from procure.cases.models import Case
from procure.infra import clock
from tests import factories
from tests.cases.lists import found


def test_the_city_s_people_find_their_case(case: Case, people: dict[str, Person]) -> None:
    assert found(people["officer2"]) == [case.reference]
    assert queries.case_for(factories.actor_of(people["admin"]), case.reference) is not None


@pytest.mark.parametrize("stranger", ["other_officer", "other_manager", "vaasa_officer", "expert", "coordinator", "system_admin"])
def test_nobody_else_finds_it(case: Case, people: dict[str, Person], stranger: str) -> None:
    actor = factories.actor_of(people[stranger])

    assert found(people[stranger]) == []
    assert queries.case_for(actor, case.reference) is None
    assert queries.case_to_change(actor, case.reference) is None


def test_a_partner_city_reads_but_does_not_change(case: Case, people: dict[str, Person]) -> None:
    service.set_partners(case, [people["other_officer"].organisation])
    actor = factories.actor_of(people["other_officer"])

    assert found(people["other_officer"]) == [case.reference]
    assert queries.case_for(actor, case.reference) is not None
    assert queries.case_to_change(actor, case.reference) is None


def test_a_partners_filters_follow_the_case_from_stage_to_stage_and_procedure_to_procedure(
    case: Case, people: dict[str, Person]
) -> None:
    factories.make_partner(case, people["other_officer"])
    officer, partner = people["officer"], people["other_officer"]
    assert found(partner, stage="need") == [case.reference] == found(partner, procedure=case.procedure)

    actor, now = factories.actor_of(officer), clock.now()
    factories.answer(case, officer, **factories.FULL_NEED)
    gate = service.procedure_of(case).stage("need").gate
    confirmed = frozenset(point.id for point in gate if point.by_person)
    service.complete_stage(case, "need", clock.today(), confirmed, "", actor, clock.today(), now)
    service.choose_procedure(case, "open", clock.today(), "The value has grown.", actor, clock.today(), now)
    assert case.stage != "need"

    assert found(partner, stage="need") == []
    assert found(partner, stage=case.stage, procedure="open") == [case.reference]
    assert found(partner, procedure="national") == []
