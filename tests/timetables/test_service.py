"""What is kept of a timetable, and what the log tells of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases import service as case_service
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.domain.planning.plan import BACKWARDS
from procure.infra import clock
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.planning.models import NetworkDuration
from procure.timetables import queries, service
from procure.timetables.service import PLAN_SAVED, Basis, Overtaken
from tests import factories
from tests.timetables.builders import SMALL, TODAY, case_of

People = dict[str, Person]


@pytest.fixture(autouse=True)
def clock_set() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=FINLAND), tick=False) as traveller:
        yield traveller


@pytest.fixture
def small(app: Flask, people: People) -> Case:
    return case_of(people["officer"], SMALL)


def basis(case: Case) -> Basis:
    answers = cases.facts_of(cases.answers_of(case))
    return service.basis_of(case, answers, case_service.progress_of(case), TODAY)


def save(case: Case, person: Person, stage: str = "offers", days: int | None = 7, wished: date | None = None) -> None:
    now = basis(case)
    preview = service.preview(now, service.with_stage(now.choices, stage, days, wished), TODAY)
    service.save(case, now, preview, preview.mark, factories.actor_of(person), TODAY, clock.now())
    db.session.commit()


def test_what_is_saved_is_what_is_read_again(small: Case, people: People) -> None:
    save(small, people["officer"], days=7, wished=date(2027, 6, 18))
    kept = basis(small).kept
    assert (kept.version, kept.saved_on, kept.saved_by) == (1, TODAY, "Officer")
    assert (kept.durations, kept.wished) == ({"offers": 7}, {"offers": date(2027, 6, 18)})
    plan = service.plan_of(basis(small), TODAY)
    assert {line.stage.id: line.days for line in plan.lines} == kept.saved
    assert {line.late for line in plan.lines} == {0}


def test_saving_is_an_event_that_tells_old_and_new_days(small: Case, people: People) -> None:
    before = service.plan_of(basis(small), TODAY).line("offers")
    save(small, people["officer"], days=7)
    (event,) = factories.events(small, PLAN_SAVED)
    after = service.plan_of(basis(small), TODAY).line("offers")
    assert before is not None
    assert after is not None
    assert event.payload["durations"] == {"offers": 7}
    assert event.payload["moved"]["offers"] == {
        "old": [day.isoformat() for day in before.days],
        "new": [day.isoformat() for day in after.days],
    }
    assert "need" not in event.payload["moved"]


def test_a_choice_taken_back_leaves_the_usual_days(small: Case, people: People) -> None:
    usual = {line.stage.id: line.days for line in service.plan_of(basis(small), TODAY).lines}
    save(small, people["officer"], days=7)
    save(small, people["officer"], days=None)
    assert basis(small).kept.version == 2
    assert {line.stage.id: line.days for line in service.plan_of(basis(small), TODAY).lines} == usual


def test_the_days_of_the_case_are_saved_as_its_answers(small: Case, people: People) -> None:
    now = basis(small)
    wanted = replace(now.choices, mode=BACKWARDS, start=date(2027, 3, 1), needed_by=date(2027, 6, 1))
    preview = service.preview(now, wanted, TODAY)
    service.save(small, now, preview, preview.mark, factories.actor_of(people["officer"]), TODAY, clock.now())
    answers = cases.facts_of(cases.answers_of(small))
    assert (answers["start"].value, answers["contract_needed_by"].value) == ("2027-03-01", "2027-06-01")
    assert len(factories.events(small, case_service.ANSWERS_SAVED)) == 1


def test_another_preview_than_the_one_looked_at_is_not_saved(small: Case, people: People) -> None:
    now = basis(small)
    looked = service.preview(now, service.with_stage(now.choices, "offers", 7, None), TODAY)
    other = service.preview(now, service.with_stage(now.choices, "offers", 8, None), TODAY)
    with pytest.raises(Refusal) as refusal:
        service.save(small, now, other, looked.mark, factories.actor_of(people["officer"]), TODAY, clock.now())
    assert refusal.value.reasons[0].code == "preview_changed"
    assert queries.plan_row(small) is None


def test_a_preview_of_another_day_is_another_one(small: Case) -> None:
    """When planned days have moved meanwhile, what was looked at is looked at again."""
    now = basis(small)
    wanted = service.with_stage(now.choices, "offers", 7, None)
    assert service.preview(now, wanted, TODAY).mark != service.preview(now, wanted, date(2027, 1, 25)).mark


def test_what_was_on_the_screen_must_still_be_so(small: Case, people: People) -> None:
    seen = basis(small).seen
    service.check_seen(basis(small), seen)
    save(small, people["officer2"])
    with pytest.raises(Overtaken) as refusal:
        service.check_seen(basis(small), seen)
    assert (refusal.value.reasons[0].code, refusal.value.reasons[0].parameters) == ("plan_changed", {"name": "Officer2"})


def test_a_day_changed_in_the_answers_is_no_one_s_saving(small: Case, people: People) -> None:
    seen = basis(small).seen
    factories.answer(small, people["officer2"], start="2027-02-01")
    with pytest.raises(Overtaken) as refusal:
        service.check_seen(basis(small), seen)
    assert refusal.value.reasons[0].code == "plan_dates_changed"


def test_where_no_contract_is_made_nothing_is_counted_back_from_one(app: Flask, people: People) -> None:
    case = case_of(people["officer"], procedure=None)
    now = basis(case)
    without = replace(now, route=replace(now.route, outline=None))
    with pytest.raises(Refusal) as refusal:
        service.preview(without, replace(now.choices, mode=BACKWARDS, needed_by=date(2027, 6, 1)), TODAY)
    assert [(reason.code, reason.target) for reason in refusal.value.reasons] == [("no_contract_planned", "mode")]


def test_a_city_s_days_and_the_saved_plan_come_in_one_query(
    small: Case, people: People, count_queries: Callable[[], list[str]]
) -> None:
    save(small, people["officer"])
    executed = count_queries()
    office, kept = queries.basis_of(small)
    assert len(executed) == 1
    assert (office.durations, kept.version) == ({}, 1)


# what other cities have needed

MEDIAN = {"procedure": "preparation", "stage": "need", "cases": 34, "median": 17, "slow": 30, "counted_on": TODAY}


def learn(**changes: Any) -> None:
    db.session.execute(delete(NetworkDuration))
    db.session.add(NetworkDuration(**MEDIAN | changes))
    db.session.commit()


def need(case: Case) -> tuple[date, date]:
    line = service.plan_of(basis(case), TODAY).line("need")
    assert line is not None
    return line.days


def test_a_timetable_that_nobody_has_saved_is_proposed_by_the_network_s_median(small: Case) -> None:
    usual = need(small)
    learn()
    assert need(small) != usual
    learn(procedure="open")
    assert need(small) == usual, "of another procedure"


def test_a_saved_timetable_keeps_the_medians_it_was_made_with_and_their_day(small: Case, people: People) -> None:
    learn()
    save(small, people["officer"], days=7)
    before = need(small)
    learn(median=60, counted_on=date(2026, 12, 24))
    assert need(small) == before
    row = queries.plan_row(small)
    assert row is not None
    assert row.plan["network"] == {
        "procedure": "preparation", "stages": {"need": {"cases": 34, "median": 17, "slow": 30, "on": "2026-11-24"}},
    }  # fmt: skip
    (event,) = factories.events(small, PLAN_SAVED)
    assert event.payload["network"] == row.plan["network"]["stages"]
    assert basis(small).newest["need"].median == 60


def test_a_timetable_saved_before_there_were_medians_does_not_change(small: Case, people: People) -> None:
    save(small, people["officer"], days=7)
    row = queries.plan_row(small)
    assert row is not None
    row.plan = {name: value for name, value in row.plan.items() if name != "network"}
    db.session.commit()
    before = need(small)
    learn()
    assert need(small) == before


def test_the_officer_keeps_the_catalogue_s_number_or_takes_the_newest(small: Case, people: People) -> None:
    usual = need(small)
    learn()
    now = basis(small)
    for learned, wanted in ((None, usual), (now.newest["need"], need(small))):
        now = basis(small)
        preview = service.preview(now, service.with_learned(now.choices, "need", learned), TODAY)
        service.save(small, now, preview, preview.mark, factories.actor_of(people["officer"]), TODAY, clock.now())
        db.session.commit()
        assert need(small) == wanted


def test_a_median_counted_between_the_preview_and_the_saving_is_looked_at_again(small: Case) -> None:
    learn()
    looked = service.preview(basis(small), basis(small).choices, TODAY).mark
    learn(median=18)
    assert service.preview(basis(small), basis(small).choices, TODAY).mark != looked
