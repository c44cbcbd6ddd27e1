"""Binds finished PDFs into one: pages, bookmarks and tags, so that an archival and accessible file stays one (PDF/A-3a, PDF/UA-1).

Works on what `infra.pdf` makes. Attachments inside the parts are left behind: whoever binds keeps the originals beside.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, NumberObject

BOOKMARKED = "/UseOutlines"
LINK = "https://part.invalid/"
"""Before the number of a part: an address that leads nowhere until the parts are bound."""


class NotBound(Exception):
    """A part is no PDF that can be read."""


@dataclass(frozen=True, slots=True)
class Part:
    """One PDF, and its bookmark in the whole."""

    title: str
    content: bytes


def link_to(part: int) -> str:
    """The address in the cover that leads to that part, counted from 0."""
    return f"{LINK}{part}"


def pages_of(content: bytes) -> int:
    """How many pages it has. Raises NotBound."""
    try:
        return len(PdfReader(io.BytesIO(content)).pages)
    except (PyPdfError, ValueError, KeyError) as error:
        raise NotBound(type(error).__name__) from error


def bound(cover: Part, parts: Sequence[Part]) -> bytes:
    """The cover with all parts after it. Metadata, output intent and language are the cover's; every part keeps its structure,
    and no attachment comes along: the cover is to have none.

    The same parts give the same bytes. Raises NotBound.
    """
    try:
        return _written(cover, parts)
    except (PyPdfError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise NotBound(type(error).__name__) from error


def _written(cover: Part, parts: Sequence[Part]) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(cover.content))
    root = writer.root_object
    root.pop("/Outlines", None)
    tree = Tree(root)
    writer.add_outline_item(title=cover.title, page_number=0)
    starts: list[int] = []
    for part in parts:
        reader: Any = PdfReader(io.BytesIO(part.content))
        first = len(writer.pages)
        starts.append(first)
        for page in reader.pages:
            writer.add_page(page)
        writer.add_outline_item(title=part.title, page_number=first)
        tree.take(writer, reader, first)
    tree.close(writer)
    _lead(writer, len(PdfReader(io.BytesIO(cover.content)).pages), starts)
    root[NameObject("/PageMode")] = NameObject(BOOKMARKED)
    return _closed(writer, [cover, *parts])


def _lead(writer: PdfWriter, covers: int, starts: Sequence[int]) -> None:
    """Links of the cover to parts (`link_to`) lead to the first page of each. They stay links of the structure as they were."""
    for page in writer.pages[:covers]:
        for annotation in page.get("/Annots", ()):
            link: Any = annotation.get_object()
            address = str(link.get("/A", {}).get("/URI", ""))
            if not address.startswith(LINK):
                continue
            target = writer.pages[starts[int(address.removeprefix(LINK))]].indirect_reference
            del link["/A"]
            link[NameObject("/Dest")] = ArrayObject((target, NameObject("/Fit")))


def _closed(writer: PdfWriter, parts: Sequence[Part]) -> bytes:
    """The bytes with a file identifier that follows from what was bound: one by chance would make each binding another file."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part.content).digest())
    identifier = ByteStringObject(digest.digest()[:16])
    writer._ID = ArrayObject((identifier, identifier))
    writer.pdf_header = "%PDF-1.7"
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


class Tree:
    """The structure tree of the whole, to which the trees of the parts are added under new numbers."""

    def __init__(self, root: Any) -> None:
        self._root: Any = root["/StructTreeRoot"].get_object()
        self._kids = _list(self._root.get("/K"))
        self._numbers = _numbers(self._root)
        self._next = max(self._numbers, default=-1) + 1

    def take(self, writer: PdfWriter, reader: Any, first: int) -> None:
        """The tree of a part whose pages stand in the whole from number `first`."""
        theirs: Any = reader.root_object["/StructTreeRoot"]
        theirs = theirs.get_object()
        moved = self._next
        numbers = _numbers(theirs)
        for number, kids in numbers.items():
            self._numbers[number + moved] = _cloned(kids, writer)
        self._next = moved + max(numbers, default=-1) + 1
        for kid in _list(theirs.get("/K")):
            mine: Any = _cloned(kid, writer)
            mine.get_object()[NameObject("/P")] = self._root.indirect_reference
            self._kids.append(mine)
        for page, origin in zip(writer.pages[first:], reader.pages, strict=True):
            if "/StructParents" in origin:  # the library leaves it out of the pages that it adds
                page[NameObject("/StructParents")] = NumberObject(int(origin["/StructParents"]) + moved)
            for annotation in page.get("/Annots", ()):
                found: Any = annotation.get_object()
                if "/StructParent" in found:
                    found[NameObject("/StructParent")] = NumberObject(int(found["/StructParent"]) + moved)

    def close(self, writer: PdfWriter) -> None:
        """Write the numbers down."""
        found = ArrayObject()
        for number in sorted(self._numbers):
            found.extend((NumberObject(number), self._numbers[number]))
        tree = DictionaryObject({NameObject("/Nums"): found})
        self._root[NameObject("/ParentTree")] = writer._add_object(tree)
        self._root[NameObject("/ParentTreeNextKey")] = NumberObject(self._next)
        self._root[NameObject("/K")] = ArrayObject(self._kids)


def _cloned(item: Any, writer: PdfWriter) -> Any:
    """As a reference of the writer's; what has been cloned with its page is not cloned again."""
    found = item.clone(writer)
    return getattr(found, "indirect_reference", None) or found


def _list(kids: Any) -> list[Any]:
    if kids is None:
        return []
    if isinstance(kids, ArrayObject):
        return list(kids)
    found = kids.get_object()
    return list(found) if isinstance(found, ArrayObject) else [kids]


def _numbers(root: Any) -> dict[int, Any]:
    """The parent tree: number -> its elements, in trees with and without intermediate nodes."""
    found: dict[int, Any] = {}
    waiting: list[Any] = [root["/ParentTree"].get_object()] if "/ParentTree" in root else []
    while waiting:
        node = waiting.pop()
        pairs: Any = node.get("/Nums", ArrayObject()).get_object()
        found |= {int(pairs[place]): pairs[place + 1] for place in range(0, len(pairs) - 1, 2)}
        waiting += [kid.get_object() for kid in node.get("/Kids", ArrayObject()).get_object()]
    return found
