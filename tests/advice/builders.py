"""Cases whose advice is known by hand: 480 000 euros of services is an EU procurement in 2026."""

from datetime import date
from typing import Any

from sqlalchemy import select

from procure.accounts.models import Person
from procure.advice import asking, queries, service
from procure.advice.models import AdviceChoice
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from tests import factories

TODAY = date(2026, 11, 24)


def mark_now(case: Case) -> str:
    """What a form that is opened now would carry."""
    asked = asking.ask(case, cases.facts_of(cases.answers_of(case)), clock.today())
    return asking.mark(asked, case, queries.last_sequence(case))


def choices_of(case: Case) -> list[AdviceChoice]:
    """The choices kept, the newest first."""
    kept = select(AdviceChoice).where(AdviceChoice.case_id == case.id).order_by(AdviceChoice.sequence.desc())
    return list(db.session.scalars(kept))


def choose(case: Case, person: Person, procedure: str, reason: str = "", seen: str | None = None) -> AdviceChoice:
    """That person chooses today, on the advice as it stands unless `seen` says another."""
    by = factories.actor_of(person)
    locked = cases.case_to_change(by, case.reference)
    assert locked is not None
    choice = service.choose(
        locked, procedure, clock.today(), reason, mark_now(case) if seen is None else seen, by, clock.today(), clock.now()
    )
    db.session.commit()
    return choice


def confirm(case: Case, person: Person, reason: str) -> AdviceChoice:
    by = factories.actor_of(person)
    locked = cases.case_to_change(by, case.reference)
    assert locked is not None
    choice = service.confirm(locked, clock.today(), reason, mark_now(case), by, clock.today(), clock.now())
    db.session.commit()
    return choice


def posted(case: Case, reason: str = "", **more: Any) -> dict[str, Any]:
    """The fields of the form of choosing, as the page has just shown it."""
    today = clock.today()
    day = {"happened_on-day": today.day, "happened_on-month": today.month, "happened_on-year": today.year}
    return {"seen": mark_now(case), "reason": reason} | day | more
