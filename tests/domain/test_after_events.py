"""Which periods of the law follow which event; vectors counted by hand (holidays of 2026 and 2027)."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue import calendar, deadlines, procedures
from procure.domain import after_events, stages
from procure.domain.advice.records import REGIMES
from procure.domain.after_events import BEFORE_TENDERS, DONE_BY, FOLLOWING, WAITS, Event
from procure.domain.calendar import OutOfCalendar
from procure.domain.stages import COMPLETED, OPENED, StageEvent
from tests.domain.records import procedure as made_procedure
from tests.domain.records import stage as made_stage

TUESDAY = date(2026, 11, 24)


def begun(stage: str, on: date, procedure: str = "open", regime: str = "eu", **facts: object) -> dict[str, after_events.Started]:
    event = Event(stage, on, procedure, regime, **facts)  # type: ignore[arg-type]
    return {one.counted.rule.id: one for one in after_events.after(event, deadlines.catalogue(), calendar.finnish())}


@pytest.mark.parametrize(
    ("sent_on", "sent_by", "last_day", "rolled", "safe_from"),
    [
        (date(2026, 11, 24), "email", date(2026, 12, 8), date(2026, 12, 8), date(2026, 12, 9)),
        (date(2026, 12, 10), "email", date(2026, 12, 24), date(2026, 12, 28), date(2026, 12, 29)),  # Christmas Eve
        (date(2026, 12, 12), "email", date(2026, 12, 26), date(2026, 12, 28), date(2026, 12, 29)),
        (date(2026, 11, 24), "letter", date(2026, 12, 15), date(2026, 12, 15), date(2026, 12, 16)),
    ],
)
def test_the_standstill_and_the_appeal_end_14_days_after_receipt(
    sent_on: date, sent_by: str, last_day: date, rolled: date, safe_from: date
) -> None:
    found = begun("notification", sent_on, sent_by=sent_by)

    for rule in ("standstill", "appeal"):
        counted = found[rule].counted
        assert (counted.last_day, counted.rolled_last_day, counted.safe_from) == (last_day, rolled, safe_from)
        assert found[rule].sent_by == sent_by
    assert found["correction_party"].counted.rolled_last_day == rolled
    assert set(found) == {"standstill", "appeal", "correction_party"}


def test_inside_a_dynamic_purchasing_system_the_standstill_is_10_days() -> None:
    found = begun("notification", date(2026, 11, 27), "dps")

    assert "standstill" not in found
    assert found["standstill_dps_framework"].counted.rolled_last_day == date(2026, 12, 7)
    assert found["appeal"].counted.rolled_last_day == date(2026, 12, 11)


@pytest.mark.parametrize("regime", ["eu", "light_regime", "concession"])
def test_a_standstill_follows_the_notification_under_these_rules(regime: str) -> None:
    assert "standstill" in begun("notification", TUESDAY, regime=regime)


def test_a_national_procurement_has_no_standstill_but_may_be_appealed_against() -> None:
    assert set(begun("notification", TUESDAY, "national", "national")) == {"appeal", "correction_party"}


def test_a_small_purchase_is_corrected_and_not_appealed_against() -> None:
    assert set(begun("award_decision", TUESDAY, "small_purchase", "below_national")) == {"correction_own"}
    assert begun("contract", TUESDAY, "small_purchase", "below_national") == {}


def test_the_decision_starts_the_city_s_own_correction_and_the_outer_limit_of_appeal() -> None:
    found = begun("award_decision", TUESDAY)

    assert found["correction_own"].counted.rolled_last_day == date(2027, 2, 22)
    assert found["appeal_defective"].counted.rolled_last_day == date(2027, 5, 24)
    assert set(found) == {"correction_own", "appeal_defective"}


def test_the_contract_starts_the_award_notice_and_the_keeping_of_documents() -> None:
    found = begun("contract", date(2026, 12, 9))

    assert found["award_notice"].counted.rolled_last_day == date(2027, 1, 8)
    assert found["archive"].counted.rolled_last_day == date(2029, 12, 9)
    assert set(found) == {"award_notice", "archive"}


def test_a_concession_has_48_days_for_its_award_notice() -> None:
    found = begun("contract", date(2026, 12, 9), "concession", "concession")

    assert found["award_notice_concession"].counted.rolled_last_day == date(2027, 1, 26)
    assert "award_notice" not in found


def test_of_a_framework_agreement_the_decision_starts_the_award_notice() -> None:
    assert begun("award_decision", TUESDAY, "framework")["award_notice"].counted.last_day == date(2026, 12, 24)
    assert "award_notice" not in begun("contract", TUESDAY, "framework")


def test_a_design_contest_announces_its_result_within_30_days() -> None:
    assert begun("result", TUESDAY, "design_contest")["award_notice"].counted.rolled_last_day == date(2026, 12, 28)
    assert begun("result", TUESDAY, "challenge_competition", "outside_act") == {}


def test_a_direct_award_announced_before_waits_14_days_for_its_contract() -> None:
    found = begun("ex_ante_notice", TUESDAY, "direct_award")

    wait = found["direct_award.contract_after_ex_ante"].counted
    assert (wait.rolled_last_day, wait.safe_from) == (date(2026, 12, 8), date(2026, 12, 9))
    assert found["appeal_ex_ante"].counted.rolled_last_day == date(2026, 12, 8)


def test_of_a_national_notice_of_a_direct_award_the_act_does_not_say_when_the_appeal_ends() -> None:
    assert set(begun("ex_ante_notice", TUESDAY, "direct_award", "national")) == {"direct_award.contract_after_ex_ante"}


def test_a_direct_award_without_a_notice_may_be_appealed_against_for_6_months() -> None:
    silent = begun("contract", TUESDAY, "direct_award")
    announced = begun("contract", TUESDAY, "direct_award", ex_ante=True)

    assert silent["appeal_direct_award_no_notice"].counted.rolled_last_day == date(2027, 5, 24)
    assert "appeal_direct_award_no_notice" not in announced


@pytest.mark.parametrize(("exception", "longer"), [("call_off", True), ("only_tender", False), ("dynamic_purchase", True)])
def test_a_contract_without_standstill_under_two_exceptions_lengthens_the_appeal(exception: str, longer: bool) -> None:
    found = begun("contract", date(2026, 12, 1), exception=exception, notified_on=TUESDAY, notified_by="letter")

    assert ("appeal_no_standstill" in found) == longer
    if longer:
        started = found["appeal_no_standstill"]
        assert started.counted.counted_from == date(2026, 12, 1)  # the letter's receipt, not the contract
        assert started.counted.rolled_last_day == date(2026, 12, 31)
        assert started.sent_by == "letter"


def test_answers_to_questions_are_counted_back_from_the_last_day_for_tenders() -> None:
    due = date(2027, 1, 7)

    assert begun("contract_notice", TUESDAY, tenders_due_on=due)["additional_info"].counted.rolled_last_day == date(2026, 12, 31)
    assert begun("invitation", TUESDAY, "restricted", tenders_due_on=due)["additional_info"].counted.last_day == date(2027, 1, 1)
    assert set(begun("contract_notice", TUESDAY, tenders_due_on=due, urgent=True)) == {"additional_info_accelerated"}
    assert begun("contract_notice", TUESDAY) == {}
    assert begun("contract_notice", TUESDAY, "light_regime", "light_regime", tenders_due_on=due) == {}


def test_outside_the_act_nothing_begins() -> None:
    for line, procedure in product((*FOLLOWING, *BEFORE_TENDERS), procedures.catalogue().choosable()):
        assert begun(line.stage, TUESDAY, procedure.id, "outside_act", tenders_due_on=date(2027, 1, 7)) == {}


@pytest.mark.parametrize(
    ("procedure", "advised", "regime"),
    [
        ("open", "", "eu"), ("national", "", "national"), ("small_purchase", "", "below_national"), ("pcp", "", "outside_act"),
        ("light_regime", "", "light_regime"), ("open", "national", "national"), ("open", "unknown", "eu"),
        ("challenge_competition", "", "outside_act"),
    ],
)  # fmt: skip
def test_the_rules_are_those_of_the_advice_else_those_the_procedure_stands_for(procedure: str, advised: str, regime: str) -> None:
    assert after_events.regime_of(procedure, advised) == regime


def test_every_line_names_a_rule_a_stage_and_rules_that_exist() -> None:
    names = {procedure.id: {stage.id for stage in procedure.stages} for procedure in procedures.catalogue().choosable()}
    for line in (*FOLLOWING, *BEFORE_TENDERS):
        assert line.rule in deadlines.catalogue(), line
        assert line.regimes <= set(REGIMES), line
        assert line.only | line.but <= set(names), line
        assert line.citation.startswith("1397/2016 "), line
        reached = line.only or set(names) - line.but
        assert any(line.stage in names[procedure] for procedure in reached), line
    for rule in (*WAITS, *DONE_BY):
        assert rule in deadlines.catalogue()


def test_whoever_completes_a_stage_is_asked_only_what_begins_there() -> None:
    def asked(stage: str, procedure: str = "open", regime: str = "eu") -> tuple[bool, bool, bool]:
        found = after_events.asked(procedure, regime, stage)
        return found.sent_by, found.evidence, found.tenders_due_on

    assert asked("need") == (False, False, False)
    assert asked("contract_notice") == (False, True, True)
    assert asked("award_decision") == (False, True, False)
    assert asked("notification") == (True, True, False)
    assert asked("notification", "national", "national") == (True, True, False)
    assert asked("contract", "small_purchase", "below_national") == (False, False, False)


def test_the_contract_waits_for_the_period_that_ends_last() -> None:
    rows = [
        ("standstill", date(2026, 12, 9), "129 §"),
        ("direct_award.contract_after_ex_ante", date(2026, 12, 11), "131 §"),
        ("appeal", date(2027, 1, 1), "147 §"),
    ]

    for_contract, for_standstill = after_events.wait("contract", rows), after_events.wait("standstill", rows)

    assert for_contract is not None
    assert (for_contract.safe_on, for_contract.may_be_lifted) == (date(2026, 12, 11), False)
    assert for_standstill is not None
    assert (for_standstill.safe_on, for_standstill.may_be_lifted) == (date(2026, 12, 9), True)
    assert after_events.wait("report", rows) is None


class Row:
    """A period as it is kept."""

    def __init__(self, rule: str, rolled_last_day: date, met_on: date | None = None) -> None:
        self.rule, self.rolled_last_day, self.met_on = rule, rolled_last_day, met_on


def test_what_the_city_must_still_do_is_looked_for_until_it_is_done_or_passed() -> None:
    steps = made_procedure(made_stage("questions"), made_stage("tender_period"), made_stage("opening"))
    recorded = datetime.fromisoformat("2026-11-24T10:00:00+00:00")

    def at(day: date) -> stages.Progress:
        events = [StageEvent(OPENED, TUESDAY, recorded, ""), StageEvent(COMPLETED, day, recorded, "", "questions")]
        return stages.replay([(event, steps) for event in events])

    answers, notice = Row("additional_info", date(2026, 12, 4)), Row("award_notice", date(2026, 12, 1))

    assert list(after_events.acts(at(date(2026, 12, 4)), [answers])) == [(date(2026, 12, 4), "additional_info")]
    assert list(after_events.acts(at(date(2026, 12, 5)), [answers])) == []
    assert list(after_events.acts(at(date(2026, 12, 5)), [notice])) == [(date(2026, 12, 1), "award_notice")]
    assert list(after_events.acts(at(TUESDAY), [Row("award_notice", TUESDAY, met_on=TUESDAY)])) == []
    assert list(after_events.acts(at(TUESDAY), [Row("archive", TUESDAY)])) == []


@given(
    on=st.dates(date(2017, 1, 1), date(2090, 12, 31)),
    stage=st.sampled_from(sorted({line.stage for line in FOLLOWING})),
    procedure=st.sampled_from([procedure.id for procedure in procedures.catalogue().choosable()]),
    regime=st.sampled_from(REGIMES),
    sent_by=st.sampled_from(["email", "letter"]),
)
def test_no_period_ends_on_a_day_off_or_before_its_event(on: date, stage: str, procedure: str, regime: str, sent_by: str) -> None:
    for rule, one in begun(stage, on, procedure, regime, sent_by=sent_by).items():
        counted = one.counted
        assert on <= counted.counted_from < counted.last_day <= counted.rolled_last_day
        assert rule == "archive" or calendar.finnish().is_working_day(counted.rolled_last_day)
        assert counted.safe_from in (None, counted.rolled_last_day + timedelta(days=1))
        if regime not in after_events.STANDSTILL_REGIMES:
            assert rule not in after_events.STANDSTILLS


def test_a_year_of_which_no_holidays_are_known_is_not_counted() -> None:
    with pytest.raises(OutOfCalendar):
        begun("contract_notice", TUESDAY, tenders_due_on=date(2500, 1, 1))
