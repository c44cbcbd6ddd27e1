"""Which review lets no contract be made, and what may be recorded of one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from procure.domain import reviews
from procure.domain.outcomes import Refusal
from procure.domain.reviews import KINDS, OUTCOMES_OF, Decision, Review, Said

FILED, TODAY = date(2026, 5, 4), date(2026, 6, 1)
APPEAL = Said("market_court", FILED)


def codes(act: Callable[[], None]) -> set[str]:
    try:
        act()
    except Refusal as refusal:
        return {reason.code for reason in refusal.reasons}
    return set()


@pytest.mark.parametrize(
    ("procedure", "regime", "ex_ante", "exception", "expected"),
    [
        ("open", "eu", False, "", True),
        ("light_regime", "light_regime", False, "", True),
        ("national", "national", False, "", False),
        ("small_purchase", "below_national", False, "", False),
        ("open", "eu", False, "only_tender", False),
        ("direct_award", "eu", False, "", False),
        ("direct_award", "eu", True, "", True),
    ],
)
def test_the_act_stays_the_contract_where_the_standstill_or_the_ex_ante_wait_must_be_observed(
    procedure: str, regime: str, ex_ante: bool, exception: str, expected: bool
) -> None:
    assert reviews.suspends(procedure, regime, ex_ante, exception) is expected


@pytest.mark.parametrize(
    ("kind", "stay", "suspends", "expected"),
    [
        ("market_court", "", True, True),
        ("market_court", "", False, False),
        ("market_court", "automatic", False, True),
        ("market_court", "ordered", False, True),
        ("market_court", "lifted", True, False),
        ("supreme_court", "", True, False),
        ("supreme_court", "ordered", True, True),
        ("rectification_demanded", "", True, False),
    ],
)
def test_a_pending_review_holds_the_contract_by_the_act_or_by_order(kind: str, stay: str, suspends: bool, expected: bool) -> None:
    review = Review(1, Said(kind, FILED, stay=stay))
    assert reviews.holds(review, suspends) is expected
    assert not reviews.holds(replace(review, decision=Decision(TODAY, ("withdrawn",))), suspends), "it is over"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (APPEAL, set()),
        (Said("", None), {"review_kind_missing", "review_day_missing"}),
        (replace(APPEAL, filed_on=date(2026, 6, 2)), {"date_in_future"}),
        (replace(APPEAL, served_on=date(2026, 5, 3)), {"review_served_early"}),
        (replace(APPEAL, stay="none"), {"review_stays_by_law"}),
        (Said("rectification_own", FILED, stay="automatic"), {"review_stay_of_court"}),
        (Said("supreme_court", FILED, stay="automatic"), {"review_stay_ordered"}),
        (Said("supreme_court", FILED, stay="none"), set()),
    ],
)
def test_what_is_recorded_of_a_review_is_possible(said: Said, expected: set[str]) -> None:
    assert codes(lambda: reviews.check_said(said, None, True, TODAY)) == expected


def test_a_review_is_not_filed_after_its_outcome() -> None:
    assert codes(lambda: reviews.check_said(APPEAL, date(2026, 5, 3), True, TODAY)) == {"review_filed_late"}


@pytest.mark.parametrize(
    ("outcomes", "on", "expected"),
    [
        (("withdrawn",), TODAY, set()),
        (("annulled", "compensation"), TODAY, set()),
        ((), TODAY, {"review_outcome_missing"}),
        (("rectified",), TODAY, {"review_outcome_foreign"}),
        (("rejected", "annulled"), TODAY, {"review_outcomes_apart"}),
        (("withdrawn", "rejected"), TODAY, {"review_outcomes_apart"}),
        (("withdrawn",), date(2026, 5, 3), {"review_decided_early"}),
        (("withdrawn",), date(2026, 6, 2), {"date_in_future"}),
    ],
)
def test_an_outcome_is_one_that_the_review_can_have(outcomes: tuple[str, ...], on: date, expected: set[str]) -> None:
    assert codes(lambda: reviews.check_decision(Review(1, APPEAL), Decision(on, outcomes), TODAY)) == expected


def test_every_kind_has_outcomes_that_say_something_of_the_decision() -> None:
    assert set(OUTCOMES_OF) == set(KINDS)
    assert {outcome for found in OUTCOMES_OF.values() for outcome in found} == set(reviews.OUTCOMES)


def test_what_is_upheld_in_part_is_upheld_and_the_days_are_counted_from_filing() -> None:
    decided = Review(1, APPEAL, Decision(TODAY, ("annulled", "penalty")))
    assert decided.decision is not None
    assert (decided.decision.group, decided.days) == ("upheld", 28)
    assert Review(1, Said("market_court", None)).days is None


def test_what_is_not_told_of_an_appeal_counts_as_the_act_has_it() -> None:
    assert Review(1, APPEAL).stayed(True)
    assert not Review(1, APPEAL).stayed(False)
    assert Review(1, replace(APPEAL, stay="lifted")).stayed(False)
    assert not Review(1, Said("supreme_court", FILED, stay="none")).stayed(True)
