"""`procure reindex`: afterwards every case is found by all its words, whatever was there before."""

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import delete, select, text

from procure.accounts.models import Person
from procure.cases import reindexing, service
from procure.cases.index_commands import reindex
from procure.cases.models import Case, CaseText
from procure.infra.db import db
from tests import factories

People = dict[str, Person]


@pytest.fixture
def cases(people: People) -> list[Case]:
    made = [factories.make_case(people["officer"], need={"en": f"Need {number}"}, cpv=["90511000"]) for number in range(5)]
    service.set_partners(made[2], [people["vaasa_officer"].organisation, people["other_officer"].organisation])
    service.refresh(made[2])
    db.session.commit()
    return made


def kept() -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.session.execute(select(CaseText.__table__).order_by(CaseText.case_id))]


def run(app: Flask) -> str:
    result = CliRunner().invoke(reindex, obj=ScriptInfo(create_app=lambda: app), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_what_is_right_is_not_written_again(app: Flask, cases: list[Case]) -> None:
    before = kept()

    assert run(app) == "5 cases, 0 of them changed\n"
    assert kept() == before


def test_missing_and_wrong_texts_become_what_a_save_makes_them(
    app: Flask, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept()
    db.session.execute(delete(CaseText).where(CaseText.case_id == cases[0].id))
    db.session.execute(text("UPDATE case_texts SET readers = '@999', en = 'stolen' WHERE case_id = :id"), {"id": cases[2].id})
    db.session.commit()
    db.session.expire_all()
    monkeypatch.setattr(reindexing, "BATCH", 2)

    assert run(app) == "5 cases, 2 of them changed\n"
    assert kept() == before


def test_batches_follow_each_other_without_gap(cases: list[Case]) -> None:
    seen, last = 0, 0
    while True:
        step = reindexing.one_batch(last, 2)
        seen += step.seen
        if step.last is None:
            break
        last = step.last

    assert seen == 5


def test_no_case_at_all_is_fine(app: Flask) -> None:
    assert run(app) == "0 cases, 0 of them changed\n"
