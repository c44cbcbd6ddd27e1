"""What waits for a person, gathered from tasks, stages, expert support and notes, and worded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.approvals import queries as approvals
from procure.approvals import service as approval_service
from procure.approvals.pages import SUBJECT_NAMES
from procure.approvals.queries import WaitingRow
from procure.cases import pages as case_pages
from procure.cases.list_pages import DATE_WORDS
from procure.catalogue import topics
from procure.communications import queries as communications
from procure.communications.queries import WaitingRow as TellingRow
from procure.declarations import queries as declarations
from procure.declarations.queries import ConflictRow
from procure.domain import waiting
from procure.domain.communications import FOR_APPROVAL
from procure.domain.permissions import Actor
from procure.domain.waiting import PAGE_SIZE, Place, Waits
from procure.support import desk_queries, triage_pages
from procure.support import queries as support
from procure.support.pages import WorkItem, work_items
from procure.support.queries import RequestRow
from procure.teams import queries as teams
from procure.teams.queries import MentionRow, StageRow, TaskRow

CITY_VIEW: Final = ("manager", "city_admin")
"""Who sees the whole city's work first."""

KIND_NAMES: Final[dict[str, Any]] = {
    waiting.TASK: _l("Task"),
    waiting.STAGE: _l("Stage"),
    waiting.SUPPORT: _l("Expert support"),
    waiting.MENTION: _l("Note"),
    waiting.INTEREST: _l("Conflict of interest"),
    waiting.APPROVAL: _l("Approval"),
    waiting.COMMUNICATION: _l("Communications"),
}


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One thing to do: what, in which case, by when."""

    kind: str
    what: str
    href: str
    reference: str
    title: str
    on: date
    day_words: str
    who: str
    late: bool


@dataclass(frozen=True, slots=True)
class Work:
    lines: list[WorkLine]
    following: str
    """Where the next page begins; "" for none."""
    late: int


def sees_city(by: Actor, whose: str) -> bool:
    """A manager and a city's administrator look at the city's work, unless they ask for their own."""
    return by.role in CITY_VIEW and whose != "mine"


def work(by: Actor, whole_city: bool, language: str, today: date, after: Place | None = None) -> Work:
    """The next 25 things that wait, late ones first. Seven questions to the database, for a manager eight, however many
    there are."""
    most = PAGE_SIZE + 1
    things = [
        *_tasks(teams.tasks_waiting(by, whole_city, language, waiting.bound(after, waiting.TASK, today), most), whole_city),
        *_stages(teams.stages_waiting(by, whole_city, language, waiting.bound(after, waiting.STAGE, today), most), language),
        *_support(support.waiting_for(by, whole_city), language),
        *_mentions(teams.mentions_waiting(by, language)),
        *_conflicts(declarations.waiting_for(by, language)),
        *_approvals(_signatures(by, whole_city, language, today, after, most), by, whole_city),
        *_tellings(_planned(by, whole_city, language, today, after, most)),
    ]
    found, more = waiting.merged(things, today, after)
    lines = [_line(thing, today) for thing in found]
    return Work(lines, waiting.written(found[-1].place(today)) if more else "", sum(line.late for line in lines))


def network_lines(by: Actor, language: str, today: date) -> list[WorkItem]:
    """What waits for somebody of the network: for the coordinator what is late, not sorted, with an absent expert or offered to nobody;
    for an expert first the requests that are offered, then the own ones, then what is open."""
    offered = triage_pages.waiting_lines(by, language, today)
    if by.role == "coordinator":
        return offered
    known = {item.href for item in offered}
    return [*offered, *(item for item in work_items(desk_queries.waiting_for(by), language) if item.href not in known)]


def _tasks(rows: Sequence[TaskRow], whole_city: bool) -> list[Waits]:
    return [
        Waits(
            waiting.TASK,
            row.due_on,
            row.id,
            row.reference,
            row.case_title,
            row.title,
            str(row.number),
            row.owner if whole_city else "",
        )
        for row in rows
    ]


def _stages(rows: Sequence[StageRow], language: str) -> list[Waits]:
    return [
        Waits(
            waiting.STAGE, row.sort_date, row.id, row.reference, row.case_title,
            case_pages.stage_name(row.procedure, row.procedure_edition, row.stage, language), row.next_date_kind,
            _("as substitute") if row.stands_in else "",
        )
        for row in rows
    ]  # fmt: skip


def _support(rows: Sequence[RequestRow], language: str) -> list[Waits]:
    return [
        Waits(
            waiting.SUPPORT, row.answered_on or row.answer_by, row.number, row.reference, row.title[language] if row.title else "",
            topics.catalogue().get(row.topic).name[language], row.state, row.expert, can_be_late=row.state == "asked_back",
        )
        for row in rows
    ]  # fmt: skip


def _mentions(rows: Sequence[MentionRow]) -> list[Waits]:
    return [
        Waits(
            waiting.MENTION, row.written_on, row.id, row.reference, row.case_title, "", str(row.number), row.author, can_be_late=False
        )
        for row in rows
    ]  # fmt: skip


def _conflicts(rows: Sequence[ConflictRow]) -> list[Waits]:
    return [
        Waits(
            waiting.INTEREST, row.declared_on, row.id, row.reference, row.case_title, "", str(row.number), row.person,
            can_be_late=False,
        )
        for row in rows
    ]  # fmt: skip


def _signatures(
    by: Actor, whole_city: bool, language: str, today: date, after: Place | None, most: int
) -> list[WaitingRow]:  # fmt: skip
    absent = [] if whole_city else approval_service.absent_for(by, today)
    return approvals.approvals_waiting(by, whole_city, absent, language, waiting.bound(after, waiting.APPROVAL, today), most)


def _approvals(rows: Sequence[WaitingRow], by: Actor, whole_city: bool) -> list[Waits]:
    """Of somebody else's sign-off the name stands beside it: in the city's view, and where the reader stands in."""
    return [
        Waits(
            waiting.APPROVAL, row.due_on, row.id, row.reference, row.case_title, row.subject, str(row.number),
            row.holder if whole_city or row.holder_id != by.id else "",
        )
        for row in rows
    ]  # fmt: skip


def _planned(
    by: Actor, whole_city: bool, language: str, today: date, after: Place | None, most: int
) -> list[TellingRow]:  # fmt: skip
    return communications.items_waiting(by, whole_city, language, today, waiting.bound(after, waiting.COMMUNICATION, today), most)


def _tellings(rows: Sequence[TellingRow]) -> list[Waits]:
    """`detail`: number and state of what is to be told."""
    return [
        Waits(
            waiting.COMMUNICATION, row.planned_on, row.id, row.reference, row.case_title, row.title, f"{row.number}/{row.state}"
        )
        for row in rows
    ]  # fmt: skip


def _line(thing: Waits, today: date) -> WorkLine:
    what, href, day_words, who = thing.words, f"/cases/{thing.reference}", "", thing.who
    if thing.kind == waiting.TASK:
        href += f"/team#task-{thing.detail}"
        day_words = _("due")
    elif thing.kind == waiting.STAGE:
        day_words = str(DATE_WORDS[thing.detail])
    elif thing.kind == waiting.SUPPORT:
        asked_back = thing.detail == "asked_back"
        what = (
            _("Answer the expert’s question: %(topic)s", topic=what)
            if asked_back
            else _("Read the opinion: %(topic)s", topic=what)
        )
        href, day_words = f"/support/{thing.number}", _("answer promised by") if asked_back else _("answered")
    elif thing.kind == waiting.INTEREST:
        what, who = _("Decide on the conflict of interest of %(name)s", name=who), ""
        href += f"/declarations/{thing.detail}"
        day_words = _("declared")
    elif thing.kind == waiting.APPROVAL:
        what = _("Answer: %(what)s", what=SUBJECT_NAMES[what])
        href += f"/approvals/{thing.detail}"
        day_words = _("due")
    elif thing.kind == waiting.COMMUNICATION:
        number, _slash, state = thing.detail.partition("/")
        what = _("Approve the text: %(what)s", what=what) if state == FOR_APPROVAL else _("Publish: %(what)s", what=what)
        href += f"/communications/{number}"
        day_words = _("planned for")
    else:
        what, who = _("Read the note by %(name)s", name=who), ""
        href += f"/team#note-{thing.detail}"
        day_words = _("written")
    name = str(KIND_NAMES[thing.kind])
    return WorkLine(name, what, href, thing.reference, thing.title, thing.on, day_words, who, thing.late(today))
