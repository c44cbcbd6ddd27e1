"""The only door to PDF: HTML in, an archival and accessible PDF out (PDF/A-3a and PDF/UA-1 at once).

Documents are made in worker processes, started when they are first needed, because layout is heavy and gains nothing from threads: a
document that takes too long or too much memory fails alone, and its worker is replaced. How many there are at most for each web
process says the setting PDF_WORKERS. WeasyPrint is never imported here.
"""

import atexit
import hashlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Final

from procure.config import ROOT

LIMIT_SECONDS: Final = 60
LIMIT_BYTES: Final = 512 * 1024 * 1024
"""What the worker may allocate in all, itself included."""
START_SECONDS: Final = 60
ENDS_WITHIN_SECONDS: Final = 5
MOST_IN_ONE_WORKER: Final = 300
"""After that many documents a new worker takes over, so that memory never creeps up on an ordinary one."""
MOST_WAITING: Final = 16
"""For each worker: who comes when so many wait already is told so at once, and holds no thread of the server."""
MOST_KEPT: Final = 32
MOST_KEPT_BYTES: Final = 16 * 1024 * 1024
GIVEN: Final = "https://procure.invalid/given/"
"""Not an address of anything (RFC 2606): the pictures of a document are known by it."""


class PdfFailed(Exception):
    """The document could not be made. `reason`: `time`, `memory`, `busy` (others hold the workers), `killed` (from outside), `logo` (the
    storage does not give it) or `broken`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF. PDF/A-3 wants it described."""

    name: str
    content: bytes
    description: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the document shows: `address` is what its HTML calls it. Nothing else than the pictures of a job is served."""

    name: str
    content: bytes
    media_type: str = "image/png"

    @property
    def address(self) -> str:
        return GIVEN + self.name


@dataclass(frozen=True, slots=True)
class Job:
    """One document as the worker gets it: all that its bytes depend on.

    `html` holds no style sheet: print.css is the style of every document. `language` is one of LANGUAGES, `title` what a reader shows in
    the window; `pictures` are all that it may show besides our own.
    """

    html: str
    language: str
    title: str
    attachments: tuple[Attachment, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same document, whoever asks."""
        found = hashlib.sha256()
        for part in (self.html, self.language, self.title, *(repr(one) for one in (*self.attachments, *self.pictures))):
            found.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
        return found.hexdigest()


class Kept:
    """The documents made last, so that the same one is not made twice. In memory only."""

    def __init__(self, most: int = MOST_KEPT, most_bytes: int = MOST_KEPT_BYTES) -> None:
        self._most, self._most_bytes, self._size = most, most_bytes, 0
        self._found: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: str) -> bytes | None:
        with self._lock:
            if digest in self._found:
                self._found.move_to_end(digest)
            return self._found.get(digest)

    def put(self, digest: str, content: bytes) -> None:
        """Keep it, and drop those that nobody has asked for the longest. One too large for the whole store is not kept."""
        with self._lock:
            if digest in self._found or len(content) > self._most_bytes:
                return
            self._found[digest] = content
            self._size += len(content)
            while len(self._found) > self._most or self._size > self._most_bytes:
                self._size -= len(self._found.popitem(last=False)[1])


class Worker:
    """One process that makes documents, one at a time. Started on first use and replaced after a failure."""

    def __init__(self, seconds: float = LIMIT_SECONDS, limit_bytes: int = LIMIT_BYTES) -> None:
        self._seconds, self._limit_bytes = seconds, limit_bytes
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._made = 0

    def make(self, job: Job) -> bytes:
        """The PDF. Raises PdfFailed."""
        if not self._lock.acquire(timeout=self._seconds):
            raise PdfFailed("busy")
        try:
            return self._make(job)
        except PdfFailed:
            self._stop()
            raise
        finally:
            self._lock.release()

    def _make(self, job: Job) -> bytes:
        connection = self._running()
        try:
            connection.send(job)
            if not connection.poll(self._seconds):
                raise PdfFailed("time", f"over {self._seconds} s")
            content, reason = connection.recv()
        except (EOFError, OSError) as error:
            raise PdfFailed("killed" if self._was_killed() else "memory", "the worker died") from error
        if reason:
            raise PdfFailed(*reason)
        self._made += 1
        if self._made >= MOST_IN_ONE_WORKER:
            self._stop()
        return bytes(content)

    def _was_killed(self) -> bool:
        """Whether somebody has ended the process, and not the document."""
        assert self._process is not None
        try:
            return self._process.wait(ENDS_WITHIN_SECONDS) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            return False

    def _running(self) -> Connection:
        """The line to a living worker; the time it takes to start is not the document's."""
        if self._connection is None or self._process is None or self._process.poll() is not None:
            self._stop()
            self._start()
        assert self._connection is not None
        return self._connection

    def _start(self) -> None:
        """A fresh interpreter, whatever program this process runs: multiprocessing would run its main module again."""
        self._connection, theirs = Pipe()
        command = [sys.executable, "-m", "procure.infra.pdf_worker", str(theirs.fileno()), str(self._limit_bytes)]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (our own module, and two numbers)
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
            )
        try:
            ready = self._connection.poll(START_SECONDS) and self._connection.recv() == "ready"
        except (EOFError, OSError):
            ready = False
        if not ready:
            raise PdfFailed("broken", "the worker does not start")

    def _stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process, self._connection, self._made = None, None, 0

    @property
    def runs(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of its process; 0 when there is none."""
        return self._process.pid if self._process is not None else 0

    def close(self) -> None:
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """In a process that was forked: the worker belongs to the parent."""
        self.__init__(self._seconds, self._limit_bytes)  # type: ignore[misc]


class Pool:
    """Several workers, of which an idle one takes the next document. The one used last is asked first: a quiet hour needs no second."""

    def __init__(self, size: int = 1, seconds: float = LIMIT_SECONDS, limit_bytes: int = LIMIT_BYTES) -> None:
        self._seconds, self._limit_bytes = seconds, limit_bytes
        self._fill(size)

    def _fill(self, size: int) -> None:
        self.workers = tuple(Worker(self._seconds, self._limit_bytes) for _ in range(size))
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        for worker in self.workers:
            self._idle.put(worker)
        self._places = threading.BoundedSemaphore(size * (1 + MOST_WAITING))

    def make(self, job: Job) -> bytes:
        """The PDF. Raises PdfFailed; `busy` when too many wait, or none of the workers became idle in time."""
        places, idle = self._places, self._idle
        if not places.acquire(blocking=False):
            raise PdfFailed("busy", "too many wait")
        try:
            try:
                worker = idle.get(timeout=self._seconds)
            except queue.Empty as error:
                raise PdfFailed("busy") from error
            try:
                return worker.make(job)
            finally:
                idle.put(worker)
        finally:
            places.release()

    def resize(self, size: int) -> None:
        """From now on so many workers at most; those running are ended when they have done what they do."""
        if size != len(self.workers):
            before = self.workers
            self._fill(size)
            for worker in before:
                worker.close()

    def close(self) -> None:
        """End the workers; the next document starts new ones."""
        for worker in self.workers:
            worker.close()

    def forget(self) -> None:
        """In a process that was forked: the workers belong to the parent."""
        for worker in self.workers:
            worker.forget()
        self._fill(len(self.workers))


_pool: Final = Pool()
_kept: Final = Kept()
os.register_at_fork(after_in_child=_pool.forget)
atexit.register(_pool.close)


def use_workers(size: int) -> None:
    """How many processes make documents for this one, from 1."""
    _pool.resize(size)


def printed(job: Job) -> bytes:
    """The PDF of a whole HTML document. The same job gives the same bytes; nothing is fetched. Raises PdfFailed."""
    digest = job.digest
    found = _kept.get(digest)
    if found is None:
        found = _pool.make(job)
        _kept.put(digest, found)
    return found


def close() -> None:
    """End the workers; the next document starts new ones."""
    _pool.close()
