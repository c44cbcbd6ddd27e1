"""What was recorded wrongly is set right without touching it, and never out of order."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain import corrections, stages
from procure.domain.outcomes import Refusal
from procure.domain.stages import COMPLETED, CORRECTED, OPENED, RETURNED, StageEvent
from tests.domain.records import procedure, stage

D = date(2026, 3, 2)
TODAY = D + timedelta(days=100)
RECORDED = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
OPEN = procedure(stage("need"), stage("market"), stage("plan"), stage("notice"))


def event(sequence: int, kind: str, day: int, stage_id: str = "", reason: str = "") -> StageEvent:
    return StageEvent(kind, D + timedelta(days=day), RECORDED, "Officer", stage_id, reason, sequence)


def correction(sequence: int, corrects: int, day: int | None = None, reason: str | None = None) -> StageEvent:
    on = None if day is None else D + timedelta(days=day)
    return StageEvent(CORRECTED, TODAY, RECORDED, "Officer", "", "", sequence, corrects, on, reason)


def pairs(*events: StageEvent) -> corrections.Pairs:
    return [(one, OPEN) for one in events]


LOG = (event(1, OPENED, 0), event(3, COMPLETED, 10, "need", "seen"), event(4, COMPLETED, 20, "market"))


def test_the_dates_of_the_stages_follow_a_correction() -> None:
    progress = stages.replay(pairs(*LOG, correction(5, corrects=3, day=12)))

    assert [(v.stage, v.entered_on, v.left_on) for v in progress.visits] == [
        ("need", D, D + timedelta(days=12)),
        ("market", D + timedelta(days=12), D + timedelta(days=20)),
        ("plan", D + timedelta(days=20), None),
    ]


def test_the_last_correction_of_an_entry_holds_and_corrects_only_what_it_names() -> None:
    events = pairs(*LOG, correction(5, 3, day=12), correction(6, 3, reason="seen by the board"), correction(7, 3, day=11))

    entry = corrections.entry(events, 3)

    assert (entry.happened_on, entry.first_on) == (D + timedelta(days=11), D + timedelta(days=10))
    assert entry.words == "seen by the board"


def test_a_return_that_is_corrected_moves_the_stage_it_opens() -> None:
    events = pairs(*LOG, event(5, RETURNED, 30, "need"), correction(6, corrects=5, day=25))

    current = stages.replay(events).current

    assert current is not None
    assert (current.stage, current.entered_on) == ("need", D + timedelta(days=25))


@pytest.mark.parametrize(
    ("sequence", "day", "code"),
    [
        (3, -1, "correction_too_early"),
        (3, 21, "correction_too_late"),
        (4, 9, "correction_too_early"),
        (1, 11, "correction_too_late"),
    ],
)
def test_the_acts_stay_in_the_order_of_their_days(sequence: int, day: int, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        corrections.check(pairs(*LOG), sequence, D + timedelta(days=day), TODAY)

    assert refused.value.reasons[0].code == code
    assert refused.value.reasons[0].target == "happened_on"


@pytest.mark.parametrize("day", [0, 20])
def test_the_days_of_the_acts_before_and_after_are_still_allowed(day: int) -> None:
    corrections.check(pairs(*LOG), 3, D + timedelta(days=day), TODAY)


def test_nothing_is_corrected_into_the_future() -> None:
    with pytest.raises(Refusal) as refused:
        corrections.check(pairs(*LOG), 4, TODAY + timedelta(days=1), TODAY)

    assert refused.value.reasons[0].code == "date_in_future"


def test_a_neighbour_counts_as_it_was_corrected() -> None:
    events = pairs(*LOG, correction(5, corrects=4, day=40))

    corrections.check(events, 3, D + timedelta(days=30), TODAY)


@pytest.mark.parametrize("sequence", [2, 5, 99])
def test_only_an_act_on_a_stage_is_corrected(sequence: int) -> None:
    with pytest.raises(Refusal) as refused:
        corrections.entry(pairs(*LOG, correction(5, corrects=3, day=12)), sequence)

    assert refused.value.reasons[0].code == "correction_impossible"


def test_a_correction_keeps_what_was_and_what_should_have_been() -> None:
    entry = corrections.entry(pairs(*LOG), 3)

    payload = corrections.correction(entry, D + timedelta(days=12), "seen", "The minutes say so")

    assert payload["corrects"] == 3
    assert payload["old"] == {"happened_on": "2026-03-12"}
    assert payload["new"] == {"happened_on": "2026-03-14"}
    assert payload["reason"] == "The minutes say so"


@pytest.mark.parametrize(("day", "reason", "code"), [(10, "why", "correction_nothing"), (12, "  ", "reason_missing")])
def test_a_correction_changes_something_and_says_why(day: int, reason: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        corrections.correction(corrections.entry(pairs(*LOG), 3), D + timedelta(days=day), "seen", reason)

    assert refused.value.reasons[0].code == code


@given(st.lists(st.tuples(st.sampled_from([1, 3, 4]), st.integers(-5, 60)), max_size=12))
def test_whatever_is_corrected_no_stage_is_left_before_it_was_entered(wishes: list[tuple[int, int]]) -> None:
    events = list(pairs(*LOG))
    for number, (sequence, day) in enumerate(wishes):
        try:
            corrections.check(events, sequence, D + timedelta(days=day), TODAY)
        except Refusal:
            continue
        events.append((correction(10 + number, sequence, day), OPEN))

    for visit in stages.replay(events).visits:
        assert visit.left_on is None or visit.entered_on <= visit.left_on
