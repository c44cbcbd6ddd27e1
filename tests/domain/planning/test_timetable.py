"""The steps of a procedure, forwards. Every date below was counted on a calendar, not taken from the program."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue import deadlines, procedures, timetables
from procure.catalogue.calendar import finnish
from procure.domain.planning.office import Meeting
from procure.domain.planning.periods import Terms
from procure.domain.planning.timetable import Happened, Outline, Rules, Step, Walk, outline
from procure.domain.procedures import PROCEDURE_IDS

LAW = finnish()
RULES = Rules(LAW, LAW)
REGIMES = ("eu", "national", "light_regime", "concession", "below_national", "outside_act")
TUESDAY = date(2026, 11, 24)


def plan(procedure: str, regime: str = "eu", on: date = TUESDAY, **terms: object) -> Outline:
    found = procedures.catalogue().latest(procedure)
    return outline(found, timetables.catalogue()[procedure], Terms(regime, **terms), deadlines.catalogue(), on)  # type: ignore[arg-type]


def steps(procedure: str, regime: str = "eu", start: date = TUESDAY, rules: Rules = RULES, **terms: object) -> dict[str, Step]:
    return {step.stage: step for step in Walk(plan(procedure, regime, start, **terms), rules, start).steps()}


def test_the_notice_is_sent_on_the_start_even_when_that_is_a_saturday() -> None:
    found = steps("open", start=date(2026, 11, 28))["contract_notice"]
    assert found.starts == found.last_day == date(2026, 11, 28)


def test_the_tender_period_runs_from_the_notice_and_rolls_over_christmas() -> None:
    found = steps("open")["tender_period"]
    assert (found.starts, found.last_day) == (TUESDAY, date(2026, 12, 28))
    assert (found.min_days, found.rolled, found.citation) == (30, True, "1397/2016 56 § 3 mom")


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        ({}, 30),
        ({"electronic": False}, 35),
        ({"electronic": False, "documents_open_online": False}, 40),
        ({"documents_open_online": False}, 35),
        ({"urgent": True}, 15),
        ({"urgent": True, "documents_open_online": False}, 15),
        ({"prior_information_notice": date(2026, 10, 1)}, 15),
        ({"prior_information_notice": date(2026, 10, 1), "documents_open_online": False}, 20),
        ({"prior_information_notice": date(2026, 11, 1)}, 30),
        ({"prior_information_notice": date(2025, 11, 1)}, 30),
    ],
)
def test_the_open_tender_period_follows_56_57_61_and_69(terms: dict[str, object], days: int) -> None:
    assert steps("open", **terms)["tender_period"].min_days == days


@pytest.mark.parametrize(
    ("procedure", "terms", "requests", "stage", "tenders"),
    [
        ("restricted", {}, 30, "tender_period", 25),
        ("restricted", {"electronic": False}, 30, "tender_period", 30),
        ("restricted", {"urgent": True}, 15, "tender_period", 10),
        ("restricted", {"prior_information_notice": date(2026, 10, 1)}, 30, "tender_period", 10),
        ("restricted", {"documents_open_online": False}, 30, "tender_period", 30),
        ("competitive_negotiation", {}, 30, "initial_tenders", 25),
        ("competitive_negotiation", {"urgent": True}, 15, "initial_tenders", 10),
        ("innovation_partnership", {"urgent": True}, 30, "initial_tenders", 25),
        ("innovation_partnership", {"electronic": False}, 30, "initial_tenders", 30),
        ("innovation_partnership", {"prior_information_notice": date(2026, 10, 1)}, 30, "initial_tenders", 25),
        ("dps", {}, 30, "call", 10),
    ],
)
def test_requests_and_tenders_of_the_other_procedures(
    procedure: str, terms: dict[str, object], requests: int, stage: str, tenders: int
) -> None:
    found = steps(procedure, **terms)
    assert (found["requests"].min_days, found[stage].min_days) == (requests, tenders)


def test_57_shortens_no_dialogue() -> None:
    assert steps("competitive_dialogue", urgent=True)["requests"].min_days == 30


@pytest.mark.parametrize(("electronic", "days"), [(True, 25), (False, 30)])
def test_a_concession_has_the_periods_of_121_in_its_own_regime_only(electronic: bool, days: int) -> None:
    assert steps("concession", "concession", electronic=electronic)["tender_period"].min_days == days
    assert steps("concession", "below_national", electronic=electronic)["tender_period"].min_days is None


def test_outside_the_eu_regime_and_in_the_special_sectors_no_law_sets_a_minimum() -> None:
    assert steps("open", "national")["tender_period"].min_days is None
    assert steps("national", "national")["tender_period"].min_days is None
    assert steps("light_regime", "light_regime")["tender_period"].min_days is None
    assert steps("open", utilities=True)["tender_period"].min_days is None


def test_tenders_are_counted_from_the_day_the_invitation_is_sent() -> None:
    found = steps("restricted")
    assert found["tender_period"].starts == found["invitation"].last_day


def test_questions_are_answered_six_days_before_tenders_are_due() -> None:
    # the period ends on Monday 28 December; six days before is Tuesday the 22nd
    assert steps("open")["questions"].last_day == date(2026, 12, 22)
    # with urgency it ends on Wednesday 9 December; four days before is Saturday the 5th, the working day before it the 4th
    assert steps("open", urgent=True)["questions"].last_day == date(2026, 12, 4)


def test_a_step_of_the_city_s_own_begins_on_the_next_working_day_and_takes_working_days() -> None:
    rules = Rules(LAW, LAW, {"tender_period": 15, "evaluation": 3})
    found = steps("national", "national", rules=rules)
    assert (found["tender_period"].starts, found["tender_period"].last_day) == (date(2026, 11, 25), date(2026, 12, 15))
    assert (found["evaluation"].starts, found["evaluation"].last_day) == (date(2026, 12, 16), date(2026, 12, 18))


def test_the_standstill_runs_from_the_notification_and_the_contract_waits_for_its_end() -> None:
    days = {"opening": 1, "suitability": 1, "compliance": 1, "comparison": 1, "award_decision": 1, "notification": 1}
    found = steps("open", start=date(2026, 11, 2), rules=Rules(LAW, LAW, days))
    # tenders until Wednesday 2 December; five steps of a day each until the 10th (6 December is a Sunday); notified on the 10th
    assert found["tender_period"].last_day == date(2026, 12, 2)
    assert found["notification"].last_day == date(2026, 12, 10)
    assert (found["standstill"].starts, found["standstill"].last_day) == (date(2026, 12, 10), date(2026, 12, 28))
    assert (found["standstill"].min_days, found["standstill"].rolled) == (14, True)
    assert found["contract"].starts == date(2026, 12, 29)


def test_inside_a_dynamic_purchasing_system_the_standstill_is_ten_days() -> None:
    found = steps("dps")["standstill"]
    assert (found.min_days, found.citation) == (10, "1397/2016 129 § 2 mom")


@pytest.mark.parametrize(("procedure", "regime", "before"), [("national", "national", "notification"),
                                                             ("small_purchase", "below_national", "award_decision"),
                                                             ("open", "national", "notification"),
                                                             ("direct_award", "eu", "award_decision")])  # fmt: skip
def test_without_a_standstill_the_contract_comes_on_the_next_working_day(procedure: str, regime: str, before: str) -> None:
    found = steps(procedure, regime)
    assert "standstill" not in found
    assert found["contract"].starts == LAW.after(found[before].last_day)


def test_the_report_is_written_while_the_standstill_runs() -> None:
    found = steps("open")
    assert found["report"].starts == LAW.after(found["notification"].last_day)
    assert found["report"].last_day < found["standstill"].last_day < found["contract"].starts


def test_the_award_notice_follows_the_contract_also_where_a_partnership_goes_on() -> None:
    found = steps("innovation_partnership")
    assert found["result_notice"].starts == LAW.after(found["contract"].last_day) == found["partnership_phase"].starts


def test_a_small_purchase_and_a_framework_have_the_stages_that_are_promised() -> None:
    assert list(steps("small_purchase", "below_national")) == ["request_for_offers", "offers", "award_decision", "contract"]
    assert list(steps("framework")) == list(steps("open"))


def test_a_decision_waits_for_the_next_meeting_of_the_board() -> None:
    meetings = (Meeting(date(2027, 1, 12), "Board"), Meeting(date(2027, 3, 2), "Board"))
    rules = Rules(LAW, LAW, {"evaluation": 1, "award_decision": 1, "tender_period": 40}, meetings)
    found = steps("national", "national", rules=rules)["award_decision"]
    assert (found.last_day, found.waits_for) == (date(2027, 3, 2), "Board")


def test_a_closing_day_of_the_city_holds_up_its_work_but_no_period_of_law() -> None:
    closed = LAW.with_closed({date(2026, 12, 28), date(2026, 12, 29)})
    found = steps("open", rules=Rules(LAW, closed))
    assert found["tender_period"].last_day == date(2026, 12, 28)
    assert found["opening"].starts == date(2026, 12, 30)


def test_what_has_happened_stays_as_it_happened_and_the_rest_moves() -> None:
    done = {"contract_notice": Happened(date(2026, 11, 20), TUESDAY), "tender_period": Happened(TUESDAY, date(2027, 1, 15))}
    found = {step.stage: step for step in Walk(plan("open"), RULES, TUESDAY, happened=done).steps()}
    assert (found["tender_period"].last_day, found["tender_period"].happened) == (date(2027, 1, 15), True)
    assert found["opening"].starts == date(2027, 1, 18)


def test_a_day_the_officer_wants_lengthens_a_period_of_law_but_never_shortens_it() -> None:
    later = Walk(plan("open"), RULES, TUESDAY, fixed={"tender_period": date(2027, 1, 15)}).steps()
    sooner = Walk(plan("open"), RULES, TUESDAY, fixed={"tender_period": date(2026, 12, 10)}).steps()
    assert next(step for step in later if step.stage == "tender_period").last_day == date(2027, 1, 15)
    assert next(step for step in sooner if step.stage == "tender_period").last_day == date(2026, 12, 28)


ANY_PLAN = {
    "procedure": st.sampled_from(PROCEDURE_IDS),
    "regime": st.sampled_from(REGIMES),
    "start": st.dates(date(2018, 1, 1), date(2035, 6, 30)),
    "electronic": st.booleans(),
    "documents_open_online": st.booleans(),
    "urgent": st.booleans(),
    "utilities": st.booleans(),
}


@given(**ANY_PLAN)
def test_every_plan_goes_forwards_ends_on_working_days_and_keeps_the_minimums(
    procedure: str, regime: str, start: date, **terms: bool
) -> None:
    found = Walk(plan(procedure, regime, start, **terms), RULES, start).steps()
    assert [step.starts for step in found] == sorted(step.starts for step in found)
    assert found[0].starts == start
    for step in found[1:]:
        assert step.starts <= step.last_day
        assert LAW.is_working_day(step.last_day) or step.last_day == start
        assert step.min_days is None or (step.last_day - step.starts).days >= step.min_days
