"""The rows that every act in a request leaves: the message, the declaration, and offers to experts that have come to an end."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from procure.domain.permissions import NETWORK_ROLES, Actor
from procure.infra.db import db
from procure.support.models import SupportDeclaration, SupportMessage, SupportProposal, SupportRequest

ANSWERS: Final = ("answer", "refuse", "pass_on", "merge")
"""Acts that tell the city something of substance, though nothing is written in the thread itself."""


def say(
    request: SupportRequest, kind: str, act: str, text: str, by: Actor, now: datetime, **more: Any
) -> SupportMessage:  # fmt: skip
    """Add to the thread. The first time that somebody of the network says something, the request has its first answer. `more`: further
    columns of the row."""
    message = SupportMessage(
        request_id=request.id, kind=kind, act=act, author_id=by.id, author=by.name, role=by.role, text=text, at=now, **more
    )
    db.session.add(message)
    if request.first_answer_at is None and by.role in NETWORK_ROLES and (kind != "system" or act in ANSWERS):
        request.first_answer_at = now
    db.session.flush()
    return message


def declare(request: SupportRequest, conflict: bool, text: str, by: Actor, now: datetime) -> None:
    """Keep what the expert declared about own interests."""
    db.session.add(SupportDeclaration(request_id=request.id, person_id=by.id, conflict=conflict, text=text, at=now))


def end_offers(request: SupportRequest, now: datetime, accepted_by: int = 0, but: int = 0) -> None:
    """No expert is asked any more: the offer to `accepted_by` is accepted, every other one over. `but`: the expert who stays asked."""
    waiting = select(SupportProposal).where(SupportProposal.request_id == request.id, SupportProposal.answer == "")
    for offer in db.session.scalars(waiting):
        if offer.person_id != but:
            offer.answer, offer.answered_at = "accepted" if offer.person_id == accepted_by else "over", now


def answer_offer(request: SupportRequest, person: int, answer: str, reason: str, now: datetime) -> SupportProposal | None:
    """What the expert says to an offer that waits; None when there is none."""
    offer = db.session.scalar(
        select(SupportProposal).where(
            SupportProposal.request_id == request.id, SupportProposal.person_id == person, SupportProposal.answer == ""
        )
    )
    if offer is not None:
        offer.answer, offer.answered_at, offer.reason = answer, now, reason
    return offer
