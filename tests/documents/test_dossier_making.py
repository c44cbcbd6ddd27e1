"""The making of a dossier as it really happens: by a process of its own, which may be killed, beside others, on a storage that may go."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import pytest
from flask import Flask

from procure.accounts import service as accounts
from procure.cases.models import Case
from procure.cases.verifying import procedure_of
from procure.config import ROOT, Settings
from procure.documents import dossier_job, dossier_making, dossier_queries, dossier_service, queries
from procure.documents.dossier_models import Dossier
from procure.documents.models import IssuedDocument
from procure.domain import dossiers, leases
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db, writing
from procure.infra.storage import FolderStorage, Readable, StorageFailed
from tests import factories
from tests.attachments.builders import attach
from tests.attachments.files import pdf
from tests.documents import builders

ENDS_WITHIN_SECONDS = 300


@pytest.fixture
def real(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application whose commits other processes see, with their settings in the environment."""
    settings: Settings = own_app.config["SETTINGS"]
    for name in ("database_url", "secret_key", "storage_url", "public_url"):
        monkeypatch.setenv(name.upper(), str(getattr(settings, name)))
    with own_app.app_context():
        yield own_app
        db.session.remove()
    for process in dossier_job._running:
        process.kill()
        process.wait(ENDS_WITHIN_SECONDS)


def storage_of(app: Flask) -> FolderStorage:
    return FolderStorage(Path(app.config["SETTINGS"].storage_url.removeprefix("file://")))


def asked(app: Flask) -> int:
    """The id of a dossier of a case with an attachment, asked for and not begun."""
    with writing():
        officer = factories.people()["officer"]
        case = builders.full_case(officer, procedure="")
        case = db.session.get_one(Case, case.id)
        attach(case, officer, content=pdf("an offer"))
        found = dossier_service.ask(case, factories.actor_of(officer), clock.now())
        db.session.commit()
        number = found.id
        db.session.remove()
    return number


def dossier(number: int) -> Dossier:
    db.session.rollback()
    return db.session.get_one(Dossier, number, populate_existing=True)


def file_of(app: Flask, key: str) -> bytes:
    stream = storage_of(app).open(key)
    try:
        return stream.read()
    finally:
        stream.close()


@contextmanager
def waiting_at(path: Path) -> Iterator[None]:
    """Who reads the file waits until the test has gone on; then it is what it was."""
    content = path.read_bytes()
    path.unlink()
    os.mkfifo(path)
    try:
        yield
    finally:
        path.unlink()
        path.write_bytes(content)


def somebody_reads(path: Path, process: "subprocess.Popen[bytes]") -> int:
    """Once the process has the file open; the end into which one could write."""
    while True:
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                pytest.fail(f"it ended before, with {process.wait(0.1)}")


def attachment_path(app: Flask) -> Path:
    key = str(db.session.scalar(db.text("SELECT storage_key FROM attachment_versions")))
    db.session.rollback()
    return storage_of(app).folder / key[:2] / key


def started() -> "subprocess.Popen[bytes]":
    assert dossier_job.start()
    return dossier_job._running[0]


def test_a_process_of_its_own_makes_it(real: Flask) -> None:
    number = asked(real)

    assert started().wait(ENDS_WITHIN_SECONDS) == 0

    one = dossier(number)
    assert (one.state, one.trouble) == (leases.READY, "")
    found = dossiers.check(io.BytesIO(file_of(real, one.zip_sha256)), procedure_of)
    assert found.files == one.files
    assert file_of(real, one.pdf_sha256).startswith(b"%PDF-")


def test_no_second_process_begins_while_one_runs_and_no_second_dossier_while_one_is_made(real: Flask) -> None:
    number = asked(real)
    path = attachment_path(real)
    with waiting_at(path):
        process = started()
        end = somebody_reads(path, process)
        try:
            assert not dossier_job.start()
            assert dossier_making.make_due(storage_of(real), clock.now) == ("", ""), "the worker leaves it to who makes it"
            one = dossier(number)
            assert (one.state, one.tries) == (leases.MAKING, 1)
            case = db.session.get_one(Case, one.case_id)
            with pytest.raises(Refusal, match="dossier_open"):
                dossier_service.ask(case, factories.actor_of(factories.people()["officer"]), clock.now())
            db.session.rollback()
        finally:
            process.kill()
            process.wait(ENDS_WITHIN_SECONDS)
            os.close(end)


def test_what_a_killed_process_leaves_behind_the_worker_makes_after_the_lease(real: Flask) -> None:
    number = asked(real)
    path = attachment_path(real)
    with waiting_at(path):
        process = started()
        end = somebody_reads(path, process)
        process.kill()
        assert process.wait(ENDS_WITHIN_SECONDS) == -9
        os.close(end)
    assert dossier(number).state == leases.MAKING
    assert dossier_making.make_due(storage_of(real), clock.now) == ("", "")
    assert dossier(number).state == leases.MAKING, "nobody knows yet that it was left behind"

    later = dossiers.LEASE * 1.1
    assert dossier_making.make_due(storage_of(real), lambda: clock.now() + later) == ("", "")

    one = dossier(number)
    assert (one.state, one.tries) == (leases.READY, 2)
    case = db.session.get_one(Case, one.case_id)
    assert len(factories.events(case, dossiers.MADE)) == 1


class Leaving(FolderStorage):
    """Goes away at one of the times when something is asked of it."""

    def __init__(self, folder: Path, goes_at: int) -> None:
        super().__init__(folder)
        self.asked, self.goes_at = 0, goes_at

    def _ask(self) -> None:
        self.asked += 1
        if self.asked >= self.goes_at:
            raise StorageFailed("the storage is away")

    def put(self, stream: BinaryIO) -> str:
        self._ask()
        return super().put(stream)

    def open(self, key: str) -> Readable:
        self._ask()
        return super().open(key)


def test_a_storage_that_goes_midway_delays_it_and_leaves_nothing_half(real: Flask) -> None:
    number = asked(real)
    folder, now = storage_of(real).folder, clock.now()
    counted = Leaving(folder, 99)
    with pytest.MonkeyPatch.context() as patch:  # how often it is asked when all goes well, without keeping the outcome
        patch.setattr(dossier_making, "_settle", lambda *_given: True)
        assert dossier_making.make_due(counted, clock.now) == ("", "")
    with writing():
        one = dossier(number)
        one.state, one.due_at, one.tries = leases.ASKED, now, 0
        db.session.commit()

    for goes_at in range(1, counted.asked + 1):
        what, detail = dossier_making.make_due(Leaving(folder, goes_at), lambda: now)
        assert (what != "", detail) == (True, "the storage is away"), goes_at
        one = dossier(number)
        assert (one.zip_sha256, one.pdf_sha256, one.made_at) == ("", "", None)
        assert (one.state, one.trouble) == (leases.ASKED, "storage")
        with writing():
            one = dossier(number)
            one.state, one.due_at, one.tries = leases.ASKED, now, 0
            db.session.commit()

    assert dossier_making.make_due(storage_of(real), clock.now) == ("", "")
    assert dossier(number).state == leases.READY


def test_three_hundred_documents_take_no_more_memory_than_thirty(real: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the process that makes it says itself."""
    sizes = []
    number = asked(real)
    for documents in (30, 300):
        _issue(real, number, documents)
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, sys.executable, "-m", "procure", "dossiers"], cwd=ROOT,
            capture_output=True, text=True, timeout=ENDS_WITHIN_SECONDS * 5, check=True,
        )  # fmt: skip
        sizes.append(int(done.stdout))
        one = dossier(number)
        assert (one.state, one.trouble) == (leases.READY, "")
        with zipfile.ZipFile(io.BytesIO(file_of(real, one.zip_sha256))) as archive:
            assert sum(name.startswith("documents/") for name in archive.namelist()) == documents
        with writing():
            number = dossier_service.ask(
                db.session.get_one(Case, one.case_id), factories.actor_of(factories.people()["officer"]), clock.now()
            ).id  # fmt: skip
            db.session.commit()

    assert sizes[1] < sizes[0] * 1.3


MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _issue(app: Flask, number: int, documents: int) -> None:
    """So many documents, of one file each as long as a real one."""
    with writing():
        case = db.session.get_one(Case, db.session.get_one(Dossier, number).case_id)
        officer = factories.people()["officer"]
        token = accounts.start_session(officer, clock.now())
        db.session.commit()
        if not queries.issued_of(case):
            client = app.test_client()
            with client.session_transaction() as session:
                session["_user_id"] = token
            app.config["PRINT_PATIENCE_SECONDS"] = None  # printed within the request, however long that takes
            client.post(f"/cases/{case.reference}/documents/needs_assessment/issue?language=fi")
            db.session.rollback()
        first = queries.issued_of(case)[-1]
        values = {column.name: getattr(first, column.name) for column in IssuedDocument.__table__.columns}
        for place in range(queries.last_number(case) + 1, documents + 1):
            db.session.add(IssuedDocument(**(values | {"id": None, "number": place, "version": place})))
        db.session.commit()
        assert len(dossier_queries.dossiers_of(case)) >= 1
        db.session.remove()
