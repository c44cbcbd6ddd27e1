"""The only module that speaks SMTP, and the only one that turns a mail template into words."""

import smtplib
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask_babel import force_locale

from procure.config import Settings
from procure.domain.language import LOCALES
from procure.infra import outbox
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage

TIMEOUT_SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def render(template: str, language: str, **values: Any) -> Letter:
    """`templates/mail/<template>.txt` in the receiver's language. Its first line is `Subject: …`, then an empty line."""
    settings: Settings = current_app.config["SETTINGS"]
    with force_locale(LOCALES[language]):
        # not Flask's render_template: a letter has no menu, and is also written where there is no request
        text = current_app.jinja_env.get_template(f"mail/{template}.txt").render(public_url=settings.public_url, **values)
    first, _, body = text.partition("\n")
    return Letter(first.removeprefix("Subject:").strip(), body.strip() + "\n")


def deliver_due(settings: Settings, now: datetime) -> int:
    """Send what is due, one transaction a message, and say how many were sent. Without MAIL_URL nothing leaves.

    A message counts as sent once the server has taken it. When the process dies between the two, the same message with the same
    Message-ID goes out again: better twice than never.
    """
    if not settings.mail_url:
        return 0
    sent = 0
    for message in outbox.due(now):
        try:
            send(message, settings)
        except (OSError, smtplib.SMTPException) as error:
            outbox.mark_failed(message, f"{type(error).__name__}: {error}", now)
        else:
            outbox.mark_sent(message, now)
            sent += 1
        db.session.commit()
    db.session.commit()
    return sent


def send(message: OutboxMessage, settings: Settings) -> None:
    """Hand one message to the server. Raises OSError or smtplib.SMTPException."""
    target = urlsplit(settings.mail_url)
    sender = f"procure@{urlsplit(settings.public_url).hostname or 'localhost'}"
    letter = EmailMessage()
    letter["Subject"] = message.subject
    letter["From"] = Address("Procure", addr_spec=_addressable(sender))
    letter["To"] = Address(addr_spec=message.recipient)
    letter["Date"] = message.created_at
    letter["Message-ID"] = message.message_id
    letter["Content-Language"] = message.language
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.body)
    kind = smtplib.SMTP_SSL if target.scheme == "smtps" else smtplib.SMTP
    with kind(
        target.hostname or "localhost", target.port or (465 if target.scheme == "smtps" else 25), timeout=TIMEOUT_SECONDS
    ) as server:
        if target.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls()
        if target.username:
            server.login(unquote(target.username), unquote(target.password or ""))
        server.send_message(letter)


def _addressable(sender: str) -> str:
    """A bare network address needs brackets to stand in a mail address (RFC 5321, 4.1.3)."""
    name, _, host = sender.partition("@")
    return f"{name}@[{host}]" if host.replace(".", "").isdigit() else sender
