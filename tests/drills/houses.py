"""A Procure of the drill's own: an empty database, people who can sign in, gunicorn as it serves in earnest, workers, commands."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from flask import Flask

from procure.accounts import queries as account_queries
from procure.accounts import service as accounts
from procure.app import create_app
from procure.catalogue import demo, organisations
from procure.config import ROOT, from_environment
from procure.domain.notifications import AT_ONCE, kinds_for
from procure.infra import clock, migrations
from procure.infra.db import db, writing
from procure.notifications.models import NotificationChoice
from tests.bench import servers
from tests.conftest import make_database
from tests.drills.visitors import Visitor

KINDS = ("sqlite", "postgresql")
PASSWORD = "kolme-kuusta-ja-koivu"
CITY = "837"
OFFICER, MANAGER = "officer@tampere.example", "manager@tampere.example"
COLLEAGUES = tuple(f"officer{number}@tampere.example" for number in range(2, 6))
EDITORS = (OFFICER, MANAGER, *COLLEAGUES)
AS_IN_EARNEST = ("-c", "python:procure.infra.serving")


@dataclass
class House:
    """A database with its people. `app` reads it; the service itself is other processes."""

    kind: str
    port: int
    environment: dict[str, str]
    app: Flask
    server: servers.Server | None = None
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, email: str) -> Visitor:
        """That person at a window of their own."""
        if email not in self.visitors:
            self.visitors[email] = Visitor(self.port)
            self.visitors[email].sign_in(email, PASSWORD)
        return self.visitors[email].another()

    @contextmanager
    def serving(self) -> Iterator[servers.Server]:
        """gunicorn, with its worker beside it."""
        with servers.serving("wsgi:app", self.environment, self.port, "/health/ready", AS_IN_EARNEST) as server:
            self.server = server
            yield server

    def web_processes(self) -> list[int]:
        """The processes that answer requests: the server's children but for the worker beside it."""
        assert self.server is not None
        return [pid for pid in self.server.workers() if b"procure\0worker" not in _command(pid)]

    def workers_beside(self) -> list[int]:
        assert self.server is not None
        return [pid for pid in self.server.workers() if b"procure\0worker" in _command(pid)]

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A command of the program."""
        return subprocess.Popen(
            [sys.executable, "-m", "procure", *words], cwd=ROOT, env=self.environment, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, *words: str) -> tuple[int, str]:
        """A command of the program: its status and what it said."""
        process = self.start(*words)
        said, _ = process.communicate()
        return process.returncode, said

    def end_database_sessions(self) -> None:
        """PostgreSQL ends the sessions of this database's users, as it does when it is shut down (only SQLite has none)."""
        name = self.environment["DATABASE_URL"].rpartition("/")[2]
        with psycopg.connect(_plain(self.environment["DATABASE_URL"]), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", (name,)
            )


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


@contextmanager
def house(kind: str, mail_url: str = "") -> Iterator[House]:
    """A house on a new database, which is dropped afterwards."""
    with tempfile.TemporaryDirectory(prefix="procure-drill-") as name:
        folder = Path(name)
        for url in make_database(kind, folder):
            port = servers.free_port()
            environment = {
                **os.environ, "DATABASE_URL": url, "SECRET_KEY": "a key for drills only", "PUBLIC_URL": f"http://127.0.0.1:{port}",
                "MAIL_URL": mail_url, "STORAGE_URL": f"file://{folder / 'storage'}", "PORT": str(port), "PYTHONPATH": str(ROOT),
            }  # fmt: skip
            app = create_app(from_environment(environment))
            _fill(app)
            yield House(kind, port, environment, app)
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def _fill(app: Flask) -> None:
    """The cities and the network, the demo's people, and four more officers of Tampere."""
    with app.app_context(), writing():
        migrations.bring_up_to_date()
        accounts.load_organisations(organisations.catalogue().all)
        signing_in = [(fact.email, fact.name, fact.role, fact.organisation) for fact in demo.people() if fact.signs_in]
        names = ("Ville", "Kaarina", "Oskari", "Tuuli")
        more = [(email, f"{name} Esimerkki", "officer", CITY) for email, name in zip(COLLEAGUES, names, strict=True)]
        for email, name, role, code in signing_in + more:
            organisation = account_queries.organisation_by_code(code)
            assert organisation is not None, code
            person = accounts.add_person(email, name, role, organisation, "en", None, clock.now())
            db.session.flush()
            if "mention" in {kind.id for kind in kinds_for(role)}:
                db.session.add(NotificationChoice(person_id=person.id, kind="mention", cadence=AT_ONCE))  # a letter for each note
            accounts.give_password(person, PASSWORD, clock.now())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
