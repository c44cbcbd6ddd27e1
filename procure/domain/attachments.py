"""Which files a case takes, and what they are called: by name here, by content in `attachments.content`."""

import unicodedata
from dataclasses import dataclass
from typing import Final

MEGABYTE: Final = 1024 * 1024
LARGEST_FILE: Final = 50 * MEGABYTE
LONGEST_NAME: Final = 120
"""Characters of a file's name, its ending with."""
MOST_ATTACHMENTS: Final = 300
MOST_VERSIONS: Final = 100
"""How many of them one case may have, and how many versions one of those."""

CLEAN: Final = "clean"
NOT_SCANNED: Final = "not_scanned"
INFECTED: Final = "infected"

FORBIDDEN: Final = frozenset('<>:"|?*')
"""What some systems do not take in a name."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: the ending of its name, what it is called, and how its content is told (`family`)."""

    ending: str
    name: str
    media_type: str
    family: str
    inline: bool = False
    """Whether a browser may show it: only what runs nothing."""


OPEN_XML: Final = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument"

FILE_KINDS: Final[dict[str, FileKind]] = {
    kind.ending: kind
    for kind in (
        FileKind("pdf", "PDF", "application/pdf", "pdf", inline=True),
        FileKind("png", "PNG", "image/png", "image", inline=True),
        FileKind("jpg", "JPEG", "image/jpeg", "image", inline=True),
        FileKind("jpeg", "JPEG", "image/jpeg", "image", inline=True),
        FileKind("gif", "GIF", "image/gif", "image"),
        FileKind("webp", "WebP", "image/webp", "image"),
        FileKind("docx", "Word (DOCX)", f"{OPEN_XML}.wordprocessingml.document", "open_xml"),
        FileKind("xlsx", "Excel (XLSX)", f"{OPEN_XML}.spreadsheetml.sheet", "open_xml"),
        FileKind("pptx", "PowerPoint (PPTX)", f"{OPEN_XML}.presentationml.presentation", "open_xml"),
        FileKind("odt", "ODT", f"{OPEN_DOCUMENT}.text", "open_document"),
        FileKind("ods", "ODS", f"{OPEN_DOCUMENT}.spreadsheet", "open_document"),
        FileKind("odp", "ODP", f"{OPEN_DOCUMENT}.presentation", "open_document"),
        FileKind("zip", "ZIP", "application/zip", "zip"),
        FileKind("txt", "TXT", "text/plain", "text"),
        FileKind("csv", "CSV", "text/csv", "text"),
        FileKind("xml", "XML", "application/xml", "xml"),
        FileKind("eml", "EML", "message/rfc822", "mail"),
        FileKind("msg", "MSG", "application/vnd.ms-outlook", "outlook"),
    )
}


def ending_of(name: str) -> str:
    """What stands after the last dot, in small letters; "" when there is no dot or nothing before it."""
    stem, dot, ending = name.rpartition(".")
    return ending.casefold() if dot and stem else ""


def clean_name(given: str) -> str:
    """The last part of the path that a browser gave, without anything that hides or misleads: no control characters, no marks that
    turn the direction of writing or have no width, no double spaces, at most 120 characters. "" when nothing is left."""
    text = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2])
    spaced = "".join(" " if char.isspace() else char for char in text)
    kept = "".join("_" if char in FORBIDDEN else char for char in spaced if unicodedata.category(char)[0] != "C")
    name = " ".join(kept.split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:LONGEST_NAME].strip(". ")
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip('. ')}.{ending}"
