"""The page of a case's history: what it shows, finds, checks, gives away and sets right."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases import history_queries, history_service, queries, service
from procure.cases.models import Case
from procure.catalogue import procedures
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.cases.histories import complete, last_sequence, save, tamper
from tests.pages import parse, text_of

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
TODAY = clock.today()
BEGAN = TODAY - timedelta(days=40)
ALL_KINDS = {"Case opened", "Stage completed", "Answers saved", "Drone landed", "Request taken by an expert"}


@pytest.fixture
def told(people: People) -> Case:
    """A case of two officers: answers, a completed stage with a note, an expert's entry and one of a kind nobody knows."""
    case = factories.make_case(people["officer"], opened_on=BEGAN)
    save(case, people["officer"], **factories.FULL_NEED)
    complete(case, people["officer2"], BEGAN + timedelta(days=10), "seen by the board")
    _record(case, people["expert"], "support_taken", {"request": "T-0001", "topic": "x"})
    _record(case, people["officer"], "drone_landed", {"title": "On the roof", "changes": ["odd"], "reason": {"not": "words"}})
    return case


def _record(case: Case, person: Person, kind: str, payload: dict[str, Any]) -> None:
    service.record(case, kind, payload, TODAY, factories.actor_of(person), clock.now())
    db.session.commit()


@pytest.fixture
def client(client_for: ClientFor, people: People) -> FlaskClient:
    return client_for(people["officer"])


def entries(client: FlaskClient, case: Case, query: str = "") -> list[str]:
    """The texts of the entries on the page."""
    page = client.get(f"/cases/{case.reference}/history{query}")
    assert page.status_code == 200
    lists = [found for found in parse(page.text).iter("ol") if "p-history" in found.get("class", "")]
    return [text_of(item) for item in lists[0].findall("li")] if lists else []


def test_the_newest_comes_first_with_what_who_and_in_which_role(client: FlaskClient, told: Case) -> None:
    found = entries(client, told)

    assert len(found) == told.last_sequence
    assert found[-1].startswith("Case opened")
    completed = next(text for text in found if text.startswith("Stage completed"))
    assert completed.startswith(f"Stage completed: {procedures.catalogue().preparation.stages[0].name.en}")
    assert "seen by the board" in completed
    assert "by Officer2, officer" in completed


def test_both_days_are_shown_when_it_was_recorded_later(client: FlaskClient, told: Case) -> None:
    completed = next(text for text in entries(client, told) if text.startswith("Stage completed"))
    saved = next(text for text in entries(client, told) if text.startswith("Answers saved"))

    assert f"Happened on {_day(BEGAN + timedelta(days=10))}" in completed
    assert f"Recorded {_day(TODAY)}" in completed
    assert "Happened on" not in saved


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def test_an_entry_of_a_kind_that_nobody_knows_is_shown_by_its_name(client: FlaskClient, told: Case) -> None:
    found = entries(client, told)

    assert found[0].startswith("Drone landed: On the roof")
    assert entries(client, told, "?group=other") == found[:1]


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("group=stages", {"Stage completed", "Case opened"}),
        ("group=support", {"Request taken by an expert"}),
        ("q=FROST", {"Answers saved"}),
        ("q=nothing+of+the+kind", set()),
        (f"last={BEGAN.isoformat()}", {"Case opened"}),
        (f"first={(BEGAN + timedelta(days=1)).isoformat()}&last={(BEGAN + timedelta(days=10)).isoformat()}", {"Stage completed"}),
        ("group=x&person=x&first=x&last=x", ALL_KINDS),
    ],
)  # fmt: skip
def test_the_filters_leave_what_was_asked_for(client: FlaskClient, told: Case, query: str, kinds: set[str]) -> None:
    found = entries(client, told, f"?{query}")

    assert {next(kind for kind in (*kinds, "?") if text.startswith(kind) or kind == "?") for text in found} == kinds


def test_the_filter_by_person_offers_those_who_have_recorded(client: FlaskClient, told: Case, people: People) -> None:
    page = parse(client.get(f"/cases/{told.reference}/history").text)
    offered = next(select for select in page.iter("select") if select.get("name") == "person")

    assert {text_of(option) for option in offered.iter("option")} == {"Everybody", "Officer", "Officer2", "Expert"}
    found = entries(client, told, f"?person={people['officer2'].id}")
    assert [text.split(":")[0] for text in found] == ["Stage completed"]


def test_fifty_entries_a_page_and_each_on_one_page_only(client: FlaskClient, told: Case, people: People) -> None:
    for number in range(100):
        _record(told, people["officer"], "note_written", {"title": f"note {number}"})

    first = entries(client, told)
    numbers = [_number(text) for text in first]
    second = [_number(text) for text in entries(client, told, f"?before={numbers[-1]}")]
    third = [_number(text) for text in entries(client, told, f"?before={second[-1]}")]

    assert (len(numbers), len(second)) == (50, 50)
    assert numbers + second + third == list(range(told.last_sequence, 0, -1))


def _number(text: str) -> int:
    return int(text.rsplit("Entry ", 1)[1].split()[0])


def test_a_search_reads_only_so_far_and_goes_on_from_there(
    client: FlaskClient, told: Case, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_queries, "MOST_SEARCHED", 3)

    page = client.get(f"/cases/{told.reference}/history?q=opened")

    link = next(found for found in parse(page.text).iter("a") if text_of(found) == "Search further back")
    assert "q=opened" in (link.get("href") or "")
    last = told.last_sequence
    while link is not None and last > 0:
        last -= 3
        page = client.get(link.get("href") or "")
        link = next((found for found in parse(page.text).iter("a") if text_of(found) == "Search further back"), None)
    assert "Case opened" in page.text


def test_the_page_costs_four_queries_however_long_the_history_is(
    client: FlaskClient, told: Case, people: People, count_queries: Callable[[], list[str]]
) -> None:
    for number in range(60):
        _record(told, people["officer"], "note_written", {"title": f"note {number}"})
    executed = count_queries()

    client.get(f"/cases/{told.reference}/history?q=note")

    assert len(executed) <= 4


def test_a_long_answer_shows_the_words_that_changed(client: FlaskClient, told: Case, people: People) -> None:
    save(told, people["officer"], need={"en": factories.FULL_NEED["need"]["en"].replace("in summer", "in July and August")})

    page = parse(client.get(f"/cases/{told.reference}/history").text)

    assert [text_of(part) for part in page.iter("del")] == ["summer"]
    assert [text_of(part) for part in page.iter("ins")] == ["July and August"]


def test_the_chain_is_checked_when_asked_and_only_then(client: FlaskClient, told: Case) -> None:
    address = f"/cases/{told.reference}/history"

    assert "unbroken.</strong>" not in client.get(address).text
    assert f"{told.last_sequence} entries checked" in client.get(f"{address}?check=1").text

    tamper("UPDATE case_events SET role = 'x' WHERE case_id = :case AND sequence = 3", case=told.id)
    broken = client.get(f"{address}?check=1").text
    assert "The history does not hold" in broken
    assert "At entry 3: the entry is not what was recorded" in broken


def test_the_whole_history_stands_on_a_page_for_paper(client: FlaskClient, told: Case, people: People) -> None:
    for number in range(60):
        _record(told, people["officer"], "note_written", {"title": f"note {number}"})

    page = client.get(f"/cases/{told.reference}/history?print=1")

    assert len(entries(client, told, "?print=1")) == told.last_sequence
    assert "<details" not in page.text
    assert 'role="search"' not in page.text


def test_the_lines_can_be_checked_by_an_outsider_with_the_recipe_alone(client: FlaskClient, told: Case) -> None:
    sent = client.get(f"/cases/{told.reference}/history.jsonl")

    head, *rows = [json.loads(line) for line in sent.text.splitlines()]
    previous = ""
    for row in rows:
        facts = {key: value for key, value in row.items() if key != "hash"}
        text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        previous = hashlib.sha256((previous + text).encode()).hexdigest()
        assert row["hash"] == previous
    assert (head["case"], head["events"], head["last_hash"]) == (told.reference, len(rows), previous)
    assert "SHA-256" in head["recipe"]
    assert sent.headers["Content-Disposition"] == f'attachment; filename="{told.reference}-history.jsonl"'


def test_the_table_is_read_by_a_spreadsheet_and_holds_no_formula(client: FlaskClient, told: Case, people: People) -> None:
    _record(told, people["officer"], "note_written", {"title": '=HYPERLINK("http://x")', "reason": "@SUM(A1)"})

    sent = client.get(f"/cases/{told.reference}/history.csv")
    rows = list(csv.reader(io.StringIO(sent.text.removeprefix("\ufeff")), delimiter=";"))

    assert sent.text.startswith("\ufeff")
    assert len(rows) == told.last_sequence + 1
    assert {len(row) for row in rows} == {15}
    assert [row[0] for row in rows[1:]] == [str(number + 1) for number in range(told.last_sequence)]
    assert [row[-1] for row in rows[1:]] == [event.hash for event in queries.events_of(told)]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert rows[-1][2] == '\'=HYPERLINK("http://x")'


def test_an_export_longer_than_one_read_is_whole(client: FlaskClient, told: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_queries, "AT_ONCE", 2)

    assert len(client.get(f"/cases/{told.reference}/history.jsonl").text.splitlines()) == told.last_sequence + 1


CORRECTION = {"words": "seen by the council", "reason": "The minutes say so"}


def day_fields(day: date) -> dict[str, str]:
    return {"happened_on-day": str(day.day), "happened_on-month": str(day.month), "happened_on-year": str(day.year)}


def test_a_correction_shows_both_days_on_both_entries(client: FlaskClient, told: Case) -> None:
    sequence = last_sequence(told, "stage_completed")
    right = BEGAN + timedelta(days=12)

    sent = client.post(f"/cases/{told.reference}/history/{sequence}/correct", data=CORRECTION | day_fields(right))

    assert sent.status_code == 302
    found = entries(client, told)
    assert found[0].startswith("Entry corrected")
    assert "The minutes say so" in found[0]
    assert _day(right) in found[0]
    assert _day(BEGAN + timedelta(days=10)) in found[0]
    completed = next(text for text in found if text.startswith("Stage completed"))
    assert f"Happened on {_day(right)}, recorded first as {_day(BEGAN + timedelta(days=10))}" in completed
    assert "First recorded as: seen by the board" in completed


def test_the_form_of_a_correction_shows_how_the_entry_reads_now(client: FlaskClient, told: Case) -> None:
    sequence = last_sequence(told, "stage_completed")

    page = client.get(f"/cases/{told.reference}/history/{sequence}/correct").text

    assert "seen by the board" in page
    assert f'value="{(BEGAN + timedelta(days=10)).day}"' in page


def test_a_correction_out_of_order_says_so_at_the_field_and_changes_nothing(client: FlaskClient, told: Case) -> None:
    sequence, before = last_sequence(told, "stage_completed"), told.last_sequence

    sent = client.post(
        f"/cases/{told.reference}/history/{sequence}/correct", data=CORRECTION | day_fields(BEGAN - timedelta(days=1))
    )

    assert sent.status_code == 422
    assert "What was done before this happened on" in sent.text
    assert queries.case_for(factories.actor_of(factories.people()["officer"]), told.reference).last_sequence == before  # type: ignore[union-attr]


def test_an_opening_has_a_day_to_correct_but_no_words(client: FlaskClient, told: Case) -> None:
    page = parse(client.get(f"/cases/{told.reference}/history/1/correct").text)

    assert [area.get("name") for area in page.iter("textarea")] == ["reason"]
    sent = client.post(f"/cases/{told.reference}/history/1/correct", data={"reason": "x"} | day_fields(BEGAN - timedelta(days=1)))
    assert sent.status_code == 302


@pytest.mark.parametrize("address", ["2/correct", "99/correct", "1/undo", "99/undo"])
def test_where_there_is_nothing_to_set_right_one_is_told_so(client: FlaskClient, told: Case, address: str) -> None:
    sent = client.get(f"/cases/{told.reference}/history/{address}", follow_redirects=True)

    assert sent.status_code == 200
    assert "Please note" in sent.text


def test_undoing_on_the_page_restores_the_answer_and_says_what_it_undid(client: FlaskClient, told: Case, people: People) -> None:
    save(told, people["officer2"], title={"en": "Sensors everywhere"})
    address = f"/cases/{told.reference}/history/{told.last_sequence}/undo"

    page = client.get(address).text
    sent = client.post(address, data={"questions": ["title"], "reason": "The wrong case"})

    assert "Sensors everywhere" in page
    assert sent.status_code == 302
    newest = entries(client, told)[0]
    assert newest.startswith("Earlier answers restored")
    assert "The wrong case" in newest
    assert f"(entry {told.last_sequence - 1})" in newest


def test_an_undo_without_reason_or_choice_is_sent_back(client: FlaskClient, told: Case, people: People) -> None:
    save(told, people["officer2"], title={"en": "Sensors everywhere"})
    address = f"/cases/{told.reference}/history/{told.last_sequence}/undo"

    assert client.post(address, data={"questions": ["title"]}).status_code == 422
    assert client.post(address, data={"reason": "why"}).status_code == 422
    assert client.post(address, data={"questions": ["need"], "reason": "why"}).status_code == 422


def test_who_only_reads_the_case_is_offered_nothing_to_set_right(client_for: ClientFor, told: Case, people: People) -> None:
    factories.make_partner(told, people["other_officer"])

    for name in ("admin", "other_officer"):
        page = client_for(people[name]).get(f"/cases/{told.reference}/history").text
        assert "/correct" not in page
        assert "/undo" not in page


def test_the_last_act_can_be_undone_by_going_back(client: FlaskClient, told: Case) -> None:
    page = parse(client.get(f"/cases/{told.reference}/history").text)

    links = [link for link in page.iter("a") if text_of(link) == "Go back to this stage"]

    assert [link.get("href") for link in links] == [f"/cases/{told.reference}/stages/return"]


def test_a_corrected_entry_is_found_by_its_corrected_day(client: FlaskClient, told: Case, people: People) -> None:
    sequence, right = last_sequence(told, "stage_completed"), BEGAN + timedelta(days=12)
    history_service.correct_event(
        told, sequence, right, "seen by the board", "why", factories.actor_of(people["officer"]), TODAY, clock.now()
    )
    db.session.commit()

    found = entries(client, told, f"?first={right.isoformat()}&last={right.isoformat()}")

    assert [text.split(":")[0] for text in found] == ["Stage completed"]
