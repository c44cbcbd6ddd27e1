"""Cases with a timetable, and what is posted to change it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from procure.accounts.models import Person
from procure.cases.models import Case
from tests import factories
from tests.pages import parse

TODAY = date(2026, 11, 24)
"""A Tuesday. Small purchases below the national threshold have no minimum of law; EU procurements do."""
SMALL, EU = "20000", "480000"


def case_of(person: Person, value: str = EU, **answers: Any) -> Case:
    return factories.make_case(person, TODAY, value_amount=value, **answers)


def page_of(case: Case, stage: str = "", change: bool = False) -> str:
    below = f"/stages/{stage}" if stage else "/change" if change else ""
    return f"/cases/{case.reference}/timetable{below}"


def day(name: str, on: date | None) -> dict[str, str]:
    return {f"{name}-{part}": str(getattr(on, part)) if on else "" for part in ("day", "month", "year")}


def change(mode: str = "forwards", start: date | None = None, needed_by: date | None = None) -> dict[str, str]:
    return {"mode": mode} | day("start", start) | day("needed_by", needed_by)


def stage(wished: date | None = None, days: str = "") -> dict[str, str]:
    return {"days": days} | day("wished", wished)


def hidden(html: str) -> dict[str, str]:
    """What the page carries from one step to the next: what was on the screen, and the preview that was looked at."""
    fields = {element.get("name", ""): element.get("value", "") for element in parse(html).iter("input")}
    return {name: fields[name] for name in ("seen", "previewed")}


def preview(client: FlaskClient, address: str, typed: Mapping[str, str]) -> TestResponse:
    opened = client.get(address)
    assert opened.status_code == 200
    return client.post(address, data={**hidden(opened.text), **typed, "preview": "y"})


def save(client: FlaskClient, address: str, typed: Mapping[str, str]) -> TestResponse:
    """Look at what moves, then save it."""
    looked = preview(client, address, typed)
    assert looked.status_code == 200, looked.text
    return client.post(address, data={**hidden(looked.text), **typed, "save": "y"})
