"""Backwards from the day on which the contract is needed: the last working day on which the notice can be sent."""

from dataclasses import dataclass
from datetime import date

from procure.domain.calendar import OutOfCalendar, moved, moved_by_months
from procure.domain.planning import periods
from procure.domain.planning.timetable import Outline, Rules, Step, Walk


@dataclass(frozen=True, slots=True)
class Timetable:
    """A planned procedure. `earliest_contract` None: the procedure has no contract of its own. `latest_start` and `feasible` are
    None where no contract is planned or no day is named by which it is needed."""

    procedure: str
    steps: tuple[Step, ...]
    earliest_contract: date | None
    latest_start: date | None
    feasible: bool | None


def timetable(plan: Outline, rules: Rules, start: date, needed_by: date | None) -> Timetable:
    """The steps from `start`, and whether that is early enough. Raises OutOfCalendar."""
    steps = tuple(Walk(plan, rules, start).steps())
    if not plan.has_contract:
        return Timetable(plan.procedure, steps, None, None, None)
    contract = next(step.starts for step in steps if step.stage == "contract")
    if needed_by is None:
        return Timetable(plan.procedure, steps, contract, None, None)
    latest = latest_start(plan, rules, needed_by, guess=moved(needed_by, (start - contract).days))
    return Timetable(plan.procedure, steps, contract, latest, start <= latest)


def contract_day(plan: Outline, rules: Rules, start: date) -> date:
    """The earliest day of the contract when the notice is sent on `start`."""
    return Walk(plan, rules, start).contract_day()


def latest_start(plan: Outline, rules: Rules, needed_by: date, guess: date | None = None) -> date:
    """The last working day on which the notice can be sent and the contract still be made by `needed_by`.

    A later notice never gives an earlier contract, but where a prior information notice shortens the periods only inside its
    window: there each stretch of days is looked at by itself, the latest first. `guess`: where to look first. Raises OutOfCalendar.
    """
    found = None
    for first, last in _stretches(plan, needed_by):
        found = _latest_within(plan, rules, needed_by, first, last, guess or last)
        if found is not None:
            break
    if found is None:
        raise OutOfCalendar(f"no day is early enough for a contract by {needed_by.isoformat()}")
    return found


def _stretches(plan: Outline, needed_by: date) -> list[tuple[date, date]]:
    sent, window = plan.pin_sent, plan.pin_window
    whole = (date.min, needed_by)
    if sent is None or sent >= needed_by:
        return [whole]
    opens = moved(sent, window.days)
    closes = moved_by_months(sent, window.months)
    while periods.within_pin_window(moved(closes, 1), sent, window):  # the end of a short month
        closes = moved(closes, 1)
    stretches = [(moved(closes, 1), needed_by), (opens, min(closes, needed_by)), (date.min, min(moved(opens, -1), needed_by))]
    return [(first, last) for first, last in stretches if first <= last]


def _latest_within(plan: Outline, rules: Rules, needed_by: date, first: date, last: date, guess: date) -> date | None:
    """The last working day of the stretch that is early enough; None when none is."""
    day = rules.office.on_or_before(min(last, max(first, guess)))
    while day >= first and (excess := (contract_day(plan, rules, day) - needed_by).days) > 0:
        day = rules.office.on_or_before(moved(day, -excess))
    if day < first:
        day = rules.office.on_or_after(first)
        if day > last or contract_day(plan, rules, day) > needed_by:
            return None
    while (following := rules.office.after(day)) <= last and contract_day(plan, rules, following) <= needed_by:
        day = following
    return day
