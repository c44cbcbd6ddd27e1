"""Cities that share their figures, with cases that have come some way."""

from datetime import date
from typing import Any

from procure.accounts import queries as accounts
from procure.accounts.models import Person
from procure.domain.permissions import Actor
from procure.domain.portfolio import EVERY_THEME, EVERYBODY
from procure.infra import clock
from procure.infra.db import db
from procure.portfolio.models import PortfolioRun, PortfolioTotal
from procure.shared_figures import service
from tests import factories

MONTH = date(2026, 3, 1)


def admin_of(code: str) -> Person:
    """An administrator of that city, added when it has none."""
    city = accounts.organisation_by_code(code)
    assert city is not None, code
    found = next(iter(accounts.people_with_role(city.id, "city_admin")), None)
    if found is None:
        found = Person(
            email=f"admin-{code}@city.example", name=f"Admin {code}", role="city_admin", organisation=city, language="en",
            password_hash=None, active=True, created_at=clock.now(),
        )  # fmt: skip
        db.session.add(found)
        db.session.flush()
    return found


def by(code: str) -> Actor:
    return factories.actor_of(admin_of(code))


def counted(code: str, cases: int, procedure: str = "open", state: str = "open", month: date = MONTH, **groups: Any) -> None:
    """Kept totals of the city as the portfolio's worker keeps them, for all themes and people together."""
    city = accounts.organisation_by_code(code)
    assert city is not None, code
    tally = {
        "cases": {"all": cases, "valued": cases, "told": cases}, "value": {"all": cases * 100_000}, "level": {"0": cases},
        "stage": {"need": cases},
    }  # fmt: skip
    db.session.add(
        PortfolioTotal(
            city=city.id, theme=EVERY_THEME, responsible=EVERYBODY, month=month, procedure=procedure, state=state,
            tally=tally | groups,
        )
    )  # fmt: skip
    db.session.get_one(PortfolioRun, 1).changed_at = clock.now()
    db.session.commit()


def share(code: str, choice: str = "unnamed") -> None:
    service.choose(by(code), choice, clock.now())
    db.session.commit()
