"""The plan of a case: preparation and procedure in one row. Every date below was counted on a calendar, not taken from the program.

November 2026: Tuesday the 24th is today. December: Sunday the 6th is Independence Day, Thursday the 24th and Friday the 25th are free.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procure.catalogue import procedures
from procure.domain.calendar import OutOfCalendar
from procure.domain.planning.office import Meeting
from procure.domain.planning.plan import (
    BACKWARDS,
    Choices,
    Line,
    Plan,
    Planner,
    Route,
    Standing,
    moves,
    standing,
)
from procure.domain.planning.timetable import Happened, Rules
from procure.domain.planning.wishes import days_of
from procure.domain.stages import Progress, Visit
from tests.domain.planning.test_timetable import LAW, TUESDAY
from tests.domain.planning.test_timetable import plan as outline_of

DAYS = {"need": 2, "plan": 2, "request_for_offers": 1, "offers": 5, "award_decision": 2, "contract": 1}
QUICK = Rules(LAW, LAW, DAYS)
NOTHING = Standing()


def november(day: int) -> date:
    return date(2026, 11, day)


def december(day: int) -> date:
    return date(2026, 12, day)


def route(procedure: str = "small_purchase", regime: str = "below_national", notice: str = "request_for_offers") -> Route:
    stages = procedures.catalogue().latest(procedure).stages
    position = next(number for number, stage in enumerate(stages) if stage.id == notice)
    return Route(stages[:position], outline_of(procedure, regime), chosen=True)


OPEN = route("open", "eu", "contract_notice")


def planned(
    choices: Choices | None = None, stands: Standing = NOTHING, today: date = TUESDAY, *,
    along: Route | None = None, rules: Rules = QUICK, saved: Mapping[str, Any] | None = None,
) -> Plan:  # fmt: skip
    return Planner(along or route(), rules, choices or Choices(), stands, today, saved).plan()


def line(plan: Plan, stage: str) -> Line:
    found = plan.line(stage)
    assert found is not None, stage
    return found


def days(plan: Plan, stage: str) -> tuple[date, date]:
    return line(plan, stage).days


def test_preparation_and_procedure_stand_in_one_row() -> None:
    found = planned()
    assert [(one.stage.id, one.first, one.last) for one in found.lines] == [
        ("need", november(24), november(25)),
        ("plan", november(26), november(27)),
        ("request_for_offers", november(30), november(30)),
        ("offers", december(1), december(7)),
        ("award_decision", december(8), december(9)),
        ("contract", december(10), december(10)),
    ]
    assert [one.preparation for one in found.lines] == [True, True, False, False, False, False]
    assert found.contract_on == december(10)


def test_a_plan_made_on_a_saturday_begins_on_the_monday() -> None:
    assert days(planned(today=november(28)), "need") == (november(30), december(1))


def test_the_notice_waits_for_the_planned_start() -> None:
    found = planned(Choices(start=december(4)))
    assert days(found, "plan") == (november(26), november(27))
    assert days(found, "request_for_offers") == (december(4), december(4))
    assert found.contract_on == december(16)


def test_a_start_that_preparation_does_not_let_come_true_is_put_off() -> None:
    assert days(planned(Choices(start=november(25))), "request_for_offers") == (november(30), november(30))


def test_what_has_happened_stays_on_its_days_and_the_rest_follows() -> None:
    stands = Standing({"need": Happened(november(16), november(20)), "plan": Happened(november(20))}, current="plan")
    found = planned(stands=stands)
    assert [one.state for one in found.lines[:3]] == ["done", "current", "planned"]
    assert days(found, "need") == (november(16), november(20))
    # two working days from Friday the 20th would be over on the 23rd, but it is the 24th and the plan is not ready
    assert days(found, "plan") == (november(20), november(24))
    assert days(found, "request_for_offers") == (november(25), november(25))


def test_a_case_whose_contract_has_been_made_says_when() -> None:
    stands = Standing({stage: Happened(november(16), november(20)) for stage in DAYS})
    found = planned(Choices(needed_by=november(19)), stands)
    assert all(one.state == "done" for one in found.lines)
    assert (found.contract_on, found.feasible) == (november(20), False)


def test_a_skipped_stage_is_neither_open_nor_to_be_moved() -> None:
    stands = Standing(
        {"need": Happened(november(16), november(18)), "prior_art": Happened(november(18), november(18))},
        frozenset({"prior_art"}), "market_consultation",
    )  # fmt: skip
    found = line(planned(stands=stands, along=OPEN), "prior_art")
    assert (found.state, found.open, found.slack) == ("skipped", False, None)


def test_an_optional_stage_that_is_given_no_days_is_left_out() -> None:
    found = planned(Choices(durations={"prior_art": 0}), along=OPEN)
    assert found.line("prior_art") is None
    assert found.line("market_consultation") is not None


def test_an_optional_stage_that_the_case_is_in_is_not_left_out() -> None:
    stands = Standing(
        {"need": Happened(november(16), november(18)), "prior_art": Happened(november(18))}, current="prior_art"
    )  # fmt: skip
    assert planned(Choices(durations={"prior_art": 0}), stands, along=OPEN).line("prior_art") is not None


def test_the_case_s_own_number_goes_before_the_city_s() -> None:
    assert days(planned(Choices(durations={"need": 4})), "need") == (november(24), november(27))


def test_a_wished_day_is_kept_and_what_follows_moves() -> None:
    found = planned(Choices(wished={"offers": december(9)}))
    assert days(found, "offers") == (december(1), december(9))
    assert (days(found, "award_decision"), found.contract_on) == ((december(10), december(11)), december(14))


def test_a_wished_day_on_which_the_city_is_closed_becomes_the_next_that_it_works() -> None:
    rules = Rules(LAW, LAW.with_closed({december(9), december(10)}), DAYS)
    assert days(planned(Choices(wished={"plan": december(9)}), rules=rules), "plan")[1] == december(11)


def test_a_wish_of_yesterday_is_today_s_work() -> None:
    assert days(planned(Choices(wished={"need": november(20)})), "need") == (november(24), november(24))


def test_a_decision_waits_for_the_meeting() -> None:
    rules = Rules(LAW, LAW, DAYS, (Meeting(december(1), "Board"), Meeting(december(15), "Board")))
    found = planned(rules=rules)
    assert (line(found, "award_decision").last, line(found, "award_decision").waits_for) == (december(15), "Board")
    assert found.contract_on == december(16)


def test_a_period_of_law_carries_its_days_and_its_section() -> None:
    stands = Standing({"need": Happened(november(2), november(6)), "plan": Happened(november(6), november(24))})
    found = line(planned(Choices(start=november(25), durations={"contract_notice": 1}), stands, along=OPEN), "tender_period")
    # thirty days from Wednesday 25 November end on Friday 25 December, which is free, as are the days up to Monday the 28th
    assert (found.min_days, found.last, found.rolled) == (30, december(28), True)
    assert found.citation == "1397/2016 56 § 3 mom"


# backwards


def test_without_a_day_of_need_nothing_is_early_or_late() -> None:
    found = planned()
    assert (found.feasible, found.latest_start) == (None, None)
    assert all(one.slack is None for one in found.lines)


def test_the_last_days_are_counted_back_from_the_need_through_preparation() -> None:
    found = planned(Choices(needed_by=december(18)))
    # decided by the 17th, offers from the 9th to the 15th, so the request goes out on Tuesday the 8th
    assert found.latest_start == december(8)
    assert {one.stage.id: one.latest for one in found.lines} == {
        "need": december(3),
        "plan": december(7),
        "request_for_offers": december(8),
        "offers": december(15),
        "award_decision": december(17),
        "contract": december(18),
    }
    # need ends on Wednesday 25 November: 26, 27, 30, 1, 2 and 3 are to spare
    assert {one.slack for one in found.lines} == {6}
    assert found.feasible is True


def test_backwards_every_stage_stands_on_its_last_days() -> None:
    found = planned(Choices(BACKWARDS, needed_by=december(18)))
    assert [(one.stage.id, one.first, one.last) for one in found.lines[:3]] == [
        ("need", december(2), december(3)),
        ("plan", december(4), december(7)),
        ("request_for_offers", december(8), december(8)),
    ]
    assert found.contract_on == december(18)
    assert {one.slack for one in found.lines} == {0}


def test_backwards_a_stage_that_has_begun_stays_begun() -> None:
    found = planned(
        Choices(BACKWARDS, needed_by=december(18)), Standing({"need": Happened(november(16))}, current="need")
    )  # fmt: skip
    assert days(found, "need") == (november(16), december(3))


def test_a_need_that_comes_too_soon_is_late_before_anything_has_begun() -> None:
    # by Wednesday 9 December: the request on 27 November, the plan on the 25th and 26th, the need on Monday and Tuesday
    for mode in ("forwards", BACKWARDS):
        found = planned(Choices(mode, needed_by=december(9)))
        assert found.latest_start == november(27)
        assert (line(found, "need").latest, line(found, "need").slack) == (november(24), -1)
        assert (found.contract_on, found.feasible) == (december(10), False)


def test_a_need_before_any_calendar_leaves_the_plan_without_last_days() -> None:
    found = planned(Choices(needed_by=date(1931, 1, 5)))
    assert (found.latest_start, found.feasible) == (None, False)


def test_a_plan_beyond_every_calendar_says_so() -> None:
    with pytest.raises(OutOfCalendar):
        planned(Choices(durations={"need": 1_000_000}))


def test_where_the_rules_are_not_known_only_preparation_is_planned() -> None:
    found = planned(Choices(needed_by=december(18)), along=Route(route().preparation, None, chosen=True))
    assert [one.stage.id for one in found.lines] == ["need", "plan"]
    assert (found.procedure, found.notice, found.contract, found.contract_on, found.feasible) == ("", None, None, None, None)


# beside what was saved


def test_a_stage_done_late_makes_the_contract_late_in_working_days() -> None:
    saved = days_of(planned())
    stands = Standing({"need": Happened(november(24), december(2)), "plan": Happened(december(2))}, current="plan")
    found = planned(stands=stands, today=december(2), saved=saved)
    # the need was to end on 25 November: 26, 27, 30, 1 and 2
    assert (line(found, "need").late, line(found, "need").saved) == (5, (november(24), november(25)))
    # the plan takes the 2nd and 3rd, the request the 4th, offers 7 to 11, the decision 14 and 15: four days after the 10th
    assert (found.contract_on, line(found, "contract").late) == (december(16), 4)


def test_a_stage_done_early_is_early() -> None:
    saved = days_of(planned())
    stands = Standing({"need": Happened(november(24), november(24)), "plan": Happened(november(24))}, current="plan")
    assert line(planned(stands=stands, saved=saved), "need").late == -1


def test_a_plan_held_against_itself_is_on_time() -> None:
    assert {one.late for one in planned(saved=days_of(planned())).lines} == {0}


def test_moves_say_how_far_each_stage_goes_and_leave_out_what_stays() -> None:
    found = moves(planned(), planned(Choices(durations={"offers": 7})), LAW)
    assert [(move.stage.id, move.working_days) for move in found] == [("offers", 2), ("award_decision", 2), ("contract", 2)]
    assert (found[0].old, found[0].new) == ((december(1), december(7)), (december(1), december(9)))


def test_moves_to_earlier_days_count_below_zero() -> None:
    found = {move.stage.id: move.working_days for move in moves(planned(), planned(Choices(durations={"offers": 3})), LAW)}
    assert found == {"offers": -2, "award_decision": -2, "contract": -2}


def test_moves_name_the_stage_that_is_left_out_and_the_one_that_is_new() -> None:
    without, whole = planned(Choices(durations={"prior_art": 0}), along=OPEN), planned(along=OPEN)
    gone = next(move for move in moves(whole, without, LAW) if move.stage.id == "prior_art")
    new = next(move for move in moves(without, whole, LAW) if move.stage.id == "prior_art")
    assert (gone.new, new.old) == (None, None)
    assert gone.old == new.new == days(whole, "prior_art")


# where the case stands


def test_a_stage_that_a_return_has_put_ahead_is_planned_anew() -> None:
    visits = (
        Visit("need", november(2), november(6), "completed"),
        Visit("plan", november(6), november(10), "returned"),
        Visit("need", november(10)),
    )
    found = standing(Progress(visits), procedures.catalogue().latest("small_purchase"))
    assert dict(found.happened) == {"need": Happened(november(10))}
    assert (found.current, found.state("need"), found.state("plan")) == ("need", "current", "planned")


def test_a_case_past_its_last_stage_has_every_stage_behind_it() -> None:
    procedure = procedures.catalogue().latest("small_purchase")
    visits = tuple(Visit(stage.id, november(2), november(3), "completed") for stage in procedure.stages)
    found = standing(Progress(visits), procedure)
    assert found.current == ""
    assert {found.state(stage.id) for stage in procedure.stages} == {"done"}


def test_a_skipped_visit_makes_a_skipped_stage() -> None:
    visits = (
        Visit("need", november(2), november(6), "completed"),
        Visit("prior_art", november(6), november(6), "skipped"),
        Visit("market_consultation", november(6)),
    )
    found = standing(Progress(visits), procedures.catalogue().latest("open"))
    assert (found.state("prior_art"), found.over("prior_art")) == ("skipped", True)


ANY_CHOICE = {
    "durations": st.dictionaries(st.sampled_from(sorted(DAYS)), st.integers(0, 40)),
    "start": st.none() | st.dates(date(2026, 11, 1), date(2027, 12, 31)),
    "needed_by": st.none() | st.dates(date(2026, 11, 1), date(2028, 12, 31)),
    "wished": st.dictionaries(st.sampled_from(["need", "plan", "offers", "award_decision"]), st.dates(TUESDAY, date(2028, 1, 1))),
    "mode": st.sampled_from(["forwards", BACKWARDS]),
}


@settings(max_examples=60)
@given(**ANY_CHOICE, gone=st.integers(0, 30))
def test_no_stage_begins_before_the_one_it_follows_has_ended_and_none_ends_in_the_past(gone: int, **chosen: Any) -> None:
    today = TUESDAY + timedelta(days=gone)
    found = planned(Choices(**chosen), today=today)
    for before, after in zip(found.lines, found.lines[1:], strict=False):
        assert before.last < after.first <= after.last
    assert all(one.last >= today for one in found.lines)


@settings(max_examples=60)
@given(**ANY_CHOICE)
def test_slack_of_the_contract_agrees_with_being_in_time(**chosen: Any) -> None:
    found = planned(Choices(**chosen))
    contract = line(found, "contract")
    if contract.slack is not None:
        assert (contract.slack >= 0) == found.feasible
