"""Telling what a file really is. Its name says what it should be, its content has to agree, and it may not be two things at once."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.parsers import expat

import puremagic

from procure.domain.attachments import FILE_KINDS, FileKind, ending_of
from procure.domain.outcomes import Reason, Refusal

PIECE: Final = 64 * 1024
MOST_ENTRIES: Final = 20_000
LARGEST_PART: Final = 4 * 1024 * 1024
"""Of a list of contents inside a container: more is not read."""

OPEN_XML_MAIN: Final = {
    "docx": "wordprocessingml.document.main+xml", "xlsx": "spreadsheetml.sheet.main+xml",
    "pptx": "presentationml.presentation.main+xml",
}  # fmt: skip
"""How the list of contents of such a file names its main part. One with macros names it otherwise."""

NOT_IN_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
MARKUP: Final = re.compile(r"\s*<(!--|!doctype|\?xml|html|head|body|script|svg|iframe|meta|table|div|[a-z]+\s[^>]{0,200}=)", re.I)
PROGRAM: Final = re.compile(r"#!|@echo\s|MZ")
BYTE_ORDER: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
MAIL_HEADER: Final = re.compile(r"[!-9;-~]+:[ \t]?\S?")
OUTLOOK_PART: Final = "__substg1.0_".encode("utf-16-le")
PICTURES: Final = {"png": "\x89PNG\r\n\x1a\n", "jpg": "\xff\xd8\xff", "jpeg": "\xff\xd8\xff", "gif": "GIF8", "webp": "RIFF"}

SHOWN_IN_BROWSERS: Final = ("svg", "xhtml", "html", "stylesheet", "transform")
RUNS_IN_BROWSERS: Final = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "http://www.w3.org/1999/XSL/Transform")


def kind_of(name: str, stream: BinaryIO) -> FileKind:
    """The kind of the file, whose name has been cleaned. The stream is left at its beginning.

    Raises Refusal: `attachment_empty`, `attachment_kind` (no such kind is taken), `attachment_differs` (the content is something
    else than the name says), `attachment_macros`.
    """
    kind = FILE_KINDS.get(ending_of(name))
    if kind is None:
        raise _refusal("attachment_kind", name=name)
    stream.seek(0)
    if not stream.read(1):
        raise _refusal("attachment_empty")
    try:
        if not _CHECKS[kind.family](kind, stream):
            raise _refusal("attachment_differs", name=name, kind=kind.name)
    finally:
        stream.seek(0)
    return kind


def _refusal(code: str, **parameters: str) -> Refusal:
    return Refusal(Reason(code, parameters, target="file"))


def _looks_like(stream: BinaryIO) -> set[str]:
    """The media types whose marks the file bears most surely; none for a plain text."""
    stream.seek(0)
    try:
        matches = puremagic.magic_stream(stream)
    except (puremagic.PureError, ValueError):
        return set()
    finally:
        stream.seek(0)
    best = max((match.confidence for match in matches), default=0)
    return {match.mime_type for match in matches if match.confidence == best}


def _head(stream: BinaryIO, size: int = 16) -> str:
    stream.seek(0)
    return stream.read(size).decode("latin-1")


def _is_archive(stream: BinaryIO) -> bool:
    """Whether the file can be opened as a ZIP too: hidden behind a picture it would be a second file that nobody sees."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _pdf(kind: FileKind, stream: BinaryIO) -> bool:
    stream.seek(-min(stream.seek(0, io.SEEK_END), 2048), io.SEEK_END)
    ended = b"%%EOF" in stream.read()
    return _head(stream).startswith("%PDF-") and ended and "application/pdf" in _looks_like(stream) and not _is_archive(stream)


def _image(kind: FileKind, stream: BinaryIO) -> bool:
    signed = _head(stream).startswith(PICTURES[kind.ending]) and kind.media_type in _looks_like(stream)
    return signed and not _is_archive(stream)


def _archive(stream: BinaryIO) -> zipfile.ZipFile | None:
    """The file as a ZIP that begins with its first entry; None when it is none. A program that unpacks itself begins otherwise."""
    if not _head(stream).startswith(("PK\x03\x04", "PK\x05\x06")):
        return None
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    return archive if len(archive.filelist) <= MOST_ENTRIES else None


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """What stands in that part of the container; nothing when it is not there, too large, or cannot be read."""
    try:
        with archive.open(name) as part:
            text = part.read(LARGEST_PART + 1)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError):
        return b""
    return text if len(text) <= LARGEST_PART else b""


def _zip(kind: FileKind, stream: BinaryIO) -> bool:
    archive = _archive(stream)
    return archive is not None and bool(archive.filelist)


def _open_xml(kind: FileKind, stream: BinaryIO) -> bool:
    archive = _archive(stream)
    if archive is None:
        return False
    contents = _part(archive, "[Content_Types].xml").decode("utf-8", "replace")
    if "macroEnabled" in contents or any(name.casefold().endswith("vbaproject.bin") for name in archive.namelist()):
        raise _refusal("attachment_macros")
    return OPEN_XML_MAIN[kind.ending] in contents


def _open_document(kind: FileKind, stream: BinaryIO) -> bool:
    archive = _archive(stream)
    if archive is None or not archive.filelist:
        return False
    if any(name.startswith(("Basic/", "Scripts/")) for name in archive.namelist()):
        raise _refusal("attachment_macros")
    first = min(archive.filelist, key=lambda entry: entry.header_offset)
    return first.filename == "mimetype" and _part(archive, "mimetype").strip() == kind.media_type.encode()


def _encoding(stream: BinaryIO) -> str | None:
    """In which encoding the whole file can be read: by its mark, else UTF-8, else that of Windows. None for no text."""
    stream.seek(0)
    head = stream.read(3)
    marked = [encoding for mark, encoding in BYTE_ORDER.items() if head.startswith(mark)]
    return next((encoding for encoding in marked or ["utf-8", "cp1252"] if _reads(stream, encoding)), None)


def _reads(stream: BinaryIO, encoding: str) -> bool:
    try:
        return not any(NOT_IN_TEXT.search(piece) for piece in _decoded(stream, encoding))
    except UnicodeError:
        return False


def _decoded(stream: BinaryIO, encoding: str) -> Iterator[str]:
    stream.seek(0)
    reader = io.TextIOWrapper(stream, encoding, newline="")
    try:
        while piece := reader.read(PIECE):
            yield piece
    finally:
        reader.detach()  # closing the reader would close the file


def _beginning(stream: BinaryIO, encoding: str) -> str:
    pieces = _decoded(stream, encoding)
    try:
        return next(pieces, "").lstrip("\ufeff")
    finally:
        pieces.close()  # type: ignore[attr-defined]


def _text(kind: FileKind, stream: BinaryIO) -> bool:
    encoding = _encoding(stream)
    if encoding is None or _is_archive(stream):
        return False
    beginning = _beginning(stream, encoding)
    marks = {
        mark for mark in _looks_like(stream) if mark.startswith(("image/", "video/", "audio/")) or "htm" in mark or "pdf" in mark
    }
    return not marks and not MARKUP.match(beginning) and not PROGRAM.match(beginning)


def _mail(kind: FileKind, stream: BinaryIO) -> bool:
    encoding = _encoding(stream)
    return encoding is not None and MAIL_HEADER.match(_beginning(stream, encoding)) is not None


def _outlook(kind: FileKind, stream: BinaryIO) -> bool:
    if not _head(stream).startswith("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return False
    stream.seek(0)
    before = b""
    while piece := stream.read(PIECE):
        if OUTLOOK_PART in before + piece:
            return True
        before = piece[-len(OUTLOOK_PART) :]
    return False


def _xml(kind: FileKind, stream: BinaryIO) -> bool:
    """Well-formed from beginning to end, with no entities of its own, and nothing that a browser would show or run."""
    good = True

    def element(name: str, attributes: dict[str, str]) -> None:
        nonlocal good
        if name.rpartition(" ")[0] in RUNS_IN_BROWSERS or name.casefold() in SHOWN_IN_BROWSERS:
            good = False

    def instruction(target: str, data: str) -> None:
        nonlocal good
        good = good and target != "xml-stylesheet"

    def entity(*words: object) -> None:
        nonlocal good
        good = False

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = element
    parser.ProcessingInstructionHandler = instruction
    parser.EntityDeclHandler = entity
    stream.seek(0)
    try:
        while good and (piece := stream.read(PIECE)):
            parser.Parse(piece, False)
        if good:
            parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError):
        return False
    return good


_CHECKS: Final = {
    "pdf": _pdf, "image": _image, "open_xml": _open_xml, "open_document": _open_document, "zip": _zip, "text": _text, "xml": _xml,
    "mail": _mail, "outlook": _outlook,
}  # fmt: skip
