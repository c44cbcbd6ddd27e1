"""How a thread takes files: as the attachments of a case do. Their package stands above this one and registers its way at start-up."""

from collections.abc import Callable
from typing import IO, Final, Protocol


class Arrived(Protocol):
    """A file that has been looked through and kept, and belongs to no message yet."""

    @property
    def file_name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def storage_key(self) -> str: ...
    @property
    def scan(self) -> str: ...
    @property
    def scan_again(self) -> bool: ...


RECEIVERS: Final[dict[str, Callable[[IO[bytes], str], Arrived]]] = {}
"""One entry, `attachments`: content and given name -> the file kept. It ends the running transaction, as looking through is slow."""


def receive(stream: IO[bytes], name: str) -> Arrived:
    """Look the file through and keep it. Raises Refusal with the reasons of `attachments.service.receive`, target `file`."""
    return RECEIVERS["attachments"](stream, name)
