"""Which of the possible procedures is recommended. The Act leaves the choice to the city: this order is practice, and says so."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from procure.domain.advice.records import ACT, AGAINST, FOR, Facts, Reason, Verdict
from procure.domain.advice.regime import Regime
from procure.domain.advice.verdicts import RULES, Finding

BEST_FIRST: Final = (
    "design_contest", "innovation_partnership", "competitive_dialogue", "competitive_negotiation", "pcp", "national",
    "light_regime", "concession", "small_purchase", "open", "restricted", "challenge_competition", "framework", "dps",
    "direct_award",
)  # fmt: skip
"""The order in which procedures of the same verdict are shown."""

OF_REGIME: Final = {"light_regime": "light_regime", "concession": "concession", "below_national": "small_purchase"}
PRACTICE: Final = "recommended_in_practice"


def recommended(facts: Facts, column: str, findings: Mapping[str, Finding]) -> str:
    """The one procedure to recommend. A direct award never is: it is an exception that must be proved."""
    if column == "eu":
        return _recommended_in_eu(facts, findings)
    if column == "national":
        return "design_contest" if facts.kind == "design_contest" else "national"
    if column == "outside_act":
        return "pcp"
    return OF_REGIME[column]


def _recommended_in_eu(facts: Facts, findings: Mapping[str, Finding]) -> str:
    """The first that holds: what is closest to the need and leaves the most room for it."""
    if facts.kind == "design_contest":
        return "design_contest"
    if facts.kind == "concession" and facts.utilities:
        return "concession"
    if facts.availability == "none":
        return "innovation_partnership"
    if findings["competitive_dialogue"].available and facts.needs_negotiation and facts.cannot_be_precise:
        return "competitive_dialogue"
    if findings["competitive_negotiation"].available:
        return "competitive_negotiation"
    return "open"


def column_of(regime: Regime) -> str:
    """The column of the verdicts: the special sectors under their threshold go by the same as a small purchase."""
    return "below_national" if regime.id == "outside_act" and not regime.by_research else regime.id


def verdicts(facts: Facts, regime: Regime) -> tuple[Verdict, ...]:
    """Every procedure once, best first. Where the rules of the day are not known, none is available."""
    if regime.id == "unknown":
        unknown = replace(regime.reason, side=AGAINST)
        return tuple(Verdict(procedure, "not_available", (unknown,)) for procedure in BEST_FIRST)
    return _verdicts(facts, column_of(regime))


@lru_cache(8192)
def _verdicts(facts: Facts, column: str) -> tuple[Verdict, ...]:
    """Kept: many cases have the same facts, and an open case is asked about again and again."""
    findings = {procedure: rule(facts, column) for procedure, rule in RULES.items()}
    best = recommended(facts, column, findings)
    why = Reason(PRACTICE, FOR, f"{ACT} 3 §", {"rule": f"{best}_first"}, "practice")
    found: dict[str, list[Verdict]] = {"recommended": [], "possible": [], "not_available": []}
    for procedure in BEST_FIRST:
        finding = findings[procedure]
        verdict = "recommended" if procedure == best else "possible" if finding.available else "not_available"
        reasons = (*finding.reasons, why) if procedure == best else finding.reasons
        found[verdict].append(Verdict(procedure, verdict, reasons))
    return (*found["recommended"], *found["possible"], *found["not_available"])
