"""The plan of a case: preparation and procedure in one row of stages, what has happened beside what is planned.

Preparation takes working days of the city and is never shortened by law; from the notice on `timetable.Walk` counts. Forwards, the
notice is sent on the planned day, or as soon as preparation lets it; backwards, on the last day that is early enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from procure.domain.calendar import Calendar, OutOfCalendar
from procure.domain.planning.backwards import latest_start
from procure.domain.planning.experience import Learned, days_of
from procure.domain.planning.timetable import Happened, Outline, Rules, Step, Walk
from procure.domain.procedures import Procedure, Stage
from procure.domain.stages import Progress, Visit

FORWARDS: Final = "forwards"
BACKWARDS: Final = "backwards"

DONE, SKIPPED, CURRENT, PLANNED = "done", "skipped", "current", "planned"

AFTERWARDS: Final = ("contract_management", "archive", "follow_up")
"""Stages that last years after the contract: what showed them to their end could show nothing else."""

Days = tuple[date, date]
"""The first day and the last day."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the city's people have decided for one case. `durations` in working days, `wished` the days on which stages shall end
    (the contract: on which it shall be made). `learned`: the network's medians that stand in the place of the catalogue's days; the
    city's own number goes before them, and the case's before both."""

    mode: str = FORWARDS
    start: date | None = None
    needed_by: date | None = None
    durations: Mapping[str, int] = field(default_factory=dict)
    wished: Mapping[str, date] = field(default_factory=dict)
    learned: Mapping[str, Learned] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the case is: the stages behind it and the one it is in, with their days."""

    happened: Mapping[str, Happened] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    current: str = ""

    def over(self, stage: str) -> bool:
        done = self.happened.get(stage)
        return done is not None and done.left_on is not None

    def state(self, stage: str) -> str:
        if stage in self.skipped:
            return SKIPPED
        if self.over(stage):
            return DONE
        return CURRENT if stage in self.happened else PLANNED


def standing(progress: Progress, procedure: Procedure) -> Standing:
    """The stages up to the present one: a stage that a return has put ahead again is planned anew."""
    ids = [stage.id for stage in procedure.stages]
    current = progress.current
    here = ids.index(current.stage) if current is not None and current.stage in ids else len(ids)
    happened, skipped = {}, set()
    for position, stage_id in enumerate(ids):
        visit = progress.last_visit(stage_id)
        if visit is None or (position > here and not _beside_now(visit, current)):
            continue
        happened[stage_id] = Happened(visit.entered_on, visit.left_on)
        if visit.outcome == SKIPPED:
            skipped.add(stage_id)
    return Standing(happened, frozenset(skipped), current.stage if current else "")


def _beside_now(visit: Visit, current: Visit | None) -> bool:
    """A stage ahead that runs beside the present one, or was done beside it."""
    return visit.beside and current is not None and (visit.left_on is None or visit.entered_on >= current.entered_on)


@dataclass(frozen=True, slots=True)
class Route:
    """The way that a case goes. `outline` None: the rules of the day are not known, so that only preparation is planned."""

    preparation: tuple[Stage, ...]
    outline: Outline | None
    chosen: bool
    """Whether the case follows the procedure, or it is only the one that is recommended."""

    @property
    def notice(self) -> Stage | None:
        """The stage that ends on the day from which the procedure is counted."""
        return self.outline.stages[0].stage if self.outline else None

    @property
    def without_minimum(self) -> tuple[Stage, ...]:
        """The stages for which no law sets a period: practice decides how long they take."""
        own = [planned.stage for planned in self.outline.stages if planned.least is None] if self.outline else []
        return (*self.preparation, *own)


@dataclass(frozen=True, slots=True)
class Line:
    """A stage of the plan: its days as they happened, else as they are expected now."""

    stage: Stage
    first: date
    last: date
    state: str
    preparation: bool = False
    min_days: int | None = None
    """Calendar days; None where no law sets a minimum."""
    rolled: bool = False
    citation: str = ""
    waits_for: str = ""
    saved: Days | None = None
    """As they stood when the plan was last saved."""
    late: int | None = None
    """Working days after the saved last day; below zero: earlier."""
    latest: date | None = None
    """The last day on which the stage may end if the contract is to be made when it is needed."""
    slack: int | None = None
    """Working days up to `latest`; below zero: it is too late already."""

    @property
    def open(self) -> bool:
        return self.state in (CURRENT, PLANNED)

    @property
    def days(self) -> Days:
        return self.first, self.last


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines in the order of the stages, and what they come to."""

    procedure: str
    chosen: bool
    lines: tuple[Line, ...]
    notice: Line | None
    contract: Line | None
    latest_start: date | None
    """The last day on which the notice can be sent and the contract be made by `needed_by`."""
    choices: Choices

    def line(self, stage: str) -> Line | None:
        return next((line for line in self.lines if line.stage.id == stage), None)

    @property
    def drawn(self) -> tuple[Line, ...]:
        """The lines that a drawing shows: a stage that comes years after the contract only once it has begun."""
        return tuple(line for line in self.lines if not (line.state == PLANNED and line.stage.id in AFTERWARDS))

    @property
    def contract_on(self) -> date | None:
        """The day of the contract: made, or the first day on which it may be."""
        if self.contract is None:
            return None
        return self.contract.first if self.contract.open else self.contract.last

    @property
    def feasible(self) -> bool | None:
        """None where no contract is planned or no day is named."""
        if self.contract_on is None or self.choices.needed_by is None:
            return None
        return self.contract_on <= self.choices.needed_by


class Planner:
    """Counts the plan of one case. `saved` holds the days of each stage as the plan was last saved. Raises OutOfCalendar."""

    def __init__(
        self, route: Route, rules: Rules, choices: Choices, stands: Standing, today: date, saved: Mapping[str, Days] | None = None
    ) -> None:
        self.route, self.choices, self.stands, self.today = route, choices, stands, today
        learned = days_of(route.without_minimum, choices.learned)
        self.rules = replace(rules, durations={**learned, **rules.durations, **choices.durations})
        self.office: Calendar = rules.office
        self.saved = saved or {}
        self.preparation = tuple(stage for stage in route.preparation if self._takes_part(stage))

    def plan(self) -> Plan:
        latest = self._latest()
        prepared = self._preparation(latest)
        lines = [self._line(line, latest.days.get(line.stage.id)) for line in prepared]
        ready = prepared[-1].last if prepared else self.today
        lines += [self._line(line, latest.days.get(line.stage.id)) for line in self._procedure(ready, latest.start)]
        outline, notice = self.route.outline, self.route.notice
        by_id = {line.stage.id: line for line in lines}
        return Plan(
            outline.procedure if outline else "", self.route.chosen, tuple(lines), by_id.get(notice.id) if notice else None,
            by_id.get("contract"), latest.start, self.choices,
        )  # fmt: skip

    def days_for(self, stage: Stage) -> int:
        """Working days that the city takes for the stage."""
        return self.rules.durations.get(stage.id, stage.usual_days)

    def _takes_part(self, stage: Stage) -> bool:
        """A stage that may be left out is left out when it is given no days, unless the case is or has been in it."""
        return not stage.optional or stage.id in self.stands.happened or self.days_for(stage) > 0

    def _line(self, line: Line, latest: Days | None) -> Line:
        saved = self.saved.get(line.stage.id)
        late = self.office.working_days_between(saved[1], line.last) if saved else None
        last_allowed = latest[1] if latest and line.open else None
        ends = line.first if line.stage.id == "contract" else line.last  # a contract is needed made, not carried out
        slack = self.office.working_days_between(ends, last_allowed) if last_allowed else None
        return replace(line, saved=saved, late=late, latest=last_allowed, slack=slack)

    # preparation

    def _preparation(self, latest: "Latest") -> list[Line]:
        found: list[Line] = []
        cursor = None
        for stage in self.preparation:
            first, last = self._prepared(stage, cursor)
            allowed = latest.days.get(stage.id) if self.choices.mode == BACKWARDS else None
            cursor = last
            if allowed and not self.stands.over(stage.id):
                begun = stage.id in self.stands.happened
                first, last = first if begun else max(first, allowed[0]), max(last, allowed[1])
            found.append(Line(stage, first, last, self.stands.state(stage.id), preparation=True, citation=stage.citation))
        return found

    def _prepared(self, stage: Stage, cursor: date | None) -> Days:
        """As early as it can be: from the first working day after the stage before, never in the past."""
        done = self.stands.happened.get(stage.id)
        if done is not None and done.left_on is not None:
            return done.entered_on, done.left_on
        after = self.office.after(cursor) if cursor else self.today
        first = done.entered_on if done else self.office.on_or_after(max(after, self.today))
        return first, self._worked(stage, first)

    def _worked(self, stage: Stage, first: date) -> date:
        """The last day of the city's own work that begins then: as wished, else after its days; not in the past."""
        begins = self.office.on_or_after(first)
        wished = self.choices.wished.get(stage.id)
        last = self.office.on_or_after(wished) if wished else self.office.after(begins, max(self.days_for(stage) - 1, 0))
        return max(last, begins, last if last >= self.today else self.office.on_or_after(self.today))

    # the procedure

    def _procedure(self, ready: date, latest: date | None) -> list[Line]:
        """`ready`: the last day of preparation."""
        outline, notice = self.route.outline, self.route.notice
        if outline is None or notice is None:
            return []
        begins, sent = self._notice(notice, ready, latest)
        walk = Walk(
            outline, self.rules, sent, happened=self.stands.happened, fixed=self.choices.wished, today=self.today,
        )  # fmt: skip
        steps = {step.stage: step for step in walk.steps()}
        lines = []
        for planned in outline.stages:
            step = steps[planned.stage.id]
            first = begins if planned.stage is notice else step.starts
            lines.append(self._of_step(planned.stage, step, first))
        return lines

    def _of_step(self, stage: Stage, step: Step, first: date) -> Line:
        state = self.stands.state(stage.id)
        last = max(step.last_day, self.today) if state == CURRENT else step.last_day
        return Line(
            stage, first, last, state, min_days=step.min_days, rolled=step.rolled and state in (CURRENT, PLANNED),
            citation=step.citation, waits_for=step.waits_for,
        )  # fmt: skip

    def _notice(self, stage: Stage, ready: date, latest: date | None) -> Days:
        """When the stage begins, and the day on which the notice is sent."""
        done = self.stands.happened.get(stage.id)
        if done is not None and done.left_on is not None:
            return done.entered_on, done.left_on
        begins = done.entered_on if done else self.office.on_or_after(max(self.office.after(ready), self.today))
        sent = self._worked(stage, begins)
        wanted = latest if self.choices.mode == BACKWARDS else self.choices.start
        if wanted is None or wanted <= sent:
            return begins, sent
        return begins if done else max(begins, self._begun_before(stage, wanted)), wanted

    # backwards

    def _begun_before(self, stage: Stage, last: date) -> date:
        """The day on which work that ends on `last` begins at the latest."""
        return self.office.before(self.office.on_or_before(last), max(self.days_for(stage) - 1, 0))

    def _latest(self) -> "Latest":
        """The last days on which each stage may begin and end; nothing where no day is named by which a contract is needed."""
        outline, needed_by = self.route.outline, self.choices.needed_by
        if outline is None or needed_by is None or not outline.has_contract:
            return Latest()
        try:
            start = latest_start(outline, self.rules, needed_by)
        except OutOfCalendar:
            return Latest()
        steps = Walk(outline, self.rules, start).to_contract()
        days = {step.stage: (step.starts, step.last_day) for step in steps}
        made_on = days["contract"][0]
        days["contract"] = made_on, made_on
        begins = self._begun_before(outline.stages[0].stage, start)
        days[outline.stages[0].stage.id] = begins, start
        for stage in reversed(self.preparation):
            last = self.office.before(begins)
            begins = self._begun_before(stage, last)
            days[stage.id] = begins, last
        return Latest(start, days)


@dataclass(frozen=True, slots=True)
class Latest:
    """The plan that ends on the last day. `start`: when its notice is sent."""

    start: date | None = None
    days: Mapping[str, Days] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """A stage that falls on other days than before. None: it was not, or is no longer, part of the plan."""

    stage: Stage
    old: Days | None
    new: Days | None
    working_days: int
    """From the old last day to the new one; below zero: earlier."""


def moves(old: Plan, new: Plan, office: Calendar) -> tuple[Move, ...]:
    """What changes from one plan to another, in the order of the new one; then what is gone."""
    before = {line.stage.id: line for line in old.lines}
    found = []
    for line in new.lines:
        was = before.pop(line.stage.id, None)
        if was is None:
            found.append(Move(line.stage, None, line.days, 0))
        elif was.days != line.days:
            found.append(Move(line.stage, was.days, line.days, office.working_days_between(was.last, line.last)))
    gone: Sequence[Line] = [line for line in before.values() if line.open]
    return (*found, *(Move(line.stage, line.days, None, 0) for line in gone))
