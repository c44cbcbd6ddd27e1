"""Marks in long texts on the page and on paper, and that what has been issued stays what it was."""

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.documents import frozen, making, pages, service
from procure.documents.parts import DocumentPage, Fact, Prose, Section, Text
from procure.documents.writer import Writer
from procure.domain.language import LANGUAGES
from procure.domain.marking import marked
from tests import factories
from tests.documents import builders, conformance

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
TODAY = date(2026, 11, 28)
NEED = """Astiat täyttyvät **yli**, *usein*.
### Vaatimukset
- yksi
  jatkuu
  - sisempi
- [ohje](https://x.fi/a?b=c&d) ja [posti](mailto:a@x.fi)

1) kohta
2) kohta
<b>näin</b> [x](javascript:alert(1)) ![k](https://x.fi/k.png)
"""
PLAIN = "Rivi yksi.\n  Toinen rivi, 5 * 3 = 15.\n\n1. § ja #42, snake_case [1]\n* alv\n2026. "


@pytest.fixture
def full(people: People) -> Case:
    return builders.full_case(people["officer"], need={"fi": NEED}, risks={"fi": PLAIN})


def material_of(case: Case, **fields: str) -> service.Material:
    material = service.gather(case, kind="tender_documents")
    return service.Material(**{name: getattr(material, name) for name in service.Material.__slots__} | {"fields": fields})


def html_of(case: Case, kind: str = "needs_assessment", language: str = "fi") -> str:
    return making.html(pages.page(kind, service.gather(case, kind=kind), language, TODAY))


def test_lists_headings_and_links_are_laid_out_and_nothing_else_becomes_anything(full: Case) -> None:
    html = html_of(full)
    assert "<p>Astiat täyttyvät <strong>yli</strong>, <em>usein</em>.</p>" in html
    assert "<h4>Vaatimukset</h4>" in html
    nested = '<li>yksi<br>jatkuu<ul class="d-listing"><li>sisempi</li></ul></li>'
    assert nested in re.sub(r"\s*\n\s*", "", html)
    assert (
        '<a href="https://x.fi/a?b=c&amp;d">ohje</a> (https://x.fi/a?b=c&amp;d) ja <a href="mailto:a@x.fi">posti</a> (a@x.fi)'
        in html
    )
    assert '<ol class="d-listing d-listing--bracket">' in html
    assert "&lt;b&gt;näin&lt;/b&gt; [x](javascript:alert(1)) ![k](https://x.fi/k.png)" in html
    assert "<img" not in html


def test_text_without_marks_stands_line_by_line_as_before(full: Case) -> None:
    html = html_of(full)
    for line in ("Rivi yksi.", "Toinen rivi, 5 * 3 = 15.", "1. § ja #42, snake_case [1]", "* alv", "2026."):
        assert f"<p>{line}</p>" in html


def test_every_block_of_a_foreign_text_says_its_language(full: Case) -> None:
    html = re.sub(r"\s*\n\s*", "", html_of(full, language="sv"))
    for block in (
        '<p lang="fi">Astiat',
        '<h4 lang="fi">Vaatimukset',
        '<ul class="d-listing" lang="fi">',
        '--bracket" lang="fi">',
    ):
        assert block in html
    assert '![k](https://x.fi/k.png) <span class="d-note" lang="sv">(skrivet på finska)</span></p>' in html


def test_a_sub_heading_is_one_level_below_what_stands_above_it(full: Case) -> None:
    composition = service.composition_of("tender_documents")
    assert composition is not None
    everywhere = {field.id: "### Väli\nTeksti" for field in composition.fields if field.kind == "text"}
    html = making.html(pages.page("tender_documents", material_of(full, **everywhere), "fi", TODAY))
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert html.count(">Väli</h") == len(everywhere)
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_a_sub_heading_right_under_the_heading_of_a_part_takes_the_next_level(full: Case) -> None:
    text = Text(("### Väli",), "fi", marked=marked("### Väli"))
    page = pages.page("qa_log", service.gather(full, kind="qa_log"), "fi", TODAY)
    bare = Section("Osa", (Prose(Fact("", text)), Prose(Fact("Nimi", text))))
    html = making.html(
        DocumentPage(**{name: getattr(page, name) for name in DocumentPage.__slots__} | {"sections": (bare,), "sources": None})
    )
    assert re.findall(r"<h([234])[^>]*>([^<]+)<", html) == [("2", "Osa"), ("3", "Väli"), ("3", "Nimi"), ("4", "Väli")]


def test_the_one_page_summary_shows_words_without_marks(people: People) -> None:
    case = builders.full_case(people["officer"], need={"fi": NEED}, consequence={"fi": "**Kulut** nousevat.\n- Varat loppuvat."})
    html = html_of(case, "summary")
    assert "<p>Kulut nousevat. Varat loppuvat.</p>" in html
    assert "**" not in html


def test_what_a_document_says_is_compared_as_it_was_typed(full: Case) -> None:
    """Whatever was issued before texts had marks says the same now: the facts are the lines as typed, marks and all."""
    facts = frozen.places_of(pages.page("needs_assessment", service.gather(full), "fi", TODAY))
    assert "Rivi yksi.\nToinen rivi, 5 * 3 = 15.\n1. § ja #42, snake_case [1]\n* alv\n2026." in facts.values()
    assert "\n".join(line.strip() for line in NEED.splitlines() if line.strip()) in facts.values()


@given(st.text(alphabet="ab*-#1.)[]( \n\t\x0b\u2028"))
def test_the_lines_of_any_text_are_those_of_before(text: str) -> None:
    writer = Writer.__new__(Writer)
    writer.language = "fi"
    found = writer.typed(text, "fi", marks=True)
    assert found.paragraphs == tuple(line.strip() for line in text.splitlines() if line.strip())


def test_an_issued_document_is_out_of_date_when_its_marks_change_and_not_before(
    full: Case, people: People, client_for: ClientFor
) -> None:
    officer, root = client_for(people["officer"]), f"/cases/{full.reference}/documents"
    officer.post(f"{root}/needs_assessment/issue?language=fi")
    assert "Up to date" in officer.get(f"{root}/issued/1").text
    factories.answer(full, people["officer"], need={"fi": NEED.replace("**yli**", "yli")})
    assert "Out of date" in officer.get(f"{root}/issued/1").text


def test_documents_with_marks_conform(full: Case, tmp_path: Path) -> None:
    made = {}
    for language in LANGUAGES:
        made[f"needs {language}"] = making.make("needs_assessment", service.gather(full), language, TODAY).content
        tender = material_of(full, object_described=NEED, minimum_demands="- yksi", quality_demands="### Väli")
        made[f"tender {language}"] = making.make("tender_documents", tender, language, TODAY).content
    for name, content in made.items():
        assert conformance.faults(content, name[-2:]) == [], name
    text = conformance.text_of(made["tender fi"])
    assert "ohje (https://x.fi/a?b=c&d)" in text
    assert "1)" in text
    if reason := conformance.verifier():
        pytest.skip(f"plain checks passed; veraPDF was not asked: {reason}")
    assert conformance.verdicts(made, tmp_path) == []


def test_how_to_mark_stands_beside_each_long_text(full: Case, people: People, client_for: ClientFor) -> None:
    client = client_for(people["officer"])
    written = client.get(f"/cases/{full.reference}/documents/tender_documents/write").text
    composition = service.composition_of("tender_documents")
    assert composition is not None
    assert written.count("How to mark lists") == sum(field.kind == "text" for field in composition.fields)
    assert "How to mark lists" in client.get(f"/cases/{full.reference}/answers/need/problem").text
