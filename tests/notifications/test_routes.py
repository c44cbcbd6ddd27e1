"""The pages of one's own letters and absences."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from procure.accounts.models import Person
from procure.domain.notifications import DEFAULTS, kinds_for
from procure.infra import clock
from procure.infra.db import db
from procure.notifications.models import Absence, NotificationChoice

People = dict[str, Person]
Client = Callable[[Person], FlaskClient]
ROLES = ("officer", "manager", "admin", "expert", "coordinator", "system_admin")


def parts(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def absence_form(delegate: Person, first: int = 1, last: int = 5) -> dict[str, str]:
    today = clock.today()
    days = parts("first_day", today + timedelta(days=first)) | parts("last_day", today + timedelta(days=last))
    return days | {"delegate": str(delegate.id)}


def absences() -> list[Absence]:
    db.session.expire_all()
    return list(db.session.scalars(select(Absence)))


@pytest.mark.parametrize("name", ROLES)
def test_the_page_asks_for_the_kinds_that_concern_the_role_and_shows_what_holds(
    client_for: Client, people: People, name: str
) -> None:
    page = client_for(people[name]).get("/account/notifications").get_data(as_text=True)

    for kind in kinds_for(people[name].role):
        assert f'name="{kind.id}"' in page
        assert f'value="{kind.default}" checked' in " ".join(page.split())
    assert ('name="task"' in page) == (name in ("officer", "manager", "admin"))


def test_a_choice_is_kept_and_shown_again(client_for: Client, people: People) -> None:
    client = client_for(people["officer"])
    wanted = {kind.id: kind.default for kind in kinds_for("officer")} | {"mention": "none", "team": "weekly"}
    answer = client.post("/account/notifications", data=wanted)

    assert answer.status_code == 302
    rows = {row.kind: row.cadence for row in db.session.scalars(select(NotificationChoice))}
    assert rows == {"mention": "none", "team": "weekly"}
    assert "Your choices have been saved." in client.get("/account/notifications").get_data(as_text=True)


@pytest.mark.parametrize("team", ["hourly", ""])
def test_a_choice_that_is_none_of_the_four_is_refused_and_the_rest_stays_typed(
    client_for: Client, people: People, team: str
) -> None:
    wanted = dict(DEFAULTS) | {"mention": "none", "team": team}
    answer = client_for(people["officer"]).post("/account/notifications", data=wanted)

    assert answer.status_code == 422
    assert 'id="mention-4" name="mention" type="radio" value="none" checked' in " ".join(answer.get_data(as_text=True).split())
    assert not db.session.scalars(select(NotificationChoice)).all()


def test_an_absence_is_added_once_however_often_the_form_is_sent(client_for: Client, people: People) -> None:
    client = client_for(people["officer"])
    for _ in range(2):
        assert client.post("/account/absence", data=absence_form(people["officer2"])).status_code == 302

    (made,) = absences()
    assert (made.person_id, made.delegate_id) == (people["officer"].id, people["officer2"].id)
    assert "Letters go to Officer2." in client.get("/account/absence").get_data(as_text=True)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (5, 1, "The last day is before the first"),
        (-5, -1, "This absence would be over already"),
        (1, 400, "An absence lasts at most a year"),
        (3, 9, "You have an absence from"),
    ],
)
def test_days_that_cannot_be_are_refused_with_the_reason_and_stay_typed(
    client_for: Client, people: People, first: int, last: int, sentence: str
) -> None:
    client = client_for(people["officer"])
    client.post("/account/absence", data=absence_form(people["officer2"], 7, 8))
    form = absence_form(people["officer2"], first, last)
    answer = client.post("/account/absence", data=form)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert sentence in page
    assert f'value="{form["first_day-year"]}"' in page
    assert len(absences()) == 1


@pytest.mark.parametrize("name", ["officer", "other_officer", "admin", "expert"])
def test_only_a_colleague_whose_role_sees_the_same_can_stand_in(client_for: Client, people: People, name: str) -> None:
    answer = client_for(people["officer"]).post("/account/absence", data=absence_form(people[name]))

    assert answer.status_code == 422
    assert "whose role sees the same" in answer.get_data(as_text=True)
    assert not absences()


def test_an_absence_can_be_ended_early_by_its_own_person_alone(client_for: Client, people: People) -> None:
    client = client_for(people["officer"])
    client.post("/account/absence", data=absence_form(people["officer2"]))
    (made,) = absences()
    path = f"/account/absence/{made.id}/end"

    assert client_for(people["officer2"]).post(path).status_code == 404
    assert client_for(people["other_officer"]).get(path).status_code == 404
    assert client.get(path).status_code == 200
    for _ in range(2):
        assert client.post(path).status_code == 302
    (ended,) = absences()
    assert ended.ended_at is not None
    assert "Letters go to" not in client.get("/account/absence").get_data(as_text=True)


def test_without_javascript_and_in_each_language_the_pages_are_whole(app: Flask, client_for: Client, people: People) -> None:
    client = client_for(people["vaasa_officer"])
    for path in ("/account/notifications", "/account/absence"):
        assert client.get(path).status_code == 200  # the client looks the page over
