"""What a rule answers when the answer is no: a code with parameters, never a sentence. `web/wording.py` makes the sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something holds or does not: a code of the wording table, its parameters, and the section of law behind it."""

    code: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    citation: str = ""
    target: str = ""
    """What the reason is about, for a link: a question id, a document kind or a stage id."""


class Refusal(Exception):
    """A service declines to act. Carries every reason at once, so that the person can mend all of them in one go."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


def check_all(*checks: Callable[[], object]) -> None:
    """Make every check; raises one Refusal with the reasons of all that refuse."""
    reasons: list[Reason] = []
    for check in checks:
        try:
            check()
        except Refusal as refusal:
            reasons.extend(refusal.reasons)
    if reasons:
        raise Refusal(*reasons)
