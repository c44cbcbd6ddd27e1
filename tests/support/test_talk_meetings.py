"""Meetings: the versions that are kept, and what calendars get of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.domain.threads import Meeting
from procure.infra import clock, mail
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.notifications.models import NotificationChoice
from procure.support import queries, talk_meeting_service, talk_queries
from procure.support.models import SupportMeeting, SupportRequest
from tests import factories
from tests.conftest import settings_for
from tests.support.builders import CANARY, ask, secret_case, taken

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
URL = "http://localhost"


@pytest.fixture
def request_(people: People) -> SupportRequest:
    return taken(secret_case(people["officer"]), people["officer"], people["expert"])


def wanted(request: SupportRequest, **changes: Any) -> Meeting:
    starts_at = clock.now().replace(microsecond=0) + timedelta(days=3)
    people = tuple(sorted(person.id for person in talk_queries.people_to_meet(request)))
    values: dict[str, Any] = {"starts_at": starts_at, "minutes": 60, "place": "City hall", "link": "", "people": people} | changes
    return Meeting(**values)


def plan(request: SupportRequest, person: Person, meeting: Meeting | None = None) -> SupportMeeting:
    by = factories.actor_of(person)
    seen = queries.request_to_change(by, request.id)
    assert seen is not None
    made = talk_meeting_service.plan(seen.request, meeting or wanted(request), by, clock.today(), clock.now(), URL)
    db.session.commit()
    return made


def later(name: str, request: SupportRequest, person: Person, *words: Any) -> None:
    by = factories.actor_of(person)
    seen = queries.request_to_change(by, request.id)
    assert seen is not None
    meeting = talk_queries.meeting_of(seen.request, 1)
    url = () if name == "report" else (URL,)
    getattr(talk_meeting_service, name)(seen.request, meeting, *words, by, clock.today(), clock.now(), *url)
    db.session.commit()


def invitations(person: Person) -> list[tuple[str, Any]]:
    """Method and event of each letter with a calendar, in order."""
    found = select(OutboxMessage).where(OutboxMessage.recipient == person.email, OutboxMessage.calendar != "")
    calendars = [Calendar.from_ical(one.calendar) for one in db.session.scalars(found.order_by(OutboxMessage.id))]
    return [(str(calendar["METHOD"]), calendar.walk("VEVENT")[0]) for calendar in calendars]


def test_those_invited_get_the_meeting_for_their_calendars(request_: SupportRequest, people: People) -> None:
    made = plan(request_, people["expert"])
    for name in ("officer", "expert"):
        ((method, event),) = invitations(people[name])
        assert (method, int(event["SEQUENCE"]), str(event["LOCATION"])) == ("REQUEST", 0, "City hall")
        assert event["DTSTART"].dt == made.starts_at
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=60)
        assert str(event["ORGANIZER"]) == "mailto:expert@innocities.example"
        assert CANARY not in event.to_ical().decode()
    assert queries.messages_of(request_)[-1].act == "meeting_planned"
    logged = cases.events_of(request_.case)[-1]
    assert (logged.kind, logged.payload["meeting"]) == ("support_meeting_planned", 1)


def test_the_letter_is_an_invitation_that_mail_programs_know(request_: SupportRequest, people: People, tmp_path: Any) -> None:
    plan(request_, people["officer"])
    message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.calendar != "")).first()
    assert message is not None
    letter = mail.compose(message, settings_for("sqlite://", tmp_path))
    (part,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    assert "BEGIN:VEVENT" in part.get_content()


def test_a_change_is_the_next_version_and_who_is_no_longer_invited_is_told(request_: SupportRequest, people: People) -> None:
    plan(request_, people["officer"])
    moved = wanted(request_, place="Library", people=(people["officer"].id,))
    later("change", request_, people["expert"], moved)
    (_first, (method, event)) = invitations(people["officer"])
    assert (method, int(event["SEQUENCE"]), str(event["LOCATION"])) == ("REQUEST", 1, "Library")
    (first, (method, event)) = invitations(people["expert"])
    assert (method, int(event["SEQUENCE"]), str(event["UID"])) == ("CANCEL", 1, str(first[1]["UID"]))
    assert [row.version for row in db.session.scalars(select(SupportMeeting).order_by(SupportMeeting.id))] == [1, 2]


def test_a_cancelled_meeting_leaves_the_calendars_and_is_over(request_: SupportRequest, people: People) -> None:
    plan(request_, people["officer"])
    later("cancel", request_, people["officer"], "Ill")
    for name in ("officer", "expert"):
        method, event = invitations(people[name])[-1]
        assert (method, str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCEL", "CANCELLED", 1)
    with pytest.raises(Refusal):
        later("change", request_, people["officer"], wanted(request_))
    later("cancel", request_, people["officer"], "Again")
    assert len(invitations(people["expert"])) == 2


def test_a_meeting_is_reported_afterwards_in_the_thread(request_: SupportRequest, people: People) -> None:
    plan(request_, people["officer"])
    with pytest.raises(Refusal):
        later("report", request_, people["expert"], "Agreed on a dialogue.", "Officer, Expert")
    with time_machine.travel(clock.now() + timedelta(days=3, minutes=1), tick=False):
        later("report", request_, people["expert"], "Agreed on a dialogue.", "Officer, Expert")
    last = queries.messages_of(request_)[-1]
    assert last.act == "meeting_held"
    assert "Agreed on a dialogue." in last.text
    assert cases.events_of(request_.case)[-1].kind == "support_meeting_held"


def test_the_same_form_twice_plans_once(request_: SupportRequest, people: People) -> None:
    meeting = wanted(request_)
    assert plan(request_, people["officer"], meeting).id == plan(request_, people["officer"], meeting).id
    assert len(invitations(people["expert"])) == 1


def test_only_people_of_the_thread_are_invited(request_: SupportRequest, people: People) -> None:
    for stranger in ("expert2", "other_officer", "coordinator"):
        with pytest.raises(Refusal):
            plan(request_, people["officer"], wanted(request_, people=(people["officer"].id, people[stranger].id)))


def test_without_an_expert_there_is_nobody_to_meet(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    with pytest.raises(Refusal):
        plan(request, people["officer"])


def test_an_invitation_does_not_wait_for_a_digest(request_: SupportRequest, people: People) -> None:
    db.session.add(NotificationChoice(person_id=people["expert"].id, kind="support", cadence="weekly"))
    db.session.commit()
    plan(request_, people["officer"])
    assert len(invitations(people["expert"])) == 1


def test_what_was_agreed_cannot_be_changed_behind_anybody_s_back(request_: SupportRequest, people: People) -> None:
    plan(request_, people["officer"])
    with pytest.raises(DBAPIError, match="only grows"), db.session.begin_nested():
        db.session.execute(text("UPDATE support_meetings SET place = 'Elsewhere'"))


def test_a_meeting_is_planned_changed_and_cancelled_on_its_pages(
    request_: SupportRequest, people: People, client_for: ClientFor
) -> None:  # fmt: skip
    client = client_for(people["officer"])
    day = (clock.now() + timedelta(days=5)).astimezone(FINLAND)
    data = {
        "day-day": str(day.day), "day-month": str(day.month), "day-year": str(day.year), "begins": "13.30", "minutes": "90",
        "place": "City hall", "link": "", "people": [str(people["officer"].id), str(people["expert"].id)],
    }  # fmt: skip
    wrong = client.post(f"/support/{request_.id}/meetings/new", data=data | {"begins": "25:00", "place": ""})
    assert wrong.status_code == 422
    assert "Enter a time such as 13:00" in wrong.get_data(as_text=True)
    nowhere = client.post(f"/support/{request_.id}/meetings/new", data=data | {"place": ""})
    assert "Enter a place, or a link to an online meeting" in nowhere.get_data(as_text=True)
    assert client.post(f"/support/{request_.id}/meetings/new", data=data).status_code == 302
    assert "13:30–15:00" in client.get(f"/support/{request_.id}").get_data(as_text=True)
    assert 'value="13:30"' in client.get(f"/support/{request_.id}/meetings/1").get_data(as_text=True)
    assert client.post(f"/support/{request_.id}/meetings/1", data=data | {"begins": "14"}).status_code == 302
    file = client.get(f"/support/{request_.id}/meetings/1.ics")
    assert (file.mimetype, file.status_code) == ("text/calendar", 200)
    assert client.post(f"/support/{request_.id}/meetings/1/cancel", data={"text": "Ill"}).status_code == 302
    assert client.get(f"/support/{request_.id}/meetings/1").status_code == 302


def test_others_find_no_meeting(request_: SupportRequest, people: People, client_for: ClientFor) -> None:
    plan(request_, people["officer"])
    for name in ("other_officer", "expert2"):
        client = client_for(people[name])
        for path in ("new", "1", "1/cancel", "1/report", "1.ics"):
            assert client.get(f"/support/{request_.id}/meetings/{path}").status_code == 404, (name, path)
    assert client_for(people["coordinator"]).get(f"/support/{request_.id}/meetings/1.ics").status_code == 404
    assert client_for(people["officer"]).get(f"/support/{request_.id}/meetings/99999999999999.ics").status_code == 404
