"""What may be wished of a plan, and what is refused with its section. Dates counted on a calendar."""

from datetime import date

import pytest

from procure.domain.outcomes import Reason, Refusal
from procure.domain.planning.plan import Choices, Standing
from procure.domain.planning.timetable import Happened, Rules
from procure.domain.planning.wishes import check_wishes, days_of, has_duration, kept, may_be_wished
from tests.domain.planning.test_plan import DAYS, NOTHING, OPEN, QUICK, december, line, november, planned, route
from tests.domain.planning.test_timetable import LAW, TUESDAY

PREPARED = Standing(
    {
        "need": Happened(november(2), november(6)),
        "plan": Happened(november(6), november(23)),
        "contract_notice": Happened(november(23)),
    },
    current="contract_notice",
)
"""The notice is sent today: tenders until Monday 28 December."""
ONE_DAY_EACH = Rules(
    LAW, LAW,
    dict.fromkeys(("contract_notice", "opening", "suitability", "compliance", "comparison", "award_decision", "notification"), 1),
)  # fmt: skip


def refused(wished: dict[str, date], stands: Standing = PREPARED) -> tuple[Reason, ...]:
    with pytest.raises(Refusal) as refusal:
        check_wishes(OPEN, ONE_DAY_EACH, Choices(wished=wished), stands, TUESDAY)
    return refusal.value.reasons


def allowed(wished: dict[str, date]) -> None:
    check_wishes(OPEN, ONE_DAY_EACH, Choices(wished=wished), PREPARED, TUESDAY)


def test_a_period_of_law_cannot_be_made_a_day_shorter() -> None:
    reason = Reason("period_too_short", {"earliest_on": "2026-12-28"}, "1397/2016 56 § 3 mom", target="tender_period")
    assert refused({"tender_period": december(27)}) == (reason,)
    allowed({"tender_period": december(28)})


def test_no_contract_is_wished_into_the_standstill() -> None:
    # tenders until 28 December; five steps of a day until 5 January; the 6th is Epiphany, so notified on the 7th; 14 days until the 21st
    reason = Reason("period_too_short", {"earliest_on": "2027-01-22"}, "1397/2016 129 § 1 mom", target="contract")
    assert refused({"contract": date(2027, 1, 21)}) == (reason,)
    allowed({"contract": date(2027, 1, 22)})


def test_a_longer_tender_period_pushes_the_first_day_of_the_contract() -> None:
    reasons = refused({"contract": date(2027, 1, 22), "tender_period": december(29)})
    assert [(reason.target, reason.parameters) for reason in reasons] == [("contract", {"earliest_on": "2027-01-25"})]


def test_a_day_before_the_steps_before_are_ready_is_refused_without_a_section() -> None:
    # the evaluation of compliance begins on Thursday 31 December
    reason = Reason("day_too_early", {"earliest_on": "2026-12-31"}, target="compliance")
    assert refused({"compliance": december(30)}) == (reason,)
    allowed({"compliance": december(31)})


def test_every_faulty_wish_is_named() -> None:
    assert {reason.target for reason in refused({"tender_period": december(1), "contract": december(2)})} == {
        "tender_period",
        "contract",
    }


def test_a_city_s_own_stage_may_be_made_shorter_than_usual() -> None:
    check_wishes(route(), QUICK, Choices(wished={"offers": december(1)}), NOTHING, TUESDAY)


def test_a_wish_about_a_stage_that_is_over_is_let_be() -> None:
    allowed({"need": november(1)})


def test_only_the_city_s_own_open_stages_have_days_to_choose() -> None:
    plan = planned(stands=PREPARED, along=OPEN, rules=ONE_DAY_EACH)
    assert has_duration(line(plan, "compliance"), OPEN)
    for stage in ("need", "tender_period", "questions", "standstill"):
        assert not has_duration(line(plan, stage), OPEN), stage


def test_the_last_day_may_be_wished_of_what_follows_from_nothing_else() -> None:
    plan = planned(stands=PREPARED, along=OPEN, rules=ONE_DAY_EACH)
    assert may_be_wished(line(plan, "tender_period"), OPEN)
    assert may_be_wished(line(plan, "contract"), OPEN)
    for stage in ("need", "contract_notice", "questions", "standstill"):
        assert not may_be_wished(line(plan, stage), OPEN), stage


def test_choices_about_stages_that_are_over_are_dropped_when_the_plan_is_saved() -> None:
    stands = Standing({"need": Happened(november(16), november(20)), "plan": Happened(november(20))}, current="plan")
    wanted = Choices(
        durations={"need": 3, "offers": 6, "standstill": 2}, wished={"need": november(20), "offers": december(9), "report": december(9)}
    )  # fmt: skip
    found = kept(wanted, planned(wanted, stands), route())
    assert dict(found.wished) == {"offers": december(9)}
    # a number for a stage that this plan does not have waits for a plan that has it
    assert dict(found.durations) == {"offers": 6, "standstill": 2}


def test_the_days_of_a_plan_are_those_of_each_of_its_stages() -> None:
    plan = planned()
    assert list(days_of(plan)) == list(DAYS)
    assert days_of(plan)["offers"] == (december(1), december(7))
