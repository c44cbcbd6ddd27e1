"""Documents as Word files: opened again, they have real headings, lists and tables, and nothing that is not theirs."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise

import docx
import pytest
from docx.document import Document
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.catalogue import documents as kinds
from procure.catalogue import material as tender_material
from procure.documents import making, pages, service, word
from procure.documents.parts import DocumentPage
from procure.domain.language import LANGUAGES
from tests.declarations.builders import declare
from tests.documents import builders

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
TODAY = date(2026, 11, 28)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NEED = """Tarve on **kiireellinen**.

### Vaatimukset
- yksi
  1) sisempi
  2) toinen
- [ohje](https://x.fi/a?b=c&d)

1. vaihe
2. vaihe
"""
ORDER = {
    "pPr": ("pStyle", "keepNext", "keepLines", "numPr", "pBdr", "tabs", "spacing", "ind", "jc", "outlineLvl"),
    "rPr": ("rStyle", "rFonts", "b", "i", "color", "sz", "szCs", "u", "lang"),
    "tblPr": ("tblStyle", "tblW", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook", "tblCaption"),
    "tcPr": ("tcW", "tcBorders", "vAlign"),
}
"""Word refuses a file whose properties stand in another order than the standard's."""


@pytest.fixture
def full(people: People) -> Case:
    return builders.full_case(people["officer"], need={"fi": NEED})


def page_of(case: Case, kind: str, language: str = "fi") -> DocumentPage:
    return pages.page(kind, service.gather(case, kind=kind), language, TODAY)


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def styled(document: Document) -> list[tuple[str, str]]:
    return [(str(found.style.name), found.text) for found in document.paragraphs if found.style is not None and found.text]


def xml_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_headings_lists_and_links_are_words_own(full: Case) -> None:
    document = opened(word.made(page_of(full, "needs_assessment")))
    lines = styled(document)
    assert lines[0] == ("Title", "Tarvekartoitus")
    at = next(place for place, (style, _text) in enumerate(lines) if style == "Heading 3")
    assert lines[at - 2 : at + 7] == [
        ("Heading 2", "Tarve tai ongelma 2 § 2 mom"), ("Normal", "Tarve on kiireellinen."), ("Heading 3", "Vaatimukset"),
        ("List Bullet", "yksi"),
        ("List Number 2", "sisempi"), ("List Number 2", "toinen"), ("List Bullet", "ohje (https://x.fi/a?b=c&d)"),
        ("List Number", "vaihe"), ("List Number", "vaihe"),
    ]  # fmt: skip
    numbers = [
        (found.find(f"{W}ilvl").get(f"{W}val"), found.find(f"{W}numId").get(f"{W}val"))
        for found in document.element.body.iter(f"{W}numPr")
    ]
    assert numbers[:6] == [("0", "1"), ("1", "2"), ("1", "2"), ("0", "1"), ("0", "3"), ("0", "3")]
    strong = next(found for found in document.paragraphs if found.text == "Tarve on kiireellinen.").runs
    assert [(run.text, run.bold) for run in strong] == [("Tarve on ", None), ("kiireellinen", True), (".", None)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_opens_again_with_headings_in_order(full: Case, language: str) -> None:
    for kind in service.kinds():
        if kind == service.OPINION:
            continue
        content = word.made(page_of(full, kind, language))
        levels = [int(style[-1]) for style, _text in styled(opened(content)) if style.startswith("Heading")]
        assert levels[:1] == [1], kind
        assert all(below - above <= 1 for above, below in pairwise(levels)), kind


def test_the_head_of_every_page_says_draft_case_and_day_and_the_foot_the_page(full: Case) -> None:
    section = opened(word.made(page_of(full, "tender_documents"))).sections[0]
    head = section.header.paragraphs[0].text
    assert head == f"Tampere  ·  Tarjouspyyntö liitteineen\tLuonnos  ·  {full.reference}  ·  28. marraskuuta 2026"
    foot = section.footer.paragraphs[0]._element
    assert [found.get(f"{W}instr") for found in foot.iter(f"{W}fldSimple")] == [" PAGE ", " NUMPAGES "]
    margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(margin.mm) for margin in margins if margin is not None] == [28, 22, 22, 25]


def test_the_head_of_a_table_is_repeated_and_its_numbers_stand_to_the_right(full: Case) -> None:
    tables = opened(word.made(page_of(full, "procurement_plan"))).tables
    lots = next(table for table in tables if len(table.rows) > 1 and table.cell(1, 0).text == "Anturit")
    assert lots.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None
    assert lots.rows[1]._tr.find(f"{W}trPr/{W}tblHeader") is None
    assert [lots.cell(1, 2).paragraphs[0].alignment, lots.cell(1, 0).paragraphs[0].alignment] == [2, None]
    assert lots.cell(len(lots.rows) - 1, 0).text == "Yhteensä"


def test_words_in_another_language_are_marked_as_such(full: Case) -> None:
    document = opened(word.made(page_of(full, "needs_assessment", "sv")))
    line = next(found for found in document.paragraphs if found.text.startswith("Tarve on"))
    assert {mark.get(f"{W}val") for mark in line._element.iter(f"{W}lang")} == {"fi-FI"}
    assert ("Note", "(skrivet på finska)") in styled(document)
    heading = next(found for found in document.paragraphs if found.text.startswith("Behov eller problem"))
    assert not list(heading._element.iter(f"{W}lang"))


def test_the_same_facts_give_the_same_bytes(full: Case) -> None:
    assert word.made(page_of(full, "procurement_plan")) == word.made(page_of(full, "procurement_plan"))


def test_properties_stand_in_the_order_of_the_standard(full: Case) -> None:
    for kind in ("procurement_plan", "tender_documents", "market_consultation_invitation"):
        document = opened(word.made(page_of(full, kind)))
        for root in (document.element, document.styles.element):
            for name, order in ORDER.items():
                for found in root.iter(f"{W}{name}"):
                    places = [order.index(child.tag.removeprefix(W)) for child in found]
                    assert places == sorted(places), [child.tag for child in found]


def test_the_file_tells_nothing_of_the_machine_and_fetches_nothing(full: Case, people: People) -> None:
    content = word.made(page_of(full, "market_consultation_invitation"))
    for name, part in xml_of(content).items():
        for leak in ("/home", "/tmp", "/work", "/root", "file:", "localhost", "python", people["officer"].name):
            assert leak not in part, (name, leak)
    relations = xml_of(content)["word/_rels/document.xml.rels"]
    outside = re.findall(r'Type="([^"]+)" Target="([^"]+)" TargetMode="External"', relations)
    assert [(kind.rpartition("/")[2], target) for kind, target in outside] == [("hyperlink", "https://x.fi/a?b=c&amp;d")]
    assert builders.SECRET_RISK not in xml_of(content)["word/document.xml"]


def test_hostile_words_stand_as_they_were_typed(people: People) -> None:
    hostile = 'a\x08b </w:t><w:br/> {{ 7*7 }} <!ENTITY x SYSTEM "file:///etc/passwd"> INCLUDETEXT'
    case = builders.full_case(people["officer"], need={"fi": hostile}, title={"fi": hostile})
    document = opened(word.made(page_of(case, "needs_assessment")))
    assert ("Normal", hostile.replace("\x08", "\N{REPLACEMENT CHARACTER}")) in styled(document)
    assert not list(document.element.body.iter(f"{W}instrText"))


def test_a_working_text_arrives_as_a_word_file_with_a_name(full: Case, people: People, client_for: ClientFor) -> None:
    response = client_for(people["manager"]).get(f"/cases/{full.reference}/documents/tender_documents.docx?language=sv")
    assert response.status_code == 200
    assert response.mimetype == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{full.reference}-anbudsforfragan-med-bilagor.docx"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert styled(opened(response.get_data()))[0] == ("Title", "Anbudsförfrågan med bilagor")


def test_decisions_records_and_instructions_are_given_out_as_pdf_alone(full: Case, people: People, client_for: ClientFor) -> None:
    client, working = client_for(people["officer"]), service.working_kinds()
    assert {"tender_documents", "contract", "procurement_plan", "market_consultation_invitation"} <= working
    for kind in (
        "award_decision",
        "appeal_instructions",
        "procurement_report",
        "negotiation_minutes",
        "summary",
        "expert_opinion",
    ):
        assert kind not in working
        assert client.get(f"/cases/{full.reference}/documents/{kind}.docx").status_code == 404
    assert not [kind.id for kind in kinds.catalogue() if kind.working and kind.id not in service.kinds()]


def test_a_word_file_that_lacks_answers_is_refused_as_the_pdf_is(case: Case, people: People, client_for: ClientFor) -> None:
    response = client_for(people["officer"]).get(f"/cases/{case.reference}/documents/needs_assessment.docx")
    assert response.status_code == 409
    assert f'href="/cases/{case.reference}/answers/need/problem#need"' in response.text


def test_a_word_file_with_facts_of_tenders_opens_after_the_declaration_only(
    full: Case, people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = replace(tender_material.catalogue(), made_here=frozenset({"qa_log"}))
    monkeypatch.setattr(tender_material, "catalogue", lambda: shown)
    client, address = client_for(people["officer"]), f"/cases/{full.reference}/documents/qa_log.docx"
    assert client.get(address).status_code == 403
    declare(full, people["officer"])
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "status"), [("other_officer", 404), ("vaasa_officer", 404), ("expert", 403), ("coordinator", 403)]
)
def test_others_get_no_word_file(full: Case, people: People, client_for: ClientFor, name: str, status: int) -> None:
    assert client_for(people[name]).get(f"/cases/{full.reference}/documents/contract.docx").status_code == status


def test_word_stands_beside_pdf_on_the_page_and_in_the_list(full: Case, people: People, client_for: ClientFor) -> None:
    client, root = client_for(people["officer"]), f"/cases/{full.reference}/documents"
    assert f'href="{root}/contract.docx?language=en">Download as Word' in client.get(f"{root}/contract").text
    assert "Download as Word" not in client.get(f"{root}/summary").text
    listed = client.get(root).text
    assert f'href="{root}/procurement_plan.docx"' in listed
    assert f'href="{root}/summary.pdf"' in listed
    assert f"{root}/summary.docx" not in listed


def test_the_name_of_the_file_has_the_ending_of_its_kind(full: Case) -> None:
    made = making.word("contract", service.gather(full, kind="contract"), "en", TODAY)
    assert made.name.endswith(".docx")
    assert ".pdf" not in made.name
