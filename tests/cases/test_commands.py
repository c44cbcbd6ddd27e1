"""`procure verify`: which lines it writes and how it ends, for whoever runs it at night."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from procure.accounts.models import Person
from procure.cases import history_export, history_queries, verifying
from procure.cases.commands import DIFFERENCES, verify
from procure.cases.models import Case
from procure.desk import bulk
from procure.domain import trail
from procure.infra import clock
from procure.infra.db import db, writing
from tests import factories
from tests.cases.histories import save, tamper

Verify = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Verify:
    return lambda *arguments: CliRunner().invoke(verify, arguments, obj=ScriptInfo(create_app=lambda: app))


def test_when_everything_holds_nothing_is_written_but_the_sum(run: Verify, case: Case) -> None:
    result = run()

    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.startswith("1 cases, 1 events: unbroken (")


def test_each_broken_case_is_one_line_with_the_entry_and_what_differs(run: Verify, people: dict[str, Person]) -> None:
    cases = [factories.make_case(people["officer"]) for _ in range(3)]
    tamper("UPDATE case_events SET role = 'x' WHERE case_id = :case", case=cases[0].id)
    tamper("UPDATE cases SET stage = 'plan' WHERE id = :case", case=cases[2].id)

    result = run()

    first, second = result.stdout.splitlines()
    assert first.startswith(f"{cases[0].reference} 1 the entry is not what was recorded")
    assert second.startswith(f"{cases[2].reference} 1 the stage stored is not the one that the log gives")
    assert result.exit_code == 1
    assert "2 broken" in result.stderr


def test_only_the_cases_that_are_named_are_checked(run: Verify, people: dict[str, Person]) -> None:
    broken, sound = (factories.make_case(people["officer"]) for _ in range(2))
    tamper("UPDATE case_events SET role = 'x' WHERE case_id = :case", case=broken.id)

    assert run(sound.reference).exit_code == 0
    assert run(broken.reference, sound.reference).exit_code == 1


def test_a_reference_that_no_case_has_is_wrong_input(run: Verify, case: Case) -> None:
    result = run("TRE-1999-0001")

    assert result.exit_code == 2
    assert "TRE-1999-0001" in result.output


def test_an_empty_database_holds(run: Verify) -> None:
    assert run().exit_code == 0


def test_every_kind_of_break_has_its_words() -> None:
    text = " ".join((trail.Break.__doc__ or "").split())
    named = [word for word in text.split("`") if word.isidentifier() and word != "what"]

    assert set(DIFFERENCES) == set(named)


def test_many_cases_are_checked_in_processes_of_their_own(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "AT_ONCE", 10)
    with own_app.app_context(), writing():
        bulk.add(120, clock.now(), lambda _done: None)
        db.session.commit()
        tamper("UPDATE case_events SET role = 'x' WHERE case_id = 77 AND sequence = 1")
        db.session.commit()
        db.session.remove()

    result = CliRunner().invoke(verify, [], obj=ScriptInfo(create_app=lambda: own_app))

    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    assert result.stderr.splitlines()[-1].startswith("120 cases, ")


@pytest.fixture
def export(case: Case, people: dict[str, Person], tmp_path: Path) -> Path:
    """An exported history with three entries."""
    save(case, people["officer"], **factories.FULL_NEED)
    file = tmp_path / "history.jsonl"
    lines = history_export.json_lines(case, history_queries.every_event(case), clock.now())
    file.write_text("".join(lines), encoding="utf-8")
    return file


def test_an_export_holds_also_when_the_case_has_gone_on(run: Verify, export: Path, case: Case, people: dict[str, Person]) -> None:
    save(case, people["officer"], title={"en": "Another title"})

    assert run("--export", str(export)).exit_code == 0


def test_a_changed_export_is_named(run: Verify, export: Path) -> None:
    export.write_text(export.read_text(encoding="utf-8").replace("frost", "Frost"), encoding="utf-8")

    result = run("--export", str(export))

    assert result.exit_code == 1
    assert "the entry is not what was recorded" in result.stdout


def test_a_shortened_export_is_named(run: Verify, export: Path) -> None:
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    export.write_text("".join(lines[:-1]), encoding="utf-8")

    assert run("--export", str(export)).exit_code == 1


def test_a_chain_that_was_written_anew_is_found_out_by_an_earlier_export(run: Verify, export: Path, case: Case) -> None:
    """Whoever holds the whole database can make a chain that holds; not one that says what the copy says."""
    tamper("DELETE FROM case_events WHERE case_id = :case AND sequence > 1", case=case.id)

    result = run("--export", str(export))

    assert result.exit_code == 1
    assert result.stdout.startswith(f"{case.reference} 2 the database has another entry")


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"format": "procure-history/1", "case": "X"}\n[]', json.dumps([1])])
def test_what_is_no_export_is_wrong_input(run: Verify, tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(text, encoding="utf-8")

    assert run("--export", str(file)).exit_code == 2
