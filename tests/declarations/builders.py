"""Declarations and decisions as the tests need them, made by the services themselves."""

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.declarations import queries, service
from procure.declarations.models import InterestDecision, InterestDeclaration
from procure.infra import clock
from procure.infra.db import db
from tests import factories

WORDS = "My sister works for Binwatch."


def declare(case: Case, person: Person, outcome: str = "none", text: str | None = None) -> InterestDeclaration:
    """What that person declares, against the suppliers known now; a conflict is described."""
    by = factories.actor_of(person)
    locked = queries.case_to_declare(by, case.reference)
    assert locked is not None
    words = (WORDS if outcome == "conflict" else "") if text is None else text
    made = service.declare(locked, outcome, words, queries.suppliers_of(case), by, clock.today(), clock.now())
    db.session.commit()
    return made


def decide(
    case: Case, manager: Person, declaration: InterestDeclaration, opens: bool, reason: str = "She left it last year."
) -> InterestDecision:
    """What that manager decides on the declaration as it stands now."""
    by = factories.actor_of(manager)
    locked = cases.case_to_change(by, case.reference)
    wanted = queries.declaration_of(case, declaration.number)
    assert locked is not None
    assert wanted is not None
    made = service.decide(locked, wanted, opens, reason, len(wanted.decisions), by, clock.today(), clock.now())
    db.session.commit()
    return made


def opens(case: Case, person: Person) -> bool:
    """Whether the tender material is open to that person."""
    return queries.opens(factories.actor_of(person), case)
