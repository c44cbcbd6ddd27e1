"""Articles in the states that the tests need, made by the services themselves."""

from datetime import date, timedelta
from typing import Any

from procure.accounts.models import Person
from procure.domain.anonymising import Names
from procure.infra import clock
from procure.infra.db import db
from procure.knowledge import queries, service
from procure.knowledge.models import Article
from procure.knowledge.queries import Draft
from tests.factories import actor_of

TEXT = {
    "title": "When is a negotiated procedure allowed?", "question": "When may a procedure with negotiation be used?",
    "short_answer": "When the need cannot be met with what is on the market (34 §).", "answer": "Innovation is enough.\n\nSay why.",
    "citations": "1397/2016 34 §",
}  # fmt: skip


def begun(owner: Person, texts: dict[str, str] | None = None, **changes: Any) -> Article:
    """A draft of that person; `changes` go to the source."""
    values: dict[str, Any] = {"topic": "procedure_law", "language": "en"} | changes
    article = service.draft(service.Source(texts=texts or TEXT, **values), actor_of(owner), clock.now())
    db.session.commit()
    return article


def work(article: Article, person: Person) -> Draft:
    """The article as that person has it before them."""
    found = queries.draft_for(actor_of(person), article.id)
    assert found is not None
    return found


def sent(owner: Person, **changes: Any) -> Article:
    article = begun(owner, **changes)
    service.send(work(article, owner), actor_of(owner), clock.now())
    db.session.commit()
    return article


def published(owner: Person, reviewer: Person, until: date | None = None, **changes: Any) -> Article:
    article = sent(owner, **changes)
    today = clock.today()
    service.publish(work(article, reviewer), until or today + timedelta(days=700), actor_of(reviewer), today, clock.now())
    db.session.commit()
    return article


NAMES = Names(people=("Aino Esimerkki",), titles=("Sensors for waste bins",), references=("TRE-2026-0001",))
TELLING = TEXT | {
    "question": "Tampere and Aino Esimerkki ask about Sensors for waste bins (TRE-2026-0001).",
    "answer": "The value is EUR 480,000. The threshold is EUR 60,000.",
}
