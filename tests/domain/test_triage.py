"""Sorting requests: targets in working days, and the ends without an opinion."""

from datetime import date

import pytest

from procure.catalogue import calendar
from procure.domain import triage
from procure.domain.outcomes import Refusal
from procure.domain.triage import Days, Mergeable, Target

FRIDAY = date(2026, 11, 27)
REQUEST = Mergeable(1, 837, "open")


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[tuple[str, str]]:
    return [(reason.code, reason.target) for reason in refused.value.reasons]


def test_targets_leave_out_weekends_and_the_day_of_asking() -> None:
    assert triage.days_of(FRIDAY, Target(1, 5), calendar.finnish()) == Days(date(2026, 11, 30), date(2026, 12, 4))


def test_targets_leave_out_public_holidays() -> None:
    asked = date(2026, 12, 23)  # before Christmas Eve, two holidays and a weekend
    assert triage.days_of(asked, Target(1, 2), calendar.finnish()) == Days(date(2026, 12, 28), date(2026, 12, 29))


def test_targets_leave_out_the_days_on_which_the_city_is_closed() -> None:
    closed = calendar.finnish().with_closed([date(2026, 11, 30)])
    assert triage.days_of(FRIDAY, Target(1, 2), closed) == Days(date(2026, 12, 1), date(2026, 12, 2))


def test_the_age_of_a_request_is_counted_in_working_days() -> None:
    days = calendar.finnish()
    assert triage.age(FRIDAY, FRIDAY, days) == 0
    assert triage.age(FRIDAY, date(2026, 11, 29), days) == 0
    assert triage.age(FRIDAY, date(2026, 12, 1), days) == 2
    assert triage.age(FRIDAY, date(2026, 11, 20), days) == 0


def test_a_sorting_names_everything_that_is_wrong_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        triage.check_triage("weather", "at once", "extreme", Target(0, 61))
    assert codes(refused) == [
        ("support_topic_missing", "topic"), ("support_urgency_missing", "urgency"), ("support_priority_missing", "priority"),
        ("support_target_days", "first_answer"), ("support_target_days", "answer"),
    ]  # fmt: skip


def test_the_first_answer_comes_no_later_than_the_opinion() -> None:
    triage.check_triage("funding", "soon", "high", Target(5, 5))
    with pytest.raises(Refusal) as refused:
        triage.check_triage("funding", "soon", "high", Target(6, 5))
    assert codes(refused) == [("support_target_order", "first_answer")]


@pytest.mark.parametrize(
    "into", [None, Mergeable(1, 837, "open"), Mergeable(2, 564, "open")], ids=["nothing", "itself", "another city's"]
)
def test_a_request_goes_into_another_one_of_the_same_city_only(into: Mergeable | None) -> None:
    with pytest.raises(Refusal) as refused:
        triage.check_merge(REQUEST, into)
    assert codes(refused) == [("support_merge_unknown", "into")]


@pytest.mark.parametrize("state", ["withdrawn", "merged", "refused", "passed_on"])
def test_a_request_does_not_go_into_one_that_has_ended(state: str) -> None:
    with pytest.raises(Refusal) as refused:
        triage.check_merge(REQUEST, Mergeable(2, 837, state))
    assert codes(refused) == [("support_merge_over", "into")]


@pytest.mark.parametrize("state", ["open", "taken", "asked_back", "answered"])
def test_a_request_may_go_into_one_that_runs_or_has_been_answered(state: str) -> None:
    triage.check_merge(REQUEST, Mergeable(2, 837, state))


def test_passing_on_needs_body_contact_and_reason() -> None:
    triage.check_passing("Energy Authority", "energiavirasto.fi", "It is the supervisor.")
    with pytest.raises(Refusal) as refused:
        triage.check_passing(" ", "", "\n")
    assert [target for _code, target in codes(refused)] == ["body", "contact", "text"]
