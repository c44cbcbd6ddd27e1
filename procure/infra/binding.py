"""Binds finished PDFs into one: pages, bookmarks and tags, so that an archival and accessible file stays one (PDF/A-3a, PDF/UA-1).

Works on what `infra.pdf` makes. Each part is read, numbered anew and written before the next is read: what is bound may be of any length
and takes the memory of its longest part. Attachments inside the parts, and their seals, are left behind: whoever binds keeps the originals
beside.
"""

import hashlib
import io
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

BOOKMARKED: Final = "/UseOutlines"
LINK: Final = "https://part.invalid/"
"""Before the number of a part: an address that leads nowhere until the parts are bound."""
NOT_TAKEN: Final = ("/Pages", "/Outlines", "/StructTreeRoot", "/Names", "/AF", "/Dests", "/PageLabels")
"""What the whole has of its own in place of the cover's."""
FAULTS: Final = (PyPdfError, ValueError, KeyError, AttributeError, TypeError, IndexError)


class NotBound(Exception):
    """A part is no PDF that can be read."""


@dataclass(frozen=True, slots=True)
class Part:
    """One PDF, and its bookmark in the whole. `content` may be what brings it: it is asked when its turn comes, and let go after it."""

    title: str
    content: bytes | Callable[[], bytes]

    def read(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content()


def link_to(part: int) -> str:
    """The address in the cover that leads to that part, counted from 0."""
    return f"{LINK}{part}"


def pages_of(content: bytes) -> int:
    """How many pages it has. Raises NotBound."""
    return pages_in(io.BytesIO(content))


def pages_in(stream: BinaryIO) -> int:
    """The same of a file. Raises NotBound."""
    try:
        return len(PdfReader(stream).pages)
    except FAULTS as error:
        raise NotBound(type(error).__name__) from error


def bound(cover: Part, parts: Sequence[Part]) -> bytes:
    """As `bind`, in memory."""
    stream = io.BytesIO()
    bind(cover, parts, stream)
    return stream.getvalue()


def bind(cover: Part, parts: Sequence[Part], target: BinaryIO) -> int:
    """Write the cover with all parts after it; how many pages they are. Metadata, output intent and language are the cover's; every part
    keeps its structure, and no attachment comes along.

    The same parts give the same bytes. Raises NotBound, and what a part's `content` raises.
    """
    binder = _Binder(target)
    for part in (cover, *parts):
        content = part.read()
        try:
            binder.take(part.title, content)
        except FAULTS as error:
            raise NotBound(type(error).__name__) from error
    return binder.close()


class _Binder:
    """Writes object after object, and keeps of each only where it stands."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._offsets: list[int] = [0]
        self._digest = hashlib.sha256()
        self._marks: list[tuple[str, IndirectObject]] = []
        self._pages: list[IndirectObject] = []
        self._kids: list[PdfObject] = []
        self._nums: list[PdfObject] = []
        self._next = 0
        self._catalog: dict[str, Any] = {}
        self._root: dict[str, Any] = {}
        self._info: PdfObject | None = None
        self._links: list[tuple[IndirectObject, DictionaryObject]] = []
        target.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self.catalog, self.tree, self.structure = self.new(), self.new(), self.new()

    def new(self) -> IndirectObject:
        """The number of an object that will be written."""
        self._offsets.append(0)
        return IndirectObject(len(self._offsets) - 1, 0, None)

    def write(self, place: IndirectObject, written: PdfObject) -> None:
        self._offsets[place.idnum] = self._target.tell()
        self._target.write(f"{place.idnum} 0 obj\n".encode())
        written.write_to_stream(self._target)
        self._target.write(b"\nendobj\n")

    def take(self, title: str, content: bytes) -> None:
        """The next part; the first is the cover."""
        self._digest.update(hashlib.sha256(content).digest())
        part = _Part(self, PdfReader(io.BytesIO(content)), self._next)
        first = len(self._pages)
        self._pages += part.pages
        self._marks.append((title, self._pages[first]))
        if not self._catalog:
            self._catalog = {key: part.moved(value) for key, value in part.root.items() if key not in NOT_TAKEN}
            self._root = {
                key: part.moved(value)
                for key, value in part.theirs.items()
                if key not in ("/K", "/ParentTree", "/ParentTreeNextKey")
            }
            self._info = part.moved(part.info)
            self._links = part.take_links()
        for number, kids in part.numbers:
            self._nums += (NumberObject(number + self._next), part.moved(kids))
            part.highest = max(part.highest, number)
        self._kids += [part.moved(kid) for kid in part.kids]
        part.write()
        self._next += part.highest + 1

    def close(self) -> int:
        """What holds the parts together, and the end of the file."""
        for place, link in self._links:
            self._lead(link)
            self.write(place, link)
        nums = self.new()
        self.write(nums, DictionaryObject({NameObject("/Nums"): ArrayObject(self._nums)}))
        self._root |= {"/K": ArrayObject(self._kids), "/ParentTree": nums, "/ParentTreeNextKey": NumberObject(self._next)}
        self.write(self.structure, _dictionary(self._root))
        tree = {"/Type": NameObject("/Pages"), "/Kids": ArrayObject(self._pages), "/Count": NumberObject(len(self._pages))}
        self.write(self.tree, _dictionary(tree))
        self._catalog |= {
            "/Pages": self.tree, "/StructTreeRoot": self.structure, "/Outlines": self._outlines(), "/PageMode": NameObject(BOOKMARKED),
        }  # fmt: skip
        self.write(self.catalog, _dictionary(self._catalog))
        self._end()
        return len(self._pages)

    def _lead(self, link: DictionaryObject) -> None:
        """A link of the cover to a part leads to its first page. It stays a link of the structure as it was."""
        address = str(_raw(link, "/A")["/URI"])
        _title, page = self._marks[int(address.removeprefix(LINK)) + 1]
        del link["/A"]
        link[NameObject("/Dest")] = ArrayObject((page, NameObject("/Fit")))

    def _outlines(self) -> IndirectObject:
        root, marks = self.new(), [self.new() for _mark in self._marks]
        for place, (title, page) in enumerate(self._marks):
            mark: dict[str, Any] = {
                "/Title": TextStringObject(title), "/Parent": root, "/Dest": ArrayObject((page, NameObject("/Fit"))),
            }  # fmt: skip
            mark |= {"/Prev": marks[place - 1]} if place else {}
            mark |= {"/Next": marks[place + 1]} if place + 1 < len(marks) else {}
            self.write(marks[place], _dictionary(mark))
        ends = {"/Type": NameObject("/Outlines"), "/First": marks[0], "/Last": marks[-1], "/Count": NumberObject(len(marks))}
        self.write(root, _dictionary(ends))
        return root

    def _end(self) -> None:
        """The table of places, and a file identifier that follows from what was bound: one by chance would make each binding another."""
        start = self._target.tell()
        self._target.write(f"xref\n0 {len(self._offsets)}\n0000000000 65535 f \n".encode())
        for offset in self._offsets[1:]:
            self._target.write(f"{offset:010} 00000 n \n".encode())
        identifier = ByteStringObject(self._digest.digest()[:16])
        trailer: dict[str, Any] = {
            "/Size": NumberObject(len(self._offsets)), "/Root": self.catalog, "/ID": ArrayObject((identifier, identifier)),
        }  # fmt: skip
        if self._info is not None:
            trailer["/Info"] = self._info
        self._target.write(b"trailer\n")
        _dictionary(trailer).write_to_stream(self._target)
        self._target.write(f"\nstartxref\n{start}\n%%EOF\n".encode())


class _Part:
    """One PDF on its way into the whole: every object that its pages and its structure need, under new numbers."""

    def __init__(self, binder: _Binder, reader: Any, moved: int) -> None:
        self._binder, self._reader, self._moved = binder, reader, moved
        self._places: dict[int, IndirectObject] = {}
        self._waiting: deque[int] = deque()
        self._held: set[int] = set()
        self.highest = -1
        self.root: DictionaryObject = reader.root_object
        self.info: PdfObject | None = dict.get(reader.trailer, "/Info")
        self.theirs: Any = _raw(self.root, "/StructTreeRoot")
        self._places[dict.__getitem__(self.root, "/StructTreeRoot").idnum] = binder.structure
        self._sheets = {page.indirect_reference.idnum: page for page in reader.pages}
        for page in self._sheets.values():
            self._fit(page)
        self.pages = [self._place(number) for number in self._sheets]

    @property
    def kids(self) -> list[PdfObject]:
        kids: Any = dict.get(self.theirs, "/K")
        found = kids.get_object() if kids is not None else ArrayObject()
        return list(list.__iter__(found)) if isinstance(found, ArrayObject) else [kids]

    @property
    def numbers(self) -> list[tuple[int, PdfObject]]:
        """The parent tree: number and its elements, in trees with and without intermediate nodes."""
        found: list[tuple[int, PdfObject]] = []
        waiting: list[Any] = [_raw(self.theirs, "/ParentTree")] if "/ParentTree" in self.theirs else []
        while waiting:
            node = waiting.pop()
            pairs = list(list.__iter__(_raw(node, "/Nums"))) if "/Nums" in node else []
            found += [(int(pairs[place].get_object()), pairs[place + 1]) for place in range(0, len(pairs) - 1, 2)]
            waiting += [kid.get_object() for kid in _raw(node, "/Kids")] if "/Kids" in node else []
        return sorted(found, key=lambda pair: pair[0])

    def _fit(self, page: DictionaryObject) -> None:
        """The page and its links under the numbers of the whole's structure."""
        page[NameObject("/Parent")] = self._binder.tree
        for key in ("/AF", "/B"):
            page.pop(key, None)
        if "/StructParents" in page:
            self._shift(page, "/StructParents")
        _unseal(page)
        for annotation in _raw(page, "/Annots") if "/Annots" in page else ():
            link = annotation.get_object()
            if "/StructParent" in link:
                self._shift(link, "/StructParent")

    def _shift(self, entry: DictionaryObject, key: str) -> None:
        number = int(_raw(entry, key))
        self.highest = max(self.highest, number)
        entry[NameObject(key)] = NumberObject(number + self._moved)

    def take_links(self) -> list[tuple[IndirectObject, DictionaryObject]]:
        """The links to parts, which can be written only once every part has its place."""
        found = []
        for page in self._sheets.values():
            for annotation in list.__iter__(_raw(page, "/Annots")) if "/Annots" in page else ():
                link = annotation.get_object()
                if (
                    isinstance(annotation, IndirectObject)
                    and "/A" in link
                    and str(_raw(link, "/A").get("/URI", "")).startswith(LINK)
                ):
                    found.append((self._place(annotation.idnum), link))
                    self._held.add(annotation.idnum)
                    self.moved(link)
        return found

    def _place(self, number: int) -> IndirectObject:
        if number not in self._places:
            self._places[number] = self._binder.new()
            self._waiting.append(number)
        return self._places[number]

    def moved(self, value: Any) -> Any:
        """The value with every reference under its new number: changed where it stands, as the part is let go afterwards."""
        if isinstance(value, IndirectObject):
            return self._place(value.idnum) if value.pdf is not None else value
        if isinstance(value, ArrayObject):
            return ArrayObject(self.moved(item) for item in list.__iter__(value))
        if isinstance(value, DictionaryObject):
            for key in list(value):
                dict.__setitem__(value, key, self.moved(dict.__getitem__(value, key)))
        return value

    def write(self) -> None:
        """Everything that has been asked for, and what that needs in turn."""
        while self._waiting:
            number = self._waiting.popleft()
            if number in self._held:
                continue
            found = self._sheets.get(number) or self._reader.get_object(IndirectObject(number, 0, self._reader))
            self._binder.write(self._places[number], self.moved(found))


def _raw(entries: Any, key: str) -> Any:
    return dict.__getitem__(entries, key).get_object()


def _dictionary(entries: dict[str, Any]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})


def _unseal(page: DictionaryObject) -> None:
    """Take away the field of its seal: a seal tells of the file that it closes, and would be a broken one in another."""
    marks = list(list.__iter__(_raw(page, "/Annots"))) if "/Annots" in page else []
    kept = [mark for mark in marks if mark.get_object().get("/Subtype") != "/Widget"]
    if kept:
        page[NameObject("/Annots")] = ArrayObject(kept)
    else:
        page.pop("/Annots", None)
