"""`procure import` and `procure export`, as they are called."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from procure.accounts import queries as accounts
from procure.app import create_app
from procure.cases import queries as case_queries
from procure.infra import clock
from procure.infra.db import db
from procure.questionnaires import importing, queries
from procure.questionnaires.commands import export_case, import_case
from tests.conftest import settings_for

SMALL: dict[str, Any] = {
    "format": "procure-case/1", "title": "Bins", "buyer": "837", "contract_kind": "goods", "estimated_value": {"amount": "5"},
}  # fmt: skip


@pytest.fixture
def empty_app(tmp_path: Path) -> Flask:
    """On a database in which there is nothing, not even a table."""
    return create_app(settings_for(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path))


def run(app: Flask, command: Any, *arguments: str, text: str | bytes = "") -> Result:
    return CliRunner().invoke(command, arguments, input=text, obj=ScriptInfo(create_app=lambda: app))


def test_an_empty_database_is_brought_up_to_date_and_the_reference_printed_alone(empty_app: Flask) -> None:
    result = run(empty_app, import_case, "-", text=json.dumps(SMALL))
    assert result.exit_code == 0, result.output
    assert result.stdout == f"TRE-{clock.today().year}-0001\n"
    exported = run(empty_app, export_case, result.stdout.strip())
    assert json.loads(exported.stdout) == SMALL
    assert run(empty_app, import_case, "-", text=json.dumps(SMALL)).stdout == f"TRE-{clock.today().year}-0002\n"


def test_a_city_without_people_gets_its_case_from_an_account_that_nobody_can_use(empty_app: Flask) -> None:
    result = run(empty_app, import_case, "-", text=json.dumps(SMALL))
    with empty_app.app_context():
        case = queries.case_by_reference(result.stdout.strip())
        assert case is not None
        assert (case.responsible.name, case.responsible.active, case.responsible.password_hash) == (importing.NAME, False, None)


def test_the_citys_first_officer_files_the_case_unless_another_is_named(own_app: Flask) -> None:
    for options, name in (((), "Officer"), (("--as", "Manager@tampere.example"), "Manager")):
        result = run(own_app, import_case, "-", *options, text=json.dumps(SMALL))
        with own_app.app_context():
            case = queries.case_by_reference(result.stdout.strip())
            assert case is not None
            assert case.responsible.name == name
            assert case_queries.events_of(case)[0].recorded_by == name


@pytest.mark.parametrize("address", ["officer@oulu.example", "admin@tampere.example", "nobody@tampere.example"])
def test_nobody_files_a_case_in_a_city_where_they_may_not(own_app: Flask, address: str) -> None:
    result = run(own_app, import_case, "-", "--as", address, text=json.dumps(SMALL))
    assert result.exit_code == 2
    assert result.stdout == ""
    with own_app.app_context():
        tampere = accounts.organisation_by_code("837")
        assert tampere is not None
        assert db.session.query(case_queries.Case).filter_by(organisation_id=tampere.id).count() == 0


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[]", "one JSON object"),
        (json.dumps(SMALL | {"sector": "private"}).encode(), "sector: must be one of classic, utilities"),
        (json.dumps(SMALL | {"lots": [{"title": "N"}]}).encode(), "lots[0].value"),
        (b" " * 5_000_001, "larger than 5 MB"),
    ],
)
def test_a_wrong_file_gives_one_line_that_names_the_key_and_status_2(empty_app: Flask, source: bytes, words: str) -> None:
    result = run(empty_app, import_case, "-", text=source)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("reference", ["TRE-2026-9999", "x", "ÅÄÖ", "-"])
def test_an_unknown_reference_gives_status_2(own_app: Flask, empty_app: Flask, reference: str) -> None:
    for app in (own_app, empty_app):
        result = run(app, export_case, "--", reference)
        assert result.exit_code == 2
        assert "there is no case with the reference" in result.stderr
