"""The memo of the choice: the advice and the facts as they were when the city chose, a draft before."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from procure.accounts.models import Person
from procure.advice import asking
from procure.cases.models import Case
from procure.catalogue import procedures, rulebook
from procure.documents import making, pages, service
from procure.documents.parts import DocumentPage, Points, Section, Table
from procure.domain.language import LANGUAGES
from procure.infra import clock
from tests import factories
from tests.advice import builders as advice
from tests.documents import builders, conformance

People = dict[str, Person]
REASON = "Avoin menettely tavoittaa useammat yritykset."


@pytest.fixture
def chosen(app: Flask, people: People) -> Case:
    """Services for 1 234 567 euros, to be adapted from what the market has: the open procedure is chosen all the same."""
    case = builders.full_case(people["officer"], procedure="")
    advice.choose(case, people["officer"], "open", REASON)
    return case


def page_of(case: Case, language: str = "fi", today: date | None = None) -> DocumentPage:
    return pages.page(service.MEMO, service.gather(case), language, today or clock.today())


def section(page: DocumentPage, heading: str) -> Section:
    return next(part for part in page.sections if part.heading == heading)


def test_the_memo_tells_choice_reason_person_value_and_edition(chosen: Case) -> None:
    page = page_of(chosen)
    html = making.html(page)

    assert not page.draft
    for wanted in ("Avoin menettely", "Neuvottelumenettely", REASON, "Officer", "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567"):
        assert wanted in html, wanted
    assert "2026-11" in html


def test_every_procedure_stands_once_with_its_reasons(chosen: Case) -> None:
    blocks = section(page_of(chosen, "en"), "The procedures").blocks
    names = [block.heading.partition(":")[0] for block in blocks if isinstance(block, Points)]

    assert sorted(names) == sorted(procedure.name.en for procedure in procedures.catalogue().choosable())
    assert all(isinstance(block, Points) and block.points for block in blocks)


def test_a_threshold_says_whether_it_is_reached_and_since_when(chosen: Case) -> None:
    table = next(block for block in section(page_of(chosen, "en"), "Value and thresholds").blocks if isinstance(block, Table))

    assert [(row[0], row[1], row[2]) for row in table.rows] == [("National", "€60,000", "Yes"), ("EU", "€216,000", "Yes")]


def test_later_answers_do_not_show_in_the_memo(chosen: Case, people: People) -> None:
    before = making.html(page_of(chosen))

    factories.answer(chosen, people["officer"], value_amount="50000", market_availability="none", title={"fi": "Toinen nimi"})
    after = making.html(page_of(chosen))

    assert "Toinen nimi" not in after
    assert _without_version(after) == _without_version(before)


def test_later_rules_do_not_show_in_the_memo(chosen: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every threshold a hundred times as high the case would be a small purchase."""
    before = making.html(page_of(chosen))
    book = rulebook.rulebook()
    lifted = tuple(replace(row, amount=row.amount * 100) for row in book.thresholds)
    monkeypatch.setattr(asking, "rulebook", lambda: replace(book, edition="2030-01", thresholds=lifted))

    assert making.html(page_of(chosen)) == before


def _without_version(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if "Versio" not in line)


def test_before_a_choice_the_memo_is_a_draft_of_the_present_advice(app: Flask, people: People) -> None:
    case = builders.full_case(people["officer"], procedure="")
    draft = page_of(case, "en")
    factories.answer(case, people["officer"], market_availability="none")
    later = page_of(case, "en")

    assert draft.draft
    assert "no procedure has been chosen yet" in making.html(draft)
    assert "Competitive procedure with negotiation: recommended" in making.html(draft)
    assert "Innovation partnership: recommended" in making.html(later)


def test_a_choice_without_a_kept_advice_says_so(app: Flask, people: People) -> None:
    case = builders.full_case(people["officer"], procedure="open")

    page = page_of(case, "en")

    assert page.draft
    assert "no advice was kept with the choice" in making.html(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_of_a_choice_is_accessible_and_names_the_case(chosen: Case, language: str) -> None:
    made = making.make(service.MEMO, service.gather(chosen), language, clock.today())

    assert conformance.faults(made.content, language) == []
    assert chosen.reference in conformance.text_of(made.content)
