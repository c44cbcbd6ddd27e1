"""Many people at once: one answer of each, one outcome; nobody gets a crash."""

from flask import Flask

from procure.approvals import queries, service
from procure.approvals.service import Wanted
from procure.cases import queries as cases
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db, writing
from tests import factories
from tests.approvals import builders
from tests.cases.test_rush import AT_ONCE, at_once


def test_an_answer_sent_eight_times_at_once_is_one_and_two_people_at_once_are_two(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        people = factories.people()
        case = factories.make_case(people["officer"])
        builders.ask(case, people["officer"], people["manager"], people["officer2"])
        reference = case.reference

    def answer(number: int) -> str:
        person = factories.people()["manager" if number % 2 else "officer2"]
        actor = factories.actor_of(person)
        found = queries.case_to_sign(actor, reference)
        assert found is not None
        approval = queries.approval_of(found, 1)
        assert approval is not None
        try:
            service.say(found, approval, "given", "", actor, clock.today(), clock.now())
        except Refusal as refusal:
            return refusal.reasons[0].code
        return approval.outcome

    outcomes = at_once(own_app, answer)

    assert set(outcomes) <= {"open", "given"}
    with own_app.app_context():
        case = cases.case_for(factories.actor_of(factories.people()["officer"]), reference)  # type: ignore[assignment]
        assert len(factories.events(case, "approval_given")) == 2
        assert queries.approvals_of(case)[0].outcome == "given"
        db.session.remove()


def test_a_request_sent_eight_times_at_once_is_one(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        people = factories.people()
        reference, manager = factories.make_case(people["officer"]).reference, people["manager"].id

    def ask(number: int) -> int:
        actor = factories.actor_of(factories.people()["officer"])
        found = cases.case_to_change(actor, reference)
        assert found is not None
        request = Wanted("plan", "", "all", 0, (manager,), clock.today())
        answers = cases.facts_of(cases.answers_of(found))
        return service.ask(found, request, answers, actor, clock.today(), clock.now()).number

    assert at_once(own_app, ask) == [1] * AT_ONCE
