"""What may be wished of a plan, and what the law or the order of the steps does not allow."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from procure.domain.outcomes import Reason, Refusal
from procure.domain.planning.plan import Choices, Days, Line, Plan, Planner, Route, Standing
from procure.domain.planning.timetable import Rules

COUNTED: Final = ("questions", "standstill")
"""Steps whose last day follows from another one's by law."""


def has_duration(line: Line, route: Route) -> bool:
    """Whether the city decides how many working days the stage takes."""
    return line.open and line.min_days is None and line.stage.id not in COUNTED


def may_be_wished(line: Line, route: Route) -> bool:
    """Whether a day may be named on which the stage shall end. The notice is sent on the planned start."""
    return line.open and line.stage.id not in COUNTED and line.stage != route.notice


def check_wishes(route: Route, rules: Rules, choices: Choices, stands: Standing, today: date) -> None:
    """Hold every wished day against the plan without that one wish.

    Raises Refusal, one reason a stage: `period_too_short` with the section of law and the first day that it allows, or
    `day_too_early` where the steps before are not ready. Raises OutOfCalendar.
    """
    reasons = []
    for stage in choices.wished:
        others = {other: day for other, day in choices.wished.items() if other != stage}
        plan = Planner(route, rules, replace(choices, wished=others), stands, today).plan()
        line = plan.line(stage)
        if line is not None and may_be_wished(line, route):
            reason = _fault(line, choices.wished[stage], route)
            reasons += [reason] if reason else []
    if reasons:
        raise Refusal(*reasons)


def _fault(line: Line, wished: date, route: Route) -> Reason | None:
    if line.min_days is not None and wished < line.last:
        return Reason("period_too_short", {"earliest_on": line.last.isoformat()}, line.citation, target=line.stage.id)
    if wished >= line.first:
        return None
    earliest = {"earliest_on": line.first.isoformat()}
    if line.stage.id == "contract" and route.outline is not None and (standstill := route.outline.standstill) is not None:
        return Reason("period_too_short", earliest, standstill.citation, target="contract")
    return Reason("day_too_early", earliest, target=line.stage.id)


def kept(choices: Choices, plan: Plan, route: Route) -> Choices:
    """The choices without those about stages that are over or are not in the plan."""
    durations: Mapping[str, int] = {
        stage: days
        for stage, days in choices.durations.items()
        if (line := plan.line(stage)) is None or has_duration(line, route)
    }
    wished: Mapping[str, date] = {
        stage: day
        for stage, day in choices.wished.items()
        if (line := plan.line(stage)) is not None and may_be_wished(line, route)
    }
    learned = {
        stage: found
        for stage, found in choices.learned.items()
        if (line := plan.line(stage)) is not None and has_duration(line, route)
    }
    return replace(choices, durations=durations, wished=wished, learned=learned)


def days_of(plan: Plan) -> dict[str, Days]:
    """The days of each stage, as they are kept when the plan is saved."""
    return {line.stage.id: line.days for line in plan.lines}
