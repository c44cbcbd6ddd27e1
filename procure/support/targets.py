"""By when the network answers: working days of the catalogue over the calendar of the city that asks."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from procure.catalogue import calendar, triage
from procure.domain.calendar import Calendar
from procure.domain.triage import Days, days_of
from procure.infra.clock import FINLAND

Closed = Callable[[int], frozenset[date]]
CLOSED: Final[dict[str, Closed]] = {}
"""Who knows on which days an organisation is closed besides weekends and holidays: put in at the start by what keeps them."""


def calendar_of(organisation_id: int) -> Calendar:
    """The city's working days: an answer that comes while the city is closed helps nobody."""
    closed = frozenset[date]().union(*(known(organisation_id) for known in CLOSED.values()))
    return calendar.finnish().with_closed(closed) if closed else calendar.finnish()


def usual(organisation_id: int, urgency: str, asked_on: date) -> Days:
    """The days that the catalogue of the day of asking gives that urgency."""
    return days_of(asked_on, triage.catalogue().on(asked_on).targets[urgency], calendar_of(organisation_id))


def finnish_day(moment: datetime) -> date:
    """The Finnish date of a moment."""
    return moment.astimezone(FINLAND).date()
