"""How the people of the long journeys fill in forms and read their mail."""

import re
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from functools import cache
from gettext import translation
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Request

from procure.config import ROOT
from tests.journeys.conftest import PASSWORD, Service, Visitor, eventually

PATIENCE_MS = 30_000
_OF_ITS_KIND = re.compile(r"/[A-Z]+-\d{4}-\d+|/\d+")


class Walker(Visitor):
    """A person on a long way. Every page is held against the screen's width, and by axe the first time that a page of its kind comes up
    on a screen of this width: the same page filled in otherwise is another visit, and no other page."""

    looked_over: set[tuple[str, int, int]] = set()

    def __init__(self, browser: Browser, service: Service, language: str, width: int = 1280, scripts: bool = True) -> None:
        super().__init__(browser, service, language, width=width, scripts=scripts)
        self.width = width
        self.status, self.method = 0, ""
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.set_default_navigation_timeout(PATIENCE_MS)
        self.page.on("response", lambda response: self._answered(response.request, response.status))

    def _answered(self, request: Request, status: int) -> None:
        if request.is_navigation_request():
            self.status, self.method = status, request.method

    def look(self) -> None:
        self.page.wait_for_load_state("load")
        kind = _OF_ITS_KIND.sub("/-", self.page.url.removeprefix(self.service.address).partition("?")[0]), self.width, self.status
        if kind in self.looked_over:
            self._look_briefly()
            return
        super().look()
        if self.scripts:
            self.looked_over.add(kind)

    def _look_briefly(self) -> None:
        if self.scripts:
            fits = self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            assert fits, f"{self.page.url} scrolls sideways"
        assert not self.troubles, f"{self.page.url}: {self.troubles}"

    def go(self, path: str) -> None:
        super().go(path)
        assert self.status == 200, f"{path} answers {self.status}: {self.main()}"

    def main(self) -> str:
        return self.page.locator("main").inner_text()

    def refused(self, *words: str) -> None:
        """The page that was sent last came back with an error summary that says all of these."""
        summary = self.page.locator(".govuk-error-summary")
        assert summary.count() == 1, f"nothing was refused: {self.main()}"
        said = summary.inner_text()
        missing = [word for word in words if word not in said]
        assert self.status in (409, 422), self.status
        assert not missing, f"{missing} is not said: {said}"

    def send(self, form: str = "main form", **values: Any) -> None:
        """Fill in the named fields of the page's form and press its first button. It must be taken, or `refused` is asked next."""
        around = self.page.locator(form).filter(has=self.page.locator("[name=csrf_token]")).first
        for name, value in values.items():
            fill(around, name, value)
        group = around.locator(".govuk-button-group .govuk-button")
        (group if group.count() else around.locator("button[type=submit]")).first.click()
        self.look()

    def does(self, path: str, form: str = "main form", **values: Any) -> None:
        """Go to a page, send its form, and have it taken: what was sent leads on to another page."""
        self.go(path)
        self.send(form, **values)
        assert (self.status, self.method) == (200, "GET"), f"{path} was not taken ({self.status}): {self.main()}"


def fill(form: Locator, name: str, value: object) -> None:
    """One field, as a person would: a day in its three parts, a choice by the value behind it or by the words that it begins with."""
    if isinstance(value, date):
        for part in ("day", "month", "year"):
            form.locator(f"[name='{name}-{part}']").fill(str(getattr(value, part)))
        return
    field = form.locator(f"[name='{name}']")
    kind = field.first.evaluate("field => field.tagName == 'SELECT' ? 'select' : field.type")
    if kind == "select":
        field.select_option(field.locator("option", has_text=str(value)).first.get_attribute("value"))
    elif kind == "file":
        assert isinstance(value, dict)
        field.set_input_files(value)  # type: ignore[arg-type]
    elif kind in ("radio", "checkbox"):
        _choose(form, name, value)
    else:
        field.first.fill(str(value))


def _choose(form: Locator, name: str, value: object) -> None:
    if value is True or value is False:
        form.locator(f"[name='{name}']").first.set_checked(value)
        return
    by_value = form.locator(f"[name='{name}'][value='{value}']")
    if by_value.count():
        by_value.check()
    else:
        form.get_by_label(str(value)).first.check()


def check_all(page: Page, name: str) -> None:
    for box in page.locator(f"input[name='{name}']").all():
        box.check()


def pdf(words: str) -> dict[str, object]:
    """A file of one empty page, as `set_input_files` takes it."""
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n% " + words.encode("ascii") + b"\n"
    )
    end = b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return {"name": f"{words}.pdf", "mimeType": "application/pdf", "buffer": body + end}


def letters(service: Service, reference: str, to: str) -> list[str]:
    """Subjects of what has arrived for that person about the case, in no order."""
    return [_subject(letter) for letter in _mailbox(service) if letter["To"] == to and reference in _subject(letter)]


def _subject(letter: Message) -> str:
    return str(make_header(decode_header(letter["Subject"]))).replace("\n", "")


def _mailbox(service: Service) -> Iterator[Message]:
    for path in (service.mailbox / "new").glob("*"):
        yield message_from_bytes(path.read_bytes())


def arrive(service: Service, reference: str, to: str, *subjects: str) -> None:
    """Wait until these letters about the case have arrived for the person, each as often as it is named here. What the calendar
    reminds of is not asked: it depends on the hour."""
    expected = sorted(f"{reference}: {subject}" for subject in subjects)
    found = eventually(
        lambda: [one for one in letters(service, reference, to) if one in expected], least=len(expected), within_seconds=60
    )
    assert sorted(found) == expected, found


def invited(person: Walker, email: str, role: str, organisation: str, name: str) -> None:
    """Somebody new to the city: the administrator makes the account, they choose a password by its link and sign in."""
    link = person.service.run("user", "add", email, "--role", role, "--organisation", organisation, "--name", name).strip()
    person.does(link.removeprefix(person.service.address), password=PASSWORD)
    person.sign_in(email)


@cache
def in_words(language: str, text: str) -> str:
    """What the service calls it in that language."""
    return translation("messages", ROOT / "procure" / "translations", [language], fallback=True).gettext(text)
