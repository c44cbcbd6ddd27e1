"""The pages of declarations, and what stays shut before one: files, their names, the log, its exports and the search."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.attachments import service as attachments
from procure.cases.models import Case, CaseText
from procure.catalogue import material
from procure.domain.attachments import INFECTED
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.attachments.builders import attach, attach_version
from tests.attachments.files import pdf, sent
from tests.declarations.builders import WORDS, decide, declare
from tests.pages import parse, text_of
from tests.teams.builders import add_member

People = dict[str, Person]
ClientFor = Callable[[Person], FlaskClient]
CANARY = "Binwatch"
READERS = ["officer", "officer2", "manager", "admin", "guest", "partner"]


def page_of(case: Case, path: str = "declaration") -> str:
    return f"/cases/{case.reference}/{path}"


@pytest.fixture
def tenders(case: Case, people: People) -> Case:
    """The case with two files of tender material, one of them in two versions, a removed one, and an ordinary file."""
    officer = people["officer"]
    attach(case, officer, "Plan of the yard", "yard.pdf", pdf("yard"))
    first = attach(case, officer, f"{CANARY} prices", f"{CANARY}.pdf", pdf("1"), tender_material=True)
    attach_version(case, first, officer, pdf("2"), f"{CANARY} anew.pdf")
    attach(case, officer, f"{CANARY} references", f"{CANARY} more.pdf", pdf("3"), tender_material=True)
    gone = attach(case, officer, f"{CANARY} gone", f"{CANARY} gone.pdf", pdf("4"), tender_material=True)
    attachments.remove(case, gone, f"{CANARY} was wrong", factories.actor_of(officer), clock.today(), clock.now())
    factories.answer(case, officer, cpv=["90500000"], known_suppliers=3)
    return case


@pytest.fixture
def reader(tenders: Case, people: People, client_for: ClientFor) -> Callable[[str], tuple[Person, FlaskClient]]:
    """Somebody who reads the case in that part, with a client in which they are signed in."""

    def of(name: str) -> tuple[Person, FlaskClient]:
        person = people[{"guest": "officer2", "partner": "other_officer"}.get(name, name)]
        if name == "guest":
            add_member(tenders, people["officer"], person, "guest")
        if name == "partner":
            factories.make_partner(tenders, person)
        return person, client_for(person)

    return of


@pytest.mark.parametrize("name", READERS)
def test_before_the_declaration_only_the_number_of_files_shows_and_afterwards_the_files(
    tenders: Case, reader: Callable[[str], tuple[Person, FlaskClient]], name: str
) -> None:
    _person, client = reader(name)
    file = page_of(tenders, f"attachments/2/2/{CANARY} anew.pdf")
    before = client.get(page_of(tenders, "attachments"))
    shut = client.get(file)

    assert "The case has 2 files of tender material, which are closed to you." in before.text
    assert "Plan of the yard" in before.text
    for page in (before.text, shut.text):  # what there is to declare against
        assert '<dd class="govuk-summary-list__value">Tampere' in page
        assert "90500000" in page
    assert CANARY not in before.text
    assert shut.status_code == 403
    assert f'href="{page_of(tenders)}"' in shut.text
    assert CANARY not in shut.text.replace(
        f"{CANARY}+anew.pdf", ""
    )  # the address that was asked for stands in the language links

    suppliers = parse(client.get(page_of(tenders)).text).find(".//input[@name='suppliers']").get("value")  # type: ignore[union-attr]
    answer = client.post(page_of(tenders), data={"outcome": "none", "text": "", "suppliers": suppliers})

    assert answer.headers["Location"] == page_of(tenders, "attachments")
    assert f"{CANARY} prices" in client.get(page_of(tenders, "attachments")).text
    with client.get(file) as opened:
        assert opened.status_code == 200
        assert opened.data == pdf("2")


@pytest.mark.parametrize("path", [
    "", "/attachments", "/history", "/history?q=prices", "/history?print=1", "/history.csv", "/history.jsonl", "/documents", "/team",
    "/attachments/2/2/x.pdf", "/attachments/2/version", "/attachments/2/remove", "/declaration",
])  # fmt: skip
@pytest.mark.parametrize("name", ["officer", "manager"])
def test_no_page_tells_a_name_or_reason_of_tender_material_before_the_declaration(
    tenders: Case, people: People, client_for: ClientFor, path: str, name: str
) -> None:
    with client_for(people[name]).get(f"/cases/{tenders.reference}{path}") as answer:
        page = answer.get_data(as_text=True)

    assert answer.status_code in (200, 403)
    assert CANARY not in page


def test_the_log_says_that_it_is_a_file_of_tender_material(tenders: Case, people: People, client_for: ClientFor) -> None:
    page = text_of(parse(client_for(people["officer"]).get(page_of(tenders, "history")).text))

    assert page.count("a file of tender material") == 5
    assert "Plan of the yard" in page


def test_the_search_finds_a_case_by_ordinary_files_and_not_by_tender_material(
    tenders: Case, people: People, client_for: ClientFor
) -> None:
    row = db.session.get(CaseText, tenders.id)
    client = client_for(people["officer"])

    assert row is not None
    assert CANARY.casefold() not in f"{row.plain} {row.fi} {row.sv} {row.en}".casefold()
    assert tenders.reference in client.get("/cases?q=yard").text
    assert tenders.reference not in client.get(f"/cases?q={CANARY}").text


def test_malware_found_later_is_told_without_the_name_of_the_file(tenders: Case, people: People) -> None:
    from procure.attachments import scanning
    from procure.attachments.models import AttachmentVersion

    version = db.session.scalars(db.select(AttachmentVersion).where(AttachmentVersion.file_name == f"{CANARY} more.pdf")).one()
    scanning._settle(version.id, INFECTED, "Eicar", clock.now())

    (event,) = factories.events(tenders, scanning.BLOCKED)
    assert event.payload["malware"] == "Eicar"
    assert CANARY not in str(event.payload)


def test_a_conflict_closes_an_open_page_at_the_next_request(tenders: Case, people: People, client_for: ClientFor) -> None:
    client, file = client_for(people["officer"]), page_of(tenders, f"attachments/2/2/{CANARY} anew.pdf")
    declare(tenders, people["officer"])
    with client.get(file) as opened:
        assert opened.status_code == 200

    answer = client.post(page_of(tenders), data={"outcome": "conflict", "text": WORDS, "suppliers": "1"}, follow_redirects=True)

    assert "closed to you until a manager decides" in answer.text
    assert client.get(file).status_code == 403
    assert client.post(page_of(tenders, "attachments/2/remove"), data={"reason": "x"}).status_code == 403
    assert client.post(page_of(tenders, "attachments/2/version"), data=sent("a.pdf", pdf(), news="")).status_code == 403


def test_the_declaration_says_against_what_and_why(tenders: Case, people: People, client_for: ClientFor) -> None:
    page = text_of(parse(client_for(people["officer"]).get(page_of(tenders)).text))

    for words in ("Tampere", "90500000", "Known suppliers", "Administrative Procedure Act 434/2003, sections 27–30",
                  "recalled, not read", "Not declared"):  # fmt: skip
        assert words in page


@pytest.mark.parametrize(("data", "sentence", "status"), [
    ({"text": "", "suppliers": "1"}, "Say whether you have a conflict of interest", 422),
    ({"outcome": "conflict", "text": " ", "suppliers": "1"}, "Describe the conflict: whom or what it is about", 422),
    ({"outcome": "conflict", "text": "x" * 4001, "suppliers": "1"}, "The text is too long", 422),
    ({"outcome": "none", "text": "Typed words", "suppliers": "0"}, "What is known of the suppliers has changed", 409),
])  # fmt: skip
def test_a_declaration_that_cannot_be_kept_says_why_and_keeps_what_was_typed(
    tenders: Case, people: People, client_for: ClientFor, data: dict[str, str], sentence: str, status: int
) -> None:
    answer = client_for(people["officer"]).post(page_of(tenders), data=data)

    assert answer.status_code == status
    assert sentence in answer.text
    assert data["text"].strip() in answer.text
    assert not factories.events(tenders, "interest_declared")


def test_a_manager_sees_who_has_declared_and_decides(tenders: Case, people: People, client_for: ClientFor) -> None:
    declare(tenders, people["officer2"], "conflict")
    client = client_for(people["manager"])
    overview = client.get(page_of(tenders, "declarations")).text

    assert "Officer2" in overview
    assert WORDS in overview
    assert "Not declared" in overview  # the responsible officer
    assert "Decide on the conflict of interest of Officer2" in client.get("/").text

    answer = client.post(
        page_of(tenders, "declarations/1"), data={"answer": "open", "reason": "She left it.", "decisions": "0"}, follow_redirects=True
    )  # fmt: skip

    assert "The tender material was opened to the person" in answer.text
    assert "Decide on the conflict" not in client.get("/").text
    assert f"{CANARY} prices" in client_for(people["officer2"]).get(page_of(tenders, "attachments")).text


def test_what_was_written_shows_to_the_person_and_to_managers_only(tenders: Case, people: People, client_for: ClientFor) -> None:
    made = declare(tenders, people["officer2"], "conflict")
    decide(tenders, people["manager"], made, False, "Her company bids.")
    own = client_for(people["officer2"]).get(page_of(tenders)).text

    assert WORDS in own
    assert "Her company bids." in own
    for name in ("officer", "admin"):
        client = client_for(people[name])
        for path in ("declaration", "history", "history.csv", "history.jsonl"):
            with client.get(page_of(tenders, path)) as answer:
                page = answer.get_data(as_text=True)
            assert WORDS not in page
            assert "Her company bids." not in page
        assert client.get(page_of(tenders, "declarations")).status_code == 403


def test_a_second_manager_who_comes_late_sees_the_first_decision(tenders: Case, people: People, client_for: ClientFor) -> None:
    decide(tenders, people["manager"], declare(tenders, people["officer2"], "conflict"), True, "First.")
    people["officer"].role = "manager"
    db.session.commit()

    answer = client_for(people["officer"]).post(
        page_of(tenders, "declarations/1"), data={"answer": "closed", "reason": "Second.", "decisions": "0"}
    )

    assert answer.status_code == 409
    assert "Manager has decided meanwhile" in answer.text
    assert "First." in answer.text
    assert "Second." in answer.text


def test_managers_of_other_cities_and_guests_see_no_declarations(tenders: Case, people: People, client_for: ClientFor) -> None:
    declare(tenders, people["officer2"], "conflict")
    stranger = client_for(people["other_manager"])
    assert stranger.get(page_of(tenders)).status_code == 404
    factories.make_partner(tenders, people["other_manager"])
    add_member(tenders, people["officer"], people["manager"], "guest")

    assert stranger.get(page_of(tenders)).status_code == 200
    for client in (stranger, client_for(people["manager"])):
        assert client.get(page_of(tenders, "declarations")).status_code == 404
        assert client.get(page_of(tenders, "declarations/1")).status_code == 404
        assert "Decide on the conflict" not in client.get("/").text
    assert client_for(people["manager"]).get(page_of(tenders, "declarations/99999999999")).status_code == 404


@pytest.mark.parametrize(("stage", "proposed"), [("need", False), ("comparison", True)])
def test_the_checkbox_is_set_in_the_stages_between_tenders_and_contract(
    case: Case, people: People, client_for: ClientFor, stage: str, proposed: bool
) -> None:
    assert (stage in material.catalogue().stages) == proposed
    if stage == "need":
        page = parse(client_for(people["officer"]).get(page_of(case, "attachments/new")).text)
        assert page.find(".//input[@name='tender_material']").get("checked") is None  # type: ignore[union-attr]


def test_what_the_uploader_ticks_is_tender_material_and_so_is_a_comparison_that_is_not_ticked(
    case: Case, people: People, client_for: ClientFor
) -> None:
    client = client_for(people["officer"])
    for content, more in (
        ("1", {"document": "", "tender_material": "y"}),
        ("2", {"document": "comparison_table"}),
        ("3", {"document": ""}),
    ):
        data = sent("a.pdf", pdf(content), caption=f"File {content}", **more)
        assert client.post(page_of(case, "attachments/new"), data=data).status_code == 302

    page = client.get(page_of(case, "attachments")).text
    assert "The case has 2 files of tender material" in page
    assert "File 3" in page


def test_a_sealed_tender_is_not_taken_as_an_attachment(case: Case, people: People, client_for: ClientFor) -> None:
    data = sent("a.pdf", pdf(), caption="Tender", document="tender")

    assert client_for(people["officer"]).post(page_of(case, "attachments/new"), data=data).status_code == 422


@pytest.mark.parametrize("code", ["fi", "sv"])
def test_the_pages_open_in_the_other_languages(tenders: Case, people: People, client_for: ClientFor, code: str) -> None:
    declare(tenders, people["officer2"], "conflict")
    people["manager"].language = code
    db.session.commit()
    client = client_for(people["manager"])

    for path in ("declaration", "declarations", "declarations/1", "attachments", "history"):
        assert client.get(page_of(tenders, path)).status_code == 200


def test_the_list_of_attachments_costs_two_questions_more_while_closed_and_one_while_open(
    tenders: Case, people: People, client_for: ClientFor, count_queries: Callable[[], list[str]]
) -> None:
    client = client_for(people["officer"])

    def cost() -> int:
        executed = count_queries()
        assert client.get(page_of(tenders, "attachments")).status_code == 200
        return len(executed)

    cost()
    closed = cost()
    declare(tenders, people["officer"])

    assert (closed, cost()) == (5, 4)
