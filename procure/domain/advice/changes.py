"""Whether an advice still says what it said when the city chose, and which facts have changed since."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from typing import Any, Final

from procure.domain.advice.records import Advice
from procure.domain.casefile import CaseFile

DECIDING: Final = (
    "contract_kind", "sector", "buyer_type", "estimated_value.amount", "estimated_value.date", "estimated_value.options_included",
    "lots", "market.availability", "market.consulted", "market.known_suppliers", "rd.benefits_exclusive_to_buyer",
    "rd.fully_paid_by_buyer", "rd.deployment_included", "specification.includes_design_or_innovation",
    "specification.needs_negotiation", "specification.cannot_be_precise", "previous_procedure", "single_supplier", "urgency",
    "prototype_only", "novelty.new_to_buyer", "novelty.new_to_market", "novelty.clear_improvement",
    "novelty.innovation_considered", "novelty.effect", "submission", "documents_open_online", "prior_information_notice", "start",
    "contract_needed_by",
)  # fmt: skip
"""The keys of the case file that a rule of the adviser reads."""
_PLACES: Final = {key: (key.partition(".")[0], key.partition(".")[2]) for key in DECIDING}

DEFAULTS: Final[Mapping[str, Any]] = {
    field.name: field.default for field in fields(CaseFile) if field.name in DECIDING and field.default not in (None, MISSING)
}
"""Left out of a case file, a key with a default says the default: to write it down changes nothing."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What matters of an advice: if it changes, the choice is to be looked at again. `verdict` is on the chosen procedure."""

    recommended: str
    regime: str
    verdict: str


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact before and now, as JSON values; None for not known."""

    key: str
    old: Any
    new: Any


def gist_of(advice: Advice, chosen: str) -> Gist:
    """`chosen` "" where no procedure has been chosen yet."""
    verdict = advice.verdict_of(chosen).verdict if chosen else ""
    return Gist(advice.recommended.procedure if advice.recommended else "", advice.regime, verdict)


def changed_facts(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FactChange, ...]:
    """The deciding facts that two case files (as JSON objects) tell differently. Money is compared by value."""
    pairs = ((key, fact(old, key), fact(new, key)) for key in DECIDING)
    return tuple(FactChange(key, before, now) for key, before, now in pairs if _comparable(key, before) != _comparable(key, now))


def fact(document: Mapping[str, Any], key: str) -> Any:
    """The value of a dotted key in a case file's JSON object; its default, else None, where the file does not have it."""
    outer, inner = _PLACES.get(key) or key.partition(".")[::2]
    value = document.get(outer)
    if inner:
        return value.get(inner) if value else None
    return DEFAULTS.get(key) if value is None else value


def _comparable(key: str, value: Any) -> Any:
    if value is None:
        return None
    if key == "estimated_value.amount":
        return Decimal(value)
    if key == "lots":
        return [(lot.get("kind"), Decimal(lot["value"])) for lot in value]
    return value


def fingerprint(document: Mapping[str, Any]) -> str:
    """Sixteen characters that change when a deciding fact does."""
    facts = [_comparable(key, fact(document, key)) for key in DECIDING]
    plain = json.dumps(facts, default=lambda value: format(value.normalize(), "f"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]
