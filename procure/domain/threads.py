"""The conversation in a request for advice: which questions are open, who has seen what, and what a meeting needs. Practice, not law."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from urllib.parse import urlsplit

from procure.domain.outcomes import Reason, Refusal

OPEN, ANSWERED, DROPPED = "open", "answered", "dropped"
STATUSES: Final = (OPEN, ANSWERED, DROPPED)

KEEPS_QUESTIONS: Final = frozenset(
    (
        "take", "reply", "ask_back", "write", "meeting_planned", "meeting_changed", "meeting_cancelled", "meeting_held", "triage",
        "propose", "invite", "decline", "join", "step_aside", "merged_here", "share", "attach", "article",
    )
)  # fmt: skip
"""Acts that leave open questions open. Any other act of the desk (handing back, releasing, withdrawing …) ends them: whoever asked no
longer waits for the answer."""

MOST_FILES: Final = 5
"""With one message."""


class Said(Protocol):
    """A row of the thread."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def act(self) -> str: ...
    @property
    def question_id(self) -> int | None: ...


def statuses(rows: Iterable[Said]) -> dict[int, str]:
    """Each question of an expert, by its id, with one of STATUSES. The rows come in order.

    A reply that names no question was written when there could be one at a time: it answers whatever was open then.
    """
    found: dict[int, str] = {}
    for row in rows:
        if row.kind == "question":
            found[row.id] = OPEN
        elif row.question_id is not None:
            if found.get(row.question_id) == OPEN:
                found[row.question_id] = DROPPED if row.act == "drop_question" else ANSWERED
        elif row.kind == "reply":
            _end(found, ANSWERED)
        elif row.kind == "system" and row.act not in KEEPS_QUESTIONS:
            _end(found, DROPPED)
    return found


def _end(found: dict[int, str], status: str) -> None:
    for question, before in found.items():
        if before == OPEN:
            found[question] = status


def open_questions(rows: Iterable[Said]) -> tuple[int, ...]:
    """The ids of the questions that wait for an answer, the oldest first."""
    return tuple(question for question, status in statuses(rows).items() if status == OPEN)


def answered_question(given: int | None, still_open: Sequence[int]) -> int | None:
    """Which question a reply answers: the one it names, else the only one there is; None for a message that answers none.

    Raises Refusal when the question named is not open (any more): somebody else has answered it, or it is no longer needed.
    """
    if given is not None:
        if given not in still_open:
            raise Refusal(Reason("question_not_open", target="question"))
        return given
    return still_open[0] if len(still_open) == 1 else None


def state_after(target: str, still_open: Sequence[int]) -> str:
    """The state of a request that an expert has: it waits for the city as long as one question is open."""
    if target not in ("taken", "asked_back"):
        return target
    return "asked_back" if still_open else "taken"


# seen by whom


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody had the thread before them when `message_id` was its last row."""

    person_id: int
    person: str
    message_id: int
    at: datetime


def seen_by(messages: Iterable[tuple[int, int]], reads: Iterable[Read]) -> Mapping[int, tuple[Read, ...]]:
    """For each message (id, id of its author) who else has seen it, with the first time; in the order in which they saw it."""
    ordered = sorted(reads, key=lambda read: read.at)
    found: dict[int, tuple[Read, ...]] = {}
    for number, author in messages:
        first: dict[int, Read] = {}
        for read in ordered:
            if read.message_id >= number and read.person_id != author:
                first.setdefault(read.person_id, read)
        found[number] = tuple(first.values())
    return found


# meetings

LENGTHS: Final = (15, 30, 45, 60, 90, 120, 180, 240)
"""Minutes that a meeting may last."""
PLANNED, CANCELLED, HELD = "planned", "cancelled", "held"
MOST_PEOPLE: Final = 30
MOST_MEETINGS: Final = 50


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is agreed of a meeting. `people`: ids of those invited."""

    starts_at: datetime
    minutes: int
    place: str
    link: str
    people: tuple[int, ...]


def check_meeting(meeting: Meeting, may_come: Iterable[int], now: datetime) -> None:
    """A meeting lies ahead, has a length, a place or a link, and somebody who may see the thread. Raises Refusal with every reason."""
    reasons = []
    if meeting.starts_at <= now:
        reasons.append(Reason("meeting_past", target="day"))
    if meeting.minutes not in LENGTHS:
        reasons.append(Reason("meeting_length", target="minutes"))
    if not meeting.place.strip() and not meeting.link.strip():
        reasons.append(Reason("meeting_where", target="place"))
    if meeting.link.strip() and not _is_link(meeting.link.strip()):
        reasons.append(Reason("meeting_link", target="link"))
    if not meeting.people or len(meeting.people) > MOST_PEOPLE or not set(meeting.people) <= set(may_come):
        reasons.append(Reason("meeting_people", target="people"))
    if reasons:
        raise Refusal(*reasons)


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and len(text.split()) == 1


def check_still_planned(state: str) -> None:
    """Only a meeting that is planned can be moved, cancelled or reported. Raises Refusal."""
    if state != PLANNED:
        raise Refusal(Reason("meeting_over"))


def check_held(starts_at: datetime, summary: str, participants: str, now: datetime) -> None:
    """A meeting is reported once it has begun, with what was said and who came. Raises Refusal with every reason."""
    reasons = []
    if starts_at > now:
        reasons.append(Reason("meeting_ahead"))
    if not summary.strip():
        reasons.append(Reason("support_text_missing", target="summary"))
    if not participants.strip():
        reasons.append(Reason("meeting_participants", target="participants"))
    if reasons:
        raise Refusal(*reasons)
