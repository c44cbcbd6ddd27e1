"""A real S3 server on a free port of this machine, a process of its own, for tests."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Final

from tests.infra.smtp import free_port

STARTS_WITHIN_SECONDS: Final = 60
BUCKET: Final = "procure"


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """The setting STORAGE_URL for this server."""
        return f"s3://a-key:a%2Fsecret@127.0.0.1:{self.port}/{BUCKET}?secure=0"

    def ask(self, method: str, path: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def serving() -> Iterator[Server]:
    """The server with an empty bucket."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = Server(port, process)
    try:
        _wait_for(server)
        assert server.ask("PUT", f"/{BUCKET}")[0] == 200
        yield server
    finally:
        process.kill()
        process.wait()


def _wait_for(server: Server) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            server.ask("GET", "/")
        except (OSError, HTTPException):
            assert server.process.poll() is None, "the S3 server ended: is moto installed?"
            assert time.monotonic() < until, "the S3 server does not answer"
            with suppress(subprocess.TimeoutExpired):
                server.process.wait(0.1)
        else:
            return
