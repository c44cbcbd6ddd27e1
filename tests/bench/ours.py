"""Our pages: which ones are measured, the cookie that opens them, and how many statements one takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from procure.accounts import queries as account_queries
from procure.accounts import service as accounts
from procure.app import create_app
from procure.cases import list_queries
from procure.cases.models import Case
from procure.config import from_environment
from procure.infra import clock
from procure.infra.db import db, writing
from tests.bench.databases import Database

PERSON = "officer@tampere.example"
COORDINATOR = "coordinator@innocities.example"
MANAGER = "manager@tampere.example"
EXPERT = "made-up-expert-7@innocities.example"
FILTERS = "procedure=small_purchase&scope=all&order=next"
"""More than 25 of a city's 50 cases already in the smallest database, so that every page measured is a full one."""
STAGE = "stage=contract_management&order=next"
DEMO_CASE = "demo:tampere-iot-platform"


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    path: str
    bytes: int
    statements: tuple[int, ...]
    """On a page of 25 rows and, for lists, on one of 250."""
    cookie: str
    """Opens the page on a server."""


@dataclass(frozen=True, slots=True)
class Measured:
    pages: tuple[Page, ...]


def look(database: Database, port: int) -> Measured:
    """Every page once, in this process, with its size and statements, and a cookie that opens it on a server."""
    app = create_app(from_environment(database.environment(port)))
    app.config["TRUSTED_HOSTS"] = None  # the test client calls itself localhost
    pages: list[Page] = []
    for email, paths_of in (
        (PERSON, _paths),
        (MANAGER, _managers_paths),
        (COORDINATOR, _coordinators_paths),
        (EXPERT, _experts_paths),
    ):
        with app.app_context():
            token, paths = _session(email), paths_of()
            db.session.remove()
        client = _signed_in(app, token)  # outside of the context above: each request is to have one of its own
        pages += [_page(client, name, path) for name, path in paths.items()]
    with app.app_context():
        db.engine.dispose()
    return Measured(tuple(pages))


def _session(email: str) -> str:
    with writing():
        person = account_queries.person_by_email(email)
        assert person is not None
        token = accounts.start_session(person, clock.now())
        db.session.commit()
    return token


def _signed_in(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    client.get("/account")  # the session now also holds what forms need, as it does after a person's first page
    return client


def _cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return f"session={cookie.value}"


def _paths() -> dict[str, str]:
    person = account_queries.person_by_email(PERSON)
    assert person is not None
    city = Case.organisation_id == person.organisation_id
    wanted = select(Case.sort_date, Case.id).where(city, Case.procedure == "small_purchase").order_by(Case.sort_date, Case.id)
    rows = db.session.execute(wanted).all()
    middle = rows[max(0, len(rows) // 2 - 25)]
    case = db.session.scalar(select(Case.reference).where(Case.opening_key == DEMO_CASE))
    db.session.rollback()
    return {
        "list": f"/cases?{FILTERS}",
        "list, deep": f"/cases?{FILTERS}&after={middle.sort_date.isoformat()}.{middle.id}",
        "list, a stage": f"/cases?{STAGE}",
        "case": f"/cases/{case}",
        "history": f"/cases/{case}/history",
    }


def _managers_paths() -> dict[str, str]:
    return {"first screen": "/", "portfolio": "/portfolio", "portfolio, all": "/portfolio?period=all"}


def _coordinators_paths() -> dict[str, str]:
    requests = "from=2025-01-01&to=2026-12-31"
    return {
        "desk": "/support",
        "figures": "/figures",
        "figures, all": "/figures?period=all",
        "behind": f"/figures/requests?{requests}",
    }


def _experts_paths() -> dict[str, str]:
    return {"desk, expert": "/support"}


def _page(client: FlaskClient, name: str, path: str) -> Page:
    size, statements = _fetched(client, path)
    counts = [statements]
    if name.startswith("list"):
        usual, list_queries.PAGE_SIZE = list_queries.PAGE_SIZE, 250
        counts.append(_fetched(client, path)[1])
        list_queries.PAGE_SIZE = usual
    return Page(name, path, size, tuple(counts), _cookie(client))


def _fetched(client: FlaskClient, path: str) -> tuple[int, int]:
    with _counted() as statements:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(answer.data), len(statements)


@contextmanager
def _counted() -> Iterator[list[str]]:
    found: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith("BEGIN"):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)
