"""How innovative the procurement is, 0 to 4, and what eForms and Hilma ask about it (4 § item 20 of the Act; the levels are practice)."""

from collections.abc import Mapping
from typing import Final

from procure.domain.advice.records import ACT, FOR, Facts, Innovation, Reason
from procure.domain.casefile import CaseFile, Novelty

DEFINITION: Final = f"{ACT} 4 § 1 mom 20 k"
RESEARCH_PROCEDURES: Final = ("pcp", "innovation_partnership")
NOTHING_SAID: Final = Novelty()


def innovation(case: CaseFile, facts: Facts, procedure: str) -> Innovation:
    """`procedure`: the chosen, else the recommended one, "" for neither."""
    novelty = case.novelty or NOTHING_SAID
    reasons = _reasons(facts, novelty, procedure)
    level = max(reasons, default=0)
    research = facts.kind == "rd_services"
    return Innovation(
        level=level,
        reasons=tuple(reasons.get(level, (Reason("nothing_new", FOR, DEFINITION, confidence="practice"),))),
        bt776=(*(("rd-act",) if research else ()), *(("mar-nov",) if novelty.new_to_market else ())),
        innovation_considered=novelty.innovation_considered,
        solution_new_to_buyer=novelty.new_to_buyer,
        solution_new_to_market=novelty.new_to_market,
    )


def _reasons(facts: Facts, novelty: Novelty, procedure: str) -> Mapping[int, list[Reason]]:
    """Every level that holds, with what makes it hold."""
    held = (
        (4, facts.kind == "rd_services", "buys_research"),
        (4, procedure in RESEARCH_PROCEDURES, "procedure_develops"),
        (3, novelty.new_to_market, "new_to_market"),
        (2, novelty.new_to_buyer and has_words(novelty.effect), "new_to_buyer_with_effect"),
        (1, novelty.clear_improvement, "clear_improvement"),
        (1, novelty.innovation_considered, "innovation_considered"),
        (1, facts.consulted, "market_consulted"),
        (1, facts.cannot_be_precise, "open_to_solutions"),
    )
    found: dict[int, list[Reason]] = {}
    for level, holds, code in held:
        if holds:
            found.setdefault(level, []).append(Reason(code, FOR, DEFINITION, confidence="practice"))
    return found


def has_words(text: str | dict[str, str] | None) -> bool:
    """Whether a text says anything in any language."""
    words = text.values() if isinstance(text, dict) else (text or "",)
    return any(word.strip() for word in words)
