"""What the answer to a question that is still open would change: the rules are asked again with each value that it can have."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from procure.domain.advice.advising import Rulebook, advise
from procure.domain.advice.records import Advice, Remark
from procure.domain.advice.warnings import FEW_SUPPLIERS
from procure.domain.casefile import CaseFile, Estimate, Market, ResearchTerms, Specification
from procure.domain.casefile.records import AVAILABILITIES

Value = str | bool | int
YES_NO: Final = (True, False)

QUESTIONS: Final[tuple[tuple[str, tuple[Value, ...]], ...]] = (
    ("market.availability", AVAILABILITIES),
    ("specification.includes_design_or_innovation", YES_NO),
    ("specification.needs_negotiation", YES_NO),
    ("specification.cannot_be_precise", YES_NO),
    ("rd.benefits_exclusive_to_buyer", YES_NO),
    ("rd.fully_paid_by_buyer", YES_NO),
    ("rd.deployment_included", YES_NO),
    ("market.consulted", YES_NO),
    ("market.known_suppliers", (FEW_SUPPLIERS, FEW_SUPPLIERS + 1)),
    ("estimated_value.options_included", YES_NO),
)
"""The facts that a rule reads and that may be unknown, by their key in the case file, with the values to try. Of the numbers of
suppliers, the most that is still few and the first that is not."""

OBJECTS: Final = {"market": Market, "specification": Specification, "rd": ResearchTerms, "estimated_value": Estimate}


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What changes if the fact `key` is `value`. `recommended` and `regime` are "" where they stay as they are."""

    key: str
    value: Value
    recommended: str
    opens: tuple[str, ...]
    """Procedures that are not available now and would be."""
    closes: tuple[str, ...]
    regime: str
    comes: tuple[Remark, ...]
    """Warnings that there are not now."""
    goes: tuple[Remark, ...]

    @property
    def changes_something(self) -> bool:
        return bool(self.recommended or self.opens or self.closes or self.regime or self.comes or self.goes)


def unknown_facts(case: CaseFile) -> tuple[str, ...]:
    """The keys of the facts that a rule would read and the case does not know."""
    research = case.contract_kind == "rd_services"
    return tuple(key for key, _values in QUESTIONS if _fact(case, key) is None and (research or not key.startswith("rd.")))


def what_ifs(case: CaseFile, book: Rulebook, today: date, on: date | None = None) -> tuple[WhatIf, ...]:
    """For each unknown fact each of its values that would change the advice; the timetable is left aside."""
    now = advise(case, book, today, on, timed=False)
    if now.regime == "unknown":
        return ()
    return tuple(found for found in _tried(case, book, today, on, now) if found.changes_something)


def _tried(case: CaseFile, book: Rulebook, today: date, on: date | None, now: Advice) -> Iterator[WhatIf]:
    unknown = unknown_facts(case)
    for key, values in QUESTIONS:
        for value in values if key in unknown else ():
            yield _compared(key, value, now, advise(with_fact(case, key, value), book, today, on, timed=False))


def _compared(key: str, value: Value, now: Advice, then: Advice) -> WhatIf:
    opened = [verdict.procedure for verdict in now.verdicts if verdict.verdict != "not_available"]
    open_then = [verdict.procedure for verdict in then.verdicts if verdict.verdict != "not_available"]
    best, best_then = now.recommended, then.recommended
    known, known_then = ({remark.code for remark in advice.warnings} for advice in (now, then))
    return WhatIf(
        key=key,
        value=value,
        recommended=best_then.procedure if best_then and (best is None or best.procedure != best_then.procedure) else "",
        opens=tuple(procedure for procedure in open_then if procedure not in opened),
        closes=tuple(procedure for procedure in opened if procedure not in open_then),
        regime=then.regime if then.regime != now.regime else "",
        comes=tuple(remark for remark in then.warnings if remark.code not in known),
        goes=tuple(remark for remark in now.warnings if remark.code not in known_then),
    )


def _fact(case: CaseFile, key: str) -> object:
    outer, _, inner = key.partition(".")
    return getattr(getattr(case, outer), inner, None)


def with_fact(case: CaseFile, key: str, value: Value) -> CaseFile:
    """The case as it would be if the fact of that dotted key were `value`."""
    outer, _, inner = key.partition(".")
    present = getattr(case, outer)
    changed = replace(present, **{inner: value}) if present is not None else OBJECTS[outer](**{inner: value})
    return replace(case, **{outer: changed})
