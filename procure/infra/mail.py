"""The only module that speaks SMTP, and the only one that turns a mail template into words."""

import re
import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask_babel import force_locale
from jinja2 import Template

from procure.config import Settings
from procure.domain.language import LOCALES
from procure.infra import outbox
from procure.infra.outbox import OutboxMessage

TIMEOUT_SECONDS: Final = 20
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
MESSAGE_REFUSED: Final = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)
"""The server answers, but does not want this message: the next one may do better."""


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str
    html: str


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of a letter: its lines, and the address on a line of its own that followed them."""

    lines: tuple[str, ...]
    link: str = ""


def render(template: str, language: str, *, foot: str = "", **values: Any) -> Letter:
    """`templates/mail/<template>.txt` in the receiver's language. Its first line is `Subject: …`, then an empty line.

    The text is the letter; its HTML is the same paragraphs and addresses, so neither can say what the other does not. `foot`: a
    template of further paragraphs, without a subject. Line breaks in values become spaces: a name is never a line of its own.
    """
    settings: Settings = current_app.config["SETTINGS"]
    told = {name: _on_one_line(value) for name, value in values.items()} | {"public_url": settings.public_url}
    with force_locale(LOCALES[language]):
        subject, body = _text(template, told)
        ending = _template(foot).render(told).strip() if foot else ""
        html = _template("_letter", "html").render(
            told, subject=subject, parts=parts_of(body, settings.public_url), ending=parts_of(ending, settings.public_url),
            language=language, listing="items" in values,
        )  # fmt: skip
    return Letter(subject, "\n\n".join(part for part in (body, ending) if part) + "\n", html)


def subject_of(template: str, language: str, **values: Any) -> str:
    """Only the subject of that letter."""
    told = {name: _on_one_line(value) for name, value in values.items()}
    with force_locale(LOCALES[language]):
        return _text(template, told | {"public_url": ""})[0]


def parts_of(text: str, public_url: str) -> list[Part]:
    """The paragraphs of a letter. A line that is nothing but an address of this service ends its part as a link."""
    found = []
    for paragraph in re.split(r"\n[ \t]*\n", text.strip()):
        lines: list[str] = []
        for line in filter(None, map(str.strip, paragraph.split("\n"))):
            if line.startswith(public_url + "/") and len(line.split()) == 1:
                found.append(Part(tuple(lines), line))
                lines = []
            else:
                lines.append(line)
        if lines:
            found.append(Part(tuple(lines)))
    return found


def _text(template: str, values: Mapping[str, Any]) -> tuple[str, str]:
    first, _, body = _template(template).render(values).partition("\n")
    return first.removeprefix("Subject:").strip(), body.strip()


def _template(name: str, ending: str = "txt") -> Template:
    # not Flask's render_template: a letter has no menu, and is also written where there is no request
    return current_app.jinja_env.get_template(f"mail/{name}.{ending}")


def _on_one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one round: how many messages left, and what is wrong with the mail server when it could not be reached."""

    sent: int = 0
    away: str = ""


def deliver_due(settings: Settings, now: Callable[[], datetime], stop: Callable[[], bool] = lambda: False) -> Round:
    """Send what is due, until nothing is, `stop` says so, or the server is away. Without MAIL_URL nothing leaves.

    No transaction is open while the server is spoken to: a message is claimed, sent and marked. When the process dies before the
    mark, the same message with the same Message-ID goes out again: better twice than never.
    """
    sent = 0
    while settings.mail_url and not stop() and (message := outbox.claim(now())) is not None:
        try:
            letter = compose(message, settings)
        except (ValueError, IndexError, MessageError) as error:
            outbox.mark_failed(message, f"cannot be written: {error}", now(), again=False)
            continue
        try:
            send(letter, settings)
        except (OSError, smtplib.SMTPException) as error:
            problem = f"{type(error).__name__}: {error}"
            outbox.mark_failed(message, problem, now())
            if not isinstance(error, MESSAGE_REFUSED):
                return Round(sent, away=problem)
        else:
            outbox.mark_sent(message, now())
            sent += 1
    return Round(sent)


def compose(message: OutboxMessage, settings: Settings) -> EmailMessage:
    """The letter as it travels. Raises ValueError, IndexError or MessageError when an address or a header cannot be one."""
    sender = f"procure@{urlsplit(settings.public_url).hostname or 'localhost'}"
    letter = EmailMessage()
    letter["Subject"] = message.subject
    letter["From"] = Address("Procure", addr_spec=_addressable(sender))
    letter["To"] = Address(addr_spec=message.recipient)
    if message.reply_to:
        letter["Reply-To"] = Address(addr_spec=message.reply_to)
    letter["Date"] = message.created_at
    letter["Message-ID"] = message.message_id
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.body)
    if message.html:
        letter.add_alternative(message.html, subtype="html")
    if message.calendar:
        letter.add_alternative(message.calendar, subtype="calendar", params={"method": method_of(message.calendar)})
    letter["Content-Language"] = message.language  # last: a letter of two parts gives what it has of such to the first of them
    return letter


def method_of(calendar: str) -> str:
    """What the calendar asks of the program that reads it (RFC 5546); PUBLISH when it does not say."""
    found = re.search(r"^METHOD:([A-Z]+)", calendar, re.MULTILINE)
    return found[1] if found else "PUBLISH"


def send(letter: EmailMessage, settings: Settings) -> None:
    """Hand one letter to the server. Raises OSError or smtplib.SMTPException; once the server has taken it, nothing."""
    server = connect(settings)
    try:
        server.send_message(letter)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def connect(settings: Settings) -> smtplib.SMTP:
    """A talk with the mail server, encrypted and signed in where the address says so. Raises OSError or smtplib.SMTPException.

    What leaves this machine is encrypted whenever the server offers it, and its certificate must be good.
    """
    target = urlsplit(settings.mail_url)
    host = target.hostname or "localhost"
    if target.scheme == "smtps":
        trusted = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, target.port or 465, timeout=TIMEOUT_SECONDS, context=trusted)
    else:
        server = smtplib.SMTP(host, target.port or 25, timeout=TIMEOUT_SECONDS)
    try:
        server.ehlo_or_helo_if_needed()
        if target.scheme == "smtp" and server.has_extn("starttls") and host not in LOOPBACK:
            server.starttls(context=ssl.create_default_context())
        if target.username:
            server.login(unquote(target.username), unquote(target.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _addressable(sender: str) -> str:
    """A bare network address needs brackets to stand in a mail address (RFC 5321, 4.1.3)."""
    name, _, host = sender.partition("@")
    return f"{name}@[{host}]" if host.replace(".", "").isdigit() else sender
