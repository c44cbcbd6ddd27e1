"""How a transaction begins: what only reads needs none on PostgreSQL, and on SQLite whoever writes gets a turn. What may stand in a
statement as it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import column, create_engine, select, text
from sqlalchemy.exc import OperationalError

from procure.accounts.models import Organisation
from procure.infra import db as door
from procure.infra.db import as_written, begin_reading, begin_writing, db, end_reading, end_writing


@pytest.fixture
def in_app(own_app: Flask) -> Iterator[None]:
    with own_app.app_context():
        yield
        db.session.remove()


def in_transaction() -> bool:
    """Whether the server has begun one for the statements of this session."""
    if db.engine.dialect.name == "sqlite":
        return bool(db.session.connection().connection.driver_connection.in_transaction)
    two = [
        db.session.scalar(text("SELECT now() = statement_timestamp()")) for _ in range(2)
    ]  # now() is when the transaction began
    return two != [True, True]


@pytest.mark.usefixtures("in_app")
def test_what_only_reads_begins_no_transaction_on_postgresql_and_one_on_sqlite() -> None:
    token = begin_reading()
    try:
        assert in_transaction() == (db.engine.dialect.name == "sqlite")
    finally:
        end_reading(token)


@pytest.mark.usefixtures("in_app")
def test_a_connection_that_only_read_writes_in_transactions_afterwards() -> None:
    reading = begin_reading()
    db.session.scalars(select(Organisation).limit(1)).all()
    end_reading(reading)
    db.session.remove()
    writing = begin_writing()
    db.session.execute(text("UPDATE organisations SET name_en = 'Never kept'"))
    db.session.rollback()
    end_writing(writing)
    assert db.session.scalar(select(Organisation.id).where(Organisation.name_en == "Never kept")) is None


@pytest.mark.usefixtures("in_app")
def test_a_reading_request_that_announces_a_write_gets_its_transaction() -> None:
    reading = begin_reading()
    writing = begin_writing()
    try:
        assert in_transaction()
    finally:
        end_writing(writing)
        end_reading(reading)


def test_whoever_waits_too_long_to_write_is_told_and_can_write_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'some.db'}")
    monkeypatch.setattr(door, "BUSY_TIMEOUT_MS", 60)
    with door.writing():
        with engine.begin() as first:
            first.execute(text("CREATE TABLE things (id INTEGER)"))
            with pytest.raises(OperationalError, match="database is locked"), engine.begin():
                pass
        with engine.begin() as second:
            second.execute(text("INSERT INTO things VALUES (1)"))
            assert second.scalar(text("PRAGMA busy_timeout")) == 60
    engine.dispose()


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'some.db'}")
    with door.writing(), engine.begin() as first:
        first.execute(text("CREATE TABLE things (id INTEGER)"))
    with door.writing(), engine.begin() as writer:
        writer.execute(text("INSERT INTO things VALUES (1)"))
        token = door._will_write.set(False)
        with engine.begin() as reader:
            assert reader.scalar(text("SELECT count(*) FROM things")) == 0
        door._will_write.reset(token)
    engine.dispose()


@pytest.mark.parametrize(("value", "written"), [("asked_back", "'asked_back'"), ("", "''"), (26, "26")])
def test_a_word_or_number_of_our_own_is_part_of_the_statement_and_no_parameter(value: str | int, written: str) -> None:
    compiled = select(column("x")).where(column("x") == as_written(value)).compile()
    assert str(compiled).endswith(f"= {written}")
    assert compiled.params == {}


@pytest.mark.parametrize("given", ["it's", "x; DROP TABLE cases", "two words", "'", "ä-b", "1"])
def test_what_is_no_word_of_ours_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="not a word of our own"):
        as_written(given)
