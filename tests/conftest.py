"""The application on both databases, a transaction rolled back after each test, a client for each role."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, event

from procure.accounts import service as accounts
from procure.accounts.models import Person
from procure.app import create_app
from procure.cases.models import Case
from procure.catalogue import organisations
from procure.config import Settings
from procure.infra import clock, migrations
from procure.infra.db import db, writing
from procure.web import fragments
from tests import factories
from tests.pages import LintedClient

hypothesis_settings.register_profile("house", deadline=None)  # what is slow here is the machine: speed is `make bench`'s
hypothesis_settings.load_profile("house")

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
REQUIRED = os.environ.get("TEST_POSTGRES_REQUIRED") == "1"


def _postgres_answers() -> bool:
    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


HAS_POSTGRES = _postgres_answers()


def pytest_report_header() -> str:
    if HAS_POSTGRES:
        return "databases: SQLite and PostgreSQL"
    return "databases: SQLite ONLY - POSTGRESQL DOES NOT ANSWER, HALF OF THE TESTS ARE NOT RUN (set TEST_POSTGRES_URL)"


def pytest_configure(config: pytest.Config) -> None:
    if REQUIRED and not HAS_POSTGRES:
        pytest.exit("PostgreSQL does not answer and TEST_POSTGRES_REQUIRED is set", returncode=3)


def settings_for(database_url: str, folder: Path, **changes: str) -> Settings:
    values = {
        "database_url": database_url, "secret_key": "a key for tests only", "public_url": "http://localhost", "mail_url": "",
        "storage_url": f"file://{folder / 'storage'}", "redis_url": "", "demo_password": "demo-password-for-tests",
    } | changes  # fmt: skip
    return Settings(instance=folder, **values)


def make_database(kind: str, folder: Path, like: str = "") -> Iterator[str]:
    """The address of a new database, dropped afterwards: an empty one, or a copy of the one at `like`, which nobody uses meanwhile."""
    if kind == "sqlite":
        path = folder / f"{uuid.uuid4().hex}.db"
        if like:
            shutil.copyfile(like.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        return
    name, template = f"procure_test_{uuid.uuid4().hex[:12]}", like.rpartition("/")[2] or "template1"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        head, _, _ = POSTGRES.rpartition("/")
        yield f"{head}/{name}".replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def each_database() -> list[pytest.ParameterSet]:
    without = pytest.mark.skip(reason="PostgreSQL does not answer: set TEST_POSTGRES_URL")
    return [pytest.param("sqlite"), pytest.param("postgresql", marks=() if HAS_POSTGRES else without)]


@pytest.fixture(scope="session", params=each_database())
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database brought up to date by the migrations, with the organisations and the people of the tests in it."""
    yield from _populated(request.param, tmp_path_factory.mktemp("database"))


@pytest.fixture(scope="session")
def template(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same once more, for copies only."""
    yield from _populated(kind_of(database), tmp_path_factory.mktemp("template"))


def _populated(kind: str, folder: Path) -> Iterator[str]:
    for url in make_database(kind, folder):
        app = create_app(settings_for(url, folder))
        with app.app_context(), writing():
            migrations.bring_up_to_date()
            accounts.load_organisations(organisations.catalogue().all)
            factories.make_people()
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        yield url


def kind_of(database: str) -> str:
    return "postgresql" if database.startswith("postgresql") else "sqlite"


@pytest.fixture(scope="session")
def shared_app(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(settings_for(database, tmp_path_factory.mktemp("instance")))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PRINT_PATIENCE_SECONDS=None)  # one transaction, so one thread
    app.test_client_class = LintedClient
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The application inside one transaction: whatever a test commits is gone after it."""
    fragments.forget()
    with shared_app.app_context(), writing():
        engine = db.engines[None]
        connection = engine.connect()
        outer = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
        try:
            yield shared_app
        finally:
            db.session.remove()
            outer.rollback()
            connection.close()
            db.engines[None] = engine


@pytest.fixture
def own_app(template: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on an own database where commits are real: for tests of concurrency and of the worker."""
    for url in make_database(kind_of(template), tmp_path, like=template):
        app = create_app(settings_for(url, tmp_path))
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def people(app: Flask) -> dict[str, Person]:
    return factories.people()


@pytest.fixture
def client_for(app: Flask) -> Callable[[Person], FlaskClient]:
    """A client in which that person is signed in."""

    def signed_in(person: Person) -> FlaskClient:
        client = app.test_client()
        token = accounts.start_session(person, clock.now())
        db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"] = token
        return client

    return signed_in


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def case(app: Flask, people: dict[str, Person]) -> Case:
    """An open case of Tampere in its first stage."""
    return factories.make_case(people["officer"])


@pytest.fixture
def count_queries(app: Flask) -> Iterator[Callable[[], list[str]]]:
    """Call it to begin: the list it returns grows with each statement that reaches the database."""
    executed: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            executed.append(statement)

    def begin() -> list[str]:
        db.session.flush()
        executed.clear()
        if not event.contains(Engine, "before_cursor_execute", note):
            event.listen(Engine, "before_cursor_execute", note)
        return executed

    yield begin
    if event.contains(Engine, "before_cursor_execute", note):
        event.remove(Engine, "before_cursor_execute", note)
