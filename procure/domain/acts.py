"""What may be done with a case besides passing its stages: hold, go on, cancel, reopen, repeat, begin a stage beside another."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Final

from procure.domain.after_events import CONTRACT
from procure.domain.outcomes import Reason, Refusal
from procure.domain.procedures import Procedure
from procure.domain.stages import COMPLETED, ON_HOLD, STOPPED, Course, Progress, StageEvent

CANCELLING: Final = "1397/2016 125 §"


def check_active(progress: Progress) -> None:
    """No stage of a case is passed while it is on hold or once it was cancelled. Raises Refusal."""
    if progress.state == ON_HOLD:
        raise Refusal(Reason("case_held"))
    if progress.state == STOPPED:
        raise Refusal(Reason("case_cancelled"))


def check_seen(progress: Progress, seen: int) -> None:
    """The stages stand as the person saw them: `seen` is the `Progress.sequence` that was on the screen. Raises Refusal."""
    if progress.sequence != seen:
        raise Refusal(Reason("stages_changed"))


def check_hold(progress: Progress, happened_on: date, expected_on: date | None) -> None:
    """A running case may be put on hold, once at a time. Raises Refusal."""
    check_active(progress)
    if progress.current is None:
        raise Refusal(Reason("case_over"))
    if expected_on is not None and expected_on < happened_on:
        raise Refusal(Reason("expected_before_hold", {"held_on": happened_on.isoformat()}, target="expected_on"))


def check_resume(progress: Progress) -> None:
    """Only what is on hold can go on. Raises Refusal."""
    if progress.state != ON_HOLD:
        raise Refusal(Reason("case_not_held"))


def may_cancel(progress: Progress) -> bool:
    """Whether the case runs and its contract is not made."""
    return progress.current is not None and not progress.passed(CONTRACT)


def check_cancel(progress: Progress, ground: str, grounds: Collection[str]) -> None:
    """A procurement is cancelled on a ground, before its contract is made: with the contract the procedure has ended. Raises Refusal."""
    if progress.state == STOPPED:
        raise Refusal(Reason("case_cancelled"))
    if progress.current is None:
        raise Refusal(Reason("case_over"))
    if progress.passed(CONTRACT):
        raise Refusal(Reason("contract_made", citation=CANCELLING))
    if ground not in grounds:
        raise Refusal(Reason("ground_missing", citation=CANCELLING, target="ground"))


def reopens_to(progress: Progress, procedure: Procedure) -> tuple[str, ...]:
    """The stages in which a case that is over may begin again, the last one first: the one it was in, and those it had passed before."""
    if not progress.finished:
        return ()
    ids = [stage.id for stage in procedure.stages]
    last = progress.main[-1].stage
    here = ids.index(last) if last in ids else len(ids) - 1
    return tuple(stage_id for stage_id in reversed(ids[: here + 1]) if progress.last_visit(stage_id) is not None)


def check_reopen(progress: Progress, procedure: Procedure, to_stage: str) -> None:
    """A case that is over goes on in the stage in which it ended, or in an earlier one. Raises Refusal."""
    if not progress.finished:
        raise Refusal(Reason("case_not_over"))
    if to_stage not in reopens_to(progress, procedure):
        raise Refusal(Reason("stage_not_reopened", target="stage"))


def check_repeat(progress: Progress, procedure: Procedure, stage_id: str) -> None:
    """Only the present stage, and only one that comes in rounds. Raises Refusal."""
    check_active(progress)
    if progress.current is None or progress.current.stage != stage_id:
        raise Refusal(Reason("stage_already_left", {"stage": stage_id}, target=stage_id))
    stage = procedure.stage(stage_id)
    if not stage.repeatable:
        raise Refusal(Reason("stage_not_repeatable", {"stage": stage_id}, stage.citation))


def begins_beside(progress: Progress, procedure: Procedure) -> tuple[str, ...]:
    """The stages that may now begin beside the present one."""
    current = progress.current
    if current is None or progress.state:
        return ()
    return tuple(other for other in procedure.stage(current.stage).beside if not progress.runs(other))


def check_beside(progress: Progress, procedure: Procedure, stage_id: str) -> None:
    """The procedure lets the stage run beside the present one, and it does not yet. Raises Refusal."""
    check_active(progress)
    if progress.runs(stage_id):
        raise Refusal(Reason("stage_runs_already", {"stage": stage_id}))
    if stage_id not in begins_beside(progress, procedure):
        raise Refusal(Reason("stage_not_beside", {"stage": stage_id}))


def _after_passing(progress: Progress, procedure: Procedure, stage_id: str) -> Progress:
    """How the case would stand if that stage were completed on the day of the last act."""
    course, on = Course(progress.visits, progress.holds), progress.last_day or date.min
    course.take(StageEvent(COMPLETED, on, datetime.min.replace(tzinfo=UTC), "", stage_id), procedure)
    return Progress(tuple(course.visits), tuple(course.holds), progress.sequence)


def left_open(progress: Progress, procedure: Procedure, stage_id: str) -> tuple[str, ...]:
    """The stages that run beside and may not go on beside the one that follows: they are to be completed first."""
    after = _after_passing(progress, procedure, stage_id)
    allowed = procedure.stage(after.current.stage).beside if after.current is not None else ()
    return tuple(visit.stage for visit in after.beside if visit.stage not in allowed)


def check_nothing_left(progress: Progress, procedure: Procedure, stage_id: str) -> None:
    """A stage is not left while one runs beside it that cannot run beside the next. Raises Refusal."""
    if stages := left_open(progress, procedure, stage_id):
        raise Refusal(*(Reason("stage_beside_open", {"stage": stage}) for stage in stages))
