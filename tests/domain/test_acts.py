"""Whatever is done with a case, in whatever order: one stage at a time, days in order, and the log gives it all back."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain import acts, stages
from procure.domain.outcomes import Refusal
from procure.domain.procedures import Procedure, Stage
from procure.domain.references import chained, event_row
from procure.domain.stages import Progress
from procure.domain.trail import Trail
from procure.domain.visits import Spent, spent
from tests.domain.records import procedure, stage

D = date(2026, 3, 2)
RECORDED = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
TODAY = D + timedelta(days=400)
GROUNDS = ("budget", "other")


class Log:
    """A case's log as the services write it: an act is held against the rules first, then recorded."""

    def __init__(self, its: Procedure) -> None:
        self.procedure, self.trail, self.hash, self.sequence = its, Trail("TRE-2026-0001", lambda *_: its), "", 0
        self.record(stages.OPENED, D, procedure=its.id, edition=its.edition, answers={})

    def record(self, kind: str, on: date, **payload: Any) -> None:
        self.sequence += 1
        row = event_row(
            "TRE-2026-0001", self.sequence, kind, payload, on.isoformat(), RECORDED.isoformat(), 1, "Officer", "officer"
        )
        self.hash = chained(self.hash, row)
        self.trail.take(self.sequence, kind, payload, on, RECORDED, 1, "Officer", "officer", self.hash)

    @property
    def progress(self) -> Progress:
        return self.trail.progress()

    def act(self, kind: str, on: date, name: str) -> bool:
        """False when the rules refuse it."""
        before = self.progress
        try:
            self._check(kind, before, on, name)
            stages.check_date(before, on, TODAY)
        except Refusal:
            return False
        more = {"ground": "budget", "published": True} if kind == stages.CANCELLED else {}
        self.record(kind, on, **({} if kind in (stages.HELD, stages.RESUMED, stages.CANCELLED) else {"stage": name}), **more)
        return True

    def _check(self, kind: str, before: Progress, on: date, name: str) -> None:
        if kind in (stages.COMPLETED, stages.SKIPPED):
            acts.check_active(before)
            stages.check_current(before, name)
            if kind == stages.SKIPPED:
                stages.check_skip(self.procedure.stage(name))
            acts.check_nothing_left(before, self.procedure, name)
        elif kind == stages.RETURNED:
            acts.check_active(before)
            stages.check_return(before, self.procedure, name)
        else:
            {
                stages.HELD: lambda: acts.check_hold(before, on, None),
                stages.RESUMED: lambda: acts.check_resume(before),
                stages.CANCELLED: lambda: acts.check_cancel(before, "budget", GROUNDS),
                stages.REOPENED: lambda: acts.check_reopen(before, self.procedure, name),
                stages.REPEATED: lambda: acts.check_repeat(before, self.procedure, name),
                stages.BEGUN_BESIDE: lambda: acts.check_beside(before, self.procedure, name),
            }[kind]()


NAMES = ("need", "notice", "questions", "tenders", "negotiation", "contract", "archive")
KINDS = (*stages.STAGE_EVENTS[2:], stages.COMPLETED, stages.COMPLETED)


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    ids = NAMES[: draw(st.integers(2, len(NAMES)))]

    def one(name: str) -> Stage:
        others = draw(st.sets(st.sampled_from([other for other in ids if other != name]), max_size=2))
        plain = stage(name, optional=draw(st.booleans()))
        return Stage(*(getattr(plain, field) for field in ("id", "name", "purpose", "citation", "confidence", "optional")),
                     draw(st.booleans()), 5, (), (), (), (), tuple(sorted(others)))  # fmt: skip

    return procedure(*(one(name) for name in ids))


STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(-2, 9), st.sampled_from(NAMES)), max_size=40)


def check(progress: Progress, log: Log) -> None:
    opened = [visit for visit in progress.main if visit.left_on is None]
    assert len(opened) == (0 if progress.finished else 1)
    running = [visit.stage for visit in progress.beside]
    assert len(set(running)) == len(running)
    if progress.current is not None:
        assert progress.current.stage not in running
        assert set(running) <= set(log.procedure.stage(progress.current.stage).beside)
    else:
        assert not running
    assert all(visit.left_on is None or visit.entered_on <= visit.left_on for visit in progress.visits)
    assert all(hold.until is not None for hold in progress.holds[:-1])
    assert progress.state in stages.STATES
    assert (progress.state == stages.ON_HOLD) == (progress.hold is not None)
    assert progress.state != stages.STOPPED or progress.current is None
    assert progress.hold is None or progress.current is not None
    assert progress.sequence == log.sequence


@given(procedures(), STEPS)
def test_no_sequence_of_acts_breaks_what_always_holds(its: Procedure, steps: list[tuple[str, int, str]]) -> None:
    log, day = Log(its), D
    for kind, days, name in steps:
        before, on = log.progress, day + timedelta(days=days)
        target = before.current.stage if before.current and kind in (stages.COMPLETED, stages.REPEATED) else name
        if any(target == known.id for known in its.stages) and log.act(kind, on, target):
            assert before.last_day is not None
            assert on >= before.last_day
            day = on
            assert log.progress.last_day == on
        check(log.progress, log)
    assert log.trail.broken is None


@given(procedures(), STEPS)
def test_days_in_stages_and_on_hold_are_all_the_days_of_the_case(its: Procedure, steps: list[tuple[str, int, str]]) -> None:
    log, day = Log(its), D
    for kind, days, name in steps:
        if kind != stages.BEGUN_BESIDE and any(name == known.id for known in its.stages):
            day = day + timedelta(days=days) if log.act(kind, day + timedelta(days=days), name) else day
    progress = log.progress
    found = spent(progress, TODAY, lambda first, last: (last - first).days).values()

    main = progress.main
    between = sum(
        (following.entered_on - (visit.left_on or TODAY)).days for visit, following in pairwise(main)
    )
    ends = main[-1].left_on or TODAY
    assert sum(one.days + one.held_days for one in found) == (ends - D).days - between
    assert all(one.days >= 0 and one.working_days == one.days and one.rework < one.visits for one in found)


def log_of(*steps: tuple[str, int, str], its: Procedure | None = None) -> Log:
    rounds = stage("negotiation")
    rounds = Stage(rounds.id, rounds.name, rounds.purpose, "", "practice", False, True, 5, (), (), (), ())
    log = Log(its or procedure(stage("need"), rounds, stage("contract"), stage("archive")))
    for kind, days, name in steps:
        assert log.act(kind, D + timedelta(days=days), name), (kind, name)
    return log


def working(first: date, last: date) -> int:
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(day.weekday() < 5 for day in days)


def test_planned_rounds_are_told_from_what_had_to_be_done_again() -> None:
    log = log_of(
        (stages.COMPLETED, 0, "need"), (stages.REPEATED, 7, "negotiation"), (stages.COMPLETED, 14, "negotiation"),
        (stages.RETURNED, 15, "negotiation"),
    )  # fmt: skip

    found = spent(log.progress, D + timedelta(days=16), working)["negotiation"]

    assert found == Spent(days=15, working_days=11, held_days=0, visits=3, rounds=2, rework=1)


def test_days_on_hold_are_told_apart() -> None:
    log = log_of((stages.COMPLETED, 0, "need"), (stages.HELD, 4, ""), (stages.RESUMED, 14, ""))

    found = spent(log.progress, D + timedelta(days=21), working)["negotiation"]

    assert (found.days, found.held_days, found.working_days) == (11, 10, 9)


@pytest.mark.parametrize(
    ("steps", "act", "code"),
    [
        ([], lambda p, its: acts.check_resume(p), "case_not_held"),
        ([(stages.HELD, 1, "")], lambda p, its: acts.check_active(p), "case_held"),
        ([(stages.CANCELLED, 1, "")], lambda p, its: acts.check_active(p), "case_cancelled"),
        ([(stages.CANCELLED, 1, "")], lambda p, its: acts.check_hold(p, D, None), "case_cancelled"),
        ([], lambda p, its: acts.check_hold(p, D, D - timedelta(days=1)), "expected_before_hold"),
        ([], lambda p, its: acts.check_cancel(p, "weather", GROUNDS), "ground_missing"),
        ([], lambda p, its: acts.check_repeat(p, its, "need"), "stage_not_repeatable"),
        ([], lambda p, its: acts.check_repeat(p, its, "contract"), "stage_already_left"),
        ([], lambda p, its: acts.check_reopen(p, its, "need"), "case_not_over"),
        ([], lambda p, its: acts.check_beside(p, its, "contract"), "stage_not_beside"),
        ([], lambda p, its: acts.check_seen(p, 0), "stages_changed"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_refused_with_its_reason(steps: list[tuple[str, int, str]], act: Any, code: str) -> None:
    log = log_of(*steps)

    with pytest.raises(Refusal) as refused:
        act(log.progress, log.procedure)

    assert refused.value.reasons[0].code == code
