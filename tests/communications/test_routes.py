"""Pages of communications: the way from asking to publishing, what shows to whom, and what nobody else sees."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient
from icalendar import Calendar

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.communications import queries
from procure.domain.support import shown_number
from procure.infra import clock
from tests import factories
from tests.communications import builders

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


def pages_of(case: Case) -> str:
    return f"/cases/{case.reference}/communications"


def on(field: str, day: date) -> dict[str, int]:
    return {f"{field}-day": day.day, f"{field}-month": day.month, f"{field}-year": day.year}


def filled(**changes: Any) -> dict[str, Any]:
    words = {"title": "Release", "content": "need", "audience": "Residents", "channel": "website", "message_en": "We need this."}
    return words | on("planned_on", clock.today() + timedelta(days=3)) | {"save": "Save"} | changes


def test_something_goes_from_a_draft_to_published_on_its_pages(case: Case, people: People, client_for: ClientFor) -> None:
    officer, manager = client_for(people["officer"]), client_for(people["manager"])

    made = officer.post(f"{pages_of(case)}/new", data=filled(form_key="k1"))
    assert made.status_code == 302
    assert made.location == f"{pages_of(case)}/1"
    assert "We need this." in officer.get(made.location).text

    assert officer.post(f"{pages_of(case)}/1/submit", data={"seen": "1"}).status_code == 302
    assert manager.post(f"{pages_of(case)}/1/approve", data={"seen": "1"}).status_code == 302
    done = officer.post(f"{pages_of(case)}/1/publish", data={"seen": "1"} | on("published_on", clock.today()))
    assert done.status_code == 302

    page = officer.get(pages_of(case)).text
    assert "Published" in page
    assert len(factories.events(case, "communication_published")) == 1


def test_the_page_says_what_may_be_told_now_with_its_sections(case: Case, people: People, client_for: ClientFor) -> None:
    page = client_for(people["officer"]).get(pages_of(case)).text

    assert "Now: Preparation before the contract notice" in page
    assert "1397/2016 65 §" in page
    assert "to be checked" in page
    assert "Nothing planned yet" in page


def test_messages_are_drafted_in_three_languages_and_nothing_typed_is_lost(
    case: Case, people: People, client_for: ClientFor
) -> None:
    officer = client_for(people["officer"])
    assert "Tampere is preparing a procurement: Sensors for waste bins." in officer.get(f"{pages_of(case)}/new?content=need").text

    typed = filled(message_en="My own words.", drafting="Draft")
    del typed["save"]
    page = officer.post(f"{pages_of(case)}/new", data=typed).text
    assert "My own words." in page
    assert "Tampere valmistelee hankintaa" in page
    assert "Tammerfors bereder en upphandling" in page
    assert not queries.items_of(case)


def test_a_day_on_which_it_is_not_public_is_refused_with_the_section_and_the_words_stay(
    case: Case, people: People, client_for: ClientFor
) -> None:
    page = client_for(people["officer"]).post(
        f"{pages_of(case)}/new", data=filled(content="decision") | on("planned_on", clock.today())
    )  # fmt: skip

    assert page.status_code == 422
    assert "1397/2016 123 §, 127 §" in page.text
    assert "We need this." in page.text
    assert not queries.items_of(case)


def test_a_message_that_names_money_is_marked_while_it_is_not_public(case: Case, people: People, client_for: ClientFor) -> None:
    builders.plan(case, people["officer"], messages={"en": "It costs 480 000 €."})
    assert "names an amount of money" in client_for(people["officer"]).get(f"{pages_of(case)}/1").text


def test_an_expert_writes_in_the_plan_of_a_request_that_is_theirs(case: Case, people: People, client_for: ClientFor) -> None:
    builders.plan(case, people["officer"])
    request = builders.taken(case, people["officer"], people["expert"])
    expert, plan = client_for(people["expert"]), f"/support/{request.id}/communications"

    assert "Communications plan" in expert.get(f"/support/{request.id}").text
    page = expert.get(plan).text
    assert "A release on the need" in page
    assert case.reference not in page

    changed = filled(title="Better title", seen="1", form_key="", message_en="Better words.")
    assert expert.post(f"{plan}/1", data=changed).status_code == 302
    assert expert.post(f"{plan}/1", data={"act": "submit", "seen": "2"}).status_code == 302
    for _time in range(2):
        assert expert.post(f"{plan}/new", data=filled(form_key="")).status_code == 302
    assert len(queries.items_of(case)) == 3, "forms without a key are two forms"
    assert "Better words." in client_for(people["officer"]).get(f"{pages_of(case)}/1").text
    assert [event.recorded_by for event in factories.events(case, "communication_submitted")] == ["Expert"]


def test_who_has_not_taken_the_request_finds_no_plan_there(case: Case, people: People, client_for: ClientFor) -> None:
    builders.plan(case, people["officer"])
    request = builders.ask(case, people["officer"])
    for address in ("", "/new", "/1"):
        assert client_for(people["expert"]).get(f"/support/{request.id}/communications{address}").status_code == 404


def test_support_is_asked_for_with_audience_channels_and_wishes(case: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    words = {"audience": "Companies", "channels": ["release", "event"], "question": "An invitation.", "urgency": "soon"}

    sent = officer.post(f"{pages_of(case)}/ask", data=words | {"shares": ["need"], "form_key": "k"})

    assert sent.status_code == 302
    page = officer.get(sent.location).text
    for said in ("To reach: Companies", "Channels: Press release, Event", "An invitation."):
        assert said in page
    number = int(sent.location.rpartition("/")[2])
    assert shown_number(number) in officer.get(pages_of(case)).text


def test_the_plan_stands_by_months_and_in_a_calendar_file_without_what_is_told(
    case: Case, people: People, client_for: ClientFor
) -> None:
    builders.plan(case, people["officer"], planned_on=date(2031, 5, 6))
    officer = client_for(people["officer"])

    assert "May 2031" in officer.get(f"{pages_of(case)}/calendar").text
    answer = officer.get(f"{pages_of(case)}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    event: Any = Calendar.from_ical(answer.data).walk("VEVENT")[0]
    assert event["dtstart"].dt == date(2031, 5, 6)
    assert str(event["summary"]) == f"A release on the need ({case.reference})"
    assert b"Message in English" not in answer.data


def test_what_waits_stands_in_my_work_and_beside_the_page_s_name(case: Case, people: People, client_for: ClientFor) -> None:
    item = builders.plan(case, people["officer"])
    builders.move(case, item, people["officer"], "submit")
    officer = client_for(people["officer"])

    assert "Approve the text: A release on the need" in officer.get("/").text
    assert "Communications (1)" in officer.get(pages_of(case)).text
    builders.move(case, item, people["officer"], "approve")
    assert "Publish: A release on the need" not in officer.get("/").text, "its day is two weeks away"


def test_the_history_names_what_was_planned(case: Case, people: People, client_for: ClientFor) -> None:
    builders.approved(case, people["officer"])
    page = client_for(people["officer"]).get(f"/cases/{case.reference}/history").text
    for words in ("Communication planned", "Communication approved", "A release on the need"):
        assert words in page


def test_a_long_plan_asks_no_more_of_the_database_than_a_short_one(
    case: Case, people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    officer, counted = client_for(people["officer"]), []
    for more in (1, 6):
        for number in range(more):
            builders.plan(case, people["officer"], key=f"{more}-{number}")
        executed = count_queries()
        assert officer.get(pages_of(case)).status_code == 200
        counted.append(len(executed))
    assert counted[0] == counted[1] <= 9
