"""What the composing pages show, gathered from the features."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from procure.cases import deadline_pages, queries, service
from procure.cases import pages as case_pages
from procure.cases.models import Case
from procure.cases.pages import StagePanel
from procure.catalogue import questions as question_catalogue
from procure.domain.permissions import Actor
from procure.domain.planning.plan import Plan, standing
from procure.domain.questions import Answers, section_state
from procure.domain.stages import Progress, traffic_light
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
    recorded_by: str


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


def case_page(
    case: Case, events: Sequence[Any], answers: Answers, deadlines: Sequence[Any], language: str, today: date
) -> CasePage:
    """One case on one page; asks only for what the timetable rests on."""
    progress = service.progress_of(case, events)
    plan = timetables.plan_of_case(case, answers, progress, today)
    procedure = service.procedure_of(case)
    gate = case_pages.gate_lines(case, service.gate_of(case, answers), language)
    panel = case_pages.stage_panel(procedure.stage(case.stage), gate, language) if case.stage else None
    sections = question_catalogue.catalogue().get(case.questionnaire_edition).sections
    return CasePage(
        panel=panel,
        stages=_stage_lines(case, plan, progress, language),
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
        deadlines=deadline_pages.section(deadlines, progress.passed("contract"), language, today),
    )


def _stage_lines(case: Case, plan: Plan | None, progress: Progress, language: str) -> tuple[StageLine, ...]:
    """Every stage of the procedure that the case follows, with the days of the timetable."""
    stands = standing(progress, service.procedure_of(case))
    planned = {line.stage.id: line for line in plan.lines} if plan else {}
    found = []
    for stage in service.procedure_of(case).stages:
        last = progress.last_visit(stage.id)
        visits = sum(visit.stage == stage.id for visit in progress.visits)
        line, done = planned.get(stage.id), stands.happened.get(stage.id)
        starts = done.entered_on if done else line.first if line else None
        ends = done.left_on if done else line.last if line else None
        state = stands.state(stage.id)
        name = stage.name[language]
        found.append(StageLine(stage.id, name, state, starts, ends, visits, last.recorded_by if last else ""))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class HomePage:
    """What waits for the person who has signed in."""

    cases: list[case_pages.CaseLine]
    more_cases: bool
    whole_city: bool
    late: int
    advice: Sequence[Any]


def home_page(by: Actor, language: str, today: date, advice: Sequence[Any]) -> HomePage:
    """A manager sees the city's cases, an officer the own ones, both the nearest date first."""
    whole_city = by.role in ("manager", "city_admin")
    filters = queries.Filters() if whole_city else queries.Filters(responsible=by.id)
    rows, more = queries.list_cases(by, filters, language, today) if by.may("case.list") else ([], False)
    lines = case_pages.lines(rows[:10], by, language, today)
    return HomePage(lines, more or len(rows) > 10, whole_city, sum(line.light == "red" for line in lines), advice)
