"""What the pages of declarations show, as frozen records: the templates decide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from procure.accounts.pages import ROLE_NAMES
from procure.cases.models import Case
from procure.catalogue import cpv
from procure.declarations.models import InterestDecision, InterestDeclaration
from procure.declarations.queries import SUPPLIERS
from procure.domain import declarations as rules
from procure.domain.declarations import Declared
from procure.domain.permissions import Actor
from procure.domain.questions import Answers, has_value
from procure.teams.pages import PART_NAMES
from procure.teams.queries import Member

OUTCOMES: Final[dict[str, Any]] = {
    rules.NONE: _l("No conflict of interest"),
    rules.CONFLICT: _l("Has or may have a conflict of interest"),
}
STANDINGS: Final[dict[str, tuple[Any, str]]] = {
    rules.MISSING: (_l("Not declared"), "grey"),
    rules.RENEW: (_l("To be renewed"), "yellow"),
    rules.OPEN: (_l("Open"), "green"),
    rules.WAITS: (_l("Waits for a decision"), "yellow"),
    rules.CLOSED: (_l("Closed"), "red"),
}
"""In words, with the colour that repeats it."""


@dataclass(frozen=True, slots=True)
class About:
    """What one declares against; all that shows of the matter before the declaration. `suppliers`: how many are known."""

    buyer: str
    subject: str
    suppliers: int | None


def about(case: Case, answers: Answers, language: str) -> About:
    buyers = [case.organisation.names[language], *(partner.organisation.names[language] for partner in case.partners)]
    codes = [str(code) for code in answers["cpv"].value] if has_value("cpv", answers) else []
    suppliers = answers[SUPPLIERS].value if has_value(SUPPLIERS, answers) else None
    return About(", ".join(buyers), "; ".join(_subject(code[:8], language) for code in codes), suppliers)


def _subject(code: str, language: str) -> str:
    entry = cpv.load().nearest(code)
    return f"{code} {entry.name[language]}" if entry else code


@dataclass(frozen=True, slots=True)
class DecisionLine:
    words: Any
    by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class DeclarationLine:
    """One declaration with what was decided on it. `to_decide`: it is the person's latest, and a manager may decide on it."""

    number: int
    person: str
    role: str
    outcome: Any
    on: date
    paragraphs: tuple[str, ...]
    decisions: tuple[DecisionLine, ...]
    to_decide: bool


def lines(found: Sequence[InterestDeclaration], by: Actor, all_by: Sequence[InterestDeclaration] = ()) -> list[DeclarationLine]:
    """The newest first. `all_by`: every declaration of these people, to know which is the latest; without it `found` is that."""
    latest = _latest(all_by or found)
    return [line(row, row.held and latest[row.person_id].id == row.id and row.person_id != by.id) for row in found]


def line(row: InterestDeclaration, to_decide: bool) -> DeclarationLine:
    return DeclarationLine(
        row.number, row.person, str(ROLE_NAMES[row.role]), OUTCOMES[row.outcome], row.declared_on, _paragraphs(row.text),
        tuple(_decision(one) for one in row.decisions), to_decide,
    )  # fmt: skip


def _decision(row: InterestDecision) -> DecisionLine:
    words = _l("The tender material was opened to the person") if row.opens else _l("The tender material stays closed")
    return DecisionLine(words, row.decided_by, row.decided_on, row.reason)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in text.splitlines() if piece.strip())


def _latest(found: Sequence[InterestDeclaration]) -> dict[int, InterestDeclaration]:
    """The newest declaration of each person, from declarations with the newest first."""
    latest: dict[int, InterestDeclaration] = {}
    for row in found:
        latest.setdefault(row.person_id, row)
    return latest


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Where one person stands: those of the team, and everybody else who has declared."""

    name: str
    part: Any
    state: Any
    colour: str
    on: date | None


def people(members: Sequence[Member], found: Sequence[InterestDeclaration], suppliers: int) -> list[PersonLine]:
    """The team in its order, then the others by name."""
    latest = _latest(found)
    lines = [_person(member.name, PART_NAMES[member.part], latest.pop(member.id, None), suppliers) for member in members]
    others = sorted(latest.values(), key=lambda row: (row.person, row.person_id))
    return lines + [_person(row.person, ROLE_NAMES[row.role], row, suppliers) for row in others]


def _person(name: str, part: Any, row: InterestDeclaration | None, suppliers: int) -> PersonLine:
    state, colour = STANDINGS[rules.standing(_declared(row), suppliers)]
    return PersonLine(name, part, state, colour, row.declared_on if row else None)


def _declared(row: InterestDeclaration | None) -> Declared | None:
    if row is None:
        return None
    return Declared(row.outcome, row.suppliers, row.held, row.decisions[-1].opens if row.decisions else None)
