"""The only door to DOCX: the parts of a text in, a Word file out. The same parts give the same bytes; nothing in it is fetched.

Written by hand, part by part (ECMA-376), for a library's template would bring its own names, days and pictures into each file.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

PARTS: Final = Path(__file__).with_name("word_parts")
WIDTH: Final = 9242
"""Of the text on the page, in twentieths of a point: A4 less the margins."""
BULLETS: Final = 1
"""The number of the bullets; `Body.numbers` begin after it."""
MARKS: Final = (".", ")")
"""What may stand after the numbers of a list."""

_MAIN: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_UNHELD: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says of itself. `language` as in Word, such as fi-FI; `on`: when it was made and last changed."""

    title: str
    author: str
    language: str
    on: date


@dataclass(frozen=True, slots=True)
class Body:
    """The XML of the text. `numbers`: the mark of each numbered list, in the order of their numbers; `links`: their addresses, likewise."""

    content: str
    header: str
    footer: str
    numbers: Sequence[str] = ()
    links: Sequence[str] = ()


def said(text: str) -> str:
    """As the text of an element. What XML cannot hold is replaced by a sign that something stood there."""
    return escape(_UNHELD.sub("\N{REPLACEMENT CHARACTER}", text))


def attribute(text: str) -> str:
    """As the value of an attribute, in its quotes."""
    return quoteattr(_UNHELD.sub("\N{REPLACEMENT CHARACTER}", text))


def link_id(place: int) -> str:
    """The name of the link at that place of `Body.links`."""
    return f"link{place + 1}"


def packed(body: Body, properties: Properties) -> bytes:
    """The file."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            {
                "document": (f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
                "core": (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                "app": (f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
            }
        ),
        "docProps/app.xml": (
            f'{_HEAD}<Properties xmlns="{_OFFICE}/extended-properties"><Application>Procure</Application></Properties>'
        ),
        "docProps/core.xml": _core(properties),
        "word/document.xml": _document(body),
        "word/_rels/document.xml.rels": _document_relations(body),
        "word/styles.xml": _part("styles").replace("{language}", properties.language),
        "word/settings.xml": _part("settings").replace("{language}", properties.language),
        "word/numbering.xml": _numbering(body.numbers),
        "word/header.xml": f'{_HEAD}<w:hdr xmlns:w="{_MAIN}">{body.header}</w:hdr>',
        "word/footer.xml": f'{_HEAD}<w:ftr xmlns:w="{_MAIN}">{body.footer}</w:ftr>',
    }
    return _zipped(parts, properties.on)


def _zipped(parts: Mapping[str, str], on: date) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0))
            entry.create_system, entry.compress_type = 0, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.encode())
    return packed.getvalue()


@cache
def _part(name: str) -> str:
    return (PARTS / f"{name}.xml").read_text("utf-8")


def _content_types() -> str:
    kinds = {
        "/word/document.xml": f"{_TYPES}.document.main+xml",
        "/word/styles.xml": f"{_TYPES}.styles+xml",
        "/word/settings.xml": f"{_TYPES}.settings+xml",
        "/word/numbering.xml": f"{_TYPES}.numbering+xml",
        "/word/header.xml": f"{_TYPES}.header+xml",
        "/word/footer.xml": f"{_TYPES}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }
    named = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{named}</Types>'
    )


def _relations(found: Mapping[str, tuple[str, str]], more: str = "") -> str:
    listed = "".join(f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, (kind, target) in found.items())
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}{more}</Relationships>'


def _document_relations(body: Body) -> str:
    own = ("styles", "settings", "numbering", "header", "footer")
    links = "".join(
        f'<Relationship Id="{link_id(place)}" Type="{_OFFICE}/relationships/hyperlink" Target={attribute(address)} TargetMode="External"/>'
        for place, address in enumerate(body.links)
    )
    return _relations({name: (f"{_OFFICE}/relationships/{name}", f"{name}.xml") for name in own}, links)


def _core(properties: Properties) -> str:
    day = f'xsi:type="dcterms:W3CDTF">{properties.on.isoformat()}T00:00:00Z<'
    author = said(properties.author)
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{said(properties.title)}</dc:title><dc:creator>{author}</dc:creator><dc:language>{properties.language}</dc:language>"
        f"<cp:lastModifiedBy>{author}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f"<dcterms:created {day}/dcterms:created><dcterms:modified {day}/dcterms:modified></cp:coreProperties>"
    )


def _document(body: Body) -> str:
    """A4 with the margins of the PDF."""
    return (
        f'{_HEAD}<w:document xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}/relationships"><w:body>{body.content}<w:sectPr>'
        '<w:headerReference w:type="default" r:id="header"/><w:footerReference w:type="default" r:id="footer"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1587" w:right="1247" w:bottom="1247" w:left="1417" w:header="680" '
        'w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def _numbering(numbers: Sequence[str]) -> str:
    """Bullets once; each numbered list for itself, so that each begins at 1."""
    shapes = [_shape(0, "bullet", ("\N{BULLET}", "\N{EN DASH}"), (397, 284))]
    shapes += [_shape(place, "decimal", (f"%1{mark}", f"%2{mark}"), (397, 397)) for place, mark in enumerate(MARKS, start=1)]
    lists = [f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num>']
    restarts = "".join(f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>' for level in (0, 1))
    lists += [
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{MARKS.index(mark) + 1}"/>{restarts}</w:num>'
        for number, mark in enumerate(numbers, start=BULLETS + 1)
    ]
    return f'{_HEAD}<w:numbering xmlns:w="{_MAIN}">{"".join(shapes)}{"".join(lists)}</w:numbering>'


def _shape(number: int, kind: str, texts: Sequence[str], indent: tuple[int, int]) -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{indent[0] + 397 * level}" w:hanging="{indent[1]}"/></w:pPr></w:lvl>'
        for level, text in enumerate(texts)
    )
    return f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
