"""The gate of a stage: how each of its points stands, and whether the stage may be completed."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from procure.domain.outcomes import Reason, Refusal
from procure.domain.procedures import GatePoint, Stage


@dataclass(frozen=True, slots=True)
class GateState:
    """One gate point as it stands. `open_items`: question ids without a value, or the document's missing question ids.

    `how` it came to hold: `answers`, `document`, `ticked`, `waived`, `approval` or `deadline`; "" while it is open. `told`: by whom and
    when, in no language; `note`: what they wrote. A point that is not `required` is advice and holds no stage.
    """

    point: GatePoint
    satisfied: bool
    open_items: tuple[str, ...]
    how: str = ""
    told: str = ""
    required: bool = True
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the stage waits for it."""
        return self.required and not self.satisfied


def gate(stage: Stage, has_value: Any, document_lacks: Any, confirmed: frozenset[str] = frozenset()) -> tuple[GateState, ...]:
    """How each point of the stage's gate stands.

    `has_value(question_id) -> bool`; `document_lacks(kind) -> tuple of question ids`; `confirmed` the ids a person confirms.
    """
    return tuple(_point(point, has_value, document_lacks, confirmed) for point in stage.gate)


def _point(point: GatePoint, has_value: Any, document_lacks: Any, confirmed: frozenset[str]) -> GateState:
    if point.system:
        return GateState(point, False, ())
    if point.by_person:
        ticked = point.id in confirmed
        return GateState(point, ticked, (), "ticked" if ticked else "")
    lacking = tuple(q for q in point.answers if not has_value(q))
    if point.document:
        lacking += tuple(q for q in document_lacks(point.document) if q not in lacking)
    how = "" if lacking else "document" if point.document else "answers"
    return GateState(point, not lacking, lacking, how)


def settled(
    states: tuple[GateState, ...], stage: Stage, has_value: Any, document_lacks: Any, confirmed: frozenset[str] = frozenset()
) -> tuple[GateState, ...]:
    """The points that revisers have added to the stage's own, held against answers, documents and what a person confirms.

    What holds by itself needs no waiver; what a reviser has found to hold stays so.
    """
    own = {point.id for point in stage.gate}

    def stands(state: GateState) -> GateState:
        if state.point.id in own or state.how not in ("", "waived"):
            return state
        now = _point(state.point, has_value, document_lacks, confirmed)
        if state.how and not now.satisfied:
            return state
        return replace(state, satisfied=now.satisfied, open_items=now.open_items, how=now.how, told="", note="")

    return tuple(map(stands, states))


def check_gate(states: tuple[GateState, ...]) -> None:
    """Every point must hold, save those that are advice. Raises Refusal naming each one that does not."""
    reasons = [
        Reason(_lack(state.point), {"point": state.point.id}, state.point.citation, target=state.point.id)
        for state in states if state.holds
    ]  # fmt: skip
    if reasons:
        raise Refusal(*reasons)


def _lack(point: GatePoint) -> str:
    if point.system == "approval":
        return "gate_needs_approval"
    return "gate_not_confirmed" if point.by_person else "gate_lacks"


def told(by: str, on: date) -> str:
    """Who and when, as Finland writes days in each of its languages."""
    return f"{by} {on.day}.{on.month}.{on.year}"
