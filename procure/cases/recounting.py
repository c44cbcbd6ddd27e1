"""When the day of a stage's completion is corrected, the periods of the law that it started are counted again from the right day."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import update

from procure.cases import deadlines, queries, service
from procure.cases.deadlines import Given
from procure.cases.models import Case, CaseDeadline
from procure.domain import after_events, stages
from procure.domain.after_events import CONTRACT, EX_ANTE, NOTIFICATION, STANDSTILL
from procure.domain.corrections import Entry, Pairs
from procure.infra.db import db

WAITING: Final = (STANDSTILL, CONTRACT)
"""Stages that the law forbids to complete before a day."""
BEGINNING: Final = (NOTIFICATION, EX_ANTE)
"""Stages whose completion begins the wait."""


def recount(case: Case, entry: Entry, happened_on: date, sequence: int) -> None:
    """Count again what the completed stage of `entry` started; the correction is recorded, with that sequence.

    The periods counted from the wrong day are set aside, not removed. Raises Refusal when the right day is one on which the law
    forbade the step, or makes a later step such a one: then the record cannot be brought in order without the exception of 130 §.
    """
    if entry.kind == stages.COMPLETED:
        _done_on(case, entry, happened_on)
        _count(case, entry.stage, sequence)
        if entry.stage == NOTIFICATION:
            _count(case, CONTRACT, sequence)  # a longer time for appeal runs from the notification
    _check_waits(case)


def _done_on(case: Case, entry: Entry, happened_on: date) -> None:
    """What the stage was there to do was done on the right day too."""
    rules = [rule for rule, done_by in after_events.DONE_BY.items() if done_by == entry.stage]
    done = update(CaseDeadline).where(
        CaseDeadline.case_id == case.id, CaseDeadline.rule.in_(rules), CaseDeadline.met_on == entry.happened_on
    )
    db.session.execute(done.values(met_on=happened_on))


def _count(case: Case, stage: str, sequence: int) -> None:
    before = {row.rule: row for row in deadlines.in_force(case) if row.stage == stage}
    event = _completion(case, stage)
    if not before or event is None:
        return
    standing, day = _standing_before(case, event.sequence)
    given = _given(event.payload)
    deadlines.check_given(stage, day, standing, given)
    begun = deadlines.begun(stage, day, standing, given, queries.facts_of(queries.answers_of(case)))
    periods = tuple(one for one in begun.periods if one.counted.rule.id in before)  # what was set aside stays so
    deadlines.keep(case, replace(begun, periods=periods), given.evidence, sequence)
    db.session.flush()
    for rule, row in before.items():
        if row.met_on is not None:
            kept = update(CaseDeadline).where(
                CaseDeadline.case_id == case.id, CaseDeadline.rule == rule, CaseDeadline.sequence == sequence
            )
            db.session.execute(kept.values(met_on=row.met_on))


def _completion(case: Case, stage: str) -> Any:
    """The last completion of the stage, as it was recorded; None when there is none."""
    events = queries.stage_events_of(case)
    found = [event for event in events if event.kind == stages.COMPLETED and event.payload.get("stage") == stage]
    return found[-1] if found else None


def _standing_before(case: Case, sequence: int) -> tuple[deadlines.Situation, date]:
    """How the case stood before that event, with what has been corrected since; and the event's day."""
    events = [e for e in queries.stage_events_of(case) if e.sequence < sequence or e.kind == stages.CORRECTED]
    pairs: Pairs = service.stage_events_of(case)
    event, procedure = next((event, its) for event, its in stages.corrected(pairs) if event.sequence == sequence)
    progress = stages.replay(service.stage_events_of(case, events))
    return deadlines.situation(procedure, progress, events), event.happened_on


def _given(payload: dict[str, Any]) -> Given:
    """What the person told when the stage was completed."""
    due, exception = payload.get("tenders_due_on"), payload.get("exception", {})
    return Given(
        payload.get("sent_by", ""), payload.get("evidence", ""), date.fromisoformat(due) if due else None,
        exception.get("id", ""), exception.get("reason", ""),
    )  # fmt: skip


def _check_waits(case: Case) -> None:
    """No step that the law makes wait was taken before its day. Raises Refusal."""
    rows = deadlines.in_force(case)
    visits = service.progress_of(case).visits
    begun = max((at for at, visit in enumerate(visits) if visit.stage in BEGINNING), default=len(visits))
    for visit in visits[begun:]:  # a contract of an earlier round was held against the wait of that round
        event = _completion(case, visit.stage) if visit.stage in WAITING and visit.outcome == "completed" else None
        if event is not None and visit.left_on is not None:
            deadlines.check_wait(visit.left_on, deadlines.wait_of(visit.stage, rows), _given(event.payload))
