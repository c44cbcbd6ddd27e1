"""A real mail server on a free port of this machine, for tests."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


@dataclass
class Server:
    """Keeps what it took. `answer` says what it answers to the next message: 250 takes it."""

    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    answer: Callable[[Envelope], str] = lambda envelope: "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        answer = self.answer(envelope)
        if answer.startswith("250"):
            self.taken.append(envelope)
        return answer

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def letters(self) -> list[EmailMessage]:
        """What it took, as a reader would see it."""
        parser = BytesParser(policy=default)
        return [parser.parsebytes(bytes(envelope.content or b"").replace(b"\r\n", b"\n")) for envelope in self.taken]  # type: ignore[misc]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def serving() -> Iterator[Server]:
    server = Server(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
