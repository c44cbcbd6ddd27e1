"""The pages of a city's letterhead: kept by its administrator, seen by its people, and by nobody else."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from procure.accounts.models import Person
from procure.infra import clock
from procure.infra.db import db
from procure.letterheads import queries
from procure.letterheads.commands import verify
from tests.letterheads.builders import path_of, picture, save

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


def typed(**changes: Any) -> dict[str, Any]:
    day = clock.today()
    values: dict[str, Any] = {
        "unit_fi": "Hankintapalvelut", "phone": "+358 3 000 0000", "business_id": "1234567-1", "seen": "0",
        "valid_from-day": str(day.day), "valid_from-month": str(day.month), "valid_from-year": str(day.year),
    }  # fmt: skip
    return values | changes


def send(client: FlaskClient, **changes: Any) -> Any:
    return client.post("/city/letterhead/change", data=typed(**changes), content_type="multipart/form-data")


def logo() -> tuple[io.BytesIO, str]:
    return io.BytesIO(picture()), "logo.png"


def test_the_administrator_makes_a_letterhead_with_a_logo_and_changes_it(people: People, client_for: ClientFor) -> None:
    admin = client_for(people["admin"])
    assert "No letterhead holds today" in admin.get("/city/letterhead").text

    assert send(admin, logo=logo()).location == "/city/letterhead"
    page = admin.get("/city/letterhead").text
    assert "What holds now: edition 1" in page
    assert "Hankintapalvelut" in page
    with admin.get("/city/letterhead/1/logo.png") as answer:
        assert answer.mimetype == "image/png"
        assert "sandbox" in answer.headers["Content-Security-Policy"]

    assert send(admin, seen="1", unit_fi="Hankinnat").status_code == 302
    kept = queries.editions_of(people["admin"].organisation_id)
    assert kept[1].logo == kept[0].logo, "the logo stays until another comes"
    assert send(admin, seen="2", unit_fi="Hankinnat", without_logo="y").status_code == 302
    assert queries.editions_of(people["admin"].organisation_id)[2].logo is None


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(people: People, client_for: ClientFor) -> None:
    answer = send(client_for(people["admin"]), business_id="1234567-2", logo=(io.BytesIO(b"<svg/>"), "logo.png"))

    assert answer.status_code == 422
    assert "must be a picture" in answer.text
    assert not queries.editions_of(people["admin"].organisation_id)
    assert "check digit" in send(client_for(people["admin"]), business_id="1234567-2").text


def test_a_file_that_is_too_large_is_told_so(people: People, client_for: ClientFor) -> None:
    boundary, body = encode_multipart(typed(logo=FileStorage(io.BytesIO(picture() + bytes(1_100_000)), "logo.png")))
    kind = f'multipart/form-data; boundary="{boundary}"'  # sent whole: the client would leave a file of its own open
    answer = client_for(people["admin"]).post("/city/letterhead/change", data=body, content_type=kind)

    assert answer.status_code == 422
    assert "at most" in answer.text


@pytest.mark.parametrize("name", ["officer", "manager", "expert", "coordinator", "system_admin"])
def test_nobody_else_changes_it(people: People, client_for: ClientFor, name: str) -> None:
    assert send(client_for(people[name])).status_code == 403
    assert not queries.editions_of(people["admin"].organisation_id)


def test_another_city_finds_no_edition_no_logo_and_no_sample(people: People, client_for: ClientFor) -> None:
    save(people["admin"])
    db.session.commit()
    other = client_for(people["other_officer"])

    for address in ("1/logo.png", "1/sample", "1/sample.pdf"):
        assert other.get(f"/city/letterhead/{address}").status_code == 404, address
    assert "Hankintapalvelut" not in other.get("/city/letterhead").text


def test_a_sample_shows_the_edition_before_it_holds(people: People, client_for: ClientFor) -> None:
    save(people["admin"])
    db.session.commit()
    officer = client_for(people["officer"])

    outside, inside = (
        officer.get("/city/letterhead/1/sample?language=fi").text,
        officer.get("/city/letterhead/1/sample?inside=1").text,
    )
    assert 'alt="Tampere"' in outside
    assert "Hankintapalvelut" in outside
    assert "Hankintapalvelut" not in inside
    assert 'alt="Tampere"' in inside


def test_a_logo_that_was_changed_in_the_storage_is_found(app: Flask, people: People) -> None:
    made = save(people["admin"])
    db.session.commit()
    runner, info = CliRunner(), ScriptInfo(create_app=lambda: app)

    assert "1 logos, 0 faults" in runner.invoke(verify, obj=info).stderr
    logo = queries.letterhead_of(made).logo
    assert logo is not None
    path, whole = path_of(logo), path_of(logo).read_bytes()
    try:
        path.write_bytes(whole[:-1] + b"x")
        result = runner.invoke(verify, obj=info)
    finally:
        path.write_bytes(whole)
    assert result.exit_code == 1
    assert "changed" in result.stdout
