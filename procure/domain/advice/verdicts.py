"""Each procedure held against the facts: possible or not, with the reasons on both sides. A fact that is not known opens nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from procure.domain.advice.records import ACT, AGAINST, FOR, Facts, Reason

COLUMNS: Final = ("eu", "national", "light_regime", "concession", "below_national", "outside_act")
UTILITIES_DIRECTIVE: Final = "Dir 2014/25/EU Art 44, 47–48"


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a procedure is open to the case, and why."""

    available: bool
    reasons: tuple[Reason, ...]


def yes(*reasons: Reason) -> Finding:
    return Finding(True, reasons)


def no(*reasons: Reason) -> Finding:
    return Finding(False, reasons)


@lru_cache(1024)
def pro(code: str, citation: str, confidence: str = "verified", **parameters: str) -> Reason:
    return Reason(code, FOR, citation, parameters, confidence)


@lru_cache(1024)
def con(code: str, citation: str, confidence: str = "verified", **parameters: str) -> Reason:
    return Reason(code, AGAINST, citation, parameters, confidence)


def missing(key: str, citation: str) -> Reason:
    """The fact of that key of the case file is not known: what it could open stays closed."""
    return con("fact_missing", citation, key=key)


FREE: Final[Mapping[str, Reason]] = {
    "national": pro("national_free", f"{ACT} 100 §"),
    "light_regime": pro("light_regime_free", f"{ACT} 109 §"),
    "concession": pro("concession_free", f"{ACT} 118 §"),
    "below_national": pro("voluntary", f"{ACT} 25 § 2 mom"),
}
"""Where the city may shape its procedure itself, within the principles of 3 §."""

OUTSIDE: Final = con("outside_act", f"{ACT} 9 § 1 mom 13 k")


def other_regime(citation: str) -> Finding:
    return no(con("other_regime", citation))


def _rigid(facts: Facts, citation: str) -> tuple[Reason, ...]:
    """What speaks against a procedure in which nothing may be negotiated."""
    found = []
    if facts.needs_negotiation:
        found.append(con("no_negotiation", citation))
    if facts.cannot_be_precise:
        found.append(con("needs_precise_description", citation))
    return tuple(found)


def open_procedure(facts: Facts, column: str) -> Finding:
    if column == "outside_act":
        return no(OUTSIDE)
    reason = pro("always_allowed", f"{ACT} 32 §") if column == "eu" else FREE[column]
    return yes(reason, *_rigid(facts, f"{ACT} 32 §"))


def restricted(facts: Facts, column: str) -> Finding:
    if column == "outside_act":
        return no(OUTSIDE)
    reason = pro("always_allowed", f"{ACT} 33 §") if column == "eu" else FREE[column]
    return yes(reason, *_rigid(facts, f"{ACT} 33 §"))


def competitive_negotiation(facts: Facts, column: str) -> Finding:
    return _negotiated(facts, column, "")


def competitive_dialogue(facts: Facts, column: str) -> Finding:
    found = _negotiated(facts, column, "36 § 2 mom, ")
    if not found.available:
        return found
    return yes(*found.reasons, con("price_quality_required", f"{ACT} 36 § 2 mom"))


def _negotiated(facts: Facts, column: str, through: str) -> Finding:
    """34 § 2–3 mom, which 36 § 2 mom makes the conditions of the dialogue too. In the special sectors it is free."""
    if column == "outside_act":
        return no(OUTSIDE)
    if column != "eu":
        return yes(FREE[column])
    if facts.utilities:
        return yes(pro("utilities_free", UTILITIES_DIRECTIVE, "recalled"))
    grounds = _grounds_to_negotiate(facts, f"{ACT} {through}34 §")
    return yes(*grounds) if grounds else no(*_why_no_negotiation(facts, f"{ACT} {through}34 §"))


def _grounds_to_negotiate(facts: Facts, act: str) -> tuple[Reason, ...]:
    held = (
        (facts.availability == "none", "market_none", "2 mom 1 k"),
        (facts.availability == "needs_adaptation", "market_needs_adaptation", "2 mom 1 k"),
        (facts.design_or_innovation, "design_or_innovation", "2 mom 2 k"),
        (facts.needs_negotiation, "needs_negotiation", "2 mom 3 k"),
        (facts.cannot_be_precise, "cannot_be_precise", "2 mom 4 k"),
        (facts.previous_procedure == "only_unacceptable_tenders", "only_unacceptable_tenders", "3 mom"),
    )
    return tuple(pro(code, f"{act} {place}") for holds, code, place in held if holds)


def _why_no_negotiation(facts: Facts, act: str) -> tuple[Reason, ...]:
    known = (
        ("market.availability", facts.availability, "2 mom 1 k"),
        ("specification.includes_design_or_innovation", facts.design_or_innovation, "2 mom 2 k"),
        ("specification.needs_negotiation", facts.needs_negotiation, "2 mom 3 k"),
        ("specification.cannot_be_precise", facts.cannot_be_precise, "2 mom 4 k"),
    )
    unknown = tuple(missing(key, f"{act} {place}") for key, fact, place in known if fact is None)
    return unknown or (con("no_ground_to_negotiate", f"{act} 2–3 mom"),)


def innovation_partnership(facts: Facts, column: str) -> Finding:
    citation = f"{ACT} 38 § 2 mom"
    if column == "outside_act":
        return no(OUTSIDE)
    if column == "concession":
        return other_regime(f"{ACT} 38 §")
    heavy = con("price_quality_required", f"{ACT} 39 § 2 mom")
    if column != "eu":
        return yes(FREE[column], heavy)
    if facts.availability is None:
        return no(missing("market.availability", citation))
    if facts.availability != "none":
        return no(con("market_has_it", citation))
    return yes(pro("market_none", citation), heavy)


def design_contest(facts: Facts, column: str) -> Finding:
    if column == "outside_act":
        return no(OUTSIDE)
    if column in ("light_regime", "concession"):
        return other_regime(f"{ACT} 54 §")
    if facts.kind != "design_contest":
        return no(con("not_a_design_contest", f"{ACT} 54 §"))
    return yes(pro("is_a_design_contest", f"{ACT} 101 §" if column == "national" else f"{ACT} 54 §"))


DIRECT_AWARD_THROUGH: Final = {
    "eu": "",
    "national": "100 § 2 mom, ",
    "light_regime": "109 § 2 mom, 110 §, ",
    "concession": "119 §, ",
}


def direct_award(facts: Facts, column: str) -> Finding:
    grounds = direct_award_grounds(facts, f"{ACT} {DIRECT_AWARD_THROUGH.get(column, '')}40 § 2 mom")
    proof = (con("needs_proof", f"{ACT} 124 § 1 mom 8 k"),) if grounds else ()
    if column == "below_national":
        return yes(pro("own_rules_allow", f"{ACT} 25 § 2 mom", "practice"), *grounds, *proof)
    if column == "outside_act":
        return yes(pro("act_does_not_forbid", f"{ACT} 9 § 1 mom 13 k"), *grounds, *proof)
    if not grounds:
        return no(con("no_ground_for_direct_award", f"{ACT} {DIRECT_AWARD_THROUGH[column]}40 §"))
    return yes(*grounds, *proof)


def direct_award_grounds(facts: Facts, act: str = f"{ACT} 40 § 2 mom") -> tuple[Reason, ...]:
    """The grounds of 40 § that are claimed. To claim one is not to prove it."""
    held = (
        (facts.previous_procedure == "no_suitable_tenders", "no_suitable_tenders", "1 k"),
        (facts.single_supplier == "technical", "technical_reasons", "2 k"),
        (facts.single_supplier == "exclusive_rights", "exclusive_rights", "2 k"),
        (facts.single_supplier == "art", "unique_art", "3 k"),
        (facts.urgency == "extreme_unforeseeable", "extreme_urgency", "4 k"),
        (facts.prototype_only, "prototype_only", "5 k"),
    )
    return tuple(pro(code, f"{act} {place}") for holds, code, place in held if holds)


def dps(facts: Facts, column: str) -> Finding:
    citation = f"{ACT} 49 § 1 mom"
    if column == "outside_act":
        return no(OUTSIDE)
    if column not in ("eu", "national"):
        return other_regime(citation)
    if facts.availability is None:
        return no(missing("market.availability", citation))
    if facts.availability != "available":
        return no(con("not_generally_available", citation))
    return yes(pro("generally_available", citation), con("for_repeated_purchases", citation))


def framework(facts: Facts, column: str) -> Finding:
    if column == "outside_act":
        return no(OUTSIDE)
    if column == "concession":
        return other_regime(f"{ACT} 42 §")
    return yes(pro("framework_of_any_procedure", f"{ACT} 42 §"), con("for_repeated_purchases", f"{ACT} 42 §"))


def pcp(facts: Facts, column: str) -> Finding:
    citation = f"{ACT} 9 § 1 mom 13 k"
    if column == "outside_act":
        return yes(pro("research_outside_act", citation), con("deployment_bought_separately", citation, "recalled"))
    code = "research_inside_act" if facts.kind == "rd_services" else "not_research"
    return no(con(code, citation))


def national(facts: Facts, column: str) -> Finding:
    if column == "outside_act":
        return no(OUTSIDE)
    if column == "eu":
        return no(con("eu_procedure_required", f"{ACT} 26 § 2 mom"))
    if column in ("light_regime", "concession"):
        return other_regime(f"{ACT} 99 §")
    return yes(FREE[column])


def light_regime(facts: Facts, column: str) -> Finding:
    return yes(pro("annex_e_services", f"{ACT} 107–109 §")) if column == "light_regime" else other_regime(f"{ACT} 107 §")


def concession(facts: Facts, column: str) -> Finding:
    if column == "eu" and facts.utilities and facts.kind == "concession":
        return yes(pro("is_a_concession", "Dir 2014/23/EU", "recalled"))
    return yes(pro("is_a_concession", f"{ACT} 116–118 §")) if column == "concession" else other_regime(f"{ACT} 116 §")


def challenge_competition(facts: Facts, column: str) -> Finding:
    if column == "eu":
        return no(con("challenge_is_no_procedure", f"{ACT} 26 § 2 mom"), pro("challenge_before_procedure", f"{ACT} 65 §"))
    if column == "concession":
        return other_regime(f"{ACT} 118 §")
    citation = {"national": "100 §", "light_regime": "109 §", "below_national": "25 § 2 mom", "outside_act": "9 § 1 mom 13 k"}
    return yes(pro("challenge_possible", f"{ACT} {citation[column]}"), con("challenge_needs_form", f"{ACT} 65 §", "practice"))


def small_purchase(facts: Facts, column: str) -> Finding:
    if column == "outside_act":
        return no(OUTSIDE)
    if column == "below_national":
        return yes(pro("under_threshold", f"{ACT} 25 § 2 mom"), con("open_enough", f"{ACT} 2 § 3 mom"))
    return no(con("over_threshold", f"{ACT} 25 §"))


RULES: Final[Mapping[str, Callable[[Facts, str], Finding]]] = {
    "open": open_procedure,
    "restricted": restricted,
    "competitive_negotiation": competitive_negotiation,
    "competitive_dialogue": competitive_dialogue,
    "innovation_partnership": innovation_partnership,
    "design_contest": design_contest,
    "direct_award": direct_award,
    "dps": dps,
    "framework": framework,
    "pcp": pcp,
    "national": national,
    "light_regime": light_regime,
    "concession": concession,
    "challenge_competition": challenge_competition,
    "small_purchase": small_purchase,
}
