"""Asking ClamAV whether a file is known malware: the daemon's own protocol, over a socket."""

import socket
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from procure.infra.storage import Readable

PIECE: Final = 64 * 1024
CONNECT_SECONDS: Final = 5
ANSWER_SECONDS: Final = 60
LONGEST_ANSWER: Final = 4096


class ScannerAway(Exception):
    """The scanner does not answer, or not in a way that says anything about the file."""


class TooLargeToScan(Exception):
    """The scanner is set up not to take files of this size: asking again does not help."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner says: the name of the malware, "" for none."""

    malware: str

    @property
    def clean(self) -> bool:
        return not self.malware


class Scanner(Protocol):
    def __call__(self, stream: Readable) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class ClamAV:
    """The daemon at `tcp://host:port` or `unix:///path`."""

    address: str

    def __call__(self, stream: Readable) -> Verdict:
        """The verdict on what is left in the stream. Raises ScannerAway, TooLargeToScan."""
        answer = self._ask(b"zINSTREAM\0", stream)
        if answer.endswith(" FOUND"):
            return Verdict(answer.removeprefix("stream:").removesuffix("FOUND").strip() or "?")
        if answer == "stream: OK":
            return Verdict("")
        if "size limit exceeded" in answer:
            raise TooLargeToScan(answer)
        raise ScannerAway(f"answers {answer[:100]!r}")

    def version(self) -> str:
        """The daemon's version and the age of what it knows. Raises ScannerAway."""
        answer = self._ask(b"zVERSION\0")
        if not answer.startswith("ClamAV"):
            raise ScannerAway(f"answers {answer[:100]!r}")
        return answer

    def _ask(self, command: bytes, stream: Readable | None = None) -> str:
        try:
            with self._connected() as connection:
                connection.sendall(command)
                if stream is not None:
                    _send(connection, stream)
                return _answer(connection)
        except OSError as error:
            raise ScannerAway(f"{type(error).__name__}: {error}") from error

    def _connected(self) -> socket.socket:
        target = urlsplit(self.address)
        if target.scheme == "unix":
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.settimeout(CONNECT_SECONDS)
                connection.connect(unquote(target.path))
            except OSError:
                connection.close()
                raise
        else:
            connection = socket.create_connection((target.hostname or "localhost", target.port or 3310), CONNECT_SECONDS)
        connection.settimeout(ANSWER_SECONDS)
        return connection


def _send(connection: socket.socket, stream: Readable) -> None:
    """The file in pieces, each with its length before it. A daemon that has heard enough ends the talk early, but has answered."""
    try:
        while piece := stream.read(PIECE):
            connection.sendall(len(piece).to_bytes(4, "big") + piece)
        connection.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(connection: socket.socket) -> str:
    answer = b""
    while len(answer) < LONGEST_ANSWER and not answer.endswith(b"\0") and (piece := connection.recv(LONGEST_ANSWER)):
        answer += piece
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def scanner_at(address: str) -> ClamAV | None:
    """The scanner of the setting CLAMAV_URL; None when there is none."""
    return ClamAV(address) if address else None
