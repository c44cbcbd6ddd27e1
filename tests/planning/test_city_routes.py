"""The pages of a city's calendar, as its people and its administrator meet them."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.infra import clock
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.planning import queries
from procure.planning.city_service import MOST_MEETINGS, Wish, set_durations
from tests.factories import actor_of
from tests.pages import parse, text_of

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
PAGE = "/city/calendar"
CHANGES = ("Add closing days", "Add meetings", "Change the durations", "Remove")


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=FINLAND), tick=False):
        yield


@pytest.fixture
def admin(people: People, client_for: ClientFor) -> FlaskClient:
    return client_for(people["admin"])


def closing(first: str, last: str = "", name: str = "Christmas closing") -> dict[str, str]:
    data = {"name": name}
    for field, typed in (("first_day", first), ("last_day", last)):
        parts = typed.split(".") if typed else ["", "", ""]
        data |= {f"{field}-{part}": text for part, text in zip(("day", "month", "year"), parts, strict=True)}
    return data


def add_closing(client: FlaskClient, *typed: str) -> None:
    assert client.post(f"{PAGE}/closing-days/new", data=closing(*typed)).status_code == 302


def add_meetings(client: FlaskClient, days: str, body: str = "City board") -> None:
    assert client.post(f"{PAGE}/meetings/new", data={"days": days, "body": body}).status_code == 302


def rows(page: str, heading: str) -> list[str]:
    """The table rows of the section with that heading, as one reads them, the head apart."""
    root = parse(page)
    section = next(s for s in root.iter("section") if text_of(s.find("h2")) == heading)
    return [text_of(row) for table in section.iter("table") for row in table.findall("./tbody/tr")]


def removal(page: str, name: str) -> str:
    """The address that removes the row of that name."""
    root = parse(page)
    return next(link.get("href", "") for link in root.iter("a") if text_of(link).startswith(f"Remove: {name}"))


def test_an_empty_calendar_says_what_then_holds(admin: FlaskClient) -> None:
    page = admin.get(PAGE).text

    assert "every Monday to Friday that is not a public holiday is a working day" in page
    assert "a decision then takes the working days of its step only" in page
    assert "every step takes its usual working days" in page


def test_the_page_says_that_no_closing_day_moves_a_period_of_the_law(admin: FlaskClient) -> None:
    assert "It never lengthens or moves a period of law" in admin.get(PAGE).text
    assert "150/1930, section 5" in admin.get(f"{PAGE}/closing-days/new").text


def test_closing_days_stand_under_their_year(admin: FlaskClient) -> None:
    add_closing(admin, "28.12.2026", "5.1.2027")
    add_closing(admin, "7.5.2027", "", "Bridge day")

    page = admin.get(PAGE).text

    assert [row.split(" Remove")[0] for row in rows(page, "Closing days")] == [
        "28 December 2026 – 5 January 2027 Christmas closing",
        "Fri 7 May 2027 Bridge day",
    ]
    captions = [text_of(caption) for caption in parse(page).iter("caption")]
    assert captions == ["Closing days: 2026", "Closing days: 2027"]


def test_what_was_added_is_said_and_then_seen_by_the_city_s_officers(
    admin: FlaskClient, people: People, client_for: ClientFor
) -> None:
    answer = admin.post(f"{PAGE}/closing-days/new", data=closing("28.12.2026", "5.1.2027"), follow_redirects=True)
    assert "Added to the closing days: Christmas closing, 28 December 2026 – 5 January 2027." in answer.text
    add_meetings(admin, "8.12.2026")

    for name in ("officer", "manager"):
        page = client_for(people[name]).get(PAGE).text
        assert rows(page, "Closing days") == ["28 December 2026 – 5 January 2027 Christmas closing"]
        assert rows(page, "Meetings") == ["Tue 8 December 2026 City board"]
        assert not [words for words in CHANGES if words in page]
        assert people["admin"].name in page


def test_another_city_sees_nothing_of_it(admin: FlaskClient, people: People, client_for: ClientFor) -> None:
    add_closing(admin, "28.12.2026", "", "Tampere only")
    add_meetings(admin, "8.12.2026", "Tampere board")

    page = client_for(people["other_officer"]).get(PAGE).text

    assert "Tampere only" not in page
    assert "Tampere board" not in page


def test_another_city_s_administrator_removes_nothing_and_is_told_the_same_as_for_none(
    admin: FlaskClient, people: People, client_for: ClientFor
) -> None:
    add_closing(admin, "28.12.2026")
    add_meetings(admin, "8.12.2026")
    page = admin.get(PAGE).text
    addresses = [removal(page, "Christmas closing"), removal(page, "City board")]
    people["other_officer"].role = "city_admin"
    db.session.commit()
    other = client_for(people["other_officer"])

    for address in addresses:
        assert admin.get(address).status_code == 200
        for act in (other.get, other.post):
            nothing = act(re.sub(r"\d+", "999999", address))
            theirs = act(address)
            assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert admin.get(PAGE).text.count("Christmas closing, ") == 1
    assert rows(admin.get(PAGE).text, "Meetings")


@pytest.mark.parametrize("name", ["officer", "manager", "expert", "coordinator", "system_admin"])
def test_nobody_but_the_city_s_administrator_changes_the_calendar(
    admin: FlaskClient, people: People, client_for: ClientFor, name: str
) -> None:
    add_closing(admin, "28.12.2026")
    address = removal(admin.get(PAGE).text, "Christmas closing")
    client = client_for(people[name])

    assert client.post(f"{PAGE}/closing-days/new", data=closing("7.5.2027")).status_code == 403
    assert client.post(f"{PAGE}/meetings/new", data={"days": "8.12.2026", "body": "x"}).status_code == 403
    assert client.post(f"{PAGE}/durations", data={"days-plan": "1", "seen-plan": ""}).status_code == 403
    assert client.post(address).status_code == 403
    office = queries.office_of(people["admin"].organisation_id)
    assert (len(office.closed), office.meetings, office.durations) == (1, (), {})


@pytest.mark.parametrize(
    ("typed", "sentence", "target"),
    [
        (("", ""), "Enter the first day", "first_day-day"),
        (("31.2.2027", ""), "Enter a real date", "first_day-day"),
        (("5.1.2027", "28.12.2026"), "The last day is before the first", "last_day-day"),
        (("1.1.2027", "2.1.2028"), "Enter at most 366 days at a time", "last_day-day"),
        (("1.1.1999", ""), "Enter a day in the years 2000–2100", "first_day-day"),
        (("1.1.2027", "1.1.2027", " "), "Enter what the days are", "name"),
        (("1.1.2027", "1.1.2027", "x" * 101), "Use at most 100 characters", "name"),
    ],
)
def test_closing_days_that_cannot_be_used_are_shown_back_with_the_reason(
    admin: FlaskClient, typed: tuple[str, ...], sentence: str, target: str
) -> None:
    answer = admin.post(f"{PAGE}/closing-days/new", data=closing(*typed))

    assert answer.status_code == 422
    assert re.search(rf'<a href="#{target}">[^<]*{re.escape(sentence)}', answer.text)
    assert all(f'value="{part}"' in answer.text for part in typed[0].split(".") if part)


def test_the_same_days_twice_are_refused_at_the_first_day(admin: FlaskClient) -> None:
    add_closing(admin, "28.12.2026")

    answer = admin.post(f"{PAGE}/closing-days/new", data=closing("28.12.2026", "28.12.2026"))

    assert answer.status_code == 422
    assert "These days are in the calendar already" in answer.text


def test_removing_asks_first_and_says_afterwards_what_to_add_again(admin: FlaskClient) -> None:
    add_closing(admin, "28.12.2026", "5.1.2027")
    add_meetings(admin, "8.12.2026")
    page = admin.get(PAGE).text

    for name, words in (("Christmas closing", "28 December 2026 – 5 January 2027"), ("City board", "Tue 8 December 2026")):
        address = removal(page, name)
        assert words in admin.get(address).text
        assert f"{name}, {words}. If that was a mistake" in admin.post(address, follow_redirects=True).text
        assert admin.post(address).status_code == 404
    assert "No closing days are known" in admin.get(PAGE).text


def test_many_meetings_are_pasted_at_once_and_those_that_are_known_are_counted_apart(admin: FlaskClient) -> None:
    add_meetings(admin, "8.12.2026")

    answer = admin.post(
        f"{PAGE}/meetings/new", data={"days": "ti 8.12.2026\r\nti 22.12.2026\r\n2027-01-19\r\n", "body": "City board"},
        follow_redirects=True,
    )  # fmt: skip

    assert "2 meetings were added. 1 was there already." in answer.text
    assert len(rows(answer.text, "Meetings")) == 3


def test_a_list_with_a_fault_adds_nothing_and_keeps_what_was_typed(admin: FlaskClient) -> None:
    answer = admin.post(f"{PAGE}/meetings/new", data={"days": "8.12.2026\r\n31.2.2027", "body": "Housing board"})

    assert answer.status_code == 422
    assert "Not a date: 31.2.2027." in answer.text
    assert "8.12.2026\r\n31.2.2027</textarea>" in answer.text
    assert 'value="Housing board"' in answer.text
    assert not rows(admin.get(PAGE).text, "Meetings")


@pytest.mark.parametrize("typed", ["", " \r\n ", ",,;"])
def test_a_list_without_a_date_is_refused(admin: FlaskClient, typed: str) -> None:
    answer = admin.post(f"{PAGE}/meetings/new", data={"days": typed, "body": "City board"})

    assert answer.status_code == 422
    assert '<a href="#days">Enter at least one date</a>' in answer.text


def test_the_body_that_was_entered_last_is_proposed(admin: FlaskClient) -> None:
    assert 'name="body" type="text" value=""' in admin.get(f"{PAGE}/meetings/new").text
    add_meetings(admin, "8.12.2026", "Housing board")

    assert 'value="Housing board"' in admin.get(f"{PAGE}/meetings/new").text


def test_passed_days_are_folded_away_but_there(admin: FlaskClient) -> None:
    add_closing(admin, "23.11.2026", "", "Moving day")
    add_meetings(admin, "10.11.2026, 24.11.2026")

    root = parse(admin.get(PAGE).text)

    folded = [text_of(details) for details in root.iter("details")]
    assert len(folded) == 2
    assert "Moving day" in folded[0]
    assert "Tue 10 November 2026" in folded[1]
    assert "Tue 24 November 2026" not in folded[1]


def durations_page(client: FlaskClient) -> dict[str, str]:
    """What a browser would send back from the page, untouched."""
    root = parse(client.get(f"{PAGE}/durations").text)
    names = {field.get("name", ""): field.get("value", "") for field in root.iter("input")}
    return {name: value for name, value in names.items() if name.startswith(("days-", "seen-"))}


def test_every_stage_of_every_procedure_has_one_number_with_the_usual_one_beside_it(admin: FlaskClient) -> None:
    page = admin.get(f"{PAGE}/durations").text
    table_rows = [text_of(row) for row in parse(page).iter("tr")]

    assert len(durations_page(admin)) == 2 * len({name for name in durations_page(admin) if name.startswith("days-")})
    assert any(row.startswith("Needs assessment") and row.endswith(" 20") for row in table_rows)
    assert any(row.startswith("Tender period") and "15–25" in row for row in table_rows), "procedures differ"
    assert any("Pre-commercial procurement" in row for row in table_rows), "where a stage is of one procedure only"


def test_a_page_sent_back_untouched_changes_nothing(admin: FlaskClient, people: People) -> None:
    set_durations([Wish("plan", 25, None), Wish("notification", 0, None)], actor_of(people["admin"]), clock.now())
    db.session.commit()
    sent = durations_page(admin)
    assert (sent["days-notification"], sent["seen-notification"]) == ("0", "0")

    answer = admin.post(f"{PAGE}/durations", data=sent, follow_redirects=True)

    assert "Nothing was changed." in answer.text
    assert queries.office_of(people["admin"].organisation_id).durations == {"plan": 25, "notification": 0}


def test_an_own_number_shows_on_the_calendar_beside_the_usual_one(admin: FlaskClient) -> None:
    answer = admin.post(f"{PAGE}/durations", data=durations_page(admin) | {"days-need": "30"}, follow_redirects=True)

    assert "1 duration was changed." in answer.text
    assert rows(answer.text, "Durations of steps") == ["Needs assessment 20 30"]


def test_an_emptied_number_is_the_usual_one_again(admin: FlaskClient, people: People) -> None:
    admin.post(f"{PAGE}/durations", data=durations_page(admin) | {"days-need": "30"})
    admin.post(f"{PAGE}/durations", data=durations_page(admin) | {"days-need": ""})

    assert queries.office_of(people["admin"].organisation_id).durations == {}


@pytest.mark.parametrize("typed", ["-1", "1001", "12x", "٣"])
def test_a_number_that_is_none_is_shown_back_and_nothing_is_saved(admin: FlaskClient, people: People, typed: str) -> None:
    answer = admin.post(f"{PAGE}/durations", data=durations_page(admin) | {"days-need": typed, "days-plan": "3"})

    assert answer.status_code == 422
    assert '<a href="#days-need">' in answer.text
    assert f'value="{typed}"' in answer.text
    assert queries.office_of(people["admin"].organisation_id).durations == {}


def test_two_administrators_at_once_lose_no_number_and_the_second_may_insist(admin: FlaskClient, people: People) -> None:
    sent = durations_page(admin)
    other = actor_of(people["admin"])
    set_durations([Wish("need", 35, None), Wish("report", 4, None)], other, clock.now())
    db.session.commit()

    answer = admin.post(f"{PAGE}/durations", data=sent | {"days-need": "30"})
    assert answer.status_code == 422
    assert f"{people['admin'].name} has meanwhile entered 35 working days here" in answer.text
    assert queries.office_of(other.organisation_id).durations == {"need": 35, "report": 4}

    again = {
        field.get("name", ""): field.get("value", "") for field in parse(answer.text).iter("input") if field.get("name") != "csrf_token"
    }  # fmt: skip
    assert again["days-need"] == "30"
    assert admin.post(f"{PAGE}/durations", data=again).status_code == 302
    assert queries.office_of(other.organisation_id).durations == {"need": 30, "report": 4}


def test_a_stage_that_was_not_sent_stays_as_it_is(admin: FlaskClient, people: People) -> None:
    set_durations([Wish("plan", 25, None)], actor_of(people["admin"]), clock.now())
    db.session.commit()

    admin.post(f"{PAGE}/durations", data={"days-need": "30", "seen-need": ""})

    assert queries.office_of(people["admin"].organisation_id).durations == {"plan": 25, "need": 30}


@pytest.mark.parametrize("code", ["fi", "sv"])
def test_the_pages_speak_the_other_languages_too(admin: FlaskClient, code: str) -> None:
    admin.set_cookie("language", code)
    add_closing(admin, "28.12.2026", "5.1.2027")
    add_meetings(admin, "8.12.2026")

    page = admin.get(PAGE).text

    assert "28.12.2026–5.1.2027" in page
    assert {"fi": "ti 8.12.2026", "sv": "tis 8.12.2026"}[code] in page
    assert admin.get(f"{PAGE}/durations").status_code == 200


def test_a_full_calendar_costs_six_queries(
    admin: FlaskClient, people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    days = "\n".join(f"{1 + number % 28}.{1 + number // 28 % 12}.{2027 + number // 336}" for number in range(MOST_MEETINGS))
    add_meetings(admin, days)
    add_closing(admin, "28.12.2026", "5.1.2027")
    executed = count_queries()

    page = admin.get(PAGE).text

    assert len(rows(page, "Meetings")) == MOST_MEETINGS
    assert len(executed) <= 6


def test_the_menu_leads_there_and_marks_the_place(admin: FlaskClient, people: People, client_for: ClientFor) -> None:
    for client, path in ((admin, f"{PAGE}/durations"), (client_for(people["officer"]), PAGE)):
        here = [link.get("href") for link in parse(client.get(path).text).iter("a") if link.get("aria-current") == "true"]
        assert PAGE in here
    assert f'href="{PAGE}"' not in client_for(people["expert"]).get("/").text


def test_a_name_with_a_character_that_prints_nothing_is_refused(admin: FlaskClient) -> None:
    answer = admin.post(f"{PAGE}/closing-days/new", data=closing("24.12.2026", name="a\x00b"))

    assert answer.status_code == 422
