"""Finished PDFs bound into one: whole, in order, found by bookmarks, archival and accessible as they were."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from procure.infra import binding
from procure.infra.binding import NotBound, Part
from procure.infra.pdf import Attachment, Job, Worker
from tests.documents import conformance

TABLE = '<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><th scope="row">1</th></tr></tbody></table>'
LINKS = '<p><a href="https://example.org/">out</a></p>'


@pytest.fixture(scope="module")
def parts() -> Iterator[list[Part]]:
    """A cover of one page and two parts of two pages, one of them with a file inside."""
    worker = Worker()

    def made(title: str, body: str, files: tuple[Attachment, ...] = ()) -> Part:
        html = f'<html lang="fi"><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>'
        return Part(title, worker.make(Job(html, "fi", title, files)))

    two = f'{TABLE}{LINKS}<h2>Toinen</h2><p style="break-before: page">Sivu</p>'
    file = Attachment("facts.json", b"{}", "Facts")
    yield [made("Kansi", TABLE), made("Ensimmäinen", two, (file,)), made("Toinen osa", two)]
    worker.close()


def test_the_whole_has_every_page_and_a_bookmark_for_each_part(parts: list[Part]) -> None:
    whole = binding.bound(parts[0], parts[1:])

    reader = PdfReader(io.BytesIO(whole))
    marks: list[Any] = list(reader.outline)
    assert binding.pages_of(whole) == 5
    assert [(mark.title, reader.get_destination_page_number(mark)) for mark in marks] == [
        ("Kansi", 0), ("Ensimmäinen", 1), ("Toinen osa", 3),
    ]  # fmt: skip
    assert not reader.attachments


def test_the_whole_is_archival_and_accessible_as_its_parts_are(parts: list[Part], tmp_path: Path) -> None:
    whole = binding.bound(parts[0], parts[1:])

    assert conformance.faults(whole, "fi") == []
    if not conformance.verifier():
        assert conformance.verdicts({"whole": whole}, tmp_path) == []


def test_the_same_parts_give_the_same_bytes_and_others_do_not(parts: list[Part]) -> None:
    whole = binding.bound(parts[0], parts[1:])

    assert binding.bound(parts[0], parts[1:]) == whole
    assert binding.bound(parts[0], parts[:0:-1]) != whole


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7 cut off"])
def test_what_is_no_pdf_is_not_bound(parts: list[Part], content: bytes) -> None:
    with pytest.raises(NotBound):
        binding.bound(parts[0], [Part("X", content)])
    with pytest.raises(NotBound):
        binding.pages_of(content)
