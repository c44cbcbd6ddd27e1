"""The communications of a procurement: what is planned to be told, by whom it is approved, and how it moves. Practice, not law.

An expert may write what is to be told; the city alone approves and publishes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from procure.domain.outcomes import Reason, Refusal, check_all
from procure.domain.publicity import CONTENTS

DRAFT, FOR_APPROVAL, APPROVED, PUBLISHED, WITHDRAWN = "draft", "for_approval", "approved", "published", "withdrawn"
STATES: Final = (DRAFT, FOR_APPROVAL, APPROVED, PUBLISHED, WITHDRAWN)
WAITING: Final = (FOR_APPROVAL, APPROVED)
"""States in which somebody of the city has something to do."""

CHANNELS: Final = ("website", "release", "social", "event", "newsletter", "hilma", "staff", "other")

CITY, EXPERT = "city", "expert"
PARTIES: Final = (CITY, EXPERT)

ADDED: Final = "communication_added"
CHANGED: Final = "communication_changed"

LONGEST_TITLE: Final = 200
LONGEST_AUDIENCE: Final = 200
LONGEST_MESSAGE: Final = 4000
LONGEST_NOTE: Final = 2000
MOST_ITEMS: Final = 200
"""Of one case: more than any plan holds, few enough for one page."""


@dataclass(frozen=True, slots=True)
class Move:
    """`event`: the kind under which the case's log keeps it. `reasoned`: whether it needs words."""

    act: str
    parties: tuple[str, ...]
    sources: tuple[str, ...]
    target: str
    event: str
    reasoned: bool = False


MOVES: Final = (
    Move("submit", (CITY, EXPERT), (DRAFT,), FOR_APPROVAL, "communication_submitted"),
    Move("approve", (CITY,), (FOR_APPROVAL,), APPROVED, "communication_approved"),
    Move("send_back", (CITY,), (FOR_APPROVAL,), DRAFT, "communication_sent_back", reasoned=True),
    Move("publish", (CITY,), (APPROVED,), PUBLISHED, "communication_published"),
    Move("withdraw", (CITY,), (DRAFT, FOR_APPROVAL, APPROVED, PUBLISHED), WITHDRAWN, "communication_withdrawn", reasoned=True),
)
"""Everything that can be done to what has been written. Writing it anew makes a draft of it again."""
ACTS: Final = tuple(move.act for move in MOVES)
EDITABLE: Final = (DRAFT, FOR_APPROVAL, APPROVED)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to be told. `messages`: language -> text, "" where there is none yet."""

    title: str
    content: str
    audience: str
    channel: str
    planned_on: date | None
    messages: Mapping[str, str]


def allowed(party: str, state: str) -> tuple[str, ...]:
    """What that party may do to something in that state."""
    return tuple(move.act for move in MOVES if party in move.parties and state in move.sources)


def move_of(act: str, party: str, state: str) -> Move:
    """The move. Raises Refusal: it is not that party's, or what was written has moved on."""
    found = next((move for move in MOVES if move.act == act and party in move.parties), None)
    if found is None:
        raise Refusal(Reason("communication_not_yours"))
    if state not in found.sources:
        raise Refusal(Reason("communication_moved_on"))
    return found


def check_editable(state: str) -> None:
    """What has been published or withdrawn stays as it was. Raises Refusal."""
    if state not in EDITABLE:
        raise Refusal(Reason("communication_closed"))


def check_draft(draft: Draft) -> None:
    """Raises Refusal with everything that is missing."""
    reasons = []
    if not draft.title.strip():
        reasons.append(Reason("communication_title_missing", target="title"))
    if draft.content not in CONTENTS:
        reasons.append(Reason("communication_content_missing", target="content"))
    if not draft.audience.strip():
        reasons.append(Reason("communication_audience_missing", target="audience"))
    if draft.channel not in CHANNELS:
        reasons.append(Reason("communication_channel_missing", target="channel"))
    if draft.planned_on is None:
        reasons.append(Reason("communication_day_missing", target="planned_on"))
    if reasons:
        raise Refusal(*reasons)


def check_messages(messages: Mapping[str, str], needed: tuple[str, ...]) -> None:
    """What goes to approval has its message in those languages. Raises Refusal naming each that lacks."""
    lacking = [language for language in needed if not messages.get(language, "").strip()]
    if lacking:
        raise Refusal(
            *(Reason(f"communication_message_missing_{language}", target=f"message_{language}") for language in lacking)
        )


def check_note(move: Move, note: str) -> None:
    """Raises Refusal where words are needed and there are none."""
    if move.reasoned and not note.strip():
        raise Refusal(Reason("reason_missing", target="note"))


def check_approver(author_role: str, author: int, approver: int) -> None:
    """Who wrote as an expert does not approve it, whatever role they have now. Raises Refusal."""
    if author_role == EXPERT and author == approver:
        raise Refusal(Reason("communication_own_text"))


def check_published_on(published_on: date | None, approved_on: date | None, today: date) -> None:
    """The day on which it was told: not to come, not before its approval. Raises Refusal."""

    def known() -> None:
        if published_on is None:
            raise Refusal(Reason("communication_day_missing", target="published_on"))

    def fits() -> None:
        if published_on is not None and published_on > today:
            raise Refusal(Reason("date_in_future", target="published_on"))
        if published_on is not None and approved_on is not None and published_on < approved_on:
            raise Refusal(
                Reason("communication_before_approval", {"approved_on": approved_on.isoformat()}, target="published_on")
            )

    check_all(known, fits)
