"""The commands of accounts: a link on standard output, or one line that says what to mend."""

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from procure import cli
from procure.accounts import queries
from procure.accounts.commands import migrate, user
from procure.app import create_app
from procure.config import Settings
from procure.infra import migrations
from tests.conftest import settings_for


def run(app: Flask, command: Any, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, obj=ScriptInfo(create_app=lambda: app))


def test_an_added_person_gets_a_link_on_standard_output(app: Flask) -> None:
    result = run(app, user, "add", "Matti.Uusi@tampere.example", "--role", "officer", "--organisation", "837")

    assert result.exit_code == 0, result.output
    link = re.fullmatch(r"http://[^/]+(/password/[\w-]{43})\n", result.stdout)
    assert link is not None
    person = queries.person_by_email("matti.uusi@tampere.example")
    assert person is not None
    assert (person.name, person.role, person.organisation.code, person.language) == ("Matti Uusi", "officer", "837", "fi")
    assert app.test_client().get(link[1]).status_code == 200


def test_name_and_language_are_taken_as_given(app: Flask) -> None:
    options = ("--role", "expert", "--organisation", "innocities", "--name", "Eva Expert", "--language", "sv")

    assert run(app, user, "add", "eva@innocities.example", *options).exit_code == 0

    person = queries.person_by_email("eva@innocities.example")
    assert person is not None
    assert (person.name, person.language) == ("Eva Expert", "sv")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("x@y.example", "--role", "boss", "--organisation", "837"), ("boss", "officer", "system_admin")),
        (("x@y.example", "--role", "officer", "--organisation", "999"), ("999", "837", "innocities")),
        (("x@y.example", "--role", "officer", "--organisation", "837", "--language", "de"), ("de", "fi, sv, en")),
        (("x@y.example", "--role", "expert", "--organisation", "837"), ("expert", "837")),
        (("not an address", "--role", "officer", "--organisation", "837"), ("not an address",)),
        (("officer@tampere.example", "--role", "officer", "--organisation", "837"), ("already", "officer@tampere.example")),
        (("x@y.example", "--role", "officer"), ("--organisation",)),
        (("x@y.example",), ("--role",)),
    ],
)
def test_wrong_input_ends_with_one_clear_line_and_status_2(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    words: tuple[str, ...],
) -> None:
    monkeypatch.setattr(cli, "make_app", lambda: app)
    monkeypatch.setattr("sys.argv", ["procure", "user", "add", *arguments])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert all(word in said.err for word in words), said.err
    assert queries.person_by_email("x@y.example") is None


def test_migrate_brings_an_empty_database_up_to_date_and_says_what_it_ran(tmp_path: Path) -> None:
    settings: Settings = settings_for(f"sqlite:///{tmp_path / 'new.db'}", tmp_path)
    new = create_app(settings)

    first = run(new, migrate)
    again = run(new, migrate)

    assert first.exit_code == 0, first.output
    assert "migrated to 0001" in first.stdout
    assert re.search(r"up to date; (\d+) organisations, \1 of them new", first.stdout)
    assert again.stdout.strip().endswith("0 of them new")
    with new.app_context():
        assert migrations.pending() == []


def test_without_organisations_the_line_says_to_migrate(tmp_path: Path) -> None:
    new = create_app(settings_for(f"sqlite:///{tmp_path / 'new.db'}", tmp_path))
    with new.app_context():
        migrations.bring_up_to_date()

    result = run(new, user, "add", "x@y.example", "--role", "officer", "--organisation", "837")

    assert result.exit_code != 0
    assert "procure migrate" in result.output
