"""What an address asks of the portfolio: the period and the filters. A saved report keeps the same words."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from procure.cases import list_queries
from procure.cases.pages import procedure_choices
from procure.domain import portfolio
from procure.domain.permissions import Actor
from procure.domain.procedures import PREPARATION
from procure.portfolio import pages, queries
from procure.portfolio.pages import Chosen
from procure.portfolio.queries import Filters

LARGEST_ID: Final = 2**31 - 1
THEME: Final = re.compile(r"[a-z0-9_]{1,40}")
"""Also one that an earlier edition of the questionnaire had."""
KEPT: Final = ("period", "person", "procedure", "theme", "state")
"""The words of an address that a saved report keeps."""


def chosen_of(by: Actor, told: Mapping[str, str], today: date) -> Chosen:
    """The period and filters as an address has them; what is unknown asks for nothing. Two queries."""
    since = queries.first_month(by) or today
    people = tuple(list_queries.responsible_people(by))
    period = pages.period_of(told.get("period", ""), today, since)
    person, state = number(told, "person") or 0, told.get("state", "")
    theme, procedure = told.get("theme", ""), told.get("procedure", "")
    filters = Filters(
        first=day(told, "from") or period.first, last=day(told, "to") or period.last,
        person=person if person in dict(people) else 0,
        procedure=procedure if procedure in procedures() else "",
        theme=theme if THEME.fullmatch(theme) else "",
        state=state if state in portfolio.STATES else "",
    )  # fmt: skip
    return Chosen(period, filters, people, since)


def procedures() -> set[str]:
    """Every procedure by which cases are counted, with that of a case for which none has been chosen."""
    return {PREPARATION, *(procedure for procedure, _name in procedure_choices("en"))}


def number(told: Mapping[str, str], name: str) -> int | None:
    """A number that can be an id; None for anything else."""
    text = told.get(name, "").strip()
    found = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else None
    return found if found is not None and found <= LARGEST_ID else None


def day(told: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(told.get(name, ""))
    except ValueError:
        return None
