"""Which period of the law rules a step of a procedure: 56–57 § from the EU threshold on, 121 § for concessions, 129 § standstill.

Elsewhere no law sets a minimum ("reasonable": 56 § 1 mom, 102 § 1 mom 10 k, 113 §) and the city's own working days are used. Act
1398/2016 on the special sectors has not been read: there no minimum period is claimed either.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from procure.domain.calendar import Calendar, moved, moved_by_months
from procure.domain.deadlines import Counted, Deadline, Deadlines, counted

PERIODS: Final[Mapping[tuple[str, str], str]] = {
    ("open", "tender_period"): "open.tenders",
    ("framework", "tender_period"): "open.tenders",
    ("restricted", "requests"): "restricted.requests",
    ("restricted", "tender_period"): "restricted.tenders",
    ("competitive_negotiation", "requests"): "competitive_negotiation.requests",
    ("competitive_negotiation", "initial_tenders"): "competitive_negotiation.initial_tenders",
    ("competitive_dialogue", "requests"): "competitive_dialogue.requests",
    ("innovation_partnership", "requests"): "innovation_partnership.requests",
    ("innovation_partnership", "initial_tenders"): "innovation_partnership.initial_tenders",
    ("dps", "requests"): "dps.requests",
    ("dps", "call"): "dps.tenders",
    ("concession", "tender_period"): "concession.tenders",
}
"""Procedure and stage -> the period without any shortening. The shortened ones are the rows `…_electronic`, `…_urgent`,
`…_after_pin`: a period that has no such row is not shortened (57 § does not name the dialogue and the partnership)."""

DOCUMENTS_NOT_ONLINE: Final = "documents_not_open_online"
LONGER_WITHOUT_DOCUMENTS: Final = frozenset(
    {"open.tenders", "restricted.tenders", "competitive_negotiation.initial_tenders", "innovation_partnership.initial_tenders"}
)
"""69 § 2–3 mom: the tender periods that grow when the documents are not freely online."""

REGIME_OF_ACT: Final = "eu"
STANDSTILL_REGIMES: Final = frozenset({"eu", "light_regime", "concession"})
"""129 § 1 mom: EU procurements, Annex E services from their national threshold on, and concessions."""
STANDSTILLS: Final[Mapping[str, str]] = {"dps": "standstill_dps_framework"}


@dataclass(frozen=True, slots=True)
class Terms:
    """The facts that decide how long the periods are."""

    regime: str
    utilities: bool = False
    electronic: bool = True
    documents_open_online: bool = True
    urgent: bool = False
    """Duly justified urgency, 57 § 1 mom."""
    prior_information_notice: date | None = None
    """The day on which it was sent."""


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least number of calendar days that a step must last, and the row it comes from."""

    days: int
    rule: Deadline
    citation: str
    confidence: str


def within_pin_window(notice: date, sent: date, window: Deadline) -> bool:
    """Whether a prior information notice was sent 35 days to 12 months before the contract notice (61 § 2 mom). No rolling."""
    return moved_by_months(notice, -window.months) <= sent <= moved(notice, -window.days)


def family(procedure: str, stage: str, terms: Terms) -> str:
    """The id of the period that rules the stage under these terms, "" where no law sets one."""
    if terms.utilities:
        return ""
    period = PERIODS.get((procedure, stage), "")
    regime = "concession" if procedure == "concession" else REGIME_OF_ACT
    return period if terms.regime == regime else ""


def minimum(period: str, terms: Terms, after_pin: bool, deadlines: Deadlines, on: date) -> Minimum:
    """The shortest of the period's rows that the terms allow, with the days that closed documents add.

    The five days for electronic tenders are never taken off the shortened periods: those are floors of their own.
    """
    allowed = [""]
    allowed += ["_electronic"] if terms.electronic else []
    allowed += ["_urgent"] if terms.urgent else []
    allowed += ["_after_pin"] if after_pin else []
    rows = [deadlines.of(period + suffix, on) for suffix in allowed if period + suffix in deadlines]
    rule = min(rows, key=lambda row: row.days)
    if terms.documents_open_online or terms.urgent or period not in LONGER_WITHOUT_DOCUMENTS:
        return Minimum(rule.days, rule, rule.citation, rule.confidence)
    more = deadlines.of(DOCUMENTS_NOT_ONLINE, on)
    longer = replace(rule, days=rule.days + more.days, citation=f"{rule.citation}; {more.citation}")
    return Minimum(longer.days, longer, longer.citation, longer.confidence)


def end_of(least: Minimum, event: date, calendar: Calendar) -> Counted:
    """The last day of the period after its event. Raises OutOfCalendar."""
    return counted(least.rule, event, event, calendar)


def standstill(procedure: str, terms: Terms, deadlines: Deadlines, on: date) -> Deadline | None:
    """The standstill that follows the notification of the decision; None where 129 § sets none."""
    if terms.regime not in STANDSTILL_REGIMES or procedure == "direct_award":
        return None
    return deadlines.of(STANDSTILLS.get(procedure, "standstill"), on)
