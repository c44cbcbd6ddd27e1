"""A document shows the pictures that are given with it, by their names; nothing else is served, and none to the next document."""

import io
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

from procure.infra.pdf import Job, Picture, Worker
from tests.infra.test_pdf import page
from tests.letterheads.builders import picture


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


LOGO = Picture("logo.png", picture())


def shows(worker: Worker, body: str, *given: Picture) -> int:
    """How many pictures stand in the PDF."""
    content = worker.make(Job(page(f"<h1>T</h1>{body}"), "fi", "T", (), given))
    return sum(len(one.images) for one in PdfReader(io.BytesIO(content)).pages)


def image(address: str) -> str:
    return f'<p><img src="{address}" alt="Tampere"></p>'


def test_a_given_picture_is_shown_and_not_to_the_next_document(worker: Worker) -> None:
    assert shows(worker, image(LOGO.address), LOGO) == 1
    assert shows(worker, image(LOGO.address)) == 0


def test_the_same_document_has_the_same_bytes_in_every_process(worker: Worker) -> None:
    wanted, other = Job(page(f"<h1>T</h1>{image(LOGO.address)}"), "fi", "T", (), (LOGO,)), Worker()
    try:
        assert other.make(wanted) == worker.make(wanted) == worker.make(wanted)
    finally:
        other.close()


@pytest.mark.parametrize(
    "address", ["data:image/png;base64,AAAA", "file:///etc/passwd", "https://procure.invalid/given/other.png"]
)
def test_nothing_else_is_served(worker: Worker, address: str) -> None:
    assert shows(worker, image(address), LOGO) == 0


def test_another_picture_is_another_document() -> None:
    jobs = {Job("x", "fi", "T", (), given).digest for given in ((), (LOGO,), (Picture("logo.png", picture(size=(90, 90))),))}

    assert len(jobs) == 3
