"""Calendars to subscribe to, read back as a calendar program reads them."""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy import select
from werkzeug.test import TestResponse

from procure.accounts.models import Person
from procure.cases import deadlines as case_deadlines
from procure.cases import halt_service
from procure.cases import queries as case_queries
from procure.cases import service as case_service
from procure.cases.deadlines import Given
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.timetables import feed_service, queries
from procure.timetables.models import CalendarFeed
from tests import factories
from tests.communications.builders import plan
from tests.documents.builders import full_case
from tests.pages import parse, text_of
from tests.timetables.builders import EU, SMALL, case_of, page_of, save, stage

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
MINE = "/account/calendar"
ADDRESS = re.compile(r"http://localhost(/calendar/[A-Za-z0-9_-]{43}\.ics)")


@pytest.fixture(autouse=True)
def clock_set() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=FINLAND), tick=False) as traveller:
        yield traveller


@pytest.fixture
def officer(people: People, client_for: ClientFor) -> FlaskClient:
    return client_for(people["officer"])


def of_case(case: Case) -> str:
    return page_of(case) + "/calendar"


def made(client: FlaskClient, page: str) -> str:
    """The path of a new address, as the answer shows it."""
    answer = client.post(page, data={"act": "new"})
    assert answer.status_code == 200
    found = ADDRESS.search(answer.text)
    assert found
    return found[1]


def events(answer: TestResponse) -> dict[str, Event]:
    """The entries by what their UID says after the case's reference."""
    assert answer.status_code == 200, answer.status
    calendar = Calendar.from_ical(answer.data)
    found = {str(event["uid"]).partition("@")[0].partition(".")[2]: event for event in calendar.walk("VEVENT")}
    assert len(found) == len(calendar.walk("VEVENT"))
    return found


def day_of(event: Event) -> date:
    day = event.decoded("dtstart")
    assert type(day) is date, "an all-day entry"
    assert event.decoded("dtend") == day + timedelta(days=1)
    return day


def test_the_calendar_of_a_case_tells_the_days_of_its_timetable(
    officer: FlaskClient, anonymous: FlaskClient, people: People
) -> None:
    case = case_of(people["officer"], EU, start="2027-11-24", contract_needed_by="2028-06-01")
    found = events(anonymous.get(made(officer, of_case(case))))
    tenders = found["tender_period"]
    # thirty days from Wednesday 24 November 2027 end on Christmas Eve, which is free: so the period ends on Monday the 27th
    assert day_of(tenders) == date(2027, 12, 27)
    assert str(tenders["summary"]) == f"Tender period: Sensors for waste bins ({case.reference})"
    assert "The law sets at least 30 days." in tenders["description"]
    assert "1397/2016 56 § 3 mom" in tenders["description"]
    assert str(tenders["url"]) == f"http://localhost{page_of(case)}"
    assert (str(tenders["status"]), str(tenders["transp"])) == ("TENTATIVE", "TRANSPARENT")
    assert day_of(found["contract_notice"]) == date(2027, 11, 24)
    assert day_of(found["needed"]) == date(2028, 6, 1)
    assert "contract_management" not in found


def test_the_calendar_of_a_cancelled_case_tells_nothing_that_is_ahead(
    officer: FlaskClient, anonymous: FlaskClient, people: People
) -> None:
    case = case_of(people["officer"], EU, start="2027-11-24", contract_needed_by="2028-06-01")
    address = made(officer, of_case(case))
    by, seen = factories.actor_of(people["officer"]), case_service.progress_of(case).sequence
    assert "tender_period" in events(anonymous.get(address))

    halt_service.cancel(case, clock.today(), "budget", "no money", False, seen, by, clock.today(), clock.now())
    db.session.commit()

    assert events(anonymous.get(address)) == {}
    assert "no longer count" in text_of(parse(officer.get(page_of(case)).text))


def test_what_is_planned_to_be_told_stands_in_the_calendar_with_its_own_page(
    officer: FlaskClient, anonymous: FlaskClient, people: People
) -> None:
    case = case_of(people["officer"], EU)
    item = plan(case, people["officer"], planned_on=date(2026, 12, 1))
    found = events(anonymous.get(made(officer, of_case(case))))["communication.1"]

    assert day_of(found) == date(2026, 12, 1)
    assert str(found["summary"]).startswith("A release on the need: ")
    assert str(found["url"]) == f"http://localhost/cases/{case.reference}/communications/{item.number}"


def test_the_day_of_the_contract_is_the_first_on_which_it_may_be_made(
    officer: FlaskClient, anonymous: FlaskClient, people: People
) -> None:
    case = case_of(people["officer"], SMALL)
    page = officer.get(page_of(case)).text
    contract = day_of(events(anonymous.get(made(officer, of_case(case))))["contract"])
    assert f"Contract at the earliest on {contract.day} {contract:%B} {contract.year}" in page


def test_periods_that_have_begun_are_told_with_their_section(
    officer: FlaskClient, anonymous: FlaskClient, people: People
) -> None:
    case = full_case(people["officer"], "open", value_amount=EU)
    by = factories.actor_of(people["officer"])
    while case.stage != "standstill":
        factories.approve_award(case, people["officer"])
        points = frozenset(point.id for point in case_service.procedure_of(case).stage(case.stage).gate)
        given = Given(sent_by="email") if case.stage == "notification" else case_deadlines.NOTHING
        on = date(2026, 11, 24)
        case_service.complete_stage(case, case.stage, on, points, "", by, on, clock.now(), given)
    db.session.commit()

    found = events(anonymous.get(made(officer, of_case(case))))

    (standstill,) = [event for key, event in found.items() if key.startswith("standstill")]
    # notified on 24 November: fourteen days end on Tuesday 8 December
    assert day_of(standstill) == date(2026, 12, 8)
    assert "129 § 1 mom" in standstill["description"]
    assert "A period of law ends on this day." in standstill["description"]
    assert str(standstill["status"]) == "CONFIRMED"
    assert "standstill" not in found, "the same day is not told twice"
    assert day_of(found["notification"]) == date(2026, 11, 24)
    assert "Done on this day." in found["notification"]["description"]
    assert [row.rule for row in case_queries.deadlines_of(case) if f"{row.rule}.{row.sequence}" not in found] == []


@pytest.mark.parametrize(
    "title",
    [
        'Bins, lids; and \\ more: "smart" ones',
        "Line one\nBEGIN:VEVENT\r\nSUMMARY:Another",
        "Älykäs jätehuolto 🚮 " + "pitkä nimi, " * 20,
        "tabs\tand\x00bells\x07",
    ],
)
def test_no_title_breaks_the_calendar(officer: FlaskClient, anonymous: FlaskClient, people: People, title: str) -> None:
    case = case_of(people["officer"], SMALL)
    case.title_en = title.replace("\x00", "")
    db.session.commit()
    answer = anonymous.get(made(officer, of_case(case)))
    found = events(answer)
    assert set(found) >= {"need", "plan", "contract"}
    spoken = " ".join(title.replace("\x00", "").replace("\x07", "").split())
    assert str(found["need"]["summary"]).endswith(f": {spoken} ({case.reference})")
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))


def test_the_calendar_speaks_its_person_s_language(anonymous: FlaskClient, people: People, client_for: ClientFor) -> None:
    case = case_of(people["officer"], EU)
    factories.make_partner(case, people["vaasa_officer"])
    client = client_for(people["vaasa_officer"])
    found = events(anonymous.get(made(client, of_case(case)), headers={"Accept-Language": "fi"}))
    assert str(found["standstill"]["summary"]).startswith("Väntetid")


def test_entries_keep_their_names_when_their_days_move(officer: FlaskClient, anonymous: FlaskClient, people: People) -> None:
    case = case_of(people["officer"], SMALL)
    path = made(officer, of_case(case))
    before = events(anonymous.get(path))
    assert save(officer, page_of(case, "offers"), stage(days="30")).status_code == 302
    after = events(anonymous.get(path))
    assert set(before) == set(after)
    assert before["offers"]["uid"] == after["offers"]["uid"]
    assert day_of(before["offers"]) < day_of(after["offers"])
    assert day_of(before["request_for_offers"]) == day_of(after["request_for_offers"])


def test_a_program_that_has_the_calendar_gets_no_second_copy(
    officer: FlaskClient, anonymous: FlaskClient, people: People, clock_set: time_machine.Traveller
) -> None:
    case = case_of(people["officer"], SMALL)
    path = made(officer, of_case(case))
    first = anonymous.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.mimetype == "text/calendar"
    assert first.last_modified is not None
    clock_set.shift(timedelta(hours=3))
    again = anonymous.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    clock_set.move_to(datetime(2027, 2, 24, 10, tzinfo=FINLAND))  # the need is still not told, and every day has moved
    moved = anonymous.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert moved.status_code == 200
    assert events(moved)["need"].decoded("last-modified") == datetime(2027, 2, 24, tzinfo=FINLAND)


def test_the_time_of_the_last_change_alone_never_holds_a_calendar_back(
    officer: FlaskClient, anonymous: FlaskClient, people: People
) -> None:
    """A closing day of the city moves the plan, though nothing of the case has changed."""
    path = made(officer, of_case(case_of(people["officer"], SMALL)))
    first = anonymous.get(path)
    assert anonymous.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 200


def test_only_the_hash_of_the_address_is_kept(officer: FlaskClient, people: People) -> None:
    case = case_of(people["officer"], SMALL)
    token = made(officer, of_case(case)).removeprefix("/calendar/").removesuffix(".ics")
    (row,) = db.session.scalars(select(CalendarFeed))
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in officer.get(of_case(case)).text
    assert "The calendar is on." in officer.get(of_case(case)).text


def test_a_new_address_kills_the_old_one_and_switching_off_kills_both(
    officer: FlaskClient, anonymous: FlaskClient, people: People
) -> None:
    case = case_of(people["officer"], SMALL)
    old, new = made(officer, of_case(case)), made(officer, of_case(case))
    assert old != new
    assert (anonymous.get(old).status_code, anonymous.get(new).status_code) == (404, 200)
    assert officer.post(of_case(case), data={"act": "off"}).headers["Location"] == of_case(case)
    assert anonymous.get(new).status_code == 404
    assert "The calendar is off." in officer.get(of_case(case)).text


@pytest.mark.parametrize("token", ["none", "a" * 43, "a" * 3000, "%00" * 43])
def test_no_other_address_opens_anything(anonymous: FlaskClient, officer: FlaskClient, people: People, token: str) -> None:
    made(officer, of_case(case_of(people["officer"], SMALL)))
    assert anonymous.get(f"/calendar/{token}.ics").status_code == 404


def test_each_person_has_an_own_address(
    officer: FlaskClient, anonymous: FlaskClient, people: People, client_for: ClientFor
) -> None:
    case = case_of(people["officer"], SMALL)
    first, second = made(officer, of_case(case)), made(client_for(people["manager"]), of_case(case))
    assert officer.post(of_case(case), data={"act": "off"}).status_code == 302
    assert (anonymous.get(first).status_code, anonymous.get(second).status_code) == (404, 200)


def test_a_calendar_ends_with_the_right_to_read_the_case(anonymous: FlaskClient, people: People, client_for: ClientFor) -> None:
    case = case_of(people["officer"], SMALL)
    factories.make_partner(case, people["other_officer"])
    path = made(client_for(people["other_officer"]), of_case(case))
    assert anonymous.get(path).status_code == 200
    db.session.refresh(case)
    case_service.set_partners(case, [])
    db.session.commit()
    assert anonymous.get(path).status_code == 404


@pytest.mark.parametrize("change", [{"active": False}, {"role": "expert"}])
def test_a_calendar_ends_with_its_person_s_work_for_the_city(
    officer: FlaskClient, anonymous: FlaskClient, people: People, change: dict[str, object]
) -> None:
    paths = [made(officer, of_case(case_of(people["officer"], SMALL))), made(officer, MINE)]
    for name, value in change.items():
        setattr(people["officer"], name, value)
    db.session.commit()
    assert [anonymous.get(path).status_code for path in paths] == [404, 404]


def test_nobody_makes_an_address_for_a_case_that_they_may_not_read(people: People, client_for: ClientFor) -> None:
    case = case_of(people["officer"], SMALL)
    client = client_for(people["other_officer"])
    assert client.get(of_case(case)).status_code == 404
    assert client.post(of_case(case), data={"act": "new"}).status_code == 404
    assert client_for(people["expert"]).post(MINE, data={"act": "new"}).status_code == 403
    assert db.session.scalars(select(CalendarFeed)).all() == []


# all own cases


def test_the_calendar_of_a_person_tells_the_open_cases_that_are_theirs(
    officer: FlaskClient, anonymous: FlaskClient, people: People
) -> None:
    mine, theirs, finished = (case_of(people[name], SMALL) for name in ("officer", "officer2", "officer"))
    finished.stage = ""
    db.session.commit()
    text = anonymous.get(made(officer, MINE)).text
    assert mine.reference in text
    assert theirs.reference not in text
    assert finished.reference not in text


def test_a_person_without_cases_has_an_empty_calendar(officer: FlaskClient, anonymous: FlaskClient) -> None:
    assert events(anonymous.get(made(officer, MINE))) == {}


def test_many_cases_cost_as_many_queries_as_one_and_are_bounded(
    officer: FlaskClient, anonymous: FlaskClient, people: People, count_queries: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(queries, "MOST_CASES", 4)
    path = made(officer, MINE)
    counted, told = [], []
    for more in (1, 4):
        for _number in range(more):
            case_of(people["officer"], SMALL)
        db.session.expunge_all()
        executed = count_queries()
        answer = anonymous.get(path)
        counted.append(len(executed))
        told.append({str(event["summary"])[-14:] for event in Calendar.from_ical(answer.data).walk("VEVENT")})
    assert counted[0] == counted[1] <= 9
    assert [len(references) for references in told] == [1, 4]


def test_days_long_past_leave_the_calendar_of_all_cases_but_not_that_of_the_case(
    officer: FlaskClient, anonymous: FlaskClient, people: People, clock_set: time_machine.Traveller
) -> None:
    case = case_of(people["officer"], SMALL)
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    points = frozenset(point.id for point in case_service.procedure_of(case).stage("need").gate)
    by = factories.actor_of(people["officer"])
    case_service.complete_stage(case, "need", date(2026, 11, 24), points, "", by, date(2026, 11, 24), clock.now())
    db.session.commit()
    one, all_of_them = made(officer, of_case(case)), made(officer, MINE)
    assert "need" in events(anonymous.get(all_of_them))
    clock_set.move_to(datetime(2026, 12, 26, 10, tzinfo=FINLAND))
    assert "need" not in events(anonymous.get(all_of_them))
    assert "need" in events(anonymous.get(one))


def test_a_case_whose_timetable_cannot_be_counted_takes_no_other_with_it(
    officer: FlaskClient, anonymous: FlaskClient, people: People
) -> None:
    without, whole = case_of(people["officer"], SMALL), case_of(people["officer"], SMALL)
    factories.answer(without, people["officer"], value_amount=None)
    text = anonymous.get(made(officer, MINE)).text
    assert whole.reference in text
    assert without.reference not in text
    assert events(anonymous.get(made(officer, of_case(without)))) == {}


def test_the_pages_say_that_the_address_is_a_secret_and_lead_to_it(officer: FlaskClient, people: People) -> None:
    case = case_of(people["officer"], SMALL)
    assert of_case(case) in officer.get(page_of(case)).text
    assert MINE in officer.get("/account").text
    for page in (of_case(case), MINE):
        assert "treat it like a password" in text_of(parse(officer.get(page).text))


def test_an_address_asked_for_twice_at_once_is_the_later_one(app: Flask, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second click finds no row, since the first has not been committed, and meets it when it writes its own."""
    by, case = factories.actor_of(people["officer"]), case_of(people["officer"], SMALL)
    first = feed_service.make_address(by, case, clock.now())
    really, calls = queries.feed_row, []

    def nothing_yet(*asked: object) -> CalendarFeed | None:
        calls.append(asked)
        return None if len(calls) == 1 else really(by, case)

    monkeypatch.setattr(queries, "feed_row", nothing_yet)
    second = feed_service.make_address(by, case, clock.now())
    assert feed_service.feed_at(first) is None
    assert feed_service.feed_at(second) is not None
