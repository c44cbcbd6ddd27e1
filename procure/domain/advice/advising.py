"""The whole advice for one case on one day: value, regime, verdicts, innovation, timetable, warnings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from procure.domain.advice import innovation, recommending, regime, value, warnings
from procure.domain.advice.records import Advice, Proposal, Remark, Threshold, facts_of
from procure.domain.calendar import Calendar
from procure.domain.casefile import CaseFile
from procure.domain.deadlines import Deadlines
from procure.domain.planning import backwards
from procure.domain.planning.backwards import Timetable
from procure.domain.planning.periods import Terms
from procure.domain.planning.timetable import Outline, Rules, outline
from procure.domain.procedures import Procedure


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything dated that the advice rests on. `edition` names it, so that an advice can be kept with what it rested on."""

    edition: str
    thresholds: tuple[Threshold, ...]
    proposals: tuple[Proposal, ...]
    deadlines: Deadlines
    procedures: Mapping[str, Procedure]
    timetables: Mapping[str, tuple[str, ...]]
    law: Calendar
    outlines: dict[tuple[str, Terms, int], Outline] = field(default_factory=dict, compare=False, repr=False)
    """Outlines made so far: there are a few hundred, and every case needs one."""


def advise(
    case: CaseFile, book: Rulebook, today: date, on: date | None = None, rules: Rules | None = None, *, timed: bool = True
) -> Advice:
    """`on`: the day whose rules are taken, else the planned start, else today. `rules`: how the city works, else as the law does.
    `timed` False leaves the timetable out, and with it the warning that the contract comes too late.

    Raises OutOfCalendar for a planned day in a year whose holidays are not known.
    """
    rules_on = on or case.start or today
    found = value.value_of(case)
    held = value.concerning(case, book.thresholds, found.compared, rules_on)
    under = regime.regime_of(case, held)
    facts = facts_of(case)
    verdicts = recommending.verdicts(facts, under)
    best = next((verdict.procedure for verdict in verdicts if verdict.verdict == "recommended"), "")
    procedure = case.procedure or best
    start, timetable = case.start or rules_on, None
    if under.id != "unknown":
        start = case.start or book.law.on_or_after(rules_on)
    if timed and under.id != "unknown":
        timetable = planned(case, under.id, procedure, start, book, rules_on, rules)
    remarks: tuple[Remark, ...] = (
        *under.warnings,
        *warnings.of_value(case, found, held, start),
        *warnings.of_market(facts, under),
        *warnings.of_dates(case, start, book.deadlines.of("pin_window", rules_on), timetable),
        *warnings.of_law(rules_on, under, found, book.proposals),
    )
    new = innovation.innovation(case, facts, procedure)
    return Advice(rules_on, under.id, held, found, verdicts, new, timetable, remarks)


def planned(
    case: CaseFile, regime_id: str, procedure: str, start: date, book: Rulebook, rules_on: date, rules: Rules | None = None
) -> Timetable:
    """The timetable of one procedure from `start` on. Raises OutOfCalendar."""
    rules = rules or Rules(book.law, book.law)
    return backwards.timetable(outline_of(case, regime_id, procedure, book, rules_on), rules, start, case.contract_needed_by)


def outline_of(case: CaseFile, regime_id: str, procedure: str, book: Rulebook, rules_on: date) -> Outline:
    """The steps of the procedure under the case's terms."""
    terms = terms_of(case, regime_id)
    sent = terms.prior_information_notice
    key = procedure, terms if sent is None else replace(terms, prior_information_notice=None), book.deadlines.stand(rules_on)
    found = book.outlines.get(key)
    if found is None:
        found = outline(book.procedures[procedure], book.timetables[procedure], key[1], book.deadlines, rules_on)
        book.outlines[key] = found
    return found if sent is None else replace(found, pin_sent=sent)


def terms_of(case: CaseFile, regime_id: str) -> Terms:
    """The facts that decide how long the periods of the law are (56–57 §, 61 § 2 mom, 69 §, 121 §)."""
    return Terms(
        regime=regime_id,
        utilities=case.sector == "utilities",
        electronic=case.submission == "electronic",
        documents_open_online=case.documents_open_online,
        urgent=case.urgency == "justified",
        prior_information_notice=case.prior_information_notice,
    )
