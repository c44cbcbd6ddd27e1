"""The real thing: gunicorn, the worker, a mail server, Chromium. Nothing here is pretended but the people."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from procure.config import ROOT
from tests.conftest import each_database, make_database

T = TypeVar("T")

PASSWORD = "kolme-kuusta-ja-koivu"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
STARTS_WITHIN_SECONDS = 40


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True)
class Service:
    """A running Procure."""

    address: str
    environment: dict[str, str]
    mailbox: Path

    def run(self, *arguments: str) -> str:
        """A command of the program on the same database; its standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "procure", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


@pytest.fixture(scope="session", params=each_database())
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    mail = Controller(Mailbox(str(folder / "mail")), hostname="127.0.0.1", port=free_port())
    mail.start()
    for url in make_database(request.param, folder):
        port = free_port()
        environment = os.environ | {
            "DATABASE_URL": url, "SECRET_KEY": "a key for the journeys only", "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "MAIL_URL": f"smtp://127.0.0.1:{mail.port}", "STORAGE_URL": f"file://{folder / 'storage'}", "DEMO_PASSWORD": PASSWORD,
            "PORT": str(port), "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        running = Service(f"http://127.0.0.1:{port}", environment, folder / "mail")
        running.run("demo")
        serving = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:procure.infra.serving", "wsgi:app"], cwd=ROOT, env=environment
        )
        try:
            _wait(running.address)
            yield running
        finally:
            serving.terminate()
            serving.wait(timeout=30)
    mail.stop()


def _wait(address: str) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{address}/health/ready", timeout=2).close()
        except OSError:
            assert time.monotonic() < end, "the service did not start"
            time.sleep(0.1)
        else:
            return


def eventually(ask: Callable[[], list[T]], least: int = 1, within_seconds: float = 30) -> list[T]:
    """What `ask` returns once it holds at least `least` things."""
    end = time.monotonic() + within_seconds
    while len(found := ask()) < least:
        assert time.monotonic() < end, f"only {len(found)} of {least}"
        time.sleep(0.2)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Visitor:
    """A person at a browser. Every page they see is looked over: no script error, no sideways scroll, axe finds nothing."""

    def __init__(self, browser: Browser, service: Service, language: str, width: int = 1280, scripts: bool = True) -> None:
        self.service = service
        self.context: BrowserContext = browser.new_context(
            base_url=service.address, viewport={"width": width, "height": 900}, java_script_enabled=scripts, accept_downloads=True
        )
        self.context.add_cookies([{"name": "language", "value": language, "url": service.address}])
        self.page: Page = self.context.new_page()
        self.scripts = scripts
        self.troubles: list[str] = []
        self.page.on("console", lambda message: self._console(message.type, message.text))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:  # a page that answers 409 or 422 is meant to
            self.troubles.append(text)

    def sign_in(self, email: str) -> None:
        self.go("/sign-in")
        self.page.locator("input[type=email]").fill(email)
        self.page.locator("input[type=password]").fill(PASSWORD)
        self.page.locator("main button[type=submit]").click()
        self.look()

    def go(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def click(self, name: str, *, role: str = "link", exact: bool = False) -> None:
        self.page.get_by_role(role, name=name, exact=exact).first.click()  # type: ignore[arg-type]
        self.look()

    def submit(self) -> None:
        """Press the page's first button in its main part."""
        self.page.locator("main form .govuk-button-group .govuk-button, main form > .govuk-button").first.click()
        self.look()

    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def look(self) -> None:
        """The page must hold what every page promises."""
        self.page.wait_for_load_state("load")
        where = self.page.url
        if not self.scripts:
            return
        assert self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
            f"{where} scrolls sideways"
        )
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).join(' '))"
        )
        assert not found, f"{where}: {found}"
        assert not self.troubles, f"{where}: {self.troubles}"

    def close(self) -> None:
        self.context.close()
