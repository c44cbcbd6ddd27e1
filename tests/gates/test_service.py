"""Points of a stage are ticked beforehand, waived and taken back: each once, each in the log, for one round of the stage."""

from datetime import timedelta

import pytest
from flask import Flask

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases import service as case_service
from procure.cases.models import Case
from procure.domain.gates import TICK, WAIVER
from procure.domain.outcomes import Refusal
from procure.gates import queries, service
from procure.infra import clock
from procure.infra.db import db, writing
from tests import factories
from tests.cases import test_halt_service as halts
from tests.cases.builders import case_at
from tests.cases.histories import breaks
from tests.cases.test_rush import AT_ONCE, at_once
from tests.gates.builders import state, tick, waive
from tests.teams.builders import locked

People = dict[str, Person]
TODAY = clock.today()


def complete(case: Case, person: Person, confirmed: frozenset[str] = frozenset()) -> None:
    case_service.complete_stage(
        locked(case, person), case.stage, TODAY, confirmed, "", factories.actor_of(person), TODAY, clock.now()
    )
    db.session.commit()


def test_a_tick_is_one_event_with_its_day_and_note_and_shows_who_gave_it(case: Case, people: People) -> None:
    on = TODAY - timedelta(days=3)

    tick(case, people["officer2"], "users_heard", "Minutes 12/2026", on)

    (event,) = factories.events(case, "gate_ticked")
    assert (event.happened_on, event.payload["gate"], event.payload["reason"]) == (on, "users_heard", "Minutes 12/2026")
    assert event.payload["text"]["en"] == "The users have been heard"
    shown = state(case, "users_heard")
    assert (shown.satisfied, shown.how, shown.note) == (True, "ticked", "Minutes 12/2026")
    assert shown.told == f"{event.recorded_by} {on.day}.{on.month}.{on.year}"


def test_completing_asks_only_for_what_nobody_has_ticked(case: Case, people: People) -> None:
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    tick(case, people["officer"], "users_heard")

    with pytest.raises(Refusal) as refusal:
        complete(case, people["officer"])
    assert [reason.target for reason in refusal.value.reasons] == ["authority_to_prepare"]

    complete(case, people["officer"], frozenset({"authority_to_prepare"}))
    assert case.stage != "need"


def test_the_same_tick_sent_twice_is_one_and_another_person_is_told_who_was_first(case: Case, people: People) -> None:
    tick(case, people["officer"], "users_heard", "Heard")
    tick(case, people["officer"], "users_heard", "Heard")

    with pytest.raises(Refusal) as refusal:
        tick(case, people["officer2"], "users_heard")

    assert len(factories.events(case, "gate_ticked")) == 1
    assert refusal.value.reasons[0].code == "gate_already_ticked"
    assert "Officer" in refusal.value.reasons[0].parameters["told"]


@pytest.mark.parametrize(
    ("point", "days", "code"),
    [("users_named", 0, "gate_by_system"), ("cpv_used", 0, "gate_point_gone"), ("users_heard", 1, "date_in_future")],
)  # fmt: skip
def test_what_cannot_be_ticked_is_refused(case: Case, people: People, point: str, days: int, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        tick(case, people["officer"], point, on=TODAY + timedelta(days=days))

    assert refusal.value.reasons[0].code == code


def test_a_tick_taken_back_leaves_the_point_open_and_both_acts_in_the_log(case: Case, people: People) -> None:
    tick(case, people["officer"], "users_heard")
    row = queries.mark_of(case, "users_heard", TICK)
    assert row is not None

    service.untick(
        locked(case, people["officer2"]), "users_heard", row.sequence, factories.actor_of(people["officer2"]), TODAY, clock.now()
    )

    assert not state(case, "users_heard").satisfied
    assert [event.kind for event in cases.events_of(case)][-2:] == ["gate_ticked", "gate_unticked"]


def test_a_tick_given_anew_meanwhile_is_not_taken_back_from_an_old_page(case: Case, people: People) -> None:
    actor = factories.actor_of(people["officer"])
    tick(case, people["officer"], "users_heard")
    first = queries.mark_of(case, "users_heard", TICK)
    assert first is not None
    service.untick(locked(case, people["officer"]), "users_heard", first.sequence, actor, TODAY, clock.now())
    tick(case, people["officer2"], "users_heard", "Heard again")

    with pytest.raises(Refusal) as refusal:
        service.untick(locked(case, people["officer"]), "users_heard", first.sequence, actor, TODAY, clock.now())

    assert refusal.value.reasons[0].code == "gate_mark_changed"
    assert state(case, "users_heard").satisfied


def test_a_waived_point_lets_the_stage_go_on_and_says_why(case: Case, people: People) -> None:
    factories.answer(case, people["officer"], **{name: value for name, value in factories.FULL_NEED.items() if name != "owner"})
    tick(case, people["officer"], "users_heard")
    tick(case, people["officer"], "authority_to_prepare")
    open_points = [one.point.id for one in service.states_of(case) if one.holds]

    for point in open_points:
        waive(case, people["manager"], point, "The unit is being formed")

    assert state(case, "owner_named").how == "waived"
    assert state(case, "owner_named").note == "The unit is being formed"
    complete(case, people["officer"])
    assert case.stage != "need"


def test_a_waiver_gives_way_once_the_point_holds_by_itself(case: Case, people: People) -> None:
    waive(case, people["manager"], "owner_named")

    factories.answer(case, people["officer"], owner={"en": "Urban environment unit"})

    assert state(case, "owner_named").how == "answers"


def test_a_waiver_taken_back_makes_the_stage_wait_again(case: Case, people: People) -> None:
    waive(case, people["manager"], "owner_named")
    row = queries.mark_of(case, "owner_named", WAIVER)
    assert row is not None

    service.unwaive(
        locked(case, people["manager"]), "owner_named", row.sequence, factories.actor_of(people["manager"]), TODAY, clock.now()
    )

    assert state(case, "owner_named").holds
    assert len(factories.events(case, "gate_unwaived")) == 1


@pytest.mark.parametrize("point", ["period_ended", "no_appeal"])
def test_nobody_waives_the_standstill_or_a_pending_appeal(people: People, point: str) -> None:
    case = case_at(people["officer"], "open", "standstill", TODAY - timedelta(days=1))

    with pytest.raises(Refusal) as refusal:
        waive(case, people["manager"], point)

    assert refusal.value.reasons[0].code == "gate_not_waivable"
    assert "1397/2016" in refusal.value.reasons[0].citation


def test_a_waiver_needs_a_reason_and_a_point_that_is_open(case: Case, people: People) -> None:
    tick(case, people["officer"], "users_heard")
    codes = []
    for point, reason in (("owner_named", "  "), ("users_heard", "Because")):
        with pytest.raises(Refusal) as refusal:
            waive(case, people["manager"], point, reason)
        codes.append(refusal.value.reasons[0].code)

    assert codes == ["reason_missing", "gate_nothing_to_waive"]


def test_after_a_return_the_points_are_gone_through_again(case: Case, people: People) -> None:
    officer = people["officer"]
    factories.answer(case, officer, **factories.FULL_NEED)
    tick(case, officer, "users_heard")
    complete(case, officer, frozenset({"authority_to_prepare"}))
    case_service.return_to_stage(
        locked(case, officer), "need", TODAY, "New users", factories.actor_of(officer), TODAY, clock.now()
    )
    db.session.commit()

    assert not state(case, "users_heard").satisfied
    tick(case, officer, "users_heard", "The new ones too")
    assert state(case, "users_heard").note == "The new ones too"


def test_a_tick_from_a_page_of_an_earlier_round_is_refused(case: Case, people: People) -> None:
    visit = service.visit_of(case)
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    complete(case, people["officer"], frozenset({"users_heard", "authority_to_prepare"}))
    actor = factories.actor_of(people["officer"])
    case_service.return_to_stage(locked(case, people["officer"]), "need", TODAY, "Anew", actor, TODAY, clock.now())

    with pytest.raises(Refusal) as refusal:
        service.tick(locked(case, people["officer"]), "users_heard", visit, TODAY, "", actor, TODAY, clock.now())

    assert refusal.value.reasons[0].code == "gate_point_gone"


def test_a_procedure_chosen_within_the_stage_leaves_its_ticks(people: People) -> None:
    case = factories.make_case(people["officer"])
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    tick(case, people["officer"], "users_heard")

    actor = factories.actor_of(people["officer"])
    case_service.choose_procedure(locked(case, people["officer"]), "open", TODAY, "because", actor, TODAY, clock.now())

    assert (case.stage, state(case, "users_heard").satisfied) == ("need", True)


def test_eight_people_who_tick_at_once_make_one_event(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        reference = factories.make_case(factories.people()["officer"]).reference

    def tick_it(number: int) -> str:
        actor = factories.actor_of(factories.people()["officer" if number % 2 else "officer2"])
        found = cases.case_to_change(actor, reference)
        assert found is not None
        try:
            service.tick(found, "users_heard", 1, TODAY, f"Note {number}", actor, TODAY, clock.now())
        except Refusal as refusal:
            return refusal.reasons[0].code
        return "ticked"

    assert sorted(at_once(own_app, tick_it)) == sorted(["ticked"] + ["gate_already_ticked"] * (AT_ONCE - 1))
    with own_app.app_context():
        case = cases.case_for(factories.actor_of(factories.people()["officer"]), reference)
        assert case is not None
        assert [event.kind for event in cases.events_of(case)] == ["case_opened", "gate_ticked"]
        db.session.remove()


def person_s_point(case: Case) -> str:
    return next(one.point.id for one in service.states_of(case) if one.point.by_person)


def test_the_next_round_of_a_stage_needs_its_ticks_again(people: People) -> None:
    case = case_at(people["officer"], "competitive_negotiation", "negotiation", TODAY)
    point = person_s_point(case)
    tick(case, people["officer"], point)

    halts.repeat(case, people["officer"], TODAY, "negotiation")

    assert state(case, point).how == ""


def test_a_stage_that_is_completed_beside_takes_no_tick_of_the_present_one(people: People) -> None:
    case = case_at(people["officer"], "open", "tender_period", TODAY)
    point = person_s_point(case)
    halts.begin_beside(case, people["officer"], TODAY, "questions")
    tick(case, people["officer"], point)

    halts.complete(case, people["officer"], TODAY, "questions")

    assert case.stage == "tender_period"
    assert state(case, point).how == "ticked"


def test_a_procurement_that_is_reopened_needs_its_ticks_again(case: Case, people: People) -> None:
    tick(case, people["officer"], "users_heard")

    halts.cancel(case, people["officer"], TODAY)
    halts.reopen(case, people["officer"], TODAY, "need")

    assert state(case, "users_heard").how == ""
    assert breaks(case) == ()
