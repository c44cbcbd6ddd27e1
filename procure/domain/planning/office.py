"""How a city works. Practice, never law: no period of the law knows a city's closing days (5 § of Act 150/1930)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from procure.domain.planning.experience import Learned


@dataclass(frozen=True, slots=True)
class Meeting:
    """A day on which a body of the city meets and may decide."""

    on: date
    body: str


@dataclass(frozen=True, slots=True)
class Office:
    """How a city works: its closing days, its board's meetings, and how many working days its steps take."""

    closed: frozenset[date] = frozenset()
    meetings: tuple[Meeting, ...] = ()
    """In order of date."""
    durations: Mapping[str, int] = field(default_factory=dict)
    """Stage id -> working days; a stage that is not named takes the catalogue's `usual_days`."""
    learned: Mapping[str, Mapping[str, Learned]] = field(default_factory=dict)
    """Procedure -> stage -> what the network's cities have needed, as counted last."""


def meeting_from(meetings: Iterable[Meeting], day: date) -> Meeting | None:
    """The first of the meetings, which come in the order of their days, on the day or after it; None when none is known."""
    return next((meeting for meeting in meetings if meeting.on >= day), None)


def days_of(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both with; none when the last is the earlier one."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
