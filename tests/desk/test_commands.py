"""The small programs: kept messages are shown, the official CPV list is taken into use."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo

from procure.catalogue import cpv
from procure.desk import commands
from procure.infra import clock, outbox
from procure.infra.db import db

LIST = "code,parent,en,fi,sv\n72000000,,IT services,Tietotekniikkapalvelut,IT-tjänster\n72999999,72000000,Made up,Keksitty,Påhittad\n"


@pytest.fixture
def runner(app: Flask) -> tuple[CliRunner, ScriptInfo]:
    return CliRunner(), ScriptInfo(create_app=lambda: app)


def test_messages_that_are_kept_are_shown(runner: tuple[CliRunner, ScriptInfo]) -> None:
    program, info = runner
    outbox.put("about:1", "officer@tampere.example", "An expert has answered", "Read it at the service.\n", "en", clock.now())
    db.session.commit()

    listed = program.invoke(commands.outbox, [], obj=info)
    number = listed.output.split()[0]
    shown = program.invoke(commands.outbox, [number], obj=info)

    assert "waits" in listed.output
    assert "An expert has answered" in listed.output
    assert "Read it at the service." in shown.output


def test_a_message_that_is_not_there_is_wrong_input(runner: tuple[CliRunner, ScriptInfo]) -> None:
    program, info = runner

    result = program.invoke(commands.outbox, ["999999"], obj=info)

    assert result.exit_code == 2
    assert "999999" in result.output


def test_the_official_list_is_taken_into_use_and_its_names_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpv, "OFFICIAL", tmp_path / "instance" / "official.toml")
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    assert "72999999" not in cpv.load().codes

    result = CliRunner().invoke(commands.import_cpv, [str(tmp_path / "list.csv")])

    assert result.output == "2 codes\n"
    assert cpv.load().name("72999999", "fi") == "Keksitty"
    assert len(cpv.load().divisions) == 45


@pytest.mark.parametrize("content", [None, "kode,en\n1,2\n"], ids=["missing", "other columns"])
def test_a_list_that_cannot_be_read_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    monkeypatch.setattr(cpv, "OFFICIAL", tmp_path / "official.toml")
    if content is not None:
        (tmp_path / "list.csv").write_text(content, encoding="utf-8")

    result = CliRunner().invoke(commands.import_cpv, [str(tmp_path / "list.csv")])

    assert result.exit_code != 0
    assert "list.csv" in result.output + str(result.exception)
    assert not (tmp_path / "official.toml").exists()
