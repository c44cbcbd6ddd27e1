"""What stands in each document: the facts of the case, in the language asked for, and nothing that is not the reader's."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.documents import making, pages, service
from procure.documents.parts import DocumentPage, Facts, Prose, Section, Table
from procure.documents.writer import clipped, money, short
from procure.domain.after_events import Wait
from procure.domain.language import LANGUAGES
from procure.domain.questions import Answer
from procure.infra import clock
from tests import factories
from tests.cases.builders import case_at, walk
from tests.documents import builders, conformance
from tests.support.builders import answered

People = dict[str, Person]
TODAY = date(2026, 11, 24)


@pytest.fixture
def full(app: Flask, people: People) -> Case:
    """A case of which every document can be made, with one answered and one open request for advice."""
    case = builders.full_case(people["officer"])
    answered(case, people["officer"], people["expert"])
    return case


def material_of(case: Case, people: People) -> service.Material:
    by = factories.actor_of(people["officer"])
    return service.gather(case, service.opinion_of(by, case, None))


def page_of(kind: str, case: Case, people: People, language: str = "fi") -> DocumentPage:
    return pages.page(kind, material_of(case, people), language, TODAY)


def words_of(page: DocumentPage) -> str:
    return making.html(page)


def section(page: DocumentPage, heading: str) -> Section:
    return next(part for part in page.sections if part.heading == heading)


def test_every_document_conforms_in_every_language(full: Case, people: People, tmp_path: Path) -> None:
    material = material_of(full, people)
    made = {
        f"{kind} {language}": making.make(kind, material, language, TODAY).content
        for kind in service.kinds()
        for language in LANGUAGES
    }
    for name, content in made.items():
        assert conformance.faults(content, name[-2:]) == [], name
    if reason := conformance.verifier():
        pytest.skip(f"plain checks passed; veraPDF was not asked: {reason}")
    assert conformance.verdicts(made, tmp_path) == []


def test_the_same_facts_give_the_same_bytes(full: Case, people: People) -> None:
    first = making.make("procurement_plan", material_of(full, people), "fi", TODAY)
    assert making.make("procurement_plan", material_of(full, people), "fi", TODAY) == first


def test_every_heading_of_a_document_is_in_its_language(full: Case, people: People) -> None:
    for kind in service.kinds():
        headings = {language: [part.heading for part in page_of(kind, full, people, language).sections] for language in LANGUAGES}
        assert len(headings["fi"]) == len(headings["sv"]) == len(headings["en"])
        assert not set(headings["fi"]) & set(headings["sv"]), kind
        assert not set(headings["fi"]) & set(headings["en"]), kind


def test_a_text_that_is_in_another_language_says_so(full: Case, people: People) -> None:
    swedish = words_of(page_of("needs_assessment", full, people, "sv"))
    assert '<p lang="fi">Kiinteät reitit. <span class="d-note" lang="sv">(skrivet på finska)</span></p>' in swedish
    finnish = words_of(page_of("needs_assessment", full, people, "fi"))
    assert "<p>Kiinteät reitit.</p>" in finnish
    assert "kirjoitettu" not in finnish


def test_a_text_that_exists_in_the_language_is_shown_in_it(full: Case, people: People) -> None:
    english = words_of(page_of("needs_assessment", full, people, "en"))
    assert "<p>Bins overflow in summer.</p>" in english
    assert "Astiat" not in english


def test_the_plan_holds_what_the_act_asks_for(full: Case, people: People) -> None:
    words = words_of(page_of("procurement_plan", full, people))
    expected = (
        "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567\N{NO-BREAK SPACE}€", "15. lokakuuta 2026", "Kuuden vuoden kokonaisarvo.",
        "48000000-8", builders.REASON, "34 § 2 mom", "Anturit", "Yhteensä", "Laatu 60 %, hinta 40 %.", "Kaupunki ja toimittaja yhdessä",
        "Neljä vuotta ja kaksi optiovuotta.", "Ei eturistiriitoja.", "Euroopan aluekehitysrahasto", "Kaupunkikehityslautakunta",
        builders.SECRET_RISK, "arvio", "Allekirjoitus",
    )  # fmt: skip
    assert [text for text in expected if text not in words] == []


def test_the_plan_dates_its_stages_and_says_which_dates_are_estimates(full: Case, people: People) -> None:
    timetable = section(page_of("procurement_plan", full, people), "Aikataulu")
    table = next(block for block in timetable.blocks if isinstance(block, Table))
    states = [row[-1] for row in table.rows]
    assert states[0] == "käynnissä"
    assert set(states[1:]) == {"arvio"}
    assert len(states) > 15


def test_the_plan_lists_every_provision_once_with_the_other_statutes_last(full: Case, people: People) -> None:
    sources = page_of("procurement_plan", full, people).sources
    assert sources is not None
    rows = dict(sources.rows)
    assert rows["Ennakoitu arvo"] == "27 §, 27 § 1 mom, 27–30 §, 31 §"
    cited = rows["Menettely ja sen perustelu"].split(", ")
    assert len(cited) == len(set(cited))
    assert cited[0].startswith("34 §")


def test_a_plan_before_the_choice_says_that_no_procedure_is_chosen(app: Flask, people: People) -> None:
    case = builders.full_case(people["officer"], procedure="")
    words = words_of(page_of_case("procurement_plan", case))
    assert "Menettelyä ei ole vielä valittu" in words
    assert builders.REASON not in words


def page_of_case(kind: str, case: Case, language: str = "fi") -> DocumentPage:
    return pages.page(kind, service.gather(case), language, TODAY)


def test_without_lots_the_reason_stands_in_the_plan(app: Flask, people: People) -> None:
    case = builders.full_case(people["officer"], lots=None, lots_reason={"fi": "Kokonaisuus on pieni."})
    words = words_of(page_of_case("procurement_plan", case))
    assert "Hankintaa ei ole jaettu osiin." in words
    assert "Kokonaisuus on pieni." in words


def test_the_amounts_of_a_column_all_have_cents_where_one_has(app: Flask, people: People) -> None:
    lots = [{"title": "Anturit", "value": "1000.50"}, {"title": "Tyhjennys", "value": "2000.50"}]
    funding = [{"source": "own", "amount": "3000.25"}, {"source": "erdf", "amount": "1"}, {"source": "eu"}]
    page = page_of_case("procurement_plan", builders.full_case(people["officer"], lots=lots, funding=funding), "en")
    tables = [
        block for title in ("Division into lots", "Funding") for block in section(page, title).blocks if isinstance(block, Table)
    ]
    values = [[*(row[2 - number] for row in table.rows), *table.foot[2:]] for number, table in enumerate(tables)]
    assert values == [["€1,000.50", "€2,000.50", "€3,001.00"], ["€3,000.25", "€1.00", "Not known yet"]]


def test_an_answer_not_known_yet_is_told_from_one_not_given(app: Flask, people: People) -> None:
    case = builders.full_case(people["officer"])
    material = service.gather(case)
    changed = dict(material.answers) | {"value_date": Answer(None, known=False)}
    del changed["value_method"]
    page = pages.page("procurement_plan", replaced(material, answers=changed), "fi", TODAY)
    blocks = section(page, "Ennakoitu arvo").blocks
    facts = {fact.label: fact.text for block in blocks if isinstance(block, Facts) for fact in block.rows}
    prose = {block.fact.label: block.fact.text for block in blocks if isinstance(block, Prose)}
    assert (facts["Arvo laskettu"].paragraphs, facts["Arvo laskettu"].absent) == (("Ei vielä tiedossa",), True)
    assert (prose["Laskentatapa"].paragraphs, prose["Laskentatapa"].absent) == (("Ei vielä kirjattu",), True)


def replaced(material: service.Material, **changes: Any) -> service.Material:
    fields = {name: getattr(material, name) for name in service.Material.__slots__}
    return service.Material(**fields | changes)


def test_the_summary_says_from_when_a_contract_may_be_made(app: Flask, people: People) -> None:
    case = case_at(people["officer"], "open", "standstill", TODAY)
    said = {
        "fi": "Sopimuksen saa tehdä aikaisintaan 9. joulukuuta 2026.",
        "sv": "Kontraktet får ingås tidigast den 9 december 2026.",
        "en": "A contract may be made from 9 December 2026.",
    }

    for language, sentence in said.items():
        words = words_of(page_of("summary", case, people, language))
        assert sentence in words
        assert "1397/2016 129 § 1 mom" in words
    walk(case, people["officer"], "result_notice", date(2026, 12, 9))
    assert said["fi"] not in words_of(page_of("summary", case, people))


def test_the_invitation_tells_outsiders_nothing_internal(full: Case, people: People) -> None:
    for language in LANGUAGES:
        words = words_of(page_of("market_consultation_invitation", full, people, language))
        plain = words.replace("\N{NO-BREAK SPACE}", "").replace(",", "")
        internal = (
            builders.SECRET_VALUE, builders.SECRET_RISK, "610 000", "Kustannukset nousevat", builders.REASON, "Kuuden vuoden",
            people["officer"].name, "Kaupunkikehityslautakunta", "Anturit",
        )  # fmt: skip
        assert [text for text in internal if text in words or text in plain] == []
        assert "Miten laitteet huolletaan talvella?" in words
        assert "markkinavuoropuhelu@tampere.example" in words


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fi", "Tämä ei ole tarjouspyyntö eikä hankintailmoitus."),
        ("sv", "Detta är varken en anbudsförfrågan eller en upphandlingsannons."),
        ("en", "This is neither a request for tenders nor a contract notice."),
    ],
)
def test_the_invitation_says_that_it_is_no_call_for_tenders(full: Case, people: People, language: str, sentence: str) -> None:
    words = words_of(page_of("market_consultation_invitation", full, people, language))
    assert sentence in words
    assert "65–66 §" in words


def test_the_opinion_stands_in_the_experts_words_and_is_called_advice(full: Case, people: People) -> None:
    page = page_of("expert_opinion", full, people, "en")
    words = words_of(page)
    assert "An innovation partnership fits (38 §)." in words
    assert "I have no conflict of interest." in words
    assert page.lead.startswith("The opinion is advice.")
    assert people["expert"].name in words


def test_the_summary_is_one_page_even_when_everything_is_as_long_as_it_may_be(app: Flask, people: People) -> None:
    endless = dict.fromkeys(LANGUAGES, "Pitkäsanainen selostuskokonaisuus " * 170)
    line = dict.fromkeys(LANGUAGES, "Kaupunkiympäristön palvelualueen yksikkö " * 4)
    case = builders.full_case(
        people["officer"], title=line, need=endless, risks=endless, consequence=endless, owner=line, decision_maker=line
    )
    for _ in range(5):
        answered(case, people["officer"], people["expert"])
    builders.move_to(case, people["officer"], "plan")
    material = replaced(service.gather(case), contract_wait=Wait(date(2026, 12, 29), "standstill", "1397/2016 129 § 1 mom"))
    for language in LANGUAGES:
        content = making.make("summary", material, language, TODAY).content
        assert conformance.pages_of(content) == 1, language


def test_the_summary_says_what_is_to_be_decided_and_what_happens_otherwise(full: Case, people: People) -> None:
    words = words_of(page_of("summary", full, people))
    assert "Mitä on päätettävä" in words
    assert "Kaupunkikehityslautakunta" in words
    assert "Kustannukset nousevat viisi prosenttia vuodessa." in words
    assert "lausunto annettu" in words


def test_a_document_is_a_draft_until_its_stage_has_been_passed(full: Case, people: People) -> None:
    page = page_of("procurement_plan", full, people)
    assert page.draft
    assert '<p class="d-status">Luonnos</p>' in words_of(page)
    builders.move_to(full, people["officer"], "plan")
    assert not page_of("needs_assessment", full, people).draft
    assert page_of("procurement_plan", full, people).draft


def test_hostile_words_stand_as_they_were_typed(app: Flask, people: People) -> None:
    hostile = '<img src="file:///etc/passwd"><script>alert(1)</script>{{ 7*7 }}<style>@import url(http://127.0.0.1/x)</style>'
    case = builders.full_case(people["officer"], need={"fi": hostile}, title={"fi": hostile}, risks={"fi": hostile})
    for kind in ("summary", "needs_assessment", "procurement_plan"):
        words = words_of(page_of_case(kind, case))
        assert "<img" not in words
        assert "<script" not in words
        assert "<style" not in words
        assert "{{ 7*7 }}" in words
    content = making.make("needs_assessment", service.gather(case), "fi", TODAY).content
    assert '<img src="file:///etc/passwd">' in conformance.text_of(content)
    assert conformance.faults(content, "fi") == []


def test_what_the_gates_ask_for_is_what_a_document_lacks(app: Flask, people: People) -> None:
    case = factories.make_case(people["officer"])
    answers = service.gather(case).answers
    assert "need" in service.lacking("needs_assessment", answers)
    assert "need" not in service.lacking("needs_assessment", dict(answers) | {"need": Answer("Something")})


@pytest.mark.parametrize(
    ("kind", "language", "name"),
    [
        ("summary", "fi", "TRE-2026-0042-tiivistelma-johdolle.pdf"),
        ("procurement_plan", "en", "TRE-2026-0042-procurement-plan.pdf"),
        ("expert_opinion", "sv", "TRE-2026-0042-expertutlatande.pdf"),
    ],
)
def test_a_file_has_a_name_that_people_can_read(kind: str, language: str, name: str) -> None:
    assert service.file_name("TRE-2026-0042", kind, language) == name


@pytest.mark.parametrize(
    ("language", "whole", "cents"),
    [("fi", "350 000 €", "350 000,50 €"), ("sv", "350 000 €", "350 000,50 €"), ("en", "€350,000", "€350,000.50")],
)
def test_money_is_written_as_in_the_language(language: str, whole: str, cents: str) -> None:
    assert money(Decimal("350000.00"), language).replace("\N{NO-BREAK SPACE}", " ") == whole
    assert money(Decimal("350000.50"), language).replace("\N{NO-BREAK SPACE}", " ") == cents


def test_a_text_is_cut_between_words() -> None:
    assert clipped("one two three", 20) == "one two three"
    assert clipped("one two, three", 11) == "one two…"


def test_citations_are_short_inside_the_act_and_whole_outside_it() -> None:
    assert short("1397/2016 27 §, 31 §") == "27 §, 31 §"
    assert short("621/1999") == "621/1999"


def test_dates_come_from_the_caller_and_never_from_the_clock(full: Case, people: People) -> None:
    words = words_of(page_of("summary", full, people))
    assert "Tulostettu Procuresta 24. marraskuuta 2026" in words
    assert clock.today() == TODAY or clock.today().isoformat() not in words
