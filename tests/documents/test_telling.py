"""The communications plan as a document: what may be told, what is planned, and the messages in the document's language."""

from collections.abc import Callable

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.documents import making, pages, service
from procure.documents.parts import DocumentPage
from procure.infra import clock
from tests.communications.builders import approved, move, plan

People = dict[str, Person]


def page_of(case: Case, language: str = "fi") -> DocumentPage:
    return pages.page(service.TELLING, service.gather(case), language, clock.today())


def test_the_plan_has_its_items_and_messages_and_leaves_out_what_was_withdrawn(case: Case, people: People) -> None:
    approved(case, people["officer"], title="Kept item")
    gone = plan(case, people["officer"], key="gone", title="Dropped item")
    move(case, gone, people["officer"], "withdraw", "Not needed")

    html = making.html(page_of(case))

    assert "Kept item" in html
    assert "Viesti suomeksi." in html
    assert "Meddelande på svenska." not in html
    assert "Hyväksytty" in html
    assert "Dropped item" not in html


def test_a_case_without_a_plan_still_says_what_may_be_told(case: Case) -> None:
    html = making.html(page_of(case, "sv"))
    assert "Inget har planerats att berättas ännu." in html
    assert "Beredning före upphandlingsannonsen" in html


def test_what_rests_on_a_recalled_section_says_so(case: Case) -> None:
    assert "621/1999 24 § (to be checked against the Act)" in making.html(page_of(case, "en")).replace("\n", " ")


def test_the_document_asks_nothing_of_the_database_beyond_its_material(
    case: Case, people: People, count_queries: Callable[[], list[str]]
) -> None:
    plan(case, people["officer"])
    material = service.gather(case)
    executed = count_queries()
    pages.page(service.TELLING, material, "en", clock.today())
    assert [one for one in executed if "case_partners" not in one] == [], "the partners come with the case on a page"
