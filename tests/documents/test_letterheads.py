"""Documents on the letterhead of their city and day, and with its standard clauses."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.documents import issuing_service, making, pages, queries, service
from procure.documents.parts import DocumentPage
from procure.infra import clock
from procure.infra.db import db
from procure.infra.pdf import PdfFailed
from tests import factories
from tests.cases.histories import breaks, first_break, tamper
from tests.clauses.builders import TEXT, add_clause, change_clause
from tests.documents import builders, conformance
from tests.documents.test_issuing import content_of, issued, pages_of, write
from tests.letterheads.builders import FACTS, WORDS, clear_picture, kept_logo, path_of, picture, save

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
TODAY = clock.today()


@pytest.fixture
def full(people: People) -> Case:
    return builders.full_case(people["officer"])


@pytest.fixture
def told(people: People) -> Case:
    """A case whose answers stand in its log, too."""
    return factories.make_case(people["officer"], need={"en": "Bins overflow."}, award_criteria={"en": "Quality 60 %."})


def page_of(case: Case, kind: str = "award_decision", language: str = "fi", on: date = TODAY) -> DocumentPage:
    return pages.page(kind, service.gather(case, kind=kind), language, on)


def test_without_a_letterhead_a_document_looks_as_it_did(full: Case) -> None:
    page = page_of(full)

    assert page.letterhead is None
    assert "d-top--letterhead" not in making.html(page)


def test_outsiders_get_the_contact_block_and_the_city_itself_a_small_logo_only(full: Case, people: People) -> None:
    save(people["admin"])

    decision, invitation = making.html(page_of(full)), making.html(page_of(full, "market_consultation_invitation"))
    summary = making.html(page_of(full, "summary"))
    assert all("Hankintapalvelut" in html and "Y-tunnus 1234567-1" in html for html in (decision, invitation))
    assert all(html.count('alt="Tampere"') == 1 for html in (decision, invitation, summary))
    assert "Hankintapalvelut" not in summary
    assert "1234567-1" not in summary


def test_a_document_is_written_in_its_own_language_and_names_the_city_in_both(full: Case, people: People) -> None:
    save(people["admin"], both_names=True)

    swedish = making.html(page_of(full, language="sv"))
    assert "Upphandlingstjänster" in swedish
    assert "FO-nummer" in swedish
    page = page_of(full, language="sv")
    assert page.letterhead is not None
    assert [(name.text, name.language) for name in page.letterhead.names] == [("Tammerfors", "sv"), ("Tampere", "fi")]


def test_the_edition_of_the_document_s_day_holds(full: Case, people: People) -> None:
    later = TODAY + timedelta(days=5)
    save(people["admin"])
    save(people["admin"], seen=1, valid_from=later, words={"unit": {"fi": "Uusi yksikkö"}})

    assert [page.letterhead.edition for on in (TODAY, later) if (page := page_of(full, on=on)).letterhead] == [1, 2]
    assert page_of(full, on=TODAY - timedelta(days=1)).letterhead is None


def test_another_city_s_letterhead_never_appears(full: Case, people: People, client_for: ClientFor) -> None:
    save(people["admin"])
    other = factories.make_case(people["other_officer"])
    add_clause(people["admin"])
    factories.make_partner(full, people["other_officer"])

    assert page_of(other, "award_decision").letterhead is None
    assert TEXT not in making.html(page_of(other, "award_decision"))
    partner = client_for(people["other_officer"])
    page = partner.get(pages_of(full)).text
    assert f"/cases/{full.reference}/documents/logo/1" in page, "a partner reads the case's own city's document"
    with partner.get(f"/cases/{full.reference}/documents/logo/1") as answer:
        assert answer.status_code == 200
    assert partner.get(f"/cases/{other.reference}/documents/logo/1").status_code == 404
    assert client_for(people["vaasa_officer"]).get(f"/cases/{full.reference}/documents/logo/1").status_code == 404


def test_an_issued_document_keeps_its_bytes_and_says_which_edition_it_carries(
    full: Case, people: People, client_for: ClientFor
) -> None:
    save(people["admin"])
    officer = client_for(people["officer"])
    write(officer, full)
    officer.post(f"{pages_of(full)}/issue?language=fi")
    one = issued(full)[0]
    before = content_of(officer, full, one)

    save(people["admin"], seen=1, words={"unit": {"fi": "Uusi yksikkö"}}, logo=None)
    db.session.commit()

    assert one.letterhead == 1
    assert factories.events(full, "document_issued")[0].payload["letterhead"] == 1
    page = officer.get(f"/cases/{full.reference}/documents/issued/1").text
    assert "edition 1 of the city’s letterhead" in page
    assert "Up to date" in page
    assert content_of(officer, full, one) == before


def test_an_edition_that_is_not_the_log_s_is_found(told: Case, people: People, client_for: ClientFor) -> None:
    save(people["admin"])
    officer = client_for(people["officer"])
    write(officer, told)
    officer.post(f"{pages_of(told)}/issue?language=fi")
    assert breaks(told) == ()
    for trigger in ("only_grows ON issued_documents",) if db.session.get_bind().dialect.name == "postgresql" else ("no_update",):
        db.session.execute(text(f"DROP TRIGGER issued_documents_{trigger}"))

    tamper("UPDATE issued_documents SET letterhead = 9 WHERE case_id = :case", case=told.id)

    assert first_break(told) == (told.last_sequence, "issued_document")


def test_documents_conform_with_a_logo_and_the_same_facts_give_the_same_bytes(full: Case, people: People, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    exif.get_ifd(0x8825)[2] = (61.0, 29.0, 53.0)
    save(people["admin"], both_names=True, logo=kept_logo(clear_picture()))
    made = {f"{kind} clear": making.printed(page_of(full, kind)) for kind in ("award_decision", "summary")}
    save(people["admin"], seen=1, both_names=True, logo=kept_logo(picture("JPEG", exif=exif.tobytes()), "logo.jpg"))
    made |= {
        f"{kind} photograph": making.printed(page_of(full, kind)) for kind in ("award_decision", "market_consultation_invitation")
    }

    for name, content in made.items():
        assert conformance.faults(content, "fi") == [], name
        assert b"secret place" not in content
    assert making.printed(page_of(full, "award_decision")) == made["award_decision photograph"]
    if reason := conformance.verifier():
        pytest.skip(f"plain checks passed; veraPDF was not asked: {reason}")
    assert conformance.verdicts(made, tmp_path) == []


def test_a_logo_that_is_gone_or_another_makes_no_document(full: Case, people: People) -> None:
    logo = kept_logo(picture(size=(77, 77)))
    save(people["admin"], logo=logo)
    path, whole = path_of(logo), path_of(logo).read_bytes()

    try:
        path.write_bytes(picture(size=(78, 78)))
        with pytest.raises(PdfFailed) as failure:
            making.printed(page_of(full))
    finally:
        path.write_bytes(whole)
    assert failure.value.reason == "logo"


def test_a_clause_stands_after_the_sentences_of_its_part_or_at_the_end(full: Case, people: People) -> None:
    add_clause(people["admin"])
    add_clause(people["admin"], part="", titles={"fi": "Loppu"}, texts={"fi": "Lopussa."})

    page = page_of(full)
    part = next(section for section in page.sections if section.heading == "Sopimuksen syntyminen ja odotusaika")
    assert [block.kind for block in part.blocks][:2] == ["paragraph", "prose"]
    assert part.blocks[1].fact.text.paragraphs == (TEXT,)  # type: ignore[union-attr]
    assert page.sections[-1].heading == "Kaupungin vakioehdot"
    swedish = page_of(full, language="sv").sections[-1].blocks[0].fact.text  # type: ignore[union-attr]
    assert (swedish.language, bool(swedish.foreign)) == ("fi", True), "in the language that it has, and marked"


def test_a_document_goes_without_a_clause_by_choice_and_the_log_tells_it(
    told: Case, people: People, client_for: ClientFor
) -> None:
    add_clause(people["admin"])
    officer = client_for(people["officer"])
    form = officer.get(f"{pages_of(told)}/write").text
    assert "Your city’s clause" in form
    assert TEXT in form

    write(officer, told, clauses_left_out="1")
    assert TEXT not in officer.get(pages_of(told)).text
    assert factories.events(told, "document_written")[0].payload["changes"]["clauses_left_out"] == {"old": None, "new": [1]}
    assert 'value="1" checked' in officer.get(f"{pages_of(told)}/write").text
    assert "City’s clauses left out" in officer.get(f"/cases/{told.reference}/history").text

    write(officer, told, seen=1)
    assert TEXT in officer.get(pages_of(told)).text
    assert breaks(told) == ()


def test_an_issued_document_is_out_of_date_once_its_clause_has_changed(full: Case, people: People, client_for: ClientFor) -> None:
    add_clause(people["admin"])
    officer = client_for(people["officer"])
    write(officer, full)
    officer.post(f"{pages_of(full)}/issue?language=fi")
    one = queries.issued_of(full)[0]
    assert issuing_service.changed_since(one, service.gather(full, kind=one.kind), TODAY) == ()

    change_clause(people["admin"], 1, seen=1, texts={"fi": "Toinen sanamuoto."})

    changes = issuing_service.changed_since(one, service.gather(full, kind=one.kind), TODAY)
    assert [(change.old, change.new) for change in changes] == [(TEXT, "Toinen sanamuoto.")]
    assert "Out of date" in officer.get(f"/cases/{full.reference}/documents/issued/1").text
    assert "Out of date" in officer.get(f"/cases/{full.reference}/documents").text


def test_facts_of_the_letterhead_are_no_facts_of_the_document(full: Case, people: People) -> None:
    bare = page_of(full)
    save(people["admin"], words=WORDS, facts=FACTS)

    assert issuing_service.frozen.places_of(page_of(full)) == issuing_service.frozen.places_of(bare)
