"""Pictures are drawn anew within limits: nothing of a file but its pixels is kept, and no bomb is unpacked."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from procure.domain.letterheads import check_sides
from procure.domain.outcomes import Refusal
from procure.infra import pictures
from procure.infra.pictures import PictureBroken
from tests.letterheads.builders import clear_picture, picture


def remade(content: bytes, longest: int = 900) -> pictures.Picture:
    return pictures.remade(io.BytesIO(content), check_sides, longest)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unpacks to gigabytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(50_000, 50_000), (9_000, 9_000), (2_501, 100), (59, 100)])
def test_sides_are_judged_before_anything_is_decoded(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_arguments: Any) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(pictures, "_on_paper", never)
    with pytest.raises(Refusal) as refusal:
        remade(bomb(*size))
    assert refusal.value.reasons[0].code == "logo_sides"


def test_where_the_photograph_was_taken_and_what_was_written_into_it_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret description"
    exif.get_ifd(0x8825)[2] = (61.0, 29.0, 53.0)  # GPSLatitude
    photograph = picture("JPEG", exif=exif.tobytes(), comment=b"secret comment")
    assert b"secret description" in photograph

    made = remade(photograph)

    opened = Image.open(io.BytesIO(made.content))
    assert opened.format == "PNG"
    assert not opened.getexif()
    assert opened.info == {}
    assert b"secret" not in made.content


def test_what_hangs_behind_the_picture_is_gone() -> None:
    made = remade(picture() + b"<script>alert(1)</script>%PDF-1.7")

    assert b"script" not in made.content
    assert made.content == remade(picture()).content


def test_what_is_transparent_is_white_as_paper() -> None:
    image = Image.open(io.BytesIO(remade(clear_picture()).content))

    assert image.mode == "RGB"
    assert image.getpixel((110, 40)) == (255, 255, 255)
    assert image.getpixel((10, 40)) == (179, 38, 30)


@pytest.mark.parametrize(
    ("mode", "form"), [("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("I;16", "PNG"), ("CMYK", "JPEG"), ("L", "JPEG")]
)
def test_every_way_of_keeping_colours_becomes_the_same_one(mode: str, form: str) -> None:
    made = remade(picture(form, mode, colour=0 if mode not in ("LA", "CMYK") else (0,) * len(Image.new(mode, (1, 1)).getbands())))

    assert Image.open(io.BytesIO(made.content)).mode == "RGB"


def test_a_large_picture_becomes_smaller_and_the_same_file_gives_the_same_bytes() -> None:
    content = picture(size=(2000, 500))

    made = remade(content)

    assert (made.width, made.height) == (900, 225)
    assert made.content == remade(content).content


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + bytes(40), picture()[:60], b""])
def test_what_is_no_picture_is_broken(content: bytes) -> None:
    with pytest.raises(PictureBroken):
        remade(content)
