"""A person's list of cases, as tests read it."""

from datetime import date

from procure.accounts.models import Person
from procure.cases import list_queries
from procure.cases.list_queries import Filters
from tests import factories

TODAY = date(2026, 11, 24)


def found(person: Person, **filters: str) -> list[str]:
    """The references on the first page of that list, in its order."""
    rows, _more = list_queries.list_cases(factories.actor_of(person), Filters(**filters), "en", TODAY)
    return [row.reference for row in rows]
