"""The city's portfolio: what shows, what it costs, and that no other city finds it."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra import clock
from procure.portfolio import service
from tests import factories
from tests.cases.builders import TODAY, chosen
from tests.documents import conformance
from tests.figures.test_routes import rows
from tests.letterheads.builders import kept_logo, path_of, picture, save
from tests.pages import parse, text_of
from tests.portfolio.builders import contracted

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
YEAR = "period=2026"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 24))


@pytest.fixture
def history(people: People) -> list[Case]:
    """Six contracts, of which one innovative, and one case without a procedure; Oulu has one of its own."""
    ordinary: dict[str, Any] = {"new_to_market": False, "clear_improvement": False, "new_to_buyer": False}
    made = [contracted(people["officer"], **ordinary) for _number in range(5)]
    made.append(
        contracted(people["officer2"], value_amount="100000", themes=["digitalisation"], **ordinary | {"new_to_market": True})
    )
    made.append(factories.make_case(people["officer"], opened_on=date(2026, 11, 3)))
    made.append(chosen(people["other_officer"], "national"))
    service.keep_up(clock.now())
    return made


def table(page: str, part: str) -> dict[str, list[str]]:
    return rows(page, part)


def test_the_page_has_the_figures_of_the_own_city(history: list[Case], people: People, client_for: ClientFor) -> None:
    page = client_for(people["manager"]).get(f"/portfolio?{YEAR}").text
    innovation = table(page, "innovation")
    assert innovation["By number of cases"] == ["1", "7", "14.3", "10.0"]
    assert innovation["By value, euros"] == ["100,000", "2,980,000", "3.4", "10.0"]
    assert table(page, "lead-notice")["Open procedure"] == ["6", "54", "54", "38", "38"]
    assert table(page, "stages")["Needs assessment"][0] == "1"
    assert table(page, "themes")["Digitalisation"] == ["1", "100,000"]
    assert "National procurement" not in table(page, "procedures"), "another city's"


def test_of_fewer_than_five_cases_no_median_is_given(history: list[Case], people: People, client_for: ClientFor) -> None:
    page = client_for(people["manager"]).get(f"/portfolio?{YEAR}&theme=digitalisation").text
    few = "n < 5"
    assert table(page, "lead-notice")["Open procedure"] == ["1", few, few, few, few]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("theme=digitalisation", 1), ("state=open", 7), ("state=finished", 0), ("procedure=open", 6), ("procedure=preparation", 1),
        ("period=2026-q1", 6), ("period=2026-q4", 1), ("period=3m", 1), ("person=999999", 7), ("period=nonsense&procedure=x", 7),
        ("theme=unheard_of", 0), ("theme=%25%22", 7),
    ],
)  # fmt: skip
def test_filters_choose_the_cases_and_the_list_behind_has_as_many(
    history: list[Case], people: People, client_for: ClientFor, query: str, count: int
) -> None:
    client, query = client_for(people["manager"]), query if "period" in query else f"{YEAR}&{query}"
    page = parse(client.get(f"/portfolio?{query}").text)
    figures = next(found for found in page.iter("dl") if found.get("class") == "p-key-figures")
    assert text_of(figures.find("./div/dd")) == str(count)
    listed = parse(client.get(f"/portfolio/cases?{query}").text)
    assert len([row for row in listed.iter("tr") if row.find("./td") is not None]) == count


def test_a_person_s_own_cases_can_be_chosen(history: list[Case], people: People, client_for: ClientFor) -> None:
    page = client_for(people["manager"]).get(f"/portfolio?{YEAR}&person={people['officer2'].id}").text
    assert table(page, "innovation")["By number of cases"][1] == "1"


def test_each_number_leads_to_as_many_cases(history: list[Case], people: People, client_for: ClientFor) -> None:
    client = client_for(people["manager"])
    page = parse(client.get(f"/portfolio?{YEAR}").text)
    checked = 0
    for section in page.iter("section"):
        for row in section.iter("tr"):
            link, cell = row.find("./th/a"), row.find("./td")
            if link is None or cell is None:
                continue
            listed = parse(client.get(link.get("href") or "").text)
            found = len([line for line in listed.iter("tr") if line.find("./td") is not None])
            assert found == int(text_of(cell)), (section.get("aria-labelledby"), text_of(row))
            checked += 1
    assert checked > 30


def test_no_other_city_sees_a_case(history: list[Case], people: People, client_for: ClientFor) -> None:
    listed = client_for(people["other_manager"]).get(f"/portfolio/cases?{YEAR}").text
    assert history[7].reference in listed
    assert not any(case.reference in listed for case in history[:7])


@pytest.mark.parametrize("name", ["expert", "coordinator", "system_admin"])
def test_whoever_has_no_city_finds_nothing(people: People, client_for: ClientFor, name: str) -> None:
    for path in ("/portfolio", "/portfolio.pdf", "/portfolio.xlsx", "/portfolio.csv", "/portfolio/cases"):
        assert client_for(people[name]).get(path).status_code == 404


def test_the_page_asks_at_most_eight_questions_however_many_cases_there_are(
    history: list[Case], people: People, client_for: ClientFor, count_queries: Any
) -> None:
    client = client_for(people["manager"])
    for path in (f"/portfolio?{YEAR}", f"/portfolio/cases?{YEAR}"):
        executed = count_queries()
        assert client.get(path).status_code == 200
        assert len(executed) <= 8, executed


def test_before_the_first_count_the_page_says_so(people: People, client_for: ClientFor) -> None:
    assert "have not been counted yet" in client_for(people["manager"]).get("/portfolio").text


def test_every_table_can_be_taken_along(history: list[Case], people: People, client_for: ClientFor) -> None:
    client = client_for(people["officer"])
    sheet = client.get(f"/portfolio.xlsx?{YEAR}")
    assert zipfile.ZipFile(io.BytesIO(sheet.data)).testzip() is None
    sheet.close()
    text = client.get(f"/portfolio.csv?{YEAR}").data.decode()
    assert '"Share of innovative procurement";"By number of cases";"Innovative";"1"' in text
    assert '"From opening to notice"' in text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_report_is_an_accessible_document_in_each_language(
    history: list[Case], people: People, client_for: ClientFor, language: str
) -> None:
    answer = client_for(people["manager"]).get(f"/portfolio.pdf?period=2026-q1&language={language}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert conformance.faults(answer.data, language) == []


def test_the_report_is_on_the_city_s_letterhead_and_says_so_when_its_logo_is_gone(
    history: list[Case], people: People, client_for: ClientFor
) -> None:
    logo = kept_logo(picture(size=(91, 83)))
    save(people["admin"], logo=logo)
    manager, path = client_for(people["manager"]), path_of(logo)
    with manager.get("/portfolio.pdf?period=2026-q1&language=fi") as answer:
        assert conformance.pictures_of(answer.data) == [(91, 83)]
        assert conformance.faults(answer.data, "fi") == []
    with client_for(people["other_manager"]).get("/portfolio.pdf?period=2026-q1&language=fi") as answer:
        assert conformance.pictures_of(answer.data) == [], "another city's"

    whole = path.read_bytes()
    try:
        path.unlink()
        answer = manager.get("/portfolio.pdf?period=2026-q2")
    finally:
        path.write_bytes(whole)
    assert answer.status_code == 503
    assert "The document could not be made" in answer.text


def test_the_cases_stand_on_a_timeline(history: list[Case], people: People, client_for: ClientFor) -> None:
    page = parse(client_for(people["manager"]).get(f"/portfolio/cases?{YEAR}").text)
    drawing = next(node for node in page.iter() if node.get("class") == "p-chart")
    assert len([node for node in drawing.iter() if str(node.tag).endswith("rect")]) == 7


assert date(2026, 11, 24) < TODAY, "the builders record until then"
