"""Periods of the law, counted: the Act on counting periods (150/1930), Regulation 1182/71 and 129 § of Act 1397/2016.

The day of the event is not counted; months and years end on the corresponding day; a last day on which no office is open rolls to
the next working day, and of a period counted backwards to the one before. Lengths are calendar days unless said otherwise.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from procure.domain.calendar import Calendar, moved, moved_by_months
from procure.domain.language import Trilingual
from procure.domain.outcomes import Reason, Refusal

EMAIL: Final = "email"
LETTER: Final = "letter"
DELIVERIES: Final = (EMAIL, LETTER)
RECEIPT: Final = {EMAIL: "deemed_receipt_email", LETTER: "deemed_receipt_letter"}
"""The rule that says when a decision sent in this way has been received (127 §)."""

LIMITS: Final = ("least", "most", "window", "added")
"""`least`: a period that must be left; `most`: a day by which something must be done. `window` and `added` (to another period)
are told, not counted by themselves."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One row of the deadlines: a period of the law as it stood between `valid_from` and `valid_to` (None: until further notice)."""

    id: str
    name: Trilingual
    counted_from: Trilingual
    """The event, in words."""
    days: int
    months: int
    limit: str
    citation: str
    confidence: str
    source: str
    verified_on: date | None
    valid_from: date
    valid_to: date | None
    from_receipt: bool = False
    backwards: bool = False
    rolls: bool = True
    gives_safe_day: bool = False
    """Acting is safe only on the day after: standstill and appeal periods."""

    @property
    def counted(self) -> bool:
        return self.limit in ("least", "most") and self.id not in RECEIPT.values()


class Counted(NamedTuple):
    """A deadline counted for one event. `counted_from` is the day of receipt where the period runs from receipt."""

    rule: Deadline
    event: date
    counted_from: date
    last_day: date
    rolled_last_day: date
    safe_from: date | None

    @property
    def rolled(self) -> bool:
        return self.last_day != self.rolled_last_day


class Deadlines:
    """Every deadline with all its rows. `of` finds the row that is in force on a day."""

    def __init__(self, rows: Iterable[Deadline]) -> None:
        self._by_id: dict[str, tuple[Deadline, ...]] = {}
        ordered = sorted(rows, key=lambda row: row.valid_from)
        for row in ordered:
            self._by_id[row.id] = (*self._by_id.get(row.id, ()), row)
        self._changes = sorted({row.valid_from for row in ordered})

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._by_id)

    def stand(self, on: date) -> int:
        """A number that is the same for two days on which the same rows hold."""
        return bisect_right(self._changes, on)

    def last_change(self, on: date) -> date:
        """The last day up to and with `on` from which some row holds; before the first one, date.min."""
        return max((day for day in self._changes if day <= on), default=date.min)

    def __contains__(self, rule_id: str) -> bool:
        return rule_id in self._by_id

    def of(self, rule_id: str, on: date) -> Deadline:
        """The row in force on that day; before the first one, that: a case of an earlier day is told today's nearest rule.

        Raises Refusal for an unknown id.
        """
        rows = self._by_id.get(rule_id)
        if rows is None:
            raise Refusal(Reason("deadline_unknown", {"rule": rule_id}, target="rule"))
        return next((row for row in reversed(rows) if row.valid_from <= on), rows[0])

    def count(self, rule_id: str, event: date, calendar: Calendar, by: str = EMAIL, minus: bool = False) -> Counted:
        """The deadline after the event (with `minus`: before it). `by` says how a decision was sent, where receipt counts.

        Raises Refusal for a rule that is not counted or not counted from receipt, OutOfCalendar for a year that is not known.
        """
        rule = self.of(rule_id, event)
        if not rule.counted:
            raise Refusal(Reason("deadline_not_counted", {"rule": rule_id}, rule.citation, target="rule"))
        if by == LETTER and not rule.from_receipt:
            raise Refusal(Reason("deadline_not_from_receipt", {"rule": rule_id}, rule.citation, target="by"))
        received = moved(event, self.of(RECEIPT[by], event).days) if rule.from_receipt else event
        return counted(rule, event, received, calendar, minus)


def counted(rule: Deadline, event: date, counted_from: date, calendar: Calendar, minus: bool = False) -> Counted:
    """The rule counted from a day, without asking how that day came about. Raises OutOfCalendar."""
    backwards = rule.backwards or minus
    sign = -1 if backwards else 1
    last_day = moved_by_months(moved(counted_from, sign * rule.days), sign * rule.months)
    rolled = last_day
    if rule.rolls:
        rolled = calendar.on_or_before(last_day) if backwards else calendar.on_or_after(last_day)
    safe_from = moved(rolled, 1) if rule.gives_safe_day and not backwards else None
    return Counted(rule, event, counted_from, last_day, rolled, safe_from)
