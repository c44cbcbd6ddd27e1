"""Finding declarations of interests. Whoever asks about one case has been given it by `cases.queries`; the rest is for a person.

Other features ask `opens`, at each request: what is closed now is closed also to a page that stands open.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import Boolean, Select, bindparam, func, literal_column, select
from sqlalchemy.orm import aliased, selectinload

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Answer, Case
from procure.declarations.models import InterestDecision, InterestDeclaration
from procure.domain import declarations as rules
from procure.domain.declarations import Declared
from procure.domain.permissions import Actor
from procure.infra.db import db, read, will_write

SUPPLIERS: Final = "known_suppliers"
"""The question whose answer starts a new round of declarations when it changes."""
LARGEST_ID: Final = 2**31 - 1
MOST_WAITING: Final = 200
MOST_OF_CASE: Final = 1000

_ROUND: Final = select(Answer.version).where(Answer.case_id == bindparam("wanted"), Answer.question == SUPPLIERS)
_LATEST: Final = (  # made once: it is asked with every page that may show tender material
    select(
        InterestDeclaration.outcome, InterestDeclaration.suppliers, InterestDeclaration.held,
        select(InterestDecision.opens)
        .where(InterestDecision.declaration_id == InterestDeclaration.id)
        .order_by(InterestDecision.id.desc())
        .limit(1)
        .correlate(InterestDeclaration)
        .scalar_subquery()
        .label("opened"),
        func.coalesce(_ROUND.scalar_subquery(), 0).label("now"),
    )
    .where(InterestDeclaration.case_id == bindparam("wanted"), InterestDeclaration.person_id == bindparam("person"))
    .order_by(InterestDeclaration.number.desc())
    .limit(1)
)  # fmt: skip


def standing(by: Actor, case: Case) -> str:
    """What the person is to the case's tender material, one of domain.declarations.STANDINGS."""
    row = read(_LATEST, {"wanted": case.id, "person": by.id}).one_or_none()
    if row is None:
        return rules.MISSING
    return rules.standing(Declared(row.outcome, row.suppliers, row.held, row.opened), row.now)


def opens(by: Actor, case: Case) -> bool:
    """Whether the case's tender material is open to the person: its files, their names, and documents that show facts of tenders."""
    return standing(by, case) == rules.OPEN


def suppliers_of(case: Case) -> int:
    """The version of the answer about known suppliers; 0 when there is none. It grows with every change."""
    return read(_ROUND, {"wanted": case.id}).scalar_one_or_none() or 0


def case_to_declare(by: Actor, reference: str) -> Case | None:
    """The case for everybody who reads it, also partners and guests, locked until the transaction ends when the request writes."""
    case = cases.case_for(by, reference)
    if case is not None and will_write():
        locked = select(Case).where(Case.id == case.id).with_for_update(of=Case).execution_options(populate_existing=True)
        db.session.scalars(locked).one()
    return case


def of_case(case: Case) -> list[InterestDeclaration]:
    """Every declaration of the case with its decisions, the newest first. For managers of the case's city."""
    return _found(case, None)


def own(by: Actor, case: Case) -> list[InterestDeclaration]:
    """The person's own declarations in the case, the newest first."""
    return _found(case, by.id)


def _found(case: Case, person_id: int | None) -> list[InterestDeclaration]:
    statement = select(InterestDeclaration).where(InterestDeclaration.case_id == case.id)
    if person_id is not None:
        statement = statement.where(InterestDeclaration.person_id == person_id)
    statement = statement.options(selectinload(InterestDeclaration.decisions)).order_by(InterestDeclaration.number.desc())
    return list(db.session.scalars(statement.limit(MOST_OF_CASE).execution_options(populate_existing=True)))


def declaration_of(case: Case, number: int) -> InterestDeclaration | None:
    """One declaration of the case with its decisions; nobody decides on it meanwhile when the case is locked."""
    if number > LARGEST_ID:
        return None
    statement = select(InterestDeclaration).where(InterestDeclaration.case_id == case.id, InterestDeclaration.number == number)
    return db.session.scalar(
        statement.options(selectinload(InterestDeclaration.decisions)).execution_options(populate_existing=True)
    )


def last_number(case: Case) -> int:
    """The number given last in the case; 0 when nobody has declared yet."""
    return (
        db.session.scalar(select(func.max(InterestDeclaration.number)).where(InterestDeclaration.case_id == case.id)) or 0
    )  # fmt: skip


def latest_of(case: Case, person_id: int) -> InterestDeclaration | None:
    """The declaration of that person that counts; the case is locked."""
    statement = select(InterestDeclaration).where(
        InterestDeclaration.case_id == case.id, InterestDeclaration.person_id == person_id
    )
    return db.session.scalar(statement.order_by(InterestDeclaration.number.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A conflict that a manager has to decide on, in "my work"."""

    id: int
    number: int
    declared_on: date
    person: str
    reference: str
    case_title: str


def waiting_for(by: Actor, language: str) -> list[ConflictRow]:
    """Conflicts of others in the city's own cases on which nobody has decided, the oldest first; for managers, nothing for others."""
    if not by.may("interest.decide"):
        return []
    return [ConflictRow(*row) for row in read(_waiting(language), {"own": by.organisation_id, "me": by.id})]


_HELD: Final = literal_column("interest_declarations.held", Boolean)
"""As the partial index of SQLite says it: `held = 1` would pass that index by. And the city is compared as a sum, so that the few
declarations that are held come first, and not the many cases of the city."""


@cache  # made once: it is asked with every first screen of a manager
def _waiting(language: str) -> Select[*tuple[Any, ...]]:
    later = aliased(InterestDeclaration)
    return (
        select(
            InterestDeclaration.id, InterestDeclaration.number, InterestDeclaration.declared_on, InterestDeclaration.person,
            Case.reference, cases.title_in(language),
        )
        .join(Case, Case.id == InterestDeclaration.case_id)
        .where(_HELD, Case.organisation_id + 0 == bindparam("own"), InterestDeclaration.person_id != bindparam("me"))
        .where(~cases.guest_is(bindparam("me")))
        .where(~select(InterestDecision.id).where(InterestDecision.declaration_id == InterestDeclaration.id).exists())
        .where(
            ~select(later.id)
            .where(
                later.case_id == InterestDeclaration.case_id, later.person_id == InterestDeclaration.person_id,
                later.number > InterestDeclaration.number,
            )
            .exists()
        )
        .order_by(InterestDeclaration.declared_on, InterestDeclaration.id)
        .limit(MOST_WAITING)
    )  # fmt: skip


def managers_of(case: Case) -> list[Person]:
    """Those of the case's city who decide on conflicts of interest."""
    statement = select(Person).where(Person.organisation_id == case.organisation_id, Person.role == "manager", Person.active)
    return list(db.session.scalars(statement.order_by(Person.id)))
