"""What a case file says, as typed values. None means "not known yet" and never "no"; keys with a default hold it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from procure.domain.procedures import PROCEDURE_IDS

FORMAT: Final = "procure-case/1"

THEMES: Final = ("carbon_neutrality", "digitalisation", "health_wellbeing", "other_new_technology")
CONTRACT_KINDS: Final = (
    "goods", "services", "works", "rd_services", "design_contest", "social_health_services", "other_specific_services",
    "concession",
)  # fmt: skip
SECTORS: Final = ("classic", "utilities")
BUYER_TYPES: Final = ("sub_central", "central")
AVAILABILITIES: Final = ("none", "needs_adaptation", "available")
PREVIOUS_PROCEDURES: Final = ("none", "no_suitable_tenders", "only_unacceptable_tenders")
SINGLE_SUPPLIERS: Final = ("none", "technical", "exclusive_rights", "art")
URGENCIES: Final = ("none", "justified", "extreme_unforeseeable")
SUBMISSIONS: Final = ("electronic", "other")
FUNDING_SOURCES: Final = ("own", "akke", "erdf", "esf_plus", "jtf", "business_finland", "horizon", "other")
PROCEDURES: Final = PROCEDURE_IDS

KNOWN_SUPPLIERS_MOST: Final = 10_000

Text = str | dict[str, str]
"""Words as they were given: a string, or an object with any of fi, sv, en. `language.pick` chooses among them."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimated value in euros without VAT, when and by which method (27–30 §) it was made."""

    amount: Decimal
    date: datetime.date | None = None
    method: Text | None = None
    options_included: bool | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot, its value in euros without VAT. `kind` None: the kind of the case."""

    title: Text
    value: Decimal
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Market:
    availability: str | None = None
    consulted: bool | None = None
    known_suppliers: int | None = None


@dataclass(frozen=True, slots=True)
class ResearchTerms:
    """The facts on which 9 § 1 mom 13 k rests."""

    benefits_exclusive_to_buyer: bool | None = None
    fully_paid_by_buyer: bool | None = None
    deployment_included: bool | None = None


@dataclass(frozen=True, slots=True)
class Specification:
    """The facts on which 34 § 2 mom rests."""

    includes_design_or_innovation: bool | None = None
    needs_negotiation: bool | None = None
    cannot_be_precise: bool | None = None


@dataclass(frozen=True, slots=True)
class Novelty:
    new_to_buyer: bool | None = None
    new_to_market: bool | None = None
    clear_improvement: bool | None = None
    innovation_considered: bool | None = None
    effect: Text | None = None


@dataclass(frozen=True, slots=True)
class Funding:
    source: str
    amount: Decimal | None = None
    decision_date: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One procurement case from outside, checked. Names are the keys of the format.

    A list or object that the file has, but empty, stays empty; one that it does not have is None. CPV codes are eight digits.
    """

    title: Text
    buyer: str
    contract_kind: str
    estimated_value: Estimate
    partners: tuple[str, ...] | None = None
    need: Text | None = None
    desired_outcome: Text | None = None
    users: Text | None = None
    current_solution: Text | None = None
    themes: tuple[str, ...] | None = None
    priority: Text | None = None
    cpv: tuple[str, ...] | None = None
    sector: str = "classic"
    buyer_type: str = "sub_central"
    lots: tuple[Lot, ...] | None = None
    market: Market | None = None
    rd: ResearchTerms | None = None
    specification: Specification | None = None
    previous_procedure: str = "none"
    single_supplier: str = "none"
    urgency: str = "none"
    prototype_only: bool = False
    novelty: Novelty | None = None
    submission: str = "electronic"
    documents_open_online: bool = True
    prior_information_notice: datetime.date | None = None
    start: datetime.date | None = None
    contract_needed_by: datetime.date | None = None
    procedure: str | None = None
    funding: tuple[Funding, ...] | None = None
    facts: Mapping[str, Any] | None = None

    def kind_of(self, lot: Lot) -> str:
        """The kind of one lot: its own, else the case's."""
        return lot.kind or self.contract_kind
