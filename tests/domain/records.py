"""Small procedures for the tests of the rules."""

from procure.domain.language import Trilingual
from procure.domain.procedures import GatePoint, Procedure, Stage


def words(text: str) -> Trilingual:
    return Trilingual(f"{text} fi", f"{text} sv", f"{text} en")


def stage(name: str, *, optional: bool = False, usual_days: int = 5, gate: tuple[GatePoint, ...] = ()) -> Stage:
    return Stage(name, words(name), words(name), "2 §", "practice", optional, False, usual_days, gate, (), (), ())


def procedure(*stages: Stage, name: str = "open") -> Procedure:
    return Procedure(name, "2026-11", words(name), words(name), (), "", (), (), stages)
