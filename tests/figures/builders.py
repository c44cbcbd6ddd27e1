"""Requests of any age and state, written straight into the tables: figures count many, and of long ago."""

from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from procure.accounts.models import Person
from procure.infra.db import db
from procure.support.models import SupportMessage, SupportRequest, SupportReview

NUMBERS = count()
NOON = time(10, 0)


def at(day: date) -> datetime:
    return datetime.combine(day, NOON, UTC)


def request_of(asker: Person, asked_on: date, **changes: Any) -> SupportRequest:
    """A request of that person's city without a case; days are given as dates."""
    days = {name: at(changes.pop(name)) for name in ("first_answer_at", "answered_at") if name in changes}
    values: dict[str, Any] = {
        "organisation_id": asker.organisation_id, "asked_by_id": asker.id, "topic": "pilot", "section": "", "stage": "",
        "question": "?", "urgency": "normal", "shares": [], "language": "fi", "state": "answered" if "answered_at" in days else "open",
        "asked_at": at(asked_on), "answer_by": asked_on, "form_key": f"figures-{next(NUMBERS)}", "idea_title": "An idea",
    }  # fmt: skip
    made = SupportRequest(**(values | days | changes))
    db.session.add(made)
    db.session.commit()
    return made


def many(asker: Person, expert: Person, asked_on: date, answered_on: date, number: int, **changes: Any) -> list[SupportRequest]:
    """So many requests that were answered alike."""
    return [request_of(asker, asked_on, answered_at=answered_on, expert_id=expert.id, **changes) for _number in range(number)]


def declined(request: SupportRequest, person: Person, day: date, act: str = "hand_back") -> None:
    db.session.add(
        SupportMessage(
            request_id=request.id,
            kind="system",
            act=act,
            author_id=person.id,
            author=person.name,
            role=person.role,
            text="",
            at=at(day),
        )
    )
    db.session.commit()


def reviewed(request: SupportRequest, person: Person, outcome: str, *marks: int | None) -> None:
    useful, clear, in_time = marks
    db.session.add(
        SupportReview(
            request_id=request.id, version=1, outcome=outcome, because="", useful=useful, clear=clear, in_time=in_time,
            by_id=person.id, by=person.name, at=request.answered_at,
        )
    )  # fmt: skip
    db.session.commit()
