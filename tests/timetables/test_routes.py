"""The timetable of a case as its people meet it: read, changed with a look at what moves, and never by two people unawares."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.planning.models import CityDuration, CityMeeting, NetworkDuration
from procure.timetables import queries
from tests import factories
from tests.pages import parse, text_of
from tests.timetables import builders
from tests.timetables.builders import SMALL, change, hidden, page_of, preview, save, stage

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def clock_set() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=FINLAND), tick=False) as traveller:
        yield traveller


@pytest.fixture
def small(people: People) -> Case:
    """A small purchase: five days for each stage would be the catalogue's; here the city has said how long its stages take."""
    case = builders.case_of(people["officer"], SMALL)
    numbers = {
        "need": 2,
        "prior_art": 0,
        "market_consultation": 0,
        "business_case": 0,
        "plan": 2,
        "request_for_offers": 1,
        "offers": 5,
    }
    numbers |= {"award_decision": 2, "contract": 1}
    for stage_id, days in numbers.items():
        db.session.add(
            CityDuration(
                organisation_id=case.organisation_id, stage=stage_id, working_days=days, changed_at=datetime.now(FINLAND),
                changed_by_id=people["admin"].id,
            )
        )  # fmt: skip
    db.session.commit()
    return case


@pytest.fixture
def officer(people: People, client_for: ClientFor) -> FlaskClient:
    return client_for(people["officer"])


def rows(html: str) -> dict[str, str]:
    """The table's rows as one reads them, by the name of the stage."""
    found = {}
    for row in parse(html).findall(".//table[@class='govuk-table p-plan']/tbody/tr"):
        cells = [text_of(cell) for cell in row]
        found[cells[0].partition(",")[0]] = " | ".join(cells[1:])
    return found


def summary(html: str) -> str:
    return text_of(parse(html).find(".//section[@aria-labelledby='in-short']"))


def errors(html: str) -> list[tuple[str, str]]:
    """The error summary: where each line leads, and what it says."""
    links = parse(html).findall(".//div[@class='govuk-error-summary__body']//a")
    return [(link.get("href", ""), text_of(link)) for link in links]


def test_the_page_says_in_words_when_the_contract_comes(officer: FlaskClient, small: Case) -> None:
    page = officer.get(page_of(small)).text
    assert "Contract at the earliest on 10 December 2026" in summary(page)
    assert "No day has been named by which the contract is needed." in summary(page)
    assert "which is recommended: no procedure has been chosen yet" in page
    assert any("1–7 December 2026" in row and "5 working days" in row for row in rows(page).values())


def test_the_drawing_stands_for_itself_in_words(officer: FlaskClient, small: Case) -> None:
    page = parse(officer.get(page_of(small)).text)
    drawing = next(element for element in page.iter() if element.get("role") == "img" and element.tag.endswith("svg"))
    assert (
        text_of(next(element for element in drawing if element.tag.endswith("title")))
        == "Timetable of the stages. The same dates are in the table below."
    )
    assert "Contract 10 December 2026" in text_of(drawing)


def test_a_period_of_law_carries_its_section_and_why_it_rolls(officer: FlaskClient, people: People) -> None:
    case = builders.case_of(people["officer"], start="2027-11-24")
    # thirty days from Wednesday 24 November 2027 end on Friday 24 December, which is free, as are the days up to Monday the 27th
    row = next(row for row in rows(officer.get(page_of(case)).text).values() if "56 § 3 mom" in row)
    assert "24 November – 27 December 2027" in row
    assert "at least 30 days" in row
    assert "The law sets this period: it cannot be made shorter." in row
    assert "The last day would be a day off, so the period ends on the next working day." in row


def test_a_decision_that_waits_for_a_meeting_names_the_body(officer: FlaskClient, people: People, small: Case) -> None:
    db.session.add(
        CityMeeting(
            organisation_id=small.organisation_id, held_on=date(2026, 12, 15), body="City board", changed_at=datetime.now(FINLAND),
            changed_by_id=people["admin"].id,
        )
    )  # fmt: skip
    db.session.commit()
    page = officer.get(page_of(small)).text
    assert any("Waits for the meeting: City board." in row and "15 December 2026" in row for row in rows(page).values())
    assert "Contract at the earliest on 16 December 2026" in summary(page)


def test_a_change_is_looked_at_before_it_is_saved(officer: FlaskClient, small: Case) -> None:
    address = page_of(small, "offers")
    looked = preview(officer, address, stage(days="7"))
    assert looked.status_code == 200
    moved = rows(looked.text)
    assert len(moved) == 3
    assert any(
        row == "Until now 1–7 December 2026 | After the change 1–9 December 2026 | 2 working days later" for row in moved.values()
    )
    assert queries.plan_row(small) is None, "looking changes nothing"

    saved = officer.post(address, data={**hidden(looked.text), **stage(days="7"), "save": "y"})
    assert saved.headers["Location"] == page_of(small)
    page = officer.get(page_of(small)).text
    assert "Contract at the earliest on 14 December 2026" in summary(page)
    assert "Last saved 24 November 2026 by Officer." in page
    assert any("The length is this case’s own." in row for row in rows(page).values())


def test_saving_without_having_looked_shows_what_moves_and_saves_nothing(officer: FlaskClient, small: Case) -> None:
    address = page_of(small, "offers")
    opened = officer.get(address)
    answer = officer.post(address, data={**hidden(opened.text), **stage(days="7"), "save": "y"})
    assert answer.status_code == 422
    assert "This is not what you last looked at" in answer.text
    assert rows(answer.text)
    assert queries.plan_row(small) is None


def test_what_was_changed_after_the_look_is_looked_at_again(officer: FlaskClient, small: Case) -> None:
    address = page_of(small, "offers")
    looked = preview(officer, address, stage(days="7"))
    answer = officer.post(address, data={**hidden(looked.text), **stage(days="8"), "save": "y"})
    assert (answer.status_code, queries.plan_row(small)) == (422, None)


def test_the_minimum_of_law_is_refused_at_the_field_with_its_section(officer: FlaskClient, people: People) -> None:
    case = builders.case_of(people["officer"], start="2027-11-24")
    answer = preview(officer, page_of(case, "tender_period"), stage(date(2027, 12, 23)))
    assert answer.status_code == 422
    assert errors(answer.text) == [
        ("#wished-day", "The law does not allow an earlier day than 27 December 2027 (1397/2016 56 § 3 mom)")
    ]
    assert "save" not in {element.get("name") for element in parse(answer.text).iter("input")}


def test_a_stage_of_law_has_no_length_to_type(officer: FlaskClient, people: People) -> None:
    page = officer.get(page_of(builders.case_of(people["officer"]), "tender_period")).text
    assert "The law sets at least 30 days (1397/2016 56 § 3 mom)" in page
    assert "days" not in {element.get("name") for element in parse(page).iter("input")}


@pytest.mark.parametrize("stage_id", ["standstill", "questions", "nothing_such"])
def test_a_stage_with_nothing_to_choose_leads_back(officer: FlaskClient, people: People, stage_id: str) -> None:
    case = builders.case_of(people["officer"])
    assert officer.get(page_of(case, stage_id)).headers["Location"] == page_of(case)


def test_the_days_of_the_case_are_changed_with_the_timetable(officer: FlaskClient, small: Case) -> None:
    typed = change("backwards", needed_by=date(2026, 12, 18))
    assert save(officer, page_of(small, change=True), typed).status_code == 302
    page = officer.get(page_of(small)).text
    assert "Counted backwards from the day the contract is needed." in page
    assert "The latest start that is early enough is 8 December 2026." in summary(page)
    assert "The present stage must end by 3 December 2026." in summary(page)
    asked = officer.get(f"/cases/{small.reference}/answers/check").text
    assert "18 December 2026" in asked, "the day is an answer of the case"


def test_backwards_needs_a_day_of_need(officer: FlaskClient, small: Case) -> None:
    answer = preview(officer, page_of(small, change=True), change("backwards"))
    assert answer.status_code == 422
    assert errors(answer.text) == [
        ("#needed_by-day", "Enter the day on which the contract is needed: the timetable is counted back from it")
    ]


def test_a_contract_that_comes_too_late_says_by_how_much_and_what_can_be_decided(officer: FlaskClient, small: Case) -> None:
    looked = preview(officer, page_of(small, change=True), change(needed_by=date(2026, 12, 8)))
    # the contract comes on Thursday the 10th
    assert "The contract is needed by 8 December 2026: that is 2 working days too early." in summary(looked.text)
    assert "Shorten the city’s own stages" in summary(looked.text)


def test_what_happens_late_is_told_against_what_was_saved(
    officer: FlaskClient, people: People, client_for: ClientFor, small: Case, clock_set: time_machine.Traveller
) -> None:
    assert save(officer, page_of(small, change=True), change()).status_code == 302
    assert "On time: as planned on 24 November 2026." in summary(officer.get(page_of(small)).text)
    # the need was to be told by Wednesday 25 November and is not on 3 December: 26, 27, 30, 1, 2 and 3
    clock_set.move_to(datetime(2026, 12, 3, 10, tzinfo=FINLAND))
    page = client_for(people["officer"]).get(page_of(small)).text
    assert "6 working days late" in next(iter(rows(page).values()))
    assert "Late by 6 working days: the contract was planned for 10 December 2026 and is now on 18 December 2026." in summary(
        page
    )


def test_two_people_saving_both_see_what_the_other_decided(
    officer: FlaskClient, people: People, client_for: ClientFor, small: Case
) -> None:
    mine = page_of(small, "offers")
    looked = preview(officer, mine, stage(days="7"))
    other = client_for(people["officer2"])
    assert save(other, page_of(small, "award_decision"), stage(days="4")).status_code == 302

    answer = officer.post(mine, data={**hidden(looked.text), **stage(days="7"), "save": "y"})
    assert answer.status_code == 409
    assert "Officer2 has saved the timetable meanwhile" in answer.text
    theirs = text_of(parse(answer.text).find(".//div[@class='govuk-inset-text']"))
    assert "4 working days" in theirs
    assert 'value="7"' in answer.text, "what was typed stands"

    again = officer.post(mine, data={**hidden(answer.text), **stage(days="7"), "save": "y"})
    assert again.status_code == 302
    kept = queries.plan_row(small)
    assert kept is not None
    assert kept.plan["durations"] == {"award_decision": 4, "offers": 7}


def test_a_day_that_the_answers_changed_meanwhile_is_noticed(officer: FlaskClient, people: People, small: Case) -> None:
    address = page_of(small, change=True)
    looked = preview(officer, address, change(start=date(2027, 1, 11)))
    factories.answer(small, people["officer2"], start="2027-02-01")
    answer = officer.post(address, data={**hidden(looked.text), **change(start=date(2027, 1, 11)), "save": "y"})
    assert answer.status_code == 409
    assert "The days of the case have been changed meanwhile" in answer.text
    assert "1 February 2027" in text_of(parse(answer.text).find(".//div[@class='govuk-inset-text']"))


def test_a_city_administrator_and_a_partner_read_the_timetable_and_change_nothing(
    people: People, client_for: ClientFor, small: Case
) -> None:
    factories.make_partner(small, people["other_officer"])
    for name, refused in (("admin", 403), ("other_officer", 404)):
        client = client_for(people[name])
        page = client.get(page_of(small))
        assert page.status_code == 200
        assert "/timetable/change" not in page.text
        assert "/timetable/stages" not in page.text
        assert client.get(page_of(small, change=True)).status_code == refused
        assert client.post(page_of(small, "offers"), data=stage(days="3")).status_code == refused


def test_another_city_s_people_find_no_timetable(people: People, client_for: ClientFor, small: Case) -> None:
    client = client_for(people["vaasa_officer"])
    for address in (page_of(small), page_of(small, change=True), page_of(small, "offers")):
        assert client.get(address).status_code == 404


def test_while_the_value_is_not_known_the_page_says_what_is_missing(officer: FlaskClient, people: People, small: Case) -> None:
    factories.answer(small, people["officer"], value_amount=None)
    page = officer.get(page_of(small))
    assert page.status_code == 200
    assert "give the case a kind of contract and a value first" in page.text
    assert officer.get(page_of(small, change=True)).headers["Location"] == page_of(small)


def test_a_stage_so_long_that_no_holidays_are_known_is_refused(officer: FlaskClient, small: Case) -> None:
    answer = preview(officer, page_of(small, change=True), change(start=date(2190, 1, 7)))
    assert answer.status_code == 422
    assert "whose holidays are not known" in answer.text


def test_the_page_costs_at_most_ten_queries_and_the_overview_no_more_than_before(
    officer: FlaskClient, small: Case, count_queries: Callable[[], list[str]]
) -> None:
    assert save(officer, page_of(small, "offers"), stage(days="7")).status_code == 302
    executed = count_queries()
    assert officer.get(page_of(small)).status_code == 200
    assert len(executed) <= 10
    executed = count_queries()
    assert officer.get(page_of(small, "offers")).status_code == 200
    assert len(executed) <= 10


def test_the_page_tells_what_the_network_has_needed_and_lets_the_officer_choose(people: People, client_for: ClientFor) -> None:
    case, client = builders.case_of(people["officer"], SMALL), client_for(people["officer"])
    db.session.add(
        NetworkDuration(procedure="preparation", stage="need", cases=34, median=17, slow=30, counted_on=builders.TODAY)
    )
    db.session.commit()
    told = "Median of 34 cases of the network, 80 % within 30 working days"
    assert told in client.get(page_of(case)).text
    page = client.get(page_of(case, "need")).text
    assert told in page
    assert "The network’s median, as in this timetable: 17 working days" in page
    assert save(client, page_of(case, "need"), stage() | {"source": "catalogue"}).status_code == 302
    assert told not in client.get(page_of(case)).text
    assert "The network’s median, as counted last: 17 working days" in client.get(page_of(case, "need")).text
    assert save(client, page_of(case, "need"), stage() | {"source": "newest"}).status_code == 302
    assert told in client.get(page_of(case)).text
