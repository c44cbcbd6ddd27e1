"""Finding what a case's city tells. The caller has found the case or the request for the person (`cases.queries`, `support.queries`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Integer, and_, bindparam, func, literal, or_, select, tuple_
from sqlalchemy.orm import joinedload

from procure.cases import queries as cases
from procure.cases.models import Case
from procure.communications.models import CommunicationItem, CommunicationVersion
from procure.domain.communications import APPROVED, FOR_APPROVAL, MOST_ITEMS, WAITING, WITHDRAWN
from procure.domain.permissions import CITY_ROLES, Actor
from procure.infra.db import db, will_write
from procure.support import queries as support
from procure.support.models import SupportRequest
from procure.support.queries import Seen

DUE_WITHIN: Final = timedelta(days=7)
"""So many days before its day something approved waits for somebody to publish it."""
LARGEST_ID: Final = 2**31 - 1
KIND: Final = "communications"
"""Of a request, and its topic."""


def items_of(case: Case) -> list[CommunicationItem]:
    """The whole plan, by the days on which things are to be told."""
    statement = (
        select(CommunicationItem)
        .where(CommunicationItem.case_id == case.id)
        .order_by(CommunicationItem.planned_on, CommunicationItem.number)
        .limit(MOST_ITEMS)
    )
    return list(db.session.scalars(statement))


def items_by_case(case_ids: Sequence[int]) -> dict[int, list[CommunicationItem]]:
    """What several cases plan to tell or have told, in one query."""
    item = CommunicationItem
    statement = select(item).where(item.case_id.in_(case_ids), item.state != WITHDRAWN).order_by(item.case_id, item.number)
    found: dict[int, list[CommunicationItem]] = {}
    for row in db.session.scalars(statement):
        found.setdefault(row.case_id, []).append(row)
    return found


def item_of(case: Case, number: int) -> CommunicationItem | None:
    """One item of the case; nobody else changes it while the case is locked."""
    if number > LARGEST_ID:
        return None
    statement = (
        select(CommunicationItem)
        .where(CommunicationItem.case_id == case.id, CommunicationItem.number == number)
        .options(joinedload(CommunicationItem.writer))
    )
    return db.session.scalar(statement.execution_options(populate_existing=True) if will_write() else statement)


def item_of_form(case: Case, form_key: str) -> CommunicationItem | None:
    """The item that this form has made already."""
    return db.session.scalar(
        select(CommunicationItem).where(CommunicationItem.case_id == case.id, CommunicationItem.form_key == form_key)
    )


def last_number(case: Case) -> int:
    """0 while the case has no items."""
    return db.session.scalar(select(func.max(CommunicationItem.number)).where(CommunicationItem.case_id == case.id)) or 0


def versions_of(item: CommunicationItem) -> list[CommunicationVersion]:
    """Everything written and done, the newest first."""
    statement = select(CommunicationVersion).where(CommunicationVersion.item_id == item.id)
    return list(db.session.scalars(statement.order_by(CommunicationVersion.id.desc())))


def last_version(item: CommunicationItem) -> CommunicationVersion | None:
    """What was written or done last."""
    statement = select(CommunicationVersion).where(CommunicationVersion.item_id == item.id)
    return db.session.scalar(statement.order_by(CommunicationVersion.id.desc()).limit(1))


def requests_of(case: Case) -> list[SupportRequest]:
    """The requests for communications support about the case, the newest first."""
    statement = (
        select(SupportRequest)
        .where(SupportRequest.case_id == case.id, SupportRequest.kind == KIND)
        .options(joinedload(SupportRequest.expert))
        .order_by(SupportRequest.id.desc())
    )
    return list(db.session.scalars(statement))


def request_shared(by: Actor, number: int) -> Seen | None:
    """The request with its case, for the expert who has taken it and sees its material; None for everybody else."""
    return _shared(support.request_for(by, number))


def request_to_write(by: Actor, number: int) -> Seen | None:
    """As `request_shared`, with the case and then the request locked when the running request writes."""
    return _shared(support.request_to_change(by, number))


def _shared(seen: Seen | None) -> Seen | None:
    if seen is None or seen.party != "own_expert" or seen.sight != "material":
        return None
    return seen if seen.request.kind == KIND and seen.request.case is not None else None


# what waits


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """Something to approve or to publish, in "my work"."""

    id: int
    number: int
    title: str
    state: str
    planned_on: date
    reference: str
    case_title: str


def items_waiting(
    by: Actor, whole_city: bool, language: str, today: date, after: tuple[date, int], most: int
) -> list[WaitingRow]:  # fmt: skip
    """What waits for approval, and what is approved and due within a week, in the cases for which the person is responsible, or in all of
    the city; by day, those behind `after` (day, row)."""
    if by.role not in CITY_ROLES:
        return []
    title = cases.title_in(language)
    item = CommunicationItem
    due = and_(item.state == APPROVED, item.planned_on <= today + DUE_WITHIN)
    statement = (
        select(item.id, item.number, item.title, item.state, item.planned_on, Case.reference, title)
        .join(Case, Case.id == item.case_id)
        .where(item.organisation_id == by.organisation_id, item.state.in_(WAITING), or_(item.state == FOR_APPROVAL, due))
        .where(*[] if whole_city else [Case.responsible_id == by.id])
        .where(tuple_(item.planned_on, item.id) > tuple_(literal(after[0]), literal(after[1], Integer)))
        .order_by(item.planned_on, item.id)
        .limit(most)
    )
    return [WaitingRow(*row) for row in db.session.execute(statement)]


WAITING_IN_CASE: Final = (
    select(func.count(CommunicationItem.id))
    .where(
        CommunicationItem.case_id == Case.id, CommunicationItem.state == FOR_APPROVAL, Case.responsible_id == bindparam("person")
    )
    .correlate(Case)
    .scalar_subquery()
)
"""For `cases.queries.WAITING`: what waits for approval, for whoever is responsible for the case."""
