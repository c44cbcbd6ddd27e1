"""The main job in a browser: an officer files a case, an expert answers, a manager downloads the PDF."""

import re
from collections.abc import Iterator
from email import message_from_bytes

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import PASSWORD, Service, Visitor, eventually

pytestmark = pytest.mark.browser

TITLE = "Älykäs talvikunnossapito"


@pytest.fixture
def visit(browser: Browser, service: Service) -> Iterator[type]:
    """Make visitors; they leave when the test ends."""
    here: list[Visitor] = []

    class Here(Visitor):
        def __init__(self, language: str, **how: object) -> None:
            super().__init__(browser, service, language, **how)  # type: ignore[arg-type]
            here.append(self)

    yield Here
    for visitor in here:
        visitor.close()


def start_case(officer: Visitor, title: str) -> str:
    """Three answers start a case; its reference."""
    officer.go("/cases/new")
    officer.page.locator("#title").fill(title)
    officer.page.locator("input[name=contract_kind][value=services]").check()
    officer.page.locator("#value_amount").fill("350 000,50")
    officer.submit()
    found = re.search(r"/cases/([A-Z]+-\d{4}-\d{4,})/answers", officer.page.url)
    assert found, officer.page.url
    return found.group(1)


def answer_need(officer: Visitor, reference: str) -> None:
    """What the first stage needs, over three pages."""
    officer.go(f"/cases/{reference}/answers/need/problem")
    officer.page.locator("#need").fill("Kadut auraataan kiinteän kierron mukaan, vaikka lunta sataa eri alueille eri aikaan.")
    officer.submit()
    officer.go(f"/cases/{reference}/answers/users/users")
    officer.page.locator("#users").fill("Jalankulkijat ja pyöräilijät; kunnossapidon urakoitsijat.")
    officer.page.locator("#desired_outcome").fill("Kolmannes vähemmän kaatumisia liukkailla kaduilla.")
    officer.submit()
    officer.go(f"/cases/{reference}/answers/risks/risks")
    officer.page.locator("#risks").fill("Anturit eivät kestä pakkasta.")
    officer.submit()
    officer.go(f"/cases/{reference}/answers/team/team")
    officer.page.locator("#owner").fill("Kaupunkiympäristön palvelualue")
    officer.page.locator("#decision_maker").fill("Yhdyskuntalautakunta")
    officer.submit()


def test_the_officer_the_expert_and_the_manager_do_the_whole_job(visit: type, service: Service) -> None:
    officer = visit("fi")
    officer.sign_in("officer@tampere.example")
    reference = start_case(officer, TITLE)
    answer_need(officer, reference)

    officer.go(f"/cases/{reference}/answers/check")
    officer.go(f"/cases/{reference}/stages/need/complete")
    for box in officer.page.locator("input[name=confirmed]").all():
        box.check()
    officer.submit()
    assert officer.page.url.endswith(f"/cases/{reference}"), officer.text()

    officer.go(f"/cases/{reference}/support/new?section=need")
    officer.page.locator("input[name=topic][value=market_dialogue]").check()
    officer.click("Näytä tämän aiheen kysymykset", role="button")
    officer.page.locator("textarea[name=question]").fill("Keitä markkinavuoropuheluun kannattaa kutsua?")
    officer.click("Lähetä pyyntö", role="button")
    number = int(re.search(r"/support/(\d+)", officer.page.url).group(1))  # type: ignore[union-attr]

    expert = visit("en")
    expert.sign_in("expert@innocities.example")
    expert.go("/support")
    expert.go(f"/support/{number}")
    assert TITLE not in expert.text(), "nothing of the case before the declaration"
    expert.go(f"/support/{number}/declare")
    for box in expert.page.locator("main input[type=checkbox], main input[type=radio]").all()[:1]:
        box.check()
    expert.page.locator("main textarea").first.fill("I know none of the suppliers.")
    expert.submit()
    expert.go(f"/support/{number}")
    assert "Keitä markkinavuoropuheluun" in expert.text()
    expert.go(f"/support/{number}/opinion")
    for area in expert.page.locator("main textarea").all():
        area.fill("Invite everybody openly through Hilma (65 §), and tell all of them the same.")
    expert.page.locator("input[name=confidence]").first.check()
    expert.click("Issue the opinion", role="button")

    officer.go(f"/cases/{reference}/support")
    officer.go(f"/support/{number}")
    assert "Invite everybody openly through Hilma" in officer.text()
    officer.go(f"/cases/{reference}/history")
    officer.go(f"/cases/{reference}/documents")

    manager = visit("sv", width=390)
    manager.sign_in("manager@tampere.example")
    manager.go("/cases?order=newest")  # a reference as the text would lead straight to the case
    with manager.page.expect_download() as download:
        manager.page.locator(f"a[href='/cases/{reference}/documents/summary.pdf']").first.click()
    assert download.value.suggested_filename.startswith(reference)
    assert download.value.path().read_bytes().startswith(b"%PDF-")

    letters = eventually(lambda: [message_from_bytes(path.read_bytes()) for path in (service.mailbox / "new").glob("*")], least=2)
    assert any(letter["To"] == "officer@tampere.example" for letter in letters)
    assert all(TITLE not in letter.as_string() for letter in letters), "no case text in mail"


def test_without_scripts_a_case_is_filed_as_well(visit: type) -> None:
    officer = visit("sv", scripts=False)
    officer.sign_in("officer@vaasa.example")

    reference = start_case(officer, "Energilager för elbussar i hamnen")

    assert reference.startswith("VAA-")
    officer.go(f"/cases/{reference}/answers/need/problem")
    officer.page.locator("#need").fill("Laddningen skapar effekttoppar.")
    officer.submit()
    officer.go(f"/cases/{reference}")
    assert "Energilager" in officer.text()


def test_what_is_wrong_is_said_at_the_field_and_everything_typed_is_kept(visit: type) -> None:
    officer = visit("fi")
    officer.sign_in("officer@tampere.example")
    officer.go("/cases/new")
    officer.page.locator("#title").fill(TITLE)
    officer.page.locator("#value_amount").fill("paljon")
    officer.submit()

    links = officer.page.locator(".govuk-error-summary a")
    assert links.count() == 2
    for link in links.all():
        target = officer.page.locator(link.get_attribute("href") or "none")
        expect(target).to_have_count(1)
    assert officer.page.locator("#title").input_value() == TITLE
    assert officer.page.locator("#value_amount").input_value() == "paljon"


def test_what_was_typed_outlives_the_session(visit: type) -> None:
    officer = visit("en")
    officer.sign_in("officer@tampere.example")
    reference = start_case(officer, "Kept words")
    officer.go(f"/cases/{reference}/answers/need/problem")
    officer.page.locator("#need").fill("Typed before the session ended – ä, “quotes” and 🚌.")
    officer.context.clear_cookies(name="session")
    officer.submit()
    officer.page.locator("input[type=email]").fill("officer@tampere.example")
    officer.page.locator("input[type=password]").fill(PASSWORD)
    officer.submit()
    assert "Typed before the session ended" in officer.text()
    officer.submit()

    officer.go(f"/cases/{reference}/answers/need/problem")
    assert officer.page.locator("#need").input_value() == "Typed before the session ended – ä, “quotes” and 🚌."


def test_two_people_on_one_page_both_see_both_texts(visit: type) -> None:
    first, second = visit("en"), visit("en")
    first.sign_in("officer@tampere.example")
    second.sign_in("manager@tampere.example")
    reference = start_case(first, "Written by two")
    for person in (first, second):
        person.go(f"/cases/{reference}/answers/need/problem")
    first.page.locator("#need").fill("The text of the first")
    first.submit()
    second.page.locator("#need").fill("The text of the second")
    second.submit()

    assert "The text of the first" in second.text()
    assert second.page.locator("#need").input_value() == "The text of the second"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_in_order_in_each_language_and_width(visit: type, language: str, width: int) -> None:
    """Axe, script errors, content policy and sideways scroll: over the pages of the three roles, on the demo case."""
    pages = {
        "officer@tampere.example": [
            "/", "/cases", "/cases?stage=need&order=newest", "/cases/new", "/cases/TRE-2026-0001", "/cases/TRE-2026-0001/answers",
            "/cases/TRE-2026-0001/answers/check", "/cases/TRE-2026-0001/answers/value/lots", "/cases/TRE-2026-0001/answers/object/kind",
            "/cases/TRE-2026-0001/advice", "/cases/TRE-2026-0001/advice/choose/open", "/cases/TRE-2026-0001/advice/confirm",
            "/cases/TRE-2026-0001/innovation", "/cases/TRE-2026-0001/documents", "/cases/TRE-2026-0001/documents/procedure_choice_memo",
            "/cases/TRE-2026-0002/advice",
            "/cases/TRE-2026-0001/documents/procurement_plan", "/cases/TRE-2026-0001/support", "/cases/TRE-2026-0001/history",
            "/cases/TRE-2026-0001/stages/return", "/cases/TRE-2026-0001/support/new", "/support", "/account", "/accessibility", "/privacy",
            "/cases/TRE-1999-0001",
        ],
        "manager@tampere.example": ["/", "/cases"],
        "admin@tampere.example": ["/people", "/people/new"],
        "expert@innocities.example": ["/", "/support"],
        "coordinator@innocities.example": ["/", "/support", "/people"],
    }  # fmt: skip
    for email, paths in pages.items():
        visitor = visit(language, width=width)
        visitor.sign_in(email)
        for path in paths:
            visitor.go(path)
        visitor.close()


def test_the_first_page_can_be_reached_and_used_by_keyboard(visit: type) -> None:
    officer = visit("en")
    officer.go("/sign-in")
    officer.page.keyboard.press("Tab")
    assert officer.page.evaluate("document.activeElement.className") == "govuk-skip-link"
    officer.page.keyboard.press("Enter")
    officer.page.locator("input[type=email]").focus()
    officer.page.keyboard.type("officer@tampere.example")
    officer.page.keyboard.press("Tab")
    officer.page.keyboard.type(PASSWORD)
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_url("**/")

    assert officer.page.locator("h1").inner_text() == "My work"
