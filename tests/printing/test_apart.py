"""Real threads and processes: the request does not wait, and one that is killed leaves its document to the worker."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from procure.accounts import service as accounts
from procure.config import ROOT
from procure.documents import queries
from procure.domain.leases import MAKING, PRINT_BEAT, READY
from procure.infra import clock, pdf
from procure.infra.db import db, writing
from procure.printing import apart, service
from procure.printing.models import DocumentJob
from tests import factories
from tests.documents import builders
from tests.printing.builders import jobs

LIMIT_SECONDS = 300
BLOCKED = """
import sys, threading
from procure.app import create_app
from procure.config import from_environment
from {module} import {owner} as owner
app = create_app()
app.config.update(WTF_CSRF_ENABLED=False, PRINT_PATIENCE_SECONDS=0, TRUSTED_HOSTS=None)
def blocked(*_about, **_named):
    print("there", flush=True)
    threading.Event().wait()
setattr(owner, "{name}", blocked)
client = app.test_client()
with client.session_transaction() as session:
    session["_user_id"] = sys.argv[1]
print(client.post(sys.argv[2]).location, flush=True)
threading.Event().wait()
"""


@pytest.fixture
def token(own_app: Flask) -> tuple[str, str]:
    """The session of an officer, and the address at which a document of a whole case is issued."""
    with own_app.app_context(), writing():
        officer = factories.people()["officer"]
        case = builders.full_case(officer)
        found = accounts.start_session(officer, clock.now())
        db.session.commit()
        return found, f"/cases/{case.reference}/documents/needs_assessment"


def client_of(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def issued(app: Flask, address: str) -> int:
    with app.app_context():
        case = queries.case_by_reference(address.split("/")[2])
        assert case is not None
        return len(queries.issued_of(case))


def let_leases_run_out(app: Flask) -> None:
    with app.app_context(), writing():
        db.session.execute(
            update(DocumentJob).where(DocumentJob.state == MAKING).values(due_at=clock.now() - timedelta(seconds=1))
        )
        db.session.commit()


def begun(monkeypatch: pytest.MonkeyPatch) -> list[Future[Any]]:
    """What the web process prints beside its requests from now on."""
    found: list[Future[Any]] = []
    begin = apart.begin

    def noted(*about: Any) -> Future[Any]:
        found.append(begin(*about))
        return found[-1]

    monkeypatch.setattr(apart, "begin", noted)
    return found


def test_the_request_goes_on_while_the_document_is_printed_and_issued(
    own_app: Flask, token: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, futures, go_on, make = client_of(own_app, token[0]), begun(monkeypatch), threading.Event(), pdf.printed

    def held(job: pdf.Job) -> bytes:
        go_on.wait(LIMIT_SECONDS)
        return make(job)

    monkeypatch.setattr(pdf, "printed", held)
    monkeypatch.setitem(own_app.config, "PRINT_PATIENCE_SECONDS", 0.05)
    answer = client.post(f"{token[1]}/issue?language=fi")
    assert answer.status_code == 303
    assert "Refresh" in client.get(answer.location).headers
    assert issued(own_app, token[1]) == 0

    go_on.set()
    futures[0].result(LIMIT_SECONDS)

    assert "/documents/issued/1" in client.get(answer.location).text
    assert issued(own_app, token[1]) == 1


def test_within_the_patience_of_a_request_it_comes_at_once(
    own_app: Flask, token: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(own_app.config, "PRINT_PATIENCE_SECONDS", LIMIT_SECONDS)
    client = client_of(own_app, token[0])
    assert client.get(f"{token[1]}.pdf").mimetype == "application/pdf"
    assert client.post(f"{token[1]}/issue?language=fi").location.endswith("/documents/issued/1")


@pytest.mark.parametrize(
    ("module", "owner", "name"),
    [("procure.infra", "pdf", "printed"), ("procure.printing", "service", "_settle")],
    ids=["while it is printed", "between storage and commit"],
)
def test_a_process_killed_leaves_its_document_to_the_worker_which_issues_it_once(
    own_app: Flask, token: tuple[str, str], tmp_path: Path, module: str, owner: str, name: str
) -> None:
    environment = os.environ | {
        "DATABASE_URL": own_app.config["SETTINGS"].database_url, "SECRET_KEY": "a key for tests only", "MAIL_URL": "",
        "PUBLIC_URL": "http://127.0.0.1:8000", "STORAGE_URL": own_app.config["SETTINGS"].storage_url,
    }  # fmt: skip
    program = BLOCKED.format(module=module, owner=owner, name=name)
    with subprocess.Popen(
        [sys.executable, "-c", program, token[0], f"{token[1]}/issue?language=fi"],
        cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE,
    ) as web:  # fmt: skip
        assert web.stdout is not None
        said = {web.stdout.readline().strip(), web.stdout.readline().strip()}
        os.kill(web.pid, signal.SIGKILL)
    page = next(iter(said - {"there"}))
    assert page.startswith("/making/")
    with own_app.app_context():
        assert [(job.state, job.tries) for job in jobs()] == [(MAKING, 1)]
    assert issued(own_app, token[1]) == 0
    let_leases_run_out(own_app)

    worker = subprocess.run(
        [sys.executable, "-m", "procure", "worker", "--once"], cwd=ROOT, env=environment, timeout=LIMIT_SECONDS, check=False
    )

    assert worker.returncode == 0
    with own_app.app_context():
        assert [(job.state, job.tries, job.number) for job in jobs()] == [(READY, 2, 1)]
    assert issued(own_app, token[1]) == 1
    assert f"{token[1]}".replace("needs_assessment", "issued/1") in client_of(own_app, token[0]).get(page).text


def test_two_processes_that_have_the_same_document_issue_it_once(
    own_app: Flask, token: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, futures, go_on, settle = client_of(own_app, token[0]), begun(monkeypatch), threading.Event(), service._settle

    def late(number: int, tries: int, *about: Any) -> None:
        if tries == 1:
            go_on.wait(LIMIT_SECONDS)
        settle(number, tries, *about)

    monkeypatch.setattr(service, "_settle", late)
    monkeypatch.setitem(own_app.config, "PRINT_PATIENCE_SECONDS", 0)
    client.post(f"{token[1]}/issue?language=fi")
    let_leases_run_out(own_app)
    with own_app.app_context():
        service.make_due(apart.places(own_app), clock.now)
    go_on.set()
    futures[0].result(LIMIT_SECONDS)

    assert issued(own_app, token[1]) == 1
    with own_app.app_context():
        assert [(job.state, job.tries) for job in jobs()] == [(READY, 2)]


def test_a_lease_is_held_for_as_long_as_the_process_lives(
    own_app: Flask, token: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "PRINT_BEAT", PRINT_BEAT / 1000)
    client, futures, go_on, prolonged = client_of(own_app, token[0]), begun(monkeypatch), threading.Event(), threading.Event()
    make, prolong = pdf.printed, service.prolong

    def held(job: pdf.Job) -> bytes:
        go_on.wait(LIMIT_SECONDS)
        return make(job)

    def noted(*about: Any) -> None:
        prolong(*about)
        prolonged.set()

    monkeypatch.setattr(pdf, "printed", held)
    monkeypatch.setattr(service, "prolong", noted)
    monkeypatch.setitem(own_app.config, "PRINT_PATIENCE_SECONDS", 0)
    client.get(f"{token[1]}.pdf")
    let_leases_run_out(own_app)
    prolonged.clear()
    assert prolonged.wait(LIMIT_SECONDS)

    with own_app.app_context():
        due = jobs()[0].due_at
    assert due is not None
    assert due > clock.now()
    go_on.set()
    futures[0].result(LIMIT_SECONDS)
