"""Reminders about requests for advice: to the experts before the day, to the coordinator after it and when nobody takes a request."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.desk import reminding, support_due
from procure.desk.due import START
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.notifications.models import Absence, NotificationChoice
from procure.support.models import SupportRequest
from tests.support.builders import CANARY, act, ask, secret_case, taken
from tests.support.test_triage_service import do, helped

People = dict[str, Person]
MONDAY = date(2027, 3, 1)
FAR = date(9999, 12, 31)


def make(day: date) -> None:
    reminding.make_due(datetime.combine(day, time(8), FINLAND), lambda: False)
    db.session.expire_all()


def days_later(count: int) -> date:
    return MONDAY + timedelta(days=count)


@pytest.fixture
def quiet(app: Flask, case: Case) -> Case:
    """A case about which there is nothing to remind of but its requests."""
    return case


def settle(request: SupportRequest, **changes: object) -> None:
    """Put the request on the days of the test, and forget what was told so far."""
    db.session.execute(update(Case).values(sort_date=FAR, next_date=None, last_event_on=None))
    db.session.execute(update(SupportRequest).values(answer_by=FAR, asked_at=datetime(2020, 1, 1, tzinfo=FINLAND)))
    db.session.execute(update(SupportRequest).where(SupportRequest.id == request.id).values(**changes))
    db.session.execute(delete(OutboxMessage))
    db.session.commit()
    db.session.expire_all()


def told() -> list[tuple[str, str]]:
    """(receiver, what the subject says) of every letter."""
    return sorted((message.recipient.partition("@")[0], message.subject) for message in db.session.scalars(select(OutboxMessage)))


def receivers() -> list[str]:
    return [receiver for receiver, _subject in told()]


@pytest.mark.parametrize(("day", "reminded"), [(-5, False), (-4, True), (-3, False), (0, True), (-1, False)])
def test_the_expert_is_reminded_two_working_days_before_and_on_the_day(
    quiet: Case, people: People, day: int, reminded: bool
) -> None:
    request = taken(quiet, people["officer"], people["expert"])
    settle(request, answer_by=days_later(8))  # a Tuesday: the Friday before, and the day itself
    make(days_later(8 + day))
    assert receivers() == (["expert"] if reminded else [])


def test_who_helps_is_reminded_too(quiet: Case, people: People) -> None:
    request = helped(quiet, people)
    settle(request, answer_by=days_later(2))
    make(days_later(2))
    assert receivers() == ["expert", "expert2"]


def test_the_expert_is_not_pressed_while_the_city_has_a_question_to_answer(quiet: Case, people: People) -> None:
    request = taken(quiet, people["officer"], people["expert"])
    act(request, people["expert"], "ask_back", "Which options?")
    settle(request, answer_by=days_later(2))
    make(days_later(2))
    assert receivers() == []


def test_letters_of_an_absent_expert_go_to_who_stands_in(quiet: Case, people: People) -> None:
    request = taken(quiet, people["officer"], people["expert"])
    db.session.add(
        Absence(
            person_id=people["expert"].id, delegate_id=people["expert2"].id, first_day=MONDAY, last_day=days_later(4), ended_at=None
        )
    )  # fmt: skip
    settle(request, answer_by=days_later(2))
    make(days_later(2))
    assert receivers() == ["expert2"]


@pytest.mark.parametrize("state", ["open", "taken", "asked_back"])
def test_the_coordinator_hears_the_working_day_after_the_target_and_then_weekly(quiet: Case, people: People, state: str) -> None:
    request = ask(quiet, people["officer"]) if state == "open" else taken(quiet, people["officer"], people["expert"])
    if state == "asked_back":
        act(request, people["expert"], "ask_back", "Which options?")
    settle(request, answer_by=days_later(4))  # a Friday
    make(days_later(4))
    assert "coordinator" not in receivers()
    make(days_later(7))
    assert receivers().count("coordinator") == 1
    make(days_later(8))
    assert receivers().count("coordinator") == 1
    make(days_later(14))
    assert receivers().count("coordinator") == 2


def test_an_answered_request_is_late_no_more(quiet: Case, people: People) -> None:
    request = taken(quiet, people["officer"], people["expert"])
    settle(request, answer_by=MONDAY, state="answered")
    make(days_later(1))
    assert receivers() == []


def test_a_silent_network_is_late_with_its_first_answer(quiet: Case, people: People) -> None:
    request = taken(quiet, people["officer"], people["expert"])
    settle(request, first_answer_by=days_later(2))
    make(days_later(2))
    assert receivers() == ["expert"]
    make(days_later(3))
    assert receivers() == ["coordinator", "expert"]
    settle(request, first_answer_by=days_later(4), first_answer_at=datetime(2027, 3, 1, tzinfo=FINLAND))
    make(days_later(4))
    assert receivers() == []


@pytest.mark.parametrize(("asked", "heard"), [(3, 7), (5, 8), (6, 8), (0, 2)])
def test_the_coordinator_hears_once_when_nobody_has_taken_a_request_for_two_working_days(
    quiet: Case, people: People, asked: int, heard: int
) -> None:
    request = ask(quiet, people["officer"])
    settle(request, asked_at=datetime.combine(days_later(asked), time(23, 30), FINLAND))
    for day in range(asked, heard):
        make(days_later(day))
    assert receivers() == []
    make(days_later(heard))
    assert receivers() == ["coordinator"]
    for day in range(heard + 1, heard + 15):
        make(days_later(day))
    assert receivers() == ["coordinator"]


def test_a_request_that_was_taken_in_time_is_no_matter_for_the_coordinator(quiet: Case, people: People) -> None:
    request = taken(quiet, people["officer"], people["expert"])
    settle(request, asked_at=datetime.combine(MONDAY, time(12), FINLAND))
    make(days_later(2))
    assert receivers() == []


def test_who_wants_no_letters_of_support_gets_none(quiet: Case, people: People) -> None:
    request = ask(quiet, people["officer"])
    db.session.add(NotificationChoice(person_id=people["coordinator"].id, kind="support", cadence="none"))
    settle(request, answer_by=MONDAY)
    make(days_later(1))
    assert receivers() == []


def test_the_letters_hold_nothing_of_the_case(app: Flask, people: People) -> None:
    case = secret_case(people["officer"])
    request = taken(case, people["officer"], people["expert"])
    do(request, people["expert"], "invite", people["expert2"].id, f"{CANARY} note")
    settle(request, answer_by=days_later(2), first_answer_by=days_later(2))
    make(days_later(2))
    make(days_later(3))
    messages = list(db.session.scalars(select(OutboxMessage)))
    assert len(messages) == 4
    for message in messages:
        assert CANARY not in message.subject + message.body
        assert case.reference not in message.subject + message.body
        assert f"T-{request.id:04d}" in message.subject


def test_each_source_reads_in_batches_and_every_row_once(quiet: Case, people: People) -> None:
    requests = [ask(quiet, people["officer"], form_key=f"form-{number}") for number in range(5)]
    settle(requests[0], state="taken")
    about, at_noon = MONDAY, datetime.combine(MONDAY, time(12), FINLAND)
    db.session.execute(update(SupportRequest).values(state="taken", answer_by=about, first_answer_by=about, asked_at=at_noon))
    for source in support_due.SOURCES:
        if source.read is support_due.untaken:
            db.session.execute(update(SupportRequest).values(state="open"))
        place, seen = START, []
        while batch := source.read(quiet.organisation_id, {about: "x"}, place, 2):
            assert len(batch) <= 2
            seen += [found.id for found in batch]
            place = (batch[-1].about, batch[-1].id)
        assert seen == [request.id for request in requests], source.what
