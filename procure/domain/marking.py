"""The few marks that a long text may have: lists, sub-headings, strong and emphasised words, links. All else stays as typed.

A subset of Markdown, narrowed so that what was typed without a thought of it keeps its meaning: a mark opens and closes on one line,
numbers make a list only where they count 1, 2, 3, a line that is not indented ends a list, and nothing is eaten but the marks. Read in
one pass over the lines and one over each line's marks, so that no text takes longer than its length.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

BULLET: Final = "-"
INDENT: Final = 2
"""Columns by which a line stands inside an item."""
TAB: Final = 4


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one line that look alike. `href`: where they lead, http, https or mailto; "" for nowhere."""

    text: str
    strong: bool = False
    emphasis: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """One line as it was typed."""

    runs: tuple[Run, ...]
    kind: str = "words"


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading inside a text: its level is the next one below what stands above the text."""

    runs: tuple[Run, ...]
    kind: str = "subheading"


@dataclass(frozen=True, slots=True)
class Item:
    """Its lines, and the lists inside it; the first is a line."""

    blocks: tuple["Words | Listing", ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. `mark`: BULLET, or what stands after the number, "." or ")"; numbers begin at 1. Its items hold lists, and those none."""

    mark: str
    items: tuple[Item, ...]
    kind: str = "listing"


Marked = Words | Subheading | Listing

_LINE: Final = re.compile(r"([ \t]*)(?:(?:(-)|([1-9]\d{0,2})([.)]))[ \t]+)?(.*)", re.DOTALL)
_SUBHEADING: Final = "### "
_CHARACTER: Final = r"[^\s()<>\[\]\"'`|\\^{}\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_MARKS: Final = re.compile(
    r"\*+|(?<!!)\[(?P<label>[^\[\]]{1,300})\]\((?P<to>"
    rf"https?://(?![^\s/]{{0,300}}@)(?>(?:{_CHARACTER}|\({_CHARACTER}*\)){{1,2000}})|mailto:[\w.+-]{{1,64}}@[\w.-]{{1,255}})\)"
)
_BOTH: Final = 3
"""Stars that mark strong and emphasised words at once; a longer row is a line or a secret that somebody typed."""
_OPENERS: Final = frozenset("([\"'\u201c\u201d\u00bb\u00a7")
_CLOSERS: Final = frozenset(")]\"'\u201d\u00bb.,;:!?%\u20ac\u00a7")


def marked(text: str) -> tuple[Marked, ...]:
    """The lines of the text with their marks; empty when it has none."""
    found = tuple(_blocks(text.splitlines()))
    return () if all(isinstance(block, Words) and _plain(block.runs) for block in found) else found


def unmarked(text: str) -> str:
    """The same words on one line without the marks, for where there is no room for their looks."""
    return " ".join(_said(_blocks(text.splitlines())))


def _said(blocks: Iterable[Marked]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Listing):
            for item in block.items:
                yield from _said(item.blocks)
        else:
            yield "".join(run.text for run in block.runs)


def _plain(runs: tuple[Run, ...]) -> bool:
    return len(runs) == 1 and not (runs[0].strong or runs[0].emphasis or runs[0].href)


@dataclass(slots=True)
class _List:
    """A list that is being read. `first`: its first line as it was typed."""

    mark: str
    indent: int
    first: str
    items: list[list["Words | Listing"]]

    def follows(self, mark: str, number: str) -> bool:
        return mark == self.mark and (mark == BULLET or number == str(len(self.items) + 1))

    def closed(self) -> "Iterator[Words | Listing]":
        """A single number is no list: it may be a day of a month or a section of law."""
        if self.mark != BULLET and len(self.items) == 1:
            yield Words(_runs(self.first))
            yield from self.items[0][1:]
        else:
            yield Listing(self.mark, tuple(Item(tuple(blocks)) for blocks in self.items))


class _Reader:
    """The lines of one text, with the lists that stand open: none, one, or one inside another."""

    def __init__(self) -> None:
        self.found: list[Marked] = []
        self.open: list[_List] = []

    def take(self, line: str) -> None:
        shape = _LINE.match(line)
        assert shape is not None
        blank, bullet, number, mark, words = shape.groups()
        indent = len(blank.expandtabs(TAB)) if "\t" in blank else len(blank)
        mark = (bullet or mark) if words else None
        depth = sum(indent >= listed.indent + INDENT for listed in self.open)
        if mark and depth < len(self.open) and self.open[depth].follows(mark, number):
            self.close(depth + 1)
            self.open[depth].items.append([Words(_runs(words))])
            return
        self.close(depth)
        typed = line.strip()
        if mark and depth < 2 and (bullet or number == "1"):
            self.open.append(_List(mark, indent, typed, [[Words(_runs(words))]]))
        elif not depth and typed.startswith(_SUBHEADING):
            self.found.append(Subheading(_runs(typed[len(_SUBHEADING) :].strip())))
        else:
            self.add(Words(_runs(typed)))

    def add(self, block: "Words | Listing") -> None:
        if self.open:
            self.open[-1].items[-1].append(block)
        else:
            self.found.append(block)

    def close(self, depth: int) -> None:
        """Until only so many lists stand open."""
        while len(self.open) > depth:
            for block in self.open.pop().closed():
                self.add(block)


def _blocks(lines: Iterable[str]) -> list[Marked]:
    reader = _Reader()
    for line in lines:
        if line and not line.isspace():
            reader.take(line.rstrip())
    reader.close(0)
    return reader.found


@dataclass(slots=True)
class _Piece:
    """Words, or stars: how many they are, and what they may do and do."""

    text: str
    href: str = ""
    opens: bool = False
    closes: bool = False
    strong: int = 0
    emphasis: int = 0

    def turns(self, way: int, stars: int) -> None:
        """Begin (1) or end (-1) what so many stars mark."""
        self.text = ""
        self.strong += way * (stars >= 2)
        self.emphasis += way * (stars != 2)


def _runs(line: str) -> tuple[Run, ...]:
    if "*" not in line and "[" not in line:
        return (Run(line),)
    pieces = list(_pieces(line))
    if not _pair(pieces) and not any(piece.href for piece in pieces):
        return (Run(line),)
    looks: list[tuple[bool, bool, str]] = []
    texts: list[list[str]] = []
    strong = emphasis = 0
    for piece in pieces:
        strong += piece.strong
        emphasis += piece.emphasis
        look = (strong > 0, emphasis > 0, piece.href)
        if not piece.text:
            continue
        if not looks or looks[-1] != look:
            looks.append(look)
            texts.append([])
        texts[-1].append(piece.text)
    return tuple(Run("".join(words), *look) for words, look in zip(texts, looks, strict=True))


def _pieces(line: str) -> Iterator[_Piece]:
    """A link says its address after its words, so that it can be read on paper."""
    end = 0
    for found in _MARKS.finditer(line):
        if found.start() > end:
            yield _Piece(line[end : found.start()])
        end = found.end()
        href, label = found["to"], (found["label"] or "").strip()
        if href and label:
            yield _Piece(label, href)
            address = href.removeprefix("mailto:")
            if label not in (address, href):
                yield _Piece(f" ({address})")
        elif href:
            yield _Piece(found[0])
        else:
            yield _stars(found[0], line[found.start() - 1 : found.start()] or " ", line[end : end + 1] or " ")
    if end < len(line):
        yield _Piece(line[end:])


def _stars(stars: str, before: str, after: str) -> _Piece:
    """One star marks whole words alone: 5*3*2 is a product, (*) a sign. Two may end inside a word, as endings are added to names."""
    if len(stars) > _BOTH:
        return _Piece(stars)
    if len(stars) > 1:
        return _Piece(stars, opens=not after.isspace() and after not in _CLOSERS - _OPENERS, closes=not before.isspace())
    opens = (after.isalnum() or after in _OPENERS) and not before.isalnum()
    return _Piece(stars, opens=opens, closes=(before.isalnum() or before in _CLOSERS) and not after.isalnum())


def _pair(pieces: list[_Piece]) -> int:
    """Each closing mark with the last one open of its size; what stands open between them, or at the end, is as typed. How many."""
    waiting: list[_Piece] = []
    closed = 0
    sizes = [0] * (_BOTH + 1)
    for piece in pieces:
        size = len(piece.text)
        if piece.closes and sizes[size]:
            while True:
                opener = waiting.pop()
                sizes[len(opener.text)] -= 1
                if len(opener.text) == size:
                    break
            opener.turns(1, size)
            piece.turns(-1, size)
            closed += 1
        elif piece.closes and size == _BOTH and len(waiting) > 1 and len(waiting[-1].text) + len(waiting[-2].text) == size:
            for opener in (waiting.pop(), waiting.pop()):
                sizes[len(opener.text)] -= 1
                opener.turns(1, len(opener.text))
            piece.turns(-1, size)
            closed += 1
        elif piece.opens:
            waiting.append(piece)
            sizes[size] += 1
    return closed
