"""The value that counts, and the thresholds it is held against (25–27 §)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from procure.catalogue.rulebook import rulebook
from procure.domain.advice import value
from tests.domain.advice.cases import case

LOTS = [{"title": "A", "value": "70000"}, {"title": "B", "value": "330000"}]


def held(on: date, kind: str = "services", **keys: Any) -> list[str]:
    found = value.concerning(case(kind, **keys), rulebook().thresholds, Decimal(300_000), on)
    return [row.threshold.id for row in found]


def test_the_estimate_counts_when_there_are_no_lots() -> None:
    found = value.value_of(case(amount="350000.50"))
    assert (found.compared, found.citation) == (Decimal("350000.50"), "1397/2016 27 § 1 mom")


def test_lots_bought_at_the_same_time_are_added_together_and_the_larger_sum_counts() -> None:
    assert value.value_of(case(amount=390_000, lots=LOTS)).compared == Decimal(400_000)
    assert value.value_of(case(amount=410_000, lots=LOTS)).compared == Decimal(410_000)
    assert value.lots_differ(case(amount=390_000, lots=LOTS))
    assert not value.lots_differ(case(amount=400_000, lots=LOTS))
    assert not value.lots_differ(case(amount=400_000))


def test_small_lots_of_at_most_a_fifth_get_a_remark_and_do_not_lower_the_value() -> None:
    found = value.value_of(case(amount=400_000, lots=LOTS))  # 70 000 of 400 000 is 17.5 per cent
    assert [(remark.code, remark.citation) for remark in found.remarks] == [("small_lots", "1397/2016 27 § 4 mom")]
    assert found.compared == Decimal(400_000)


@pytest.mark.parametrize(
    ("lots", "kind"),
    [
        ([("80000", None), ("400000", None)], "services"),  # 80 000 is no small lot
        ([("79999", None), ("319995", None)], "services"),  # together more than a fifth
        ([("999999", None), ("3000000", None)], "works"),  # more than a fifth
        ([("999999", "services"), ("9000000", None)], "works"),  # a lot of services has its own limit
    ],
)
def test_other_lots_get_no_remark(lots: list[tuple[str, str | None]], kind: str) -> None:
    rows = [{"title": "L", "value": amount, **({"kind": own} if own else {})} for amount, own in lots]
    assert value.value_of(case(kind, 1, lots=rows)).remarks == ()


def test_small_lots_of_works_may_be_larger() -> None:
    rows = [{"title": "L", "value": "999999"}, {"title": "M", "value": "4000001"}]
    assert [remark.parameters["number"] for remark in value.value_of(case("works", 1, lots=rows)).remarks] == ["1"]


def test_the_rows_are_those_of_kind_sector_and_buyer_type() -> None:
    on = date(2026, 12, 1)
    assert held(on) == ["nat-goods-services", "eu-2026-subcentral-goods-services"]
    assert held(on, "rd_services") == held(on, "design_contest") == held(on, "goods") == held(on)
    assert held(on, buyer_type="central") == ["nat-goods-services", "eu-2026-central-goods-services"]
    assert held(on, "works") == ["nat-works", "eu-2026-works"]
    assert held(on, "concession") == ["nat-concession", "eu-2026-concession"]
    assert held(on, "social_health_services") == ["nat-social-health", "eu-social"]
    assert held(on, "other_specific_services") == ["nat-other-specific", "eu-social"]
    assert held(on, sector="utilities") == ["util-2026-goods-services"]
    assert held(on, "social_health_services", sector="utilities") == ["util-social"]


def test_the_rows_are_those_of_the_day() -> None:
    assert held(date(2025, 12, 31)) == ["nat-goods-services", "eu-2024-subcentral-goods-services"]
    assert held(date(2026, 1, 1)) == ["nat-goods-services", "eu-2026-subcentral-goods-services"]
    assert held(date(2017, 6, 1)) == ["nat-goods-services"]
    assert held(date(2016, 12, 31)) == []


def test_after_the_last_known_day_the_last_rows_go_on() -> None:
    assert held(date(2031, 5, 5)) == ["nat-goods-services", "eu-2026-subcentral-goods-services"]


def test_a_value_reaches_a_threshold_when_it_is_as_large() -> None:
    found = value.concerning(case(), rulebook().thresholds, Decimal("216000"), date(2026, 12, 1))
    assert [row.reached for row in found] == [True, True]
    found = value.concerning(case(), rulebook().thresholds, Decimal("215999.99"), date(2026, 12, 1))
    assert [row.reached for row in found] == [True, False]
