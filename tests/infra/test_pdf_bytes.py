"""A PDF right before it is written: the same file, and each of its bytes made once."""

import io
from typing import Any

import pydyf
import pytest

from procure.infra.pdf_bytes import settle


class Counted(pydyf.Stream):
    """A stream that knows how often its bytes were made."""

    times = 0

    @property
    def data(self) -> bytes:
        self.times += 1
        return bytes(super().data)


def file_with(stream: pydyf.Stream) -> pydyf.PDF:
    found = pydyf.PDF()
    found.add_object(stream)
    found.add_object(pydyf.Dictionary({"Type": "/Test", "Of": stream.reference}))
    found.add_page(pydyf.Dictionary({"Type": "/Page", "Parent": found.pages.reference, "Contents": stream.reference}))
    return found


def written(pdf: Any, **options: Any) -> bytes:
    target = io.BytesIO()
    pdf.write(target, **options)
    return target.getvalue()


@pytest.mark.parametrize("compress", [True, False])
def test_a_settled_file_is_written_byte_for_byte_as_it_would_be_by_itself(compress):
    by_itself, settled = (file_with(pydyf.Stream([b"0 0 m 10 10 l S"], compress=True)) for _ in range(2))
    settle(settled)
    assert written(settled, identifier=True, compress=compress) == written(by_itself, identifier=True, compress=compress)


def test_the_bytes_of_each_object_are_made_once_though_the_writer_asks_twice():
    by_itself, settled = Counted([b"0 0 m"]), Counted([b"0 0 m"])
    written(file_with(by_itself), identifier=True)
    pdf = file_with(settled)
    settle(pdf)
    written(pdf, identifier=True)
    assert (by_itself.times, settled.times) == (2, 1)
