"""A manager's morning: what waits for a decision and what follows without one, a page on the case to read, one approval, the portfolio
and the cases behind its figures. At a desk in Finnish, on a phone in Swedish, and without scripts."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator

from procure.infra import clock
from tests.documents import conformance
from tests.journeys.conftest import Service
from tests.journeys.walking import Walker, in_words
from tests.pages import faults

pytestmark = pytest.mark.browser

OFFICER, MANAGER, NAME = "officer@tampere.example", "manager@tampere.example", "Mikko Malli"
CASE = "/cases/TRE-2026-0001"
FOLLOWS = "Until then the plan is not approved, and the stage waits for it."
RULE = "the city’s own rule"
PICTURES = os.environ.get("JOURNEY_PICTURES", "")
"""A folder for a picture of each page, to be looked at; nothing when it is not set."""


class Manager(Walker):
    """Every page is also held against what every page of the house promises."""

    def look(self) -> None:
        super().look()
        assert faults(self.page.content()) == [], self.page.url

    def picture(self, name: str) -> None:
        if PICTURES:
            self.page.screenshot(path=str(Path(PICTURES) / f"{name}-{self.width}.png"), full_page=True)

    def fetch(self, link: Locator) -> bytes:
        """What one click downloads."""
        with self.page.expect_download() as download:
            link.click()
        return download.value.path().read_bytes()


@pytest.fixture
def morning(browser: Browser, service: Service) -> Iterator[type]:
    """Makes managers; an officer has asked for the approval of a plan the evening before, and the figures have been counted."""
    here: list[Walker] = [Walker(browser, service, "fi")]
    officer = here[0]
    officer.sign_in(OFFICER)
    officer.does(f"{CASE}/approvals/new?about=plan", person_1=NAME, due_on=clock.today() + timedelta(days=3))
    service.run("portfolio")

    class Here(Manager):
        def __init__(self, language: str, **how: object) -> None:
            super().__init__(browser, service, language, **how)  # type: ignore[arg-type]
            here.append(self)
            self.sign_in(MANAGER)

    yield Here
    for walker in here:
        walker.close()


def waiting(manager: Manager) -> Locator:
    """The lines that wait for the manager's decision on that case, the newest request last."""
    return manager.page.locator("ol.p-worklist > li", has_text=CASE.rpartition("/")[2])


@pytest.mark.parametrize(("language", "width", "scripts"), [("fi", 1280, True), ("sv", 390, True), ("en", 1280, False)])
def test_the_manager_decides_reads_and_looks_behind_the_figures(
    morning: type, language: str, width: int, scripts: bool, tmp_path: Path
) -> None:
    manager = morning(language, width=width, scripts=scripts)
    assert in_words(language, "Waits for my decision") in manager.main()
    before = waiting(manager).count()
    assert before, manager.main()
    line = waiting(manager).last
    assert in_words(language, FOLLOWS) in line.inner_text(), "what follows without a decision"
    assert in_words(language, RULE) in line.inner_text(), "and the rule behind it"
    manager.picture("first-screen")
    summary = manager.fetch(line.get_by_role("link", name=in_words(language, "Summary (PDF)")))
    assert conformance.pages_of(summary) == 1
    assert conformance.faults(summary, language) == []

    manager.go("/")  # a summary that takes longer than a moment comes by way of the page that shows how far it is
    waiting(manager).last.locator(".p-worklist__what a").click()
    manager.look()
    manager.picture("approval")
    manager.send(saying="given")
    assert in_words(language, "Your answer has been kept.") in manager.text()
    manager.picture("approved")
    manager.go("/")
    assert waiting(manager).count() == before - 1

    manager.click(in_words(language, "Portfolio"))
    manager.go(f"{manager.page.url.removeprefix(manager.service.address)}?period=all")
    manager.picture("portfolio")
    row = manager.page.locator("section .p-numbers tr", has=manager.page.locator("th a")).first
    count = int(row.locator("td").first.inner_text())
    figure = " ".join(row.locator("th").inner_text().split())
    row.locator("th a").click()
    manager.look()
    manager.picture("behind")
    assert manager.page.locator("table.p-list tbody tr").count() == count > 0

    manager.page.locator(".govuk-back-link").click()
    manager.look()
    report = manager.fetch(manager.page.locator(f"a[hreflang={language}][href*='portfolio.pdf']"))
    assert conformance.faults(report, language) == []
    assert figure in conformance.text_of(report)
    if PICTURES:
        (Path(PICTURES) / f"report-{language}.pdf").write_bytes(report)
        (Path(PICTURES) / f"summary-{language}.pdf").write_bytes(summary)
