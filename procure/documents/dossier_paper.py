"""The dossier as one PDF: a cover with the contents, every issued document and opinion as it is, what else was chosen, and the history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import BinaryIO, Final

from flask_babel import gettext as _

from procure.cases.history_pages import HistoryLine
from procure.catalogue import wording
from procure.catalogue.figures import short_day
from procure.documents import making
from procure.documents.dossier_chapters import Chapter
from procure.documents.dossier_contents import CLOSED, Contents, Piece
from procure.documents.parts import Block, DocumentPage, Fact, Paragraph, Prose, Section, Table, Text
from procure.documents.writer import clipped, day
from procure.domain.dossiers import EARLIER, Standing
from procure.infra import binding
from procure.infra.binding import Part

ROWS_AT_ONCE: Final = 200
"""Entries of the history in one piece of work for the press: the longest history takes many short ones, each within its bounds."""
MOST_ENTRIES: Final = 4000
"""In the PDF; the ZIP has all."""
LONGEST_CHANGE: Final = 400


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a part begins in the whole."""

    name: str
    number: str
    on: str
    page: int
    part: int
    """Its number among the parts, for the link."""


def history_parts(contents: Contents) -> int:
    """How many pieces of work the history takes."""
    return max(1, -(-min(len(contents.history), MOST_ENTRIES) // ROWS_AT_ONCE))


def history(contents: Contents, step: Callable[[], None]) -> list[Part]:
    """The history in pieces, in the running language. Raises PdfFailed."""
    parts = []
    for number, page in enumerate(_history(contents)):
        heading = _("History of the case")
        parts.append(Part(heading if not number else f"{heading} ({number + 1})", making.printed(page)))
        step()
    return parts


def bound(
    contents: Contents, history: Sequence[Part], content_of: Callable[[Piece], bytes], step: Callable[[], None], target: BinaryIO
) -> int:  # fmt: skip
    """Write the PDF, in the running language; how many pages it has. `content_of` is asked twice for each document, first for its
    pages' number, so that no more than one is in memory. Raises PdfFailed, NotBound and what `content_of` raises."""
    parts = [Part(_bookmark(piece), partial(content_of, piece)) for piece in contents.bound]
    for chapter in contents.chapters:
        parts.append(Part(chapter.title, making.printed(_chapter(contents, chapter))))
        step()
    parts += history
    counts = [binding.pages_of(part.read()) for part in parts]
    pages, cover = 1, b""
    for _turn in range(3):  # the contents say on which page each part begins, and take pages themselves
        cover = making.printed(_cover(contents, _places(contents, parts, counts, pages)))
        if (taken := binding.pages_of(cover)) == pages:
            break
        pages = taken
    return binding.bind(Part(_("Cover and contents"), cover), parts, target)


def _short(contents: Contents, on: str) -> str:
    return short_day(date.fromisoformat(on), contents.standing.language)


def _bookmark(piece: Piece) -> str:
    entry = piece.entry
    return f"{entry.title}, {entry.number}, {_('version %(version)s', version=entry.version)}"


def _places(contents: Contents, parts: Sequence[Part], counts: Sequence[int], cover_pages: int) -> list[_Place]:
    found, page, documents = [], cover_pages + 1, len(contents.bound)
    entries = [*(piece.entry for piece in contents.bound), *(chapter.entry for chapter in contents.chapters)]
    for place, part in enumerate(parts):
        if place < len(entries):
            entry = entries[place]
            version = f", {_('version %(version)s', version=entry.version)}" if place < documents else ""
            on = _short(contents, entry.on) if entry.on else ""
            found.append(_Place(entry.title, f"{entry.number}{version}", on, page, place))
        elif place == len(entries):
            found.append(_Place(part.title, "", "", page, place))
        page += counts[place]
    return found


def _page(contents: Contents, name: str, sections: Sequence[Section], facts: tuple[tuple[str, str], ...] = ()) -> DocumentPage:
    language = contents.standing.language
    dated = day(contents.today, language)
    return DocumentPage(
        kind="dossier", language=language, name=name, title=contents.title, city=contents.city, reference=contents.standing.reference,
        status="", draft=False, dated=dated, created=contents.today.isoformat(),
        printed=wording.catalogue().text("printed", language, date=dated), facts=facts, sections=tuple(sections), sources=None,
    )  # fmt: skip


def _cover(contents: Contents, places: Sequence[_Place]) -> DocumentPage:
    standing, words = contents.standing, wording.catalogue()
    language = standing.language
    facts = (
        (words.text("label_city", language), contents.city),
        (words.text("label_number", language), standing.reference),
        (words.text("label_responsible", language), contents.responsible),
        (_("Dossier"), f"{standing.number}: {day(contents.today, language)}, {contents.made_by}"),
        (_("Chosen"), _chosen(standing)),
        (_("Entries in the history"), str(standing.events)),
        (_("Hash of the last entry"), standing.last_hash),
    )
    rows = tuple((place.name, place.number, place.on, str(place.page)) for place in places)
    links = tuple(binding.link_to(place.part) for place in places)
    listed: list[Block] = [Table("", (_("Document"), _("Number"), _("Date"), _("Page")), rows, numeric=(3,), links=links)]
    sections = [Section(_("Contents"), tuple(listed))]
    if contents.attachments:
        sections.append(_attachments(contents))
    sections.append(Section(_("About this dossier"), tuple(_notes(contents))))
    return replace(_page(contents, _("Dossier"), sections, facts), letterhead=contents.letterhead)


def _chosen(standing: Standing) -> str:
    choice = standing.choice
    versions = _("the latest version of each") if choice["versions"] == "latest" else _("every version")
    threads = _("message threads with experts: %(some)s of %(all)s", some=len(choice["threads"]), all=choice["threads_in_case"])
    notes = _("notes of the team: %(some)s of %(all)s", some=len(choice["notes"]), all=choice["notes_in_case"])
    return "; ".join((versions, threads, notes))


def _chapter(contents: Contents, chapter: Chapter) -> DocumentPage:
    language = contents.standing.language
    sections = [
        Section(section.heading, (Prose(Fact("", Text(section.paragraphs, language))),)) for section in chapter.sections
    ]  # fmt: skip
    return _page(contents, chapter.title, sections)


def _attachments(contents: Contents) -> Section:
    """The files that no PDF can hold as pages: where they are, and what they must be."""
    rows = tuple(
        (piece.entry.title, piece.entry.path.rpartition("/")[2], _short(contents, piece.entry.on))
        for piece in contents.attachments
    )
    told = Paragraph(_("The attachments are in the ZIP of the same dossier, with their hashes in manifest.json."))
    return Section(_("Attachments"), (told, Table("", (_("Attachment"), _("File"), _("Date")), rows)))


def _notes(contents: Contents) -> list[Paragraph]:
    standing, found = contents.standing, []
    found.append(
        Paragraph(
            _("Each document stands here page for page as it was issued. Its own file, with the facts inside it, is in the ZIP.")
        )
    )
    if closed := sum(why == CLOSED for why in standing.left_out.values()):
        found.append(
            Paragraph(_("Tender material that was closed to who made this dossier is left out: %(count)s.", count=closed))
        )
    earlier = sum(why == EARLIER for why in standing.left_out.values())
    if earlier:
        found.append(Paragraph(_("Earlier versions that were not chosen: %(count)s.", count=earlier)))
    if others := len(standing.left_out) - closed - earlier:
        found.append(Paragraph(_("Left out for malware or size: %(count)s. The manifest says which.", count=others)))
    if standing.tender_material:
        found.append(Paragraph(_("This dossier holds tender material: give it only to those who may see it."), strong=True))
    return found


def _history(contents: Contents) -> list[DocumentPage]:
    """The entries in the order they were recorded, in pieces; when there are too many, the newest."""
    lines = contents.history[-MOST_ENTRIES:]
    head = (_("Entry"), _("Day"), _("What"), _("By"))
    pages = []
    for start in range(0, max(1, len(lines)), ROWS_AT_ONCE):
        part = lines[start : start + ROWS_AT_ONCE]
        rows = tuple(
            (str(line.sequence), short_day(line.happened_on, contents.standing.language), _told(line), line.by) for line in part
        )
        numbers = f"{part[0].sequence}\N{EN DASH}{part[-1].sequence}" if part else "0"
        blocks: tuple[Block, ...] = (Table("", head, rows),)
        if not start and len(lines) < len(contents.history):
            blocks = (Paragraph(_("The newest %(count)s entries; all are in the ZIP.", count=MOST_ENTRIES)), *blocks)
        pages.append(_page(contents, _("History of the case"), [Section(_("Entries %(numbers)s", numbers=numbers), blocks)]))
    return pages


def _led(label: str) -> str:
    """What leads to an answer: a question needs no colon."""
    return label if label.endswith("?") else f"{label}:"


def _told(line: HistoryLine) -> str:
    """What happened, about what, why, and what it changed."""
    changes = "; ".join(f"{_led(change.label)} {change.after}" for change in line.all_changes)
    parts = (f"{line.what}: {line.subject}" if line.subject else line.what, line.reason, clipped(changes, LONGEST_CHANGE))
    return ". ".join(part.rstrip(".") for part in parts if part)
