"""Which rules apply, in the order of the questions."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.catalogue.rulebook import rulebook
from procure.domain.advice import regime, value
from procure.domain.advice.regime import Regime
from procure.domain.casefile import CaseFile, records
from tests.domain.advice.cases import case

ORDER = ("below_national", "national", "eu", "light_regime", "concession", "outside_act")
SHARED, PAID_IN_FULL = {"benefits_exclusive_to_buyer": False}, {"fully_paid_by_buyer": True}


def of(found: CaseFile, on: date = date(2026, 12, 1)) -> Regime:
    rows = value.concerning(found, rulebook().thresholds, value.value_of(found).compared, on)
    return regime.regime_of(found, rows)


@pytest.mark.parametrize(
    ("kind", "amount", "expected"),
    [
        ("goods", "59999.99", "below_national"),
        ("goods", "60000", "national"),
        ("services", "215999.99", "national"),
        ("services", "216000", "eu"),
        ("design_contest", "216000", "eu"),
        ("works", "149999", "below_national"),
        ("works", "150000", "national"),
        ("works", "5403999", "national"),
        ("works", "5404000", "eu"),
        ("social_health_services", "399999", "below_national"),
        ("social_health_services", "400000", "light_regime"),
        ("social_health_services", "750000", "light_regime"),
        ("other_specific_services", "299999", "below_national"),
        ("other_specific_services", "300000", "light_regime"),
        ("concession", "499999", "below_national"),
        ("concession", "500000", "concession"),
        ("concession", "9000000", "concession"),
    ],
)
def test_the_amounts_of_2026_decide(kind: str, amount: str, expected: str) -> None:
    assert of(case(kind, amount)).id == expected


def test_the_state_reaches_the_eu_threshold_before_a_city_does() -> None:
    assert of(case("goods", 140_000, buyer_type="central")).id == "eu"
    assert of(case("goods", 140_000)).id == "national"


@pytest.mark.parametrize(
    ("rd", "expected", "warnings"),
    [
        (SHARED, "outside_act", []),
        ({"fully_paid_by_buyer": False, "benefits_exclusive_to_buyer": True}, "outside_act", []),
        (SHARED | PAID_IN_FULL, "outside_act", []),
        ({"benefits_exclusive_to_buyer": True, **PAID_IN_FULL}, "eu", []),
        (PAID_IN_FULL, "eu", ["rd_exclusion_unclear"]),
        ({}, "eu", ["rd_exclusion_unclear"]),
        (None, "eu", ["rd_exclusion_unclear"]),
        (SHARED | {"deployment_included": True}, "eu", ["deployment_is_not_rd"]),
        (SHARED | {"deployment_included": False}, "outside_act", []),
    ],
)
def test_research_stands_outside_when_benefits_or_payment_are_shared(rd: Any, expected: str, warnings: list[str]) -> None:
    found = of(case("rd_services", 5_500_000, rd=rd))
    assert (found.id, [warning.code for warning in found.warnings]) == (expected, warnings)


def test_research_stands_outside_whatever_the_value_and_the_day() -> None:
    assert of(case("rd_services", 1, rd=SHARED), date(2016, 1, 1)).id == "outside_act"
    assert of(case("rd_services", 1, rd=SHARED, sector="utilities")).by_research


def test_shared_benefits_mean_nothing_when_no_research_is_bought() -> None:
    assert of(case("services", 300_000, rd=SHARED)).id == "eu"


def test_the_special_sectors_have_their_own_threshold_and_act() -> None:
    under, over = of(case("goods", 431_999, sector="utilities")), of(case("goods", 432_000, sector="utilities"))
    assert (under.id, under.by_research, under.warnings) == ("outside_act", False, ())
    assert (over.id, [warning.code for warning in over.warnings]) == ("eu", ["utilities_act"])


@pytest.mark.parametrize(
    ("kind", "amount", "on", "expected"),
    [
        ("goods", 59_000, date(2017, 6, 1), "below_national"),  # the national row is enough to say so
        ("goods", 60_000, date(2017, 6, 1), "unknown"),
        ("concession", 500_000, date(2017, 6, 1), "concession"),
        ("social_health_services", 400_000, date(2017, 6, 1), "light_regime"),
        ("goods", 1, date(2016, 12, 31), "unknown"),
    ],
)
def test_a_row_that_the_decision_needs_and_that_is_not_there_leaves_the_regime_unknown(
    kind: str, amount: int, on: date, expected: str
) -> None:
    found = of(case(kind, amount), on)
    assert found.id == expected
    assert ("no_rules_for_date" in [warning.code for warning in found.warnings]) == (expected == "unknown")


@given(
    kind=st.sampled_from(records.CONTRACT_KINDS),
    smaller=st.integers(0, 12_000_000),
    more=st.integers(0, 12_000_000),
    on=st.dates(date(2018, 1, 1), date(2035, 1, 1)),
)
def test_a_higher_value_never_lowers_the_regime(kind: str, smaller: int, more: int, on: date) -> None:
    low, high = (of(case(kind, amount), on).id for amount in (smaller, smaller + more))
    assert ORDER.index(low) <= ORDER.index(high)
    assert Decimal(smaller) <= Decimal(smaller + more)
