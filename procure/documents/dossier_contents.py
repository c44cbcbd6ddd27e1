"""What goes into a dossier, gathered at one moment: from then on nothing is asked of the database until it is made."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from flask_babel import gettext as _

from procure.attachments.service import may_open
from procure.cases import history_export, history_pages, history_queries
from procure.cases.history_pages import HistoryLine
from procure.cases.models import Case
from procure.catalogue import documents as document_catalogue
from procure.catalogue import material as tender_material
from procure.declarations import queries as declarations
from procure.documents import dossier_chapters, dossier_queries, letterheads, queries, service
from procure.documents.dossier_chapters import Chapter
from procure.documents.dossier_models import Dossier
from procure.documents.parts import Letterhead, Text
from procure.documents.writer import Writer
from procure.domain import dossiers, opinions
from procure.domain.attachments import MEGABYTE
from procure.domain.documents import document_number
from procure.domain.dossiers import Choice, Entry, Standing
from procure.domain.letterheads import Sender
from procure.domain.permissions import Actor
from procure.domain.results import Results
from procure.infra.clock import FINLAND
from procure.letterheads import queries as letterhead_queries
from procure.questionnaires import casefiles
from procure.results import files as result_files
from procure.results import queries as result_queries
from procure.support import opinion_queries
from procure.support.opinion_queries import IssuedOpinion

LARGEST: Final = 2048 * MEGABYTE
"""Of all attachments together: earlier versions are left out first."""
REVIEW_WORDS: Final = "review_words"
"""What is written of those who ask for a review, as the list of what was left out names it."""
CLOSED, INFECTED, LARGE = "tender_material", "infected", "size"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file: its bytes are here, or in the storage under `key`, or made anew from an opinion of which no file was kept."""

    entry: Entry
    content: bytes = b""
    key: str = ""
    opinion: IssuedOpinion | None = None
    bound: bool = False
    """Whether it stands in the PDF of the whole as well."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that ZIP and PDF are made from."""

    standing: Standing
    title: Text
    city: str
    responsible: str
    made_by: str
    today: date
    pieces: tuple[Piece, ...]
    history: tuple[HistoryLine, ...]
    chapters: tuple[Chapter, ...] = ()
    letterhead: Letterhead | None = None
    """On its first page."""

    @property
    def bound(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.bound)

    @property
    def attachments(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.entry.kind == dossiers.ATTACHMENT)


@dataclass(slots=True)
class _Gathered:
    """What has been found so far, and what stays out and why."""

    opens: bool
    choice: Choice
    pieces: list[Piece] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    tender_material: bool = False
    size: int = 0

    def admits(self, number: str, sealed: bool) -> bool:
        """Whether this person may have it; noted either way."""
        if sealed and not self.opens:
            self.left_out[number] = CLOSED
            return False
        self.tender_material |= sealed
        return True

    def wants(self, name: str, newest: bool) -> bool:
        """Whether that version was chosen; noted when it was not."""
        if newest or not self.choice.latest:
            return True
        self.left_out[name] = dossiers.EARLIER
        return False

    def add(self, chapter: Chapter, content: bytes) -> None:
        self.chapters.append(chapter)
        self.pieces.append(Piece(chapter.entry, content))


def gather(case: Case, dossier: Dossier, by: Actor, today: date, now: datetime) -> Contents:
    """In the running language, which is the dossier's. The case is locked, so that all of it is of one moment."""
    found, language = _Gathered(declarations.opens(by, case), dossiers.chosen(dossier.choice)), dossier.language
    _documents(found, case, language)
    _opinions(found, case, language)
    _attachments(found, case)
    _chapters(found, case, language)
    events = list(history_queries.every_event(case))
    _page, corrections = history_queries.events(case, history_queries.Wanted(), 0)
    latest = history_pages.by_corrected(corrections)
    facts = service.gather(case)
    found.pieces += [
        Piece(Entry(dossiers.CASE_FILE, "case_file"), casefiles.written(case, facts.answers).encode()),
        Piece(Entry(dossiers.HISTORY, "history"), _text(history_export.json_lines(case, events, now))),
        Piece(
            Entry(dossiers.HISTORY_TABLE, "history_table"), _text(history_export.csv_lines(case, events, corrections, language))
        ),
    ]
    _results(found, case, facts.results)
    standing = Standing(
        case.reference, dossier.number, language, now.astimezone(FINLAND).isoformat(timespec="seconds"), case.last_sequence,
        case.last_hash, found.tender_material, found.left_out, _chosen(found.choice, case),
    )  # fmt: skip
    lines = tuple(history_pages.line_of(case, event, latest.get(event.sequence, ()), language) for event in events)
    readme = Piece(Entry(dossiers.README, "readme"), _readme(standing, case).encode())
    title, city = Writer(facts, language, today).answer("title"), case.organisation.names
    return Contents(
        standing, title, city[language], case.responsible.name, by.name, today, (readme, *found.pieces), lines,
        tuple(found.chapters), letterheads.of_sender(Sender(city, letterhead_queries.editions_of(case.organisation_id)), language, today),
    )  # fmt: skip


def _chosen(choice: Choice, case: Case) -> dict[str, Any]:
    """What was chosen, of how much."""
    counts = {"threads_in_case": len(dossier_queries.requests_in(case)), "notes_in_case": len(dossier_queries.notes_in(case))}
    return choice.row() | counts


def _documents(found: _Gathered, case: Case, language: str) -> None:
    closed, issued = tender_material.catalogue().shown_in, queries.issued_of(case)
    newest: dict[tuple[str, str], int] = {}
    for one in issued:
        newest[(one.kind, one.subject)] = max(one.version, newest.get((one.kind, one.subject), 0))
    for one in reversed(issued):
        number = document_number(case.reference, one.number)
        if not found.wants(number, one.version == newest[(one.kind, one.subject)]) or not found.admits(
            number, one.kind in closed
        ):
            continue
        name = document_catalogue.catalogue().get(one.kind).name[language]
        name = f"{name}: {one.about}" if one.about else name
        path = f"documents/D{one.number:03}-{one.file_name}"
        entry = Entry(path, dossiers.DOCUMENT, number, one.version, one.issued_on.isoformat(), name)
        found.pieces.append(Piece(entry, key=one.storage_key, bound=True))


def _opinions(found: _Gathered, case: Case, language: str) -> None:
    given = dossier_queries.opinions_in(case)
    newest = {request.id: version.version for request, version in given}  # in the order of their versions
    for request, version in given:
        shown = opinions.shown(version.year, version.number)
        if not found.wants(f"{shown} v{version.version}", version.version == newest[request.id]):
            continue
        issued = opinion_queries.as_issued(request, version)
        name = document_catalogue.catalogue().get(service.OPINION).name[language]
        day = version.issued_at.astimezone(FINLAND).date().isoformat()
        entry = Entry(f"opinions/{shown}-v{version.version}.pdf", dossiers.OPINION, shown, version.version, day, name)
        found.pieces.append(Piece(entry, key=version.sha256, opinion=None if version.sha256 else issued, bound=True))


def _attachments(found: _Gathered, case: Case) -> None:
    for row in dossier_queries.attachments_in(case):
        number = f"{case.reference}/A{row.number}"
        if not found.admits(number, row.tender_material):
            continue
        safe = dossiers.safe_name(row.file_name)
        path = f"attachments/A{row.number:03}/v{row.version}-{safe}"
        if not found.wants(path, row.version == row.last_version):
            continue
        if not may_open(row.scan):
            found.left_out[path] = INFECTED
        elif found.size + row.size > LARGEST:
            found.left_out[path] = LARGE
        else:
            found.size += row.size
            day = row.uploaded_at.astimezone(FINLAND).date().isoformat()
            called = row.file_name if row.file_name != safe else ""
            entry = Entry(path, dossiers.ATTACHMENT, number, row.version, day, row.title, called)
            found.pieces.append(Piece(entry, key=row.storage_key))


def _results(found: _Gathered, case: Case, results: Results) -> None:
    """Tenders, reviews and effects as data, where there are any; suppliers' names only for whom tender material is open."""
    if results.none:
        return
    words = result_queries.words_of(case)
    if words and not found.admits(f"{case.reference}/{REVIEW_WORDS}", sealed=True):
        words = {}
    found.pieces.append(Piece(Entry(dossiers.RESULTS, "results"), result_files.file_of(case.reference, results, words)))


def _chapters(found: _Gathered, case: Case, language: str) -> None:
    """Messages, notes and communications, as text for the ZIP and as parts of the PDF."""
    for chapter, files in dossier_chapters.threads(case, found.choice, language):
        found.add(chapter, chapter.text.encode())
        for file in files:
            safe = dossiers.safe_name(file.file_name)
            path = f"{chapter.entry.path.rpartition('/')[0]}/F{file.id:03}-{safe}"
            if not may_open(file.scan):
                found.left_out[path] = INFECTED
                continue
            called = file.file_name if file.file_name != safe else ""
            entry = Entry(path, "thread_file", chapter.entry.number, 1, chapter.entry.on, file.file_name, called)
            found.pieces.append(Piece(entry, key=file.storage_key))
    if (notes := dossier_chapters.notes(case, found.choice, language)) is not None:
        found.add(notes, notes.text.encode())
    if (told := dossier_chapters.told(case, language)) is not None:
        found.add(*told)


def _text(lines: Iterable[str]) -> bytes:
    return "".join(lines).encode()


def _readme(standing: Standing, case: Case) -> str:
    """What a reader who has only the file needs to know, in the dossier's language."""
    found = [
        _("Dossier %(number)s of the procurement %(case)s", number=standing.number, case=case.reference),
        case.organisation.names[standing.language],
        "",
        _("documents: every document as it was issued, byte for byte."),
        _("opinions: the opinions of the network’s experts as they were issued."),
        _("attachments: the files of the case, the newest and earlier versions."),
        _(
            "messages: the messages with experts that were chosen, with their files; notes.txt: the notes of the team that were chosen."
        ),
        _("communications.json: what is planned to be told in public and has been, with every version."),
        _("case.json: the answers of the case as a case file (procure-case/1)."),
        _(
            "history.jsonl: the log of the case with its chain of hashes; history.csv: the same in words; history.pdf: to be read."
        ),
        _("results.json, where there are any: tenders received, reviews and effects as data."),
        _("manifest.json: every file with its size and SHA-256, and what has been left out and why."),
        "",
        _("The log has %(events)s entries; the hash of the last one is", events=standing.events),
        standing.last_hash,
        "",
        _("“procure verify-dossier FILE.zip” checks that nothing has been changed, added or taken away. It needs no database."),
    ]
    if standing.tender_material:
        found += ["", _("This dossier holds tender material: give it only to those who may see it.")]
    return "\r\n".join([*found, ""])
