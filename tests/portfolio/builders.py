"""Cases that have come some way, as the figures need them."""

from datetime import date
from typing import Any

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.infra.db import db
from procure.portfolio.models import PortfolioTotal
from tests.cases.builders import case_at, walk

NOTICE, AWARD, CONTRACT = date(2026, 3, 2), date(2026, 5, 4), date(2026, 6, 1)


def contracted(person: Person, procedure: str = "open", **answers: Any) -> Case:
    """A case with notice, award decision and contract on those days, now in the stage after the contract."""
    case = case_at(person, procedure, "contract_notice", date(2026, 2, 2), **answers)
    walk(case, person, "questions", NOTICE)
    walk(case, person, "notification", AWARD)
    walk(case, person, "standstill", AWARD)
    walk(case, person, "result_notice", CONTRACT)
    db.session.commit()
    return case


def kept() -> dict[tuple[Any, ...], dict[str, dict[str, int]]]:
    """The kept totals by their keys."""
    db.session.expire_all()
    rows = db.session.query(PortfolioTotal).all()
    return {(row.city, row.month, row.theme, row.responsible, row.procedure, row.state): row.tally for row in rows}
