"""The demo's people and cases, and made-up cases that are as good as those made by hand."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from procure.accounts import queries as accounts_queries
from procure.accounts import service as accounts
from procure.accounts.models import Person
from procure.cases import queries, service
from procure.cases.models import Answer, Case, CaseEvent, CasePartner
from procure.catalogue import calendar, demo_articles, procedures
from procure.catalogue import demo as catalogue
from procure.desk import bulk, demo, made_up
from procure.domain.planning.office import Office, days_of
from procure.domain.references import chained
from procure.infra import clock
from procure.infra.db import db
from procure.knowledge import pages
from procure.knowledge.models import Article, ArticleVersion
from procure.planning import city_service as city_calendars
from procure.planning import queries as planning
from procure.planning.models import CityClosing, CityDuration, CityMeeting
from procure.support.models import SupportOpinion, SupportRequest
from tests import factories

PASSWORD = "demo password"


def load() -> int:
    added = demo.load(PASSWORD, clock.today(), clock.now())
    db.session.flush()
    return added


def add_made_up(total: int) -> int:
    return bulk.add(total, clock.now(), lambda _done: None)


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def case_of(key: str) -> Case:
    return db.session.scalars(select(Case).where(Case.opening_key == f"demo:{key}")).one()


def test_the_demo_is_loaded_once(app: Flask) -> None:
    assert load() == len(catalogue.courses())
    before = [count(table) for table in (Case, Answer, CaseEvent, SupportRequest, Person)]

    assert load() == 0
    assert [count(table) for table in (Case, Answer, CaseEvent, SupportRequest, Person)] == before


def test_the_demo_s_cities_have_calendars_that_are_loaded_once(app: Flask) -> None:
    load()
    before = [count(table) for table in (CityClosing, CityMeeting, CityDuration)]
    assert all(before)

    load()
    assert [count(table) for table in (CityClosing, CityMeeting, CityDuration)] == before
    for city in catalogue.cities():
        organisation = accounts_queries.organisation_by_code(city.organisation)
        assert organisation is not None
        assert planning.office_of(organisation.id).meetings == tuple(
            sorted(city.meetings, key=lambda meeting: (meeting.on, meeting.body))
        )


def test_a_demo_city_that_keeps_its_own_calendar_keeps_it(app: Flask) -> None:
    city = catalogue.cities()[0].organisation
    organisation = accounts_queries.organisation_by_code(city)
    assert organisation is not None
    city_calendars.load(organisation.id, [], [], {"plan": 7}, clock.now())

    load()

    assert planning.office_of(organisation.id) == Office(durations={"plan": 7})


@pytest.mark.parametrize("city", catalogue.cities(), ids=lambda city: city.organisation)
def test_a_demo_board_meets_on_days_on_which_its_city_works_and_not_in_july(city: catalogue.DemoCity) -> None:
    closed = [day for first, last, _name in city.closings for day in days_of(first, last)]
    working = calendar.finnish().with_closed(closed)

    assert city.meetings
    assert all(working.is_working_day(meeting.on) and meeting.on.month != 7 for meeting in city.meetings)
    assert {meeting.on.year for meeting in city.meetings} == {2026, 2027}


def test_the_demo_people_sign_in_with_its_password_and_the_others_do_not(app: Flask) -> None:
    load()

    for person in catalogue.people():
        if person.signs_in:
            assert accounts.sign_in(person.email, PASSWORD, "192.0.2.1", clock.now())
    assert db.session.scalars(select(Person).where(Person.email == "officer@turku.example")).one().password_hash is None


def test_one_case_has_come_far_and_has_an_opinion_and_an_open_question(app: Flask) -> None:
    load()
    case = case_of("tampere-iot-platform")

    assert (case.procedure, case.stage) == ("competitive_dialogue", "dialogue")
    requests = db.session.scalars(select(SupportRequest).where(SupportRequest.case_id == case.id).order_by(SupportRequest.id))
    assert [request.state for request in requests] == ["answered", "open"]
    assert count(SupportOpinion) == 1


def test_the_demo_is_alive_whenever_it_is_loaded(app: Flask) -> None:
    load()
    today = clock.today()
    dates = [case.next_date for case in db.session.scalars(select(Case).where(Case.opening_key.startswith("demo:")))]

    assert any(day is not None and day < today for day in dates), "one is late"
    assert any(day is not None and today <= day <= today + timedelta(days=14) for day in dates), "one is due soon"
    assert all(event.happened_on <= today for event in db.session.scalars(select(CaseEvent)))


@pytest.mark.parametrize("days", range(7))
def test_no_step_of_the_demo_falls_on_a_weekend(days: int) -> None:
    assert demo._day(days, clock.today()).weekday() < 5


def test_made_up_cases_are_added_once_and_new_ones_follow_them(app: Flask) -> None:
    assert add_made_up(60) == 60
    assert add_made_up(60) == 0

    case = factories.make_case(factories.people()["officer"])
    assert case.id > 60
    references = list(db.session.scalars(select(Case.reference)))
    assert len(references) == len(set(references)) == 61


def test_the_same_number_gives_the_same_cases() -> None:
    cities = tuple(made_up.City(at, f"{at:03}", f"C{chr(65 + at)}", "fi", ((at, "Anna Malli"),)) for at in range(20))

    def made() -> list[made_up.Rows]:
        return [made_up.rows_of(block, cities) for block in made_up.blocks(1500, 1, len(cities), {})]

    assert made() == made()


def test_made_up_cases_are_spread_over_cities_years_stages_and_procedures(app: Flask) -> None:
    add_made_up(600)

    def different(column: object) -> int:
        return db.session.scalar(select(func.count(func.distinct(column)))) or 0

    assert different(Case.organisation_id) == 20
    assert different(Case.stage) > 15
    assert different(Case.procedure) >= 12
    years = {day.year for day in db.session.scalars(select(Case.opened_on))}
    assert years == set(range(2017, 2027))


DERIVED = (
    "title_fi", "title_sv", "title_en", "contract_kind", "value_amount", "stage", "stage_entered_on", "next_date",
    "next_date_kind", "sort_date",
)  # fmt: skip


def test_the_columns_of_made_up_cases_are_what_their_answers_and_log_give(app: Flask) -> None:
    add_made_up(200)

    for case in db.session.scalars(select(Case).where(Case.opening_key.is_(None) | Case.opening_key.startswith("made-up"))):
        before = [getattr(case, name) for name in DERIVED]
        service.refresh(case)
        assert [getattr(case, name) for name in DERIVED] == before, case.reference
        for partner in db.session.scalars(select(CasePartner).where(CasePartner.case_id == case.id)):
            assert partner.sort_date == case.sort_date


def test_the_log_of_made_up_cases_is_an_unbroken_chain_in_the_order_of_days(app: Flask) -> None:
    add_made_up(200)

    for case in db.session.scalars(select(Case)):
        previous, day = "", case.opened_on
        for event in queries.events_of(case):
            row = {
                "case": case.reference, "sequence": event.sequence, "kind": event.kind, "payload": event.payload,
                "happened_on": event.happened_on.isoformat(), "recorded_at": event.recorded_at.isoformat(),
                "recorded_by_id": event.recorded_by_id, "recorded_by": event.recorded_by, "role": event.role,
            }  # fmt: skip
            previous = chained(previous, row)
            assert event.hash == previous
            assert day <= event.happened_on <= made_up.LAST_DAY
            day = event.happened_on
        assert (case.last_hash, case.last_sequence) == (previous, event.sequence)


def test_the_answers_of_made_up_cases_belong_to_the_questions(app: Flask) -> None:
    add_made_up(200)

    for case in db.session.scalars(select(Case)):
        answers = queries.facts_of(queries.answers_of(case))
        assert {"title", "contract_kind", "value_amount"} <= answers.keys()
        if case.procedure != "preparation":
            procedures.catalogue().get(case.procedure, case.procedure_edition)
        if service.progress_of(case).passed("need"):
            assert {"need", "desired_outcome", "users", "owner"} <= answers.keys()


def test_the_demo_s_articles_are_read_in_three_languages_once(app: Flask) -> None:
    load()
    load()
    articles = db.session.scalars(select(Article)).all()
    languages = db.session.execute(select(ArticleVersion.article_id, func.count()).group_by(ArticleVersion.article_id)).all()

    assert [article.state for article in articles] == ["published"] * 3
    assert sorted(number for _article, number in languages) == [3, 3, 3]
    known_questions, known_stages, known_sections = (
        {choice for choice, _text in choices("en")}
        for choices in (pages.question_choices, pages.stage_choices, pages.section_choices)
    )
    assert all(known_questions >= set(found.questions) for found in demo_articles.articles())
    assert all(found.stage in known_stages and found.section in known_sections for found in demo_articles.articles())
