"""Requests in the states that the tests need, made by the services themselves."""

from typing import Any

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.domain.support import Opinion
from procure.infra import clock
from procure.infra.db import db
from procure.support import queries, service, talk_service
from procure.support.models import SupportRequest
from tests import factories

CANARY = "Zebrafink"
"""Stands in every text of the case that must not leak."""

OPINION = Opinion(
    "Which procedure?", "The value and the market answers.", "An innovation partnership fits (38 §).", "A dialogue is slower.",
    "The market was not examined.", "I have no conflict of interest.",
)  # fmt: skip


def secret_case(person: Person, **answers: Any) -> Case:
    """A case whose every text holds the canary; `users` and `need` differ, so that sections can be told apart."""
    case = factories.make_case(person, title={"en": f"{CANARY} title"})
    factories.answer(
        case,
        person,
        need={"en": f"{CANARY} need"},
        users={"en": f"{CANARY} users"},
        cpv=["90500000"],
        known_suppliers=3,
        **answers,
    )
    return case


def ask(case: Case, person: Person, **changes: Any) -> SupportRequest:
    """A request of that person; `changes` go to `service.ask`."""
    by = factories.actor_of(person)
    locked = cases.case_to_change(by, case.reference)
    assert locked is not None
    values = {"topic": "procedure_law", "question": f"{CANARY} question?", "urgency": "normal", "shares": ("need",)} | changes
    form_key = values.pop("form_key", "")
    request = service.ask(
        locked, by=by, today=clock.today(), now=clock.now(), form_key=form_key or f"key-{case.last_sequence}", **values
    )
    db.session.commit()
    return request


def act(request: SupportRequest, person: Person, name: str, *words: Any) -> None:
    """One act of `service` by that person, on the locked request."""
    by = factories.actor_of(person)
    seen = queries.request_to_change(by, request.id)
    locked = seen.request if seen else queries.request_to_take(by, request.id)
    assert locked is not None
    (getattr(service, name, None) or getattr(talk_service, name))(locked, *words, by, clock.today(), clock.now())
    db.session.commit()


def taken(case: Case, asker: Person, expert: Person, **changes: Any) -> SupportRequest:
    request = ask(case, asker, **changes)
    act(request, expert, "take", "I know none of the suppliers.")
    return request


def answered(case: Case, asker: Person, expert: Person) -> SupportRequest:
    request = taken(case, asker, expert)
    act(request, expert, "answer", OPINION)
    return request
