"""What a reader sees of a PDF: its structure as assistive technology reads it, and where its words stand on the paper."""

import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final

from pypdf import PdfReader

MM: Final = 72 / 25.4
SLACK: Final = 1.5
"""Points: how far the box of a word may stand out of where its letters are."""
SIDES: Final = (25 * MM, (210 - 22) * MM)
ONE_PAGE_SIDES: Final = (20 * MM, (210 - 20) * MM)
LONGEST_TITLE: Final = 400
LINE: Final = 4
"""Points: words whose boxes end nearer to each other stand in one line."""
SOLID: Final = 0.4
"""How much of their height the boxes of words in lines set solid share: a font's box is higher than its letters."""
FOOT: Final = {False: (297 - 22) * MM, True: (297 - 18) * MM}
"""Where the text ends and the foot of the page begins; of the page for managers too."""


@dataclass(frozen=True, slots=True)
class Word:
    left: float
    top: float
    right: float
    bottom: float
    text: str


@cache
def reader() -> str:
    """Why words cannot be measured here; "" when they can."""
    return "" if shutil.which("pdftotext") else "no pdftotext (poppler-utils)"


def words_of(content: bytes) -> list[list[Word]]:
    """The words of each page with their boxes, in points from the upper left."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        done = subprocess.run(["pdftotext", "-bbox", file.name, "-"], capture_output=True, text=True, check=True)
    number = r'="(-?[\d.]+)"'
    form = re.compile(f"<word xMin{number} yMin{number} xMax{number} yMax{number}>(.*?)</word>")
    return [[Word(*map(float, found[:4]), found[4]) for found in form.findall(page)] for page in done.stdout.split("<page ")[1:]]


def layout_faults(html: str, content: bytes, one_page: bool = False) -> list[str]:
    """Words out of the page's margins or over each other, an empty page, a heading alone at the bottom of one."""
    pages, found = words_of(content), []
    left, right = ONE_PAGE_SIDES if one_page else SIDES
    for number, words in enumerate(pages, start=1):
        body = [word for word in words if word.bottom <= FOOT[one_page] + SLACK]
        out = [w.text for w in words if w.left < left - SLACK or w.right > right + SLACK or w.top < 0 or w.bottom > 297 * MM]
        if out:
            found.append(f"page {number}: out of the page's margins: {out[:5]}")
        if over := [f"{one.text}/{other.text}" for one, other in _over_each_other(words)]:
            found.append(f"page {number}: over each other: {over[:5]}")
        if len(body) < (3 if number == 1 else 8) or (number > 1 and _lines(body) < 3):  # the first is that at its top
            found.append(f"page {number}: nearly empty")
        foot = " ".join(word.text for word in words if word.top > FOOT[one_page])
        if not foot.endswith(f"{number} / {len(pages)}"):
            found.append(f"page {number}: the foot says {foot!r}")
        if alone := _lonely(html, body):
            found.append(f"page {number}: alone at its bottom: {alone}")
    return found


def _lines(words: list[Word]) -> int:
    bottoms = sorted(word.bottom for word in words)
    return sum(after - before > LINE for before, after in zip([-LINE * 2, *bottoms], bottoms, strict=False))


def _over_each_other(words: list[Word]) -> Iterator[tuple[Word, Word]]:
    ordered = sorted(words, key=lambda word: word.top)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.top > one.bottom - 4:
                break
            shared = min(one.bottom, other.bottom) - other.top
            least = SOLID * min(one.bottom - one.top, other.bottom - other.top)
            if min(one.right, other.right) - max(one.left, other.left) > 2 and shared > least:
                yield one, other


def _lonely(html: str, words: list[Word]) -> str:
    """What stands last on the page, when it is a whole heading, caption or head of a table; all its lines, in whatever order the
    cells of a head come. A part of one is none: its words may stand in any row or sentence."""
    titles = {"".join(sorted(title)): title for title in _leading(html)}
    rows = {"".join(sorted(row)) for row in _rows(html)}
    found, left = "", sorted(words, key=lambda word: word.bottom)
    while left and len(found) < LONGEST_TITLE:
        lowest = left[-1].bottom
        line = [word for word in left if word.bottom > lowest - LINE]
        left = left[: len(left) - len(line)]
        found = "".join(sorted(found + _plain(unescape("".join(word.text for word in line)))))
        if found in titles and found not in rows:
            return titles[found]
    return ""


@cache
def _leading(html: str) -> tuple[str, ...]:
    """What must not stand last on a page."""
    found = re.findall(r"<(h[1-3]|caption|thead)\b[^>]*>(.*?)</\1>", html, re.S)
    return tuple(_bare(text) for _tag, text in found)


@cache
def _rows(html: str) -> frozenset[str]:
    """The rows of tables: that of a list of sources says what a heading and its citation say."""
    bodies = "".join(re.findall(r"<tbody\b[^>]*>(.*?)</tbody>", html, re.S))
    return frozenset(_bare(text) for text in re.findall(r"<tr\b[^>]*>(.*?)</tr>", bodies, re.S))


def structure_faults(content: bytes) -> list[str]:
    """Headings that leave out a level, header cells that say not what they head, a table without any."""
    root: Any = PdfReader(io.BytesIO(content)).root_object
    elements = list(_elements(root["/StructTreeRoot"]))
    levels = [int(role[2]) for role, _element in elements if re.fullmatch(r"/H[1-6]", role)]
    gaps = [after for before, after in zip([0, *levels], levels, strict=False) if after > before + 1]
    heads = [element for role, element in elements if role == "/TH"]
    unscoped = sum("/Scope" not in _attributes(head) for head in heads)
    tables = sum(role == "/Table" for role, _element in elements)
    wanted = {
        "one heading of the first level": levels.count(1) == 1,
        "no level left out": not gaps,
        "every header cell says what it heads": not unscoped,
        "every table has header cells": not tables or bool(heads),
    }
    return [claim for claim, holds in wanted.items() if not holds]


def _attributes(element: Any) -> set[str]:
    found = element.get("/A", {})
    found = found.get_object() if hasattr(found, "get_object") else found
    parts = found if isinstance(found, list) else [found]
    return {key for part in parts for key in part.get_object()}


def _elements(node: Any) -> Iterator[tuple[str, Any]]:
    """Role and element, in reading order."""
    children = node.get("/K", [])
    children = children.get_object() if hasattr(children, "get_object") else children
    for child in children if isinstance(children, list) else [children]:
        found = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(found, dict) and "/S" in found:
            yield str(found["/S"]), found
            yield from _elements(found)


def lost_words(html: str, content: bytes) -> list[str]:
    """Texts of the document's body that the PDF does not hold, however its lines are broken."""
    printed = _plain("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))
    parser = _Texts()
    parser.feed(html.partition("<body")[2].partition(">")[2])
    return [text[:60] for text in parser.found if _plain(text) not in printed]


def unheaded(html: str, content: bytes, rows: int) -> list[str]:
    """The heads of tables of at least so many rows that stand on one page alone, though the rows go on over the next."""
    pages = [_plain(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
    found = []
    for table in re.findall(r"<thead>(.*?)</table>", html, re.S):
        head, _end, body = table.partition("</thead>")
        if body.count("<tr>") >= rows and sum(_bare(head) in page for page in pages) < 2:
            found.append(_bare(head))
    return found


def _bare(html: str) -> str:
    return _plain(unescape(re.sub(r"<[^>]+>", "", html)))


def _plain(text: str) -> str:
    """Without blanks and without anything that a line's end may bring."""
    return re.sub(r"[\s\-\u00ad\u2010\u2011]", "", text)


class _Texts(HTMLParser):
    """The texts that are printed; what a drawing is called is for those who cannot see it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._drawings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._drawings += tag == "svg"

    def handle_endtag(self, tag: str) -> None:
        self._drawings -= tag == "svg"

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._drawings and self.get_starttag_text() is not None:
            self.found.append(data)
