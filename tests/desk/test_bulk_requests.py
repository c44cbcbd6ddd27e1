"""Made-up requests: as many as wanted, once, and such as the services leave behind."""

from flask import Flask
from sqlalchemy import func, select

from procure.accounts.models import Person
from procure.desk import bulk_requests
from procure.domain import figures
from procure.domain.support import STATES
from procure.figures import queries, service
from procure.infra import clock
from procure.infra.db import db
from procure.support.models import SupportDeclaration, SupportMessage, SupportOpinion, SupportRequest, SupportReview

TOTAL = 400


def made() -> list[SupportRequest]:
    bulk_requests.add(TOTAL, clock.now(), lambda done: None)
    db.session.commit()
    return list(db.session.scalars(select(SupportRequest).order_by(SupportRequest.id)))


def count(column: object) -> int:
    return db.session.scalar(select(func.count(func.distinct(column)))) or 0  # type: ignore[arg-type]


def test_as_many_as_wanted_are_added_once_by_all_cities_and_to_fifty_experts(app: Flask) -> None:
    assert bulk_requests.add(TOTAL, clock.now(), lambda done: None) == TOTAL
    assert bulk_requests.add(TOTAL, clock.now(), lambda done: None) == 0
    db.session.commit()
    assert count(SupportRequest.id) == TOTAL
    assert count(SupportRequest.organisation_id) == len(queries.cities())
    experts = select(func.count(Person.id)).where(Person.email.startswith("made-up-expert-"))
    assert db.session.scalar(experts) == bulk_requests.EXPERTS


def test_each_is_in_a_state_and_has_what_belongs_to_it(app: Flask) -> None:
    requests = made()
    assert {request.state for request in requests} <= set(STATES)
    for request in requests:
        assert (request.expert_id is not None) == (request.state in ("taken", "asked_back", "answered"))
        assert (request.answered_at is not None) == (request.state == "answered")
        if request.answered_at and request.first_answer_at:
            assert request.asked_at <= request.first_answer_at <= request.answered_at
        assert bool(request.idea_title) == (request.case_id is None)
    answered = sum(request.state == "answered" for request in requests)
    assert count(SupportOpinion.request_id) == answered > TOTAL / 2
    assert count(SupportDeclaration.request_id) >= answered
    assert count(SupportMessage.id) > TOTAL
    assert 0 < count(SupportReview.id) < answered


def test_the_next_request_that_is_asked_gets_the_number_after_them(app: Flask) -> None:
    last = made()[-1]
    following = SupportRequest(
        **{
            column.key: getattr(last, column.key)
            for column in SupportRequest.__table__.columns
            if column.key not in ("id", "form_key", "version_id")
        },
        form_key="by hand",
    )
    db.session.add(following)
    db.session.commit()
    assert following.id == last.id + 1


def test_they_can_be_counted(app: Flask) -> None:
    made()
    service.count_all(clock.now())
    run = queries.run()
    assert run.since is not None
    facts = queries.facts_between(figures.month_of(run.since), clock.today())
    assert len(facts) == TOTAL
