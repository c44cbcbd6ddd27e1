"""Saying how the city works: closing days, meetings of its bodies, and how long its steps take.

Each change locks the city first, so that of two people who change at once the second sees what the first has done.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, func, select

from procure.accounts.models import Person
from procure.accounts.queries import lock_city
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.planning.office import Meeting
from procure.infra.db import db
from procure.planning import queries
from procure.planning.models import CityClosing, CityDuration, CityMeeting

YEARS: Final = range(2000, 2101)
MOST_DAYS: Final = 366
"""Calendar days that one entry of closing days may span."""
MOST_CLOSINGS: Final = 200
MOST_MEETINGS: Final = 400
"""How many of each a city may have from today on."""
MOST_WORKING_DAYS: Final = 1000


def add_closing(first: date, last: date | None, name: str, by: Actor, today: date, now: datetime) -> CityClosing:
    """The city does not work from the first day to the last, both with; on the first only when there is no last.

    Raises Refusal: `city_year`, `closing_backwards`, `closing_long`, `closing_known`, `closings_many`.
    """
    last = last or first
    _check_years("first_day", [first])
    _check_years("last_day", [last])
    if last < first:
        raise Refusal(Reason("closing_backwards", target="last_day"))
    if (last - first).days >= MOST_DAYS:
        raise Refusal(Reason("closing_long", {"most": str(MOST_DAYS)}, target="last_day"))
    lock_city(by.organisation_id)
    known = select(CityClosing.id).where(
        CityClosing.organisation_id == by.organisation_id, CityClosing.first_day == first, CityClosing.last_day == last
    )
    if db.session.scalar(known) is not None:
        raise Refusal(Reason("closing_known", target="first_day"))
    if _count(CityClosing, by, CityClosing.last_day >= today) >= MOST_CLOSINGS:
        raise Refusal(Reason("closings_many", {"most": str(MOST_CLOSINGS)}))
    closing = CityClosing(
        organisation_id=by.organisation_id, first_day=first, last_day=last, name=name.strip(), changed_at=now, changed_by_id=by.id
    )
    db.session.add(closing)
    db.session.flush()
    return closing


def remove_closing(closing: CityClosing) -> None:
    """The city works on these days after all. Removed by somebody else meanwhile is removed."""
    db.session.execute(delete(CityClosing).where(CityClosing.id == closing.id))


def add_meetings(days: Iterable[date], body: str, by: Actor, today: date, now: datetime) -> tuple[int, int]:
    """The body meets on these days. How many were added, and how many were there already.

    Raises Refusal: `city_year`, `meetings_many`.
    """
    wanted, body = sorted(set(days)), body.strip()
    _check_years("days", wanted)
    lock_city(by.organisation_id)
    known = set(
        db.session.scalars(
            select(CityMeeting.held_on).where(
                CityMeeting.organisation_id == by.organisation_id,
                CityMeeting.body == body,
                CityMeeting.held_on.between(wanted[0], wanted[-1]),
            )
        )
    )
    added = [day for day in wanted if day not in known]
    if _count(CityMeeting, by, CityMeeting.held_on >= today) + len(added) > MOST_MEETINGS:
        raise Refusal(Reason("meetings_many", {"most": str(MOST_MEETINGS)}, target="days"))
    db.session.add_all(
        CityMeeting(organisation_id=by.organisation_id, held_on=day, body=body, changed_at=now, changed_by_id=by.id)
        for day in added
    )
    db.session.flush()
    return len(added), len(wanted) - len(added)


def remove_meeting(meeting: CityMeeting) -> None:
    """The body does not meet on that day. Removed by somebody else meanwhile is removed."""
    db.session.execute(delete(CityMeeting).where(CityMeeting.id == meeting.id))


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody entered for a stage: working days, None for the catalogue's number; `seen` is what the page showed before."""

    stage: str
    days: int | None
    seen: int | None


def set_durations(wishes: Sequence[Wish], by: Actor, now: datetime) -> int:
    """Keep the numbers that the person changed, and say how many those are. What others changed meanwhile stays.

    Raises Refusal with a `duration_changed` or `duration_removed` for each of them that somebody else has changed meanwhile, too,
    and in another way: nothing is written then.
    """
    changed = [wish for wish in wishes if wish.days != wish.seen]
    if any(wish.days is not None and not 0 <= wish.days <= MOST_WORKING_DAYS for wish in changed):
        raise ValueError("working days out of range")  # the form lets nothing else through
    lock_city(by.organisation_id)
    present = _durations_now(by)
    reasons = [
        _overtaken(wish, present.get(wish.stage))
        for wish in changed
        if _days(present.get(wish.stage)) not in (wish.seen, wish.days)
    ]
    if reasons:
        raise Refusal(*reasons)
    changed = [wish for wish in changed if _days(present.get(wish.stage)) != wish.days]
    for wish in changed:
        row = present.get(wish.stage)
        if wish.days is None:
            db.session.delete(row)
            continue
        if row is None:
            row = CityDuration(organisation_id=by.organisation_id, stage=wish.stage)
            db.session.add(row)
        row.working_days, row.changed_at, row.changed_by_id = wish.days, now, by.id
    db.session.flush()
    return len(changed)


def load(
    organisation_id: int,
    closings: Iterable[tuple[date, date, str]],
    meetings: Iterable[Meeting],
    durations: Mapping[str, int],
    now: datetime,
) -> bool:
    """Fill the calendar of a city that has none, by nobody in particular; False when it has one already."""
    office = queries.office_of(organisation_id)
    if office.closed or office.meetings or office.durations:
        return False
    common: dict[str, Any] = {"organisation_id": organisation_id, "changed_at": now, "changed_by_id": None}
    db.session.add_all(CityClosing(first_day=first, last_day=last, name=name, **common) for first, last, name in closings)
    db.session.add_all(CityMeeting(held_on=meeting.on, body=meeting.body, **common) for meeting in meetings)
    db.session.add_all(CityDuration(stage=stage, working_days=days, **common) for stage, days in durations.items())
    db.session.flush()
    return True


def _check_years(target: str, days: Iterable[date]) -> None:
    if any(day.year not in YEARS for day in days):
        raise Refusal(Reason("city_year", {"first": str(YEARS[0]), "last": str(YEARS[-1])}, target=target))


def _count(table: Any, by: Actor, which: Any) -> int:
    statement = select(func.count()).select_from(table).where(table.organisation_id == by.organisation_id, which)
    return db.session.scalar(statement) or 0


def _durations_now(by: Actor) -> dict[str, CityDuration]:
    """The rows as they are now that the city is locked, whatever was read before."""
    statement = select(CityDuration).where(CityDuration.organisation_id == by.organisation_id)
    rows = db.session.scalars(statement.execution_options(populate_existing=True))
    return {row.stage: row for row in rows}


def _days(row: CityDuration | None) -> int | None:
    return row.working_days if row else None


def _overtaken(wish: Wish, row: CityDuration | None) -> Reason:
    target = f"days-{wish.stage}"
    if row is None:
        return Reason("duration_removed", target=target)
    person = db.session.get(Person, row.changed_by_id) if row.changed_by_id else None
    return Reason("duration_changed", {"name": person.name if person else "", "days": str(row.working_days)}, target=target)
