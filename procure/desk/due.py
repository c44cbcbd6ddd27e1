"""What there is to remind of: one source for each thing, each read in order of an index, in batches that fit into memory."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Integer, and_, literal, select, tuple_

from procure.accounts.models import Person
from procure.approvals.models import Approval, ApprovalSeat
from procure.cases.models import Case, CaseDeadline, CaseMember
from procure.catalogue import deadlines as catalogue
from procure.domain.notifications import ARTICLE_DUE, LEGAL_DEADLINE, NEXT_DATE, STANDING_STILL, TASK_DUE, Plan
from procure.domain.team import SUBSTITUTE
from procure.infra.db import db
from procure.knowledge.models import Article
from procure.teams.models import Task

Place = tuple[date, int]
"""Day and row after which the next batch begins."""
START: Final[Place] = (date.min, 0)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing to remind of. `about`: the day that it is about; `people`: whom to tell, by number; `values` and `path` as in
    `notifications.mail.News`."""

    id: int
    about: date
    people: Sequence[int]
    path: str
    values: Mapping[str, Any] = field(default_factory=dict)


Read = Callable[[int, Collection[date], Place, int], Sequence[Found]]
"""(city, days about which to remind, where the last batch ended, how many at most) -> the next batch, by day and row."""


@dataclass(frozen=True, slots=True)
class Source:
    """`what` names the source in the reminders' keys; `plan` says on which days to remind of what `read` finds."""

    what: str
    kind: str
    plan: Plan
    template: str
    read: Read


def _still_open() -> ColumnElement[bool]:
    """Cases of whose dates it makes sense to remind: what is finished, or rests, is left out here."""
    return and_(Case.stage != "", Case.state == "")


def deadlines(city: int, days: Collection[date], after: Place, most: int) -> list[Found]:
    """Periods of the law in force, also of cases whose last stage is behind them: an award notice may still be to be sent."""
    statement = (
        select(
            CaseDeadline.id, CaseDeadline.rolled_last_day, CaseDeadline.rule, CaseDeadline.edition, CaseDeadline.citation, Case.id,
            Case.reference, Case.responsible_id,
        )
        .join(Case, Case.id == CaseDeadline.case_id)
        .where(CaseDeadline.met_on.is_(None), CaseDeadline.set_aside_by.is_(None), Case.organisation_id == city)
        .where(*_page(CaseDeadline.rolled_last_day, CaseDeadline.id, days, after))
        .order_by(CaseDeadline.rolled_last_day, CaseDeadline.id)
        .limit(most)
    )  # fmt: skip
    rows = db.session.execute(statement).all()
    substitutes = _substitutes([row[5] for row in rows])
    return [
        Found(
            number, on, (responsible, *substitutes.get(case, ())), f"/cases/{reference}",
            {"reference": reference, "rule": catalogue.catalogue().of(rule, edition).name, "citation": citation},
        )
        for number, on, rule, edition, citation, case, reference, responsible in rows
    ]  # fmt: skip


OF_THE_LAW: Final = ("contract_from", "award_notice", "additional_info")
"""Next dates that are periods of the law: `deadlines` reminds of those."""


def next_dates(city: int, days: Collection[date], after: Place, most: int) -> list[Found]:
    statement = (
        select(Case.id, Case.sort_date, Case.reference, Case.responsible_id)
        .where(Case.organisation_id == city, _still_open(), Case.next_date.is_not(None), Case.next_date_kind.not_in(OF_THE_LAW))
        .where(*_page(Case.sort_date, Case.id, days, after))
        .order_by(Case.sort_date, Case.id)
        .limit(most)
    )
    rows = db.session.execute(statement).all()
    substitutes = _substitutes([row[0] for row in rows])
    return [
        Found(case, on, (responsible, *substitutes.get(case, ())), f"/cases/{reference}", {"reference": reference})
        for case, on, reference, responsible in rows
    ]


def tasks(city: int, days: Collection[date], after: Place, most: int) -> list[Found]:
    statement = (
        select(Task.id, Task.due_on, Task.owner_id, Case.reference)
        .join(Case, Case.id == Task.case_id)
        .where(Task.done_on.is_(None), Task.organisation_id == city, _still_open())
        .where(*_page(Task.due_on, Task.id, days, after))
        .order_by(Task.due_on, Task.id)
        .limit(most)
    )
    return [
        Found(number, on, (owner,), f"/cases/{reference}/team", {"reference": reference})
        for number, on, owner, reference in db.session.execute(statement)
    ]


def approvals(city: int, days: Collection[date], after: Place, most: int) -> list[Found]:
    """Sign-offs that wait for somebody now."""
    statement = (
        select(ApprovalSeat.id, ApprovalSeat.due_on, ApprovalSeat.holder_id, Case.reference, Approval.number)
        .join(Approval, Approval.id == ApprovalSeat.approval_id)
        .join(Case, Case.id == Approval.case_id)
        .where(ApprovalSeat.waits, ApprovalSeat.organisation_id == city, _still_open())
        .where(*_page(ApprovalSeat.due_on, ApprovalSeat.id, days, after))
        .order_by(ApprovalSeat.due_on, ApprovalSeat.id)
        .limit(most)
    )
    return [
        Found(seat, on, (holder,), f"/cases/{reference}/approvals/{number}", {"reference": reference})
        for seat, on, holder, reference, number in db.session.execute(statement)
    ]


def standing_still(city: int, days: Collection[date], after: Place, most: int) -> list[Found]:
    statement = (
        select(Case.id, Case.last_event_on, Case.reference, Case.responsible_id)
        .where(Case.organisation_id == city, _still_open())
        .where(*_page(Case.last_event_on, Case.id, days, after))
        .order_by(Case.last_event_on, Case.id)
        .limit(most)
    )
    return [
        Found(case, on, (responsible,), f"/cases/{reference}", {"reference": reference})
        for case, on, reference, responsible in db.session.execute(statement)
        if on is not None
    ]


def articles(city: int, days: Collection[date], after: Place, most: int) -> list[Found]:
    """Knowledge articles whose owner, of that organisation, is asked whether they still hold."""
    statement = (
        select(Article.id, Article.ask_on, Article.owner_id)
        .join(Person, Person.id == Article.owner_id)
        .where(Article.state == "published", Person.organisation_id == city)
        .where(*_page(Article.ask_on, Article.id, days, after))
        .order_by(Article.ask_on, Article.id)
        .limit(most)
    )
    return [
        Found(number, on, (owner,), f"/knowledge/{number}/draft", {"number": number})
        for number, on, owner in db.session.execute(statement)
        if on is not None
    ]


def _page(day: Any, number: Any, days: Collection[date], after: Place) -> tuple[ColumnElement[bool], ...]:
    """The rows of those days behind the place where the last batch ended."""
    behind = tuple_(day, number) > tuple_(literal(after[0], Date), literal(after[1], Integer))
    return day.in_(sorted(on for on in days if on >= after[0])), day <= max(days), behind


def _substitutes(cases: Collection[int]) -> dict[int, list[int]]:
    """Case -> those who stand in for its responsible officer."""
    statement = select(CaseMember.case_id, CaseMember.person_id).where(
        CaseMember.case_id.in_(set(cases)), CaseMember.part == SUBSTITUTE, CaseMember.until.is_(None)
    )
    found: dict[int, list[int]] = {}
    for case, person in db.session.execute(statement):
        found.setdefault(case, []).append(person)
    return found


SOURCES: Final[list[Source]] = [
    Source("deadline", "deadline", LEGAL_DEADLINE, "remind_deadline", deadlines),
    Source("next", "deadline", NEXT_DATE, "remind_next_date", next_dates),
    Source("task", "deadline", TASK_DUE, "remind_task", tasks),
    Source("approval", "approval", TASK_DUE, "remind_approval", approvals),
    Source("quiet", "standing_still", STANDING_STILL, "remind_quiet", standing_still),
    Source("article", "knowledge", ARTICLE_DUE, "remind_article", articles),
]
"""A feature that has something else to remind of adds its own source (`reminding.SOURCES`)."""
