"""Pages of a team: what shows to whom, what a form does, and what two people at once see."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from procure.teams import queries
from procure.teams.models import Task
from tests import factories
from tests.support.builders import taken
from tests.teams.builders import add_member, add_task, hand_over, write_note

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


def text(response: Any) -> str:
    page: str = response.get_data(as_text=True)
    return page


def on(days: int) -> dict[str, int]:
    return _day("due_on", days)


def _day(field: str, days: int) -> dict[str, int]:
    day = clock.today() + timedelta(days=days)
    return {f"{field}-day": day.day, f"{field}-month": day.month, f"{field}-year": day.year}


def test_the_team_s_page_shows_members_tasks_and_notes(case: Case, people: People, client_for: ClientFor) -> None:
    officer = people["officer"]
    add_member(case, officer, people["officer2"], "substitute")
    add_task(
        case, officer, people["officer2"], title="Ask three suppliers", stage="need", due_on=clock.today() - timedelta(days=1)
    )
    write_note(case, officer, "See https://www.finlex.fi/x and <b>this</b>, @Officer2", people["officer2"])

    page = text(client_for(officer).get(f"/cases/{case.reference}/team"))

    assert "Substitute" in page
    assert "Ask three suppliers" in page
    assert "Late" in page
    assert 'href="https://www.finlex.fi/x"' in page
    assert "<b>this</b>" not in page
    assert "<strong>@Officer2</strong>" in page
    assert "I have read this" not in page


@pytest.mark.parametrize("name", ["admin", "officer2", "other_officer"])
def test_administrators_guests_and_partners_read_and_are_offered_nothing(
    case: Case, people: People, client_for: ClientFor, name: str
) -> None:
    officer = people["officer"]
    add_task(case, officer, officer)
    add_member(case, officer, people["officer2"], "guest")
    factories.make_partner(case, people["other_officer"])
    client = client_for(people[name])

    page = text(client.get(f"/cases/{case.reference}/team"))

    assert "Ask three suppliers" in page
    for words in ("Add a task", "Add a person", "Mark as done", "Write the note", "Hand over"):
        assert words not in page
    for path in ("tasks/1/done", "tasks/new", "notes", "team/add", "team/hand-over"):
        assert client.post(f"/cases/{case.reference}/{path}", data={"text": "x", "version": "1"}).status_code in (403, 404)
    db.session.expire_all()
    assert db.session.query(Task).one().done_on is None


def test_a_guest_writes_nowhere_on_the_case_whatever_the_role(case: Case, people: People, client_for: ClientFor) -> None:
    request = taken(case, people["officer"], people["expert"])
    add_member(case, people["officer"], people["officer2"], "guest")
    client = client_for(people["officer2"])

    assert client.get(f"/cases/{case.reference}").status_code == 200
    for path in ("stages/need/complete", "stages/return", "answers/need/problem", "support/new", "timetable/change"):
        assert client.post(f"/cases/{case.reference}/{path}", data={"title": "x"}).status_code == 404, path
    assert client.get(f"/support/{request.id}").status_code == 200
    assert client.post(f"/support/{request.id}/messages", data={"text": "x"}).status_code == 403
    assert client.post(f"/support/{request.id}/withdraw", data={"text": "x"}).status_code == 403


def test_somebody_is_found_by_a_part_of_the_name_and_added(case: Case, people: People, client_for: ClientFor) -> None:
    client, address = client_for(people["officer"]), f"/cases/{case.reference}/team/add"
    page = text(client.get(f"{address}?q=CER2"))
    assert "Officer2" in page
    assert "Manager, " not in page
    assert "Other Officer" not in text(client.get(address))

    missing = client.post(address, data={})
    assert missing.status_code == 422
    assert "Choose a person" in text(missing)
    done = client.post(f"{address}?q=CER2", data={"person": people["officer2"].id, "part": "member"}, follow_redirects=True)
    assert "Officer2 is in the team now" in text(done)
    assert "is found by that name" in text(client.get(f"{address}?q=zzz"))


def test_a_forged_choice_of_another_city_s_person_is_not_taken(case: Case, people: People, client_for: ClientFor) -> None:
    response = client_for(people["officer"]).post(
        f"/cases/{case.reference}/team/add", data={"person": people["other_officer"].id, "part": "member"}
    )

    assert response.status_code == 422
    assert [member.name for member in queries.team_of(case)] == ["Officer"]


def test_a_part_is_changed_and_a_member_removed(case: Case, people: People, client_for: ClientFor) -> None:
    add_member(case, people["officer"], people["officer2"])
    add_task(case, people["officer"], people["officer2"])
    client, address = client_for(people["officer"]), f"/cases/{case.reference}/team/{people['officer2'].id}"
    assert client.get(address).status_code == 200
    client.post(address, data={"person": people["officer2"].id, "part": "substitute"})
    assert queries.team_of(case)[1].part == "substitute"
    assert "1 open task goes to the responsible officer" in text(client.get(f"{address}/remove"))
    client.post(f"{address}/remove", data={})
    assert len(queries.team_of(case)) == 1


def test_the_case_is_handed_over_on_one_page(case: Case, people: People, client_for: ClientFor) -> None:
    client, address = client_for(people["officer"]), f"/cases/{case.reference}/team/hand-over"
    page = text(client.get(address))
    assert "Officer2" in page
    assert "Other Officer" not in page

    incomplete = client.post(address, data={"to": people["officer2"].id, **_day("from_day", 1)})
    assert incomplete.status_code == 422
    done = client.post(
        address,
        data={"to": people["officer2"].id, "reason": "Leave", "with_tasks": "y", "stays": "y", **_day("from_day", 0)},
        follow_redirects=True,
    )
    assert "Officer2 is responsible for the case now" in text(done)
    assert [member.part for member in queries.team_of(case)] == ["responsible", "substitute"]


def test_an_officer_hands_over_the_own_cases_only_and_a_manager_anybody_s(people: People, client_for: ClientFor) -> None:
    made = [factories.make_case(people["officer"]) for _ in range(3)]
    data = {"to": people["officer2"].id, "reason": "Leave", "which": "chosen", "cases": made[0].reference, **_day("from_day", 0)}
    assert client_for(people["officer2"]).post(f"/hand-over?from={people['officer'].id}", data=data).status_code == 404
    assert client_for(people["other_manager"]).get(f"/hand-over?from={people['officer'].id}").status_code == 404

    own = client_for(people["officer"])
    assert made[1].reference in text(own.get("/hand-over"))
    assert "1 case handed over to Officer2" in text(own.post("/hand-over", data=data, follow_redirects=True))
    manager = client_for(people["manager"])
    holders = text(manager.get("/hand-over"))
    assert "2 open cases" in holders
    everything = manager.post(f"/hand-over?from={people['officer'].id}", data=data | {"which": "all"}, follow_redirects=True)
    assert "2 cases handed over to Officer2" in text(everything)
    assert "There is no open case to hand over" in text(manager.get(f"/hand-over?from={people['officer'].id}"))


def test_choosing_no_case_is_told_at_the_question(people: People, client_for: ClientFor) -> None:
    factories.make_case(people["officer"])
    data = {"to": people["officer2"].id, "reason": "Leave", "which": "chosen", **_day("from_day", 0)}

    response = client_for(people["officer"]).post("/hand-over", data=data)

    assert response.status_code == 422
    assert "Choose at least one open case" in text(response)


def test_a_task_is_added_changed_done_and_opened_again(case: Case, people: People, client_for: ClientFor) -> None:
    client, base = client_for(people["officer"]), f"/cases/{case.reference}/tasks"
    empty = client.post(f"{base}/new", data={})
    assert empty.status_code == 422
    assert "Write what is to be done" in text(empty)
    task = {"title": "Ask three suppliers", "owner": people["officer"].id, "stage": "need", "note": "", **on(7)}
    assert client.post(f"{base}/new", data=task).status_code == 302
    assert "Ask three suppliers" in text(client.get(f"{base}/1"))
    client.post(f"{base}/1", data=task | {"title": "Ask five suppliers", "version": 1})
    page = text(client.post(f"{base}/1/done", data={"version": 2}, follow_redirects=True))
    assert "Ask five suppliers" in page
    assert "1 task done" in page
    assert "No open tasks" in page
    assert "No open tasks" not in text(client.post(f"{base}/1/reopen", data={"version": 3}, follow_redirects=True))


def test_the_second_of_two_people_sees_both_and_saves_then(case: Case, people: People, client_for: ClientFor) -> None:
    add_task(case, people["officer"], people["officer"])
    address = f"/cases/{case.reference}/tasks/1"
    first, second = client_for(people["manager"]), client_for(people["officer"])
    task = {"owner": people["officer"].id, "stage": "", "note": "", "version": 1, **on(7)}
    assert first.post(address, data=task | {"title": "Theirs"}).status_code == 302

    response = second.post(address, data=task | {"title": "Mine"})

    assert response.status_code == 409
    page = text(response)
    assert "Manager has changed the task meanwhile" in page
    assert "<dd>Theirs</dd>" in page
    assert 'value="Mine"' in page
    assert second.post(address, data=task | {"title": "Mine", "version": 2}).status_code == 302


def test_a_stale_button_leads_to_the_task_as_it_is(case: Case, people: People, client_for: ClientFor) -> None:
    add_task(case, people["officer"], people["officer"])
    client = client_for(people["officer"])
    task = {"title": "New", "owner": people["officer"].id, "stage": "", "note": "", "version": 1, **on(7)}
    client.post(f"/cases/{case.reference}/tasks/1", data=task)

    page = text(client.post(f"/cases/{case.reference}/tasks/1/done", data={"version": 1}, follow_redirects=True))

    assert "has changed the task meanwhile" in page
    assert db.session.query(Task).one().done_on is None


def test_a_task_of_another_case_is_not_found_here(case: Case, people: People, client_for: ClientFor) -> None:
    other = factories.make_case(people["officer"])
    add_task(other, people["officer"], people["officer"])
    client = client_for(people["officer"])

    assert client.get(f"/cases/{case.reference}/tasks/1").status_code == 404
    assert client.get(f"/cases/{case.reference}/tasks/99999999999999999999").status_code == 404


def test_a_note_that_lacks_words_shows_the_page_again(case: Case, people: People, client_for: ClientFor) -> None:
    response = client_for(people["officer"]).post(f"/cases/{case.reference}/notes", data={"text": " "})

    assert response.status_code == 422
    assert "Write the note" in text(response)


def test_a_mentioned_guest_reads_the_note_and_says_so(case: Case, people: People, client_for: ClientFor) -> None:
    add_member(case, people["officer"], people["officer2"], "guest")
    client_for(people["officer"]).post(
        f"/cases/{case.reference}/notes", data={"text": "Please read", "mentions": [people["officer2"].id]}
    )
    guest = client_for(people["officer2"])
    assert "I have read this" in text(guest.get(f"/cases/{case.reference}/team"))
    assert guest.post(f"/cases/{case.reference}/notes/1/read").status_code == 302
    assert "I have read this" not in text(guest.get(f"/cases/{case.reference}/team"))
    assert client_for(people["manager"]).post(f"/cases/{case.reference}/notes/1/read").status_code == 404


def test_the_history_tells_of_every_act(case: Case, people: People, client_for: ClientFor) -> None:
    add_member(case, people["officer"], people["officer2"])
    add_task(case, people["officer"], people["officer2"])
    write_note(case, people["officer"], "Zebrafink")
    hand_over(case, people["officer"], people["officer2"], reason="Parental leave")

    page = text(client_for(people["officer"]).get(f"/cases/{case.reference}/history"))

    for words in ("Person added to the team", "Task added", "Note written", "Case handed over", "Parental leave", "Officer2"):
        assert words in page
    assert "Zebrafink" not in page


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_opens_in_every_language(case: Case, people: People, client_for: ClientFor, language: str) -> None:
    add_member(case, people["officer"], people["officer2"])
    add_task(case, people["officer"], people["officer2"])
    write_note(case, people["officer"], "Hello", people["officer2"])
    client = client_for(people["manager"])
    client.set_cookie("language", language)
    member = people["officer2"].id
    for path in (
        "team",
        "team/add",
        f"team/{member}",
        f"team/{member}/remove",
        "team/hand-over",
        "tasks/new",
        "tasks/1",
        "history",
    ):
        assert client.get(f"/cases/{case.reference}/{path}").status_code == 200
    for path in ("/", "/work", "/hand-over", f"/hand-over?from={people['officer'].id}"):
        assert client.get(path).status_code == 200


def test_the_team_s_page_asks_as_much_of_the_database_however_much_there_is(
    case: Case, people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    for number in range(4):
        add_task(case, people["officer"], people["officer"], title=f"Task {number}")
        write_note(case, people["officer"], f"Note {number}", people["manager"])
    add_member(case, people["officer"], people["officer2"])
    client = client_for(people["officer"])
    db.session.expunge_all()
    executed = count_queries()

    assert client.get(f"/cases/{case.reference}/team").status_code == 200

    assert len(executed) <= 6


def test_a_note_sent_twice_is_one_also_when_somebody_elses_came_between(
    case: Case, people: People, client_for: ClientFor
) -> None:
    client, path = client_for(people["officer"]), f"/cases/{case.reference}/notes"
    write_note(case, people["manager"], "The market is small.")
    drawn = {"newest": "1", "text": "Ask the suppliers."}

    client.post(path, data=drawn)
    write_note(case, people["manager"], "Yes.")
    client.post(path, data=drawn)
    assert [note.number for note in queries.notes_of(case)[0]] == [3, 2, 1]

    page = text(client.get(f"/cases/{case.reference}/team"))
    assert 'name="newest" type="hidden" value="3"' in page
    client.post(path, data=drawn | {"newest": "3"})
    assert len(queries.notes_of(case)[0]) == 4, "written again on purpose, after having seen it"


def test_a_task_sent_twice_is_one_also_when_somebody_elses_came_between(
    case: Case, people: People, client_for: ClientFor
) -> None:
    client, path = client_for(people["officer"]), f"/cases/{case.reference}/tasks/new"
    assert 'name="newest" type="hidden" value="0"' in text(client.get(path))
    drawn = {"newest": "0", "title": "Ask the suppliers", "owner": people["officer"].id, "stage": "", "note": "", **on(7)}

    client.post(path, data=drawn)
    add_task(case, people["officer"], people["officer"], title="Read the law")
    client.post(path, data=drawn)
    assert [task.number for task in queries.tasks_of(case)] == [1, 2]

    client.post(path, data=drawn | {"newest": "2"})
    assert len(queries.tasks_of(case)) == 3, "added again on purpose, after having seen it"
