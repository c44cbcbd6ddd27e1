"""One command for everything that was kept: histories and attachments."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.desk.verify_command import verify
from procure.infra.db import db
from tests.attachments.builders import attach
from tests.cases.histories import tamper

Verify = Callable[..., Result]


@pytest.fixture
def run(app: Flask, case: Case, people: dict[str, Person]) -> Verify:
    """The command, in a city with one case that has one attachment."""
    attach(case, people["officer"])
    db.session.commit()
    return lambda *arguments: CliRunner().invoke(verify, arguments, obj=ScriptInfo(create_app=lambda: app))


def test_histories_and_files_are_both_checked(run: Verify) -> None:
    result = run()

    assert result.exit_code == 0
    assert "1 cases, 2 events: unbroken" in result.stderr
    assert "1 files, 0 faults" in result.stderr


def test_a_broken_history_does_not_hide_the_files(run: Verify, case: Case) -> None:
    tamper("UPDATE case_events SET role = 'x' WHERE case_id = :case AND sequence = 2", case=case.id)

    result = run()

    assert result.exit_code == 1
    assert result.stdout.startswith(f"{case.reference} 2 ")
    assert "1 files, 0 faults" in result.stderr


def test_a_changed_file_is_enough(run: Verify) -> None:
    tamper("UPDATE attachment_versions SET sha256 = :other", other="0" * 64)

    result = run()

    assert result.exit_code == 1
    assert "1 faults" in result.stderr


def test_with_a_reference_only_that_history_is_checked(run: Verify, case: Case) -> None:
    assert "files" not in run(case.reference).stderr
