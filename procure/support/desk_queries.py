"""The lists of the desk, always for a given person of the network: what shows of a request before interests are declared.

All of them come by one statement: each is short, and asking for it costs more than answering.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, bindparam, select, tuple_, union_all
from sqlalchemy.orm import aliased

from procure.accounts.models import Organisation, Person
from procure.cases.models import Answer
from procure.domain.language import Trilingual
from procure.domain.permissions import NETWORK_ROLES, Actor
from procure.infra.db import as_written, read
from procure.support import opinion_queries, queries
from procure.support.models import SupportDeclaration, SupportRequest
from procure.support.opinion_models import OpinionReading
from procure.support.queries import Cursor, RequestRow

FRONT, BESIDE = 10, 5
"""Rows of the open requests on the desk's front page, and of each list beside them: the queue of the desk has them all."""

OPEN, TAKEN, ANSWERED, TO_READ = "open", "taken", "answered", "to_read"
_LISTS: Final = (OPEN, TAKEN, ANSWERED, TO_READ)


@dataclass(frozen=True, slots=True)
class Front:
    """The desk's front page. `more`: open requests follow those shown."""

    open: tuple[RequestRow, ...] = ()
    more: bool = False
    taken: tuple[RequestRow, ...] = ()
    answered: tuple[RequestRow, ...] = ()
    to_read: tuple[RequestRow, ...] = ()


def front(by: Actor, after: Cursor | None = None) -> Front:
    """Every list of the desk. Empty for people of the cities."""
    found = _found(by, _LISTS, after)
    shown, more = _page(found[OPEN])
    return Front(shown, more, tuple(found[TAKEN]), tuple(found[ANSWERED]), tuple(found[TO_READ]))


def waiting_for(by: Actor) -> list[RequestRow]:
    """What waits for an expert: what is taken and waits for them, then what is open."""
    found = _found(by, (TAKEN, OPEN))
    return [*(row for row in found[TAKEN] if row.state == "taken"), *_page(found[OPEN])[0]]


def _page(rows: Sequence[RequestRow]) -> tuple[tuple[RequestRow, ...], bool]:
    most = _most_open()
    return tuple(rows[:most]), len(rows) > most


def _most_open() -> int:
    return min(FRONT, queries.PAGE_SIZE)


def _found(by: Actor, lists: tuple[str, ...], after: Cursor | None = None) -> dict[str, list[RequestRow]]:
    found: dict[str, list[RequestRow]] = {name: [] for name in lists}
    if by.role not in NETWORK_ROLES:
        return found
    everybody = by.role == "coordinator"
    most = {
        OPEN: _most_open() + 1, TAKEN: BESIDE if everybody else queries.PAGE_SIZE, ANSWERED: BESIDE if everybody else FRONT,
        TO_READ: queries.PAGE_SIZE,
    }  # fmt: skip
    wanted = tuple((name, most[name]) for name in lists)
    values = {"me": by.id, "after_day": after.answer_by if after else date.min, "after_number": after.number if after else 0}
    for row in read(_statement(wanted, everybody, after is not None), values):  # which takes those values that it has
        found[row.part].append(_row(row))
    for name, rows in found.items():
        rows.sort(key=(lambda row: (row.answer_by, row.number)) if name in (OPEN, TAKEN) else (lambda row: (-row.number,)))
    return found


def _row(found: Any) -> RequestRow:
    cpv, suppliers = found.cpv, found.known_suppliers
    return RequestRow(
        number=found.number, topic=found.topic, urgency=found.urgency, state=found.state, asked_on=queries.day_of(found.asked_at),
        answer_by=found.answer_by, answered_on=queries.day_of(found.answered_at) if found.answered_at else None,
        read=found.read_at is not None, city=Trilingual(found.name_fi, found.name_sv, found.name_en), expert=found.expert or "",
        cpv=queries.class_of(cpv) if cpv else "", known_suppliers=None if suppliers in (None, [], "") else suppliers,
    )  # fmt: skip


@cache
def _statement(wanted: tuple[tuple[str, int], ...], everybody: bool, follows: bool) -> CompoundSelect[*tuple[Any, ...]]:
    """Of those lists so many rows at most. Made once: making it takes longer than the database needs to answer it."""
    theirs = SupportRequest.expert_id.is_not(None) if everybody else SupportRequest.expert_id == bindparam("me")
    which: dict[str, ColumnElement[bool]] = {
        OPEN: and_(SupportRequest.state == as_written("open"), ~_shut(), *([_after()] if follows else [])),
        TAKEN: and_(SupportRequest.state.in_([as_written("taken"), as_written("asked_back")]), theirs),
        ANSWERED: and_(SupportRequest.state == as_written("answered"), theirs),
        TO_READ: opinion_queries.to_read_by(bindparam("me")),
    }
    return union_all(*(select(_branch(name, which[name], most).subquery(name)) for name, most in wanted))


def _shut() -> ColumnElement[bool]:
    declared = select(SupportDeclaration.id).where(
        SupportDeclaration.person_id == bindparam("me"), SupportDeclaration.conflict, SupportDeclaration.request_id == SupportRequest.id
    )  # fmt: skip
    return declared.exists()


def _after() -> ColumnElement[bool]:
    key = tuple_(SupportRequest.answer_by, SupportRequest.id)
    return key > tuple_(bindparam("after_day", type_=SupportRequest.answer_by.type), bindparam("after_number"))


def _branch(name: str, which: ColumnElement[bool], most: int) -> Select[*tuple[Any, ...]]:
    """The rows of one list with what stands beside them: for as many as are shown, and not before they are found."""
    cpv, suppliers, row = aliased(Answer), aliased(Answer), _rows(name, which, most).subquery(f"{name}_rows").c
    return (
        select(
            as_written(name).label("part"), row.id.label("number"), row.topic, row.urgency, row.state,
            row.asked_at, row.answer_by, row.answered_at, row.read_at, Organisation.name_fi, Organisation.name_sv,
            Organisation.name_en, Person.name.label("expert"), cpv.value.label("cpv"), suppliers.value.label("known_suppliers"),
        )
        .join(Organisation, Organisation.id == row.organisation_id)
        .outerjoin(Person, Person.id == row.expert_id)
        .outerjoin(cpv, and_(cpv.case_id == row.case_id, cpv.question == as_written("cpv"), cpv.known))
        .outerjoin(suppliers, and_(suppliers.case_id == row.case_id, suppliers.question == as_written("known_suppliers"), suppliers.known))
    )  # fmt: skip


def _rows(name: str, which: ColumnElement[bool], most: int) -> Select[*tuple[Any, ...]]:
    rows = (
        select(
            SupportRequest.id, SupportRequest.topic, SupportRequest.urgency, SupportRequest.state, SupportRequest.asked_at,
            SupportRequest.answer_by, SupportRequest.answered_at, SupportRequest.read_at, SupportRequest.organisation_id,
            SupportRequest.expert_id, SupportRequest.case_id,
        )
        .where(which)
        .limit(as_written(most))
    )  # fmt: skip
    if name == TO_READ:  # found by the person's readings, of which there are few: not by a look at every request
        reading = OpinionReading.request_id == SupportRequest.id
        return rows.join(OpinionReading, reading).order_by(OpinionReading.request_id.desc())
    if name == ANSWERED:
        return rows.order_by(SupportRequest.id.desc())
    return rows.order_by(SupportRequest.answer_by, SupportRequest.id)
