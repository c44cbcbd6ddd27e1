"""The bytes of a PDF about to be written. Apart from the layout, which changes how pictures are read in the whole process that loads it."""

from typing import Any

import pydyf


class Settled(pydyf.Object):
    """An object of the PDF that nothing changes any more, with its bytes."""

    data = b""

    def __init__(self, made: Any) -> None:
        super().__init__()
        self.number, self.generation, self.data = made.number, made.generation, made.data
        self._compressible = bool(made.compressible)

    @property
    def compressible(self) -> bool:
        return self._compressible


def settle(pdf: Any) -> None:
    """The file is written from bytes made once: by itself the writer makes (and compresses) those of every object twice, the first
    time for the identifier of the file. Object 0, which is none, stays."""
    pdf.objects[1:] = [Settled(item) for item in pdf.objects[1:]]
