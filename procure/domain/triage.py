"""Sorting the requests that come to the desk: urgency, priority, response targets in working days, and the ends without an opinion.

Practice of the network, not law. Days are Finnish dates; working days come from the calendar that is handed in.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from procure.domain.calendar import Calendar
from procure.domain.outcomes import Reason, Refusal
from procure.domain.support import RUNNING, TOPICS, URGENCIES

PRIORITIES: Final = ("high", "normal", "low")
"""The most pressing first. Urgency is what the city asks for, priority what the coordinator makes of it."""
LONGEST_TARGET: Final = 60
"""Working days: three months. What takes longer is a project and no request."""


@dataclass(frozen=True, slots=True)
class Target:
    """How many working days an urgency leaves until the network first says something, and until the opinion."""

    first_answer: int
    answer: int


@dataclass(frozen=True, slots=True)
class Days:
    """The same as days."""

    first_answer_by: date
    answer_by: date


def days_of(asked_on: date, target: Target, calendar: Calendar) -> Days:
    """The day of asking is not counted. Raises OutOfCalendar where holidays are not known."""
    return Days(calendar.after(asked_on, target.first_answer), calendar.after(asked_on, target.answer))


def age(asked_on: date, today: date, calendar: Calendar) -> int:
    """Working days since the day of asking, which is not counted."""
    return max(0, calendar.working_days_between(asked_on, today))


def check_triage(topic: str, urgency: str, priority: str, target: Target) -> None:
    """Raises Refusal with every reason."""
    reasons = []
    if topic not in TOPICS:
        reasons.append(Reason("support_topic_missing", target="topic"))
    if urgency not in URGENCIES:
        reasons.append(Reason("support_urgency_missing", target="urgency"))
    if priority not in PRIORITIES:
        reasons.append(Reason("support_priority_missing", target="priority"))
    for name, days in (("first_answer", target.first_answer), ("answer", target.answer)):
        if not 1 <= days <= LONGEST_TARGET:
            reasons.append(Reason("support_target_days", {"most": str(LONGEST_TARGET)}, target=name))
    if not reasons and target.first_answer > target.answer:
        reasons.append(Reason("support_target_order", target="first_answer"))
    if reasons:
        raise Refusal(*reasons)


@dataclass(frozen=True, slots=True)
class Mergeable:
    """What decides whether one request may go into another."""

    number: int
    organisation_id: int
    state: str


def check_merge(request: Mergeable, into: Mergeable | None) -> None:
    """A request goes into another running or answered one of the same city, never into itself. Raises Refusal."""
    if into is None or into.organisation_id != request.organisation_id or into.number == request.number:
        raise Refusal(Reason("support_merge_unknown", target="into"))
    if into.state not in (*RUNNING, "answered"):
        raise Refusal(Reason("support_merge_over", target="into"))


def check_passing(body: str, contact: str, reason: str) -> None:
    """Passing on needs the body, how the city reaches it, and why. Raises Refusal with every reason."""
    given = {"body": body, "contact": contact, "text": reason}
    codes = {"body": "support_body_missing", "contact": "support_contact_missing", "text": "support_text_missing"}
    lacking = [Reason(codes[name], target=name) for name, value in given.items() if not value.strip()]
    if lacking:
        raise Refusal(*lacking)
