"""Pages of the network, as everybody reads them and the coordinator and the experts change them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar

from procure.accounts.models import Person
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.network import queries
from procure.network.people_service import Wanted
from tests.factories import actor_of
from tests.network.test_service import profile
from tests.pages import parse, text_of

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
PAGES = ("/network", "/network/regions/vaasa", "/network/themes", "/network/funding", "/network/people", "/network/meetings")
FACT = "/network/facts/tampere/coordinator"


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=FINLAND), tick=False):
        yield


@pytest.fixture
def officer(people: People, client_for: ClientFor) -> FlaskClient:
    return client_for(people["officer"])


@pytest.fixture
def coordinator(people: People, client_for: ClientFor) -> FlaskClient:
    return client_for(people["coordinator"])


def page_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return text_of(parse(answer.get_data(as_text=True)).find(".//main"))


def said(**changes: Any) -> dict[str, Any]:
    return {
        "fi": "Kaupunki", "sv": "", "en": "The city", "mark": "verified", "sources": "https://www.tampere.fi/plan", "seen": "0"
    } | changes  # fmt: skip


def meeting(**changes: Any) -> dict[str, Any]:
    return {
        "title_fi": "", "title_sv": "", "title_en": "Autumn meeting", "on-day": "10", "on-month": "12", "on-year": "2026",
        "starts": "9.30", "ends": "11", "place": "Online", "link": "https://www.innocities.fi/en", "about": "Agenda; and more",
        "form_key": "key",
    } | changes  # fmt: skip


@pytest.mark.parametrize("name", ["officer", "admin", "expert", "coordinator", "system_admin", "vaasa_officer"])
def test_everybody_who_signs_in_reads_every_page(people: People, client_for: ClientFor, name: str) -> None:
    client = client_for(people[name])

    assert all(page_of(client, address) for address in PAGES)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_the_network_asks_the_database_little_however_much_has_been_said(
    people: People, coordinator: FlaskClient, officer: FlaskClient, count_queries: Callable[[], list[str]], address: str
) -> None:
    for field in ("coordinator", "priority_1", "priority_2"):
        coordinator.post(f"/network/facts/vaasa/{field}/change", data=said())
    for key in ("a", "b", "c"):
        coordinator.post("/network/meetings/new", data=meeting(form_key=key))
    for name in ("expert", "expert2"):
        profile(people[name], actor_of(people[name]))
    db.session.commit()
    officer.get(address)
    executed = count_queries()

    officer.get(address)

    assert len(executed) <= 4, executed


# regions and facts


def test_the_list_shows_sixteen_regions_and_a_search_those_with_the_theme(officer: FlaskClient) -> None:
    rows = parse(officer.get("/network").get_data(as_text=True)).findall(".//tbody/tr")
    assert len(rows) == 16

    found = page_of(officer, "/network?q=battery")
    assert "Kokkola" in found, "leads the theme"
    assert "Vaasa" in found, "takes part in it"
    assert "Mikkeli" not in found
    assert "No region has these words" in page_of(officer, "/network?q=volcano")


def test_what_is_not_known_is_said_to_be_open_and_what_is_not_verified_carries_a_mark(officer: FlaskClient) -> None:
    page = page_of(officer, "/network/regions/vaasa")

    assert "Coordinator in the region Not known yet: no source has been found" in page
    assert "Partly verified" in page, "the priorities"
    assert "Regional Council of Ostrobothnia Inferred" in page


def test_sources_are_links_and_a_text_in_another_language_says_so(people: People, client_for: ClientFor) -> None:
    page = client_for(people["vaasa_officer"]).get("/network/regions/mikkeli").get_data(as_text=True)
    root = parse(page)

    links = [link.get("href", "") for link in root.findall(".//main//a")]
    assert any(link.startswith("https://mikkeli.fi/") for link in links)
    assert "Lydelsen på detta språk är inte känd." in page
    assert next(text_of(span) for span in root.findall(".//main//span[@lang='fi']")).startswith("Yhdyskuntavesien")


@pytest.mark.parametrize(
    "address", ["/network/regions/nowhere", "/network/regions/akke", "/network/facts/x/remark", "/network/facts/tampere/holder"]
)
def test_there_is_no_page_of_what_is_not_there(officer: FlaskClient, address: str) -> None:
    assert officer.get(address).status_code == 404


def test_the_coordinator_changes_a_fact_and_everybody_sees_it_and_its_history(
    coordinator: FlaskClient, officer: FlaskClient
) -> None:
    answer = coordinator.post(f"{FACT}/change", data=said())
    assert (answer.status_code, answer.location) == (302, "/network/regions/tampere")

    page = page_of(officer, "/network/regions/tampere")
    assert "The city" in page
    assert "Changed 24 November 2026, history" in page
    history = page_of(officer, FACT)
    assert "Coordinator" in history
    assert "As in the sources that came with the service" in history
    assert "Put this back" not in history


def test_what_the_coordinator_put_back_holds_again(coordinator: FlaskClient) -> None:
    coordinator.post(f"{FACT}/change", data=said())
    assert "What is put back" in page_of(coordinator, f"{FACT}/back/0")
    assert coordinator.post(f"{FACT}/back/0", data={"seen": "1"}).location == FACT

    assert "Not known yet" not in page_of(coordinator, FACT)
    assert "Left open by the coordinator" in page_of(coordinator, "/network/regions/tampere")
    assert coordinator.get(f"{FACT}/back/7").status_code == 404


def test_who_was_slower_sees_both_and_can_save_again(coordinator: FlaskClient) -> None:
    coordinator.post(f"{FACT}/change", data=said())
    answer = coordinator.post(f"{FACT}/change", data=said(en="Somebody else"))
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "Now, as Coordinator has saved it" in page
    assert "Somebody else" in page
    assert 'value="1"' in page
    assert coordinator.post(f"{FACT}/change", data=said(en="Somebody else", seen="1")).status_code == 302


def test_a_faulty_fact_says_at_each_field_what_to_mend(coordinator: FlaskClient) -> None:
    answer = coordinator.post(f"{FACT}/change", data=said(sources="javascript:alert(1)", mark=""))
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "Say how sure it is" in page
    assert "beginning with https://" in page
    assert not queries.fact_changes("tampere", "coordinator")


def test_what_is_typed_is_shown_as_text(coordinator: FlaskClient, officer: FlaskClient) -> None:
    coordinator.post(f"{FACT}/change", data=said(en="<b>bold</b>"))
    assert "<b>bold" not in officer.get("/network/regions/tampere").get_data(as_text=True)


@pytest.mark.parametrize("name", ["officer", "admin", "expert", "system_admin"])
def test_nobody_but_the_coordinator_is_offered_or_allowed_a_change(people: People, client_for: ClientFor, name: str) -> None:
    client = client_for(people[name])

    assert "Change" not in page_of(client, "/network/regions/tampere")
    assert "Add a meeting" not in page_of(client, "/network/meetings")
    for address in (f"{FACT}/change", f"{FACT}/back/0", "/network/meetings/new"):
        assert client.post(address, data=said() | meeting()).status_code == 403


# meetings


def test_a_meeting_goes_from_added_to_cancelled_on_its_pages(coordinator: FlaskClient, officer: FlaskClient) -> None:
    where = coordinator.post("/network/meetings/new", data=meeting()).location
    assert "Autumn meeting" in page_of(officer, "/network/meetings")
    assert "Thursday 10 December 2026, 09:30–11:00" in page_of(officer, where)

    coordinator.post(f"{where}/change", data=meeting(place="Joensuu", seen="1"))
    assert coordinator.post(f"{where}/cancel", data={"why": "Too few", "seen": "2"}).location == where
    page = page_of(officer, where)
    assert "Too few" in page
    assert "Joensuu" in page
    assert "Cancelled" in page_of(officer, "/network/meetings")
    assert coordinator.post(f"{where}/restore", data={"seen": "3"}).location == where
    assert "Takes place after all" in page_of(officer, where)


def test_a_faulty_meeting_says_at_each_field_what_to_mend(coordinator: FlaskClient) -> None:
    answer = coordinator.post("/network/meetings/new", data=meeting(title_en="", starts="25.00", **{"on-day": ""}))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Enter a time of day such as 9.30 or 13:00" in page

    answer = coordinator.post("/network/meetings/new", data=meeting(title_en="", ends="8"))
    assert "Enter the name of the meeting in at least one language" in answer.get_data(as_text=True)
    assert "The meeting ends before it starts" in answer.get_data(as_text=True)
    assert not queries.meetings(date(2026, 11, 24))


def test_who_was_slower_with_a_meeting_sees_how_it_stands(coordinator: FlaskClient) -> None:
    where = coordinator.post("/network/meetings/new", data=meeting()).location
    coordinator.post(f"{where}/change", data=meeting(place="Joensuu", seen="1"))
    answer = coordinator.post(f"{where}/change", data=meeting(place="Oulu", seen="1"))

    assert answer.status_code == 422
    assert "As it stands now" in answer.get_data(as_text=True)
    assert "Joensuu" in answer.get_data(as_text=True)


def test_meetings_come_as_a_calendar_in_universal_time_with_what_was_cancelled(
    coordinator: FlaskClient, officer: FlaskClient
) -> None:
    where = coordinator.post("/network/meetings/new", data=meeting()).location
    coordinator.post("/network/meetings/new", data=meeting(form_key="other", title_en="Whole day", starts="", ends=""))
    coordinator.post(f"{where}/cancel", data={"why": "", "seen": "1"})
    answer = officer.get("/network/meetings.ics")
    events = {str(one["summary"]): one for one in Calendar.from_ical(answer.data).walk("VEVENT")}

    assert answer.content_type == "text/calendar; charset=utf-8"
    assert events["Autumn meeting"]["status"] == "CANCELLED"
    assert int(events["Autumn meeting"]["sequence"]) == 1
    assert events["Autumn meeting"]["dtstart"].dt.isoformat() == "2026-12-10T07:30:00+00:00"
    assert events["Autumn meeting"]["dtend"].dt.isoformat() == "2026-12-10T09:00:00+00:00"
    assert events["Whole day"]["dtstart"].dt == date(2026, 12, 10)
    assert events["Whole day"]["dtend"].dt == date(2026, 12, 11)
    assert len(Calendar.from_ical(officer.get(f"{where}/meeting.ics").data).walk("VEVENT")) == 1


# people


def test_only_those_who_have_chosen_it_are_named_and_no_city_they_do_not_take(people: People, officer: FlaskClient) -> None:
    profile(people["expert"], actor_of(people["expert"]))
    profile(people["expert2"], actor_of(people["expert2"]), Wanted(("pilot",), ("fi",), 2, (), False, "Hidden words"))
    db.session.commit()

    page = officer.get("/network/people").get_data(as_text=True)
    names = [text_of(one) for one in parse(page).findall(".//main//strong")]
    assert set(names) == {"Expert"}
    assert "Hidden words" not in page
    assert "Tampere" not in page, "a city that the expert does not take"
    assert "Nobody to show" in page_of(officer, "/network/people?topic=impact")
    assert "Pilots" in page_of(officer, "/network/people?topic=pilot&language=sv")


def test_an_expert_fills_in_the_own_profile(people: People, client_for: ClientFor, officer: FlaskClient) -> None:
    client = client_for(people["expert"])
    assert "you count as an expert of every topic" in page_of(client, "/network/me")
    data = {"topics": ["pilot"], "languages": ["fi"], "most_open": "2", "shown": "y", "about": "Pilots", "seen": "0"}
    assert client.post("/network/me", data=data).status_code == 302

    page = page_of(client, "/network/me")
    assert "History" in page
    assert "Expert" in page_of(officer, "/network/people")
    answer = client.post("/network/me", data=data | {"topics": [], "most_open": "0", "seen": "1"})
    assert answer.status_code == 422
    assert "Choose at least one topic" in answer.get_data(as_text=True)


def test_the_coordinator_sets_an_expert_s_work_and_cannot_show_the_expert(
    people: People, coordinator: FlaskClient, officer: FlaskClient
) -> None:
    where = f"/network/people/{people['expert'].id}"
    data = {"topics": ["impact"], "languages": ["sv"], "most_open": "1", "shown": "y", "about": "x", "seen": "0"}
    assert coordinator.post(where, data=data).location == "/network/people"

    assert "not shown" in page_of(coordinator, where)
    assert "Nobody to show" in page_of(officer, "/network/people")
    assert coordinator.get(f"/network/people/{people['officer'].id}").status_code == 404
    assert officer.post(where, data=data).status_code == 403


def test_who_was_slower_with_a_profile_sees_both(people: People, client_for: ClientFor, coordinator: FlaskClient) -> None:
    data = {"topics": ["impact"], "languages": ["sv"], "most_open": "1", "seen": "0"}
    coordinator.post(f"/network/people/{people['expert'].id}", data=data)
    answer = client_for(people["expert"]).post("/network/me", data=data | {"topics": ["pilot"]})

    assert answer.status_code == 422
    assert "Coordinator has changed the profile meanwhile" in answer.get_data(as_text=True)
    assert "As it stands now" in answer.get_data(as_text=True)
