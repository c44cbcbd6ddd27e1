"""What is issued in a house with a certificate is sealed, and what cannot be sealed is not issued."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select, text

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.documents import dossier_queries, queries
from procure.domain import seals
from procure.infra import clock, seal
from procure.infra.db import db
from procure.infra.seal import Means
from procure.support import opinion_press, opinion_queries
from procure.support.models import SupportRequest
from procure.support.opinion_models import OpinionVersion
from tests import factories
from tests.cases.histories import first_break, tamper
from tests.documents import builders, conformance
from tests.documents.test_dossiers import asked_for, file_of, make_due
from tests.documents.test_issuing import pages_of, write
from tests.infra import sealing
from tests.infra.sealing import PASSWORD
from tests.support.builders import taken
from tests.support.opinion_builders import CONTENT, by_expert

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]

KIND = "needs_assessment"


@pytest.fixture
def archive(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """The house seals with this certificate, without a time stamp."""
    before = seal._means
    found = sealing.authority().archive(tmp_path)
    seal.use(Means(found, PASSWORD, "", None, "https://procure.example.fi/verify"))
    yield found
    seal.use(before)


@pytest.fixture
def full(people: People) -> Case:
    return builders.full_case(people["officer"])


def issue(client: FlaskClient, case: Case) -> str:
    return client.post(f"/cases/{case.reference}/documents/{KIND}/issue?language=en", follow_redirects=True).text


def standing_of(content: bytes) -> str:
    [one] = seal.examine(content).seals
    return seals.standing(one, clock.now())


def test_an_issued_document_is_sealed_and_its_page_and_its_event_say_by_whom(
    archive: Path, full: Case, people: People, client_for: ClientFor, tmp_path: Path
) -> None:
    officer = client_for(people["officer"])
    page = issue(officer, full)

    assert f"Sealed by {sealing.CITY}" in page
    assert "PAdES B-B" in page
    assert 'href="/verify"' in page
    [one] = queries.issued_of(full)
    assert (one.seal_level, one.sealed_by) == (seals.B_B, sealing.CITY)
    [event] = factories.events(full, "document_issued")
    assert one.sealed_at is not None
    assert {name: event.payload[name] for name in ("seal", "sealed_by", "sealed_at")} == {
        "seal": "B-B", "sealed_by": sealing.CITY, "sealed_at": one.sealed_at.isoformat(),
    }  # fmt: skip
    with officer.get(f"/cases/{full.reference}/documents/issued/1/{one.file_name}") as answer:
        content = bytes(answer.data)
    assert standing_of(content) == seals.SOUND
    assert conformance.faults(content, "en") == []
    if not conformance.verifier():
        assert conformance.verdicts({"issued": content}, tmp_path) == []
    assert "Check this document at https://procure.example.fi/verify" in conformance.text_of(content)
    reason = PdfReader(io.BytesIO(content)).root_object["/AcroForm"]["/Fields"][0].get_object()["/V"]["/Reason"]
    assert reason == f"{full.reference}/D1"


def test_without_a_certificate_the_page_says_that_nothing_is_sealed_and_what_that_means(
    full: Case, people: People, client_for: ClientFor
) -> None:
    page = issue(client_for(people["officer"]), full)

    assert "Not sealed: no certificate was set up" in page
    assert "Its fingerprint is kept all the same" in page
    [one] = queries.issued_of(full)
    assert (one.seal_level, one.sealed_by, one.sealed_at) == (seals.NONE, "", None)


def test_the_same_facts_give_the_same_bytes_before_the_seal(
    full: Case, people: People, client_for: ClientFor, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed: list[bytes] = []

    def fails(means: Means, content: bytes, reason: str) -> seal.Sealed:
        sealed.append(content)
        raise seal.SealFailed("timestamp", "tried")

    monkeypatch.setattr(seal, "sealed_with", fails)
    officer = client_for(people["officer"])
    issue(officer, full)
    issue(officer, full)

    assert len(sealed) == 2
    assert sealed[0] == sealed[1]


@pytest.mark.parametrize(
    ("trouble", "told"),
    [("password", "the certificate of the service cannot be used"), ("timestamp", "the time stamp service does not answer")],
)
def test_what_cannot_be_sealed_is_not_issued_and_the_person_is_told_what_to_do(
    archive: Path, full: Case, people: People, client_for: ClientFor, trouble: str, told: str
) -> None:
    wrong = {"password": ("another", ""), "timestamp": (PASSWORD, "http://127.0.0.1:9/")}
    seal.use(Means(archive, *wrong[trouble]))

    page = issue(client_for(people["officer"]), full)

    assert told in page
    assert "nothing was issued" in page
    assert queries.issued_of(full) == []
    assert factories.events(full, "document_issued") == []


def test_a_seal_that_the_tables_tell_otherwise_than_the_log_is_found(
    archive: Path, people: People, client_for: ClientFor
) -> None:
    told = factories.make_case(people["officer"], need={"en": "Bins overflow."}, award_criteria={"en": "Quality 60 %."})
    officer = client_for(people["officer"])
    write(officer, told)
    officer.post(f"{pages_of(told)}/issue?language=en")
    assert queries.issued_of(told)[0].seal_level == seals.B_B
    assert first_break(told) is None

    table = "issued_documents"
    sqlite = db.session.get_bind().dialect.name == "sqlite"
    db.session.execute(text(f"DROP TRIGGER {table}_no_update" if sqlite else f"DROP TRIGGER {table}_only_grows ON {table}"))
    tamper(f"UPDATE {table} SET sealed_by = 'Somebody else'")

    assert first_break(told) == (told.last_sequence, "issued_document")


def test_an_opinion_is_sealed_when_it_is_issued_and_its_page_says_so(
    archive: Path, case: Case, people: People, client_for: ClientFor
) -> None:
    request = taken(case, people["officer"], people["expert"], topic="funding")
    press = opinion_press.Press()

    def printed(request: SupportRequest, version: OpinionVersion) -> tuple[str, int]:
        try:
            return press(request, version)
        except opinion_press.NotPrinted as missing:
            press.keep(missing, opinion_press.made(opinion_queries.as_issued(request, version)))
            return press(request, version)

    by_expert(request, people["expert"], "issue", CONTENT, 0, today=clock.today(), now=clock.now(), press=printed)
    version = db.session.scalars(select(OpinionVersion)).one()

    assert (version.seal_level, version.sealed_by) == (seals.B_B, sealing.CITY)
    found = opinion_queries.issued_in(db.session.get_one(SupportRequest, request.id))
    assert found is not None
    content = opinion_press.file_of(found)
    assert len(content) == version.size
    assert standing_of(content) == seals.SOUND
    assert "https://procure.example.fi/verify" in conformance.text_of(content)
    assert factories.events(case, "support_answered")[0].payload["seal"] == "B-B"
    page = client_for(people["officer"]).get(f"/support/{request.id}/opinions/1").text
    assert f"Sealed by {sealing.CITY}" in page


def test_a_dossier_binds_sealed_documents_without_their_seals_and_has_one_of_its_own(
    archive: Path, full: Case, people: People, client_for: ClientFor, tmp_path: Path
) -> None:
    officer = client_for(people["officer"])
    issue(officer, full)
    asked_for(full, people["officer"])
    assert make_due() == ("", "")

    dossier = dossier_queries.dossier_of(full, 1)
    assert dossier is not None
    assert (dossier.seal_level, dossier.sealed_by) == (seals.B_B, sealing.CITY)
    content = file_of(officer, full, 1, "pdf")
    assert len(content) == dossier.pdf_size
    assert standing_of(content) == seals.SOUND
    assert content.count(b"/ByteRange") == 1
    assert conformance.faults(content, "fi") == []
    if not conformance.verifier():
        assert conformance.verdicts({"dossier": content}, tmp_path) == []
    page = officer.get(f"/cases/{full.reference}/dossiers/1").text
    assert f"Sealed by {sealing.CITY}" in page
    assert factories.events(full, "dossier_made")[0].payload["seal"] == "B-B"


def test_a_dossier_that_cannot_be_sealed_waits_and_is_tried_again(archive: Path, full: Case, people: People) -> None:
    seal.use(Means(archive, PASSWORD, "http://127.0.0.1:9/"))
    dossier = asked_for(full, people["officer"])

    what, detail = make_due()

    assert what == "a dossier cannot be sealed"
    assert "time stamp service" in detail
    assert (dossier.state, dossier.trouble) == ("asked", "seal")
