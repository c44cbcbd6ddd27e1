"""From an answered request to an article of the network's memory."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case, CaseMember
from procure.domain import support
from procure.domain.anonymising import Names, companies_in
from procure.domain.permissions import Actor
from procure.infra.db import db
from procure.knowledge import queries as knowledge_queries
from procure.knowledge import service as knowledge
from procure.knowledge.models import Article
from procure.support import logbook, queries
from procure.support.models import SupportMessage, SupportRequest
from procure.support.queries import Seen


def make_article(seen: Seen, by: Actor, today: date, now: datetime) -> Article:
    """An article in the hands of the expert who answered, or of a coordinator, from as much of the request as they see.

    It stands in the request, where the city sees that it was done. Asked for again by the same person it is the same article.
    Raises Refusal.
    """
    request = seen.request
    request.state = support.move("article", seen.party, request.state)
    known = knowledge_queries.article_of_request(request.id) is not None
    article = knowledge.draft(_source(seen), by, now)
    if not known:
        db.session.add(
            SupportMessage(
                request_id=request.id,
                kind="system",
                act="article",
                author_id=by.id,
                author=by.name,
                role=by.role,
                text="",
                at=now,
            )
        )
        db.session.flush()
        logbook.record(request, "support_article", today, by, now)
    return article


def _source(seen: Seen) -> knowledge.Source:
    request = seen.request
    texts = {"question": request.question}
    opinion = queries.opinion_of(request) if seen.sight != "question" else None
    if opinion is not None:
        texts = {
            "question": opinion.question,
            "answer": "\n\n".join((opinion.opinion, opinion.alternatives_and_risks, opinion.limits)),
        }
    return knowledge.Source(
        request.topic,
        request.section,
        request.stage,
        tuple(request.details),
        request.language,
        texts,
        names_of(request),
        request.id,
    )


def names_of(request: SupportRequest) -> Names:
    """What is known that tells whose matter it is: people of the case and the request, companies named in its answers, its names."""
    case: Case | None = request.case
    return Names(
        places=request.organisation.names_list(),
        people=tuple(dict.fromkeys(_people(request, case))),
        companies=_companies(case) if case else (),
        references=tuple(filter(None, (support.shown_number(request.id), case.reference if case else ""))),
        titles=tuple(dict.fromkeys(filter(None, _titles(request, case)))),
    )


def _people(request: SupportRequest, case: Case | None) -> Iterator[str]:
    yield from (person.name for person in (request.asked_by, request.expert, request.second_expert) if person is not None)
    yield from (message.author for message in queries.messages_of(request))
    if case is not None:
        yield case.responsible.name
        members = select(Person.name).join(CaseMember, CaseMember.person_id == Person.id).where(CaseMember.case_id == case.id)
        yield from db.session.scalars(members)


def _titles(request: SupportRequest, case: Case | None) -> Iterator[str]:
    yield request.idea_title
    if case is not None:
        yield from (case.title_fi, case.title_sv, case.title_en)


def _companies(case: Case) -> tuple[str, ...]:
    return companies_in(text for answer in cases.answers_of(case) for text in _texts(answer.value))


def _texts(value: Any) -> Iterator[str]:
    """Every text in an answer, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
