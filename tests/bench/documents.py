"""How fast documents are made: beside bare WeasyPrint on the same HTML in the same run, from the storage, by two processes, and many of
them without the memory growing."""

import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from procure.accounts import queries as account_queries
from procure.accounts import service as accounts
from procure.app import create_app
from procure.catalogue import organisations
from procure.config import from_environment
from procure.documents import issuing_service, service
from procure.documents.issuing_service import Prepared
from procure.infra import clock, migrations
from procure.infra.db import db, writing
from procure.infra.pdf import Job, Pool
from procure.infra.pdf_worker import ADDRESS, STATIC, OwnFiles
from procure.infra.storage import storage_at
from tests import factories
from tests.bench.rules import Figure
from tests.documents import builders

ROUNDS = 12
SUMMARIES = 1000
LOOKED_AT = 20
SETTLED = 60
"""After so many documents a worker has what it keeps; from then on its memory is not to grow."""
MOST_GROWTH = 1.15
LONGEST_RATIO = 1.1
STORED_RATIO = 1 / 50
LEAST_GAIN = 1.6
KIND = "needs_assessment"


@dataclass(frozen=True, slots=True)
class Sample:
    """What is measured: a document of three pages, a summary of one, and the address of the first as it was issued."""

    document: Prepared
    summary: Prepared
    path: str
    token: str


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        app = _app(Path(folder))
        sample = _sample(app)
        figure, seconds = _against_bare(sample.document)
        yield figure
        yield _stored(app, sample, seconds)
        yield _two_processes(sample.document)
        yield _many(sample.summary)
        with app.app_context():
            db.engine.dispose()


def _app(folder: Path) -> Flask:
    settings = {"DATABASE_URL": f"sqlite:///{folder / 'bench.db'}", "STORAGE_URL": f"file://{folder / 'storage'}"}
    app = create_app(from_environment(settings, folder))
    app.config["TRUSTED_HOSTS"] = None
    return app


def _sample(app: Flask) -> Sample:
    """A case that lacks nothing, with one document issued."""
    with app.app_context(), writing():
        migrations.bring_up_to_date()
        accounts.load_organisations(organisations.catalogue().all)
        factories.make_people()
        db.session.commit()
        officer = account_queries.person_by_email(factories.PEOPLE["officer"][0])
        assert officer is not None
        case = builders.full_case(officer)
        by, today = factories.actor_of(officer), clock.today()
        summary = issuing_service.prepare("summary", service.gather(case, kind="summary"), "fi", by, today)
        document = issuing_service.prepare(KIND, service.gather(case, kind=KIND), "fi", by, today)
        printed = issuing_service.print_out(document, storage_at(app.config["SETTINGS"].storage_url))
        made = issuing_service.issue(case, printed, by, today, clock.now())
        token = accounts.start_session(officer, clock.now())
        path = f"/cases/{case.reference}/documents/issued/{made.number}/{made.file_name}"
        db.session.commit()
        db.session.remove()
    return Sample(document, summary, path, token)


def _job(prepared: Prepared, number: int = 0) -> Job:
    return Job(prepared.html.replace("</body>", f"<!-- {number} --></body>"), prepared.language, prepared.window_title, ())


class Bare:
    """The library as it comes, with the same style sheet and fonts, read once."""

    def __init__(self) -> None:
        self._fetcher, self._fonts = OwnFiles(), FontConfiguration()
        text = (STATIC / "print.css").read_text(encoding="utf-8")
        self._style = CSS(string=text, base_url=ADDRESS, font_config=self._fonts, url_fetcher=self._fetcher)

    def make(self, job: Job) -> bytes:
        document = HTML(string=job.html, base_url=ADDRESS, url_fetcher=self._fetcher)
        return bytes(document.write_pdf(stylesheets=[self._style], font_config=self._fonts))


@contextmanager
def _pool(size: int) -> Iterator[Pool]:
    pool = Pool(size)
    try:
        yield pool
    finally:
        pool.close()


def _seconds(make: Callable[[Job], Any], job: Job) -> float:
    began = time.perf_counter()
    make(job)
    return time.perf_counter() - began


def _against_bare(prepared: Prepared) -> tuple[Figure, float]:
    """In turns, so that what else the machine does weighs on both alike."""
    bare = Bare()
    ours_took, bare_took = [], []
    with _pool(1) as pool:
        for make in (pool.make, bare.make):
            make(_job(prepared))
        for number in range(ROUNDS):
            ours_took.append(_seconds(pool.make, _job(prepared, number)))
            bare_took.append(_seconds(bare.make, _job(prepared, number)))
    ours, reference = min(ours_took), min(bare_took)
    ratio = ours / reference
    return Figure("document", ours * 1000, "ms", ratio, "bare WeasyPrint on the same HTML", ratio > LONGEST_RATIO), ours


def _stored(app: Flask, sample: Sample, seconds: float) -> Figure:
    """A whole request for the bytes of an issued document, beside what it takes to make it."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = sample.token
    took = []
    for _ in range(ROUNDS * 4):
        began = time.perf_counter()
        with client.get(sample.path) as answer:
            assert answer.status_code == 200, answer.status_code
            assert answer.data[:5] == b"%PDF-"
        took.append(time.perf_counter() - began)
    middle = statistics.median(took)
    ratio = middle / seconds
    return Figure("document, issued", middle * 1000, "ms", ratio, "the time to make it", ratio > STORED_RATIO)


def _two_processes(prepared: Prepared) -> Figure:
    """The best of three turns each: documents in a second by two processes beside those by one."""
    rates: dict[int, float] = {}
    with _pool(1) as one, _pool(2) as two:
        for size, pool in ((1, one), (2, two)):
            _batch(pool, prepared, 2, size)  # each process is started
        for _ in range(3):
            for size, pool in ((1, one), (2, two)):
                rates[size] = max(rates.get(size, 0.0), _batch(pool, prepared, ROUNDS, size))
    gain = rates[2] / rates[1]
    return Figure("documents by two processes", rates[2], "in a second", gain, "one process", gain < LEAST_GAIN)


def _batch(pool: Pool, prepared: Prepared, many: int, askers: int) -> float:
    numbers = iter(range(many))
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            pool.make(_job(prepared, number))

    began = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(askers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return many / (time.perf_counter() - began)


def _many(prepared: Prepared) -> Figure:
    """The most memory that a process has had while all of them were made, beside that after the first sixty. Processes take turns."""
    with _pool(1) as pool:
        (worker,) = pool.workers
        settled = highest = 0
        for number in range(1, SUMMARIES + 1):
            pool.make(_job(prepared, number))
            if worker.runs and number % LOOKED_AT == 0:  # not right after the last of a turn
                highest = max(highest, _resident(worker.pid))
                settled = settled or (highest if number == SETTLED else 0)
    growth = highest / settled
    return Figure(
        f"memory over {SUMMARIES} summaries", highest / 1024, "MB", growth, f"that after {SETTLED}", growth > MOST_GROWTH
    )


def _resident(pid: int) -> int:
    """In kB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("the worker is gone")
