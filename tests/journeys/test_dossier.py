"""The whole case as one dossier: one button, progress without scripts, two files, and a check that needs no service."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Service, Visitor

pytestmark = pytest.mark.browser

CASE = "TRE-2026-0001"
READY_WITHIN_MS = 90_000


@pytest.fixture
def officer(browser: Browser, service: Service) -> Iterator[Visitor]:
    """Without scripts: the page that tells how far it is asks for itself again all the same."""
    visitor = Visitor(browser, service, "fi", scripts=False)
    visitor.sign_in("officer@tampere.example")
    yield visitor
    visitor.close()


def test_a_dossier_is_asked_for_waited_for_fetched_and_checked(
    officer: Visitor, browser: Browser, service: Service, tmp_path: Path
) -> None:
    officer.go(f"/cases/{CASE}/documents")
    officer.click("Koko hankinta yhtenä asiakirjakoosteena")
    officer.click("Laadi asiakirjakooste", role="button")

    expect(officer.page.get_by_role("link", name="ZIP-paketti")).to_be_visible(timeout=READY_WITHIN_MS)
    for name, ending in (("ZIP-paketti", "zip"), ("Yksi PDF-tiedosto", "pdf")):
        with officer.page.expect_download() as download:
            officer.page.get_by_role("link", name=name).click()
        download.value.save_as(tmp_path / f"dossier.{ending}")

    assert "all unchanged" in service.run("verify-dossier", str(tmp_path / "dossier.zip"))
    assert (tmp_path / "dossier.pdf").read_bytes().startswith(b"%PDF-")
    for width in (1280, 390):
        manager = Visitor(browser, service, "sv", width=width)
        manager.sign_in("manager@tampere.example")
        manager.go(f"/cases/{CASE}/dossiers")
        manager.click("Ärendeakt 1", exact=True)
        assert "SHA-256" in manager.text()
        manager.close()
