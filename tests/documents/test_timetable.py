"""The timetable in the documents: the plan of the case's own page, drawn and as a table."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from pypdf import PdfReader

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.documents import making, pages, service, summary, timetable
from procure.documents.parts import Block, Figure, Paragraph, Table
from procure.documents.writer import Writer, day
from procure.domain.language import LANGUAGES
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.timetables.models import CasePlan
from tests import factories
from tests.documents.builders import full_case

People = dict[str, Person]
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def clock_set() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=FINLAND), tick=False):
        yield


@pytest.fixture
def case(app: Flask, people: People) -> Case:
    """Follows the open procedure above the EU threshold; the notice is planned for Wednesday 24 November 2027."""
    return full_case(people["officer"], "open", start="2027-11-24", contract_needed_by="2028-06-01")


def writer(case: Case, language: str = "en") -> Writer:
    return Writer(service.gather(case), language, TODAY)


def only(blocks: tuple[Block, ...], kind: type) -> Any:
    (found,) = [block for block in blocks if isinstance(block, kind)]
    return found


def rows(case: Case, language: str = "en") -> dict[str, tuple[str, ...]]:
    table = only(timetable.blocks(writer(case, language)), Table)
    assert len({len(row) for row in table.rows} | {len(table.head)}) == 1
    return {row[0]: row[1:] for row in table.rows}


def words(case: Case, language: str = "en") -> str:
    return " ".join(block.text for block in timetable.blocks(writer(case, language)) if isinstance(block, Paragraph))


def test_a_period_of_law_stands_with_its_least_days_and_its_section(case: Case) -> None:
    # thirty days from Wednesday 24 November 2027 end on Christmas Eve, which is free: so on Monday the 27th
    assert rows(case)["Tender period"] == ("24 Nov 2027", "27 Dec 2027", "30 days (56 § 3 mom)", "estimate")
    assert rows(case)["Standstill"][2] == "14 days (129 § 1 mom)"
    assert rows(case)["EU contract notice via Hilma"][2] == ""


def test_the_table_is_the_plan_s_in_every_language(case: Case) -> None:
    found = timetable.counted(writer(case))
    assert found is not None
    for language in LANGUAGES:
        assert list(rows(case, language)) == [line.stage.name[language] for line in found.plan.lines]


def test_the_drawing_says_in_words_what_it_shows(case: Case) -> None:
    found = timetable.counted(writer(case))
    assert found is not None
    for language in LANGUAGES:
        figure = only(timetable.blocks(writer(case, language)), Figure)
        assert day(found.plan.lines[0].first, language) in figure.alternative
        assert str(len(found.plan.drawn)) in figure.alternative
        assert [bar.row.name for bar in figure.drawing.bars] == [line.stage.name[language] for line in found.plan.drawn]


def _figures(element: Any) -> Iterator[Any]:
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        for child in element:
            yield from _figures(child)
    elif isinstance(element, dict):
        if element.get("/S") == "/Figure":
            yield element
        if "/K" in element:
            yield from _figures(element["/K"])


def test_the_figure_in_the_file_has_its_alternative(case: Case) -> None:
    material = service.gather(case)
    made = making.make("procurement_plan", material, "fi", TODAY)
    root: Any = PdfReader(io.BytesIO(made.content)).root_object
    figure = only(timetable.blocks(Writer(material, "fi", TODAY)), Figure)
    assert [str(one.get("/Alt")) for one in _figures(root["/StructTreeRoot"])] == [figure.alternative]


def test_whether_the_contract_comes_in_time_is_said_in_words(case: Case, people: People) -> None:
    assert "The contract is needed by 1 June 2028: there are" in words(case)
    factories.answer(case, people["officer"], contract_needed_by="2028-01-10")
    assert "The contract is needed by 10 January 2028: that is" in words(case)


def test_the_choices_that_were_saved_hold_in_the_document(case: Case, people: People) -> None:
    before = rows(case)["Comparison of tenders"]
    plan = {"mode": "forwards", "durations": {"comparison": 40}, "wished": {}, "saved": {}, "saved_by": "Officer"}
    db.session.add(
        CasePlan(case_id=case.id, plan=plan, saved_on=TODAY, saved_at=datetime(2026, 11, 24, tzinfo=FINLAND), version=1)
    )
    db.session.commit()
    after = rows(case)["Comparison of tenders"]
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_the_recommended_procedure_is_named_while_none_is_chosen(people: People, app: Flask) -> None:
    case = full_case(people["officer"], "")
    assert "No procedure has been chosen yet. The timetable is counted by the recommended one:" in words(case)
    assert "Contract" in rows(case)


def test_without_a_timetable_the_documents_say_so_and_show_none(case: Case, people: People) -> None:
    factories.answer(case, people["officer"], value_amount=None)
    blocks = timetable.blocks(writer(case))
    assert not [block for block in blocks if isinstance(block, (Figure, Table))]
    assert words(case) == "The timetable cannot be counted yet."
    assert summary.strip(writer(case)) is None


def test_the_strip_of_the_manager_s_page_is_the_plan_s(case: Case) -> None:
    found, strip = timetable.counted(writer(case)), summary.strip(writer(case))
    assert found is not None
    assert strip is not None
    assert [bar.state for bar in strip.bars] == [line.state for line in found.plan.drawn]
    assert strip.first == "2 Mar 2026"
    assert 0 < strip.today < strip.bars[-1].x + strip.bars[-1].width <= summary.WIDTH


def test_a_document_asks_for_the_timetable_once(case: Case, count_queries: Any) -> None:
    material = service.gather(case)
    executed = count_queries()
    for kind in ("procurement_plan", "summary"):
        making.html(pages.page(kind, material, "fi", TODAY))
    assert not [statement for statement in executed if "case_plans" in statement]
