"""A city's procurements in figures: what is measured of one case, and how cases are counted. Rows in, counts out.

A case is counted in the month in which it was opened. Counts of days are kept, not percentiles: counts of several months and
procedures add up, percentiles do not. Nothing here depends on today: what still goes on has no length yet.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from procure.domain import brought, visits
from procure.domain.brought import Brought
from procure.domain.dates import NOTICE_STAGES
from procure.domain.figures import MEDIAN, month_of, percentile
from procure.domain.questions import Answers, has_value
from procure.domain.stages import ON_HOLD, STOPPED, Progress

SLOW: Final = 80
"""Four cases in five were done within this percentile."""
GOAL: Final = 10
"""Per cent of procurement that is to be innovative: the goal of the Government programme in the time of the KEINO competence centre."""

EVERY_THEME: Final = ""
EVERYBODY: Final = 0

OPEN, FINISHED = "open", "finished"
STATES: Final = (OPEN, ON_HOLD, FINISHED, STOPPED)

AWARD_STAGES: Final = ("award_decision", "result")
"""The stage on whose last day it is decided who wins: in contests and challenge competitions that is the result."""
CONTRACT_STAGE: Final = "contract"
STANDSTILL_STAGE: Final = "standstill"
RESEARCH_PROCEDURES: Final = ("pcp", "innovation_partnership")

LEGS: Final[Mapping[str, tuple[str, str]]] = {
    "notice": ("opened_on", "notice_on"),
    "award": ("notice_on", "award_on"),
    "contract": ("award_on", "contract_on"),
    "whole": ("opened_on", "contract_on"),
}
"""Lead times: from which day to which. Days on hold are in them, as the city waited for them too."""

PHASES: Final[Mapping[str, tuple[str, ...]]] = {
    "preparation": ("need", "prior_art", "market_consultation", "business_case", "plan"),
    "tendering": (
        "contract_notice", "national_notice", "contest_notice", "call", "challenge", "justification", "request_for_offers",
        "questions", "requests", "selection", "admission", "invitation", "tender_period", "opening", "offers", "entries", "screening",
        "initial_tenders", "negotiation", "dialogue", "final_tenders", "sprint", "jury", "suitability", "compliance", "comparison",
        "evaluation", "confirmation",
    ),
    "award": ("award_decision", "result", "notification", "standstill", "report", "ex_ante_notice", "contract"),
    "contract": (
        "result_notice", "phase1", "phase2", "phase3", "ppi", "partnership_phase", "commercial_purchase", "call_off", "follow_up",
        "contract_management", "archive",
    ),
}  # fmt: skip
"""Stages of every procedure in four parts: what a manager takes in at a glance."""

Counts = dict[str, dict[str, int]]
Tally = dict[str, Counter[str]]
GROUPS: Final = (
    "cases", "value", "level", "innovative", "stage", "stage_value", "theme", "theme_value", "spent", "rework", "visits",
    "standstill", "support", *brought.GROUPS, *LEGS, *(f"{leg}_working" for leg in LEGS),
)  # fmt: skip
"""What is counted. Values are whole cents. Keys: `cases` all, valued and told (novelty answered); `value` all; `innovative` number
and value; `spent` "stage:working days"; `rework` and `visits` the stage; `standstill` waited and exception; `support` cases,
requests and opinions; lead times calendar days, or working days in the group with that word; the rest: `domain.brought`."""

WorkingDays = Callable[[date, date], int]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the log of a case says of its course. None for a day that has not come."""

    notice_on: date | None = None
    award_on: date | None = None
    contract_on: date | None = None
    spent: Mapping[str, int] | None = None
    """Working days in each stage that was passed, all visits together, without those on hold; None where a calendar is missing."""
    reworked: Mapping[str, int] | None = None
    """Stage -> visits that were made again: not the planned rounds."""
    standstill: bool = False
    """A standstill was waited out."""


@dataclass(frozen=True, slots=True)
class Novelty:
    """How new what is bought is. `told`: whether anything was answered; `level` 0 to 4 as the advice gives it."""

    level: int = 0
    innovative: bool = False
    told: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One case. `requests` and `opinions`: of expert support. `exception`: the standstill was left out under 130 §."""

    city: int
    opened_on: date
    responsible: int
    procedure: str
    stage: str
    state: str
    value: Decimal | None
    novelty: Novelty
    themes: Sequence[str]
    measured: Measured
    exception: bool = False
    requests: int = 0
    opinions: int = 0
    brought: Brought = brought.NOTHING


class Key(NamedTuple):
    """Which cases a tally counts. EVERY_THEME and EVERYBODY stand for all of them; a case stands under each of its themes."""

    city: int
    month: date
    theme: str
    responsible: int
    procedure: str
    state: str


def state_of(stage: str, state: str) -> str:
    """One of STATES, from the two columns of a case."""
    return state or (OPEN if stage else FINISHED)


def phase_of(stage: str) -> str:
    """The part of a procurement to which a stage belongs; "" for a case that is over."""
    return next((phase for phase, stages in PHASES.items() if stage in stages), "")


def measured(progress: Progress, working_days: WorkingDays) -> Measured:
    """The course of a case. Raises what `working_days` raises."""
    passed = {visit.stage for visit in progress.visits if visit.outcome == "completed"}
    running = {visit.stage for visit in progress.visits if visit.runs}
    spent = visits.spent(progress, progress.last_day or date.min, working_days)
    ended = {stage: found for stage, found in spent.items() if stage in passed and stage not in running}
    return Measured(
        notice_on=_done(progress, NOTICE_STAGES),
        award_on=_done(progress, AWARD_STAGES),
        contract_on=_done(progress, (CONTRACT_STAGE,)),
        spent={stage: found.working_days for stage, found in ended.items()},
        reworked={stage: found.rework for stage, found in spent.items() if found.rework},
        standstill=STANDSTILL_STAGE in ended,
    )


def _done(progress: Progress, stages: Sequence[str]) -> date | None:
    """The day on which one of the stages was completed, if that still stands: a case that went back has it no more."""
    for stage in stages:
        last = progress.last_visit(stage)
        if last is not None and last.outcome == "completed":
            return last.left_on
    return None


def standstill_days(progress: Progress) -> int | None:
    """Calendar days of the standstill, from the day on which its stage was entered; None while it runs, and where there is none."""
    last = progress.last_visit(STANDSTILL_STAGE)
    if last is None or last.left_on is None or last.outcome != "completed":
        return None
    return (last.left_on - last.entered_on).days


def novelty(answers: Answers, procedure: str, contract_kind: str) -> Novelty:
    """Whether a case counts as innovative: what is bought is new to the market, or clearly better than before (4 § item 20 of Act
    1397/2016), or new to the city with an effect that is named, or it buys research and development."""

    def says(question: str) -> bool:
        return has_value(question, answers) and bool(answers[question].value)

    research = contract_kind == "rd_services" or procedure in RESEARCH_PROCEDURES
    market, better = says("new_to_market"), says("clear_improvement")
    buyer = says("new_to_buyer") and says("novelty_effect")
    level = 4 if research else 3 if market else 2 if buyer else 1 if better or says("innovation_considered") else 0
    told = research or any(has_value(name, answers) for name in ("new_to_market", "clear_improvement", "new_to_buyer"))
    return Novelty(level, research or market or buyer or better, told)


# counting


def totals(facts: Iterable[Fact], working_days: WorkingDays) -> dict[Key, Counts]:
    """The counts of each month, theme, responsible person, procedure and state in which there is a case."""
    found: dict[Key, Counts] = {}
    for fact in facts:
        counted = list(_counted(fact, working_days))
        month = month_of(fact.opened_on)
        for theme in (EVERY_THEME, *dict.fromkeys(fact.themes)):
            for person in (EVERYBODY, fact.responsible):
                key = Key(fact.city, month, theme, person, fact.procedure, fact.state)
                tally = found.setdefault(key, {})
                for group, name, number in counted:
                    counts = tally.setdefault(group, {})
                    counts[name] = counts.get(name, 0) + number
    return found


def cents(value: Decimal | None) -> int:
    return int(value * 100) if value is not None else 0


def _counted(fact: Fact, working_days: WorkingDays) -> Iterator[tuple[str, str, int]]:
    value = cents(fact.value)
    yield "cases", "all", 1
    yield "value", "all", value
    if fact.value is not None:
        yield "cases", "valued", 1
    if fact.novelty.told:
        yield "cases", "told", 1
    yield "level", str(fact.novelty.level), 1
    if fact.novelty.innovative:
        yield "innovative", "number", 1
        yield "innovative", "value", value
    yield "stage", fact.stage, 1
    yield "stage_value", fact.stage, value
    for theme in dict.fromkeys(fact.themes):
        yield "theme", theme, 1
        yield "theme_value", theme, value
    yield from _course(fact, working_days)
    yield from brought.counted(fact.brought, fact.measured.award_on is not None)
    if fact.requests:
        yield "support", "cases", 1
        yield "support", "requests", fact.requests
        yield "support", "opinions", fact.opinions


def _course(fact: Fact, working_days: WorkingDays) -> Iterator[tuple[str, str, int]]:
    course = fact.measured
    for leg in LEGS:
        first, last = days_of(fact, leg)
        if first is not None and last is not None and first <= last:
            yield leg, str((last - first).days), 1
            yield f"{leg}_working", str(working_days(first, last)), 1
    for stage, days in (course.spent or {}).items():
        yield "spent", f"{stage}:{days}", 1
    for stage, again in (course.reworked or {}).items():
        yield "rework", stage, 1
        yield "visits", stage, again
    if course.standstill:
        yield "standstill", "waited", 1
    if fact.exception:
        yield "standstill", "exception", 1


def days_of(fact: Fact, leg: str) -> tuple[date | None, date | None]:
    """The first and the last day of a lead time; None for one that has not come."""
    days: dict[str, Any] = {
        "opened_on": fact.opened_on, "notice_on": fact.measured.notice_on, "award_on": fact.measured.award_on,
        "contract_on": fact.measured.contract_on,
    }  # fmt: skip
    first, last = LEGS[leg]
    return days[first], days[last]


def merged(tallies: Iterable[Mapping[str, Mapping[str, int]]]) -> Tally:
    """One tally for all of them, with every group in it."""
    found: Tally = {group: Counter() for group in GROUPS}
    for tally in tallies:
        for group, counts in tally.items():
            found[group].update(counts)
    return found


@dataclass(frozen=True, slots=True)
class Time:
    """Of `count` cases: within how many days half of them and four in five were done; None when there are too few."""

    count: int
    median: int | None
    slow: int | None


def time_of(days: Mapping[str, int]) -> Time:
    """Of counts of days as a tally keeps them."""
    counts = {int(day): count for day, count in days.items()}
    return Time(sum(counts.values()), percentile(counts, MEDIAN), percentile(counts, SLOW))


def spent_by_stage(spent: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Stage -> counts of working days, from the group `spent`."""
    found: dict[str, dict[str, int]] = {}
    for key, count in spent.items():
        stage, _colon, days = key.partition(":")
        found.setdefault(stage, {})[days] = count
    return found


def share(part: int, whole: int) -> Decimal | None:
    """Per cent to one decimal; None of nothing."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1")) if whole else None


# periods: quarters besides those of the other figures


def quarter(name: str) -> tuple[date, date] | None:
    """The first and last day of "2026-q3"; None for anything else."""
    year, _dash, number = name.partition("-q")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and number in ("1", "2", "3", "4") and 1 <= int(year) < 9999):
        return None
    first = date(int(year), int(number) * 3 - 2, 1)
    after = date(int(year) + (number == "4"), int(number) * 3 % 12 + 1, 1)
    return first, date.fromordinal(after.toordinal() - 1)


def quarter_name(day: date) -> str:
    return f"{day.year}-q{(day.month + 2) // 3}"
