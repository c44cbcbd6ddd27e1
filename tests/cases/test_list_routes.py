"""The page of the list: found words, views, columns, files."""

import csv
import io
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases import list_files, list_queries
from procure.cases.list_pages import COLUMNS
from procure.cases.models import Case
from tests import factories
from tests.pages import parse, text_of

People = dict[str, Person]
Clients = Callable[[Person], FlaskClient]


@pytest.fixture
def client(client_for: Clients, people: People) -> FlaskClient:
    return client_for(people["officer"])


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def rows_of(html: str) -> list[str]:
    return [text_of(row) for row in parse(html).findall(".//tbody/tr")]


def heads_of(html: str) -> list[str]:
    return [text_of(head) for head in parse(html).findall(".//thead//th")]


def marks_of(html: str) -> list[str]:
    return [text_of(mark) for mark in parse(html).iter("mark")]


def file_rows(client: FlaskClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=cases-")
    assert answer.headers["Cache-Control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_hit_shows_its_words_marked_and_everything_else_as_text(client: FlaskClient, people: People) -> None:
    factories.make_case(people["officer"], title={"en": "Bins <i>now</i>"}, need={"en": "All bins & <b>lids</b> freeze"})

    html = page(client, "/cases?q=bins")

    assert marks_of(html) == ["Bins", "bins"]
    assert "<b>" not in html.split("<tbody")[1]
    assert "<i>now" not in html
    assert "freeze" in rows_of(html)[0]


def test_a_later_part_of_a_compound_is_marked_in_the_title(client: FlaskClient, people: People) -> None:
    factories.make_case(people["officer"], title={"en": "Jäteastiat"})

    assert marks_of(page(client, "/cases?q=astia")) == ["astiat"]


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower"])
def test_a_reference_leads_straight_to_its_case(client: FlaskClient, case: Case, typed: str) -> None:
    text = case.reference.lower() if typed == "lower" else typed.format(case.reference)

    answer = client.get("/cases", query_string={"q": text})

    assert answer.status_code == 302
    assert answer.location == f"/cases/{case.reference}"


def test_a_foreign_reference_is_looked_for_like_any_word(client_for: Clients, case: Case, people: People) -> None:
    html = page(client_for(people["other_officer"]), f"/cases?q={case.reference}")

    assert "No case matches" in html
    assert rows_of(html) == []


def test_pages_of_a_search_follow_each_other(client: FlaskClient, people: People) -> None:
    for _ in range(27):
        factories.make_case(people["officer"])
    first = page(client, "/cases?q=sensors")
    (following,) = [link.get("href") or "" for link in parse(first).iter("a") if link.get("rel") == "next"]

    second = page(client, following)

    assert len(rows_of(first)) == 25
    assert len(rows_of(second)) == 2
    assert not set(rows_of(first)) & set(rows_of(second))


def test_the_usual_columns_are_shown_until_others_are_chosen(client: FlaskClient, case: Case) -> None:
    assert heads_of(page(client, "/cases")) == ["Case", "Stage", "Value, without VAT", "Next date", "State", "Summary"]

    answer = client.post("/cases/columns", data={"columns": ["city", "responsible", "stage"]})
    html = page(client, "/cases")

    assert answer.status_code == 302
    assert heads_of(html) == ["Case", "Stage", "Responsible", "City"]
    assert "Officer Tampere" in rows_of(html)[0]


def test_a_column_that_is_not_on_offer_is_refused(client: FlaskClient) -> None:
    assert client.post("/cases/columns", data={"columns": ["password"]}).status_code == 422


def test_every_column_can_be_shown_at_once(client: FlaskClient, case: Case) -> None:
    client.post("/cases/columns", data={"columns": list(COLUMNS)})

    assert len(heads_of(page(client, "/cases"))) == len(COLUMNS) + 1


def test_another_person_keeps_the_columns_of_their_own(
    client: FlaskClient, client_for: Clients, case: Case, people: People
) -> None:
    client.post("/cases/columns", data={"columns": ["city"]})

    assert len(heads_of(page(client_for(people["officer2"]), "/cases"))) == 6


def test_a_view_is_saved_shown_above_the_list_and_removed(client: FlaskClient, case: Case, people: People) -> None:
    answer = client.post("/cases/views/new?q=bins&scope=all&evil=1&after=1.1", data={"name": "Bins of all times"})
    assert answer.location == "/cases?q=bins&scope=all"

    links = {text_of(link): link.get("href") for link in parse(page(client, "/cases")).iter("a")}
    assert links["Bins of all times"] == "/cases?q=bins&scope=all"
    assert "Bins of all times" in page(client, "/cases?q=%25%25%25")

    (view,) = list_queries.saved_views(factories.actor_of(people["officer"]))
    page(client, "/cases/views")
    page(client, f"/cases/views/{view.id}/remove")
    client.post(f"/cases/views/{view.id}/remove")
    assert "No views yet" in page(client, "/cases/views")


def test_somebody_else_s_view_is_not_there(client: FlaskClient, client_for: Clients, people: People) -> None:
    client.post("/cases/views/new?light=red", data={"name": "Late"})
    (view,) = list_queries.saved_views(factories.actor_of(people["officer"]))

    answer = client_for(people["officer2"]).post(f"/cases/views/{view.id}/remove")

    assert answer.status_code == 404
    assert list_queries.saved_views(factories.actor_of(people["officer"])) == (view,)


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "x" * 61])
def test_a_view_needs_a_usable_name(client: FlaskClient, name: str) -> None:
    assert client.post("/cases/views/new", data={"name": name}).status_code == 422


def test_my_own_cases_and_those_of_another_person(client: FlaskClient, people: People) -> None:
    mine = factories.make_case(people["officer"], title={"en": "Mine"})
    theirs = factories.make_case(people["officer2"], title={"en": "Theirs"})

    assert [mine.reference in row for row in rows_of(page(client, "/cases?who=me"))] == [True]
    html = page(client, f"/cases?who={people['officer2'].id}")
    assert [theirs.reference in row for row in rows_of(html)] == [True]
    (chosen,) = [option for option in parse(html).findall(".//select[@id='who']/option") if option.get("selected") is not None]
    assert text_of(chosen) == "Officer2"


def test_the_people_to_choose_from_are_the_city_s_own(client: FlaskClient, case: Case, people: People) -> None:
    html = page(client, "/cases?more=1")

    options = {text_of(option) for option in parse(html).findall(".//select[@id='who']/option")}
    assert {"Everybody", "Me", "Officer", "Officer2", "Manager", "Admin"} <= options
    assert "Other Officer" not in options


def test_the_cases_of_a_partner_city_can_be_looked_at_alone(client_for: Clients, case: Case, people: People) -> None:
    factories.make_partner(case, people["other_officer"])
    own = factories.make_case(people["other_officer"])
    client = client_for(people["other_officer"])

    assert len(rows_of(page(client, "/cases"))) == 2
    assert [case.reference in row for row in rows_of(page(client, "/cases?city=837"))] == [True]
    assert [own.reference in row for row in rows_of(page(client, "/cases?city=564"))] == [True]
    assert rows_of(page(client, "/cases?city=905")) == []


def test_the_list_takes_two_queries_and_a_search_one_more(
    client: FlaskClient, people: People, count_queries: Callable[[], list[str]]
) -> None:
    for _ in range(3):
        factories.make_case(people["officer"])
    client.post("/cases/views/new?light=red", data={"name": "Late"})
    for address, most in (("/cases", 2), ("/cases?stage=need", 2), ("/cases?q=sensors", 3), ("/cases?who=me", 2)):
        page(client, address)
        executed = count_queries()
        page(client, address)
        assert len(executed) <= most, (address, executed)


def test_the_file_has_the_filtered_cases_with_every_column(client: FlaskClient, people: People) -> None:
    case = factories.make_case(people["officer"], title={"en": "=HYPERLINK(1)"}, value_amount="480000.50")
    factories.make_case(people["officer2"])

    head, row = file_rows(client, "/cases/file.csv?who=me")

    found = dict(zip(head, row, strict=True))
    assert found["Reference"] == case.reference
    assert found["Title"] == "'=HYPERLINK(1)"
    assert found["City"] == "Tampere"
    assert found["Value, euros without VAT"] == "480000,50"
    assert found["Opened"] == case.opened_on.isoformat()
    assert found["Responsible"] == "Officer"


def test_the_workbook_has_the_same_cases(client: FlaskClient, people: People) -> None:
    case = factories.make_case(people["officer"], title={"en": "=HYPERLINK(1)"})

    with client.get("/cases/file.xlsx?q=sensors&q=hyperlink") as answer:
        content = answer.get_data()
    with client.get("/cases/file.xlsx") as answer, zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))

    texts = ["".join(cell.itertext()) for cell in sheet.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}is")]
    assert content.startswith(b"PK")
    assert case.reference in texts
    assert "=HYPERLINK(1)" in texts
    assert not list(sheet.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"))


@pytest.mark.parametrize(
    "address", ["/cases/file.csv", "/cases/file.csv?q=sensors&scope=all", "/cases/file.csv?scope=all&order=newest"]
)
def test_the_file_has_nothing_of_another_city(client_for: Clients, case: Case, people: People, address: str) -> None:
    (head,) = file_rows(client_for(people["other_officer"]), address)

    assert head[0] == "Reference"


def test_a_long_list_is_read_piece_by_piece_in_its_order_and_cut_with_a_word(
    client: FlaskClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [factories.make_case(people["officer"]).reference for _ in range(7)]
    monkeypatch.setattr(list_files, "AT_A_TIME", 2)

    for order in ("next", "newest", ""):
        rows = file_rows(client, f"/cases/file.csv?q=sensors&order={order}")[1:]
        assert sorted(row[0] for row in rows) == made, order
    monkeypatch.setattr(list_files, "MOST_ROWS", 5)
    *rows, last = file_rows(client, "/cases/file.csv?order=newest")[1:]

    assert [row[0] for row in rows] == made[::-1][:5]
    assert last == ["Only the first 5 cases are in this file: use filters to get the rest"]


@pytest.mark.parametrize("name", ["expert", "coordinator", "system_admin"])
def test_who_sees_no_list_gets_no_file(client_for: Clients, case: Case, people: People, name: str) -> None:
    client = client_for(people[name])

    assert client.get("/cases/file.csv").status_code == 403
    assert client.get("/cases/file.xlsx").status_code == 403
