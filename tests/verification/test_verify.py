"""Anybody checks a document: whether it was issued here, what its seal says, and nothing else of the case."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.documents import queries as documents
from procure.documents.models import IssuedDocument
from procure.domain import seals
from procure.domain.seals import Examined, Seal
from procure.infra import clock, seal
from procure.infra.db import db
from procure.infra.seal import Means
from procure.infra.storage import storage_at
from procure.verification import pages, queries, service
from procure.verification.commands import verify_document
from procure.verification.models import VerificationTry
from procure.verification.service import Answer
from tests import factories
from tests.attachments.files import whole
from tests.documents import builders
from tests.documents.test_dossiers import asked_for, make_due
from tests.infra import sealing
from tests.infra.sealing import PASSWORD
from tests.support.builders import taken
from tests.support.opinion_builders import CONTENT, by_expert, issue, press

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
KIND = "needs_assessment"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def full(people: People) -> Case:
    return builders.full_case(people["officer"])


@pytest.fixture
def archive(app: Flask, tmp_path: Path) -> Iterator[Path]:
    before = seal._means
    found = sealing.authority().archive(tmp_path)
    seal.use(Means(found, PASSWORD, "", None, "https://procure.example.fi/verify"))
    yield found
    seal.use(before)


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The files whose seals would have been looked at: none has any."""
    seen: list[bytes] = []

    def examine(content: bytes) -> Examined:
        seen.append(content)
        return Examined()

    monkeypatch.setattr(seal, "examine", examine)
    return seen


def issued(client: FlaskClient, app: Flask, case: Case, language: str = "en") -> bytes:
    """The bytes of a document that has just been issued."""
    assert client.post(f"/cases/{case.reference}/documents/{KIND}/issue?language={language}").status_code == 302
    return kept(app, documents.issued_of(case)[0].storage_key)


def kept(app: Flask, key: str) -> bytes:
    with closing(storage_at(app.config["SETTINGS"].storage_url).open(key)) as stream:
        return stream.read()


def send(client: FlaskClient, content: bytes, name: str = "document.pdf", **more: Any) -> TestResponse:
    return client.post("/verify", **whole(name, content), headers=ENGLISH, **more)


def one_seal(**changes: Any) -> Seal:
    values: dict[str, Any] = {
        "by": "City of Oulu", "issuer": "An authority", "own": False, "intact": True, "valid": True, "trusted": True, "rooted": True,
        "whole": True,
        "level": seals.B_B, "valid_until": clock.now() + timedelta(days=100), "claimed_at": clock.now(),
    }  # fmt: skip
    return Seal(**values | changes)


def answered(known: queries.Known | None, *found: Seal, trouble: str = "") -> Answer:
    examined, now = Examined(found, trouble), clock.now()
    return Answer("0" * 64, known, examined, now, seals.holds(known is not None, examined, now))


def test_the_page_is_there_for_everybody_in_three_languages(anonymous: FlaskClient) -> None:
    for language, heading in (("en", "Check a document"), ("fi", "Tarkista asiakirja"), ("sv", "Kontrollera ett dokument")):
        answer = anonymous.get("/verify", headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert heading in answer.text
    assert 'href="/verify"' in anonymous.get("/sign-in").text


def test_a_document_issued_and_sealed_here_is_recognised_and_told_of_without_its_case(
    app: Flask, archive: Path, full: Case, people: People, client_for: ClientFor, anonymous: FlaskClient
) -> None:
    content = issued(client_for(people["officer"]), app, full)

    answer = send(anonymous, content)

    assert answer.status_code == 200
    assert "This document was issued here" in answer.text
    for told in (f"{full.reference}/D1", "Needs assessment", "Tampere", sealing.CITY, "The seal holds", "PAdES B-B"):
        assert told in answer.text
    assert "newer version" not in answer.text
    for silent in (*builders.ANSWERS["title"].values(), people["officer"].name, builders.SECRET_RISK):
        assert silent not in answer.text


def test_a_changed_copy_is_not_issued_here_and_its_seal_is_broken(
    app: Flask, archive: Path, full: Case, people: People, client_for: ClientFor, anonymous: FlaskClient
) -> None:
    content = bytearray(issued(client_for(people["officer"]), app, full))
    content[2000] ^= 1

    page = send(anonymous, bytes(content)).text

    assert "This file is not as it was sealed" in page
    assert "The seal is broken" in page
    assert f"{full.reference}/D1" not in page


def test_a_newer_version_is_told_of_and_another_language_of_the_same_is_none(
    app: Flask, full: Case, people: People, client_for: ClientFor, anonymous: FlaskClient, unread: list[bytes]
) -> None:
    officer = client_for(people["officer"])
    first = issued(officer, app, full)
    issued(officer, app, full, "fi")
    assert "A newer version" not in send(anonymous, first).text

    factories.answer(full, people["officer"], owner={"en": "Another unit"})
    second = issued(officer, app, full)

    assert "A newer version has been issued since" in send(anonymous, first).text
    assert "A newer version" not in send(anonymous, second).text
    assert "The file has no seal. That it was issued here is known by its fingerprint alone" in send(anonymous, second).text


def test_an_opinion_and_its_correction_are_known_by_number_and_version(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="funding")
    first = issue(request, people["expert"])

    known = queries.known(first.sha256)
    assert known is not None
    assert (known.what, known.number, known.version, known.newer) == (
        "opinion",
        f"AL-{first.year}-{first.number:04d}/1",
        1,
        False,
    )
    assert known.city["en"] == "Tampere"
    corrected = CONTENT.__class__(**{name: getattr(CONTENT, name) for name in CONTENT.__slots__} | {"changed": "A", "why": "B"})
    by_expert(request, people["expert"], "issue", corrected, 0, today=clock.today(), now=clock.now(), press=press)
    again = queries.known(first.sha256)
    assert again is not None
    assert again.newer


def test_both_files_of_a_dossier_are_known(
    app: Flask, full: Case, people: People, client_for: ClientFor, anonymous: FlaskClient, unread: list[bytes]
) -> None:
    issued(client_for(people["officer"]), app, full)
    dossier = asked_for(full, people["officer"])
    assert make_due() == ("", "")

    for sha256 in (dossier.pdf_sha256, dossier.zip_sha256):
        known = queries.known(sha256)
        assert known is not None
        assert (known.what, known.number, known.newer) == ("dossier", f"{full.reference}-dossier-1", False)
    assert f"{full.reference}-dossier-1" in send(anonymous, kept(app, dossier.pdf_sha256)).text


def test_an_unknown_file_is_told_apart_by_what_its_seal_says(app: Flask) -> None:
    with app.test_request_context(headers=ENGLISH):
        told = {
            name: pages.view(answered(None, *found), "en").heading
            for name, found in {
                "none": (), "own": (one_seal(own=True),), "foreign": (one_seal(),), "untrusted": (one_seal(trusted=False),),
                "broken": (one_seal(intact=False),), "added": (one_seal(whole=False),),
            }.items()
        }  # fmt: skip

    unknown = "This service does not know the file"
    assert told == {
        "none": unknown, "own": "This service sealed the file but does not know it", "foreign": unknown, "untrusted": unknown,
        "broken": "This file is not as it was sealed", "added": "This file is not as it was sealed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, "sound"),
        ({"valid": False}, "changed"),
        ({"intact": False}, "changed"),
        ({"intact": False, "valid": True, "trusted": True}, "changed"),
        ({"whole": False}, "added"),
        ({"trusted": False}, "untrusted"),
        ({"trusted": False, "rooted": False, "valid_until": clock.now() - timedelta(days=1)}, "untrusted"),
        ({"trusted": False, "valid_until": clock.now() - timedelta(days=1)}, "expired"),
    ],
)
def test_a_seal_is_sound_only_when_it_is_intact_valid_trusted_and_whole(changes: dict[str, Any], standing: str) -> None:
    assert seals.standing(one_seal(**changes), clock.now()) == standing


@pytest.mark.parametrize("trouble", seals.TROUBLES)
def test_what_could_not_be_read_is_said_and_nothing_is_held_to_be_true(app: Flask, trouble: str) -> None:
    answer = answered(None, trouble=trouble)

    assert not answer.holds
    with app.test_request_context(headers=ENGLISH):
        assert pages.view(answer, "en").without


def test_ten_megabytes_of_rubbish_are_answered_and_leave_nothing_behind(
    app: Flask, anonymous: FlaskClient, tmp_path: Path
) -> None:
    answer = send(anonymous, b"%PDF-1.7\n" + b"\x00rubbish" * 1_300_000)

    assert answer.status_code == 200
    assert "This service does not know the file" in answer.text
    assert "cannot be read as a PDF" in answer.text or "too much time or memory" in answer.text
    assert not list(Path(app.config["SETTINGS"].instance).rglob("*rubbish*"))


def test_a_file_that_is_too_large_is_refused_in_words(anonymous: FlaskClient, unread: list[bytes]) -> None:
    answer = send(anonymous, b"%PDF-" + b"x" * service.LARGEST_FILE)

    assert answer.status_code == 422
    assert "at most 20 MB" in answer.text
    assert unread == []


def test_sending_nothing_is_answered_with_what_to_do(anonymous: FlaskClient) -> None:
    answer = anonymous.post("/verify", data={}, headers=ENGLISH)

    assert answer.status_code == 422
    assert "Choose the document as a PDF" in answer.text


def test_whoever_checks_too_many_files_waits_and_others_do_not(anonymous: FlaskClient, unread: list[bytes]) -> None:
    from_here, from_there = ({"environ_base": {"REMOTE_ADDR": address}} for address in ("192.0.2.1", "192.0.2.2"))
    for _ in range(service.TRIES_PER_NETWORK):
        assert send(anonymous, b"%PDF-1.7", **from_here).status_code == 200

    refused = send(anonymous, b"%PDF-1.7", **from_here)
    assert refused.status_code == 429
    assert "Wait 15 minutes" in refused.text
    assert len(unread) == service.TRIES_PER_NETWORK
    assert send(anonymous, b"%PDF-1.7", **from_there).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert send(anonymous, b"%PDF-1.7", **from_here).status_code == 200
        assert db.session.scalar(select(func.count()).select_from(VerificationTry)) == 1


def test_no_address_and_nothing_of_a_file_is_kept_or_logged(
    anonymous: FlaskClient, unread: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    send(anonymous, b"%PDF-1.7 canary", name="canary.pdf", environ_base={"REMOTE_ADDR": "192.0.2.77"})

    [row] = db.session.scalars(select(VerificationTry)).all()
    assert len(row.subject) == 64
    assert "192.0.2.77" not in row.subject
    assert "canary" not in caplog.text


def test_when_others_keep_the_service_busy_the_answer_says_so(anonymous: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "examine", lambda content: Examined(trouble=seals.BUSY))

    answer = send(anonymous, b"%PDF-1.7")

    assert answer.status_code == 503
    assert "Try again in a moment" in answer.text


def test_the_command_gives_the_same_answer_and_its_status(
    app: Flask, archive: Path, full: Case, people: People, client_for: ClientFor, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(issued(client_for(people["officer"]), app, full))
    bad.write_bytes(good.read_bytes() + b"\n")
    runner = app.test_cli_runner()

    told = runner.invoke(verify_document, [str(good)])
    assert told.exit_code == 0
    assert "This document was issued here" in told.output
    assert f"Number: {full.reference}/D1" in told.output
    assert "The seal holds" in told.output
    told = runner.invoke(verify_document, [str(bad)])
    assert told.exit_code == 1
    assert "Something has been added after the seal" in told.output
    assert runner.invoke(verify_document, [str(tmp_path / "nowhere.pdf")]).exit_code == 2


def test_a_known_document_is_found_with_few_questions_to_the_database(
    app: Flask, full: Case, people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    issued(client_for(people["officer"]), app, full)
    sha256 = db.session.scalars(select(IssuedDocument.sha256)).one()
    asked = count_queries()

    assert queries.known(sha256) is not None
    assert len(asked) == 1
    assert queries.known("0" * 64) is None
    assert len(asked) == 4
