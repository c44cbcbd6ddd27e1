"""Opinions in the states that the tests need, made by the services themselves."""

from typing import Any

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.domain.opinions import Content
from procure.infra import clock
from procure.infra.db import db
from procure.support import opinion_queries, opinion_service, queries
from procure.support.models import SupportRequest
from procure.support.opinion_models import OpinionVersion
from tests import factories
from tests.support.builders import OPINION, taken

CONTENT = Content(OPINION, ("hl-38", "hl-39"), "medium", "Two suppliers answered.")

FORM = {
    "question": OPINION.question, "facts_used": OPINION.facts_used, "opinion": OPINION.opinion,
    "alternatives_and_risks": OPINION.alternatives_and_risks, "limits": OPINION.limits,
    "conflict_statement": OPINION.conflict_statement, "citations": ["hl-38", "hl-39"], "confidence": "medium",
    "confidence_reason": "Two suppliers answered.",
}  # fmt: skip


def press(request: SupportRequest, version: OpinionVersion) -> tuple[str, int]:
    """Prints nothing."""
    return f"{version.number:032d}{version.version:032d}", 7


def by_expert(request: SupportRequest, person: Person, name: str, *words: Any, **more: Any) -> Any:
    """One act of the opinion's service by the expert, or the city, on the locked request."""
    by = factories.actor_of(person)
    seen = queries.request_to_change(by, request.id)
    assert seen is not None
    done = getattr(opinion_service, name)(seen.request, *words, by, **more)
    db.session.commit()
    return done


def save(request: SupportRequest, person: Person, content: Content = CONTENT, seen: int = 0) -> int:
    """The draft's version after saving."""
    return int(by_expert(request, person, "save_draft", content, seen, now=clock.now()).version_id)


def issue(request: SupportRequest, person: Person, content: Content = CONTENT, seen: int = 0) -> OpinionVersion:
    made = by_expert(request, person, "issue", content, seen, today=clock.today(), now=clock.now(), press=press)
    assert isinstance(made, OpinionVersion)
    return made


def ask_reader(request: SupportRequest, person: Person, reader: Person) -> None:
    by_expert(request, person, "ask_reader", reader.id, today=clock.today(), now=clock.now())


def by_reader(request: SupportRequest, person: Person, name: str, *words: Any) -> None:
    """One act of the second reader."""
    by = factories.actor_of(person)
    wanted = opinion_queries.to_read(by, request.id)
    assert wanted is not None
    getattr(opinion_service, name)(wanted, *words, by, clock.today(), clock.now())
    db.session.commit()


def agree(request: SupportRequest, reader: Person) -> None:
    """The reader declares to have no conflict, and agrees to the draft as it is."""
    by_reader(request, reader, "declare", False, "")
    wanted = opinion_queries.to_read(factories.actor_of(reader), request.id)
    assert wanted is not None
    by_reader(request, reader, "agree", opinion_queries.content_of(wanted.draft).fingerprint)


def issued(case: Case, asker: Person, expert: Person, **changes: Any) -> SupportRequest:
    """An opinion on a topic that is not law, so that nobody else reads it first."""
    request = taken(case, asker, expert, **({"topic": "funding"} | changes))
    issue(request, expert)
    return request
