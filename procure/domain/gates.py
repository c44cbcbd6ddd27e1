"""A stage's checklist beyond the catalogue: points ticked beforehand, a manager's waivers, and a city's own points.

A tick or a waiver is a mark. It counts for one visit of the stage: after a return, or a procedure that leads here again, the points
are gone through anew. Visits are numbered from 1 in the order of `stages.Progress.visits`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from procure.domain.after_events import TOLD_BY_COUNTING, WAITS
from procure.domain.approvals import AWARD_POINT
from procure.domain.checklists import GateState, told
from procure.domain.language import LANGUAGES, Trilingual, pick
from procure.domain.outcomes import Reason, Refusal
from procure.domain.procedures import GatePoint
from procure.domain.stages import Progress

TICKED: Final = "gate_ticked"
UNTICKED: Final = "gate_unticked"
WAIVED: Final = "gate_waived"
UNWAIVED: Final = "gate_unwaived"
EVENTS: Final = (TICKED, UNTICKED, WAIVED, UNWAIVED)

TICK: Final = "tick"
WAIVER: Final = "waiver"
_GIVES: Final[Mapping[str, str]] = {TICKED: TICK, WAIVED: WAIVER}
_TAKES: Final[Mapping[str, str]] = {UNTICKED: TICK, UNWAIVED: WAIVER}

PERSON, ANSWER, DOCUMENT, DEADLINE, APPROVAL = "person", "answer", "document", "deadline", "approval"
WAYS: Final = (PERSON, ANSWER, DOCUMENT, DEADLINE, APPROVAL)
"""By what a city's own point is satisfied."""
APPROVALS: Final = "approvals"
"""The name under which a feature registers the reviser that says of points with the system `approval` whether they hold."""

LONGEST_POINT: Final = 300
"""Characters of a city's own point in one language."""

_ACT: Final = "1397/2016 "
_SECTIONS: Final = re.compile(r"(\d+)(?:–(\d+))? §")
_STANDSTILL: Final = (129, 130, 131, 150)
"""Sections of the Act that forbid a contract before a day or while an appeal is pending: no city may waive them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A tick or a waiver as it stands. `sequence`: the event that gave it, which tells one mark from a later one of the same kind."""

    kind: str
    point: str
    by: str
    on: date
    note: str
    sequence: int


@dataclass(frozen=True, slots=True)
class CityPoint:
    """A point that a city has added to a stage. `way` is one of WAYS; `what`: the question, the kind of document or the rule."""

    id: int
    text: Trilingual
    required: bool
    way: str
    what: str

    @property
    def point(self) -> GatePoint:
        system = APPROVAL if self.way == APPROVAL else f"{DEADLINE}:{self.what}" if self.way == DEADLINE else ""
        answers = (self.what,) if self.way == ANSWER else ()
        document = self.what if self.way == DOCUMENT else ""
        return GatePoint(f"city:{self.id}", self.text, "", answers, document, system)


@dataclass(frozen=True, slots=True)
class Period:
    """A deadline of the case that is in force. `safe_from`: the first day on which one may act, where the law names one."""

    rule: str
    last_day: date
    safe_from: date | None


def in_all_languages(texts: Mapping[str, str]) -> Trilingual:
    """A text of a city that gave it in at least one language: the others show the first that there is."""
    return Trilingual(*(pick(dict(texts), language) for language in LANGUAGES))


def revised(
    states: Sequence[GateState], own: Iterable[CityPoint], marks: Iterable[Mark], periods: Sequence[Period], today: date
) -> tuple[GateState, ...]:
    """The gate with the city's own points behind the catalogue's, and every mark of the present visit applied.

    What holds by itself stays as it is. A tick counts for a point that a person ticks, a waiver for any that may be waived.
    """
    added = [GateState(point.point, False, (), required=point.required) for point in own]
    given = {(mark.kind, mark.point): mark for mark in marks}
    return tuple(_revised(state, given, periods, today) for state in (*states, *added))


def _revised(state: GateState, given: Mapping[tuple[str, str], Mark], periods: Sequence[Period], today: date) -> GateState:
    point = state.point
    tick, waiver = given.get((TICK, point.id)), given.get((WAIVER, point.id))
    if tick is not None and point.by_person:
        return replace(state, satisfied=True, how="ticked", told=told(tick.by, tick.on), note=tick.note)
    if state.satisfied:
        return state
    if point.system.startswith(f"{DEADLINE}:") and passed(point.system.partition(":")[2], periods, today):
        return replace(state, satisfied=True, how=DEADLINE)
    if waiver is not None and may_waive(state):
        return replace(state, satisfied=True, how="waived", told=told(waiver.by, waiver.on), note=waiver.note)
    return state


def passed(rule: str, periods: Sequence[Period], today: date) -> bool:
    """Whether a period of that rule has run in the case, and every one of them is over: it is safe to act, or its last day is behind."""
    of_rule = [period for period in periods if period.rule == rule]
    return bool(of_rule) and all(
        today >= period.safe_from if period.safe_from is not None else today > period.last_day for period in of_rule
    )


def may_waive(state: GateState) -> bool:
    """Whether a manager may say that the stage need not wait for the point. Never the standstill (129–131 §) and a pending appeal
    (150 §): no city may do without them, and `cases.deadlines` counts them besides. Nor the four eyes on the award decision: what a
    manager could waive alone would be two."""
    point = state.point
    if not state.required or point.id in (*TOLD_BY_COUNTING, AWARD_POINT) or point.system.partition(":")[2] in WAITS:
        return False
    if not point.citation.startswith(_ACT):
        return True
    spans = [(int(first), int(last or first)) for first, last in _SECTIONS.findall(point.citation.partition(";")[0])]
    return not any(first <= section <= last for section in _STANDSTILL for first, last in spans)


def check_tick(state: GateState | None, on: date, today: date) -> GateState:
    """A person's point that nobody has ticked yet, on a day that is not in the future. Raises Refusal."""
    if state is None:
        raise Refusal(Reason("gate_point_gone"))
    if not state.point.by_person:
        raise Refusal(Reason("gate_by_system"))
    if state.how == "ticked":
        raise Refusal(Reason("gate_already_ticked", {"told": state.told}))
    if on > today:
        raise Refusal(Reason("date_in_future", {"today": today.isoformat()}, target="happened_on"))
    return state


def check_waiver(state: GateState | None, reason: str) -> GateState:
    """A point that holds the stage and may be waived, with a reason. Raises Refusal with the section for one that may not."""
    if state is None:
        raise Refusal(Reason("gate_point_gone"))
    if state.how == "waived":
        raise Refusal(Reason("gate_already_waived", {"told": state.told}))
    if not state.holds:
        raise Refusal(Reason("gate_nothing_to_waive"))
    if not may_waive(state):
        raise Refusal(Reason("gate_not_waivable", citation=state.point.citation))
    if not reason.strip():
        raise Refusal(Reason("reason_missing", target="reason"))
    return state


def check_mark(mark: Mark | None, seen: int) -> Mark:
    """The mark that was on the screen, given by the event `seen`, still stands. Raises Refusal."""
    if mark is None or mark.sequence != seen:
        raise Refusal(Reason("gate_mark_changed"))
    return mark


def visit_number(progress: Progress) -> int:
    """The number of the present visit, those beside others not counted; 0 once the case is over."""
    return len(progress.main) if progress.current is not None else 0


def standing_marks(events: Iterable[tuple[int, str, Mapping[str, Any], date, str]]) -> dict[tuple[int, str, str], Mark]:
    """The marks that the log gives: (visit, point, kind) -> mark. Events as (sequence, kind, payload, day, by whom), in their order.

    KeyError for an event that takes back what has not been given: the log cannot hold it.
    """
    found: dict[tuple[int, str, str], Mark] = {}
    for sequence, kind, payload, on, by in events:
        if kind in _GIVES:
            key = payload["visit"], payload["gate"], _GIVES[kind]
            if key in found:
                raise ValueError(f"{key} is given twice")
            found[key] = Mark(_GIVES[kind], payload["gate"], by, on, payload["reason"], sequence)
        elif kind in _TAKES:
            del found[payload["visit"], payload["gate"], _TAKES[kind]]
    return found


# a city's own points


@dataclass(frozen=True, slots=True)
class Wanted:
    """A city's point as its administrator wants it. `procedure` "": in every procedure. `texts` by language."""

    stage: str
    procedure: str
    texts: Mapping[str, str]
    required: bool
    way: str
    what: str
    valid_from: date


def check_wanted(wanted: Wanted, stages: Mapping[str, Iterable[str]], known: Mapping[str, Iterable[str]], today: date) -> None:
    """`stages`: of each procedure, "" for all of them; `known`: what each of WAYS may name. Raises Refusal with every reason."""
    reasons = []
    if wanted.procedure not in stages or wanted.stage not in stages[wanted.procedure]:
        reasons.append(Reason("gate_stage_unknown", target="stage"))
    if not any(text.strip() for text in wanted.texts.values()):
        reasons.append(Reason("gate_text_missing", target="text_fi"))
    if wanted.what not in known.get(wanted.way, ()):
        reasons.append(Reason("gate_way_unknown", target="way"))
    if wanted.valid_from < today:
        reasons.append(Reason("gate_day_past", {"today": today.isoformat()}, target="valid_from"))
    if reasons:
        raise Refusal(*reasons)


def valid_on(valid_from: date, until: date | None, day: date) -> bool:
    """`until` is the first day on which the point no longer holds."""
    return valid_from <= day and (until is None or day < until)
