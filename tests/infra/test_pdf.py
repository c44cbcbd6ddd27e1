"""The PDF door: archival and accessible files, the same bytes for the same words, nothing fetched, a heavy one fails alone."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from procure.infra import pdf
from procure.infra.pdf import Attachment, Job, Kept, PdfFailed, Worker
from tests.documents import conformance

HEAD = '<html lang="fi"><head><title>T</title><meta name="dcterms.created" content="2026-11-24"></head><body>'
TABLE = (
    '<h1>Otsikko</h1><table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
    '<tbody><tr><th scope="row">1</th><td>2</td></tr></tbody></table>'
)


def page(body: str) -> str:
    return f"{HEAD}{body}</body></html>"


def job(body: str) -> Job:
    return Job(page(body), "fi", "Otsikko", ())


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that writes down what it is asked for."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"secret of the listener")

        def log_message(self, *_arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_document_is_archival_and_accessible() -> None:
    content = pdf.printed(Job(page(TABLE), "fi", "Otsikko"))
    assert conformance.faults(content, "fi") == []


def test_the_web_process_never_imports_the_renderer() -> None:
    program = (
        "import sys\nfrom procure.infra import pdf\n"
        "pdf.printed(pdf.Job('<html lang=fi><title>T</title><h1>O</h1></html>', 'fi', 'O'))\n"
        "print('weasyprint' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "False"


def test_the_same_words_give_the_same_bytes_in_another_process(worker: Worker) -> None:
    other = Worker()
    try:
        assert worker.make(job(TABLE)) == other.make(job(TABLE)) == worker.make(job(TABLE))
    finally:
        other.close()


def test_an_attachment_is_inside_and_the_bytes_stay_the_same() -> None:
    attachment = Attachment("case-file.json", b'{"format": "procure-case/1"}', "The case file")
    with_it = Job(page(TABLE), "fi", "Otsikko", (attachment,))
    first, second = Worker(), Worker()
    try:
        content = first.make(with_it)
        assert content == second.make(with_it)
    finally:
        first.close()
        second.close()
    assert conformance.attachments_of(content) == {"case-file.json": b'{"format": "procure-case/1"}'}


def test_nothing_is_fetched_and_nothing_embedded(worker: Worker, listener: tuple[str, list[str]], tmp_path: Path) -> None:
    address, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("secret of the machine")
    hostile = [
        f'<img alt="x" src="{address}/image.png">',
        f'<img alt="x" src="{secret.as_uri()}">',
        '<img alt="x" src="file:///etc/passwd">',
        f'<link rel="stylesheet" href="{address}/style.css">',
        f'<style>@import url("{address}/import.css"); @font-face {{ font-family: x; src: url("{address}/font.woff2") }}'
        f' body {{ background: url("{address}/background.png"); font-family: x }}</style>',
        f'<link rel="attachment" href="{secret.as_uri()}"><a rel="attachment" href="{address}/attachment.txt">a</a>',
        f'<object data="{address}/object.svg"></object><embed src="{address}/embed.svg"><iframe src="{address}/frame"></iframe>',
        f'<svg width="9" height="9"><title>t</title><image href="{address}/svg.png" width="9" height="9"/>'
        f'<use href="{secret.as_uri()}#x"/></svg>',
        '<img alt="x" src="https://procure.invalid/static/../../config.py"><img alt="x" src="../../../etc/passwd">',
        '<img alt="x" src="data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E">',
    ]
    content = worker.make(job(TABLE + "".join(hostile)))
    assert asked == []
    assert conformance.attachments_of(content) == {}
    assert "secret" not in conformance.text_of(content)
    assert b"root:" not in content


@pytest.mark.parametrize(
    "odd", ["😀 漢字", "\x0b\x0c\x7f\u200b\u202e", "\ue000\U0010ffff", "Ǆ e\u0301\u0302 ﬁ ☐ → ‐", "Привет مرحبا", "\ud800"]
)
def test_characters_that_no_font_has_do_not_spoil_the_file(worker: Worker, odd: str, tmp_path: Path) -> None:
    content = worker.make(Job(page(f"<h1>{odd} end</h1>"), "fi", f"Otsikko {odd}", ()))
    assert conformance.faults(content, "fi") == []
    assert "end" in conformance.text_of(content)
    if not conformance.verifier():
        assert conformance.verdicts({odd: content}, tmp_path) == []


def test_a_document_that_takes_too_long_fails_alone() -> None:
    worker = Worker(seconds=3)
    try:
        worker.make(job(TABLE))  # started and warm
        with pytest.raises(PdfFailed) as failure:
            worker.make(job("<table>" + "<tr><td>one<td>two<td>three</tr>" * 20_000 + "</table>"))
        assert failure.value.reason == "time"
        assert worker.make(job(TABLE)).startswith(b"%PDF")
    finally:
        worker.close()


def test_a_document_that_takes_too_much_memory_fails_alone() -> None:
    worker = Worker(limit_bytes=128 * 1024 * 1024)
    try:
        with pytest.raises(PdfFailed) as failure:
            worker.make(job("<table>" + "<tr><td>one<td>two<td>three</tr>" * 20_000 + "</table>"))
        assert failure.value.reason == "memory"
        assert worker.make(job(TABLE)).startswith(b"%PDF")
    finally:
        worker.close()


HOSTILE = {
    "ten megabytes of text": (f"<p>{'word ' * 2_000_000}</p>", ("time", "memory")),
    "a table of ten thousand cells": (
        "<table>" + ("<tr>" + "<td>cell</td>" * 100 + "</tr>") * 100 + "</table>",
        ("time", "memory"),
    ),
    "a word without end": (f"<p>{'x' * 200_000}</p>", ("time", "memory")),
    "elements without end": ("<div>" * 20_000 + "x", ("time", "memory", "broken")),
}
"""What somebody may put into an answer, and in which ways it may fail; it may also be made."""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_made_or_fails_alone_within_its_limits(name: str) -> None:
    worker, (body, ways) = Worker(limit_bytes=256 * 1024 * 1024), HOSTILE[name]
    try:
        first = worker.make(job(TABLE))  # in its own time, however busy the machine is
        began, worker._seconds = time.monotonic(), 8
        try:
            ended = worker.make(job(body))[:4].decode()
        except PdfFailed as failure:
            ended = failure.reason
        assert ended in ("%PDF", *ways)
        assert time.monotonic() - began < 8 + pdf.ENDS_WITHIN_SECONDS + pdf.START_SECONDS
        worker._seconds = pdf.LIMIT_SECONDS
        assert worker.make(job(TABLE)) == first, "the next document is made as ever"
    finally:
        worker.close()


def test_with_the_limits_that_hold_in_service_a_hostile_document_ends_too() -> None:
    worker = Worker()
    try:
        worker.make(job(TABLE))
        began = time.monotonic()
        with pytest.raises(PdfFailed) as failure:
            worker.make(job(HOSTILE["ten megabytes of text"][0] + "<table>" + "<tr><td>a<td>b<td>c</tr>" * 60_000 + "</table>"))
        assert failure.value.reason in ("time", "memory")
        assert time.monotonic() - began < pdf.LIMIT_SECONDS + pdf.ENDS_WITHIN_SECONDS + 5
        assert worker.make(job(TABLE)).startswith(b"%PDF")
    finally:
        worker.close()


def test_links_are_written_and_never_followed(worker: Worker, listener: tuple[str, list[str]], tmp_path: Path) -> None:
    address, asked = listener
    marker = tmp_path / "marker.txt"
    marker.write_text("MARKER-OF-THE-MACHINE")
    targets = [f"{address}/page", marker.as_uri(), "http://169.254.169.254/latest/meta-data/", f"{address}/other.pdf"]
    links = "".join(f'<p><a href="{target}">a link</a></p><p>{target}</p>' for target in targets)
    images = "".join(f'<img alt="a picture" src="{target}">' for target in targets)
    content = worker.make(job(TABLE + links + images))
    assert asked == []
    assert "MARKER" not in conformance.text_of(content)
    assert b"MARKER-OF-THE-MACHINE" not in content
    assert conformance.faults(content, "fi") == []


class Killing:
    """The line to a worker that is killed as soon as it has been given a document."""

    def __init__(self, worker: Worker) -> None:
        self._line, self._pid = worker._connection, worker.pid

    def send(self, job: Job) -> None:
        assert self._line is not None
        self._line.send(job)
        os.kill(self._pid, signal.SIGKILL)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._line, name)


def test_a_worker_killed_in_the_middle_says_that_it_was_killed() -> None:
    worker = Worker()
    try:
        worker.make(job(TABLE))
        worker._connection = Killing(worker)  # type: ignore[assignment]
        with pytest.raises(PdfFailed) as failure:
            worker.make(job("<table>" + "<tr><td>one<td>two<td>three</tr>" * 20_000 + "</table>"))
        assert failure.value.reason == "killed"
        assert worker.make(job(TABLE)).startswith(b"%PDF")
    finally:
        worker.close()


def test_a_worker_that_was_killed_is_replaced() -> None:
    worker = Worker()
    try:
        first = worker.make(job(TABLE))
        assert worker._process is not None
        worker._process.kill()
        worker._process.wait()
        assert worker.make(job(TABLE)) == first
    finally:
        worker.close()


def test_many_threads_get_each_their_own_document(worker: Worker) -> None:
    made: dict[int, str] = {}

    def one(number: int) -> None:
        made[number] = conformance.text_of(worker.make(job(f"<h1>Number {number}</h1>"))).removesuffix(" 1 / 1")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == {number: f"Number {number}" for number in range(12)}


def test_the_store_drops_what_was_asked_for_the_longest_ago() -> None:
    kept = Kept(most=2, most_bytes=100)
    kept.put("a", b"1" * 40)
    kept.put("b", b"2" * 40)
    assert kept.get("a") is not None
    kept.put("c", b"3" * 40)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (b"1" * 40, None, b"3" * 40)
    kept.put("huge", b"4" * 101)
    assert kept.get("huge") is None
    kept.put("d", b"5" * 90)
    assert (kept.get("a"), kept.get("c"), kept.get("d")) == (None, None, b"5" * 90)


def test_language_title_and_attachments_are_part_of_what_is_the_same() -> None:
    digests = {
        Job("x", "fi", "T", ()).digest,
        Job("x", "sv", "T", ()).digest,
        Job("x", "fi", "U", ()).digest,
        Job("xf", "i", "T", ()).digest,
        Job("x", "fi", "T", (Attachment("a", b"", "d"),)).digest,
    }
    assert len(digests) == 5
