"""How a transaction begins: what only reads needs none on PostgreSQL, and leaves none of that behind."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text

from procure.accounts.models import Organisation
from procure.infra.db import begin_reading, begin_writing, db, end_reading, end_writing


@pytest.fixture(autouse=True)
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


def test_what_only_reads_begins_no_transaction_on_postgresql_and_one_on_sqlite() -> None:
    token = begin_reading()
    try:
        assert in_transaction() == (db.engine.dialect.name == "sqlite")
    finally:
        end_reading(token)


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


def test_a_reading_request_that_announces_a_write_gets_its_transaction() -> None:
    reading = begin_reading()
    writing = begin_writing()
    try:
        assert in_transaction()
    finally:
        end_writing(writing)
        end_reading(reading)
