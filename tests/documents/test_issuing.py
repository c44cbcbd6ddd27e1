"""Writing a composed document, issuing it, and what is kept of it."""

import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.documents import issuing_service, queries, service, writing_service
from procure.documents.models import IssuedDocument
from procure.documents.writer import Writer
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from procure.infra.seal import Sealed
from tests import factories
from tests.cases.histories import breaks, first_break, tamper
from tests.documents import builders, conformance

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]

DECISION: dict[str, Any] = {
    "procedure_used": "Open procedure", "rejected": "Nobody was rejected.", "comparison_grounds": "Quality decided.",
    "winner": "Anturi Oy", "price": "412 000,50", "decided": "The tender of Anturi Oy is chosen.", "power": "Board, statute 12 §",
    "standstill": "yes", "annexes": "Appeal instructions", "tenders-0-tenderer": "Anturi Oy", "tenders-0-price": "412 000,50",
    "tenders-0-points": "87,5", "tenders-1-tenderer": "Kontti Ab", "tenders-1-price": "390000", "tenders-1-points": "71",
}  # fmt: skip


@pytest.fixture
def full(people: People) -> Case:
    return builders.full_case(people["officer"])


def pages_of(case: Case, kind: str = "award_decision") -> str:
    return f"/cases/{case.reference}/documents/{kind}"


def write(client: FlaskClient, case: Case, seen: int = 0, **changes: str) -> Any:
    return client.post(f"{pages_of(case)}/write", data=DECISION | changes | {"seen": seen})


def content_of(client: FlaskClient, case: Case, one: IssuedDocument) -> bytes:
    with client.get(f"/cases/{case.reference}/documents/issued/{one.number}/{one.file_name}") as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def issued(case: Case) -> list[IssuedDocument]:
    return list(queries.issued_of(case))


def test_a_document_is_written_issued_and_read_back_byte_for_byte(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    draft = officer.get(pages_of(full)).text
    assert "10 things are still missing" in draft
    assert "/issue" not in draft

    assert write(officer, full).status_code == 302
    ready = officer.get(pages_of(full)).text
    assert "still missing" not in ready
    assert "412,000.50" in ready
    assert officer.post(f"{pages_of(full)}/issue?language=en").location == f"/cases/{full.reference}/documents/issued/1"

    one = issued(full)[0]
    page = officer.get(f"/cases/{full.reference}/documents/issued/1").text
    assert f"{full.reference}/D1" in page
    assert one.sha256 in page
    content = content_of(officer, full, one)
    assert hashlib.sha256(content).hexdigest() == one.sha256
    assert conformance.faults(content, "en") == []
    event = factories.events(full, "document_issued")[0]
    assert event.payload == {
        "document": "award_decision", "number": 1, "version": 1, "language": "en", "sha256": one.sha256, "title": "Award decision",
        "seal": "none",
    }  # fmt: skip


def test_what_a_file_says_for_machines_holds_nothing_else_of_the_case(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    write(officer, full)
    officer.post(f"{pages_of(full)}/issue?language=en")
    officer.post(f"{pages_of(full, 'needs_assessment')}/issue?language=en")
    decision, assessment = sorted(issued(full), key=lambda one: one.number)
    files = {}
    for one in (decision, assessment):
        files[one.kind] = PdfReader(io.BytesIO(content_of(officer, full, one))).attachments

    assert list(files["award_decision"]) == ["document.json"]
    says = json.loads(files["award_decision"]["document.json"][0])
    assert says["number"] == f"{full.reference}/D1"
    assert builders.SECRET_RISK not in json.dumps(says, ensure_ascii=False)
    assert sorted(files["needs_assessment"]) == ["case.json", "document.json"]


def test_another_language_of_the_same_words_is_the_same_version_and_other_words_are_the_next(
    full: Case, people: People, client_for: ClientFor
) -> None:
    officer = client_for(people["officer"])
    write(officer, full)
    for language in ("en", "fi", "en"):
        officer.post(f"{pages_of(full)}/issue?language={language}")
    assert [(one.language, one.version) for one in issued(full)] == [("fi", 1), ("en", 1)], "the third says what the first says"

    write(officer, full, seen=1, winner="Kontti Ab")
    page = officer.get(f"/cases/{full.reference}/documents/issued/1").text
    assert "Out of date" in page
    assert "Anturi Oy" in page
    assert "Kontti Ab" in page
    officer.post(f"{pages_of(full)}/issue?language=en")
    assert (issued(full)[0].number, issued(full)[0].version) == (3, 2)
    assert "Replaced by a later version" in officer.get(f"/cases/{full.reference}/documents/issued/1").text


def test_a_draft_is_not_issued(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    write(officer, full, winner="")

    answer = officer.post(f"{pages_of(full)}/issue?language=en", follow_redirects=True)

    assert "Something is still missing" in answer.text
    assert issued(full) == []


def test_a_case_that_moved_while_the_document_was_made_issues_nothing(full: Case, people: People, client_for: ClientFor) -> None:
    write(client_for(people["officer"]), full)
    by, today = factories.actor_of(people["officer"]), clock.today()
    prepared = issuing_service.prepare("award_decision", service.gather(full, kind="award_decision"), "en", by, today)
    printed = issuing_service.Printed(prepared, 1, "0" * 64, "0" * 64, Sealed(b"%"))
    factories.answer(full, people["officer"], owner={"en": "Another unit"})
    writing_service.write(full, "award_decision", {"winner": "Kontti Ab"}, 1, by, today, clock.now())

    with pytest.raises(Refusal, match="document_moved"):
        issuing_service.issue(full, printed, by, today, clock.now())


def test_two_people_who_write_at_once_lose_no_word(full: Case, people: People, client_for: ClientFor) -> None:
    write(client_for(people["officer"]), full)

    answer = write(client_for(people["officer2"]), full, seen=0, decided="Something else.")

    assert answer.status_code == 409
    assert "Something else." in answer.text
    assert "The tender of Anturi Oy is chosen." in answer.text
    assert write(client_for(people["officer2"]), full, seen=1, decided="Something else.").status_code == 302
    changes = [event.payload["changes"] for event in factories.events(full, "document_written")]
    assert changes[1] == {"decided": {"old": "The tender of Anturi Oy is chosen.", "new": "Something else."}}


def test_what_is_typed_wrongly_is_named_and_kept(full: Case, people: People, client_for: ClientFor) -> None:
    answer = write(client_for(people["officer"]), full, **{"tenders-0-points": "many", "price": "abc"})

    assert answer.status_code == 422
    assert "Enter a number" in answer.text
    assert 'value="many"' in answer.text
    assert queries.text_of(full, "award_decision") is None


def test_a_row_more_is_a_button_that_saves_nothing(full: Case, people: People, client_for: ClientFor) -> None:
    answer = client_for(people["officer"]).post(f"{pages_of(full)}/write", data=DECISION | {"seen": 0, "add": "tenders"})

    assert answer.status_code == 200
    assert 'name="tenders-2-tenderer"' in answer.text
    assert "Kontti Ab" in answer.text
    assert factories.events(full, "document_written") == []


@pytest.mark.parametrize("name", ["other_officer", "expert", "coordinator"])
def test_others_find_no_document_to_write_issue_or_read(full: Case, people: People, client_for: ClientFor, name: str) -> None:
    officer = client_for(people["officer"])
    write(officer, full)
    officer.post(f"{pages_of(full)}/issue?language=en")
    stranger = client_for(people[name])

    for answer in (
        stranger.get(f"{pages_of(full)}/write"),
        stranger.post(f"{pages_of(full)}/issue"),
        stranger.get(f"/cases/{full.reference}/documents/issued/1"),
        stranger.get(f"/cases/{full.reference}/documents/issued/1/{issued(full)[0].file_name}"),
    ):
        assert answer.status_code in (403, 404)


def test_the_database_itself_keeps_what_has_been_issued(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    write(officer, full)
    officer.post(f"{pages_of(full)}/issue?language=en")

    for statement in ("UPDATE issued_documents SET sha256 = 'x'", "DELETE FROM issued_documents"):
        with pytest.raises(DBAPIError, match="only grows"), db.session.begin_nested():
            db.session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE document_texts SET version = 9", "document"),
        ("DELETE FROM document_texts", "document"),
        ("UPDATE document_texts SET fields = '{}'", "document"),
    ],
)
def test_words_and_issued_documents_are_those_that_the_log_tells(
    people: People, client_for: ClientFor, statement: str, what: str
) -> None:
    told = factories.make_case(people["officer"], need={"en": "Bins overflow."}, award_criteria={"en": "Quality 60 %."})
    officer = client_for(people["officer"])
    write(officer, told)
    write(officer, told, seen=1, winner="Kontti Ab", annexes="Appeal instructions, comparison table")
    officer.post(f"{pages_of(told)}/issue?language=en")
    assert len(issued(told)) == 1
    assert breaks(told) == ()

    tamper(f"{statement} WHERE case_id = :case", case=told.id)

    assert first_break(told) == (told.last_sequence, what)


def test_lots_stand_in_a_document_by_their_names_and_never_by_their_values(full: Case) -> None:
    writer = Writer(service.gather(full), "fi", clock.today())

    told = writer.answer("lots").paragraphs

    assert told == ("1. Anturit", "2. Tyhjennys")


def test_the_list_asks_few_questions_however_many_kinds_are_sealed(
    full: Case, people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    client = client_for(people["officer"])
    client.get(f"/cases/{full.reference}/documents")
    executed = count_queries()

    assert client.get(f"/cases/{full.reference}/documents").status_code == 200
    assert len(executed) <= 20, len(executed)
