"""How the gate of a case's stage stands: the catalogue's points, and what features that stand above the cases say of them."""

from collections.abc import Callable, Iterable

from procure.cases.models import Case
from procure.catalogue import documents as document_catalogue
from procure.catalogue import procedures as procedure_catalogue
from procure.domain import checklists
from procure.domain.permissions import Actor
from procure.domain.procedures import Stage
from procure.domain.questions import Answers, has_value

GateReviser = Callable[[Case, Stage, tuple[checklists.GateState, ...]], tuple[checklists.GateState, ...]]
_gate_revisers: dict[str, tuple[int, GateReviser]] = {}


def add_gate_reviser(name: str, order: int, reviser: GateReviser) -> None:
    """From now on `reviser` is asked how the gate of a case's present stage stands, after those of a lower `order`: it may add points,
    and say of others that they hold. It is how a feature that stands above the cases satisfies a point; one of the same name takes the
    other's place."""
    _gate_revisers[name] = order, reviser


def has_gate_reviser(name: str) -> bool:
    return name in _gate_revisers


Guard = Callable[[Case, str, Actor], None]
_guards: dict[str, Guard] = {}


def guard_completion(name: str, guard: Guard) -> None:
    """From now on `guard(case, stage, who completes it)` is asked before a stage is completed; it raises Refusal when that person may
    not. One of the same name takes the other's place."""
    _guards[name] = guard


def guards() -> Iterable[Guard]:
    return _guards.values()


def gate_of(
    case: Case, answers: Answers, confirmed: frozenset[str] = frozenset(), stage_id: str = ""
) -> tuple[checklists.GateState, ...]:
    """How the gate of that stage stands, or of the present one; empty when the case is over."""
    if not case.stage:
        return ()
    kinds = document_catalogue.catalogue()

    def lacks(kind: str) -> tuple[str, ...]:
        return tuple(question for question in kinds.get(kind).requires if not has_value(question, answers))

    def known(question: str) -> bool:
        return has_value(question, answers)

    procedure = procedure_catalogue.catalogue().get(case.procedure, case.procedure_edition)
    stage = procedure.stage(stage_id or case.stage)
    states = checklists.gate(stage, known, lacks, confirmed)
    for _order, reviser in sorted(_gate_revisers.values(), key=lambda one: one[0]):
        states = reviser(case, stage, states)
    return checklists.settled(states, stage, known, lacks, confirmed)
