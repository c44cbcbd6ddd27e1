"""Declaring interests, and deciding on a declared conflict. Each is one event in the case's log, in the transaction of the act.

The log holds outcomes and the hash of what was written; the text itself stands in the declaration, as not everybody may read it.
"""

from datetime import date, datetime
from typing import Any, Final

from procure.cases.models import Case
from procure.cases.service import record
from procure.declarations import mail, queries
from procure.declarations.models import InterestDecision, InterestDeclaration
from procure.domain import declarations as rules
from procure.domain.outcomes import Reason, Refusal, check_all
from procure.domain.permissions import Actor
from procure.domain.team import hash_of
from procure.infra.db import db

DECLARED: Final = "interest_declared"
DECIDED: Final = "interest_decided"


class Overtaken(Refusal):
    """Something has changed since the page was opened: it is shown, nothing is overwritten."""


def declare(
    case: Case, outcome: str, text: str, suppliers: int, by: Actor, today: date, now: datetime
) -> InterestDeclaration:  # fmt: skip
    """The person's declaration counts from now on; the case is locked (`queries.case_to_declare`).

    `suppliers`: the version of the answer about known suppliers that was on the screen. The same declaration sent twice is one.
    Raises Refusal, and Overtaken `interest_suppliers_changed`.
    """
    text = text.replace("\r\n", "\n").strip()
    rules.check_declaration(outcome, text)
    present = queries.suppliers_of(case)
    if suppliers != present:
        raise Overtaken(Reason("interest_suppliers_changed"))
    before, last = queries.standing(by, case), queries.latest_of(case, by.id)
    if last is not None and before != rules.RENEW and (last.outcome, last.text, last.suppliers) == (outcome, text, present):
        return last
    made = InterestDeclaration(
        case_id=case.id, number=queries.last_number(case) + 1, person_id=by.id, person=by.name, role=by.role, outcome=outcome,
        text=text, suppliers=present, held=rules.is_held(outcome, before), declared_on=today, declared_at=now,
    )  # fmt: skip
    db.session.add(made)
    payload = {"declaration": made.number, "outcome": outcome, "held": made.held, "suppliers": present}
    record(case, DECLARED, payload | digest(text), today, by, now)
    db.session.flush()
    if made.held:
        mail.to_decide(case, made, by, now)
    return made


def decide(
    case: Case, declaration: InterestDeclaration, opens: bool, reason: str, seen: int, by: Actor, today: date, now: datetime
) -> InterestDecision:
    """The material opens to whoever declared the conflict, or stays closed; the case is locked.

    `seen`: how many decisions on it were on the screen. The same decision sent twice is one. Raises Refusal, and Overtaken
    `interest_decided` or `interest_declared_anew`.
    """
    reason = reason.replace("\r\n", "\n").strip()
    check_all(
        lambda: rules.check_decider(declaration.person_id == by.id, queries.standing(by, case)),
        lambda: rules.check_decision(reason),
    )
    last = declaration.decisions[-1] if declaration.decisions else None
    if last is not None and (last.decided_by_id, last.opens, last.reason) == (by.id, opens, reason):
        return last
    latest = queries.latest_of(case, declaration.person_id)
    if not declaration.held or latest is None or latest.id != declaration.id:
        raise Overtaken(Reason("interest_declared_anew", {"name": declaration.person}))
    if last is not None and len(declaration.decisions) != seen:
        raise Overtaken(Reason("interest_decided", {"name": last.decided_by}))
    made = InterestDecision(
        declaration_id=declaration.id, opens=opens, reason=reason, decided_by_id=by.id, decided_by=by.name, decided_on=today,
        decided_at=now,
    )  # fmt: skip
    declaration.decisions.append(made)
    payload = {"declaration": declaration.number, "person": declaration.person_id, "name": declaration.person, "opens": opens}
    record(case, DECIDED, payload | digest(reason), today, by, now)
    db.session.flush()
    mail.decided(case, declaration, opens, by, now)
    return made


def digest(text: str) -> dict[str, Any]:
    """What the log keeps of a text: enough to show later that it is the same."""
    return {"sha256": hash_of(text), "length": len(text)}
