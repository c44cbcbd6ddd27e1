"""The overview of a case is kept once made, and is never older than what it shows: each change below makes it anew."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from procure.accounts.models import Person
from procure.advice.models import AdviceState
from procure.cases import service as cases
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from procure.planning import city_service
from procure.planning.city_service import Wish
from procure.planning.models import CityClosing
from procure.questionnaires import service as questionnaires
from procure.timetables.models import CasePlan
from procure.web import fragments
from tests.factories import actor_of, make_case, make_partner
from tests.support import builders

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
NOW = "2026-11-24T10:00:00+00:00"
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _one_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def case(_one_moment: None, people: People) -> Case:
    return make_case(people["officer"], start="2027-03-01", contract_needed_by="2027-12-01")


def made() -> int:
    """How many contents have been made so far."""
    return fragments.times_made()


def page(client: FlaskClient, case: Case, language: str = "en") -> str:
    client.set_cookie("language", language)
    response = client.get(f"/cases/{case.reference}")
    assert response.status_code == 200
    return str(response.text)


def save_an_answer(case: Case, people: People) -> None:
    questionnaires.save_days(case, {"start": date(2027, 4, 1)}, actor_of(people["officer2"]), clock.today(), clock.now())


def ask_an_expert(case: Case, people: People) -> None:
    builders.ask(case, people["officer"])


def take_in_a_partner(case: Case, people: People) -> None:
    make_partner(case, people["other_officer"])


def rename_the_responsible_person(case: Case, people: People) -> None:
    people["officer"].name = "Somebody Else"


def close_the_city(case: Case, people: People) -> None:
    city_service.add_closing(date(2026, 12, 28), None, "Between the years", actor_of(people["admin"]), clock.today(), clock.now())


def meet(case: Case, people: People) -> None:
    city_service.add_meetings([date(2027, 5, 4)], "Board", actor_of(people["admin"]), clock.today(), clock.now())


def take_longer(case: Case, people: People) -> None:
    city_service.set_durations([Wish("need", 77, None)], actor_of(people["admin"]), clock.now())


def save_the_plan(case: Case, people: People) -> None:
    plan = {"mode": "forwards", "durations": {"need": 50}, "wished": {}, "saved": {}, "saved_by": "Officer"}
    db.session.add(CasePlan(case_id=case.id, version=1, plan=plan, saved_on=TODAY, saved_at=clock.now()))


def advise_otherwise(case: Case, people: People) -> None:
    state = db.session.get_one(AdviceState, case.id)
    state.fingerprint = "0123456789abcdef"


CHANGES = [
    save_an_answer, ask_an_expert, take_in_a_partner, rename_the_responsible_person, close_the_city, meet, take_longer,
    save_the_plan, advise_otherwise,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_the_page_shows_makes_it_anew_when_it_changes(
    change: Callable[[Case, People], None], case: Case, people: People, client_for: ClientFor
) -> None:
    client = client_for(people["officer"])
    page(client, case)
    before = made()
    page(client, case)
    assert made() == before, "an unchanged page is not made again"
    change(case, people)
    db.session.commit()
    db.session.expire_all()  # the next request has a session of its own
    page(client, case)
    assert made() == before + 1


def test_a_closing_day_that_is_taken_back_makes_it_anew_too(case: Case, people: People, client_for: ClientFor) -> None:
    close_the_city(case, people)
    db.session.commit()
    client = client_for(people["officer"])
    page(client, case)
    before = made()
    city_service.remove_closing(db.session.scalars(select(CityClosing)).one())
    db.session.commit()
    page(client, case)
    assert made() == before + 1


def test_another_day_and_another_language_are_other_pages(case: Case, people: People, client_for: ClientFor) -> None:
    client = client_for(people["officer"])
    english, finnish = page(client, case), page(client, case, "fi")
    with time_machine.travel(clock.now() + timedelta(days=400), tick=False):
        later = page(client_for(people["officer"]), case)
    assert "Stages" in english
    assert "Vaiheet" in finnish
    assert "Late" in later
    assert "Late" not in english


def test_who_may_only_read_is_not_shown_what_an_officer_may_do(case: Case, people: People, client_for: ClientFor) -> None:
    make_partner(case, people["other_officer"])
    assert "Complete this stage" in page(client_for(people["officer"]), case)
    assert "Complete this stage" not in page(client_for(people["other_officer"]), case)


def test_a_page_that_has_not_changed_takes_three_queries(
    case: Case, people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    client = client_for(people["officer"])
    first = count_queries()
    page(client, case)
    assert len(first) <= 11
    again = count_queries()
    page(client, case)
    assert len(again) <= 3


def test_a_stage_passed_shows_at_once(case: Case, people: People, client_for: ClientFor) -> None:
    client, by = client_for(people["officer"]), actor_of(people["officer"])
    assert "Needs assessment" in page(client, case)
    cases.record(case, "stage_completed", {"stage": "need", "confirmed": [], "reason": ""}, clock.today(), by, clock.now())
    cases.refresh(case)
    db.session.commit()
    assert '<h2 class="govuk-heading-m" id="present-stage">Prior-art' in page(client, case)
