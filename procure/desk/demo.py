"""Loads the demo: organisations, people who can sign in, how the cities work, and cases that have already come some way."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import PurePath
from typing import Any, Final

from sqlalchemy import select

from procure.accounts import queries as account_queries
from procure.accounts import service as accounts
from procure.advice import service as advice
from procure.cases import service as cases
from procure.cases.models import Case
from procure.catalogue import demo as catalogue
from procure.catalogue import organisations
from procure.catalogue import questions as question_catalogue
from procure.catalogue.demo import Course, Step
from procure.config import Settings, kept_secret
from procure.desk import demo_articles, demo_papers, demo_reports, demo_results, demo_team
from procure.domain.permissions import Actor
from procure.domain.questions import Answer
from procure.domain.support import OPINION_PARTS, Opinion
from procure.infra.db import db
from procure.planning import city_service as city_calendars
from procure.questionnaires import casefiles
from procure.questionnaires import service as questionnaires
from procure.support import queries as support_queries
from procure.support import service as support

PASSWORD_FILE: Final = "demo-password"  # noqa: S105 - a file's name
OFFICE_HOUR: Final = time(8, 20)


def password_of(settings: Settings) -> str:
    """The demo people's password: as set, else one made at the first start and kept."""
    return settings.demo_password or kept_secret(settings.instance / PASSWORD_FILE, 12)


def load(password: str, today: date, now: datetime) -> int:
    """Load what is not there yet, inside the running transaction, and say how many cases were added."""
    accounts.load_organisations(organisations.catalogue().all)
    _load_people(password, now)
    _load_calendars(now)
    demo_papers.load(today, now)
    added = [course for course in catalogue.courses() if _load_case(course, today, now)]
    demo_articles.load(_actor, _day, lambda day: _moment(day, now), today)
    demo_reports.load(_actor, _day, lambda day: _moment(day, now), today, now)
    return len(added)


def _load_people(password: str, now: datetime) -> None:
    for fact in catalogue.people():
        person = account_queries.person_by_email(fact.email)
        if person is None:
            organisation = account_queries.organisation_by_code(fact.organisation)
            assert organisation is not None, fact.organisation  # all of the catalogue have just been loaded
            person = accounts.add_person(fact.email, fact.name, fact.role, organisation, fact.language, None, now)
        if fact.signs_in:
            accounts.give_password(person, password, now)


def _load_calendars(now: datetime) -> None:
    for fact in catalogue.cities():
        city = account_queries.organisation_by_code(fact.organisation)
        assert city is not None, fact.organisation
        city_calendars.load(city.id, fact.closings, fact.meetings, fact.durations, now)


def _load_case(course: Course, today: date, now: datetime) -> bool:
    """One case with all its steps, unless it is there already."""
    key = f"demo:{PurePath(course.file).stem}"
    if db.session.scalar(select(Case.id).where(Case.opening_key == key)) is not None:
        return False
    by = _actor(course.officer)
    found = casefiles.read(course.source())
    opened_on = _day(course.opened, today)
    found = replace(
        found,
        start=None if course.start is None else _day(-course.start, today),
        contract_needed_by=None if course.contract_needed_by is None else _day(-course.contract_needed_by, today),
        estimated_value=replace(
            found.estimated_value, date=None if course.value_date is None else _day(course.value_date, today)
        ),
    )
    city = account_queries.organisation_by_code(found.buyer)
    assert city is not None, found.buyer
    case = casefiles.import_case(found, city, by, today, _moment(opened_on, now), opened_on=opened_on)
    case.opening_key = key
    for step in course.steps:
        _take(step, case, _actor(step.by) if step.by else by, _day(step.ago, today), now)
    return True


def _actor(email: str) -> Actor:
    person = account_queries.person_by_email(email)
    actor = account_queries.actor(person.id) if person else None
    assert actor is not None, email  # the catalogue's people have just been loaded
    return actor


def _day(ago: int, today: date) -> date:
    """So many days ago (before zero: ahead); the Friday before when that is a weekend."""
    day = today - timedelta(days=ago)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _moment(day: date, now: datetime) -> datetime:
    return min(datetime.combine(day, OFFICE_HOUR, UTC), now)


def _take(step: Step, case: Case, by: Actor, day: date, now: datetime) -> None:
    """One step, done and recorded on its day."""
    at = _moment(day, now)
    if step.do == "answer":
        _answer(step, case, by, day, at)
    elif step.do == "complete":
        confirmed = frozenset(point.id for point in cases.procedure_of(case).stage(step.stage).gate if point.by_person)
        cases.complete_stage(case, step.stage, day, confirmed, step.words["note"], by, day, at)
    elif step.do == "skip":
        cases.skip_stage(case, step.stage, day, step.words["note"], by, day, at)
    elif step.do == "choose":
        advice.choose(case, step.procedure, day, step.words["reason"], None, by, day, at)
    elif step.do in demo_results.DOES:
        demo_results.take(step, case, by, day, at)
    elif step.do in demo_team.DOES:
        demo_team.take(step, case, by, day, at, _day(-step.due, now.date()))
    else:
        _advise(step, case, by, day, at)


def _answer(step: Step, case: Case, by: Actor, day: date, at: datetime) -> None:
    """A page's answers as the catalogue has them, the page's other questions as they are."""
    page = next(page for page in question_catalogue.catalogue().latest.section(step.section).pages if page.id == step.page)
    given: Mapping[str, Any] = {question: Answer(value) for question, value in step.answers.items()}
    questionnaires.save_page(case, page, given, {}, by, day, at)


def _advise(step: Step, case: Case, by: Actor, day: date, at: datetime) -> None:
    if step.do == "ask":
        support.ask(
            case, step.topic, step.words["text"], step.urgency, step.shares, by, day, at, form_key=step.key, stage=step.stage
        )
        return
    request = support_queries.request_of_form(case, step.key)
    assert request is not None, step.key
    if step.do == "take":
        support.take(request, step.words["text"], by, day, at)
    elif step.do == "advise":
        support.answer(request, Opinion(**{part: step.words[part] for part in OPINION_PARTS}), by, day, at)
    else:
        support.mark_read(request, by, day, at)
