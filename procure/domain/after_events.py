"""Which periods of the law begin when a stage is completed, and before which day the law forbids a contract.

One table to read, line by line: after which stage, under which rules and in which procedures a period begins. The lengths stand in
the catalogue of deadlines; counting is `domain.deadlines`. All lengths there are calendar days or months.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from procure.domain.calendar import Calendar
from procure.domain.deadlines import EMAIL, Counted, Deadlines
from procure.domain.planning.periods import STANDSTILL_REGIMES
from procure.domain.stages import Progress

NATIONAL_AND_ABOVE: Final = STANDSTILL_REGIMES | {"national"}
"""Decisions that may be taken to the Market Court (145–146 §); a small purchase may not (135 §)."""
INSIDE_THE_ACT: Final = NATIONAL_AND_ABOVE | {"below_national"}
"""Where a decision may be corrected; the Act's correction reaches small purchases too (135 §)."""

REGIMES_OF_PROCEDURES: Final[Mapping[str, str]] = {
    "national": "national", "small_purchase": "below_national", "pcp": "outside_act", "challenge_competition": "outside_act",
    "light_regime": "light_regime", "concession": "concession",
}  # fmt: skip
"""The rules that a procedure stands for where the case was never advised; any other procedure: those of the EU thresholds."""

AWARD, NOTIFICATION, STANDSTILL, EX_ANTE, CONTRACT = "award_decision", "notification", "standstill", "ex_ante_notice", "contract"

CALL_OFF, ONLY_TENDER, DYNAMIC_PURCHASE = "call_off", "only_tender", "dynamic_purchase"
EXCEPTIONS: Final[Mapping[str, str]] = {
    CALL_OFF: "1397/2016 130 § 1 mom 1 k",  # a purchase under a framework agreement
    ONLY_TENDER: "1397/2016 130 § 1 mom 2 k",  # the only acceptable tender, and nobody left whose position the choice touches
    DYNAMIC_PURCHASE: "1397/2016 130 § 1 mom 3 k",  # a purchase inside a dynamic purchasing system
}
"""When a contract may be made without waiting out the standstill. There is no other exception."""
LONGER_APPEAL: Final = frozenset({CALL_OFF, DYNAMIC_PURCHASE})
"""147 § 2 mom: a contract made without a standstill under these may be appealed against for longer."""

DIRECT: Final = frozenset({"direct_award"})
DYNAMIC: Final = frozenset({"dps"})
FRAMEWORK: Final = frozenset({"framework"})
CONCESSION: Final = frozenset({"concession"})
CONTEST: Final = frozenset({"design_contest"})


@dataclass(frozen=True, slots=True)
class Follows:
    """Completing `stage` starts the period `rule`, where the procurement follows one of `regimes`.

    `only`: in these procedures alone; `but`: in all except these. `when` names a further condition of CONDITIONS. `citation` is the
    section that makes the period follow the event; how it is counted stands with the rule itself.
    """

    stage: str
    rule: str
    regimes: frozenset[str]
    citation: str
    only: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()
    when: str = ""


FOLLOWING: Final = (
    # the decision is made
    Follows(AWARD, "correction_own", INSIDE_THE_ACT, "1397/2016 133 § 2 mom, 135 §"),
    Follows(AWARD, "appeal_defective", NATIONAL_AND_ABOVE, "1397/2016 147 § 3 mom"),
    Follows(AWARD, "award_notice", frozenset({"eu", "light_regime"}), "1397/2016 58 § 5 mom", only=FRAMEWORK),
    Follows("result", "correction_own", NATIONAL_AND_ABOVE, "1397/2016 133 § 2 mom", only=CONTEST),
    Follows("result", "appeal_defective", NATIONAL_AND_ABOVE, "1397/2016 147 § 3 mom", only=CONTEST),
    Follows("result", "award_notice", frozenset({"eu"}), "1397/2016 58 § 5 mom", only=CONTEST),
    # the decision and its appeal instructions are sent to those concerned
    Follows(NOTIFICATION, "standstill", STANDSTILL_REGIMES, "1397/2016 129 § 1 mom", but=DYNAMIC | DIRECT),
    Follows(NOTIFICATION, "standstill_dps_framework", STANDSTILL_REGIMES, "1397/2016 129 § 2 mom", only=DYNAMIC),
    Follows(NOTIFICATION, "appeal", NATIONAL_AND_ABOVE, "1397/2016 147 § 1 mom"),
    Follows(NOTIFICATION, "correction_party", INSIDE_THE_ACT, "1397/2016 133 § 2 mom, 135 §"),
    # a direct award is announced before its contract; 147 § 4 mom speaks of a notice in the Official Journal alone
    Follows(EX_ANTE, "direct_award.contract_after_ex_ante", NATIONAL_AND_ABOVE, "1397/2016 131 § 1–2 mom", only=DIRECT),
    Follows(EX_ANTE, "appeal_ex_ante", STANDSTILL_REGIMES, "1397/2016 147 § 4 mom", only=DIRECT),
    # the contract is made
    Follows(CONTRACT, "award_notice", frozenset({"eu", "light_regime"}), "1397/2016 58 § 5 mom", but=CONCESSION | FRAMEWORK),
    Follows(CONTRACT, "award_notice_concession", frozenset({"concession"}), "1397/2016 58 § 5 mom"),
    Follows(CONTRACT, "archive", NATIONAL_AND_ABOVE, "1397/2016 124 § 3 mom"),
    Follows(CONTRACT, "appeal_direct_award_no_notice", NATIONAL_AND_ABOVE, "1397/2016 147 § 5 mom 2 k", only=DIRECT, when="no_ex_ante"),
    Follows(CONTRACT, "appeal_no_standstill", STANDSTILL_REGIMES, "1397/2016 147 § 2 mom", but=DIRECT, when="longer_appeal"),
)  # fmt: skip

BEFORE_TENDERS: Final = (
    # the stage on whose completion the deadline for tenders is known: the notice, or the invitation to those selected
    Follows("contract_notice", "additional_info", frozenset({"eu"}), "1397/2016 69 § 4 mom", only=frozenset({"open", "framework"})),
    Follows(
        "invitation", "additional_info", frozenset({"eu"}), "1397/2016 69 § 4 mom",
        only=frozenset({"restricted", "competitive_negotiation", "innovation_partnership"}),
    ),
)  # fmt: skip
"""Counted backwards from the last day for tenders, when that is told."""
ACCELERATED: Final[Mapping[str, str]] = {"additional_info": "additional_info_accelerated"}

WAITS: Final[Mapping[str, tuple[str, ...]]] = {
    "standstill": (STANDSTILL, CONTRACT),
    "standstill_dps_framework": (STANDSTILL, CONTRACT),
    "direct_award.contract_after_ex_ante": (CONTRACT,),
}
"""Periods before whose end no contract is made, and the stages that wait for their end."""
TOLD_BY_COUNTING: Final = frozenset({"period_ended"})
"""The gate point that says that the standstill has ended."""
STANDSTILLS: Final = frozenset({"standstill", "standstill_dps_framework"})
"""What an exception of 130 § lifts; the wait that a direct award's own notice brings (131 §) has none."""

DONE_BY: Final[Mapping[str, str]] = {
    "award_notice": "result_notice", "award_notice_concession": "result_notice",
    "additional_info": "questions", "additional_info_accelerated": "questions",
}  # fmt: skip
"""Periods in which the city must do something, and the stage whose completion says that it has."""


@dataclass(frozen=True, slots=True)
class Event:
    """A stage completed, and the facts that decide what begins then."""

    stage: str
    happened_on: date
    procedure: str
    regime: str
    sent_by: str = EMAIL
    """How the decision was sent, for NOTIFICATION."""
    tenders_due_on: date | None = None
    urgent: bool = False
    """A procedure accelerated for duly justified urgency, 57 § 1 mom."""
    ex_ante: bool = False
    """A direct award was announced before its contract."""
    exception: str = ""
    """The exception under which the standstill was not waited out."""
    notified_on: date | None = None
    notified_by: str = EMAIL


@dataclass(frozen=True, slots=True)
class Started:
    """A period that an event started. `sent_by` is "" where receipt does not count."""

    counted: Counted
    sent_by: str


def regime_of(procedure: str, advised: str = "") -> str:
    """The rules that the procurement follows: as advised when the procedure was chosen, else those the procedure stands for."""
    return advised if advised and advised != "unknown" else REGIMES_OF_PROCEDURES.get(procedure, "eu")


def starts(line: Follows, event: Event) -> bool:
    """Whether a line of the tables holds for the event, conditions included."""
    if line.stage != event.stage or event.regime not in line.regimes or event.procedure in line.but:
        return False
    if line.only and event.procedure not in line.only:
        return False
    if line.when == "no_ex_ante":
        return not event.ex_ante
    if line.when == "longer_appeal":
        return event.exception in LONGER_APPEAL and event.notified_on is not None
    return True


def after(event: Event, deadlines: Deadlines, calendar: Calendar) -> tuple[Started, ...]:
    """Every period that the event starts, in the order of the tables. Raises OutOfCalendar."""
    found = [_started(line.rule, event, deadlines, calendar) for line in FOLLOWING if starts(line, event)]
    if event.tenders_due_on is not None:
        for line in BEFORE_TENDERS:
            if starts(line, event):
                rule = ACCELERATED[line.rule] if event.urgent else line.rule
                found.append(Started(deadlines.count(rule, event.tenders_due_on, calendar), ""))
    return tuple(found)


def _started(rule: str, event: Event, deadlines: Deadlines, calendar: Calendar) -> Started:
    """A period from receipt runs from the notification, also when a later event starts it."""
    if not deadlines.of(rule, event.happened_on).from_receipt:
        return Started(deadlines.count(rule, event.happened_on, calendar), "")
    sent_on, sent_by = event.happened_on, event.sent_by
    if event.stage != NOTIFICATION and event.notified_on is not None:
        sent_on, sent_by = event.notified_on, event.notified_by
    return Started(deadlines.count(rule, sent_on, calendar, sent_by), sent_by)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person who completes a stage is asked besides the day."""

    sent_by: bool
    evidence: bool
    tenders_due_on: bool


def asked(procedure: str, regime: str, stage: str) -> Asked:
    """How the decision was sent, the evidence of an act that starts a period, and the last day for tenders."""
    event = Event(stage, date.min, procedure, regime, exception=CALL_OFF, notified_on=date.min)
    tenders = any(starts(line, event) for line in BEFORE_TENDERS)
    evidence = tenders or stage == NOTIFICATION or any(starts(line, event) for line in FOLLOWING)
    return Asked(stage == NOTIFICATION, evidence, tenders)


class Running(Protocol):
    """A started period as it is kept."""

    @property
    def rule(self) -> str: ...
    @property
    def rolled_last_day(self) -> date: ...
    @property
    def met_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Wait:
    """No contract before `safe_on`. `rule` is the period that says so."""

    safe_on: date
    rule: str
    citation: str

    @property
    def may_be_lifted(self) -> bool:
        """Whether an exception of 130 § may lift it."""
        return self.rule in STANDSTILLS


def wait(stage: str, running: Iterable[tuple[str, date | None, str]]) -> Wait | None:
    """What the stage waits for: of the periods in force (rule, first safe day, citation) the one that ends last. None: nothing."""
    found = [Wait(safe, rule, citation) for rule, safe, citation in running if safe is not None and stage in WAITS.get(rule, ())]
    return max(found, key=lambda one: one.safe_on, default=None)


def acts(progress: Progress, running: Iterable[Running]) -> Iterable[tuple[date, str]]:
    """The days by which the city must still do something, with the kind of the date: `award_notice` or `additional_info`.

    Answers to questions are no longer looked for once the case has entered a stage after that day.
    """
    for period in running:
        if period.rule not in DONE_BY or period.met_on is not None:
            continue
        if period.rule.startswith("award_notice"):
            yield period.rolled_last_day, "award_notice"
        elif progress.current is not None and progress.current.entered_on <= period.rolled_last_day:
            yield period.rolled_last_day, "additional_info"
