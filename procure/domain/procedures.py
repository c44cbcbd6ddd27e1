"""A way to buy: its conditions, its stages and what each stage needs before it may be completed. Filled from `catalogue`."""

from dataclasses import dataclass
from typing import Final

from procure.domain.language import Trilingual

CONFIDENCES: Final = ("verified", "practice", "recalled")
"""How sure a statement is: read in the Act, working practice, or recalled and to be checked (shown to the user as such)."""

PROCEDURE_IDS: Final = (
    "open", "restricted", "competitive_negotiation", "competitive_dialogue", "innovation_partnership",
    "design_contest", "direct_award", "dps", "framework", "pcp", "national", "light_regime", "concession",
    "challenge_competition", "small_purchase",
)  # fmt: skip

PREPARATION: Final = "preparation"
"""The stages a case goes through before its procedure is chosen (domain facts C.4); not a procedure that can be chosen."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A condition, a note or a minimum period: a sentence, the section it rests on, and how sure it is."""

    text: Trilingual
    citation: str
    confidence: str


@dataclass(frozen=True, slots=True)
class GatePoint:
    """One thing that must hold before a stage is completed.

    Satisfied by the system when `answers` (question ids) all have a value and `document` (a kind), when named, lacks nothing.
    `system` names what else may satisfy it: `approval`, or `deadline:RULE`; then a reviser says whether it holds.
    A point with none of them is ticked by a person, beforehand or when the stage is completed.
    """

    id: str
    text: Trilingual
    citation: str
    answers: tuple[str, ...] = ()
    document: str = ""
    system: str = ""

    @property
    def by_person(self) -> bool:
        return not self.answers and not self.document and not self.system


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a procedure. `usual_days` are working days a city usually needs: practice, never a legal minimum."""

    id: str
    name: Trilingual
    purpose: Trilingual
    citation: str
    confidence: str
    optional: bool
    repeatable: bool
    usual_days: int
    gate: tuple[GatePoint, ...]
    documents: tuple[str, ...]
    notices: tuple[str, ...]
    periods: tuple[Statement, ...]
    beside: tuple[str, ...] = ()
    """Stages of the procedure that may run while the case is in this one."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """One edition of one procedure. An edition in use is never edited: a change is a new edition, and open cases keep theirs."""

    id: str
    edition: str
    name: Trilingual
    summary: Trilingual
    sections: tuple[str, ...]
    eforms_code: str
    conditions: tuple[Statement, ...]
    notes: tuple[Statement, ...]
    stages: tuple[Stage, ...]

    def stage(self, stage_id: str) -> Stage:
        """The stage with that id; KeyError when this procedure does not have it."""
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise KeyError(stage_id)
