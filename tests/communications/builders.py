"""Things to tell and requests for communications support as the tests need them, made by the services themselves."""

from datetime import date, timedelta
from typing import Any

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.communications import queries, service
from procure.communications.models import CommunicationItem
from procure.communications.service import Said
from procure.domain.communications import Draft
from procure.infra import clock
from procure.infra.db import db
from procure.support.models import SupportRequest
from tests import factories
from tests.support.builders import act as support_act

WORDS = {"fi": "Viesti suomeksi.", "sv": "Meddelande på svenska.", "en": "Message in English."}


def draft(**changes: Any) -> Draft:
    values: dict[str, Any] = {
        "title": "A release on the need", "content": "need", "audience": "Residents", "channel": "website",
        "planned_on": clock.today() + timedelta(days=14), "messages": WORDS,
    }  # fmt: skip
    return Draft(**(values | changes))


def locked(case: Case, by: Person) -> Case:
    found = cases.case_to_change(factories.actor_of(by), case.reference)
    assert found is not None
    return found


def plan(case: Case, by: Person, key: str = "", **changes: Any) -> CommunicationItem:
    """A draft in the case's plan, for a day in two weeks unless `changes` say otherwise."""
    found = locked(case, by)
    item = service.add(
        found, draft(**changes), key or f"key-{case.last_sequence}", factories.actor_of(by), clock.today(), clock.now()
    )  # fmt: skip
    db.session.commit()
    return item


def write(case: Case, item: CommunicationItem, by: Person, seen: int = 0, **changes: Any) -> None:
    found = locked(case, by)
    service.write(found, item, draft(**changes), seen or item.version, factories.actor_of(by), clock.today(), clock.now())
    db.session.commit()


def move(
    case: Case, item: CommunicationItem, by: Person, act: str, note: str = "", on: date | None = None, seen: int = 0
) -> None:  # fmt: skip
    found = locked(case, by)
    present = queries.item_of(found, item.number)
    assert present is not None
    said = Said(seen or item.version, note, on)
    service.move(found, present, act, said, factories.actor_of(by), clock.today(), clock.now())
    db.session.commit()


def approved(case: Case, by: Person, **changes: Any) -> CommunicationItem:
    item = plan(case, by, **changes)
    move(case, item, by, "submit")
    move(case, item, by, "approve")
    return item


def ask(case: Case, by: Person, shares: tuple[str, ...] = ("need",), key: str = "ask") -> SupportRequest:
    """A request for communications support."""
    found = locked(case, by)
    request = service.ask(
        found, "A plan, please", "normal", shares, factories.actor_of(by), clock.today(), clock.now(), form_key=key
    )  # fmt: skip
    db.session.commit()
    return request


def taken(case: Case, by: Person, expert: Person, shares: tuple[str, ...] = ("need",)) -> SupportRequest:
    request = ask(case, by, shares)
    support_act(request, expert, "take", "I know none of the suppliers.")
    return request
