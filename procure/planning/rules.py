"""What the timetables of a city's cases are counted by."""

from datetime import date
from functools import lru_cache

from procure.catalogue.rulebook import rulebook
from procure.domain.calendar import Calendar
from procure.domain.planning.office import Office
from procure.domain.planning.timetable import Rules


@lru_cache(64)
def _open_days(closed: frozenset[date]) -> Calendar:
    """The city's working days. Kept once made: counting the days of a year is slow, and cities close on the same ones."""
    return rulebook().law.with_closed(closed)


def rules_of(office: Office) -> Rules:
    """Periods of the law over the national calendar; the city's own steps over its working days, durations and meetings."""
    return Rules(rulebook().law, _open_days(office.closed), office.durations, office.meetings)
