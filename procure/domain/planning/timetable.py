"""The steps of a procedure in time, forwards from the day the notice is sent.

A period of the law starts on the day of its event and ends by the counting rules, rolled on the national calendar. Every other step
takes working days of the city, counted from the first working day after the step before. Nothing here is a day too optimistic: the
contract comes on the first working day on which acting is safe.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Final, NamedTuple

from procure.domain.calendar import Calendar
from procure.domain.deadlines import Deadline, Deadlines, counted
from procure.domain.planning import periods
from procure.domain.planning.office import Meeting, meeting_from
from procure.domain.planning.periods import Minimum, Terms
from procure.domain.procedures import Procedure, Stage

DECISIONS: Final = frozenset({"award_decision", "result"})
"""Steps that a board decides: they wait for its next meeting."""
BESIDE: Final = frozenset({"questions", "report"})
"""Steps that run while another one does, and hold nothing up."""
ONLY_WITH_STANDSTILL: Final = frozenset({"standstill", "report"})
"""129 § and 124 §: where the one is not required, neither is the other."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the dates are counted by: the national calendar for the periods of the law, and how the city works."""

    law: Calendar
    office: Calendar
    durations: Mapping[str, int] = field(default_factory=dict)
    """Stage -> working days, where the city or the case has its own; else the catalogue's usual days."""
    meetings: Sequence[Meeting] = ()
    """In the order of their days; after the last known one a decision waits for nothing."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A stage that has begun: when it was entered and, once it is over, left."""

    entered_on: date
    left_on: date | None = None


class Step(NamedTuple):
    """One step. `last_day` is the rolled day; `min_days` are calendar days, None where no law sets a minimum.

    A tuple, since looking for the latest start makes many of them.
    """

    stage: str
    starts: date
    last_day: date
    min_days: int | None = None
    rolled: bool = False
    citation: str = ""
    rule: str = ""
    """The id of the deadline behind `min_days`."""
    waits_for: str = ""
    """The body whose meeting the decision waits for."""
    happened: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A stage of the timetable. `least` None: no law sets a minimum, the city's own days are used."""

    stage: Stage
    least: Minimum | None
    least_after_pin: Minimum | None
    """The same after a prior information notice sent in its window."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A procedure under its terms: the steps in order, each with the row of law that rules it."""

    procedure: str
    stages: tuple[Planned, ...]
    pin_sent: date | None
    pin_window: Deadline
    answers: Deadline
    standstill: Deadline | None

    @property
    def has_contract(self) -> bool:
        return any(planned.stage.id == "contract" for planned in self.stages)


def outline(procedure: Procedure, steps: Sequence[str], terms: Terms, deadlines: Deadlines, on: date) -> Outline:
    """`steps` are the stages of the procedure that its timetable shows, from the notice on, in order. `on`: whose rows are taken.

    Where no standstill is required, it and the report of the procedure are left out.
    """
    standstill = periods.standstill(procedure.id, terms, deadlines, on) if "standstill" in steps else None
    stages = []
    for step in steps:
        if standstill is None and step in ONLY_WITH_STANDSTILL:
            continue
        period = periods.family(procedure.id, step, terms)
        least, after_pin = (periods.minimum(period, terms, pin, deadlines, on) if period else None for pin in (False, True))
        stages.append(Planned(procedure.stage(step), least, after_pin))
    return Outline(
        procedure.id, tuple(stages), terms.prior_information_notice, deadlines.of("pin_window", on),
        deadlines.of("additional_info_accelerated" if terms.urgent else "additional_info", on), standstill,
    )  # fmt: skip


class Walk:
    """Goes through the steps once. `start` is the day the notice is sent.

    `happened` holds what has really been done, `fixed` the days on which the officer wants a step to end; `today` keeps what has not
    been done out of the past.
    """

    def __init__(
        self, plan: Outline, rules: Rules, start: date, *,
        happened: Mapping[str, Happened] | None = None, fixed: Mapping[str, date] | None = None, today: date | None = None,
    ) -> None:  # fmt: skip
        self.plan, self.rules, self.start = plan, rules, start
        self.happened, self.fixed, self.today = happened or {}, fixed or {}, today
        sent = plan.pin_sent
        self.after_pin = sent is not None and periods.within_pin_window(start, sent, plan.pin_window)
        self.cursor = start
        """The last day of the step before."""
        self.notified_on: date | None = None
        self.safe_from: date | None = None
        self.contract_ends: date | None = None

    def steps(self) -> list[Step]:
        """All steps, in the order in which they start."""
        return sorted(self._walked(), key=attrgetter("starts"))

    def to_contract(self) -> list[Step]:
        """The steps up to the contract and with it, in the order of the procedure. The procedure must have one."""
        found = []
        for step in self._walked():
            found.append(step)
            if step.stage == "contract":
                break
        return found

    def contract_day(self) -> date:
        """The first working day on which the contract may safely be made. The procedure must have one."""
        return next(step.starts for step in self._walked() if step.stage == "contract")

    def _walked(self) -> Iterator[Step]:
        """In the order of the procedure."""
        for position, planned in enumerate(self.plan.stages):
            step = self._step(position, planned)
            self._went_through(step)
            yield step

    def _went_through(self, step: Step) -> None:
        stage, last_day = step.stage, step.last_day
        if stage in BESIDE:
            return
        if last_day > self.cursor:
            self.cursor = last_day
        if stage == "notification":
            self.notified_on = last_day
        elif stage == "contract":
            self.contract_ends = last_day

    def _before(self, stage_id: str) -> date:
        """The last day of what the step follows: mostly the step before it."""
        if stage_id == "report" and self.notified_on is not None:
            return self.notified_on  # written while the standstill runs
        if stage_id == "result_notice" and self.contract_ends is not None:
            return self.contract_ends  # due 30 days from the contract, also where a partnership goes on (58 § 5 mom)
        return self.cursor

    def _step(self, position: int, planned: Planned) -> Step:
        stage = planned.stage
        done = self.happened.get(stage.id) if self.happened else None
        if done is not None and done.left_on is not None:
            return self._done(planned, done.entered_on, done.left_on)
        if position == 0:
            return Step(stage.id, self.start, self.start, citation=stage.citation)
        if stage.id == "standstill":
            return self._standstill(stage)
        if stage.id == "contract":
            return self._contract(stage)
        if stage.id == "questions":
            return self._questions(stage)
        if (least := self._least(planned)) is not None:
            return self._period(stage, least)
        return self._work(stage, done.entered_on if done else None)

    def _least(self, planned: Planned) -> Minimum | None:
        return planned.least_after_pin if self.after_pin else planned.least

    def _done(self, planned: Planned, entered_on: date, left_on: date) -> Step:
        stage, least = planned.stage, self._least(planned)
        if stage.id == "standstill":
            self.safe_from = left_on
        if least is None:
            return Step(stage.id, entered_on, left_on, citation=stage.citation, happened=True)
        return Step(stage.id, entered_on, left_on, least.days, False, least.citation, least.rule.id, happened=True)

    def _period(self, stage: Stage, least: Minimum) -> Step:
        """Counted from the event before it: the notice or the invitation."""
        end = periods.end_of(least, self.cursor, self.rules.law)
        last_day = max(end.rolled_last_day, self._wanted(stage.id, self.rules.law) or end.rolled_last_day)
        rolled = end.rolled and last_day == end.rolled_last_day
        return Step(stage.id, self.cursor, last_day, least.days, rolled, least.citation, least.rule.id)

    def _questions(self, stage: Stage) -> Step:
        """While tenders or requests may come in: the answers are given in good time before the last day (69 § 4 mom)."""
        awaited = next(planned for planned in self.plan.stages if planned.stage.id in ("requests", "tender_period"))
        least = self._least(awaited)
        if least is None:
            return Step(stage.id, self.cursor, self.rules.office.after(self.cursor, self._days(stage)), citation=stage.citation)
        end = periods.end_of(least, self.cursor, self.rules.law).rolled_last_day
        rule = self.plan.answers
        answers = counted(rule, end, end, self.rules.law)
        last_day = max(answers.rolled_last_day, self.cursor)
        return Step(stage.id, self.cursor, last_day, None, answers.rolled, rule.citation, rule.id)

    def _standstill(self, stage: Stage) -> Step:
        """From the day of notification, sent by e-mail (127 § 1 mom)."""
        rule = self.plan.standstill
        assert rule is not None, self.plan  # the outline has this step only where 129 § does
        end = counted(rule, self.cursor, self.cursor, self.rules.law)
        self.safe_from = end.safe_from
        return Step(stage.id, self.cursor, end.rolled_last_day, rule.days, end.rolled, rule.citation, rule.id)

    def _contract(self, stage: Stage) -> Step:
        starts = self.rules.office.after(self.cursor) if self.safe_from is None else self.rules.office.on_or_after(self.safe_from)
        starts = max(starts, self._wanted(stage.id, self.rules.office) or starts, self._not_past(starts))
        return Step(stage.id, starts, self.rules.office.after(starts, max(self._days(stage) - 1, 0)), citation=stage.citation)

    def _work(self, stage: Stage, entered_on: date | None) -> Step:
        office, days = self.rules.office, max(self._days(stage), 1)
        if entered_on is None:
            starts, last_day = office.stretch(self._before(stage.id), days)
        else:
            starts, last_day = entered_on, office.after(office.on_or_after(entered_on), days - 1)
        if stage.id in self.fixed:
            last_day = max(office.on_or_after(self.fixed[stage.id]), starts)
        if self.today is not None:
            last_day = self._not_past(last_day)
        if stage.id in DECISIONS and self.rules.meetings:
            last_day, body = self._meeting(last_day)
            return Step(stage.id, starts, last_day, citation=stage.citation, waits_for=body)
        return Step(stage.id, starts, last_day, None, False, stage.citation)

    def _meeting(self, ready: date) -> tuple[date, str]:
        """The next meeting once the proposal is ready; the day itself when no meeting is known after it."""
        found = meeting_from(self.rules.meetings, ready)
        return (found.on, found.body) if found else (ready, "")

    def _days(self, stage: Stage) -> int:
        return self.rules.durations.get(stage.id, stage.usual_days)

    def _wanted(self, stage_id: str, calendar: Calendar) -> date | None:
        wanted = self.fixed.get(stage_id)
        return None if wanted is None else calendar.on_or_after(wanted)

    def _not_past(self, day: date) -> date:
        return day if self.today is None or day >= self.today else self.rules.office.on_or_after(self.today)
