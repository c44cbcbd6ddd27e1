"""A city adds points to its stages: dated, never edited, seen by the cases that enter the stage from their day on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases import gating
from procure.cases.models import Case
from procure.domain.gates import Wanted
from procure.domain.outcomes import Refusal
from procure.gates import city_service, queries
from procure.infra import clock
from procure.infra.db import db, writing
from procure.web import fragments
from tests import factories
from tests.approvals import builders as approval_builders
from tests.cases.builders import case_at
from tests.cases.test_rush import at_once
from tests.gates.builders import add_point, state, tick, waive

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
TODAY = clock.today()
TEXT = "Lakipalvelu on lukenut"


def ids(case: Case) -> list[str]:
    answers: dict[str, object] = {}
    return [one.point.id for one in gating.gate_of(case, answers) if one.point.id.startswith("city:")]  # type: ignore[arg-type]


def typed(**changes: object) -> dict[str, object]:
    day = TODAY
    values: dict[str, object] = {
        "stage": "need", "procedure": "", "text_fi": TEXT, "text_sv": "", "text_en": "", "required": "yes", "way": "person",
        "valid_from-day": str(day.day), "valid_from-month": str(day.month), "valid_from-year": str(day.year),
    }  # fmt: skip
    return values | changes


def test_a_required_point_of_the_city_holds_the_stage_until_somebody_ticks_it(case: Case, people: People) -> None:
    number = add_point(people["admin"])

    assert state(case, f"city:{number}").holds
    tick(case, people["officer"], f"city:{number}", "Read")
    assert state(case, f"city:{number}").how == "ticked"


def test_a_manager_waives_a_point_of_the_city(case: Case, people: People) -> None:
    number = add_point(people["admin"], way="answer", what="owner")

    waive(case, people["manager"], f"city:{number}")

    assert state(case, f"city:{number}").how == "waived"


def test_another_city_s_points_are_not_asked(case: Case, people: People) -> None:
    factories.make_partner(case, people["other_officer"])
    other = factories.make_case(people["other_officer"])
    add_point(people["admin"])

    assert len(ids(case)) == 1
    assert ids(other) == []


def test_a_point_of_one_procedure_is_asked_in_that_one_only(people: People) -> None:
    add_point(people["admin"], stage="contract_notice", procedure="open")
    officer, day_before = people["officer"], TODAY - timedelta(days=1)

    assert len(ids(case_at(officer, "open", "contract_notice", TODAY))) == 1
    assert ids(case_at(officer, "restricted", "contract_notice", TODAY)) == []
    assert ids(case_at(officer, "open", "contract_notice", day_before)) == [], "it entered the stage before the point began"


def test_a_case_sees_the_points_of_the_day_on_which_it_entered_the_stage(people: People) -> None:
    begins = add_point(people["admin"], valid_from=TODAY + timedelta(days=1))
    early, late = factories.make_case(people["officer"]), None
    with time_machine.travel(clock.now() + timedelta(days=1)):
        late = factories.make_case(people["officer"])

    assert ids(early) == []
    assert ids(late) == [f"city:{begins}"]


def test_a_changed_point_ends_and_another_begins_so_that_old_cases_keep_theirs(case: Case, people: People) -> None:
    number = add_point(people["admin"])
    later = TODAY + timedelta(days=7)
    wanted = Wanted("need", "", {"fi": "Toinen sanamuoto"}, False, "person", "", later)

    city_service.change_point(number, wanted, factories.actor_of(people["admin"]), TODAY, clock.now())

    old = queries.point_for(factories.actor_of(people["admin"]), number)
    assert old is not None
    assert (old.text_fi, old.until) == (TEXT, later)
    assert ids(case) == [f"city:{number}"]
    with time_machine.travel(clock.now() + timedelta(days=7)):
        assert ids(factories.make_case(people["officer"])) == [f"city:{number + 1}"]


def test_two_who_change_a_point_at_once_make_one_change(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        number = add_point(factories.people()["admin"])

    def change(turn: int) -> str:
        by = factories.actor_of(factories.people()["admin"])
        wanted = Wanted("need", "", {"fi": f"Sanamuoto {turn}"}, True, "person", "", TODAY)
        try:
            city_service.change_point(number, wanted, by, TODAY, clock.now())
        except Refusal as refusal:
            return refusal.reasons[0].code
        return "changed"

    assert sorted(at_once(own_app, change)) == ["changed"] + ["gate_point_ended"] * 7
    with own_app.app_context():
        assert len(queries.points_of_city(factories.actor_of(factories.people()["admin"]))) == 2
        db.session.remove()


def test_the_same_point_sent_twice_is_one(people: People) -> None:
    assert add_point(people["admin"]) == add_point(people["admin"])


def test_a_deadline_satisfies_a_point_once_it_is_over(people: People) -> None:
    add_point(people["admin"], stage="standstill", way="deadline", what="correction_party")
    case = case_at(people["officer"], "open", "standstill", TODAY)
    (point,) = ids(case)

    assert state(case, point).holds
    with time_machine.travel(clock.now() + timedelta(days=60)):
        assert state(case, point).how == "deadline"


def test_a_point_that_waits_for_an_approval_holds_once_one_of_the_stage_has_been_given(case: Case, people: People) -> None:
    number = add_point(people["admin"], way="approval")
    assert state(case, f"city:{number}").holds

    asked = approval_builders.ask(case, people["officer"], people["manager"], subject="stage")
    assert state(case, f"city:{number}").holds

    approval_builders.say(case, asked, people["manager"])
    assert state(case, f"city:{number}").how == "approval"
    assert people["manager"].name in state(case, f"city:{number}").told


def test_an_approval_cannot_be_chosen_where_nothing_gives_any(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gating, "_gate_revisers", {})
    with pytest.raises(Refusal):
        add_point(people["admin"], way="approval")


def test_the_administrator_adds_changes_and_ends_a_point(case: Case, people: People, client_for: ClientFor) -> None:
    admin = client_for(people["admin"])

    added = admin.post("/city/gates/new", data=typed(), follow_redirects=True)
    number = int(added.text.partition("/city/gates/")[2].partition("/change")[0].rpartition("/")[2])
    changed = admin.post(f"/city/gates/{number}/change", data=typed(text_fi="Toinen sanamuoto"), follow_redirects=True)
    day = {f"until-{part}": str(getattr(TODAY, part)) for part in ("day", "month", "year")}
    ended = admin.post(f"/city/gates/{number + 1}/end", data=day, follow_redirects=True)

    assert TEXT in added.text
    assert "The point has been changed." in changed.text
    assert "The point has been ended." in ended.text
    assert "The city has no points of its own" in ended.text
    assert admin.get(f"/city/gates/{number}/end", follow_redirects=True).text.count("already ended or changed") == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"stage": ""}, "Choose the stage"),
        ({"procedure": "small_purchase", "stage": "standstill"}, "Choose a stage that this procedure has"),
        ({"way": "answer:made-up"}, "Choose who or what says that the point holds"),
        ({"valid_from-year": "2020"}, "Choose today or a later day"),
        ({"text_fi": "x" * 301}, "Use at most 300 characters"),
        ({"text_fi": " ", "text_en": " ", "procedure": "open"}, "Write the point in at least one language"),
    ],
)  # fmt: skip
def test_a_form_with_a_fault_is_shown_back(
    people: People, client_for: ClientFor, changes: dict[str, object], sentence: str
) -> None:
    answer = client_for(people["admin"]).post("/city/gates/new", data=typed(text_en="Kept words") | changes)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Kept words" in answer.text or "text_en" in changes


def test_others_of_the_city_read_the_points_and_change_nothing(people: People, client_for: ClientFor) -> None:
    number = add_point(people["admin"])
    officer = client_for(people["officer"])

    assert TEXT in officer.get("/city/gates").text
    assert "/change" not in officer.get("/city/gates").text
    assert officer.get("/city/gates/new").status_code == 403
    assert TEXT not in client_for(people["other_officer"]).get("/city/gates").text
    assert client_for(people["admin"]).get(f"/city/gates/{number + 1}/end").status_code == 404


def test_the_page_of_a_case_shows_a_new_point_of_the_city_at_once(case: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    officer.get(f"/cases/{case.reference}")

    add_point(people["admin"])

    assert TEXT in officer.get(f"/cases/{case.reference}").text


def test_the_page_of_a_case_takes_at_most_twelve_queries_with_marks_and_points(
    case: Case, people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    add_point(people["admin"])
    tick(case, people["officer"], "users_heard")
    client = client_for(people["officer"])
    fragments.forget()

    executed = count_queries()
    assert client.get(f"/cases/{case.reference}").status_code == 200

    assert len(executed) <= 12
    assert sum("gate_marks" in statement for statement in executed) == 1
