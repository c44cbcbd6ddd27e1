"""What goes into a dossier, gathered at one moment: from then on nothing is asked of the database until it is made."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from flask_babel import gettext as _

from procure.attachments.service import may_open
from procure.cases import history_export, history_pages, history_queries
from procure.cases.history_pages import HistoryLine
from procure.cases.models import Case
from procure.catalogue import documents as document_catalogue
from procure.catalogue import material as tender_material
from procure.declarations import queries as declarations
from procure.documents import dossier_queries, queries, service
from procure.documents.dossier_models import Dossier
from procure.documents.parts import Text
from procure.documents.writer import Writer
from procure.domain import dossiers, opinions
from procure.domain.attachments import MEGABYTE
from procure.domain.documents import document_number
from procure.domain.dossiers import Entry, Standing
from procure.domain.permissions import Actor
from procure.domain.results import Results
from procure.infra.clock import FINLAND
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
    pieces: list[Piece] = field(default_factory=list)
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


def gather(case: Case, dossier: Dossier, by: Actor, today: date, now: datetime) -> Contents:
    """In the running language, which is the dossier's. The case is locked, so that all of it is of one moment."""
    found, language = _Gathered(declarations.opens(by, case)), dossier.language
    _documents(found, case, language)
    _opinions(found, case, language)
    _attachments(found, case)
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
        case.last_hash, found.tender_material, found.left_out,
    )  # fmt: skip
    lines = tuple(history_pages.line_of(case, event, latest.get(event.sequence, ()), language) for event in events)
    readme = Piece(Entry(dossiers.README, "readme"), _readme(standing, case).encode())
    title, city = Writer(facts, language, today).answer("title"), case.organisation.names[language]
    return Contents(standing, title, city, case.responsible.name, by.name, today, (readme, *found.pieces), lines)


def _documents(found: _Gathered, case: Case, language: str) -> None:
    closed = tender_material.catalogue().shown_in
    for one in reversed(queries.issued_of(case)):
        number = document_number(case.reference, one.number)
        if not found.admits(number, one.kind in closed):
            continue
        name = document_catalogue.catalogue().get(one.kind).name[language]
        path = f"documents/D{one.number:03}-{one.file_name}"
        entry = Entry(path, dossiers.DOCUMENT, number, one.version, one.issued_on.isoformat(), name)
        found.pieces.append(Piece(entry, key=one.storage_key, bound=True))


def _opinions(found: _Gathered, case: Case, language: str) -> None:
    for request, version in dossier_queries.opinions_in(case):
        issued = opinion_queries.as_issued(request, version)
        name = document_catalogue.catalogue().get(service.OPINION).name[language]
        shown = opinions.shown(version.year, version.number)
        day = version.issued_at.astimezone(FINLAND).date().isoformat()
        entry = Entry(f"opinions/{shown}-v{version.version}.pdf", dossiers.OPINION, shown, version.version, day, name)
        found.pieces.append(Piece(entry, key=version.sha256, opinion=None if version.sha256 else issued, bound=True))


def _attachments(found: _Gathered, case: Case) -> None:
    for row in dossier_queries.attachments_in(case):
        number = f"{case.reference}/A{row.number}"
        if not found.admits(number, row.tender_material):
            continue
        path = f"attachments/A{row.number:03}/v{row.version}-{row.file_name}"
        if not may_open(row.scan):
            found.left_out[path] = INFECTED
        elif found.size + row.size > LARGEST:
            found.left_out[path] = LARGE
        else:
            found.size += row.size
            day = row.uploaded_at.astimezone(FINLAND).date().isoformat()
            entry = Entry(path, dossiers.ATTACHMENT, number, row.version, day, row.title)
            found.pieces.append(Piece(entry, key=row.storage_key))


def _results(found: _Gathered, case: Case, results: Results) -> None:
    """Tenders, reviews and effects as data, where there are any; suppliers' names only for whom tender material is open."""
    if results.none:
        return
    words = result_queries.words_of(case)
    if words and not found.admits(f"{case.reference}/{REVIEW_WORDS}", sealed=True):
        words = {}
    found.pieces.append(Piece(Entry(dossiers.RESULTS, "results"), result_files.file_of(case.reference, results, words)))


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
        _("case.json: the answers of the case as a case file (procure-case/1)."),
        _("history.jsonl: the log of the case with its chain of hashes; history.csv: the same in words, for a spreadsheet."),
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
