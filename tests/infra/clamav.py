"""ClamAV for tests: the real daemon where it is installed, and a small server that speaks its protocol and answers what it is told."""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Final

from procure.infra.scanner import ClamAV, ScannerAway
from tests.infra.smtp import free_port

MALWARE: Final = b"these words are malware for the tests of procure"
"""What the daemon is taught to find; harmless everywhere else."""
DAEMON: Final = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
STARTS_WITHIN_SECONDS: Final = 60


@dataclass
class Server:
    """Keeps what it was sent. `answer` is what it says of it; None: it says nothing and ends the talk."""

    port: int = 0
    sent: list[bytes] = field(default_factory=list)
    answer: Callable[[bytes], str | None] = lambda content: "stream: OK"

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"


@contextmanager
def speaking() -> Iterator[Server]:
    """The small server: finds what the real one would."""
    server = Server(answer=lambda content: "stream: Test.Malware FOUND" if MALWARE in content else "stream: OK")

    class Talk(StreamRequestHandler):
        def handle(self) -> None:
            command = b""
            while not command.endswith(b"\0"):
                command += self.rfile.read(1)
            content = b""
            while command == b"zINSTREAM\0" and (size := int.from_bytes(self.rfile.read(4), "big")):
                content += self.rfile.read(size)
            if command == b"zVERSION\0":
                self.wfile.write(b"ClamAV 1.4.6/0/Tue Nov 24 10:00:00 2026\0")
                return
            server.sent.append(content)
            if (answer := server.answer(content)) is not None:
                self.wfile.write(answer.encode() + b"\0")

    with ThreadingTCPServer(("127.0.0.1", 0), Talk) as listening:
        server.port = listening.server_address[1]
        thread = Thread(target=listening.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


@contextmanager
def daemon(folder: Path, largest: str = "30M") -> Iterator[tuple[str, str]]:
    """The real daemon, taught only the one sentence: its addresses by TCP and by a socket in the folder."""
    assert DAEMON is not None
    (folder / "known").mkdir()
    (folder / "known" / "test.ndb").write_text(f"Procure.Test.Malware:0:*:{MALWARE.hex()}\n", encoding="ascii")
    port, path = free_port(), folder / "clamd.sock"
    (folder / "clamd.conf").write_text(
        f"Foreground yes\nDatabaseDirectory {folder / 'known'}\nTCPAddr 127.0.0.1\nTCPSocket {port}\nLocalSocket {path}\n"
        f"StreamMaxLength {largest}\nTemporaryDirectory {folder}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen([DAEMON, "-c", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(process, f"tcp://127.0.0.1:{port}")
        yield f"tcp://127.0.0.1:{port}", f"unix://{path}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            ClamAV(address).version()
        except ScannerAway:
            with suppress(subprocess.TimeoutExpired):
                raise AssertionError(f"clamd ended with {process.wait(0.1)}") from None
            assert time.monotonic() < until, "clamd does not answer"
        else:
            return


def silent() -> socket.socket:
    """A port on which nobody ever says anything."""
    return socket.create_server(("127.0.0.1", 0))
