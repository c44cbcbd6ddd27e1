"""Kinds of which a case has several: each with its own words, versions and numbers, found under its kind."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from procure.accounts.models import Person
from procure.cases import history_export, history_queries
from procure.cases.models import Case
from procure.documents import pages, queries, service, writing_service
from procure.documents.models import IssuedDocument
from procure.domain.compositions import LONGEST_NAME, MOST_OF_KIND
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.cases.histories import breaks, first_break, tamper
from tests.declarations.builders import declare
from tests.documents import builders, conformance
from tests.pages import parse
from tests.pages import text_of as words

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]

PERIOD = "monitoring_report"
MINUTES = "negotiation_minutes"
SECRET = "Binwatch Oy"


@pytest.fixture
def full(people: People) -> Case:
    """Its rows say what its log says."""
    return factories.make_case(people["officer"], need={"en": "Bins overflow."}, award_criteria={"en": "Quality 60 %."})


def page(case: Case, kind: str = PERIOD, rest: str = "") -> str:
    return f"/cases/{case.reference}/documents/{kind}{rest}"


def begin(case: Case, person: Person, about: str, kind: str = PERIOD) -> int:
    made = writing_service.begin(case, kind, about, factories.actor_of(person), clock.today(), clock.now())
    db.session.commit()
    return made.number


def fill(case: Case, person: Person, number: int = 1, kind: str = PERIOD, about: str | None = None, **changes: Any) -> None:
    """Every field that the document cannot do without."""
    composition = service.composition_of(kind)
    assert composition is not None
    samples: dict[str, Any] = {
        "date": "2027-06-30", "money": "1200", "number": "3", "yes_no": True, "line": "As agreed", "text": "All went as agreed.",
    }  # fmt: skip
    given = {
        field.id: [{column.id: samples[column.kind] for column in field.columns}] if field.kind == "table" else samples[field.kind]
        for field in composition.fields
    } | changes  # fmt: skip
    known = queries.text_of(case, kind, number)
    seen, by = known.version if known else 0, factories.actor_of(person)
    writing_service.write(case, kind, given, seen, by, clock.today(), clock.now(), number=number, about=about)
    db.session.commit()


def issued(case: Case, kind: str = PERIOD) -> list[IssuedDocument]:
    return sorted(queries.issued_of(case, kind), key=lambda one: one.number)


def test_a_further_document_is_begun_by_saying_what_tells_it_apart(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    assert "Write another" not in officer.get(f"/cases/{full.reference}/documents").text
    begin(full, people["officer"], "January to June 2027")

    answer = officer.post(page(full, rest="/another"), data={"about": " July to  December 2027 "})

    assert answer.location == f"{page(full)}/write?of=2"
    assert 'value="July to December 2027"' in officer.get(answer.location).text
    listed = words(parse(officer.get(f"/cases/{full.reference}/documents").text))
    assert listed.index("2 documents") < listed.index("January to June 2027") < listed.index("July to December 2027")
    assert "Write another" in listed


def test_each_has_its_own_words_versions_and_numbers(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    fill(full, people["officer"], about="Spring")
    fill(full, people["officer"], begin(full, people["officer"], "Autumn"), contract="The autumn contract")
    for address in (page(full, rest="/issue?language=en"), page(full, rest="/issue?language=en&of=2")):
        officer.post(address)
    fill(full, people["officer"], 2, contract="Another autumn contract")
    officer.post(page(full, rest="/issue?language=en&of=2"))

    assert [(one.number, one.subject, one.about, one.version) for one in issued(full)] == [
        (1, "", "Spring", 1), (2, "2", "Autumn", 1), (3, "2", "Autumn", 2),
    ]  # fmt: skip
    names = [one.file_name for one in issued(full)]
    assert len(set(names)) == 3
    assert "-2-v1-en.pdf" in names[1]
    assert "Replaced" not in officer.get(f"/cases/{full.reference}/documents/issued/1").text
    assert "Replaced by a later version" in officer.get(f"/cases/{full.reference}/documents/issued/2").text
    assert "The autumn contract" not in officer.get(page(full)).text
    assert "Another autumn contract" in officer.get(page(full, rest="?of=2")).text
    assert breaks(full) == ()


def test_the_document_itself_says_which_it_is(full: Case, people: People, client_for: ClientFor) -> None:
    fill(full, people["officer"], begin(full, people["officer"], "Autumn 2027"))

    material = service.gather(full, kind=PERIOD)
    made = pages.page(PERIOD, material, "fi", clock.today())

    assert made.apart is not None
    assert (made.apart.label, made.apart.text.paragraphs) == ("Mikä jakso", ("Autumn 2027",))
    assert "Autumn 2027" in made.window_title
    officer = client_for(people["officer"])
    officer.post(page(full, rest="/issue?language=fi"))
    fill(full, people["officer"], about="Winter 2027")
    told = officer.get(f"/cases/{full.reference}/documents/issued/1").text
    assert "Out of date" in told
    assert "Winter 2027" in told


def test_the_first_needs_no_name_until_there_are_others(full: Case, people: People) -> None:
    fill(full, people["officer"], about="")
    fill(full, people["officer"], about="Spring")

    for number, about in ((1, ""), (1, "x" * (LONGEST_NAME + 1)), (begin(full, people["officer"], "Autumn"), " ")):
        with pytest.raises(Refusal):
            fill(full, people["officer"], number, about=about)


def test_two_people_who_begin_at_once_get_a_document_each(full: Case, people: People, client_for: ClientFor) -> None:
    begin(full, people["officer"], "One")
    places = [
        client_for(people[name]).post(page(full, rest="/another"), data={"about": "Meeting"}).location
        for name in ("officer", "officer2")
    ]

    assert [place.rpartition("=")[2] for place in places] == ["2", "3"]


def test_two_people_who_write_different_ones_are_not_in_each_others_way(
    full: Case, people: People, client_for: ClientFor
) -> None:
    begin(full, people["officer"], "One")
    begin(full, people["officer"], "Two")

    for name, number in (("officer", 1), ("officer2", 2)):
        data = {"seen": "1", "about": f"Period {number}", "contract": f"Contract {number}"}
        assert client_for(people[name]).post(page(full, rest=f"/write?of={number}"), data=data).status_code == 302
    stale = client_for(people["officer"]).post(page(full, rest="/write?of=2"), data={"seen": "1", "about": "Mine"})

    assert stale.status_code == 409
    assert [found.about for found in queries.texts_of(full)[PERIOD]] == ["Period 1", "Period 2"]


@pytest.mark.parametrize(
    "rest", ["?of=2", "?of=0", "?of=-1", "?of=99999999999", ".pdf?of=2", "/write?of=2"], ids=lambda rest: rest.replace("/", "")
)
def test_one_that_nobody_has_begun_is_not_there(full: Case, people: People, client_for: ClientFor, rest: str) -> None:
    begin(full, people["officer"], "One")

    assert client_for(people["officer"]).get(page(full, rest=rest)).status_code == 404


def test_a_kind_that_does_not_repeat_has_one(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])

    assert officer.get(page(full, "award_decision", "/another")).status_code == 404
    assert officer.get(page(full, "award_decision", "?of=2")).status_code == 404
    assert officer.get(page(full, "award_decision", "?of=1")).status_code == 200
    with pytest.raises(KeyError):
        begin(full, people["officer"], "Another", "award_decision")


def test_a_case_has_no_end_of_documents_but_a_bound(full: Case, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "last_text", lambda case, kind: MOST_OF_KIND)

    with pytest.raises(Refusal, match="document_kind_full"):
        begin(full, people["officer"], "One too many")


def test_one_begun_by_mistake_is_set_aside_and_taken_up_again(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    begin(full, people["officer"], "One")
    number = begin(full, people["officer"], "By mistake")

    officer.post(page(full, rest=f"/set-aside?of={number}"))

    shown = officer.get(page(full, rest=f"?of={number}")).text
    assert "has been set aside" in shown
    assert "Write this document" not in shown
    assert "Not in use" in officer.get(f"/cases/{full.reference}/documents").text
    assert officer.post(page(full, rest=f"/issue?of={number}&language=en"), follow_redirects=True).status_code == 200
    assert issued(full) == []
    with pytest.raises(Refusal, match="document_aside"):
        fill(full, people["officer"], number)
    assert queries.text_of(full, PERIOD, number) is not None, "nothing is deleted"
    assert [event.payload for event in factories.events(full, "document_set_aside")] == [
        {"document": PERIOD, "of": number, "aside": True}
    ]
    assert breaks(full) == ()

    officer.post(page(full, rest=f"/set-aside?of={number}"), data={"back": "1"})
    fill(full, people["officer"], number)
    assert breaks(full) == ()


def test_what_has_been_issued_is_not_set_aside(full: Case, people: People, client_for: ClientFor) -> None:
    officer = client_for(people["officer"])
    fill(full, people["officer"], about="Spring")
    officer.post(page(full, rest="/issue?language=en"))

    answer = officer.post(page(full, rest="/set-aside"), follow_redirects=True)

    assert "stays in the file" in answer.text
    assert factories.events(full, "document_set_aside") == []


def test_what_was_written_before_a_kind_could_repeat_is_its_first(full: Case, people: People, client_for: ClientFor) -> None:
    """A text and a document as they stood then: no number, no name."""
    fill(full, people["officer"])
    client_for(people["officer"]).post(page(full, rest="/issue?language=en"))

    assert [found.number for found in queries.texts_of(full)[PERIOD]] == [1]
    assert [(one.subject, one.about) for one in issued(full)] == [("", "")]
    listed = parse(client_for(people["officer"]).get(f"/cases/{full.reference}/documents").text)
    assert any(link.get("href") == page(full) for link in listed.iter("a"))
    assert breaks(full) == ()


def test_minutes_and_their_names_are_tender_material_and_the_log_has_only_their_seal(
    full: Case, people: People, client_for: ClientFor
) -> None:
    declare(full, people["officer"], "none")
    number = begin(full, people["officer"], f"3.9.2026, {SECRET}", MINUTES)
    fill(full, people["officer"], number, MINUTES, tenderer=SECRET, topics=[{"topic": SECRET}])
    officer, second = client_for(people["officer"]), client_for(people["officer2"])
    assert officer.post(page(full, MINUTES, "/issue?language=en")).status_code == 302
    assert len(issued(full, MINUTES)) == 1

    events = history_queries.every_event(full)
    log = "".join(history_export.json_lines(full, events, clock.now()))
    log += "".join(history_export.csv_lines(full, history_queries.every_event(full), (), "en"))
    assert SECRET not in log
    assert SECRET in officer.get(f"/cases/{full.reference}/documents").text
    for address in ("/documents", "/history", "/dossiers"):
        assert SECRET not in second.get(f"/cases/{full.reference}{address}").text, address
    for rest in ("", "?of=1", "/write", "/another", ".pdf"):
        assert second.get(page(full, MINUTES, rest)).status_code == 403, rest
    assert second.post(page(full, MINUTES, "/set-aside")).status_code == 403
    assert second.get(f"/cases/{full.reference}/documents/issued/1").status_code == 403
    assert breaks(full) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE document_texts SET about = 'x' WHERE number = 2",
        "UPDATE document_texts SET number = 3 WHERE number = 2",
        "DELETE FROM document_texts WHERE number = 2",
        "UPDATE document_texts SET set_aside_at = '2026-11-28 10:00:00+00:00' WHERE number = 2",
        "UPDATE document_texts SET fields = '{}' WHERE number = 1 AND kind = 'negotiation_minutes'",
    ],
)
def test_what_the_rows_say_of_each_is_what_the_log_tells(full: Case, people: People, statement: str) -> None:
    for kind in (PERIOD, MINUTES):
        fill(full, people["officer"], kind=kind, about="One")
        begin(full, people["officer"], "Two", kind)
    assert breaks(full) == ()
    if "kind" not in statement:
        statement += f" AND kind = '{PERIOD}'"

    tamper(f"{statement} AND case_id = :case", case=full.id)

    assert first_break(full) == (full.last_sequence, "document")


def test_sealed_words_are_held_against_their_seal_and_kept_by_the_database_itself(full: Case, people: People) -> None:
    fill(full, people["officer"], kind=MINUTES, about="One")
    for statement in ("UPDATE sealed_words SET about = 'x'", "DELETE FROM sealed_words"):
        with pytest.raises(DBAPIError, match="only grows"), db.session.begin_nested():
            db.session.execute(text(statement))
    drop = ["DROP TRIGGER sealed_words_no_update"]
    if db.session.get_bind().dialect.name != "sqlite":
        drop = ["DROP TRIGGER sealed_words_only_grows ON sealed_words"]
    for statement in drop:
        db.session.execute(text(statement))

    tamper("UPDATE sealed_words SET about = 'x' WHERE case_id = :case", case=full.id)

    assert first_break(full) == (full.last_sequence, "document")


def test_a_seal_cannot_be_guessed_from_the_words(full: Case, people: People) -> None:
    """The same words twice have two seals."""
    for number in (begin(full, people["officer"], "A", MINUTES), begin(full, people["officer"], "A", MINUTES)):
        assert number
    seals = {event.payload["seal"] for event in factories.events(full, "document_written")}

    assert len(seals) == 2


def test_the_history_names_each_by_what_tells_it_apart(full: Case, people: People, client_for: ClientFor) -> None:
    begin(full, people["officer"], "Spring 2027")
    begin(full, people["officer"], "A", MINUTES)
    begin(full, people["officer"], "B", MINUTES)

    history = words(parse(client_for(people["officer"]).get(f"/cases/{full.reference}/history").text))

    assert "Spring 2027" in history
    assert json.dumps("negotiation_minutes") not in history


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_one_of_several_is_as_archival_as_any_document(full: Case, people: People, client_for: ClientFor, language: str) -> None:
    fill(full, people["officer"], begin(full, people["officer"], "Spring 2027"))

    with client_for(people["officer"]).get(page(full, rest=f".pdf?language={language}")) as answer:
        content = bytes(answer.data)

    assert conformance.faults(content, language) == []
    assert "Spring 2027" in conformance.text_of(content)


@pytest.mark.parametrize("name", ["other_officer", "expert", "coordinator", "admin"])
def test_others_begin_none_and_set_none_aside(full: Case, people: People, client_for: ClientFor, name: str) -> None:
    begin(full, people["officer"], "One")
    factories.make_partner(full, people["other_officer"])
    stranger = client_for(people[name])

    assert stranger.post(page(full, rest="/another"), data={"about": "x"}).status_code in (403, 404)
    assert stranger.post(page(full, rest="/set-aside")).status_code in (403, 404)
    assert len(queries.texts_of(full)[PERIOD]) == 1


def test_the_list_asks_no_more_for_each_document_of_a_kind(
    full: Case, people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    client = client_for(people["officer"])

    def asked() -> int:
        client.get(f"/cases/{full.reference}/documents")
        statements = count_queries()
        client.get(f"/cases/{full.reference}/documents")
        return len(statements)

    begin(full, people["officer"], "One")
    few = asked()
    for number in range(2, 8):
        begin(full, people["officer"], f"Period {number}")
    assert asked() == few


def test_a_full_case_lists_every_kind(people: People, client_for: ClientFor) -> None:
    case = builders.full_case(people["officer"])

    assert client_for(people["officer"]).get(f"/cases/{case.reference}/documents").status_code == 200
