"""Ordering a report, changing it, and opening what was sent."""

from collections.abc import Callable

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from procure.accounts.models import AccountEvent, Person
from procure.infra import clock
from procure.infra.db import db
from procure.infra.storage import storage_at
from procure.portfolio import service as portfolio
from procure.reports import service
from procure.reports.models import ReportSchedule, ReportSent
from tests.reports.builders import form, order

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def after_six(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "REMINDERS_AT", clock.now().time().min)


def schedules() -> list[ReportSchedule]:
    db.session.expire_all()
    return list(db.session.scalars(select(ReportSchedule).order_by(ReportSchedule.id)))


def test_a_manager_orders_a_report_for_the_board_s_secretary(people: People, client_for: ClientFor) -> None:
    client = client_for(people["manager"])
    answer = client.post("/reports/new", data=form(people["officer"], procedure="open", theme=""))
    assert answer.status_code == 302, answer.text
    (made,) = schedules()
    assert (made.query, made.formats, made.cadence) == ({"period": "12m", "procedure": "open"}, ["pdf", "xlsx"], "monthly")
    page = client.get("/reports").text
    assert "For the board" in page
    assert "Every month, on its first working day" in page
    kinds = [event.kind for event in db.session.scalars(select(AccountEvent).filter_by(person_id=people["manager"].id))]
    assert "report_scheduled" in kinds


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Enter a name"), ({"formats": []}, "Choose at least one kind of file"),
        ({"receiver": "999999"}, "Choose somebody of your city"), ({"kind": "board"}, "The report for the board is quarterly"),
        ({"cadence": "daily"}, "Not a valid choice"), ({"weekday": "6"}, "Not a valid choice"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_stays_typed(
    people: People, client_for: ClientFor, change: dict[str, object], said: str
) -> None:
    answer = client_for(people["manager"]).post("/reports/new", data=form(people["manager"]) | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert schedules() == []


def test_nobody_of_another_city_can_be_the_receiver(people: People, client_for: ClientFor) -> None:
    for name in ("other_manager", "coordinator"):
        answer = client_for(people["manager"]).post("/reports/new", data=form(people[name]))
        assert answer.status_code == 422
    assert schedules() == []


def test_a_schedule_is_changed_paused_and_ended(people: People, client_for: ClientFor) -> None:
    made, client = order(people["manager"], at_once=False), client_for(people["admin"])
    address = f"/reports/{made.id}"
    assert 'value="For the board"' in client.get(address).text
    assert client.post(address, data=form(people["manager"], name="Another", seen="1")).status_code == 302
    assert (schedules()[0].name, schedules()[0].version) == ("Another", 2)
    for state, seen in (("paused", 2), ("active", 3), ("ended", 4)):
        client.post(f"{address}/state", data={"state": state, "seen": str(seen)})
        assert schedules()[0].state == state
    client.post(f"{address}/state", data={"state": "active", "seen": "5"})
    assert schedules()[0].state == "ended"


def test_of_two_changes_at_once_the_second_is_told(people: People, client_for: ClientFor) -> None:
    made, client = order(people["manager"], at_once=False), client_for(people["manager"])
    client.post(f"/reports/{made.id}/state", data={"state": "paused", "seen": "1"})
    answer = client.post(f"/reports/{made.id}", data=form(people["manager"], seen="1"))
    assert answer.status_code == 422
    assert "Somebody else has changed this schedule" in answer.text


def test_another_city_s_schedules_and_reports_are_not_there(people: People, client_for: ClientFor, app: Flask) -> None:
    made = order(people["manager"])
    portfolio.keep_up(clock.now())
    service.make_due(storage_at(current_app.config["SETTINGS"].storage_url), clock.now())
    (report,) = db.session.scalars(select(ReportSent)).all()
    other = client_for(people["other_manager"])
    for path in (f"/reports/{made.id}", f"/reports/sent/{report.id}", f"/reports/sent/{report.id}/xlsx"):
        assert other.get(path).status_code == 404
    assert "For the board" not in other.get("/reports").text
    assert other.post(f"/reports/{made.id}/state", data={"state": "ended", "seen": "1"}).status_code == 404


def test_what_was_sent_opens_as_it_was_kept(people: People, client_for: ClientFor, app: Flask) -> None:
    order(people["manager"], people["officer"])
    portfolio.keep_up(clock.now())
    service.make_due(storage_at(current_app.config["SETTINGS"].storage_url), clock.now())
    (report,) = db.session.scalars(select(ReportSent)).all()
    client = client_for(people["officer"])
    page = client.get(f"/reports/sent/{report.id}").text
    assert report.files["xlsx"]["sha256"] in page
    assert "/portfolio?period=all&amp;procedure=open" in page
    answer = client.get(f"/reports/sent/{report.id}/xlsx")
    assert len(answer.data) == report.files["xlsx"]["size"]
    answer.close()
    assert client.get(f"/reports/sent/{report.id}/pdf").status_code == 404
    assert "For the board" in client.get("/reports").text


def test_an_officer_sees_what_was_sent_and_orders_nothing(people: People, client_for: ClientFor) -> None:
    order(people["manager"])
    page = client_for(people["officer"]).get("/reports").text
    assert "Reports sent" in page
    assert "Order a report" not in page
    assert client_for(people["officer"]).get("/reports/new").status_code == 403


def test_the_portfolio_s_filters_come_along(people: People, client_for: ClientFor) -> None:
    client = client_for(people["manager"])
    assert "/reports/new?period=12m&amp;procedure=open" in client.get("/portfolio?procedure=open").text
    page = client.get("/reports/new?period=12m&procedure=open").text
    assert '<option value="open" selected' in page
