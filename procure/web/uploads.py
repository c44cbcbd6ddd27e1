"""Files that people send: straight to the disk, only for views that take them, and never more of one than is allowed.

A file that is too large is read to its end and thrown away, so that the form comes back with what was typed instead of a
broken connection.
"""

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, ParamSpec, TypeVar

from flask import Flask, Request, request, session

P = ParamSpec("P")
R = TypeVar("R")

IN_MEMORY: Final = 256 * 1024
READ_AND_THROWN_AWAY: Final = 4
"""So many times the largest file is read before the connection is ended."""


class Arriving(SpooledTemporaryFile[bytes]):
    """A file on its way in. Once it is larger than it may be, nothing of it is kept and `too_large` says so."""

    def __init__(self, most: int) -> None:
        super().__init__(IN_MEMORY)
        self.most, self.arrived = most, 0

    @property
    def too_large(self) -> bool:
        return self.arrived > self.most

    def write(self, piece: Any) -> int:
        before, self.arrived = self.arrived, self.arrived + len(piece)
        if not self.too_large:
            return super().write(piece)
        if before <= self.most:
            self.seek(0)
            self.truncate()
        return len(piece)


class UploadRequest(Request):
    largest_file = 0

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return Arriving(self.largest_file)


def takes_files(largest: int, strangers: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The view takes files of at most so many bytes each, from `strangers` too: nobody has to have signed in. Other views take none: what
    is sent to them as a file is thrown away."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        view.largest_file, view.from_strangers = largest, strangers  # type: ignore[attr-defined]
        return view

    return decorate


def register(app: Flask) -> None:
    """Before anything reads the form, and so before the extension that looks for the form's token."""

    def widen() -> None:
        view = app.view_functions.get(request.endpoint or "")
        largest = getattr(view, "largest_file", 0)
        # the session is signed: this browser has been signed in here once, and strangers do not fill our disk
        if largest and ("_user_id" in session or getattr(view, "from_strangers", False)):
            request.largest_file = largest  # type: ignore[attr-defined]
            request.max_content_length = largest * READ_AND_THROWN_AWAY

    app.request_class = UploadRequest
    app.before_request(widen)
