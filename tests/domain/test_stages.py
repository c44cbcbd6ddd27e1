"""Where a case is follows from its events alone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain import checklists, stages
from procure.domain.outcomes import Refusal
from procure.domain.procedures import GatePoint, Procedure
from procure.domain.stages import COMPLETED, OPENED, PROCEDURE_CHOSEN, RETURNED, SKIPPED, Progress, StageEvent
from tests.domain.records import procedure, stage, words

D = date(2026, 3, 2)
OPEN = procedure(stage("need"), stage("market", optional=True), stage("plan"), stage("notice"))
RECORDED = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


def event(kind: str, day: int = 0, stage_id: str = "", reason: str = "") -> StageEvent:
    return StageEvent(kind, D + timedelta(days=day), RECORDED, "Officer", stage_id, reason)


def replay(*events: StageEvent, procedure: Procedure = OPEN) -> Progress:
    return stages.replay([(event, procedure) for event in events])


def test_a_new_case_stands_in_the_first_stage() -> None:
    progress = replay(event(OPENED))

    assert progress.current is not None
    assert progress.current.stage == "need"
    assert progress.current.entered_on == D


def test_completing_a_stage_enters_the_next_on_the_same_day() -> None:
    progress = replay(event(OPENED), event(COMPLETED, 9, "need"))

    assert [(v.stage, v.entered_on, v.left_on) for v in progress.visits] == [
        ("need", D, D + timedelta(days=9)),
        ("market", D + timedelta(days=9), None),
    ]


def test_the_day_it_happened_and_the_moment_it_was_recorded_are_both_kept() -> None:
    visit = replay(event(OPENED), event(COMPLETED, 3, "need")).visits[0]

    assert visit.left_on == D + timedelta(days=3)
    assert visit.recorded_at == RECORDED
    assert visit.recorded_by == "Officer"


def test_returning_opens_a_new_visit_and_keeps_the_earlier_ones() -> None:
    progress = replay(event(OPENED), event(COMPLETED, 3, "need"), event(RETURNED, 5, "need", "wrong need"))

    assert [v.stage for v in progress.visits] == ["need", "market", "need"]
    assert [v.outcome for v in progress.visits] == ["completed", "returned", ""]


def test_after_a_return_the_stages_are_passed_again() -> None:
    progress = replay(
        event(OPENED),
        event(COMPLETED, 1, "need"),
        event(SKIPPED, 2, "market"),
        event(RETURNED, 3, "need"),
        event(COMPLETED, 4, "need"),
    )

    assert progress.current is not None
    assert progress.current.stage == "market"


def test_passing_the_last_stage_finishes_the_case() -> None:
    done = [event(COMPLETED, n, s) for n, s in enumerate(("need", "market", "plan", "notice"))]

    progress = replay(event(OPENED), *done)

    assert progress.finished
    assert progress.current is None


def test_a_finished_case_can_go_back() -> None:
    done = [event(COMPLETED, n, s) for n, s in enumerate(("need", "market", "plan", "notice"))]
    progress = replay(event(OPENED), *done)

    stages.check_return(progress, OPEN, "plan")


def test_choosing_a_procedure_that_has_the_present_stage_moves_nothing() -> None:
    other = procedure(stage("need"), stage("plan"), stage("call"), name="pcp")
    progress = stages.replay([(event(OPENED), OPEN), (event(PROCEDURE_CHOSEN, 2), other)])

    assert [v.stage for v in progress.visits] == ["need"]


def test_choosing_a_procedure_without_the_present_stage_goes_to_its_first_stage_not_passed() -> None:
    short = procedure(stage("need"), stage("plan"), stage("offers"), name="small_purchase")
    progress = stages.replay([(event(OPENED), OPEN), (event(COMPLETED, 1, "need"), OPEN), (event(PROCEDURE_CHOSEN, 2), short)])

    assert [(v.stage, v.outcome) for v in progress.visits] == [("need", "completed"), ("market", "left"), ("plan", "")]


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 3, 1), "date_before_stage"), (date(2026, 4, 2), "date_in_future")], ids=["before", "future"]
)
def test_a_date_outside_the_stage_is_refused(day: date, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        stages.check_date(replay(event(OPENED)), day, today=date(2026, 4, 1))

    assert refused.value.reasons[0].code == code


def test_a_backdated_day_within_the_stage_is_accepted() -> None:
    stages.check_date(replay(event(OPENED)), D, today=date(2026, 4, 1))


def test_a_stage_that_was_left_meanwhile_is_not_left_again() -> None:
    progress = replay(event(OPENED), event(COMPLETED, 1, "need"))

    with pytest.raises(Refusal) as refused:
        stages.check_current(progress, "need")

    assert refused.value.reasons[0].code == "stage_already_left"


def test_only_an_optional_stage_is_skipped() -> None:
    stages.check_skip(OPEN.stage("market"))
    with pytest.raises(Refusal) as refused:
        stages.check_skip(OPEN.stage("plan"))

    assert refused.value.reasons[0].citation == "2 §"


@pytest.mark.parametrize("target", ["plan", "market", "unknown"])
def test_going_back_means_an_earlier_stage(target: str) -> None:
    progress = replay(event(OPENED), event(COMPLETED, 1, "need"))

    with pytest.raises(Refusal):
        stages.check_return(progress, OPEN, target)


GATE = (
    GatePoint("answered", words("a"), "27 §", answers=("value_amount", "value_method")),
    GatePoint("documented", words("b"), "", document="procurement_plan"),
    GatePoint("said", words("c"), ""),
)


def test_a_gate_names_every_answer_that_is_missing_once() -> None:
    states = checklists.gate(stage("plan", gate=GATE), {"value_amount"}.__contains__, lambda kind: ("decision_maker",))

    assert [(s.point.id, s.satisfied, s.open_items) for s in states] == [
        ("answered", False, ("value_method",)),
        ("documented", False, ("decision_maker",)),
        ("said", False, ()),
    ]


def test_the_gate_opens_when_answers_documents_and_confirmations_are_there() -> None:
    states = checklists.gate(stage("plan", gate=GATE), lambda question: True, lambda kind: (), frozenset({"said"}))

    checklists.check_gate(states)


def test_the_gate_refuses_with_every_open_point_at_once() -> None:
    states = checklists.gate(stage("plan", gate=GATE), lambda question: False, lambda kind: ("need",))

    with pytest.raises(Refusal) as refused:
        checklists.check_gate(states)

    assert [reason.target for reason in refused.value.reasons] == ["answered", "documented", "said"]


@pytest.mark.parametrize(
    ("next_date", "finished", "light"),
    [
        (date(2026, 3, 31), False, "red"),
        (date(2026, 4, 1), False, "yellow"),
        (date(2026, 4, 15), False, "yellow"),
        (date(2026, 4, 16), False, "green"),
        (None, False, "yellow"),
        (date(2020, 1, 1), True, "grey"),
    ],
)
def test_the_traffic_light_follows_the_next_date(next_date: date | None, finished: bool, light: str) -> None:
    assert stages.traffic_light(next_date, date(2026, 4, 1), finished) == light


@given(st.lists(st.tuples(st.sampled_from([COMPLETED, SKIPPED, RETURNED]), st.integers(0, 3)), max_size=12))
def test_visits_follow_each_other_without_gap_or_overlap(acts: list[tuple[str, int]]) -> None:
    events, day = [event(OPENED)], 0
    for kind, target in acts:
        progress = replay(*events)
        here = progress.current
        day += 1
        if kind == RETURNED:
            try:
                stages.check_return(progress, OPEN, OPEN.stages[target].id)
            except Refusal:
                continue
            events.append(event(RETURNED, day, OPEN.stages[target].id))
        elif here is not None:
            events.append(event(kind, day, here.stage))

    visits = replay(*events).visits

    assert all(earlier.left_on is not None and earlier.left_on <= later.entered_on for earlier, later in pairwise(visits))
    assert sum(visit.left_on is None for visit in visits) <= 1
    assert all(visit.left_on is None or visit.left_on >= visit.entered_on for visit in visits)


def test_preparation_does_not_end_before_a_procedure_is_chosen() -> None:
    preparation = procedure(stage("need"), stage("plan"), name="preparation")

    stages.check_way_on(preparation, "need")
    stages.check_way_on(OPEN, "notice")
    with pytest.raises(Refusal) as refused:
        stages.check_way_on(preparation, "plan")

    assert refused.value.reasons[0].code == "procedure_not_chosen"
