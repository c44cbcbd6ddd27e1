"""The periods of the law that a case's events have started, as the pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from procure.cases import deadlines
from procure.catalogue import deadlines as catalogue
from procure.domain import after_events
from procure.domain.after_events import CONTRACT


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One period, with everything it rests on."""

    number: int
    rule: str
    name: str
    citation: str
    from_words: str
    """The event from which it is counted, in words."""
    event_on: date
    sent_by: str
    counted_from: date
    last_day: date
    rolled_last_day: date
    safe_from: date | None
    evidence: str
    met_on: date | None
    set_aside: bool
    asks: bool
    """The city must do something by the last day."""

    @property
    def rolled(self) -> bool:
        return self.last_day != self.rolled_last_day

    @property
    def backwards(self) -> bool:
        return self.rolled_last_day < self.counted_from

    @property
    def late(self) -> bool:
        """Done, but after the last day."""
        return self.met_on is not None and self.met_on > self.rolled_last_day


@dataclass(frozen=True, slots=True)
class DeadlineSection:
    """What the page of a case says about its periods. `contract_from`: the first day on which the law lets the contract be made, while
    it has not been made."""

    contract_from: date | None
    contract_citation: str
    contract_open: bool
    """That day has come."""
    running: tuple[DeadlineLine, ...]
    over: tuple[DeadlineLine, ...]

    @property
    def empty(self) -> bool:
        return not self.running and not self.over


def line(row: Any, language: str) -> DeadlineLine:
    rule = catalogue.catalogue().of(row.rule, row.edition)
    asks = row.rule in after_events.DONE_BY
    return DeadlineLine(
        row.id, row.rule, rule.name[language], row.citation, rule.counted_from[language], row.event_on, row.sent_by, row.counted_from,
        row.last_day, row.rolled_last_day, row.safe_from, row.evidence, row.met_on, row.set_aside_by is not None, asks,
    )  # fmt: skip


def section(rows: Sequence[Any], contract_made: bool, language: str, today: date) -> DeadlineSection:
    """Rows in the order of their last days. Running: counts still, is not done, and ends today or later, or is to be done still."""
    lines = [line(row, language) for row in rows]
    running = tuple(one for one in lines if _runs(one, today))
    over = tuple(one for one in lines if one not in running)
    wait = None if contract_made else deadlines.wait_of(CONTRACT, rows)
    return DeadlineSection(
        wait.safe_on if wait else None, wait.citation if wait else "", wait is not None and wait.safe_on <= today, running, over
    )


def _runs(one: DeadlineLine, today: date) -> bool:
    if one.set_aside or one.met_on is not None:
        return False
    return one.rolled_last_day >= today or one.rule.startswith("award_notice")  # a missing award notice stays to be sent


def open_line(rows: Iterable[Any], number: int, language: str) -> DeadlineLine | None:
    """The deadline of that number while it can still be marked as done."""
    found = next((row for row in rows if row.id == number), None)
    if found is None or found.met_on is not None or found.set_aside_by is not None or found.rule not in after_events.DONE_BY:
        return None
    return line(found, language)
