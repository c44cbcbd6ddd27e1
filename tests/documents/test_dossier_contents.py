"""What a dossier holds: what was chosen, and nothing that its reader may not have."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import current_app
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import text

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.cases.verifying import procedure_of
from procure.documents import dossier_making, dossier_queries
from procure.documents.dossier_models import Dossier
from procure.domain import dossiers
from procure.infra import clock
from procure.infra.db import db
from procure.infra.storage import storage_at
from tests import factories
from tests.attachments.builders import attach
from tests.attachments.files import pdf
from tests.communications.builders import plan
from tests.declarations.builders import declare
from tests.documents import conformance
from tests.documents.test_several import begin, fill
from tests.support.builders import ask
from tests.teams.builders import add_member, write_note

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
NOTE, OTHER_NOTE = "Ask the lawyer about clause nine.", "The supplier called again."


@pytest.fixture
def told(people: People) -> Case:
    """A case with two notes, a question to the experts and something to tell."""
    case = factories.make_case(people["officer"])
    for words in (NOTE, OTHER_NOTE):
        write_note(case, people["officer"], words)
    ask(case, people["officer"])
    plan(case, people["officer"])
    return case


def made(client: FlaskClient, case: Case, **chosen: Any) -> Dossier:
    answer = client.post(
        f"/cases/{case.reference}/dossiers", data={"save": "1"} | chosen
    )  # as a browser sends it: never nothing at all
    number = int(answer.location.rpartition("/")[2])
    assert dossier_making.make_due(storage_at(current_app.config["SETTINGS"].storage_url), clock.now) == ("", "")
    found = dossier_queries.dossier_of(case, number)
    assert found is not None
    return found


def file_of(client: FlaskClient, case: Case, one: Dossier, ending: str) -> bytes:
    name = f"{case.reference}-dossier-{one.number}.{ending}"
    with client.get(f"/cases/{case.reference}/dossiers/{one.number}/{name}") as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def opened(client: FlaskClient, case: Case, one: Dossier) -> tuple[zipfile.ZipFile, dict[str, Any]]:
    content = file_of(client, case, one, "zip")
    dossiers.check(io.BytesIO(content), procedure_of)
    archive = zipfile.ZipFile(io.BytesIO(content))
    return archive, json.loads(archive.read("manifest.json"))


def test_no_note_and_no_message_is_in_it_that_was_not_chosen(told: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])

    archive, said = opened(officer, told, made(officer, told))

    assert said["choice"] == {"versions": "all", "threads": [], "notes": [], "threads_in_case": 1, "notes_in_case": 2}
    assert not [name for name in archive.namelist() if name.startswith(("messages/", "notes"))]
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert NOTE.encode() not in whole


def test_the_page_offers_every_thread_and_no_note(told: Case, people: People, client_for: ClientFor) -> None:
    page = client_for(people["officer"]).get(f"/cases/{told.reference}/dossiers").text

    assert NOTE in page
    boxes = [line for line in page.split("<input")[1:] if 'type="checkbox"' in line.split(">")[0]]
    ticked = {line.split('name="')[1].split('"')[0]: " checked" in line.split(">")[0] for line in boxes}
    assert ticked == {"threads": True, "notes": False}


def test_what_was_chosen_is_in_both_files_with_its_hash(told: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    request = dossier_queries.requests_in(told)[0]
    one = made(officer, told, threads=[str(request.id)], notes=["1"])

    archive, said = opened(officer, told, one)

    kinds = {row["kind"]: row["path"] for row in said["files"]}
    assert request.question in archive.read(kinds["thread"]).decode()
    assert NOTE in archive.read(kinds["notes"]).decode()
    assert OTHER_NOTE not in archive.read(kinds["notes"]).decode()
    assert json.loads(archive.read(kinds["communications"]))["communications"][0]["versions"]
    assert said["choice"]["threads"] == [request.id]
    printed = conformance.text_of(file_of(officer, told, one, "pdf"))
    assert NOTE in printed
    assert "notes of the team: 1 of 2" in printed
    assert OTHER_NOTE not in printed


@pytest.mark.parametrize("chosen", [{"threads": ["999999"], "notes": ["7", "x", "-1"]}, {"versions": "none"}])
def test_what_is_not_there_cannot_be_chosen(told: Case, people: People, client_for: ClientFor, chosen: dict[str, Any]) -> None:
    officer = client_for(people["officer"])

    _archive, said = opened(officer, told, made(officer, told, **chosen))

    assert (said["choice"]["versions"], said["choice"]["threads"], said["choice"]["notes"]) == ("all", [], [])


def test_the_latest_versions_alone_when_they_were_chosen(told: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    kind = "monitoring_report"
    fill(told, people["officer"], about="Spring")
    fill(told, people["officer"], begin(told, people["officer"], "Autumn"))
    for of in ("", "&of=2"):
        officer.post(f"/cases/{told.reference}/documents/{kind}/issue?language=en{of}")
    fill(told, people["officer"], about="Spring 2027")
    officer.post(f"/cases/{told.reference}/documents/{kind}/issue?language=en")

    _archive, said = opened(officer, told, made(officer, told, versions="latest"))
    _archive, whole = opened(officer, told, made(officer, told))

    kept = [(row["number"].rpartition("/")[2], row["version"]) for row in said["files"] if row["kind"] == "document"]
    everything = [(row["number"].rpartition("/")[2], row["version"]) for row in whole["files"] if row["kind"] == "document"]
    left = [number.rpartition("/")[2] for number, why in said["left_out"].items() if why == "earlier_version"]
    assert sorted([*kept, *((number, 1) for number in left)]) == sorted(everything)
    assert left == ["D1"]
    assert any("Spring 2027" in row.get("title", "") for row in said["files"])


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf",
        "CON.pdf",
        "a" * 300 + ".pdf",
        "x\x00\x1b[31m\u202efdp.exe.pdf",
        "C:\\temp\\offer.pdf",
        "...",
        "offer.pdf",
    ],
)
def test_a_file_is_unpacked_where_it_belongs_whatever_it_is_called(
    told: Case, people: People, client_for: ClientFor, name: str
) -> None:
    for title in ("One", "Two"):
        attach(told, people["officer"], title=title, content=pdf(title))
    stored = name.replace("\x00", "") if db.session.get_bind().dialect.name == "postgresql" else name
    db.session.execute(text("UPDATE attachment_versions SET file_name = :name"), {"name": stored[:120]})
    db.session.commit()
    officer = client_for(people["officer"])

    archive, said = opened(officer, told, made(officer, told))

    paths = [row["path"] for row in said["files"] if row["kind"] == "attachment"]
    assert len({path.casefold() for path in paths}) == 2, "the same name twice is two files"
    assert not [path for path in archive.namelist() if dossiers.is_unsafe(path)]
    assert all(path.split("/")[:1] == ["attachments"] and len(path.split("/")) == 3 for path in paths)
    called = {row.get("file_name", row["path"].rpartition("-")[2]) for row in said["files"] if row["kind"] == "attachment"}
    assert called == {stored[:120]}, "the manifest tells what it was called"


def test_a_partner_city_takes_what_is_there_and_no_tender_material_without_its_own_declaration(
    told: Case, people: People, client_for: ClientFor
) -> None:
    attach(told, people["officer"], title="Offer", content=pdf("a tender"), tender_material=True)
    officer, partner = client_for(people["officer"]), client_for(people["other_officer"])
    factories.make_partner(told, people["other_officer"])
    plain = made(officer, told)
    declare(told, people["officer"], "none")
    with_tenders = made(officer, told)

    page = partner.get(f"/cases/{told.reference}/dossiers").text
    assert "Make a dossier" not in page
    assert partner.post(f"/cases/{told.reference}/dossiers").status_code == 404
    assert file_of(partner, told, plain, "zip")
    for ending in ("zip", "pdf"):
        name = f"{told.reference}-dossier-{with_tenders.number}.{ending}"
        assert partner.get(f"/cases/{told.reference}/dossiers/{with_tenders.number}/{name}").status_code == 403
        assert name not in page
    declare(told, people["other_officer"], "none")
    assert file_of(partner, told, with_tenders, "zip")


def test_a_guest_reads_and_asks_for_none(told: Case, people: People, client_for: ClientFor) -> None:
    one = made(client_for(people["officer"]), told)
    add_member(told, people["officer"], people["officer2"], "guest")
    guest = client_for(people["officer2"])

    assert guest.post(f"/cases/{told.reference}/dossiers").status_code == 404
    assert "Make a dossier" not in guest.get(f"/cases/{told.reference}/dossiers").text
    assert file_of(guest, told, one, "zip")


def test_the_contents_lead_to_the_first_page_of_each_part(told: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    request = dossier_queries.requests_in(told)[0]
    fill(told, people["officer"])
    for language in ("fi", "sv"):
        officer.post(f"/cases/{told.reference}/documents/monitoring_report/issue?language={language}")
    content = file_of(officer, told, made(officer, told, threads=[str(request.id)], notes=["1", "2"]), "pdf")

    reader: Any = PdfReader(io.BytesIO(content))
    marks = [reader.get_destination_page_number(mark) for mark in reader.outline]
    pages = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}
    links = [pages[list.__getitem__(note.get_object()["/Dest"], 0).idnum] for note in reader.pages[0]["/Annots"]]
    assert links == marks[1:]
    assert b"part.invalid" not in content
    contents = reader.pages[0].extract_text()
    for place in links:
        assert str(place + 1) in contents
