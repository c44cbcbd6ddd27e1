"""A dossier: the whole case as a ZIP that anybody can check and as one archival PDF, made in the background."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import current_app
from flask.testing import FlaskClient
from pypdf import PdfReader

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.cases.verifying import procedure_of
from procure.documents import dossier_queries, dossier_service
from procure.documents.dossier_models import Dossier
from procure.domain import dossiers
from procure.infra import clock
from procure.infra.storage import storage_at
from tests import factories
from tests.attachments.builders import attach
from tests.documents import builders, conformance

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]


@pytest.fixture
def full(people: People, client_for: ClientFor) -> Case:
    """A case with two issued documents and an attachment."""
    case = builders.full_case(people["officer"])
    officer = client_for(people["officer"])
    for kind in ("needs_assessment", "summary"):
        assert officer.post(f"/cases/{case.reference}/documents/{kind}/issue?language=fi").status_code == 302
    attach(case, people["officer"])
    return case


def make_due() -> tuple[str, str]:
    return dossier_service.make_due(storage_at(current_app.config["SETTINGS"].storage_url), clock.now)


def made(client: FlaskClient, case: Case) -> Dossier:
    """A dossier asked for on the page, and made as the worker does."""
    answer = client.post(f"/cases/{case.reference}/dossiers")
    number = int(answer.location.rpartition("/")[2])
    assert make_due() == ("", "")
    found = dossier_queries.dossier_of(case, number)
    assert found is not None
    return found


def file_of(client: FlaskClient, case: Case, number: int, ending: str) -> bytes:
    with client.get(f"/cases/{case.reference}/dossiers/{number}/{case.reference}-dossier-{number}.{ending}") as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def test_the_page_tells_how_far_it_is_and_then_gives_both_files(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    assert "No dossier has been made yet" in officer.get(f"/cases/{full.reference}/dossiers").text

    asked = officer.post(f"/cases/{full.reference}/dossiers")
    waiting = officer.get(asked.location)
    assert "It is being made" in waiting.text
    assert waiting.headers["Refresh"]

    assert make_due() == ("", "")
    ready = officer.get(asked.location)
    assert "Refresh" not in ready.headers
    assert f"{full.reference}-dossier-1.zip" in ready.text
    assert f"{full.reference}-dossier-1.pdf" in officer.get(f"/cases/{full.reference}/dossiers").text
    event = factories.events(full, "dossier_made")[0]
    row = dossier_queries.dossier_of(full, 1)
    assert row is not None
    assert (event.payload["sha256"], event.payload["pdf_sha256"]) == (row.zip_sha256, row.pdf_sha256)


def test_the_zip_holds_everything_and_holds_what_its_manifest_says(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    content = file_of(officer, full, made(officer, full).number, "zip")

    checked = dossiers.check(io.BytesIO(content), procedure_of)
    assert checked.reference == full.reference
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        said = json.loads(archive.read("manifest.json"))
        readme = archive.read("README.txt").decode()
        assert archive.read("case.json").startswith(b"{")
    assert {name.partition("/")[0] for name in names} == {
        "README.txt", "manifest.json", "documents", "attachments", "case.json", "history.jsonl", "history.csv",
    }  # fmt: skip
    assert [row["number"] for row in said["files"] if row["kind"] == "document"] == [
        f"{full.reference}/D1",
        f"{full.reference}/D2",
    ]
    assert said["last_hash"] in readme
    assert said["events"] == checked.events == full.last_sequence - 1, "the dossier's own event comes after what it holds"


def test_the_pdf_has_cover_documents_history_and_bookmarks_and_stays_archival(
    full: Case, people: People, client_for: ClientFor, tmp_path: Path
) -> None:
    officer = client_for(people["officer"])
    content = file_of(officer, full, made(officer, full).number, "pdf")

    reader = PdfReader(io.BytesIO(content))
    marks: list[Any] = list(reader.outline)
    places = [reader.get_destination_page_number(mark) for mark in marks]
    assert len(marks) == 4, "cover, two documents, history"
    assert places[0] == 0
    for place, mark in zip(places[1:], marks[1:], strict=True):
        assert str((place or 0) + 1) in reader.pages[0].extract_text(), mark.title
    assert conformance.faults(content, "fi") == []
    if not conformance.verifier():
        assert conformance.verdicts({"dossier": content}, tmp_path) == []


@pytest.mark.parametrize("name", ["other_officer", "expert", "coordinator"])
def test_nobody_else_finds_or_makes_one(full: Case, people: People, client_for: ClientFor, name: str) -> None:
    made(client_for(people["officer"]), full)
    stranger = client_for(people[name])

    for answer in (
        stranger.get(f"/cases/{full.reference}/dossiers"),
        stranger.post(f"/cases/{full.reference}/dossiers"),
        stranger.get(f"/cases/{full.reference}/dossiers/1"),
        stranger.get(f"/cases/{full.reference}/dossiers/1/{full.reference}-dossier-1.zip"),
    ):
        assert answer.status_code in (403, 404)


def test_zz_keep(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    n = made(officer, full).number
    Path("/tmp/h-dossier-scratch/d.pdf").write_bytes(file_of(officer, full, n, "pdf"))
    Path("/tmp/h-dossier-scratch/d.zip").write_bytes(file_of(officer, full, n, "zip"))
    for name, path in (("list", "dossiers"), ("one", "dossiers/1")):
        Path(f"/tmp/h-dossier-scratch/{name}.html").write_text(officer.get(f"/cases/{full.reference}/{path}").text)
