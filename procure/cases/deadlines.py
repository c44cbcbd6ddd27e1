"""Periods of the law in a case: started by what is recorded, kept as they were counted, set aside or met, and what they forbid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import update

from procure.cases import queries
from procure.cases.models import Case, CaseDeadline
from procure.catalogue import calendar as calendars
from procure.catalogue import deadlines as catalogue
from procure.domain import after_events, stages
from procure.domain.after_events import CONTRACT, EX_ANTE, EXCEPTIONS, NOTIFICATION, STANDSTILL, Asked, Event, Started, Wait
from procure.domain.calendar import OutOfCalendar
from procure.domain.deadlines import DELIVERIES, EMAIL
from procure.domain.outcomes import Reason, Refusal
from procure.domain.procedures import Procedure
from procure.domain.questions import Answers
from procure.domain.stages import Progress
from procure.infra.db import db

MET: Final = "deadline_met"
FORBIDDEN: Final = "contract_forbidden"
"""The refusal that an exception of 130 § may turn."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the person who completes a stage told besides the day: how the decision was sent (`email`, `letter`), what shows it, the
    last day for tenders, and the exception of 130 § under which the standstill was not waited out, with its reason."""

    sent_by: str = ""
    evidence: str = ""
    tenders_due_on: date | None = None
    exception: str = ""
    exception_reason: str = ""

    def without_exception(self) -> "Given":
        return replace(self, exception="", exception_reason="")

    @property
    def payload(self) -> dict[str, Any]:
        """For the log: only what was given."""
        due = self.tenders_due_on.isoformat() if self.tenders_due_on else ""
        told: dict[str, Any] = {"sent_by": self.sent_by, "evidence": self.evidence, "tenders_due_on": due}
        if self.exception:
            told["exception"] = {"id": self.exception, "citation": EXCEPTIONS[self.exception], "reason": self.exception_reason}
        return {name: value for name, value in told.items() if value}


NOTHING: Final = Given()


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides which periods begin, read from the log of stages."""

    procedure: str
    regime: str
    ex_ante: bool
    exception: str
    notified_on: date | None
    notified_by: str

    def asked(self, stage: str) -> Asked:
        """What completing that stage asks besides the day."""
        return after_events.asked(self.procedure, self.regime, stage)


def situation(procedure: Procedure, progress: Progress, events: Sequence[Any]) -> Situation:
    """How the case stands before the present event. An exception counts from the last notification on."""
    advised, exception, sent_by = "", "", EMAIL
    for event in events:
        if event.kind == stages.PROCEDURE_CHOSEN:
            advised = str(event.payload.get("advice", {}).get("regime", ""))
        elif event.kind in (stages.COMPLETED, stages.SKIPPED) and event.payload.get("stage") == NOTIFICATION:
            exception, sent_by = "", event.payload.get("sent_by", EMAIL)
        exception = event.payload.get("exception", {}).get("id", exception)
    announced, notified = progress.last_visit(EX_ANTE), progress.last_visit(NOTIFICATION)
    return Situation(
        procedure.id,
        after_events.regime_of(procedure.id, advised),
        announced is not None and announced.outcome == "completed",
        exception,
        notified.left_on if notified is not None and notified.outcome == "completed" else None,
        sent_by,
    )


@dataclass(frozen=True, slots=True)
class Begun:
    """An event and the periods that it starts, counted but not yet kept."""

    event: Event
    periods: tuple[Started, ...]


def in_force(case: Case) -> list[Any]:
    """The periods that no later event has set aside, in the order of their last days."""
    return [row for row in queries.deadlines_of(case) if row.set_aside_by is None]


def wait_of(stage: str, rows: Sequence[Any]) -> Wait | None:
    """Until when the law forbids to complete the stage, by the periods in force among `rows`; None: it does not."""
    return after_events.wait(stage, ((row.rule, row.safe_from, row.citation) for row in rows if row.set_aside_by is None))


def wait_at(stage: str, rows: Sequence[Any], standing: Situation) -> Wait | None:
    """As `wait_of`; for a notification that was recorded before its periods were kept, counted as sent electronically, which is the
    shortest."""
    if standing.notified_on is None or standing.exception or any(row.stage == NOTIFICATION for row in rows):
        return wait_of(stage, rows)
    sent = Event(NOTIFICATION, standing.notified_on, standing.procedure, standing.regime)
    started = after_events.after(sent, catalogue.catalogue(), calendars.finnish())
    counted = (one.counted for one in started)
    return after_events.wait(stage, ((one.rule.id, one.safe_from, one.rule.citation) for one in counted))


def check_wait(happened_on: date, wait: Wait | None, given: Given) -> None:
    """No standstill ends and no contract is made before its day, unless a named exception allows it. Raises Refusal."""
    if wait is None or happened_on >= wait.safe_on:
        return
    parameters = {"safe_on": wait.safe_on.isoformat()}
    if not wait.may_be_lifted:
        raise Refusal(Reason("contract_forbidden_after_notice", parameters, wait.citation, target="happened_on"))
    if not given.exception:
        raise Refusal(Reason(FORBIDDEN, parameters, wait.citation, target="happened_on"))
    if given.exception not in EXCEPTIONS:
        raise Refusal(Reason("exception_unknown", citation="1397/2016 130 §", target="exception"))
    if not given.exception_reason.strip():
        raise Refusal(Reason("exception_reason_missing", citation=EXCEPTIONS[given.exception], target="exception_reason"))


def check_given(stage: str, happened_on: date, standing: Situation, given: Given) -> None:
    """How the decision was sent is told, and the last day for tenders lies after the notice. Raises Refusal."""
    if standing.asked(stage).sent_by and given.sent_by not in DELIVERIES:
        raise Refusal(Reason("delivery_missing", citation="1397/2016 127 §", target="sent_by"))
    if given.tenders_due_on is not None and given.tenders_due_on <= happened_on:
        parameters = {"sent_on": happened_on.isoformat()}
        raise Refusal(Reason("tenders_due_before_notice", parameters, target="tenders_due_on"))


def begun(stage: str, happened_on: date, standing: Situation, given: Given, answers: Answers) -> Begun:
    """The periods that completing the stage starts. Changes nothing; raises Refusal for days that cannot be counted from."""
    urgency = answers.get("urgency")
    event = Event(
        stage, happened_on, standing.procedure, standing.regime,
        sent_by=given.sent_by or EMAIL,
        tenders_due_on=given.tenders_due_on,
        urgent=urgency is not None and urgency.value == "justified",
        ex_ante=standing.ex_ante,
        exception=given.exception or standing.exception,
        notified_on=standing.notified_on,
        notified_by=standing.notified_by,
    )  # fmt: skip
    try:
        return Begun(event, after_events.after(event, catalogue.catalogue(), calendars.finnish()))
    except OutOfCalendar as error:
        target = "tenders_due_on" if given.tenders_due_on else "happened_on"
        raise Refusal(Reason("date_outside_calendar", target=target)) from error


def keep(case: Case, found: Begun, evidence: str, sequence: int) -> None:
    """Keep the periods with the event that started them, set aside what they take the place of, and note what is done with it."""
    stage = found.event.stage
    _replace(case, found, sequence)
    for one in found.periods:
        counted = one.counted
        db.session.add(
            CaseDeadline(
                case_id=case.id, sequence=sequence, stage=stage, rule=counted.rule.id, edition=counted.rule.valid_from,
                citation=counted.rule.citation, event_on=counted.event, sent_by=one.sent_by, counted_from=counted.counted_from,
                last_day=counted.last_day, rolled_last_day=counted.rolled_last_day, safe_from=counted.safe_from, evidence=evidence,
            )
        )  # fmt: skip
    _meet(case, stage, found.event.happened_on)


def _replace(case: Case, found: Begun, sequence: int) -> None:
    """A stage completed again takes the place of the time before; an exception that of the standstill it lifts, and the longer time
    for appeal that of the usual one."""
    stage, rules = found.event.stage, {one.counted.rule.id for one in found.periods}
    lifts = bool(found.event.exception) and stage in (STANDSTILL, CONTRACT)
    for row in in_force(case):
        shorter = row.rule == "appeal" and "appeal_no_standstill" in rules
        if row.stage == stage or shorter or (lifts and row.rule in after_events.STANDSTILLS):
            _set_aside(row.id, sequence)


def _meet(case: Case, stage: str, on: date) -> None:
    """What the stage was there to do is done with it."""
    rules = [rule for rule, done_by in after_events.DONE_BY.items() if done_by == stage]
    if rules:
        db.session.execute(
            update(CaseDeadline)
            .where(
                CaseDeadline.case_id == case.id,
                CaseDeadline.rule.in_(rules),
                CaseDeadline.set_aside_by.is_(None),
                CaseDeadline.met_on.is_(None),
            )
            .values(met_on=on)
        )


def lift(case: Case, sequence: int) -> None:
    """The standstill is left out (130 § 1 mom 3 k): what is still running of it no longer counts."""
    for row in in_force(case):
        if row.rule in after_events.STANDSTILLS:
            _set_aside(row.id, sequence)


def set_aside_from(case: Case, procedure: Procedure, stage: str, sequence: int) -> None:
    """The case stands in `stage` of `procedure` again: periods that began there or later, or in a stage that the procedure does not
    have, no longer count. `stage` "": the case has passed its last stage, and nothing is set aside but what is not its own."""
    ids = [one.id for one in procedure.stages]
    before = frozenset(ids[: ids.index(stage)] if stage in ids else ids)
    for row in in_force(case):
        if row.stage not in before:
            _set_aside(row.id, sequence)


def _set_aside(number: int, sequence: int) -> None:
    db.session.execute(update(CaseDeadline).where(CaseDeadline.id == number).values(set_aside_by=sequence))


def check_met(row: CaseDeadline | None, met_on: date, opened_on: date, today: date) -> CaseDeadline:
    """A thing is done once, not in the future, and not before what it answers. Raises Refusal."""
    if row is None or row.rule not in after_events.DONE_BY or row.set_aside_by is not None or row.met_on is not None:
        raise Refusal(Reason("deadline_not_open"))
    if met_on > today:
        raise Refusal(Reason("date_in_future", {"today": today.isoformat()}, target="happened_on"))
    earliest = min(row.event_on, opened_on) if row.rolled_last_day < row.event_on else row.event_on
    if met_on < earliest:
        raise Refusal(Reason("met_before_event", {"event_on": earliest.isoformat()}, target="happened_on"))
    return row
