"""What could not be scanned when it came is scanned by the worker, once the scanner answers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from procure.accounts.models import Person
from procure.attachments import scanning, service
from procure.attachments.models import AttachmentVersion
from procure.cases.models import Case
from procure.domain.attachments import CLEAN, INFECTED, NOT_SCANNED
from procure.domain.references import chained
from procure.infra import clock
from procure.infra.db import db
from procure.infra.scanner import ClamAV, TooLargeToScan, Verdict
from procure.infra.storage import Readable, StorageFailed
from tests import factories
from tests.attachments.builders import arrived, attach, storage
from tests.attachments.files import pdf
from tests.infra import clamav
from tests.infra.smtp import free_port

People = dict[str, Person]
LONG = timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[clamav.Server]:
    with clamav.speaking() as found:
        yield found


def away() -> ClamAV:
    return ClamAV(f"tcp://127.0.0.1:{free_port()}")


def scans() -> list[str]:
    found = select(AttachmentVersion.scan).order_by(AttachmentVersion.id)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def scan_round(scanner: ClamAV | None, later: timedelta = timedelta()) -> tuple[str, str]:
    return scanning.scan_waiting(storage(), scanner, lambda: clock.now() + later)


def test_a_file_that_comes_while_the_scanner_is_away_is_taken_and_scanned_later(
    app: Flask, case: Case, people: People, server: clamav.Server
) -> None:
    attach(case, people["officer"], scanner=away())
    before = scans()

    assert scan_round(ClamAV(server.url), LONG) == ("", "")
    assert (before, scans()) == ([NOT_SCANNED], [CLEAN])
    assert server.sent == [pdf()]


def test_a_file_that_was_scanned_when_it_came_is_not_scanned_again(
    app: Flask, case: Case, people: People, server: clamav.Server
) -> None:
    attach(case, people["officer"], scanner=ClamAV(server.url))

    scan_round(ClamAV(server.url), LONG)
    assert scans() == [CLEAN]
    assert len(server.sent) == 1


def test_files_from_before_there_was_a_scanner_are_scanned_once_there_is_one(
    app: Flask, case: Case, people: People, server: clamav.Server
) -> None:
    for number in range(3):
        attach(case, people["officer"], content=pdf(str(number)))

    assert scan_round(None, LONG) == ("", "")
    assert scans() == [NOT_SCANNED] * 3
    scan_round(ClamAV(server.url), LONG)
    assert scans() == [CLEAN] * 3


def test_malware_found_later_is_an_event_of_the_case_by_the_service_itself(
    app: Flask, case: Case, people: People, server: clamav.Server
) -> None:
    attach(case, people["officer"], name="notes.txt", content=b"hello " + clamav.MALWARE)

    scan_round(ClamAV(server.url), LONG)
    db.session.refresh(case)
    (event,) = factories.events(case, scanning.BLOCKED)
    assert scans() == [INFECTED]
    assert event.payload["malware"] == "Test.Malware"
    assert event.payload["attachment"] == 1
    assert (event.recorded_by, event.recorded_by_id) == ("Procure", None)
    assert case.last_hash == event.hash
    added = factories.events(case, service.ADDED)[-1]
    row = {
        "case": case.reference, "sequence": event.sequence, "kind": event.kind, "payload": event.payload,
        "happened_on": event.happened_on.isoformat(), "recorded_at": event.recorded_at.isoformat(), "recorded_by_id": None,
        "recorded_by": "Procure", "role": "",
    }  # fmt: skip
    assert event.hash == chained(added.hash, row)


def test_a_scanner_that_is_away_ends_the_round_and_the_file_waits(
    app: Flask, case: Case, people: People, server: clamav.Server
) -> None:
    attach(case, people["officer"])

    what, detail = scan_round(away())
    assert what == "the virus scanner does not answer"
    assert "ConnectionRefusedError" in detail
    assert scan_round(ClamAV(server.url)) == ("", ""), "its lease has not run out"
    assert scans() == [NOT_SCANNED]
    scan_round(ClamAV(server.url), LONG)
    assert scans() == [CLEAN]


def test_what_the_scanner_never_takes_is_asked_once(app: Flask, case: Case, people: People) -> None:
    asked = 0

    def scanner(stream: Readable) -> Verdict:
        nonlocal asked
        asked += 1
        raise TooLargeToScan("size limit exceeded")

    attach(case, people["officer"])
    for _turn in range(2):
        assert scanning.scan_waiting(storage(), scanner, lambda: clock.now() + LONG) == ("", "")
    assert (asked, scans()) == (1, [NOT_SCANNED])
    assert not arrived("large.txt", b"x", scanner).scan_again


def test_a_file_that_the_storage_does_not_give_is_told(app: Flask, case: Case, people: People, server: clamav.Server) -> None:
    attach(case, people["officer"])

    class Away:
        def open(self, key: str) -> Readable:
            raise StorageFailed("away")

    assert scanning.scan_waiting(Away(), ClamAV(server.url), clock.now) == ("the storage does not give a file", "away")  # type: ignore[arg-type]
    assert scans() == [NOT_SCANNED]


def test_a_round_ends_when_the_end_is_asked_for(app: Flask, case: Case, people: People, server: clamav.Server) -> None:
    attach(case, people["officer"])

    scanning.scan_waiting(storage(), ClamAV(server.url), clock.now, stop=lambda: True)
    assert scans() == [NOT_SCANNED]
