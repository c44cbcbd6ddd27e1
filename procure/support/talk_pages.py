"""What the pages show of a thread, as frozen records: the templates decide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from procure.domain import threads
from procure.domain.attachments import FILE_KINDS, INFECTED, ending_of
from procure.domain.threads import Read
from procure.support.models import MailRefusal, SupportFile, SupportMeeting, SupportMessage
from procure.support.pages import ACTS, acts_of, paragraphs
from procure.support.queries import Seen
from procure.support.talk_calendar import when
from procure.support.talk_queries import Audience
from procure.web.filters import size_text

STATUSES: Final = {
    threads.OPEN: _l("Waits for an answer"),
    threads.ANSWERED: _l("Answered"),
    threads.DROPPED: _l("No longer needed"),
}
STATUS_COLOURS: Final = {threads.OPEN: "yellow", threads.ANSWERED: "green", threads.DROPPED: "grey"}
MEETINGS: Final = {threads.PLANNED: _l("Planned"), threads.CANCELLED: _l("Called off"), threads.HELD: _l("Held")}
MEETING_COLOURS: Final = {threads.PLANNED: "", threads.CANCELLED: "grey", threads.HELD: "green"}
REFUSALS: Final = {
    "token_forged": _l("The address was not made by this service"),
    "token_expired": _l("The address was older than sixty days"),
    "sender_unknown": _l("The sender is not the person to whom the letter was sent"),
    "person_closed": _l("The person’s account is closed"),
    "not_yours": _l("The person no longer sees the request, or cannot write in it now"),
    "nothing_written": _l("There was no text above the quoted letter"),
    "too_long": _l("The text was too long"),
    "unreadable": _l("The mail could not be read"),
}
SHORT: Final = 90


@dataclass(frozen=True, slots=True)
class FileLine:
    id: int
    name: str
    kind: str
    size: str
    sha256: str
    short_hash: str
    scan: str
    opens: bool
    inline: bool


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One row of the thread. `about`: the question that it answers, in a few words, and `about_id` where that stands."""

    id: int
    what: Any
    author: str
    at: datetime
    paragraphs: tuple[str, ...]
    status: Any
    status_colour: str
    about: str
    about_id: int | None
    files: tuple[FileLine, ...]
    by_mail: bool
    left_out: tuple[str, ...]
    seen_by: tuple[Read, ...]
    may_drop: bool


@dataclass(frozen=True, slots=True)
class MeetingLine:
    number: int
    when: str
    place: str
    link: str
    names: tuple[str, ...]
    state: Any
    colour: str
    planned: bool
    over: bool
    """Has begun, so that it can be reported."""


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation as one person sees it; empty for somebody who does not read messages."""

    whole: bool
    lines: tuple[TalkLine, ...]
    open: tuple[TalkLine, ...]
    """Questions that wait for the city."""
    meetings: tuple[MeetingLine, ...]
    audience: tuple[str, ...]
    may_meet: bool
    may_report: bool
    may_write: bool
    unread: int | None
    """The last row, when the person has not had it before them yet."""


NOTHING: Final = Talk(False, (), (), (), (), False, False, False, None)


def talk(
    seen: Seen,
    messages: Sequence[SupportMessage],
    files: Sequence[SupportFile],
    meetings: Sequence[SupportMeeting],
    reads: Sequence[Read],
    audience: Audience,
    person_id: int,
    language: str,
    now: datetime,
) -> Talk:
    """Everything said and done, in order, with what hangs on it."""
    acts, status = acts_of(seen), threads.statuses(messages)
    readers = threads.seen_by([(message.id, message.author_id) for message in messages], reads)
    questions = {message.id: message.text for message in messages if message.kind == "question"}
    lines = tuple(
        _line(message, status.get(message.id, ""), questions, files, readers[message.id], "drop_question" in acts)
        for message in messages
    )
    return Talk(
        whole=True, lines=lines, open=tuple(line for line in lines if status.get(line.id) == threads.OPEN),
        meetings=tuple(meeting_line(meeting, now) for meeting in meetings), audience=audience_lines(audience, language),
        may_meet="meet" in acts, may_report="report_meeting" in acts,
        may_write=bool(acts & {"reply", "write", "ask_back"}), unread=_unread(messages, reads, person_id),
    )  # fmt: skip


def _unread(messages: Sequence[SupportMessage], reads: Sequence[Read], person_id: int) -> int | None:
    last = messages[-1].id if messages else 0
    known = max((read.message_id for read in reads if read.person_id == person_id), default=0)
    return last if last > known else None


def _line(
    message: SupportMessage,
    status: str,
    questions: dict[int, str],
    files: Sequence[SupportFile],
    readers: Sequence[Read],
    may_drop: bool,
) -> TalkLine:
    about = questions.get(message.question_id or 0, "")
    return TalkLine(
        id=message.id, what=ACTS[message.act], author=message.author, at=message.at, paragraphs=paragraphs(message.text),
        status=STATUSES.get(status, ""), status_colour=STATUS_COLOURS.get(status, ""), about=short(about),
        about_id=message.question_id if about else None,
        files=tuple(file_line(file) for file in files if file.message_id == message.id), by_mail=message.mail_key is not None,
        left_out=tuple(message.left_out), seen_by=tuple(readers), may_drop=may_drop and status == threads.OPEN,
    )  # fmt: skip


def short(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[:SHORT].rsplit(" ", 1)[0] + " …"


def file_line(file: SupportFile) -> FileLine:
    kind = FILE_KINDS[ending_of(file.file_name)]
    return FileLine(
        file.id, file.file_name, kind.name, size_text(file.size), file.sha256, file.sha256[:12], file.scan, file.scan != INFECTED,
        kind.inline,
    )  # fmt: skip


def meeting_line(meeting: SupportMeeting, now: datetime) -> MeetingLine:
    return MeetingLine(
        meeting.number, when(meeting), meeting.place, meeting.link, tuple(meeting.names), MEETINGS[meeting.state],
        MEETING_COLOURS[meeting.state], meeting.state == threads.PLANNED, meeting.starts_at <= now,
    )  # fmt: skip


def audience_lines(audience: Audience, language: str) -> tuple[str, ...]:
    """Who can see the thread now, a line for each."""
    count = audience.city_people
    people = ngettext("%(num)s person", "%(num)s people", count)
    return (
        _("%(city)s: %(people)s", city=audience.city[language], people=people),
        *(_("%(city)s, as a partner", city=partner[language]) for partner in audience.partners),
        *(_("%(name)s, expert", name=name) for name in audience.experts),
    )


def lengths() -> list[tuple[int, str]]:
    """How long a meeting may last, in words."""
    return [(minutes, _length(minutes)) for minutes in threads.LENGTHS]


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min", minutes=rest)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest) if rest else _("%(hours)s h", hours=hours)


@dataclass(frozen=True, slots=True)
class RefusalLine:
    at: datetime
    why: Any
    domain: str


def refusal_lines(rows: Sequence[MailRefusal]) -> list[RefusalLine]:
    """Mails that were not taken, in words."""
    return [RefusalLine(row.at, REFUSALS.get(row.why, row.why), row.sender_domain) for row in rows]
