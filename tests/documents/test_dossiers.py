"""A dossier: the whole case as a ZIP that anybody can check and as one archival PDF, made in the background."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import current_app
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.cases.verifying import procedure_of
from procure.documents import dossier_making, dossier_paper, dossier_queries, dossier_service
from procure.documents.dossier_models import Dossier
from procure.domain import dossiers, leases
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from procure.infra.storage import storage_at
from tests import factories
from tests.attachments.builders import attach
from tests.attachments.files import pdf
from tests.cases.histories import first_break, tamper
from tests.declarations.builders import declare
from tests.documents import builders, conformance
from tests.letterheads.builders import kept_logo, picture, save

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
    return dossier_making.make_due(storage_at(current_app.config["SETTINGS"].storage_url), clock.now)


def asked_for(case: Case, person: Person) -> Dossier:
    found = dossier_service.ask(case, factories.actor_of(person), clock.now())
    db.session.commit()
    return found


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
        "history.pdf",
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
    save(people["admin"], logo=kept_logo(picture(size=(91, 83))))
    officer = client_for(people["officer"])
    content = file_of(officer, full, made(officer, full).number, "pdf")

    reader = PdfReader(io.BytesIO(content))
    assert conformance.pictures_of(content) == [(91, 83)], "the cover is on the city's letterhead"
    marks: list[Any] = list(reader.outline)
    places = [reader.get_destination_page_number(mark) for mark in marks]
    assert len(marks) == 4, "cover, two documents, history"
    assert places[0] == 0
    for place, mark in zip(places[1:], marks[1:], strict=True):
        assert str((place or 0) + 1) in reader.pages[0].extract_text(), mark.title
    assert conformance.faults(content, "fi") == []
    if not conformance.verifier():
        assert conformance.verdicts({"dossier": content}, tmp_path) == []


def test_a_long_history_is_printed_in_pieces_that_follow_each_other(
    people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = factories.make_case(people["officer"])
    for need in ("Bins overflow.", "Bins overflow in summer."):
        factories.answer(case, people["officer"], need={"en": need})
    for title in ("One", "Two", "Three"):
        attach(case, people["officer"], title=title, content=pdf(title))
    monkeypatch.setattr(dossier_paper, "ROWS_AT_ONCE", 2)
    officer = client_for(people["officer"])

    content = file_of(officer, case, made(officer, case).number, "pdf")

    entries = case.last_sequence - 1
    assert len(list(PdfReader(io.BytesIO(content)).outline)) == 1 + -(-entries // 2)
    said = conformance.text_of(content)
    assert all(title in said for title in ("One", "Two", "Three"))
    assert f"3–{min(4, entries)}" in said


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


def test_tender_material_goes_only_to_those_who_have_declared(full: Case, people: People, client_for: ClientFor) -> None:
    attach(full, people["officer"], title="Offer of Anturi Oy", content=pdf("a tender"), tender_material=True)
    officer, second = client_for(people["officer"]), client_for(people["officer2"])

    without = made(officer, full)
    with zipfile.ZipFile(io.BytesIO(file_of(officer, full, without.number, "zip"))) as archive:
        said = json.loads(archive.read("manifest.json"))
    assert said["left_out"] == {f"{full.reference}/A2": "tender_material"}
    assert "Anturi Oy" not in json.dumps(said, ensure_ascii=False)
    assert not without.tender_material

    declare(full, people["officer"], "none")
    whole = made(officer, full)
    assert whole.tender_material
    content = file_of(officer, full, whole.number, "zip")
    assert dossiers.check(io.BytesIO(content), procedure_of).files == without.files + 1
    closed = second.get(f"/cases/{full.reference}/dossiers/2/{full.reference}-dossier-2.zip")
    assert closed.status_code == 403
    assert f"{full.reference}-dossier-2.zip" not in second.get(f"/cases/{full.reference}/dossiers").text


def test_a_file_with_malware_is_left_out_and_named(full: Case, people: People, client_for: ClientFor) -> None:
    db.session.execute(text("UPDATE attachment_versions SET scan = 'infected'"))
    officer = client_for(people["officer"])

    one = made(officer, full)

    assert one.left_out == 1
    with zipfile.ZipFile(io.BytesIO(file_of(officer, full, one.number, "zip"))) as archive:
        assert list(json.loads(archive.read("manifest.json"))["left_out"].values()) == ["infected"]
        assert not [name for name in archive.namelist() if name.startswith("attachments/")]


def test_one_is_made_at_a_time_and_the_earlier_ones_stay(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    officer.post(f"/cases/{full.reference}/dossiers")
    with pytest.raises(Refusal, match="dossier_open"):
        dossier_service.ask(full, factories.actor_of(people["officer"]), clock.now())
    assert "is being made already" in officer.post(f"/cases/{full.reference}/dossiers", follow_redirects=True).text

    make_due()
    second = made(officer, full)
    assert [one.number for one in dossier_queries.dossiers_of(full)] == [2, 1]
    assert second.at_sequence > (dossier_queries.dossiers_of(full)[1].at_sequence)


def test_the_same_contents_at_the_same_moment_give_the_same_bytes(full: Case, people: People) -> None:
    storage, found = storage_at(current_app.config["SETTINGS"].storage_url), []
    dossier = asked_for(full, people["officer"])
    with time_machine.travel("2026-11-30T10:00:00+02:00", tick=False):
        for _turn in range(2):
            made_now = dossier_making._make(dossier.id, storage, clock.now)
            assert made_now is not None
            found.append((made_now.zip_sha256, made_now.pdf_sha256))

    assert found[0] == found[1]


def test_a_dossier_left_behind_is_taken_up_again_and_given_up_in_the_end(full: Case, people: People) -> None:
    dossier = asked_for(full, people["officer"])
    now = clock.now()
    for turn in range(dossiers.MOST_TRIES):
        assert dossier_making._claim(now) == dossier.id, turn
        assert dossier_making._claim(now) is None, "it belongs to who has claimed it"
        now += dossiers.LEASE

    assert dossier_making._claim(now) is None
    db.session.refresh(dossier)
    assert (dossier.state, dossier.due_at) == (leases.FAILED, None)


def test_a_storage_that_does_not_answer_delays_it(full: Case, people: People, client_for: ClientFor) -> None:
    dossier = asked_for(full, people["officer"])

    what, _detail = dossier_making.make_due(storage_at("file:///proc/nowhere"), clock.now)

    db.session.refresh(dossier)
    assert what
    assert (dossier.state, dossier.trouble) == (leases.ASKED, "storage")
    assert dossier.due_at is not None
    assert dossier.due_at > clock.now()


def test_a_person_made_inactive_gets_none(full: Case, people: People, client_for: ClientFor) -> None:
    dossier = asked_for(full, people["officer2"])
    people["officer2"].active = False
    db.session.commit()

    assert make_due() == ("", "")

    db.session.refresh(dossier)
    assert (dossier.state, dossier.trouble) == (leases.FAILED, "person")
    assert factories.events(full, "dossier_made") == []
    assert "may not read the case any more" in client_for(people["officer"]).get(f"/cases/{full.reference}/dossiers/1").text


def test_the_database_itself_keeps_a_finished_dossier(full: Case, people: People, client_for: ClientFor) -> None:
    made(client_for(people["officer"]), full)

    for statement in ("UPDATE dossiers SET zip_sha256 = 'x'", "DELETE FROM dossiers"):
        with pytest.raises(DBAPIError, match="kept as they are"), db.session.begin_nested():
            db.session.execute(text(statement))


def test_the_log_and_the_list_of_dossiers_are_held_against_each_other(people: People, client_for: ClientFor) -> None:
    told = factories.make_case(people["officer"])
    made(client_for(people["officer"]), told)
    assert first_break(told) is None

    drop = "DROP TRIGGER dossiers_ready_stay"
    db.session.execute(text(drop if db.session.get_bind().dialect.name == "sqlite" else f"{drop} ON dossiers"))
    tamper("UPDATE dossiers SET pdf_sha256 = 'x' WHERE case_id = :case", case=told.id)

    assert first_break(told) == (told.last_sequence, "dossier")


def test_the_list_takes_no_query_for_each_dossier(
    full: Case, people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    by = factories.actor_of(people["officer"])
    officer = client_for(people["officer"])

    def asked() -> int:
        officer.get(f"/cases/{full.reference}/dossiers")
        statements = count_queries()
        officer.get(f"/cases/{full.reference}/dossiers")
        return len(statements)

    dossier_making._give_up(dossier_service.ask(full, by, clock.now()).id, "pdf")
    few = asked()
    for _turn in range(5):
        dossier_making._give_up(dossier_service.ask(full, by, clock.now()).id, "pdf")
    assert asked() == few
