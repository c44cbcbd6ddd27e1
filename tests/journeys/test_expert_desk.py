"""The expert desk in a browser: one request, from the field where an officer is stuck to the field of another city where the next
officer finds the answer. Four people, in two languages."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Service
from tests.journeys.walking import Walker

pytestmark = pytest.mark.browser

QUESTION = "Keitä vuoropuheluun kannattaa kutsua, kun Anturi Oy on jo esitellyt meille laitteensa Tampereella?"
FACTS = "Tampereen kaupunki on tavannut Anturi Oy:n kerran, ja hankinnan arvo on noin 480 000 euroa."
OPINION = "Julkaiskaa kutsu Hilmassa ja kertokaa kaikille sama kuin Anturi Oy:lle. Kirjatkaa tapaaminen muistioon."
SWEDISH = "Publicera inbjudan i Hilma och berätta samma sak för alla. Anteckna mötet i en promemoria."

Come = Callable[..., Walker]


@pytest.fixture
def come(browser: Browser, service: Service) -> Iterator[Come]:
    """Make people who have signed in; they leave when the test ends."""
    here: list[Walker] = []

    def signed_in(email: str, language: str, width: int = 1280) -> Walker:
        walker = Walker(browser, service, language, width=width)
        here.append(walker)
        walker.sign_in(email)
        return walker

    yield signed_in
    for walker in here:
        walker.close()


def number_in(walker: Walker, pattern: str) -> int:
    found = re.search(pattern, walker.page.url)
    assert found, walker.page.url
    return int(found[1])


def test_what_one_city_asks_helps_the_next_one_in_the_very_field_where_it_gets_stuck(come: Come) -> None:
    officer, coordinator = come("officer@tampere.example", "fi"), come("coordinator@innocities.example", "sv")
    number = ask_where_stuck(officer)
    sort_and_find_an_expert(coordinator, number)
    expert = come("expert@innocities.example", "fi")
    talk_it_over(expert, officer, number)
    advise(expert, officer, number)
    article = make_an_article(expert, number)
    publish(coordinator, article)
    find_it_where_stuck(come("officer@vaasa.example", "sv", width=390), article)


def ask_where_stuck(officer: Walker) -> int:
    """From the page of the questions on the market, with the topic's own first questions."""
    officer.go("/cases/TRE-2026-0001/answers/market/consultation")
    officer.click("Pyydä tästä neuvoa asiantuntijalta")
    assert officer.page.locator("input[name=topic][value=market_dialogue]").is_checked()
    details = officer.page.locator("main textarea[name^=detail]")
    details.first.fill("Yhden toimittajan kanssa.")
    officer.page.locator("textarea[name=question]").fill(QUESTION)
    officer.page.locator("input[name=shares][value=market]").set_checked(True)
    officer.click("Lähetä pyyntö", role="button")
    return number_in(officer, r"/support/(\d+)")


def sort_and_find_an_expert(coordinator: Walker, number: int) -> None:
    coordinator.go("/support/desk")
    coordinator.go(f"/support/{number}")
    assert QUESTION in coordinator.main(), "the coordinator sorts by the question"
    coordinator.does(f"/support/{number}/triage", priority="high")
    coordinator.go(f"/support/{number}/matching")
    coordinator.page.locator(f"main a[href*='/support/{number}/propose/']").first.click()
    coordinator.look()
    coordinator.send(note="Sopii sinulle.")


def talk_it_over(expert: Walker, officer: Walker, number: int) -> None:
    """Nothing of the case shows before the declaration; then a question and its answer."""
    expert.go(f"/support/{number}")
    assert QUESTION not in expert.main()
    expert.does(f"/support/{number}/declare", interest="none")
    expert.go(f"/support/{number}")
    assert QUESTION in expert.main()
    expert.does(
        f"/support/{number}", form="main form:has(textarea[name=text])", what="question", text="Onko tapaamisesta muistio?"
    )
    officer.go(f"/support/{number}")
    assert "Onko tapaamisesta muistio?" in officer.main()
    officer.does(f"/support/{number}", form="main form:has(textarea[name=text])", text="On, ja se on asian liitteenä.")


def advise(expert: Walker, officer: Walker, number: int) -> None:
    expert.go(f"/support/{number}/opinion")
    texts = {
        "question": QUESTION, "facts_used": FACTS, "opinion": OPINION, "alternatives_and_risks": "Muut jäisivät eriarvoiseen asemaan.",
        "confidence_reason": "Laki on tältä osin selvä.", "limits": "Vain vuoropuhelusta.", "conflict_statement": "Ei sidonnaisuuksia.",
    }  # fmt: skip
    for name, text in texts.items():
        expert.page.locator(f"main textarea[name={name}]").fill(text)
    expert.page.locator("input[name=citations]").first.check()
    expert.page.locator("input[name=confidence][value=high]").check()
    expert.click("Anna lausunto", role="button")
    officer.go(f"/support/{number}")
    assert OPINION in officer.main()
    officer.click("Merkitse lausunto vastaanotetuksi", role="button")
    officer.does(f"/support/{number}/review", outcome="followed", useful="5", clear="4", in_time="5")
    officer.go("/cases/TRE-2026-0001/answers/market/consultation")
    assert "AL-2026-" in officer.main(), "the advice shows where it was asked"


def make_an_article(expert: Walker, number: int) -> int:
    """What tells whose matter it was goes; the answer stays, in two languages."""
    expert.go(f"/support/{number}")
    expert.click("Tee artikkeli", role="button")
    article = number_in(expert, r"/knowledge/(\d+)")
    expert.does(
        f"/knowledge/{article}/text/fi", title="Yhden toimittajan esittely ennen vuoropuhelua", question=QUESTION,
        short_answer="Kertokaa kaikille sama ja kirjatkaa tapaaminen.", answer=f"{FACTS}\n\n{OPINION}",
    )  # fmt: skip
    expert.does(
        f"/knowledge/{article}/text/sv", title="En leverantör har redan presenterat sin lösning",
        question="Vem ska bjudas in till dialogen?", short_answer="Berätta samma sak för alla.", answer=SWEDISH,
    )  # fmt: skip
    expert.go(f"/knowledge/{article}/removals")
    for named in ("Anturi Oy", "Tampere", "480 000"):
        assert named in expert.main(), f"{named} is not proposed for removal"
    expert.page.locator("button[name=all]").click()
    expert.look()
    expert.go(f"/knowledge/{article}/place")
    for field, value in (("topic", "market_dialogue"), ("section", "market"), ("question_1", "consultation_questions")):
        expert.page.locator(f"select[name={field}]").select_option(value)
    expert.send()
    expert.go(f"/knowledge/{article}/draft")
    for named in ("Anturi", "Tamper", "480"):
        assert named not in expert.main(), f"{named} is still there"
    expert.page.locator(f"main form[action$='/knowledge/{article}/send'] button").click()
    expert.look()
    return article


def publish(coordinator: Walker, article: int) -> None:
    coordinator.go(f"/knowledge/{article}/draft")
    assert SWEDISH in coordinator.main()
    coordinator.does(f"/knowledge/{article}/publish")


def find_it_where_stuck(officer: Walker, article: int) -> None:
    """In another city's form, in its own language; nobody there learns whose matter it was."""
    officer.go("/cases")
    reference = re.search(r"VAA-\d{4}-\d{4}", officer.main())
    assert reference
    officer.go(f"/cases/{reference[0]}/answers/market/consultation")
    officer.page.get_by_role("link", name="En leverantör har redan presenterat sin lösning").first.click()
    officer.look()
    assert number_in(officer, r"/knowledge/(\d+)") == article
    assert SWEDISH in officer.main()
    for named in ("Anturi", "Tammerfors", "Tampere", "480"):
        assert named not in officer.main()
    officer.page.locator(f"main form[action$='/knowledge/{article}/helped'] button").first.click()
    officer.look()
