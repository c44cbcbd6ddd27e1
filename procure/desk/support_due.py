"""What the network is reminded of in requests for advice: answers that come due, those that are late, and what nobody takes."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Integer, and_, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from procure.accounts.models import Organisation, Person
from procure.catalogue import topics, triage
from procure.desk.due import Found, Place, Source
from procure.domain.language import Trilingual
from procure.domain.notifications import ADVICE_DUE, ADVICE_LATE, ONE_DAY, Once
from procure.domain.support import RUNNING, shown_number
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.support.models import SupportRequest
from procure.support.targets import finnish_day

_SILENT: Final = and_(SupportRequest.first_answer_at.is_(None), SupportRequest.first_answer_by.is_not(None))
"""The network has a day for its first word, and has not said it."""


def answers(city: int, days: Collection[date], after: Place, most: int) -> list[Found]:
    """To the experts: opinions whose day comes near. Not while the city has a question to answer."""
    which = (SupportRequest.state == "taken", *_of_days(SupportRequest.answer_by, days, after))
    return _read(city, which, (SupportRequest.answer_by, SupportRequest.id), most, _experts)


def first_answers(city: int, days: Collection[date], after: Place, most: int) -> list[Found]:
    """To the experts: requests in which nobody has written to the city yet."""
    which = (SupportRequest.state == "taken", _SILENT, *_of_days(SupportRequest.first_answer_by, days, after))
    return _read(city, which, (SupportRequest.first_answer_by, SupportRequest.id), most, _experts)


def late_answers(city: int, days: Collection[date], after: Place, most: int) -> list[Found]:
    """To the coordinators: running requests whose day has passed, whoever has them."""
    which = (SupportRequest.state.in_(RUNNING), *_of_days(SupportRequest.answer_by, days, after))
    return _read(city, which, (SupportRequest.answer_by, SupportRequest.id), most, _coordinators())


def late_first_answers(city: int, days: Collection[date], after: Place, most: int) -> list[Found]:
    """To the coordinators: running requests in which the network is silent after its day."""
    which = (SupportRequest.state.in_(RUNNING), _SILENT, *_of_days(SupportRequest.first_answer_by, days, after))
    return _read(city, which, (SupportRequest.first_answer_by, SupportRequest.id), most, _coordinators())


def untaken(city: int, days: Collection[date], after: Place, most: int) -> list[Found]:
    """To the coordinators: open requests asked on those days. In order of their numbers, which is that of asking."""
    asked = or_(
        *(and_(SupportRequest.asked_at >= _midnight(day), SupportRequest.asked_at < _midnight(day + ONE_DAY)) for day in days)
    )
    which = (SupportRequest.state == "open", asked, SupportRequest.id > after[1])
    return _read(city, which, (SupportRequest.asked_at, SupportRequest.id), most, _coordinators())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, FINLAND).astimezone(UTC)


def _of_days(column: Any, days: Collection[date], after: Place) -> tuple[ColumnElement[bool], ...]:
    """The rows of those days behind the place where the last batch ended."""
    behind = tuple_(column, SupportRequest.id) > tuple_(literal(after[0], Date), literal(after[1], Integer))
    return column.in_(sorted(days)), behind


Receivers = Callable[[int | None, int | None], Sequence[int]]
"""(expert, second expert) -> whom to tell."""


def _experts(expert: int | None, second: int | None) -> Sequence[int]:
    return [person for person in (expert, second) if person is not None]


def _coordinators() -> Receivers:
    people = tuple(db.session.scalars(select(Person.id).where(Person.role == "coordinator", Person.active).order_by(Person.id)))
    return lambda _expert, _second: people


def _read(
    city: int, which: Sequence[ColumnElement[bool]], order: tuple[Any, Any], most: int, receivers: Receivers
) -> list[Found]:
    """The requests of that city. `order`: the day (or moment) that the reminder is about, then the number."""
    expert = aliased(Person)
    statement = (
        select(
            SupportRequest.id, order[0], SupportRequest.topic, SupportRequest.expert_id, SupportRequest.second_expert_id,
            expert.name, Organisation.name_fi, Organisation.name_sv, Organisation.name_en,
        )
        .join(Organisation, Organisation.id == SupportRequest.organisation_id)
        .outerjoin(expert, expert.id == SupportRequest.expert_id)
        .where(SupportRequest.organisation_id == city, *which)
        .order_by(*order[1:] if order[0] is SupportRequest.asked_at else order)
        .limit(most)
    )  # fmt: skip
    return [
        Found(
            number, finnish_day(about) if isinstance(about, datetime) else about, receivers(first, second), f"/support/{number}",
            {
                "number": shown_number(number), "topic": topics.catalogue().get(topic).name, "city": Trilingual(*names),
                "expert": name or "",
            },
        )
        for number, about, topic, first, second, name, *names in db.session.execute(statement)
    ]  # fmt: skip


def _untaken_after() -> int:
    """Of the latest edition: a reminder is about the present."""
    return triage.catalogue().editions[-1].untaken_after


SOURCES: Final[list[Source]] = [
    Source("advice", "support", ADVICE_DUE, "remind_support", answers),
    Source("advice-first", "support", ADVICE_DUE, "remind_support_first", first_answers),
    Source("advice-late", "support", ADVICE_LATE, "remind_support_late", late_answers),
    Source("advice-first-late", "support", ADVICE_LATE, "remind_support_first_late", late_first_answers),
    Source("advice-untaken", "support", Once(_untaken_after()), "remind_support_untaken", untaken),
]
