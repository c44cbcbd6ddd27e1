"""What a dossier tells in words of its own: messages with experts, notes of the team, and what has been told in public."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from procure.attachments.service import may_open
from procure.cases.models import Case
from procure.catalogue.figures import short_day
from procure.communications import pages as communication_pages
from procure.communications import queries as communications
from procure.communications.models import CommunicationItem
from procure.documents import dossier_queries
from procure.domain import dossiers
from procure.domain.dossiers import Choice, Entry
from procure.domain.support import shown_number
from procure.infra.clock import FINLAND
from procure.support import queries as support
from procure.support import talk_queries
from procure.support.models import SupportFile, SupportRequest


@dataclass(frozen=True, slots=True)
class Section:
    """One message, note or item: who and when, and the words, a paragraph each."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the bound PDF. `entry`: the file in the ZIP that says the same; `number` and `on` as the contents tell them."""

    title: str
    sections: tuple[Section, ...]
    entry: Entry

    @property
    def text(self) -> str:
        """The same as plain text, for the ZIP."""
        found = [self.title, "=" * len(self.title)]
        for section in self.sections:
            found += ["", section.heading, "-" * len(section.heading), *section.paragraphs]
        return "\r\n".join([*found, ""])


def threads(case: Case, choice: Choice, language: str) -> list[tuple[Chapter, list[SupportFile]]]:
    """The chosen threads with the files that came in them."""
    return [
        (_thread(request, language), talk_queries.files_of(request))
        for request in dossier_queries.requests_in(case)
        if request.id in choice.threads
    ]


def _thread(request: SupportRequest, language: str) -> Chapter:
    said = [message for message in support.messages_of(request) if message.text.strip()]
    files = talk_queries.files_of(request)
    asked = f"{_moment(request.asked_at, language)}, {request.asked_by.name}"
    sections = [Section(asked, _paragraphs(request.question))]
    for message in said:
        names = [file.file_name for file in files if file.message_id == message.id and may_open(file.scan)]
        sent = (_("Files: %(names)s", names=", ".join(names)),) if names else ()
        sections.append(Section(f"{_moment(message.at, language)}, {message.author}", (*_paragraphs(message.text), *sent)))
    number = shown_number(request.id)
    day = request.asked_at.astimezone(FINLAND).date()
    entry = Entry(f"messages/{number}/{number}.txt", dossiers.THREAD, number, 1, day.isoformat(), _("Messages with experts"))
    return Chapter(f"{entry.title}, {number}", tuple(sections), entry)


def notes(case: Case, choice: Choice, language: str) -> Chapter | None:
    """The chosen notes, in the order in which they were written; None when none was chosen."""
    found = [note for note in dossier_queries.notes_in(case) if note.number in choice.notes]
    if not found:
        return None
    sections = tuple(
        Section(f"{_moment(note.written_at, language)}, {note.author}", _paragraphs(note.text)) for note in reversed(found)
    )
    return Chapter(_("Notes of the team"), sections, Entry(dossiers.NOTES, "notes", title=_("Notes of the team")))


def told(case: Case, language: str) -> tuple[Chapter, bytes] | None:
    """What is planned to be told in public and has been, with every version for machines; None when nothing is."""
    items = communications.items_of(case)
    if not items:
        return None
    title = _("Communications")
    chapter = Chapter(
        title, tuple(_item(item, language) for item in items), Entry(dossiers.TOLD, "communications", title=title)
    )  # fmt: skip
    rows = [_row(item) for item in items]
    return chapter, (json.dumps({"communications": rows}, ensure_ascii=False, indent=1) + "\n").encode()


def _item(item: CommunicationItem, language: str) -> Section:
    state = str(communication_pages.STATE_NAMES[item.state][0])
    days = [_("Planned for %(day)s", day=short_day(item.planned_on, language))]
    if item.approved_on:
        days.append(_("approved on %(day)s by %(name)s", day=short_day(item.approved_on, language), name=item.approved_by))
    if item.published_on:
        days.append(_("published on %(day)s", day=short_day(item.published_on, language)))
    words = [
        paragraph
        for code, text in item.messages.items()
        if text.strip()
        for paragraph in (f"{code.upper()}:", *_paragraphs(text))
    ]
    return Section(f"{item.number}. {item.title} ({state})", (", ".join(days), *words))


def _row(item: CommunicationItem) -> dict[str, Any]:
    return {
        "number": item.number, "title": item.title, "content": item.content, "audience": item.audience, "channel": item.channel,
        "planned_on": item.planned_on.isoformat(), "state": item.state, "version": item.version, "messages": item.messages,
        "author": item.author, "approved_by": item.approved_by, "approved_on": _iso(item.approved_on),
        "published_on": _iso(item.published_on),
        "versions": [
            {
                "version": one.version, "act": one.act, "title": one.title, "audience": one.audience, "channel": one.channel,
                "planned_on": one.planned_on.isoformat(), "messages": one.messages, "note": one.note, "by": one.by,
                "at": one.at.isoformat(),
            }
            for one in reversed(communications.versions_of(item))
        ],
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(at: datetime, language: str) -> str:
    local = at.astimezone(FINLAND)
    return f"{short_day(local.date(), language)} {local:%H:%M}"


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def first_words(texts: Sequence[str], most: int) -> str:
    """The beginning of a thread or note, for a list to choose from."""
    text = " ".join(" ".join(texts).split())
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "\N{HORIZONTAL ELLIPSIS}"
