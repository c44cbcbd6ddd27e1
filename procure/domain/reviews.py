"""Review of a procurement decision: rectification by the city (132–135 §), appeal to the Market Court (145–150 §) and further.

What was recorded of a review is said in the log; a later entry takes the place of an earlier one. Which review lets no contract be made
is decided here (150 §): an appeal to the Market Court where the standstill or the wait of 131 § has to be observed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from procure.domain.after_events import STANDSTILL
from procure.domain.outcomes import Reason, Refusal
from procure.domain.planning.periods import STANDSTILL_REGIMES

OWN_RECTIFICATION: Final = "rectification_own"
DEMANDED_RECTIFICATION: Final = "rectification_demanded"
MARKET_COURT: Final = "market_court"
SUPREME_COURT: Final = "supreme_court"
KINDS: Final = (OWN_RECTIFICATION, DEMANDED_RECTIFICATION, MARKET_COURT, SUPREME_COURT)
COURTS: Final = (MARKET_COURT, SUPREME_COURT)

PARTIES: Final = ("tenderer", "candidate", "other_supplier", "authority", "city", "other")
"""By whom, in general: the supplier's name is tender material and stands elsewhere."""
SUBJECTS: Final = ("award_decision", "selection", "exclusion", "call", "direct_award", "cancellation", "modification", "other")

AUTOMATIC, ORDERED, LIFTED, NOT_STAYED = "automatic", "ordered", "lifted", "none"
STAYS: Final = (AUTOMATIC, ORDERED, LIFTED, NOT_STAYED)
"""Whether the contract waits: by the Act itself, by the court's order, no longer by the court's leave, or not at all. "": not known."""
STAYING: Final = (AUTOMATIC, ORDERED)

ENDED, REJECTED, UPHELD = "ended", "rejected", "upheld"
OUTCOMES: Final[dict[str, str]] = {
    "withdrawn": ENDED, "dismissed": ENDED, "lapsed": ENDED, "referred_back": ENDED,
    "rejected": REJECTED, "leave_refused": REJECTED,
    "rectified": UPHELD, "annulled": UPHELD, "prohibited": UPHELD, "obliged": UPHELD, "compensation": UPHELD, "ineffective": UPHELD,
    "penalty": UPHELD, "shortened": UPHELD,
}  # fmt: skip
"""Outcome -> what it says of the decision under review. Of one review several of the group UPHELD may hold together."""
OUTCOMES_OF: Final[dict[str, tuple[str, ...]]] = {
    OWN_RECTIFICATION: ("rectified", "rejected", "lapsed"),
    DEMANDED_RECTIFICATION: ("withdrawn", "dismissed", "rejected", "rectified", "lapsed"),
    MARKET_COURT: (
        "withdrawn", "dismissed", "lapsed", "rejected", "annulled", "prohibited", "obliged", "compensation", "ineffective", "penalty",
        "shortened",
    ),
    SUPREME_COURT: (
        "withdrawn", "dismissed", "lapsed", "leave_refused", "rejected", "referred_back", "annulled", "prohibited", "obliged",
        "compensation", "ineffective", "penalty", "shortened",
    ),
}  # fmt: skip

NO_APPEAL: Final = "no_appeal"
"""The point of a gate that says that no appeal is pending."""
CITATION: Final = "1397/2016 150 §"
LONGEST_DIARY, LONGEST_TEXT = 60, 2000


@dataclass(frozen=True, slots=True)
class Decision:
    """How a review ended. `follows`: what the city does because of it."""

    decided_on: date
    outcomes: tuple[str, ...]
    follows: str = ""

    @property
    def group(self) -> str:
        """ENDED, REJECTED or UPHELD: what is upheld in part is upheld."""
        groups = {OUTCOMES[outcome] for outcome in self.outcomes}
        return UPHELD if UPHELD in groups else REJECTED if REJECTED in groups else ENDED


@dataclass(frozen=True, slots=True)
class Said:
    """What is recorded of a review but its outcome. None and "": not known."""

    kind: str
    filed_on: date | None
    served_on: date | None = None
    diary: str = ""
    party: str = ""
    subject: str = ""
    stay: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """One review of the case, as it was recorded last. `words`: the version of what was written of the supplier; 0 for nothing."""

    number: int
    said: Said
    decision: Decision | None = None
    words: int = 0
    sequence: int = 0
    """Of the last entry about it: whoever changes it says which one was on the screen."""

    @property
    def open(self) -> bool:
        return self.decision is None

    def stayed(self, suspends: bool) -> bool:
        """Whether the contract waits or waited for it: as recorded, else as the Act has it."""
        return self.said.stay in (AUTOMATIC, ORDERED, LIFTED) or (not self.said.stay and stays_by_law(self.said.kind, suspends))

    @property
    def days(self) -> int | None:
        """Calendar days from filing to the outcome."""
        if self.decision is None or self.said.filed_on is None:
            return None
        return (self.decision.decided_on - self.said.filed_on).days


def suspends(procedure: str, regime: str, ex_ante: bool, exception: str) -> bool:
    """Whether the Act itself lets no contract be made while an appeal to the Market Court is pending (150 §): where the standstill, or
    the wait after the ex-ante notice of a direct award, must be observed. `exception`: of 130 §, under which it was not."""
    return regime in STANDSTILL_REGIMES and not exception and (procedure != "direct_award" or ex_ante)


def stays_by_law(kind: str, suspends: bool) -> bool:
    return kind == MARKET_COURT and suspends


def holds(review: Review, suspends: bool) -> bool:
    """Whether no contract may be made while the review stands as it does. What is not known of an appeal is decided by the Act."""
    if not review.open or review.said.stay in (LIFTED, NOT_STAYED):
        return False
    return review.said.stay in STAYING or stays_by_law(review.said.kind, suspends)


def holding(reviews: Iterable[Review], suspends: bool) -> tuple[Review, ...]:
    return tuple(review for review in reviews if holds(review, suspends))


def waits_for_reviews(stage: str, points: Collection[str]) -> bool:
    """Whether a stage is not completed while a review holds the contract. `points`: ids of its gate."""
    return stage in (STANDSTILL, "contract") or NO_APPEAL in points


def check_said(said: Said, decided_on: date | None, suspends: bool, today: date) -> None:
    """Kind and day are told, the days follow each other, and the Act's own suspension is not denied. Raises Refusal."""
    reasons = [*_days(said, decided_on, today)]
    if said.kind not in KINDS:
        reasons.append(Reason("review_kind_missing", target="kind"))
    if said.stay and said.kind not in COURTS:
        reasons.append(Reason("review_stay_of_court", target="stay"))
    if said.stay == NOT_STAYED and stays_by_law(said.kind, suspends):
        reasons.append(Reason("review_stays_by_law", citation=CITATION, target="stay"))
    if said.stay == AUTOMATIC and said.kind == SUPREME_COURT:
        reasons.append(Reason("review_stay_ordered", target="stay"))
    if reasons:
        raise Refusal(*reasons)


def _days(said: Said, decided_on: date | None, today: date) -> list[Reason]:
    reasons = []
    if said.filed_on is None:
        reasons.append(Reason("review_day_missing", target="filed_on"))
    elif said.filed_on > today:
        reasons.append(Reason("date_in_future", {"today": today.isoformat()}, target="filed_on"))
    if said.served_on is not None and said.served_on > today:
        reasons.append(Reason("date_in_future", {"today": today.isoformat()}, target="served_on"))
    elif said.served_on is not None and said.filed_on is not None and said.served_on < said.filed_on:
        reasons.append(Reason("review_served_early", {"filed_on": said.filed_on.isoformat()}, target="served_on"))
    if decided_on is not None and said.filed_on is not None and said.filed_on > decided_on:
        reasons.append(Reason("review_filed_late", {"decided_on": decided_on.isoformat()}, target="filed_on"))
    return reasons


def check_decision(review: Review, decision: Decision, today: date) -> None:
    """The outcome is one that such a review can have, on a day from its filing to today. Raises Refusal."""
    reasons = []
    allowed = OUTCOMES_OF[review.said.kind]
    if not decision.outcomes:
        reasons.append(Reason("review_outcome_missing", target="outcomes"))
    elif any(outcome not in allowed for outcome in decision.outcomes):
        reasons.append(Reason("review_outcome_foreign", target="outcomes"))
    elif len(decision.outcomes) > 1 and {OUTCOMES[outcome] for outcome in decision.outcomes} != {UPHELD}:
        reasons.append(Reason("review_outcomes_apart", target="outcomes"))
    if decision.decided_on > today:
        reasons.append(Reason("date_in_future", {"today": today.isoformat()}, target="decided_on"))
    elif review.said.filed_on is not None and decision.decided_on < review.said.filed_on:
        reasons.append(Reason("review_decided_early", {"filed_on": review.said.filed_on.isoformat()}, target="decided_on"))
    if reasons:
        raise Refusal(*reasons)
