"""When something may be said of tenders, what numbers fit together, and what the log of results gives."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from procure.domain import results
from procure.domain.outcomes import Refusal
from procure.domain.results import Aim, Closed, Measurement
from procure.domain.stages import Progress, Visit

DAY, TODAY = date(2026, 5, 4), date(2026, 6, 1)
NEGOTIATED = (
    "plan",
    "contract_notice",
    "requests",
    "selection",
    "initial_tenders",
    "negotiation",
    "final_tenders",
    "award_decision",
)
ONE_ROUND = ("plan", "contract_notice", "tender_period", "comparison")


def codes(act: Callable[[], None]) -> set[str]:
    try:
        act()
    except Refusal as refusal:
        return {reason.code for reason in refusal.reasons}
    return set()


def course(*visits: str) -> Progress:
    """ "stage" for one that was completed, "stage:outcome" else; the last one runs."""
    found = [text.partition(":") for text in visits]
    passed = [Visit(stage, DAY, DAY, outcome or "completed") for stage, _colon, outcome in found[:-1]]
    return Progress((*passed, Visit(found[-1][0], DAY)))


@pytest.mark.parametrize(
    ("progress", "stages", "expected"),
    [
        (course("plan", "contract_notice", "tender_period"), ONE_ROUND, Closed(0, 0)),
        (course("plan", "contract_notice", "tender_period", "comparison"), ONE_ROUND, Closed(1, 0)),
        (course("contract_notice", "tender_period", "comparison:returned", "tender_period"), ONE_ROUND, Closed(0, 0)),
        (course("contract_notice", "tender_period", "comparison:returned", "plan"), ONE_ROUND, Closed(0, 0)),
        (course("contract_notice", "tender_period", "comparison", "award_decision:returned", "comparison"), ONE_ROUND, Closed(1, 0)),
        (course("contract_notice", "requests", "selection"), NEGOTIATED, Closed(0, 1)),
        (course("requests", "selection", "initial_tenders", "negotiation", "final_tenders"), NEGOTIATED, Closed(1, 1)),
        (course("requests", "initial_tenders:repeated", "initial_tenders", "final_tenders", "award_decision"), NEGOTIATED, Closed(3, 1)),
        (course("contract_notice", "tender_period:skipped", "comparison"), ONE_ROUND, Closed(0, 0)),
        (course("justification", "negotiation", "award_decision"), ("justification", "negotiation", "award_decision"), Closed(1, 0)),
    ],
)  # fmt: skip
def test_a_round_is_over_once_its_stage_is_completed_and_runs_anew_after_a_return(
    progress: Progress, stages: tuple[str, ...], expected: Closed
) -> None:
    assert results.closed(progress, stages) == expected


@pytest.mark.parametrize(
    ("numbers", "round_", "over", "expected"),
    [
        ({"tenders": 3}, 1, Closed(0, 1), {"tenders_before_deadline"}),
        ({"tenders": 0}, 1, Closed(0, 0), {"tenders_before_deadline"}),
        ({"sme": 1}, 2, Closed(1, 1), {"tenders_before_deadline"}),
        ({"tenders": 3}, 1, Closed(1, 0), set()),
        ({"requests": 3}, 1, Closed(1, 0), {"requests_before_deadline"}),
        ({"requests": 3, "excluded": 1}, 1, Closed(0, 1), set()),
        ({"excluded": 1}, 1, Closed(0, 0), {"tenders_before_deadline"}),
    ],
)
def test_nothing_is_said_of_tenders_before_their_period_is_over(
    numbers: dict[str, int], round_: int, over: Closed, expected: set[str]
) -> None:
    assert codes(lambda: results.check_closed(numbers, round_, over)) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, {"tenders_none"}),
        ({"tenders": 0}, set()),
        ({"tenders": 4, "electronic": 4, "sme": 3, "other_eea": 1, "non_eea": 1, "rejected": 2, "rejected_low": 1}, set()),
        ({"tenders": 4, "sme": 5}, {"tenders_part_large"}),
        ({"sme": 1}, {"tenders_whole_missing"}),
        ({"tenders": 3, "other_eea": 2, "non_eea": 2}, {"tenders_abroad_large"}),
        ({"tenders": 3, "rejected": 1, "rejected_low": 2}, {"tenders_low_large"}),
        ({"requests": 5, "excluded": 5}, set()),
        ({"tenders": 3, "excluded": 4}, {"tenders_excluded_large"}),
    ],
)
def test_no_part_is_larger_than_the_whole(numbers: dict[str, int], expected: set[str]) -> None:
    assert codes(lambda: results.check_numbers(numbers)) == expected


def logged(*events: tuple[str, Mapping[str, Any]]) -> list[Any]:
    return [SimpleNamespace(sequence=at, kind=kind, payload=payload) for at, (kind, payload) in enumerate(events, 10)]


def tenders(lot: int, round_: int, **numbers: int) -> tuple[str, Mapping[str, Any]]:
    return results.TENDERS_COUNTED, {"tenders": {"lot": lot, "round": round_, "numbers": numbers}}


def test_the_last_count_of_a_lot_and_round_counts_and_one_without_numbers_takes_it_back() -> None:
    found = results.replay(logged(tenders(2, 1, tenders=3), tenders(1, 1, tenders=9), tenders(2, 1, tenders=4), tenders(1, 1)))
    assert [(one.lot, one.round, dict(one.numbers), one.sequence) for one in found.counts] == [(2, 1, {"tenders": 4}, 12)]


def test_a_count_of_a_period_that_runs_again_is_marked() -> None:
    found = results.replay(logged(tenders(0, 1, tenders=3), tenders(0, 2, tenders=2)), Closed(1, 0))
    assert [one.stale for one in found.counts] == [False, True]


def test_reviews_and_effects_are_as_they_were_recorded_last_and_those_taken_back_keep_their_numbers() -> None:
    said = {"kind": "market_court", "filed_on": "2026-05-04"}
    aim = {"kind": "co2", "span": "year", "reference": "now", "method": "counted", "expected": "-3.50"}
    found = results.replay(logged(
        (results.REVIEW_RECORDED, {"review": 1, "said": said, "words": {"version": 1, "sha256": "x"}}),
        (results.REVIEW_DECIDED, {"review": 1, "decision": {"decided_on": "2026-05-20", "outcomes": ["withdrawn"]}}),
        (results.REVIEW_CORRECTED, {"review": 1, "said": said | {"diary": "7/2026"}}),
        (results.REVIEW_RECORDED, {"review": 2, "said": said}),
        (results.REVIEW_REMOVED, {"review": 2, "reason": "twice"}),
        (results.EFFECT_RECORDED, {"effect": 1, "aim": aim}),
        (results.EFFECT_MEASURED, {"effect": 1, "measured": {"on": "2026-05-20", "value": "-2", "source": "meter"}}),
        (results.EFFECT_MEASURED, {"effect": 1, "measured": {"on": "2026-04-20", "value": "-1", "source": "meter"}}),
        (results.EFFECT_CORRECTED, {"effect": 1, "aim": aim | {"expected": "-4"}}),
    ))  # fmt: skip
    (review,), (effect,) = found.reviews, found.effects
    assert (review.said.diary, review.decision and review.decision.outcomes, review.sequence) == ("7/2026", ("withdrawn",), 12)
    assert (found.last_review, found.last_effect) == (2, 1)
    assert effect.aim.expected == Decimal("-4")
    assert effect.achieved is not None
    assert effect.achieved.value == Decimal("-2"), "by the day of measuring, not of recording"


@pytest.mark.parametrize(
    ("aim", "expected"),
    [
        (Aim("savings", span="year"), set()),
        (Aim("savings", span="year", expected=Decimal(1)), {"effect_reference_missing", "effect_method_missing"}),
        (Aim("co2"), {"effect_span_missing"}),
        (Aim("other"), {"effect_indicator_missing"}),
        (Aim("other", indicator="Complaints", expected=Decimal(3)), set()),
        (Aim("nothing"), {"effect_kind_missing"}),
    ],
)
def test_a_number_says_against_what_and_how_it_is_counted(aim: Aim, expected: set[str]) -> None:
    assert codes(lambda: results.check_aim(aim)) == expected


@pytest.mark.parametrize(
    ("measured", "reference", "expected"),
    [
        (Measurement(DAY, Decimal(1), "meter"), "now", set()),
        (Measurement(DAY, Decimal(1), " "), "now", {"effect_source_missing"}),
        (Measurement(date(2026, 6, 2), Decimal(1), "meter"), "now", {"date_in_future"}),
        (Measurement(DAY, Decimal(1), "meter"), "", {"effect_no_reference"}),
        (Measurement(DAY, None, "meter"), "", set()),
    ],
)
def test_what_was_measured_has_a_day_a_source_and_a_point_of_comparison(
    measured: Measurement, reference: str, expected: set[str]
) -> None:
    assert codes(lambda: results.check_measurement(measured, Aim("co2", reference=reference), TODAY)) == expected


def test_what_is_written_reads_back_the_same() -> None:
    aim = Aim("savings", "energy", "", "year", "now", "counted", "budget", None, Decimal("-1200.50"))
    assert results.aim_of(results.written(aim)) == aim
    found = Measurement(DAY, None, "meter", "broken", 7)
    assert results.measurement_of(results.written(found), 7) == found
