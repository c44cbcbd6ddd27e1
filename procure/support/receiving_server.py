"""The mail server of answers by mail: SMTP or LMTP, for one domain, one address at a time. Stands behind the city's own mail server."""

import asyncio
import logging
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from procure.config import Settings
from procure.infra import clock
from procure.infra.db import forget
from procure.support import receiving, talk_tokens

LATER: Final = "451 4.3.0 Not now: try again later"
AT_ONCE: Final = 4
"""Mails that are read at the same time; the others wait with their connections open."""

log = logging.getLogger("procure")


class Handler:
    """What the mail server asks while a mail comes in."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.turn = asyncio.Semaphore(AT_ONCE)

    async def handle_RCPT(  # noqa: N802 - the library calls it so
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not talk_tokens.is_ours(self.settings, address):
            return receiving.NO_ADDRESS
        if envelope.rcpt_tos:
            return "452 4.5.3 One address at a time"  # the other side sends the mail again, to the next one
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Good"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content or "").encode()
        async with self.turn:
            return await asyncio.to_thread(self.take, content, envelope.mail_from or "", envelope.rcpt_tos[0])

    async def handle_exception(self, error: Exception) -> str:
        log.error("mail failed %s", type(error).__name__)
        return LATER

    def take(self, content: bytes, sender: str, recipient: str) -> str:
        """In a thread of its own: everything here may wait for the database."""
        with self.app.app_context():
            try:
                return receiving.take(content, sender, recipient, self.settings, clock.now())
            except (SQLAlchemyError, OSError) as error:
                log.error("mail failed %s", type(error).__name__)
                return LATER
            finally:
                forget()


class Receiver(Controller):
    """Listens in a thread from `start` to `stop`."""

    def __init__(self, app: Flask, settings: Settings, host: str, port: int, lmtp: bool = False) -> None:
        super().__init__(Handler(app, settings), hostname=host, port=port)
        self.protocol = LMTP if lmtp else SMTP

    def factory(self) -> SMTP:
        return self.protocol(
            self.handler, hostname=self.handler.settings.reply_domain, ident="Procure", data_size_limit=receiving.LARGEST_MAIL,
            loop=self.loop,
        )  # fmt: skip
