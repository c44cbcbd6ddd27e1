"""What the officer should look at, whatever the verdicts. Each is one small question with its section."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from procure.domain.advice import value as values
from procure.domain.advice.records import ACT, Facts, HeldAgainst, Proposal, Remark, Value
from procure.domain.advice.regime import Regime
from procure.domain.advice.verdicts import direct_award_grounds
from procure.domain.calendar import moved_by_months
from procure.domain.casefile import CaseFile
from procure.domain.deadlines import Deadline
from procure.domain.planning import periods
from procure.domain.planning.backwards import Timetable

NEAR: Final = Decimal("0.9")
FEW_SUPPLIERS: Final = 2
ESTIMATE_MONTHS: Final = 12


def of_value(case: CaseFile, value: Value, held: Iterable[HeldAgainst], start: date) -> Iterator[Remark]:
    """Lots and estimate, options, closeness to a threshold, age of the estimate."""
    if values.lots_differ(case):
        yield Remark("lots_differ_from_estimate", values.LOTS_TOGETHER, {"compared_eur": str(value.compared)})
    if case.estimated_value.options_included is False:
        yield Remark("options_not_included", values.LARGEST_TOTAL)
    for row in held:
        if NEAR * row.threshold.amount <= value.compared < row.threshold.amount:
            yield Remark(
                "near_threshold", f"{ACT} 31 §", {"amount_eur": str(row.threshold.amount), "threshold": row.threshold.id}
            )
            break
    made = case.estimated_value.date
    if made is not None and moved_by_months(made, ESTIMATE_MONTHS) < start:
        yield Remark("estimate_old", values.LARGEST_TOTAL, {"made_on": made.isoformat()})


def of_market(facts: Facts, regime: Regime) -> Iterator[Remark]:
    """Claims of a single supplier or of a ground for direct award, and the risk of a single tender."""
    if facts.single_supplier != "none":
        yield Remark("single_supplier_claim", f"{ACT} 40 § 2 mom 2–3 k")
    if regime.id != "unknown" and direct_award_grounds(facts):
        yield Remark("direct_award_needs_proof", f"{ACT} 40 §, 124 § 1 mom 8 k")
    few = facts.known_suppliers is not None and facts.known_suppliers <= FEW_SUPPLIERS
    if few or (regime.id == "eu" and facts.consulted is False):
        yield Remark("one_tender_risk", f"{ACT} 2 §, 65 §")


def of_law(rules_on: date, regime: Regime, value: Value, proposals: Iterable[Proposal]) -> Iterator[Remark]:
    """Amounts that are not yet published and rules that are only proposed."""
    if rules_on > values.LAST_PUBLISHED:
        yield Remark("thresholds_not_yet_published", f"{ACT} 26 § 3 mom", {"last_on": values.LAST_PUBLISHED.isoformat()})
    concerned = [proposal for proposal in proposals if rules_on >= proposal.proposed_on and _concerns(proposal, regime, value)]
    if concerned:
        yield Remark("proposed_law", concerned[0].citation, {"bill": concerned[0].bill})


def _concerns(proposal: Proposal, regime: Regime, value: Value) -> bool:
    if proposal.applies_over is None:
        return regime.id == "eu"
    return value.compared > proposal.applies_over


def of_dates(case: CaseFile, start: date, window: Deadline, timetable: Timetable | None) -> Iterator[Remark]:
    """A prior information notice outside its window, and a contract that cannot come in time."""
    sent = case.prior_information_notice
    if sent is not None and not periods.within_pin_window(start, sent, window):
        yield Remark("pin_outside_window", window.citation, {"sent_on": sent.isoformat()})
    if timetable is not None and timetable.feasible is False:
        assert timetable.latest_start is not None  # feasible says something only where there is one
        yield Remark("not_feasible", f"{ACT} 56 § 1 mom", {"latest_start_on": timetable.latest_start.isoformat()})
