"""Letters about what is to be told: the number of the case or request, what happened and a link. Nothing of the case itself."""

from datetime import datetime
from typing import Final

from procure.cases.models import Case
from procure.communications.models import CommunicationItem
from procure.domain.communications import EXPERT
from procure.domain.permissions import Actor
from procure.domain.support import shown_number
from procure.notifications.service import tell
from procure.support.models import SupportRequest

TEMPLATES: Final = {"approve": "communication_approved", "send_back": "communication_sent_back"}


def to_approve(case: Case, item: CommunicationItem, by: Actor, now: datetime) -> None:
    """To whoever is responsible for the case: something waits for approval."""
    if case.responsible_id != by.id:
        key, path = _key(case, item), f"/cases/{case.reference}/communications/{item.number}"
        tell("approval", case.responsible, key, "communication_to_approve", path, now, about=case.reference)


def answered(act: str, case: Case, item: CommunicationItem, request: SupportRequest | None, by: Actor, now: datetime) -> None:
    """To who wrote it: approved, or sent back. An expert is told by the number of the request, while it is theirs."""
    if item.author_id == by.id:
        return
    if item.author_role != EXPERT:
        path = f"/cases/{case.reference}/communications/{item.number}"
        tell("approval", item.writer, _key(case, item), TEMPLATES[act], path, now, about=case.reference)
    elif request is not None:
        path = f"/support/{request.id}/communications/{item.number}"
        tell("support", item.writer, _key(case, item), TEMPLATES[act], path, now, about=shown_number(request.id))


def _key(case: Case, item: CommunicationItem) -> str:
    """The act, by the entry in the case's log that tells it."""
    return f"communication:{case.id}:{item.number}:{case.last_sequence}"
