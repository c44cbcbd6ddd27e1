"""`procure document`: a file or standard output, and one line for whatever is wrong."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo

from procure import cli
from procure.accounts.models import Person
from procure.cases.models import Case
from procure.documents import service, writing_service
from procure.documents.commands import document
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.documents import builders, conformance

People = dict[str, Person]


@pytest.fixture
def full(app: Flask, people: People) -> Case:
    return builders.full_case(people["officer"])


def script(app: Flask) -> ScriptInfo:
    return ScriptInfo(create_app=lambda: app)


def refusal(app: Flask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """The one line on standard error with which the whole program ends, status 2."""
    monkeypatch.setattr(cli, "make_app", lambda: app)
    monkeypatch.setattr(sys, "argv", ["procure", "document", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_a_document_goes_to_standard_output(app: Flask, full: Case) -> None:
    result = CliRunner().invoke(document, [full.reference, "summary"], obj=script(app))
    assert result.exit_code == 0
    assert conformance.faults(result.stdout_bytes, "fi") == []


def test_a_document_goes_to_a_file_in_the_language_asked_for(app: Flask, full: Case, tmp_path: Path) -> None:
    target = tmp_path / "plan.pdf"
    arguments = [full.reference, "procurement_plan", "--language", "sv", "-o", str(target)]
    result = CliRunner().invoke(document, arguments, obj=script(app))
    assert (result.exit_code, result.stdout) == (0, "")
    assert conformance.faults(target.read_bytes(), "sv") == []
    assert "Upphandlingsplan" in conformance.text_of(target.read_bytes())


def test_the_kinds_are_listed_one_a_line(app: Flask) -> None:
    result = CliRunner().invoke(document, ["--list"], obj=script(app))
    assert [line.split("\t")[0] for line in result.stdout.splitlines()] == list(service.kinds())


def test_what_is_wrong_is_said_in_one_line(
    app: Flask, full: Case, case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(*arguments: str) -> str:
        return refusal(app, capsys, monkeypatch, *arguments)

    assert "there is no case TRE-1999-0001" in said("TRE-1999-0001", "summary")
    assert "unknown kind of document novel" in said(full.reference, "novel")
    assert "What is the need or problem?" in said(case.reference, "needs_assessment")
    assert "no expert has answered" in said(full.reference, "expert_opinion")
    assert "--list prints the kinds" in said()
    assert "cannot write" in said(full.reference, "summary", "-o", str(tmp_path / "nowhere" / "file.pdf"))
    assert "'de' is not one of" in said(full.reference, "summary", "--language", "de")


def test_a_composed_document_holds_the_words_that_were_written_for_it(app: Flask, full: Case, people: People) -> None:
    by, today = factories.actor_of(people["officer"]), clock.today()
    writing_service.write(full, "award_decision", {"winner": "Mallianturi Oy"}, 0, by, today, clock.now())
    db.session.commit()

    result = CliRunner().invoke(document, [full.reference, "award_decision"], obj=script(app))

    assert "Mallianturi Oy" in conformance.text_of(result.stdout_bytes)
