"""Conflict of interest (jääviys, 434/2003 27–30 §, recalled): who may open the tender material of a case, decided without a database.

Whoever would read it declares first: no conflict, or one that is described. A declared conflict closes the material at once, and only
a manager's decision opens it again; a later "no conflict" of the same person does not stand in for that decision. A declaration is
given against the suppliers known then: when that answer changes, it has to be given anew.
"""

from dataclasses import dataclass
from typing import Final

from procure.domain.outcomes import Reason, Refusal

CITATION: Final = "434/2003 27–30 §"
NONE: Final = "none"
CONFLICT: Final = "conflict"
OUTCOMES: Final = (NONE, CONFLICT)

MISSING: Final = "missing"
RENEW: Final = "renew"
OPEN: Final = "open"
WAITS: Final = "waits"
CLOSED: Final = "closed"
STANDINGS: Final = (MISSING, RENEW, OPEN, WAITS, CLOSED)
"""What a person is to the tender material of a case: nothing declared yet, declared against an earlier list of suppliers, open to
them, closed until a manager decides, closed by a manager's decision."""

LONGEST_TEXT: Final = 4000


@dataclass(frozen=True, slots=True)
class Declared:
    """A person's latest declaration in a case. `suppliers`: how often the answer about known suppliers had been given by then.

    `held`: it needs a manager's decision. `opened`: what was decided on it last, None while nothing was.
    """

    outcome: str
    suppliers: int
    held: bool
    opened: bool | None = None


def standing(latest: Declared | None, suppliers: int) -> str:
    """One of STANDINGS. `suppliers`: as in Declared, by now."""
    if latest is None:
        return MISSING
    if latest.held and not latest.opened:
        return WAITS if latest.opened is None else CLOSED
    return OPEN if latest.suppliers == suppliers else RENEW


def opens(latest: Declared | None, suppliers: int) -> bool:
    """Whether the material is open to the person."""
    return standing(latest, suppliers) == OPEN


def is_held(outcome: str, before: str) -> bool:
    """Whether a declaration needs a manager's decision, given what the person was before it: nobody takes a conflict back alone."""
    return outcome == CONFLICT or before in (WAITS, CLOSED)


def check_declaration(outcome: str, text: str) -> None:
    """Raises Refusal: a conflict is described."""
    if outcome not in OUTCOMES:
        raise Refusal(Reason("interest_missing", target="outcome"))
    if outcome == CONFLICT and not text.strip():
        raise Refusal(Reason("interest_text_missing", target="text"))


def check_decider(own: bool, decider: str) -> None:
    """Raises Refusal: nobody decides on the own conflict, nor while a conflict of their own closes the material to them.

    `own`: the declaration is the decider's; `decider`: what the decider is to the material.
    """
    if own:
        raise Refusal(Reason("interest_own", citation=CITATION))
    if decider in (WAITS, CLOSED):
        raise Refusal(Reason("interest_decider_barred", citation=CITATION))


def check_decision(reason: str) -> None:
    """Raises Refusal: opening and keeping closed both have a reason."""
    if not reason.strip():
        raise Refusal(Reason("interest_reason_missing", target="reason"))
