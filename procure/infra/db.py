"""The database: naming of constraints, column types, and how a transaction begins.

SQLite is the embedded default, PostgreSQL the production database. On SQLite a transaction that will write takes the write lock at
its start (`BEGIN IMMEDIATE`): a lock taken later, by upgrading a read, fails at once whatever the busy timeout says.
"""

import random
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ColumnElement,
    CursorResult,
    DateTime,
    Engine,
    Executable,
    Integer,
    MetaData,
    String,
    event,
    literal,
    literal_column,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_TIMEOUT_MS = 15_000
ROWS_AT_ONCE: Final = 100
"""In one statement: as many values as either database takes."""
WAIT_SECONDS = 0.005
"""Between two tries to get SQLite's write lock, on average."""

_CONNECTION: Final = "connection of reads"

_will_write: ContextVar[bool] = ContextVar("will_write", default=False)
_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class Moment(TypeDecorator[datetime]):
    """A point in time: aware UTC in Python, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "join_transaction_mode": "create_savepoint"})


def read(statement: Executable, values: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """Rows of columns, never objects: what `db.session.execute` answers, without its work for objects (a fifth of a page's time)."""
    session = db.session()
    if not _only_reads.get():
        session.flush()  # what this request has changed shows in what it reads
    connection = session.info.get(_CONNECTION)
    if connection is None or connection.closed:  # found once for each transaction: looking for it costs as much as a statement
        connection = session.info[_CONNECTION] = session.connection()
    return cast(CursorResult[*tuple[Any, ...]], connection.execute(statement, values))


def as_written(value: str | int) -> ColumnElement[Any]:
    """A word or number of our own that stands in the statement itself, never one that somebody gave.

    PostgreSQL knows it when it plans. Of a parameter it guesses: that of a limit so badly that it plans the statement anew each time,
    which takes longer than answering it; and the partial indexes of SQLite pass a parameter by.
    """
    if isinstance(value, int):
        return literal_column(str(value), Integer)
    if value and not value.isidentifier():
        raise ValueError("not a word of our own")
    return literal_column(f"'{value}'", String)


def add_new(table: type[Base], rows: Sequence[Mapping[str, Any]], *unique: str) -> int:
    """Insert the rows whose values of the columns `unique` are not there yet, in the running transaction; says how many those were."""
    if not rows:
        return 0
    db.session.flush()
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    added = 0
    for start in range(0, len(rows), ROWS_AT_ONCE):
        statement = dialect.insert(table.__table__).values(list(rows[start : start + ROWS_AT_ONCE]))
        new = statement.on_conflict_do_nothing(index_elements=unique).returning(literal(1))
        added += len(db.session.connection().execute(new).all())  # counted by what comes back: a driver need not know it
    return added


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside are going to write."""
    token = _will_write.set(True)
    try:
        yield
    finally:
        _will_write.reset(token)


def will_write() -> bool:
    """Whether the running request or command has announced that it writes: only then is a row worth locking."""
    return _will_write.get()


def let_go() -> None:
    """End the transaction without having written: nobody waits for a lock while something slow is done. Objects are read anew."""
    db.session.rollback()


def forget() -> None:
    """End the session, whatever has become of its connection: one that the database has ended cannot be rolled back, and need not be."""
    try:
        db.session.remove()
    except SQLAlchemyError:
        with suppress(SQLAlchemyError):
            db.session().invalidate()  # closes this connection, and leaves the others to those who use them
        db.session.registry.clear()


@contextmanager
def writing_apart() -> Iterator[None]:
    """For a page that is looked at and has to note that: what was read is let go, what the block writes is committed at once."""
    let_go()
    writes, reads = _will_write.set(True), _only_reads.set(False)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _only_reads.reset(reads)
        _will_write.reset(writes)


def begin_writing() -> Any:
    """As `writing`, for a caller that ends elsewhere; give what it returns to `end_writing`."""
    return _will_write.set(True)


def end_writing(token: Any) -> None:
    _will_write.reset(token)


def begin_reading() -> Any:
    """What runs until `end_reading` gets what this returns only reads.

    PostgreSQL then needs no transaction around its statements: each sees what is committed when it begins, inside one or not, and
    two of a page's four trips to the server are saved. SQLite keeps its own, which costs nothing and shows one state throughout.
    """
    return _only_reads.set(True)


def end_reading(token: Any) -> None:
    _only_reads.reset(token)


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None  # the driver must not begin transactions by itself: `_begin` does
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", f"busy_timeout = {BUSY_TIMEOUT_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        if _will_write.get():
            _begin_to_write(connection, driver)
        else:
            connection.exec_driver_sql("BEGIN")
    elif _only_reads.get() and not _will_write.get():
        driver.autocommit = True


@event.listens_for(Engine, "checkin")
def _give_back(connection: Any, record: Any) -> None:
    """Whoever takes the connection next begins transactions again."""
    if connection is not None and getattr(connection, "autocommit", False) is True:
        connection.autocommit = False


def _begin_to_write(connection: Any, driver: sqlite3.Connection) -> None:
    """Begin with the write lock as soon as it is free. Raises OperationalError when it has not become so within the busy timeout.

    SQLite's own wait asks ever more seldom, at last ten times a second: of many writers those who have waited longest then lose
    against each newcomer, until the timeout ends them. Here all ask equally often, so that everybody's turn comes.
    """
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while time.monotonic() < until:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(random.uniform(0.5, 1.5) * WAIT_SECONDS)  # noqa: S311 - so that two do not ask in step
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the last try: what is in the way is told as the library tells it
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
