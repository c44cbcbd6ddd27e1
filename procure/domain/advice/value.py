"""The value that is held against the thresholds (27 §), and the thresholds that concern the case (25–26 §, 1398/2016 13 §)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from procure.domain.advice.records import ACT, HeldAgainst, Remark, Threshold, Value
from procure.domain.casefile import CaseFile, Lot

LARGEST_TOTAL: Final = f"{ACT} 27 § 1 mom"
LOTS_TOGETHER: Final = f"{ACT} 27 § 3 mom"
SMALL_LOTS: Final = f"{ACT} 27 § 4 mom"
SMALL_LOT: Final = Decimal(80_000)
SMALL_LOT_OF_WORKS: Final = Decimal(1_000_000)
SMALL_LOTS_SHARE: Final = Decimal("0.2")


def value_of(case: CaseFile) -> Value:
    """The larger of the estimate and the sum of the lots: lots bought at the same time are added together."""
    estimate = case.estimated_value.amount
    lots = case.lots or ()
    total = sum((lot.value for lot in lots), Decimal(0))
    if not lots or total <= estimate:
        citation = f"{LARGEST_TOTAL}; {LOTS_TOGETHER}" if lots else LARGEST_TOTAL
        return Value(estimate, citation, _small_lots(case, lots, total))
    return Value(total, LOTS_TOGETHER, _small_lots(case, lots, total))


def lots_differ(case: CaseFile) -> bool:
    """Whether the lots and the estimate say different sums."""
    return bool(case.lots) and sum((lot.value for lot in case.lots or ()), Decimal(0)) != case.estimated_value.amount


def _small_lots(case: CaseFile, lots: Iterable[Lot], total: Decimal) -> tuple[Remark, ...]:
    """Lots that may be bought outside the rules of the whole (27 § 4 mom). They do not lower the value."""
    small = [lot for lot in lots if lot.value < (SMALL_LOT_OF_WORKS if case.kind_of(lot) == "works" else SMALL_LOT)]
    together = sum((lot.value for lot in small), Decimal(0))
    if not small or together > total * SMALL_LOTS_SHARE:
        return ()
    return (Remark("small_lots", SMALL_LOTS, {"number": str(len(small)), "together_eur": str(together)}),)


COUNTED_AS: Final = {"rd_services": "services", "design_contest": "services"}
"""Research and design contests are counted as services (25–26 §)."""


def concerning(case: CaseFile, thresholds: Iterable[Threshold], value: Decimal, on: date) -> tuple[HeldAgainst, ...]:
    """The rows of the case's kind, sector and buyer type on that day; after the last known day the last rows."""
    kind = COUNTED_AS.get(case.contract_kind, case.contract_kind)
    levels = ("utilities",) if case.sector == "utilities" else ("national", "eu")
    return tuple(
        HeldAgainst(row, value >= row.amount)
        for row in thresholds
        if row.level in levels and kind in row.kinds and case.buyer_type in row.buyer_types and holds(row, on)
    )


LAST_PUBLISHED: Final = date(2027, 12, 31)
"""The amounts after it are not yet published: the Commission revises them every two years (26 § 3 mom)."""


def holds(row: Threshold, on: date) -> bool:
    """Whether the row holds on that day; the last rows hold until new ones are published."""
    day = min(on, LAST_PUBLISHED)
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
