"""The coordinator's pages of figures: what shows, what it costs, and that nobody else finds them."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.figures import service
from procure.infra import clock, pdf
from procure.infra.db import db
from procure.support.models import SupportRequest
from procure.web import fragments
from tests.documents import conformance
from tests.figures.builders import declined, many, request_of, reviewed
from tests.pages import parse, text_of

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def history(people: People) -> list[SupportRequest]:
    tampere, oulu, expert = people["officer"], people["other_officer"], people["expert"]
    made = many(tampere, expert, date(2026, 11, 3), date(2026, 11, 6), 6, first_answer_at=date(2026, 11, 4))
    made += many(
        oulu, expert, date(2026, 10, 5), date(2026, 10, 7), 3, topic="funding", kind="communications", product="sparring"
    )
    made.append(request_of(oulu, date(2026, 3, 2), state="taken", expert_id=expert.id))
    declined(made[0], people["expert2"], date(2026, 11, 3))
    for request in made[:5]:
        reviewed(request, tampere, "followed", 5, 4, None)
    service.count_all(clock.now())
    return made


def rows(page: str, part: str) -> dict[str, list[str]]:
    """The table of a part: the name of a row -> its cells."""
    section = next(found for found in parse(page).iter("section") if found.get("aria-labelledby") == part)
    body = section.find(".//tbody")
    assert body is not None
    return {text_of(row.find("th")): [text_of(cell) for cell in row.findall("td")] for row in body.findall("tr")}


def test_the_page_has_every_figure_with_its_numbers(history: list[SupportRequest], people: People, client_for: ClientFor) -> None:
    page = client_for(people["coordinator"]).get("/figures").text
    few = "n < 5"
    assert rows(page, "months")["November 2026"] == ["6", "1", "1", "3", "3"]
    assert rows(page, "months")["October 2026"] == ["3", few, few, few, few]
    assert len(rows(page, "months")) == 12
    assert list(rows(page, "topics").values()) == [["7", "1", "1", "3", "3"], ["3", few, few, few, few]]
    assert rows(page, "cities") == {"Tampere": ["6", "1", "1", "3", "3"], "Oulu": ["4", few, few, few, few]}
    assert rows(page, "kinds") == {"Expert advice": ["7"], "Communications": ["3"]}
    assert rows(page, "products") == {"No product chosen": ["7"], "First sparring talk": ["3"]}
    assert list(rows(page, "speed").values()) == [["3", "9"], ["6", "0"], ["0", "0"], ["0", "0"], ["0", "0"]]
    assert list(rows(page, "ages").values()) == [["0"], ["0"], ["0"], ["0"], ["1"]]
    assert rows(page, "experts") == {"Expert": ["1", "9", "0"], "Expert2": ["0", "0", "1"]}
    assert next(iter(rows(page, "outcomes").values())) == ["5"]
    assert rows(page, "marks") == {
        "The opinion was useful": ["5.0", "5"], "The opinion was clear": ["4.0", "5"], "The opinion came in time": [few, "0"],
    }  # fmt: skip


def test_an_expert_with_nothing_open_has_a_row_and_no_bar(
    history: list[SupportRequest], people: People, client_for: ClientFor
) -> None:
    page = client_for(people["coordinator"]).get("/figures").text
    section = next(found for found in parse(page).iter("section") if found.get("aria-labelledby") == "experts")
    drawn = text_of(next(element for element in section.iter() if str(element.tag).endswith("svg")))
    assert "Expert: 1" in drawn
    assert "Expert2" in rows(page, "experts")
    assert "Expert2" not in drawn


def test_a_city_and_a_topic_can_be_chosen(history: list[SupportRequest], people: People, client_for: ClientFor) -> None:
    client = client_for(people["coordinator"])
    page = client.get("/figures?city=564&topic=funding&period=2026").text
    assert rows(page, "months")["October 2026"][0] == "3"
    assert rows(page, "ages")["More than 20 working days"] == ["0"]
    assert 'aria-labelledby="cities"' not in page
    assert 'aria-labelledby="topics"' not in page
    page = client.get("/figures?city=564&period=2026").text
    assert rows(page, "ages")["More than 20 working days"] == ["1"]
    assert [cells[0] for cells in rows(page, "topics").values()] == ["3", "1"]


def test_a_long_period_is_shown_by_year(history: list[SupportRequest], people: People, client_for: ClientFor) -> None:
    request_of(people["officer"], date(2022, 5, 3))
    service.count_all(clock.now())
    page = client_for(people["coordinator"]).get("/figures?period=all").text
    assert {year: cells[0] for year, cells in rows(page, "months").items()} == {
        "2022": "1", "2023": "0", "2024": "0", "2025": "0", "2026": "10",
    }  # fmt: skip


@pytest.mark.parametrize("query", ["period=²", "period=9999", "topic=none&city=000", "period=all&city=837&topic=pilot"])
def test_what_an_address_asks_for_wrongly_is_left_out(people: People, client_for: ClientFor, query: str) -> None:
    assert client_for(people["coordinator"]).get(f"/figures?{query}").status_code == 200


def test_every_drawing_has_a_title_and_a_description_and_a_table_beside_it(
    history: list[SupportRequest], people: People, client_for: ClientFor
) -> None:
    page = parse(client_for(people["coordinator"]).get("/figures").text)
    drawings = [found for found in page.iter() if found.tag.endswith("svg") and found.get("role") == "img"]
    assert len(drawings) >= 8
    for drawing in drawings:
        words = {child.get("id"): text_of(child) for child in drawing if child.tag.rpartition("}")[2] in ("title", "desc")}
        assert list(words) == (drawing.get("aria-labelledby") or "").split()
        assert all(words.values())


def test_before_anything_is_counted_the_page_says_so(people: People, client_for: ClientFor) -> None:
    page = client_for(people["coordinator"]).get("/figures")
    assert page.status_code == 200
    assert "have not been counted yet" in page.text


@pytest.mark.parametrize("path", ["/figures", "/figures.pdf", "/figures.xlsx", "/figures/requests"])
@pytest.mark.parametrize("name", ["officer", "manager", "admin", "expert", "system_admin"])
def test_for_others_there_is_no_such_page(people: People, client_for: ClientFor, path: str, name: str) -> None:
    assert client_for(people[name]).get(path).status_code == 404


def test_the_page_takes_six_queries_at_most_and_two_once_made(
    history: list[SupportRequest], people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    client = client_for(people["coordinator"])
    client.get("/figures/requests")
    fragments.forget()
    executed = count_queries()
    client.get("/figures?period=all")
    assert len(executed) <= 6
    executed = count_queries()
    client.get("/figures?period=all")
    assert len(executed) <= 2


def test_a_page_kept_earlier_gives_way_when_a_figure_changes(
    history: list[SupportRequest], people: People, client_for: ClientFor
) -> None:
    client = client_for(people["coordinator"])
    client.get("/figures")
    request_of(people["officer"], date(2026, 11, 5), kind="communications")
    service.count_all(clock.now())
    assert rows(client.get("/figures").text, "kinds")["Communications"] == ["4"]


def linked(page: str, part: str) -> list[tuple[int, str]]:
    """The first number of each row and where its name leads."""
    section = next(found for found in parse(page).iter("section") if found.get("aria-labelledby") == part)
    found = []
    for row in section.findall(".//tbody/tr"):
        link = row.find("th/a")
        if link is not None:
            found.append((int(text_of(row.find("td"))), link.get("href") or ""))
    return found


@pytest.mark.parametrize("query", ["", "?topic=pilot", "?city=564", "?period=2026&city=564&topic=funding"])
def test_behind_every_number_are_as_many_requests(
    history: list[SupportRequest], people: People, client_for: ClientFor, query: str
) -> None:
    client = client_for(people["coordinator"])
    page = client.get(f"/figures{query}").text
    counted = 0
    for part in ("months", "topics", "cities", "kinds", "products", "ages", "experts"):
        if f'aria-labelledby="{part}"' in page:
            for number, address in linked(page, part):
                assert client.get(address).text.count('href="/support/') == number, address
                counted += number
    assert counted


def test_the_list_goes_on_page_by_page_without_a_gap(people: People, client_for: ClientFor) -> None:
    made = many(people["officer"], people["expert"], date(2026, 11, 3), date(2026, 11, 6), 53)
    client = client_for(people["coordinator"])
    first = parse(client.get("/figures/requests?what=asked").text)
    following = next(link.get("href") for link in first.iter("a") if link.get("rel") == "next")
    second = parse(client.get(following or "").text)
    numbers = [link.get("href") for page in (first, second) for link in page.findall(".//th/a")]
    assert numbers == [f"/support/{request.id}" for request in reversed(made)]


@pytest.mark.parametrize("query", ["after=x", "after=nan.1", "after=1e99.2", "from=no&to=2026-13-01", "expert=x&what=nothing"])
def test_a_faulty_address_of_the_list_is_no_fault(people: People, client_for: ClientFor, query: str) -> None:
    assert client_for(people["coordinator"]).get(f"/figures/requests?{query}").status_code == 200


@pytest.mark.parametrize(("language", "name"), [("fi", "tunnusluvut"), ("sv", "nyckeltal"), ("en", "figures")])
def test_the_document_is_made_in_each_language(
    history: list[SupportRequest], people: People, client_for: ClientFor, language: str, name: str
) -> None:
    answer = client_for(people["coordinator"]).get(f"/figures.pdf?language={language}")
    assert answer.mimetype == "application/pdf"
    assert conformance.faults(answer.data, language) == []
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}-2025-12_2026-11.pdf"'


def test_a_document_that_cannot_be_made_says_so(people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: Any, **_named: Any) -> bytes:
        raise pdf.PdfFailed("time")

    monkeypatch.setattr(pdf, "printed", fails)
    assert client_for(people["coordinator"]).get("/figures.pdf").status_code == 503


def test_the_sheet_has_a_line_for_each_number(history: list[SupportRequest], people: People, client_for: ClientFor) -> None:
    with client_for(people["coordinator"]).get("/figures.xlsx") as answer, zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") > 100
    assert "<v>6</v>" in sheet
    assert "n &lt; 5" in sheet
    assert db.session.query(SupportRequest).count() == len(history)
