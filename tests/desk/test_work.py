""" "My work": what waits, from everywhere, late first; for a manager the city's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.pages import parse, text_of
from tests.support.builders import act, answered, taken
from tests.teams.builders import add_member, add_task, hand_over, write_note

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


def lines(client: FlaskClient, address: str = "/") -> list[str]:
    """What each line says is to be done, in their order."""
    page = parse(client.get(address).get_data(as_text=True))
    return [text_of(item.find(".//a")) for listed in page.iter("ol") for item in listed.iter("li")]


def page(client: FlaskClient, address: str = "/") -> str:
    found: Any = client.get(address).get_data(as_text=True)
    return str(found)


def test_tasks_stages_opinions_and_mentions_stand_in_one_list_late_ones_first(
    case: Case, people: People, client_for: ClientFor
) -> None:
    officer, colleague, today = people["officer"], people["officer2"], clock.today()
    add_member(case, officer, colleague)
    add_task(case, officer, officer, title="Later", due_on=today + timedelta(days=900))
    add_task(case, officer, officer, title="Overdue", due_on=today - timedelta(days=2))
    add_task(case, officer, colleague, title="Somebody else's")
    write_note(case, colleague, "@Officer please")
    answered(case, officer, people["expert"])
    client = client_for(officer)

    found = lines(client)

    assert found[0] == "Overdue"
    assert found[-1] == "Later"
    assert "Read the note by Officer2" in found
    assert any(line.startswith("Read the opinion") for line in found)
    assert any("need" in line.lower() for line in found)
    assert "Somebody else's" not in found


def test_the_expert_s_question_waits_by_the_day_of_the_answer(case: Case, people: People, client_for: ClientFor) -> None:
    request = taken(case, people["officer"], people["expert"])
    act(request, people["expert"], "ask_back", "Are options included?")

    assert any(line.startswith("Answer the expert’s question") for line in lines(client_for(people["officer"])))


def test_what_was_asked_by_the_one_before_waits_for_who_is_responsible_now(
    case: Case, people: People, client_for: ClientFor
) -> None:
    answered(case, people["officer"], people["expert"])
    hand_over(case, people["officer"], people["officer2"], stays=False)

    assert any(line.startswith("Read the opinion") for line in lines(client_for(people["officer2"])))


def test_a_substitute_sees_the_case_and_a_member_does_not(case: Case, people: People, client_for: ClientFor) -> None:
    add_member(case, people["officer"], people["officer2"])
    client = client_for(people["officer2"])
    assert lines(client) == []
    add_member(case, people["officer"], people["officer2"], "substitute")
    assert len(lines(client)) == 1
    assert "as substitute" in page(client)


def test_a_manager_sees_the_city_s_work_and_the_own_on_wish_and_never_another_city_s(
    case: Case, people: People, client_for: ClientFor
) -> None:
    add_task(case, people["officer"], people["officer"])
    foreign = factories.make_case(people["other_officer"], title={"en": "Foreign"})
    add_task(foreign, people["other_officer"], people["other_officer"], title="Foreign task")
    client = client_for(people["manager"])

    assert "Ask three suppliers" in lines(client, "/?whose=city")
    assert lines(client, "/?whose=mine") == []
    assert "Foreign" not in page(client, "/?whose=city")
    assert lines(client_for(people["officer2"])) == []


def test_what_is_done_read_or_finished_waits_no_longer(case: Case, people: People, client_for: ClientFor) -> None:
    add_member(case, people["officer"], people["officer2"])
    add_task(case, people["officer"], people["officer2"])
    write_note(case, people["officer"], "Please", people["officer2"])
    client = client_for(people["officer2"])
    assert len(lines(client)) == 2
    client.post(f"/cases/{case.reference}/tasks/1/done", data={"version": "1"})
    client.post(f"/cases/{case.reference}/notes/1/read")
    assert lines(client) == []
    assert "Nothing waits" in page(client)


def test_at_most_25_stand_on_the_page_and_all_of_them_on_the_pages_behind_it(
    case: Case, people: People, client_for: ClientFor
) -> None:
    today = clock.today()
    for number in range(30):
        add_task(
            case, people["officer"], people["officer"], title=f"Task {number}", due_on=today + timedelta(days=number // 3 - 4)
        )
    write_note(case, people["manager"], "@Officer look")
    client = client_for(people["officer"])

    assert len(lines(client)) == 25
    assert "All that waits" in page(client)
    first = client.get("/work?whose=mine").get_data(as_text=True)
    following = next(a.get("href") for a in parse(first).iter("a") if a.get("rel") == "next")
    assert following is not None
    seen = lines(client, "/work?whose=mine") + lines(client, following)
    assert len(seen) == len(set(seen)) == 32
    assert {f"Task {number}" for number in range(30)} < set(seen)


@pytest.mark.parametrize("name", ["expert", "coordinator", "system_admin"])
def test_people_outside_the_cities_have_no_such_list(case: Case, people: People, client_for: ClientFor, name: str) -> None:
    client = client_for(people[name])
    assert lines(client) == []
    assert client.get("/work").status_code == 403


@pytest.mark.parametrize("name", ["officer", "manager"])
def test_the_page_asks_at_most_eight_questions_and_of_a_manager_one_more_however_much_waits(
    people: People, client_for: ClientFor, count_queries: Callable[[], list[str]], name: str
) -> None:
    for _ in range(3):
        case = factories.make_case(people["officer"])
        add_task(case, people["officer"], people["officer"])
        write_note(case, people["manager"], "@Officer look")
        answered(case, people["officer"], people["expert"])
    client = client_for(people[name])
    db.session.expunge_all()
    executed = count_queries()

    assert client.get("/?whose=city" if name == "manager" else "/").status_code == 200

    assert len(executed) <= (10 if name == "manager" else 9)  # whose conflicts of interest are to be decided
