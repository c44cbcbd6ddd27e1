"""Kept totals are those that log, answers and requests give, whatever has happened in between."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from procure.accounts.models import Person
from procure.cases import queries as case_queries
from procure.cases import service as cases
from procure.cases.models import Case
from procure.domain import portfolio
from procure.infra import clock
from procure.infra.db import db
from procure.portfolio import queries, service
from procure.portfolio.models import PortfolioCase
from tests import factories
from tests.cases.builders import TODAY, chosen
from tests.cases.histories import save
from tests.portfolio.builders import AWARD, CONTRACT, NOTICE, contracted, kept
from tests.support.builders import ask
from tests.teams.builders import hand_over

People = dict[str, Person]
LONG = timedelta(minutes=2)


def from_the_log() -> dict[tuple[Any, ...], dict[str, dict[str, int]]]:
    """Counted from every case's log at once, without what is kept."""
    facts = []
    for case in db.session.scalars(select(Case)):
        events = queries.logged_of([case.id]).get(case.id, [])
        answers = case_queries.facts_of(queries.answers_of([case.id]).get(case.id, ()))
        facts.append(service.fact_of(case, events, answers, queries.support_of([case.id]).get(case.id, (0, 0))))
    return {tuple(key): tally for key, tally in portfolio.totals(facts, service.working_days).items()}


@pytest.fixture
def history(people: People) -> list[Case]:
    officer, other = people["officer"], people["other_officer"]
    made = [contracted(officer, themes=["digitalisation", "carbon_neutrality"]), chosen(other, "national")]
    made.append(factories.make_case(people["officer2"], opened_on=date(2025, 11, 3)))
    return made


def test_the_kept_totals_are_those_of_the_log(history: list[Case]) -> None:
    service.keep_up(clock.now())
    assert kept() == from_the_log()
    assert kept()


def test_what_happens_later_is_counted_by_the_next_round(history: list[Case], people: People) -> None:
    service.keep_up(clock.now())
    officer = people["officer"]
    factories.make_case(officer, opened_on=date(2025, 11, 4))
    ask(history[0], officer)
    before = kept()
    service.keep_up(clock.now() + LONG)
    assert kept() == from_the_log() != before


def test_a_case_that_is_handed_over_is_counted_for_who_has_it_now(history: list[Case], people: People) -> None:
    service.keep_up(clock.now())
    hand_over(history[0], people["officer"], people["officer2"], stays=False)
    db.session.commit()
    service.keep_up(clock.now() + LONG)
    assert kept() == from_the_log()
    assert {key[3] for key in kept() if key[0] == people["officer"].organisation_id} == {0, people["officer2"].id}


def test_an_answer_on_novelty_makes_the_case_innovative_and_taking_it_back_ends_that(people: People) -> None:
    case = factories.make_case(people["officer"])
    service.keep_up(clock.now())
    for round_, (said, expected) in enumerate(((True, True), (False, False)), 1):
        save(case, people["officer"], new_to_market=said)
        service.keep_up(clock.now() + round_ * LONG)
        assert kept() == from_the_log()
        assert all(("innovative" in tally) is expected for tally in kept().values())


def test_a_case_that_goes_back_no_longer_has_the_days_after(people: People) -> None:
    case = contracted(people["officer"])
    service.keep_up(clock.now())
    by = factories.actor_of(people["officer"])
    cases.return_to_stage(case, "tender_period", CONTRACT, "an error in the comparison", by, TODAY, clock.now())
    db.session.commit()
    service.keep_up(clock.now() + LONG)
    row = db.session.scalars(select(PortfolioCase).filter_by(case_id=case.id)).one()
    assert (row.notice_on, row.reworked) == (NOTICE, " tender_period ")
    assert kept() == from_the_log()


def test_the_days_of_notice_award_and_contract_are_kept_with_the_case(history: list[Case]) -> None:
    service.keep_up(clock.now())
    row = db.session.get(PortfolioCase, history[0].id)
    assert row is not None
    assert (row.notice_on, row.award_on, row.contract_on) == (NOTICE, AWARD, CONTRACT)
    assert row.themes == " digitalisation carbon_neutrality "
    assert row.standstill


def test_counting_everything_again_gives_the_same(history: list[Case]) -> None:
    service.keep_up(clock.now())
    before = kept()
    service.count_all(clock.now() + LONG)
    assert kept() == before


def test_a_count_that_is_broken_off_goes_on_where_it_was(history: list[Case]) -> None:
    turns = iter([False, True])
    service.keep_up(clock.now(), lambda: next(turns, True))
    assert kept() == {}, "measured, but no month was counted"
    service.keep_up(clock.now() + LONG)
    assert kept() == from_the_log()


def test_nothing_is_read_again_within_a_minute(history: list[Case], people: People) -> None:
    now = clock.now()
    service.keep_up(now)
    before = kept()
    factories.make_case(people["officer"])
    service.keep_up(now + timedelta(seconds=30))
    assert kept() == before
    service.keep_up(now + LONG)
    assert kept() != before


def test_a_round_without_a_change_asks_two_questions(history: list[Case], count_queries: Any) -> None:
    now = clock.now()
    service.keep_up(now)
    executed = count_queries()
    service.keep_up(now + LONG)
    assert len(executed) <= 2, executed
