"""Which rules a procurement follows. The order of the questions is the order of the law's own exceptions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from procure.domain.advice.records import ACT, FOR, HeldAgainst, Reason, Remark
from procure.domain.casefile import CaseFile, ResearchTerms

RESEARCH_EXCLUSION: Final = f"{ACT} 9 § 1 mom 13 k"
UTILITIES: Final = f"{ACT} 10 §; 1398/2016 13 §"
EU: Final = f"{ACT} 26 §"
NO_RULES: Final = f"{ACT} 25–26 §"
LIGHT_KINDS: Final = ("social_health_services", "other_specific_services")


@dataclass(frozen=True, slots=True)
class Regime:
    """`id` is one of REGIMES; `by_research` tells the two ways to stand outside the Act apart."""

    id: str
    reason: Reason
    warnings: tuple[Remark, ...] = ()
    by_research: bool = False


def regime_of(case: CaseFile, held: Iterable[HeldAgainst]) -> Regime:
    """The regime on the day whose thresholds `held` are."""
    rows = {row.threshold.level: row for row in held}
    warnings: tuple[Remark, ...] = ()
    if case.contract_kind == "rd_services":
        if _research_is_outside(case.rd):
            reason = Reason("research_outside_act", FOR, RESEARCH_EXCLUSION)
            return Regime("outside_act", reason, by_research=True)
        warnings = _research_warnings(case.rd)
    if case.sector == "utilities":
        return _utilities(rows.get("utilities"), warnings)
    if case.contract_kind == "concession":
        return _two_steps(rows.get("national"), "concession", warnings)
    if case.contract_kind in LIGHT_KINDS:
        return _two_steps(rows.get("national"), "light_regime", warnings)
    return _three_steps(rows.get("national"), rows.get("eu"), warnings)


def _research_is_outside(rd: ResearchTerms | None) -> bool:
    """Research of which the benefits are not the buyer's alone, or which the buyer does not pay alone, and no purchase of results."""
    if rd is None or rd.deployment_included:
        return False
    return rd.benefits_exclusive_to_buyer is False or rd.fully_paid_by_buyer is False


def _research_warnings(rd: ResearchTerms | None) -> tuple[Remark, ...]:
    if rd is not None and rd.deployment_included:
        return (Remark("deployment_is_not_rd", RESEARCH_EXCLUSION),)
    if rd is None or None in (rd.benefits_exclusive_to_buyer, rd.fully_paid_by_buyer):
        return (Remark("rd_exclusion_unclear", RESEARCH_EXCLUSION),)
    return ()


def _utilities(row: HeldAgainst | None, warnings: tuple[Remark, ...]) -> Regime:
    if row is None:
        return _unknown(warnings)
    if not row.reached:
        return Regime("outside_act", _amount("under_utilities_threshold", UTILITIES, row), warnings)
    warnings += (Remark("utilities_act", UTILITIES),)
    return Regime("eu", _amount("over_utilities_threshold", UTILITIES, row), warnings)


def _two_steps(national: HeldAgainst | None, regime: str, warnings: tuple[Remark, ...]) -> Regime:
    """Concessions and the services of Annex E: the national threshold decides; the EU row only says which notice."""
    if national is None:
        return _unknown(warnings)
    if not national.reached:
        return Regime("below_national", _amount("under_national_threshold", f"{ACT} 25 § 2 mom", national), warnings)
    return Regime(regime, _amount(f"over_{regime}_threshold", national.threshold.citation, national), warnings)


def _three_steps(national: HeldAgainst | None, eu: HeldAgainst | None, warnings: tuple[Remark, ...]) -> Regime:
    if national is None:
        return _unknown(warnings)
    if not national.reached:
        return Regime("below_national", _amount("under_national_threshold", f"{ACT} 25 § 2 mom", national), warnings)
    if eu is None:
        return _unknown(warnings)
    if not eu.reached:
        return Regime("national", _amount("between_thresholds", f"{ACT} 25–26 §", eu), warnings)
    return Regime("eu", _amount("over_eu_threshold", eu.threshold.citation, eu), warnings)


def _amount(code: str, citation: str, row: HeldAgainst) -> Reason:
    return Reason(code, FOR, citation, {"amount_eur": str(row.threshold.amount)})


def _unknown(warnings: tuple[Remark, ...]) -> Regime:
    return Regime("unknown", Reason("no_rules_for_date", FOR, NO_RULES), (*warnings, Remark("no_rules_for_date", NO_RULES)))
