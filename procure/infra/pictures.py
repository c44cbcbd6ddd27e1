"""Pictures that people send: decoded within limits and drawn anew, so that nothing of the file but what it shows is kept.

Metadata (EXIF with a place, comments, colour profiles), what hangs behind the picture, and transparency are gone afterwards.
"""

import io
import struct
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from PIL import Image, ImageOps

TAKEN: Final = ("PNG", "JPEG")
PAPER: Final = (255, 255, 255)
"""What shows through: paper is white, and an archival file needs no transparency."""
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, struct.error, ZeroDivisionError)
"""What the decoders raise for a file that is not what it says."""


class PictureBroken(Exception):
    """The file is no PNG or JPEG that can be decoded."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG in RGB without anything but its pixels. Sides in pixels."""

    content: bytes
    width: int
    height: int


def remade(stream: BinaryIO, check_sides: Callable[[int, int], None], longest: int) -> Picture:
    """The picture drawn anew, its longer side at most `longest` pixels. The same file gives the same bytes.

    `check_sides` sees width and height before anything is decoded, and raises what it wants: a bomb is never unpacked.
    Raises PictureBroken.
    """
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # `check_sides` is stricter
            image = Image.open(stream, formats=TAKEN)
    except Image.DecompressionBombError:
        check_sides(*sides_of(stream))
        raise PictureBroken from None
    except _BROKEN as error:
        raise PictureBroken from error
    check_sides(*image.size)
    try:
        shown = _on_paper(image)
        shown.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        clean = Image.new("RGB", shown.size)
        clean.paste(shown)
        made = io.BytesIO()
        clean.save(made, format="PNG", optimize=False, compress_level=9)
    except (*_BROKEN, Image.DecompressionBombError) as error:
        raise PictureBroken from error
    return Picture(made.getvalue(), *clean.size)


def sides_of(stream: BinaryIO) -> tuple[int, int]:
    """Width and height as a PNG's own head says them, undecoded; larger than anything for another file."""
    stream.seek(0)
    head = stream.read(24)
    if not head.startswith(b"\x89PNG\r\n\x1a\n") or len(head) < 24:
        return 2**31, 2**31
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def _on_paper(image: Image.Image) -> Image.Image:
    """Upright, in RGB, and where it is transparent, white."""
    image.load()
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("LA", "PA", "RGBA") or "transparency" in upright.info:
        drawn = upright.convert("RGBA")
        paper = Image.new("RGB", drawn.size, PAPER)
        paper.paste(drawn, mask=drawn.getchannel("A"))
        return paper
    return upright.convert("RGB")
