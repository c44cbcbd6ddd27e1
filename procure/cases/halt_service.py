"""What is done with a case besides passing its stages. The case is locked (`queries.case_to_change`); each act is one event.

Every act takes `seen`, the `Progress.sequence` that was on the person's screen: of two who act at once the second is told.
"""

from datetime import date, datetime
from typing import Any

from procure.cases import deadlines, queries, service
from procure.cases.models import Case
from procure.catalogue import cancelling
from procure.domain import acts, stages
from procure.domain.outcomes import Reason, Refusal, check_all
from procure.domain.permissions import Actor


def hold(
    case: Case, happened_on: date, reason: str, expected_on: date | None, seen: int, by: Actor, today: date, now: datetime
) -> None:
    """Put the case on hold; the periods of the law go on. `expected_on`: when it is thought to go on. Raises Refusal."""
    progress = service.progress_of(case)
    acts.check_hold(progress, happened_on, expected_on)
    _check(progress, happened_on, reason, seen, today)
    expected = {"expected_on": expected_on.isoformat()} if expected_on else {}
    _done(case, stages.HELD, {"at": case.stage, "reason": reason.strip(), **expected}, happened_on, by, now)


def resume(case: Case, happened_on: date, note: str, seen: int, by: Actor, today: date, now: datetime) -> None:
    """The case goes on in the stage in which it was held. Raises Refusal."""
    progress = service.progress_of(case)
    acts.check_resume(progress)
    acts.check_seen(progress, seen)
    stages.check_date(progress, happened_on, today)
    _done(case, stages.RESUMED, {"at": case.stage, "reason": note.strip()}, happened_on, by, now)


def cancel(
    case: Case,
    happened_on: date,
    ground: str,
    reason: str,
    published: bool | None,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> None:
    """Cancel the procurement on a ground of the catalogue, in words (125 §). `published`: whether a notice had been published; None
    where nobody said. Raises Refusal."""
    progress = service.progress_of(case)
    acts.check_cancel(progress, ground, cancelling.catalogue().keys())
    _check(progress, happened_on, reason, seen, today)
    if published is None:
        raise Refusal(Reason("notice_unknown", citation="1397/2016 58 § 5 mom", target="published"))
    payload = {"ground": ground, "reason": reason.strip(), "published": published, "at": case.stage, "citation": acts.CANCELLING}
    _done(case, stages.CANCELLED, payload, happened_on, by, now)


def reopen(case: Case, stage_id: str, happened_on: date, reason: str, seen: int, by: Actor, today: date, now: datetime) -> None:
    """A case that is over goes on in the stage in which it ended or in an earlier one; periods of the law that began there or later no
    longer count. Raises Refusal."""
    progress, procedure = service.progress_of(case), service.procedure_of(case)
    acts.check_reopen(progress, procedure, stage_id)
    _check(progress, happened_on, reason, seen, today)
    event = service.record(case, stages.REOPENED, {"stage": stage_id, "reason": reason.strip()}, happened_on, by, now)
    deadlines.set_aside_from(case, procedure, stage_id, event.sequence)
    service.refresh(case)


def repeat(case: Case, stage_id: str, happened_on: date, reason: str, seen: int, by: Actor, today: date, now: datetime) -> None:
    """The present stage ends and begins again as its next round. Raises Refusal."""
    progress = service.progress_of(case)
    acts.check_repeat(progress, service.procedure_of(case), stage_id)
    _check(progress, happened_on, reason, seen, today)
    current = progress.current
    payload = {"stage": stage_id, "round": current.round + 1 if current else 1, "reason": reason.strip()}
    _done(case, stages.REPEATED, payload, happened_on, by, now)


def begin_beside(
    case: Case, stage_id: str, happened_on: date, note: str, seen: int, by: Actor, today: date, now: datetime
) -> None:
    """A stage begins that runs beside the present one, as the procedure allows. Raises Refusal."""
    progress = service.progress_of(case)
    acts.check_beside(progress, service.procedure_of(case), stage_id)
    acts.check_seen(progress, seen)
    stages.check_date(progress, happened_on, today)
    payload = {"stage": stage_id, "beside": case.stage, "reason": note.strip()}
    _done(case, stages.BEGUN_BESIDE, payload, happened_on, by, now)


def _check(progress: stages.Progress, happened_on: date, reason: str, seen: int, today: date) -> None:
    """What every act that needs a reason has in common. Raises Refusal."""
    acts.check_seen(progress, seen)
    check_all(lambda: stages.check_date(progress, happened_on, today), lambda: _check_reason(reason))


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal(Reason("reason_missing", target="reason"))


def _done(case: Case, kind: str, payload: dict[str, Any], happened_on: date, by: Actor, now: datetime) -> None:
    service.record(case, kind, payload, happened_on, by, now)
    service.refresh(case)


def last_cancelling(case: Case) -> Any:
    """The event with which the case was cancelled last; None when it never was."""
    events = queries.stage_events_of(case)
    return next((event for event in reversed(events) if event.kind == stages.CANCELLED), None)
