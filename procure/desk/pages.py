"""What the composing pages show, gathered from the features."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from procure.cases import deadline_pages, gating, halt_pages, list_pages, list_queries, service
from procure.cases import pages as case_pages
from procure.cases.models import Case
from procure.cases.pages import StagePanel
from procure.catalogue import questions as question_catalogue
from procure.domain.calendar import OutOfCalendar
from procure.domain.permissions import Actor
from procure.domain.planning.office import Office
from procure.domain.planning.plan import PLANNED, Plan, standing
from procure.domain.questions import Answers, section_state
from procure.domain.stages import Progress, Visit, traffic_light
from procure.domain.visits import Spent, spent
from procure.planning.rules import rules_of
from procure.timetables import queries as timetable_queries
from procure.timetables import service as timetables


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage in the case's list: its dates as they happened, or as they usually go when it is still planned."""

    id: str
    name: str
    state: str
    starts: date | None
    """None: the stage is not in the timetable, and only comes if it is needed."""
    ends: date | None
    visits: int
    """Times it was entered, without the rounds that were planned."""
    recorded_by: str
    spent: Spent | None = None
    """None for a stage that was not visited, and where the working days are not known."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """The overview of a case."""

    panel: StagePanel | None
    stages: tuple[StageLine, ...]
    plan: Plan | None
    """None where the timetable cannot be counted."""
    procedure: str
    edition: str
    value: Decimal | None
    responsible: str
    opened_on: date
    next_date: date | None
    next_date_kind: str
    light: str
    partners: tuple[str, ...]
    sections_done: int
    sections: int
    needs_procedure: bool
    can_go_back: bool
    deadlines: deadline_pages.DeadlineSection
    halts: halt_pages.Halts


def case_page(
    case: Case, events: Sequence[Any], answers: Answers, deadlines: Sequence[Any], language: str, today: date
) -> CasePage:
    """One case on one page; asks only for what the timetable rests on."""
    progress = service.progress_of(case, events)
    found = timetable_queries.basis_of(case)
    plan = None if progress.cancelled else timetables.plan_of_case(case, answers, progress, today, found)
    procedure = service.procedure_of(case)
    gate = case_pages.gate_lines(case, gating.gate_of(case, answers), language)
    panel = case_pages.stage_panel(procedure.stage(case.stage), gate, language) if case.stage else None
    sections = question_catalogue.catalogue().get(case.questionnaire_edition).sections
    return CasePage(
        panel=panel,
        stages=_stage_lines(case, plan, progress, _spent(progress, found[0], today), language),
        plan=plan,
        procedure=case_pages.procedure_name(case, language),
        edition=case.procedure_edition,
        value=case.value_amount,
        responsible=case.responsible.name,
        opened_on=case.opened_on,
        next_date=case.next_date,
        next_date_kind=case.next_date_kind,
        light=traffic_light(case.next_date, today, finished=progress.finished),
        partners=tuple(partner.organisation.names[language] for partner in case.partners),
        sections_done=sum(section_state(section, answers) == "done" for section in sections),
        sections=len(sections),
        needs_procedure=case.stage == "plan" and not case_pages.procedure_name(case, language),
        can_go_back=bool(case_pages.earlier_stages(case, progress, language)),
        deadlines=deadline_pages.section(deadlines, progress.passed("contract") or progress.cancelled, language, today),
        halts=halt_pages.halts(progress, procedure, events, language),
    )


def _spent(progress: Progress, office: Office, today: date) -> dict[str, Spent]:
    """Days and the city's working days in each stage; none where the holidays of a year are not known."""
    try:
        return spent(progress, today, rules_of(office).office.working_days_between)
    except OutOfCalendar:
        return {}


def _stage_lines(
    case: Case, plan: Plan | None, progress: Progress, days: Mapping[str, Spent], language: str
) -> tuple[StageLine, ...]:
    """Every stage of the procedure that the case follows, with the days of the timetable."""
    stands = standing(progress, service.procedure_of(case))
    planned = {line.stage.id: line for line in plan.lines} if plan else {}
    found = []
    for stage in service.procedure_of(case).stages:
        last = progress.last_visit(stage.id)
        visits = sum(visit.stage == stage.id and visit.round == 1 for visit in progress.visits)
        line, done = planned.get(stage.id), stands.happened.get(stage.id)
        starts = done.entered_on if done else line.first if line else None
        ends = done.left_on if done else line.last if line else None
        state = _state(stands.state(stage.id), last, progress)
        name, by = stage.name[language], last.recorded_by if last else ""
        found.append(StageLine(stage.id, name, state, starts, ends, visits, by, days.get(stage.id)))
    return tuple(found)


def _state(state: str, last: Visit | None, progress: Progress) -> str:
    """As the timetable says; in a cancelled procurement a stage is `stopped` where it ended, and `never` when it was not reached."""
    if not progress.cancelled:
        return state
    return "stopped" if last and last.outcome == "cancelled" else "never" if state == PLANNED else state


@dataclass(frozen=True, slots=True)
class HomePage:
    """The cases of the person who has signed in, with what waits for them."""

    cases: list[list_pages.CaseLine]
    more_cases: bool
    whole_city: bool
    late: int
    advice: Sequence[Any]
    """For the network's people: what they have taken and what is open."""


def home_page(by: Actor, whole_city: bool, language: str, today: date, advice: Sequence[Any]) -> HomePage:
    """A manager sees the city's cases, an officer the own ones, both the nearest date first."""
    filters = list_queries.Filters() if whole_city else list_queries.Filters(responsible=by.id)
    rows, more = list_queries.list_cases(by, filters, language, today) if by.may("case.list") else ([], False)
    lines = list_pages.lines(rows[:10], by.organisation_id, language, today)
    return HomePage(lines, more or len(rows) > 10, whole_city, sum(line.light == "red" for line in lines), advice)
