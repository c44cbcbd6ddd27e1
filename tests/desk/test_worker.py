"""The worker as a process of its own, also when it is killed in the middle."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from flask import Flask
from sqlalchemy import select, update

from procure.attachments.models import AttachmentVersion
from procure.config import ROOT
from procure.desk import worker
from procure.infra import clock, outbox
from procure.infra.db import db, writing
from procure.infra.outbox import OutboxMessage
from tests import factories
from tests.attachments.builders import attach
from tests.infra import clamav, smtp

LIMIT_SECONDS = 60


@pytest.fixture
def server() -> Iterator[smtp.Server]:
    with smtp.serving() as found:
        yield found


class House:
    """An own database, and workers that are real processes."""

    def __init__(self, app: Flask | None, database_url: str, folder: Path, mail_url: str) -> None:
        self._app = app
        self.environment = os.environ | {
            "DATABASE_URL": database_url, "SECRET_KEY": "a key for tests only", "MAIL_URL": mail_url,
            "PUBLIC_URL": "http://127.0.0.1:8000", "STORAGE_URL": f"file://{folder / 'storage'}",
        }  # fmt: skip

    @property
    def app(self) -> Flask:
        assert self._app is not None
        return self._app

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "procure", "worker", *words]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def once(self) -> tuple[int, str]:
        """One round: the status, and what was said."""
        process = self.start("--once")
        _, said = process.communicate(timeout=LIMIT_SECONDS)
        return process.returncode, said

    def put(self, *keys: str) -> None:
        with self.app.app_context(), writing():
            for key in keys:
                outbox.put(key, "officer@tampere.example", f"About {key}", "Hei!\n", "fi", clock.now())
                db.session.flush()
            db.session.commit()

    def rows(self) -> dict[str, OutboxMessage]:
        with self.app.app_context():
            return {row.key: row for row in db.session.scalars(select(OutboxMessage))}

    def let_leases_run_out(self) -> None:
        with self.app.app_context(), writing():
            past = clock.now() - timedelta(seconds=1)
            db.session.execute(update(OutboxMessage).where(OutboxMessage.next_try_at.is_not(None)).values(next_try_at=past))
            db.session.commit()


@pytest.fixture
def house(own_app: Flask, tmp_path: Path, server: smtp.Server) -> House:
    return House(own_app, own_app.config["SETTINGS"].database_url, tmp_path, server.url)


def test_one_round_sends_what_is_due(house: House, server: smtp.Server) -> None:
    house.put("one", "two")

    assert house.once() == (0, "")
    assert [letter["Subject"] for letter in server.letters()] == ["About one", "About two"]
    assert all(row.sent_at for row in house.rows().values())


def test_a_worker_killed_after_the_server_took_the_letter_repeats_it_under_the_same_identity(
    house: House, server: smtp.Server
) -> None:
    house.put("one")
    process: list[subprocess.Popen[str]] = []

    def killing(envelope: Envelope) -> str:
        process[0].kill()
        return "250 OK"

    server.answer = killing
    process.append(house.start("--once"))
    process[0].communicate(timeout=LIMIT_SECONDS)
    server.answer = lambda envelope: "250 OK"

    lease = house.rows()["one"].next_try_at
    assert lease is not None
    assert lease > clock.now(), "until then nobody else sends it"
    house.let_leases_run_out()
    assert house.once() == (0, "")
    first, again = (letter["Message-ID"] for letter in server.letters())
    assert first == again
    assert house.rows()["one"].sent_at is not None


def test_a_worker_killed_before_the_server_took_the_letter_loses_nothing(house: House, server: smtp.Server) -> None:
    house.put("one", "two")
    process: list[subprocess.Popen[str]] = []

    def killing(envelope: Envelope) -> str:
        process[0].kill()
        return "451 not now"

    server.answer = killing
    process.append(house.start("--once"))
    process[0].communicate(timeout=LIMIT_SECONDS)
    server.answer = lambda envelope: "250 OK"
    house.let_leases_run_out()
    house.once()

    assert sorted(letter["Subject"] for letter in server.letters()) == ["About one", "About two"]


def test_through_kills_and_refusals_every_letter_arrives_and_only_ambiguous_ones_twice(house: House, server: smtp.Server) -> None:
    keys = [f"letter {number}" for number in range(40)]
    house.put(*keys)
    process: list[subprocess.Popen[str]] = []
    asked, ambiguous = 0, 0

    def troubled(envelope: Envelope) -> str:
        nonlocal asked, ambiguous
        asked += 1
        if asked % 20 == 0:
            process[-1].kill()
            taken = asked % 40 == 0
            ambiguous += taken
            return "250 OK" if taken else "451 killed before it was taken"
        return "451 come back later" if asked % 5 == 0 else "250 OK"

    server.answer = troubled
    while any(row.sent_at is None for row in house.rows().values()):
        process.append(house.start("--once"))
        process[-1].communicate(timeout=LIMIT_SECONDS)
        house.let_leases_run_out()
    letters = server.letters()
    identities = {letter["Message-ID"] for letter in letters}

    assert {letter["Subject"] for letter in letters} == {f"About {key}" for key in keys}
    assert len(identities) == len(keys)
    assert len(letters) - len(identities) <= ambiguous
    assert len(process) >= 3


def test_being_asked_to_end_it_ends_between_two_letters(house: House, server: smtp.Server) -> None:
    house.put("one", "two")
    process: list[subprocess.Popen[str]] = []

    def ending(envelope: Envelope) -> str:
        process[0].send_signal(signal.SIGTERM)
        return "250 OK"

    server.answer = ending
    process.append(house.start())
    _, said = process[0].communicate(timeout=LIMIT_SECONDS)

    assert (process[0].returncode, said) == (0, "")
    assert house.rows()["one"].sent_at is not None
    assert house.rows()["two"].tries == 0


def test_a_mail_server_that_is_away_is_one_line_and_the_letter_stays(house: House, server: smtp.Server) -> None:
    house.environment["MAIL_URL"] = f"smtp://127.0.0.1:{smtp.free_port()}"
    house.put("one")
    status, said = house.once()

    assert status == 1
    assert said.startswith("procure worker: the mail server cannot be used (ConnectionRefusedError")
    assert said.count("\n") == 1
    assert house.rows()["one"].next_try_at is not None


def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    away = f"postgresql://nobody@127.0.0.1:{smtp.free_port()}/none"
    status, said = House(None, away, tmp_path, "smtp://127.0.0.1:1").once()

    assert status == 1
    assert said.startswith("procure worker: the database does not answer (")
    assert said.count("\n") == 1


def test_a_round_scans_what_waits_for_the_scanner(house: House) -> None:
    with house.app.app_context(), writing():
        officer = factories.people()["officer"]
        attach(factories.make_case(officer), officer)
        db.session.remove()
    with clamav.speaking() as scanner:
        house.environment["CLAMAV_URL"] = scanner.url
        assert house.once() == (0, "")
    with house.app.app_context():
        assert db.session.scalars(select(AttachmentVersion.scan)).all() == ["clean"]


def test_a_scanner_that_is_away_is_one_line_and_the_mail_goes_out(house: House, server: smtp.Server) -> None:
    house.environment["CLAMAV_URL"] = f"tcp://127.0.0.1:{smtp.free_port()}"
    house.put("one")
    with house.app.app_context(), writing():
        officer = factories.people()["officer"]
        attach(factories.make_case(officer), officer)
        db.session.remove()
    status, said = house.once()

    assert status == 1
    assert said.startswith("procure worker: the virus scanner does not answer (ConnectionRefusedError")
    assert len(server.letters()) == 1


def test_trouble_is_told_once_and_so_is_its_end() -> None:
    told: list[str] = []
    trouble = worker.Trouble(told.append)
    for what in ("", "the database does not answer", "the database does not answer", "", ""):
        trouble.note(what, "refused")

    assert told == ["the database does not answer (refused); trying again", "over: the database does not answer"]


def test_pauses_grow_while_there_is_trouble_and_no_longer_after_it() -> None:
    trouble = worker.Trouble(lambda text: None)
    pauses = []
    for _ in range(8):
        trouble.note("away", "")
        pauses.append(trouble.pause)
    trouble.note("", "")

    assert pauses == sorted(pauses)
    assert pauses[-1] == worker.LONGEST_PAUSE_SECONDS
    assert trouble.pause == worker.PAUSE_SECONDS


@pytest.mark.parametrize(("server_lives", "ends"), [(True, False), (False, True)])
def test_a_worker_beside_a_server_ends_with_it(server_lives: bool, ends: bool) -> None:
    assert worker.Ending(os.getppid() if server_lives else 2**22 + 1)() is ends
