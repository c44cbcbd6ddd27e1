"""What other cities have really needed for the steps: medians that a plan may use in the place of the catalogue's working days.

Practice, never law: a step for which the law sets a period does not ask for them. They come in as values, so that a plan counted
twice from the same ones is the same plan.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from procure.domain.figures import MEDIAN, percentile
from procure.domain.portfolio import SLOW
from procure.domain.procedures import Stage
from procure.domain.shared_figures import LEAST_CITIES

LEAST_CASES: Final = 10
"""With fewer cases behind it a median is no experience."""
NOT_THE_CITY_S: Final = frozenset({"questions", "standstill", "contract_management", "archive", "follow_up"})
"""Stages whose last day follows from another one's, and those that last for years after the contract."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Working days in a stage, of so many cases that have passed it, as counted on a day: half of them needed at most `median`, four in
    five at most `slow`."""

    cases: int
    median: int
    slow: int
    on: date

    @property
    def days(self) -> int:
        """What a plan takes: at least one day, since a step that is planned takes place."""
        return max(1, self.median)

    def as_kept(self) -> dict[str, Any]:
        return {"cases": self.cases, "median": self.median, "slow": self.slow, "on": self.on.isoformat()}


def from_kept(kept: Mapping[str, Any]) -> Learned:
    """The other way round than `as_kept`."""
    return Learned(kept["cases"], kept["median"], kept["slow"], date.fromisoformat(kept["on"]))


def learned(days_by_city: Mapping[int, Mapping[int, int]], on: date) -> Learned | None:
    """From city -> working days -> how many cases needed them; None while too few cases or cities are behind it."""
    counts: dict[int, int] = {}
    for days in days_by_city.values():
        for day, cases in days.items():
            counts[day] = counts.get(day, 0) + cases
    number, cities = sum(counts.values()), sum(1 for days in days_by_city.values() if any(days.values()))
    median, slow = percentile(counts, MEDIAN), percentile(counts, SLOW)
    if number < LEAST_CASES or cities < LEAST_CITIES or median is None or slow is None:
        return None
    return Learned(number, median, slow, on)


def days_of(stages: Iterable[Stage], found: Mapping[str, Learned]) -> dict[str, int]:
    """Stage -> working days, for the stages that can be planned so. One that the catalogue leaves out stays out."""
    return {
        stage.id: found[stage.id].days
        for stage in stages
        if stage.id in found and stage.usual_days > 0 and stage.id not in NOT_THE_CITY_S
    }
