"""Several at once: nobody waits for a slow file, and none of two people's files is lost."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from procure.accounts import service as accounts
from procure.attachments import routes
from procure.attachments.models import Attachment
from procure.infra import clock
from procure.infra.db import db, writing
from procure.infra.scanner import Verdict
from procure.infra.storage import Readable
from tests import factories
from tests.attachments.files import pdf, sent


@pytest.fixture
def send(own_app: Flask) -> Callable[[str], int]:
    """Sends a file with that text in it as an officer; the status of the answer."""
    with own_app.app_context(), writing():
        officer = factories.people()["officer"]
        reference = factories.make_case(officer).reference
        token = accounts.start_session(officer, clock.now())
        db.session.commit()
        db.session.remove()

    def sending(words: str) -> int:
        client = own_app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = token
        data = sent("offer.pdf", pdf(words), caption=words, document="")
        return client.post(f"/cases/{reference}/attachments/new", data=data).status_code

    return sending


def test_nobody_waits_while_a_file_is_looked_through(
    own_app: Flask, send: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0

    def scanner(stream: Readable) -> Verdict:
        """While this goes on somebody else changes the case."""
        nonlocal looked
        engine = create_engine(own_app.config["SETTINGS"].database_url, poolclass=NullPool)
        with engine.connect() as other:
            wait = "SET lock_timeout = '500ms'" if engine.dialect.name == "postgresql" else "PRAGMA busy_timeout = 500"
            other.exec_driver_sql(wait)
            other.execute(text("UPDATE cases SET next_date_kind = next_date_kind"))
            other.commit()
        looked += 1
        return Verdict("")

    monkeypatch.setattr(routes, "scanner_at", lambda address: scanner)

    assert send("one") == 302
    assert looked == 1


def test_files_sent_at_once_all_get_a_number_of_their_own(own_app: Flask, send: Callable[[str], int]) -> None:
    together, statuses = Barrier(6), []

    def one(words: str) -> None:
        together.wait()
        statuses.append(send(words))

    threads = [Thread(target=one, args=(f"file {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [302] * 6
    with own_app.app_context():
        assert sorted(db.session.scalars(db.select(Attachment.number))) == [1, 2, 3, 4, 5, 6]


def test_a_form_sent_twice_at_once_adds_one_attachment(own_app: Flask, send: Callable[[str], int]) -> None:
    together, statuses = Barrier(2), []

    def one() -> None:
        together.wait()
        statuses.append(send("the same"))

    threads = [Thread(target=one) for _turn in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [302, 422]
