"""A case's dossier as a ZIP: what its manifest says of the files, and whether a dossier is still what it was.

Checking needs nothing but the file: every hash is made again, nothing may be missing or added, the history's chain is followed to its
end, and what was issued must be what the history tells. Nothing is unpacked to the disk.
"""

import hashlib
import io
import json
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, BinaryIO, Final

from procure.domain import exported
from procure.domain.documents import ISSUED
from procure.domain.procedures import Procedure

FORMAT: Final = "procure-dossier/1"
MADE: Final = "dossier_made"
"""The event of a dossier that has been made."""
MOST_TRIES: Final = 3
LEASE: Final = timedelta(minutes=10)
"""How long a dossier belongs to the process that makes it; prolonged with each step."""

MANIFEST: Final = "manifest.json"
README: Final = "README.txt"
CASE_FILE: Final = "case.json"
HISTORY: Final = "history.jsonl"
HISTORY_TABLE: Final = "history.csv"
HISTORY_PDF: Final = "history.pdf"
RESULTS: Final = "results.json"
TOLD: Final = "communications.json"
NOTES: Final = "notes.txt"
DOCUMENT, OPINION, ATTACHMENT, THREAD = "document", "opinion", "attachment", "thread"
"""Kinds of files; the others are named by what they are: `case_file`, `history`, `history_table`, `history_pdf`, `results`,
`communications`, `notes`, `thread_file`, `readme`."""
EARLIER: Final = "earlier_version"
"""Why a version is left out of a dossier of the latest ones."""

PIECE: Final = 256 * 1024
MOST_FILES: Final = 20_000
LARGEST_MANIFEST: Final = 32 * 1024 * 1024
LARGEST_HISTORY: Final = 1024 * 1024 * 1024


def shown(reference: str, number: int) -> str:
    """`TRE-2026-0042-dossier-1`: how a dossier is spoken of, and the beginning of its files' names."""
    return f"{reference}-dossier-{number}"


class DossierFault(ValueError):
    """What does not hold about a dossier, one line each."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person who asks for a dossier has chosen. `latest`: of documents, opinions and attachments the last version only;
    `threads`: numbers of the requests to experts whose messages belong to the file; `notes`: numbers of notes of the team."""

    latest: bool = False
    threads: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()

    def row(self) -> dict[str, Any]:
        """As it is kept and as the manifest tells it."""
        return {"versions": "latest" if self.latest else "all", "threads": list(self.threads), "notes": list(self.notes)}


def chosen(row: Mapping[str, Any]) -> Choice:
    """The way back; everything of which nothing is said is not chosen."""
    return Choice(row.get("versions") == "latest", tuple(row.get("threads", ())), tuple(row.get("notes", ())))


_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_UNFIT: Final = frozenset('<>:"/\\|?*')
LONGEST_FILE_NAME: Final = 120


def safe_name(name: str) -> str:
    """A file's name that every system can unpack, whatever it was called: no folders, no signs that do not show, no reserved names,
    with its ending and at most 120 characters."""
    kept = "".join(
        "_" if sign in _UNFIT else sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign)[0] != "C"
    )
    stem, dot, ending = kept.strip(". ").rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = kept.strip(". "), ""
    stem = stem.strip(". ")[: LONGEST_FILE_NAME - len(ending) - 1].strip(". ") or "file"
    stem = f"_{stem}" if _RESERVED.match(stem) else stem
    return f"{stem}.{ending}" if ending else stem


def is_unsafe(path: str) -> bool:
    """Whether whoever unpacks the path could write outside the folder, or meet a name that some system does not take."""
    parts = path.split("/")
    return any(
        part in ("", ".", "..") or part != part.strip(" ") or part.endswith(".") or _RESERVED.match(part) for part in parts
    ) or any(sign in _UNFIT - {"/"} or unicodedata.category(sign)[0] == "C" for sign in path)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a dossier. `number` and `on` (ISO date) are those of the document, opinion or attachment; "" where it has none."""

    path: str
    kind: str
    number: str = ""
    version: int = 0
    on: str = ""
    title: str = ""
    file_name: str = ""
    """What it was called where its path could not say so."""

    def row(self, sha256: str, size: int) -> dict[str, Any]:
        """As the manifest tells it."""
        found: dict[str, Any] = {"path": self.path, "kind": self.kind, "size": size, "sha256": sha256}
        if self.number:
            found |= {"number": self.number, "version": self.version, "date": self.on, "title": self.title}
        if self.file_name:
            found["file_name"] = self.file_name
        return found


@dataclass(frozen=True, slots=True)
class Standing:
    """Of which case a dossier is, and where its log stood. `left_out`: number or path -> why it is not in it."""

    reference: str
    number: int
    language: str
    made_at: str
    events: int
    last_hash: str
    tender_material: bool
    left_out: Mapping[str, str] = field(default_factory=dict)
    choice: Mapping[str, Any] = field(default_factory=dict)
    """Choice.row(), and of how many threads and notes was chosen."""


def manifest(standing: Standing, files: Iterable[Mapping[str, Any]]) -> bytes:
    """The text of manifest.json. `files`: rows of Entry, in the order of the archive."""
    found = {
        "format": FORMAT, "case": standing.reference, "dossier": standing.number, "language": standing.language,
        "made_at": standing.made_at, "events": standing.events, "last_hash": standing.last_hash,
        "tender_material": standing.tender_material, "left_out": dict(standing.left_out), "choice": dict(standing.choice),
        "files": list(files),
    }  # fmt: skip
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Checked:
    """A dossier that holds."""

    reference: str
    number: int
    files: int
    events: int


def check(stream: BinaryIO, procedure_of: Callable[[str, str], Procedure]) -> Checked:
    """Everything that can be known from the file alone. `procedure_of`: a procedure by id and edition.

    Raises DossierFault, which names each difference as far as it can be looked for: what cannot be read at all ends the search.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            return _checked(archive, procedure_of)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, struct.error) as error:
        raise DossierFault(f"the file is no ZIP that can be read: {error}") from error


def _checked(archive: zipfile.ZipFile, procedure_of: Callable[[str, str], Procedure]) -> Checked:
    said, rows, faults = _said(archive), {}, []
    for row in said["files"]:
        if row["path"] in rows:
            faults.append(f"{MANIFEST} names {row['path']} twice")
        rows[row["path"]] = row
    faults += _names(archive, rows)
    names, events = set(archive.namelist()), 0
    for path, row in rows.items():
        if path in names and (fault := _file(archive, path, row)):
            faults.append(fault)
    if not {HISTORY, CASE_FILE} <= rows.keys():
        faults.append(f"{MANIFEST} has no {HISTORY} or no {CASE_FILE}")
    if HISTORY in names:
        try:
            events = _check_history(archive, said, procedure_of)
            faults += _issued(archive, said)
        except DossierFault as fault:
            faults.append(str(fault))
    if faults:
        raise DossierFault("\n".join(dict.fromkeys(faults)))
    return Checked(said["case"], said["dossier"], len(rows), events)


def _said(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest. Raises DossierFault."""
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError as error:
        raise DossierFault(f"{MANIFEST} is missing") from error
    if info.file_size > LARGEST_MANIFEST:
        raise DossierFault(f"{MANIFEST} is too large")
    try:
        found = json.loads(archive.read(info))
    except (ValueError, RecursionError) as error:
        raise DossierFault(f"{MANIFEST} is not JSON") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise DossierFault(f'{MANIFEST} is not in the format "{FORMAT}"')
    wanted = {"case": str, "dossier": int, "events": int, "last_hash": str, "left_out": dict, "files": list}
    for name, kind in wanted.items():
        if not isinstance(found.get(name), kind):
            raise DossierFault(f"{MANIFEST} has no {name}")
    for row in found["files"]:
        if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in ("path", "kind", "sha256")):
            raise DossierFault(f"{MANIFEST} has a file without path, kind or sha256")
        if not isinstance(row.get("size"), int):
            raise DossierFault(f"{MANIFEST} has a file without its size: {row['path']}")
    return found


def _names(archive: zipfile.ZipFile, rows: Mapping[str, Any]) -> Iterator[str]:
    names = archive.namelist()
    if len(names) > MOST_FILES:
        raise DossierFault(f"the archive has more than {MOST_FILES} files")
    seen: set[str] = set()
    alike: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{name} is in the archive twice"
        elif name.casefold() in alike:
            yield f"{name} is in the archive twice, but for capital letters"
        if is_unsafe(name):
            yield f"{name!r} is no name that can be unpacked safely"
        if name != MANIFEST and name not in rows:
            yield f"{name} has been added: {MANIFEST} does not name it"
        seen.add(name)
        alike.add(name.casefold())
    for name in rows:
        if name not in seen:
            yield f"{name} is missing"


def _file(archive: zipfile.ZipFile, path: str, row: Mapping[str, Any]) -> str:
    """What is wrong with one file, "" when nothing is. Read to its stated end and no further, so that no small archive can fill the
    memory."""
    if archive.getinfo(path).file_size != row["size"]:
        return f"{path} has another size than {MANIFEST} says"
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(path) as stream:
            while piece := stream.read(PIECE):
                digest.update(piece)
                size += len(piece)
                if size > row["size"]:
                    break
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return f"{path} is damaged"
    if size != row["size"] or digest.hexdigest() != row["sha256"]:
        return f"{path} has been changed: its SHA-256 is not the one in {MANIFEST}"
    return ""


def _check_history(archive: zipfile.ZipFile, said: Mapping[str, Any], procedure_of: Callable[[str, str], Procedure]) -> int:
    """The chain, and that it ends where the manifest says. How many events there are."""
    if archive.getinfo(HISTORY).file_size > LARGEST_HISTORY:
        raise DossierFault(f"{HISTORY} is too large")
    try:
        with archive.open(HISTORY) as stream:
            found = exported.read(io.TextIOWrapper(stream, encoding="utf-8"), procedure_of)
    except (exported.NotAnExport, UnicodeDecodeError) as error:
        raise DossierFault(f"{HISTORY}: {error}") from error
    if found.broken is not None:
        raise DossierFault(f"{HISTORY} does not hold from entry {found.broken.sequence} on ({found.broken.what})")
    if found.reference != said["case"]:
        raise DossierFault(f"{HISTORY} is of another case: {found.reference}")
    last = found.hashes[-1] if found.hashes else ""
    if (len(found.hashes), last) != (said["events"], said["last_hash"]):
        raise DossierFault(f"{HISTORY} does not end with the event that {MANIFEST} names")
    return len(found.hashes)


def _issued(archive: zipfile.ZipFile, said: Mapping[str, Any]) -> Iterator[str]:
    """Every document that the history tells of is in it with its bytes or named as left out, and no other is."""
    told: dict[int, str] = {}
    with archive.open(HISTORY) as stream:
        for line in io.TextIOWrapper(stream, encoding="utf-8"):
            event = json.loads(line)
            if event.get("kind") == ISSUED:
                try:
                    told[int(event["payload"]["number"])] = str(event["payload"]["sha256"])
                except (KeyError, TypeError, ValueError) as error:
                    raise DossierFault(f"{HISTORY}: entry {event.get('sequence')} does not name its document") from error
    kept: dict[str, str] = {str(row.get("number")): row["sha256"] for row in said["files"] if row["kind"] == DOCUMENT}
    left_out = said["left_out"]
    for number, sha256 in told.items():
        shown = f"{said['case']}/D{number}"
        if kept.pop(shown, sha256 if shown in left_out else "") != sha256:
            yield f"document {shown} is not the one that the history tells of"
    for shown in kept:
        yield f"document {shown} was never issued: the history does not tell of it"
