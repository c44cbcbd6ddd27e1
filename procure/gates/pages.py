"""What the page of a stage's points shows, as frozen records: the templates decide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from procure.cases import pages as case_pages
from procure.cases.models import Case
from procure.cases.pages import CaseHead, GateLine
from procure.domain.checklists import GateState
from procure.domain.gates import may_waive


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point with what the reader can do about it: `tick`, `untick`, `waive`, `unwaive`; `bound`: the law forbids to waive it."""

    line: GateLine
    acts: tuple[str, ...]
    bound: bool


def point_lines(case: Case, states: Sequence[GateState], head: CaseHead, language: str) -> tuple[PointLine, ...]:
    lines = case_pages.gate_lines(case, states, language)
    return tuple(PointLine(line, _acts(state, head), _bound(state)) for state, line in zip(states, lines, strict=True))


def _bound(state: GateState) -> bool:
    return state.holds and not may_waive(state)


def _acts(state: GateState, head: CaseHead) -> tuple[str, ...]:
    ticked, waived = state.how == "ticked", state.how == "waived"
    offered = (
        ("tick", head.may_edit and state.point.by_person and not ticked),
        ("untick", head.may_edit and ticked),
        ("waive", head.may_waive and state.holds and may_waive(state)),
        ("unwaive", head.may_waive and waived),
    )
    return tuple(name for name, may in offered if may)
