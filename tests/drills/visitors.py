"""A person at a browser without scripts: one connection a request, cookies kept, redirects seen but not followed."""

import base64
import http.client
import json
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.drills.forms import form_on

TIMEOUT_SECONDS = 90


class Lost(Exception):
    """The connection ended before an answer came: whether the service has done it is unknown."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    page: str
    location: str
    """Path of a redirect; "" for none."""
    told: str
    """The category of the message that the redirect leaves for the next page: `success`, `important`; "" for none."""
    seconds: float

    @property
    def saved(self) -> bool:
        """The service has sent the person on: what was posted is done."""
        return self.status in (302, 303)


@dataclass
class Visitor:
    """Somebody signed in. Not to be shared by threads: each has a copy (`another`)."""

    port: int
    name: str = ""
    cookies: dict[str, str] = field(default_factory=lambda: {"language": "en"})

    def another(self) -> "Visitor":
        """The same person at another window."""
        return Visitor(self.port, self.name, dict(self.cookies))

    def sign_in(self, email: str, password: str) -> None:
        form = form_on(self.get("/sign-in").page, "email")
        answer = self.post("/sign-in", form.sent_with(email=email, password=password))
        if not answer.saved:
            raise AssertionError(f"{email} cannot sign in: {answer.status}")
        self.name = email

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            page = response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise Lost(f"{method} {path}: {type(error).__name__}") from error
        finally:
            connection.close()
        for header in response.headers.get_all("Set-Cookie") or ():
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        location = (response.headers["Location"] or "").removeprefix(f"http://127.0.0.1:{self.port}")
        return Answer(response.status, page, location, _told(self.cookies.get("session", "")), time.perf_counter() - began)


def _told(cookie: str) -> str:
    """The category of the newest message in a session cookie, which is signed but readable."""
    packed = cookie.startswith(".")
    payload = cookie.removeprefix(".").partition(".")[0]
    if not payload:
        return ""
    raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    flashes = json.loads(zlib.decompress(raw) if packed else raw).get("_flashes", [])
    if not flashes:
        return ""
    last = flashes[-1]
    return str((last[" t"] if isinstance(last, dict) else last)[0])
