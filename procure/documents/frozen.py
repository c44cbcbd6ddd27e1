"""What a document says, place by place, without its looks: kept with what is issued, and held against the case later."""

import json
from collections.abc import Iterator
from typing import Any

from procure.documents.parts import Block, DocumentPage, Fact, Facts, Figure, Paragraph, Points, Prose, Section, Table, Text

BETWEEN = " › "


def places_of(page: DocumentPage) -> dict[str, str]:
    """Place (heading, label) -> text. What only tells the day on which it was looked at is left out."""
    found: dict[str, str] = {page.name: " ".join(page.title.paragraphs)}
    if page.apart is not None:
        found[page.apart.label] = " ".join(page.apart.text.paragraphs)
    for section in page.sections:
        for label, text in _section(section):
            _put(found, BETWEEN.join(part for part in (section.heading, label) if part), text)
    for tile in page.tiles:
        _put(found, tile.label, tile.value)
    return found


def _put(found: dict[str, str], place: str, text: str) -> None:
    """Two paragraphs in one place stand as one."""
    found[place] = f"{found[place]}\n{text}" if place in found else text


def _section(section: Section) -> Iterator[tuple[str, str]]:
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[tuple[str, str]]:
    match block:
        case Facts(rows):
            yield from (_fact(fact) for fact in rows)
        case Prose(fact):
            yield _fact(fact)
        case Points(heading, points):
            yield heading, "\n".join(" ".join(part for part in (point.text, point.note) if part) for point in points)
        case Paragraph(text):
            yield "", text
        case Table(caption=caption, rows=rows, foot=foot, by_hand=False):
            yield caption, "\n".join(" | ".join(row) for row in (*rows, *([foot] if foot else [])))
        case Figure() | Table():
            return


def _fact(fact: Fact) -> tuple[str, str]:
    return fact.label, _words(fact.text)


def _words(text: Text) -> str:
    """A placeholder says nothing."""
    return "" if text.absent else "\n".join(text.paragraphs)


def as_file(page: DocumentPage, number: str, version: int, issued_on: str) -> bytes:
    """The same for machines: UTF-8 JSON, keys in a fixed order, so that the same facts give the same bytes."""
    document: dict[str, Any] = {
        "format": "procure.document/1", "document": page.kind, "number": number, "version": version, "issued_on": issued_on,
        "language": page.language, "case": page.reference, "buyer": page.city, "says": places_of(page),
    }  # fmt: skip
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
