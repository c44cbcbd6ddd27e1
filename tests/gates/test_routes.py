"""The page of a stage's points, as an officer, a manager and a partner city's people meet it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra import clock
from tests import factories
from tests.gates.builders import state, tick, waive

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
TODAY = clock.today()


def typed(**more: str) -> dict[str, str]:
    day = {"happened_on-day": str(TODAY.day), "happened_on-month": str(TODAY.month), "happened_on-year": str(TODAY.year)}
    return day | {"visit": "1"} | more


def gate(case: Case) -> str:
    return f"/cases/{case.reference}/gate"


def test_an_officer_ticks_a_point_and_everybody_sees_who_and_why(case: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])

    answer = officer.post(f"{gate(case)}/users_heard/tick", data=typed(note="Minutes 12/2026"), follow_redirects=True)

    assert "Ticked: The users have been heard." in answer.text
    for page in (gate(case), f"/cases/{case.reference}", f"/cases/{case.reference}/stages/need/complete"):
        assert "Minutes 12/2026" in client_for(people["manager"]).get(page).text
    assert 'value="users_heard"' not in officer.get(f"/cases/{case.reference}/stages/need/complete").text


def test_the_history_tells_of_ticks_and_waivers_in_words(case: Case, people: People, client_for: ClientFor) -> None:
    tick(case, people["officer"], "users_heard", "Minutes 12/2026")
    waive(case, people["manager"], "owner_named", "The unit is being formed")

    page = client_for(people["officer"]).get(f"/cases/{case.reference}/history?group=stages").text

    for words in ("Point ticked", "The users have been heard", "Minutes 12/2026", "Point waived", "The unit is being formed"):
        assert words in page


def test_a_waived_point_with_a_section_says_that_the_section_binds(case: Case, people: People, client_for: ClientFor) -> None:
    manager = client_for(people["manager"])

    answer = manager.post(
        f"{gate(case)}/need_as_outcome/waive", data={"visit": "1", "reason": "Told orally"}, follow_redirects=True
    )

    assert "because: Told orally" in answer.text
    assert "The section still binds" in answer.text


def test_a_waiver_without_a_reason_is_shown_back(case: Case, people: People, client_for: ClientFor) -> None:
    answer = client_for(people["manager"]).post(f"{gate(case)}/owner_named/waive", data={"visit": "1", "reason": ""})

    assert answer.status_code == 422
    assert "Write the reason" in answer.text


def test_an_officer_is_not_offered_to_waive_and_may_not(case: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])

    assert "/waive" not in officer.get(gate(case)).text
    assert officer.post(f"{gate(case)}/owner_named/waive", data={"visit": "1", "reason": "x"}).status_code == 403
    assert "/owner_named/waive" in client_for(people["manager"]).get(gate(case)).text


def test_a_tick_that_fails_keeps_what_was_typed(case: Case, people: People, client_for: ClientFor) -> None:
    answer = client_for(people["officer"]).post(
        f"{gate(case)}/users_heard/tick", data=typed(note="Kept words") | {"happened_on-year": "2999"}
    )

    assert answer.status_code == 422
    assert "Kept words" in answer.text
    assert "The date is in the future" in answer.text


def test_who_ticks_second_is_told_who_was_first(case: Case, people: People, client_for: ClientFor) -> None:
    tick(case, people["officer"], "users_heard")

    answer = client_for(people["officer2"]).post(f"{gate(case)}/users_heard/tick", data=typed())

    assert answer.status_code == 422
    assert "This point has been ticked already: Officer" in answer.text


def test_a_tick_is_taken_back_on_a_page_of_its_own(case: Case, people: People, client_for: ClientFor) -> None:
    tick(case, people["officer"], "users_heard", "Minutes")
    client = client_for(people["officer2"])
    page = client.get(f"{gate(case)}/users_heard/untick").text
    mark = page.partition('name="mark"')[2].partition('value="')[2].partition('"')[0]

    answer = client.post(f"{gate(case)}/users_heard/untick", data={"mark": mark}, follow_redirects=True)

    assert "The tick has been taken back." in answer.text
    assert not state(case, "users_heard").satisfied


@pytest.mark.parametrize("act", ["tick", "untick", "waive", "unwaive"])
def test_a_point_that_is_not_there_leads_to_the_points_that_are(
    case: Case, people: People, client_for: ClientFor, act: str
) -> None:
    answer = client_for(people["manager"]).get(f"{gate(case)}/no-such-point/{act}", follow_redirects=True)

    assert answer.status_code == 200
    assert "can no longer be done" in answer.text


def test_a_partner_city_sees_the_points_and_cannot_change_them(case: Case, people: People, client_for: ClientFor) -> None:
    factories.make_partner(case, people["other_manager"])
    client = client_for(people["other_manager"])

    page = client.get(gate(case))

    assert page.status_code == 200
    assert "/tick" not in page.text
    assert client.post(f"{gate(case)}/users_heard/tick", data=typed()).status_code == 404
    assert client.post(f"{gate(case)}/owner_named/waive", data={"visit": "1", "reason": "x"}).status_code == 404


def test_a_point_ticked_by_somebody_else_meanwhile_does_not_stop_completing(
    case: Case, people: People, client_for: ClientFor
) -> None:
    factories.answer(case, people["officer"], **factories.FULL_NEED)
    tick(case, people["officer2"], "users_heard")
    data = typed(note="") | {"confirmed": ["users_heard", "authority_to_prepare"]}  # a page opened before the tick

    answer = client_for(people["officer"]).post(f"/cases/{case.reference}/stages/need/complete", data=data)

    assert answer.status_code == 302
    (event,) = factories.events(case, "stage_completed")
    assert event.payload["confirmed"] == ["authority_to_prepare"]
