"""A case put before the adviser with how its city works."""

from datetime import date

from procure.accounts.models import Person
from procure.advice import asking
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from procure.planning import city_service
from tests.factories import actor_of, make_case

TODAY = date(2026, 11, 24)


def contract_of(case: Case) -> date | None:
    answers = cases.facts_of(cases.answers_of(case))
    timetable = asking.ask(case, answers, TODAY).advice.timetable
    assert timetable is not None
    return timetable.earliest_contract


def test_a_city_that_is_closed_makes_its_contract_later_and_no_other_city_s(people: dict[str, Person], app: object) -> None:
    tampere = make_case(people["officer"], value_amount="50000", start="2026-12-01")
    oulu = make_case(people["other_officer"], value_amount="50000", start="2026-12-01")
    before = contract_of(tampere)
    assert before == contract_of(oulu)

    city_service.add_closing(date(2026, 12, 2), date(2026, 12, 15), "Moving house", actor_of(people["admin"]), TODAY, clock.now())
    db.session.flush()

    after = contract_of(tampere)
    assert after is not None
    assert before is not None
    # ten days for offers from Wednesday 16 December to the 31st, over Christmas; five for the decision from Monday 4 January to the 11th,
    # over Epiphany
    assert (after, contract_of(oulu)) == (date(2027, 1, 12), before)
