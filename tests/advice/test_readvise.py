"""`procure readvise`: what the rules say now is kept for every open case, whatever the day or the edition."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import delete, select, text

from procure.accounts.models import Person
from procure.advice import bulk, queries
from procure.advice.models import AdviceState
from procure.advice.readvise import readvise
from procure.cases.models import Case
from procure.catalogue import rulebook
from procure.infra import clock
from procure.infra.db import db, writing
from tests import factories
from tests.advice import builders
from tests.documents.builders import full_case

Rows = dict[int, dict[str, object]]


def rows() -> Rows:
    db.session.expire_all()
    columns = [column.name for column in AdviceState.__table__.columns if column.name != "advised_on"]
    return {
        state.case_id: {name: getattr(state, name) for name in columns} for state in db.session.scalars(select(AdviceState))
    }  # fmt: skip


def run(app: Flask) -> list[str]:
    result = app.test_cli_runner().invoke(readvise)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_it_keeps_the_same_as_saving_a_case_does(app: Flask, case: Case, people: dict[str, Person]) -> None:
    full_case(people["officer"], procedure="")
    builders.choose(full_case(people["officer"], procedure=""), people["officer"], "open", "because")
    factories.make_case(people["officer"], contract_kind="rd_services", value_amount="90000.50")
    by_saving = rows()
    db.session.execute(delete(AdviceState))
    db.session.commit()

    said = run(app)

    assert rows() == by_saving
    assert said[0] == "4 open cases, 4 advised for the first time, 0 changed"


def test_many_cases_are_asked_about_in_other_processes_with_the_same_outcome(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_app.app_context(), writing():
        for amount in ("20000", "90000", "480000"):
            factories.make_case(factories.people()["officer"], value_amount=amount)
        by_saving = rows()
        db.session.execute(delete(AdviceState))
        db.session.commit()
        db.session.remove()
    monkeypatch.setattr("procure.advice.readvise.MANY", 1)
    monkeypatch.setattr(bulk, "BLOCK", 2)

    said = run(own_app)

    with own_app.app_context():
        assert said[0] == "3 open cases, 3 advised for the first time, 0 changed"
        assert rows() == by_saving


def test_run_again_it_writes_nothing(
    app: Flask, case: Case, count_queries: Callable[[], list[str]]
) -> None:  # fmt: skip
    run(app)
    executed = count_queries()

    said = run(app)

    assert said == ["1 open cases, 0 advised for the first time, 0 changed"]
    assert not [statement for statement in executed if statement.startswith(("INSERT", "UPDATE"))]


def test_new_rules_mark_the_cases_whose_advice_they_change(
    app: Flask, case: Case, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The EU thresholds are lifted above the case's value: what was an EU procurement becomes a national one."""
    builders.choose(case, people["officer"], "open")
    untouched = factories.make_case(people["officer"], value_amount="20000")
    book = rulebook.rulebook()
    lifted = tuple(
        replace(row, amount=row.amount * 10) if row.level == "eu" else row for row in book.thresholds
    )  # fmt: skip
    later = replace(book, edition="2027-05", thresholds=lifted)
    monkeypatch.setattr(bulk, "rulebook", lambda: later)

    said = run(app)

    assert said == ["2 open cases, 0 advised for the first time, 1 changed", case.reference]
    state, other = queries.state_of(case), queries.state_of(untouched)
    assert state is not None
    assert other is not None
    assert (state.recommended, state.regime, state.edition, state.differs) == ("national", "national", "2027-05", True)
    assert (other.recommended, other.edition, other.differs) == ("small_purchase", "2027-05", False)


def test_finished_cases_are_left_alone(app: Flask, case: Case) -> None:
    db.session.execute(delete(AdviceState))
    case.stage = ""
    db.session.commit()

    assert run(app)[0] == "0 open cases, 0 advised for the first time, 0 changed"
    assert rows() == {}


def test_a_case_saved_meanwhile_keeps_what_its_save_said(app: Flask, case: Case, people: dict[str, Person]) -> None:
    _number, blocks = bulk.open_cases(db.session.connection())
    db.session.execute(text("UPDATE advice_states SET edition = 'old'"))
    db.session.commit()
    found = bulk.work(db.session.connection(), next(blocks), clock.today())
    factories.answer(case, people["officer"], market_availability="none")

    bulk.write(db.session.connection(), found.rows)
    db.session.commit()

    assert found.rows
    assert rows()[case.id]["recommended"] == "innovation_partnership"


def test_the_questions_of_a_block_are_few_whatever_its_size(
    app: Flask, case: Case, people: dict[str, Person], count_queries: Callable[[], list[str]]
) -> None:
    for _ in range(5):
        factories.make_case(people["officer"])
    executed = count_queries()

    bulk.work(db.session.connection(), bulk.Block(0, 10**9), date(2026, 11, 24))

    assert len(executed) == 4


def test_a_case_that_cannot_be_advised_is_kept_as_such(app: Flask, case: Case, people: dict[str, Person]) -> None:
    factories.answer(case, people["officer"], value_amount=None)
    by_saving = rows()
    db.session.execute(delete(AdviceState))
    db.session.commit()

    run(app)

    assert rows() == by_saving
    assert rows()[case.id]["regime"] == ""
