"""Letters about approvals: the case's reference, what happened and a link. Nothing of the case itself stands in them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from procure.accounts.models import Person
from procure.approvals.models import Approval
from procure.cases.models import Case
from procure.domain.permissions import Actor
from procure.notifications.service import tell


def asked(case: Case, approval: Approval, people: Iterable[Person], by: Actor, now: datetime) -> None:
    """To those who can sign now, once they can: at the beginning, when the one before has approved, or as somebody's stand-in."""
    for person in people:
        _put(case, approval, "approval_asked", person, by, now, asked_by=approval.requester, due_on=approval.due_on)


def handed_on(case: Case, approval: Approval, person: Person, by: Actor, now: datetime) -> None:
    """To whom somebody has handed their sign-off."""
    _put(case, approval, "approval_handed_on", person, by, now, from_name=by.name, due_on=approval.due_on)


def ended(case: Case, approval: Approval, people: Iterable[Person], by: Actor, now: datetime) -> None:
    """What has come of it, to who has asked."""
    for person in people:
        _put(case, approval, "approval_ended", person, by, now, outcome=approval.outcome)


def voided(case: Case, approval: Approval, people: Iterable[Person], now: datetime) -> None:
    """To everybody who took part: what they have approved, or were to, is another thing now. Also to who has changed it."""
    for person in people:
        _put(case, approval, "approval_voided", person, None, now)


def _put(
    case: Case, approval: Approval, template: str, person: Person, by: Actor | None, now: datetime, **values: Any
) -> None:  # fmt: skip
    if by is not None and person.id == by.id:
        return
    path = f"/cases/{case.reference}/approvals/{approval.number}"
    tell(
        "approval", person, f"{template}:{case.id}:{case.last_sequence}", template, path, now, reference=case.reference, **values
    )
