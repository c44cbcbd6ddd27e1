"""What the adviser is given and what it answers: frozen records without a sentence in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from procure.domain.casefile import CaseFile
from procure.domain.planning.backwards import Timetable

REGIMES: Final = ("below_national", "national", "eu", "light_regime", "concession", "outside_act", "unknown")
VERDICTS: Final = ("recommended", "possible", "not_available")
FOR, AGAINST = "for", "against"
ACT: Final = "1397/2016"


@dataclass(frozen=True, slots=True)
class Threshold:
    """One row: an amount in EUR without VAT that a value reaches when it is at least as large. `valid_to` None: until further
    notice. `series` is what the row is a period of: the rows of one series follow each other without a gap."""

    id: str
    series: str
    level: str
    """`national`, `eu` or `utilities` (Act 1398/2016)."""
    kinds: tuple[str, ...]
    buyer_types: tuple[str, ...]
    amount: Decimal
    citation: str
    source: str
    confidence: str
    verified_on: date | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule that has been proposed and is not known to be in force: it warns and never decides."""

    id: str
    bill: str
    proposed_on: date
    applies_over: Decimal | None
    """It concerns procurements over that value, EUR without VAT; None: all from the EU threshold on."""
    citation: str
    source: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict, a level or a regime is what it is. `confidence`: verified, practice or recalled (shown as such)."""

    code: str
    side: str
    citation: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    confidence: str = "verified"

    @property
    def missing(self) -> str:
        """The key of the fact that is not known; "" when it is another reason."""
        return self.parameters.get("key", "") if self.code == "fact_missing" else ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know or to look at: a remark on the value, or a warning."""

    code: str
    citation: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """A threshold that concerns the case, and whether its value reaches it."""

    threshold: Threshold
    reached: bool


@dataclass(frozen=True, slots=True)
class Value:
    """`compared`: EUR without VAT, the value that is held against the thresholds (27 §)."""

    compared: Decimal
    citation: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    procedure: str
    verdict: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Innovation:
    """`level` 0 (ordinary) to 4 (R&D); the answers of eForms BT-776 and of Hilma, None where not known."""

    level: int
    reasons: tuple[Reason, ...]
    bt776: tuple[str, ...]
    innovation_considered: bool | None
    solution_new_to_buyer: bool | None
    solution_new_to_market: bool | None


@dataclass(frozen=True, slots=True)
class Advice:
    """The whole answer for one case on one day. `rules_on`: the day whose rules were taken."""

    rules_on: date
    regime: str
    thresholds: tuple[HeldAgainst, ...]
    value: Value
    verdicts: tuple[Verdict, ...]
    innovation: Innovation
    timetable: Timetable | None
    warnings: tuple[Remark, ...]

    @property
    def recommended(self) -> Verdict | None:
        return next((verdict for verdict in self.verdicts if verdict.verdict == "recommended"), None)

    def verdict_of(self, procedure: str) -> Verdict:
        """The verdict on one procedure; every procedure has exactly one."""
        return next(verdict for verdict in self.verdicts if verdict.procedure == procedure)


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides the verdicts, taken flat from the case file. None: not known, which never opens a procedure."""

    kind: str
    utilities: bool
    availability: str | None
    design_or_innovation: bool | None
    needs_negotiation: bool | None
    cannot_be_precise: bool | None
    previous_procedure: str
    single_supplier: str
    urgency: str
    prototype_only: bool
    consulted: bool | None
    known_suppliers: int | None


def facts_of(case: CaseFile) -> Facts:
    """The facts of a case file. An object that the file does not have knows nothing."""
    market, specification = case.market, case.specification
    return Facts(
        kind=case.contract_kind,
        utilities=case.sector == "utilities",
        availability=market.availability if market else None,
        design_or_innovation=specification.includes_design_or_innovation if specification else None,
        needs_negotiation=specification.needs_negotiation if specification else None,
        cannot_be_precise=specification.cannot_be_precise if specification else None,
        previous_procedure=case.previous_procedure,
        single_supplier=case.single_supplier,
        urgency=case.urgency,
        prototype_only=case.prototype_only,
        consulted=market.consulted if market else None,
        known_suppliers=market.known_suppliers if market else None,
    )
