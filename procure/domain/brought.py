"""What one case brought as the portfolio counts it, and how it is counted. Rows in, counts out; nothing here depends on today.

Money is counted in whole cents, emissions in whole kilograms of CO2 equivalent. What is expected and what was achieved are never added,
nor a year and the whole time of a contract.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from procure.domain.results import ACHIEVED, CO2, EXPECTED, SAVINGS, SPANS, TENDERS, WHOLE, Effect, Results

GROUPS: Final = ("tenders", "tendered", "reviews", "review_cases", "review_days", "review_outcomes", "effects", "standstill_days")
"""Keys: `tenders` how many came in (counts of competitions); `tendered` cases, and those in which one came for something; `reviews`
the kind, and "kind:stayed"; `review_cases` cases by kind, `reviewed`, `stayed`, `awarded`, and with both `awarded_reviewed` and
`awarded_stayed`; `review_days` "kind:days"; `review_outcomes`
"kind:group"; `effects` the name of the sum, with `:cases` how many cases have it; `standstill_days` calendar days."""
SUMS: Final = tuple(f"{kind}_{when}_{span}" for kind in (SAVINGS, CO2) for when in (EXPECTED, ACHIEVED) for span in SPANS)
PARTS: Final = {SAVINGS: Decimal(100), CO2: Decimal(1000)}
"""Cents of a euro, kilograms of a tonne."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One review. `days`: from filing to the outcome; `group`: what the outcome says of the decision, "" while there is none."""

    kind: str
    stayed: bool
    days: int | None
    group: str


@dataclass(frozen=True, slots=True)
class Brought:
    """`tenders`: of each lot, or of the procurement, how many came in the first round that was counted. `sums`: name -> number in the
    smallest unit. `standstill`: calendar days of the standstill that was waited out."""

    tenders: tuple[int, ...] = ()
    reviews: tuple[Reviewed, ...] = ()
    sums: Mapping[str, int] | None = None
    standstill: int | None = None

    @property
    def single(self) -> bool:
        """One tender only came in for the procurement or for one of its lots."""
        return 1 in self.tenders

    @property
    def stayed(self) -> bool:
        return any(review.stayed for review in self.reviews)

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(review.kind for review in self.reviews))

    @property
    def kept(self) -> dict[str, Any]:
        """As a row keeps it."""
        reviews = [[one.kind, one.stayed, one.days, one.group] for one in self.reviews]
        return {"tenders": list(self.tenders), "reviews": reviews, "sums": dict(self.sums or {}), "standstill": self.standstill}


NOTHING: Final = Brought()


def from_kept(kept: Mapping[str, Any]) -> Brought:
    reviews = tuple(Reviewed(*one) for one in kept.get("reviews", ()))
    return Brought(tuple(kept.get("tenders", ())), reviews, kept.get("sums", {}), kept.get("standstill"))


def brought(results: Results, standstill: int | None, suspends: bool) -> Brought:
    """Of one case. Counts of a period that runs again say nothing yet. `suspends`: `domain.reviews.suspends`."""
    reviews = tuple(
        Reviewed(one.said.kind, one.stayed(suspends), one.days, one.decision.group if one.decision else "")
        for one in results.reviews
    )
    return Brought(_tenders(results), reviews, _sums(results.effects), standstill)


def _tenders(results: Results) -> tuple[int, ...]:
    """Lots one by one where they were counted, else the procurement. The first round shows the competition; later ones have fewer."""
    first: dict[int, int] = {}
    for count in results.counts:
        if not count.stale and TENDERS in count.numbers:
            first.setdefault(count.lot, count.numbers[TENDERS])
    lots = {lot: number for lot, number in first.items() if lot != WHOLE}
    return tuple((lots or first)[lot] for lot in sorted(lots or first))


def _sums(effects: tuple[Effect, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for effect in effects:
        aim = effect.aim
        if aim.kind not in PARTS:
            continue
        values = {EXPECTED: aim.expected, ACHIEVED: effect.achieved.value if effect.achieved else None}
        for when, value in values.items():
            if value is not None:
                name = f"{aim.kind}_{when}_{aim.span}"
                found[name] = found.get(name, 0) + int((value * PARTS[aim.kind]).to_integral_value(ROUND_HALF_UP))
    return found


def counted(found: Brought, awarded: bool) -> Iterator[tuple[str, str, int]]:
    """Group, key and number. `awarded`: it has been decided who wins, so that there is something to appeal against."""
    for number in found.tenders:
        yield "tenders", str(number), 1
    if found.tenders:
        yield "tendered", "cases", 1
    if found.single:
        yield "tendered", "single", 1
    if found.standstill is not None:
        yield "standstill_days", str(found.standstill), 1
    yield from _reviews(found, awarded)
    for name, value in (found.sums or {}).items():
        yield "effects", name, value
        yield "effects", f"{name}:cases", 1


def _reviews(found: Brought, awarded: bool) -> Iterator[tuple[str, str, int]]:
    if awarded:
        yield "review_cases", "awarded", 1
    for what, holds in (("reviewed", bool(found.reviews)), ("stayed", found.stayed)):
        if holds:
            yield "review_cases", what, 1
        if holds and awarded:
            yield "review_cases", f"awarded_{what}", 1
    for kind in found.kinds:
        yield "review_cases", kind, 1
    for review in found.reviews:
        yield "reviews", review.kind, 1
        if review.stayed:
            yield "reviews", f"{review.kind}:stayed", 1
        if review.days is not None:
            yield "review_days", f"{review.kind}:{review.days}", 1
        if review.group:
            yield "review_outcomes", f"{review.kind}:{review.group}", 1
