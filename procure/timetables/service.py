"""Counting the timetable of a case, and deciding about it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from procure.cases import service as cases
from procure.cases.models import Case
from procure.catalogue.rulebook import rulebook
from procure.domain.advice.route import route_of
from procure.domain.calendar import OutOfCalendar
from procure.domain.casefile import CaseFileError
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.planning.experience import Learned
from procure.domain.planning.office import Office
from procure.domain.planning.plan import BACKWARDS, PLANNED, Choices, Move, Plan, Planner, Route, Standing, moves, standing
from procure.domain.planning.timetable import Rules
from procure.domain.planning.wishes import check_wishes, days_of, kept
from procure.domain.questions import Answers
from procure.domain.stages import Progress
from procure.infra.db import db
from procure.planning.rules import rules_of
from procure.questionnaires import service as questionnaires
from procure.questionnaires.casefiles import document_of
from procure.timetables import queries
from procure.timetables.models import CasePlan
from procure.timetables.queries import Kept

PLAN_SAVED: Final = "plan_saved"


@dataclass(frozen=True, slots=True)
class Basis:
    """All that the plan of a case is counted from."""

    route: Route
    rules: Rules
    choices: Choices
    stands: Standing
    kept: Kept
    newest: Mapping[str, Learned] = field(default_factory=dict)
    """Stage -> the network's median as counted last, which the plan uses once somebody takes it."""

    @property
    def seen(self) -> str:
        """What somebody who changes the timetable has had before them."""
        return f"{self.kept.version}/{self.choices.start or ''}/{self.choices.needed_by or ''}"


class Overtaken(Refusal):
    """Somebody else has saved the timetable meanwhile: nothing is written, both are to be shown."""


def basis_of(case: Case, answers: Answers, progress: Progress, today: date, found: tuple[Office, Kept] | None = None) -> Basis:
    """What the plan of the case is counted from; `found` when the caller has asked for it. Raises Refusal `plan_not_counted` while an
    answer that the rules cannot do without is missing."""
    office, saved = found or queries.basis_of(case)
    try:
        facts = document_of(case, answers)
    except CaseFileError as error:
        raise Refusal(Reason("plan_not_counted")) from error
    procedure = cases.procedure_of(case)
    stands = standing(progress, procedure)
    newest = office.learned.get(case.procedure, {})
    learned = saved.learned if _made_with(saved, case.procedure) else newest
    choices = Choices(saved.mode, facts.start, facts.contract_needed_by, saved.durations, saved.wished, learned)
    return Basis(route_of(facts, procedure, stands, rulebook(), today), rules_of(office), choices, stands, saved, newest)


def _made_with(saved: Kept, procedure: str) -> bool:
    """Whether the plan keeps to the figures that it was made with. Those of another procedure say nothing of this one."""
    return saved.version > 0 and saved.learned_for in ("", procedure)


def plan_of(basis: Basis, today: date, choices: Choices | None = None) -> Plan:
    """The plan as it is, or as it would be with other choices. Raises Refusal `plan_too_far`."""
    try:
        return Planner(
            basis.route, basis.rules, choices or basis.choices, basis.stands, today, basis.kept.saved
        ).plan()  # fmt: skip
    except OutOfCalendar as error:
        raise Refusal(Reason("plan_too_far")) from error


def plan_of_case(
    case: Case, answers: Answers, progress: Progress, today: date, found: tuple[Office, Kept] | None = None
) -> Plan | None:
    """The plan of the case; None where it cannot be counted. `found` as for `basis_of`."""
    try:
        return plan_of(basis_of(case, answers, progress, today, found), today)
    except Refusal:
        return None


def first_days(case: Case, answers: Answers, progress: Progress, today: date) -> dict[str, date]:
    """On which day each stage ahead is expected to begin (communications.service.expect); empty where the plan cannot be counted."""
    plan = plan_of_case(case, answers, progress, today)
    return {line.stage.id: line.first for line in plan.lines if line.state == PLANNED} if plan else {}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do. `mark` names it: what is saved is what was looked at."""

    choices: Choices
    plan: Plan
    moves: tuple[Move, ...]
    mark: str


def preview(basis: Basis, choices: Choices, today: date) -> Preview:
    """The plan under other choices, and every stage that moves.

    Raises Refusal: `period_too_short`, `day_too_early`, `needed_by_missing`, `no_contract_planned`, `plan_too_far`.
    """
    if choices.mode == BACKWARDS:
        _check_backwards(basis, choices)
    try:
        check_wishes(basis.route, basis.rules, choices, basis.stands, today)
        old, new = plan_of(basis, today), plan_of(basis, today, choices)
    except OutOfCalendar as error:
        raise Refusal(Reason("plan_too_far")) from error
    choices = kept(choices, new, basis.route)
    shown = f"{choices}{[(line.stage.id, line.first, line.last) for line in new.lines]}"
    return Preview(choices, new, moves(old, new, basis.rules.office), hashlib.sha256(shown.encode()).hexdigest())


def _check_backwards(basis: Basis, choices: Choices) -> None:
    if choices.needed_by is None:
        raise Refusal(Reason("needed_by_missing", target="needed_by"))
    if basis.route.outline is None or not basis.route.outline.has_contract:
        raise Refusal(Reason("no_contract_planned", target="mode"))


def check_seen(basis: Basis, seen: str) -> None:
    """Raises Overtaken `plan_changed` when the timetable is no longer the one that was on the screen."""
    if seen != basis.seen:
        raise Overtaken(
            Reason("plan_changed", {"name": basis.kept.saved_by}) if basis.kept.saved_by else Reason("plan_dates_changed")
        )


def save(case: Case, basis: Basis, wanted: Preview, mark: str, by: Actor, today: date, now: datetime) -> None:
    """Keep the choices, and the days as they are counted now to hold later ones against. The case is locked (`case_to_change`).

    `mark` is that of the preview that the person has looked at. Raises Refusal `preview_changed` when it is another one.
    """
    if mark != wanted.mark:
        raise Refusal(Reason("preview_changed"))
    choices = wanted.choices
    days = {"start": choices.start, "contract_needed_by": choices.needed_by}
    questionnaires.save_days(case, days, by, today, now)
    row = queries.plan_row(case)
    if row is None:
        row = CasePlan(case_id=case.id, version=0)
        db.session.add(row)
    row.plan = {
        "mode": choices.mode,
        "durations": dict(choices.durations),
        "wished": {stage: day.isoformat() for stage, day in choices.wished.items()},
        "saved": {stage: [first.isoformat(), last.isoformat()] for stage, (first, last) in days_of(wanted.plan).items()},
        "saved_by": by.name,
        "network": {"procedure": case.procedure, "stages": _as_kept(choices)},
    }
    row.saved_on, row.saved_at, row.version = today, now, row.version + 1
    cases.record(case, PLAN_SAVED, _told(wanted), today, by, now)
    db.session.flush()


def _as_kept(choices: Choices) -> dict[str, object]:
    return {stage: found.as_kept() for stage, found in choices.learned.items()}


def _told(wanted: Preview) -> dict[str, object]:
    """The saved plan in the log: what was decided, and what moved."""
    contract = wanted.plan.contract_on

    def told(days: tuple[date, date] | None) -> list[str] | None:
        return [day.isoformat() for day in days] if days else None

    return {
        "mode": wanted.choices.mode,
        "durations": dict(wanted.choices.durations),
        "wished": {stage: day.isoformat() for stage, day in wanted.choices.wished.items()},
        "network": _as_kept(wanted.choices),
        "contract": contract.isoformat() if contract else None,
        "moved": {move.stage.id: {"old": told(move.old), "new": told(move.new)} for move in wanted.moves},
    }


def with_stage(choices: Choices, stage: str, days: int | None, wished: date | None) -> Choices:
    """The choices with other ones for one stage. None: as the city, the network or the catalogue has it; no wish."""
    durations = {other: number for other, number in choices.durations.items() if other != stage}
    days_wished = {other: day for other, day in choices.wished.items() if other != stage}
    if days is not None:
        durations[stage] = days
    if wished is not None:
        days_wished[stage] = wished
    return replace(choices, durations=durations, wished=days_wished)


def with_learned(choices: Choices, stage: str, learned: Learned | None) -> Choices:
    """The choices with that median of the network for one stage. None: as the catalogue has it."""
    others = {other: found for other, found in choices.learned.items() if other != stage}
    return replace(choices, learned=others if learned is None else {**others, stage: learned})
