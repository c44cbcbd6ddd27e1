"""Acts on requests: what stands afterwards in the request, in the case's log and in the outbox."""

from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.domain.support import Opinion
from procure.infra import clock
from procure.infra.db import db, writing
from procure.infra.outbox import OutboxMessage
from procure.support import queries, service
from procure.support.models import SupportDeclaration, SupportMessage, SupportOpinion, SupportRequest
from tests import factories
from tests.support.builders import CANARY, OPINION, act, answered, ask, secret_case, taken

People = dict[str, Person]


def letters(request: SupportRequest, act_name: str) -> list[str]:
    """The receivers of the letters about one act."""
    found = db.session.scalars(select(OutboxMessage).where(OutboxMessage.key.like(f"support:{request.id}:{act_name}%")))
    return sorted(message.recipient for message in found)


def kinds(case: Case) -> list[str]:
    return [event.kind for event in cases.events_of(case) if event.kind.startswith("support_")]


def test_a_request_waits_with_its_target_day_and_is_told_to_the_network(case: Case, people: People) -> None:
    request = ask(case, people["officer"], urgency="soon")
    assert request.state == "open"
    assert (request.answer_by - clock.today()).days >= 5
    assert letters(request, "asked") == [
        "coordinator@innocities.example", "expert2@innocities.example", "expert@innocities.example",
    ]  # fmt: skip
    assert kinds(case) == ["support_asked"]


def test_letters_hold_nothing_of_the_case(people: People) -> None:
    case = secret_case(people["officer"])
    request = answered(case, people["officer"], people["expert"])
    act(ask(case, people["officer"], question="Second?"), people["officer"], "withdraw", f"{CANARY} reason")
    for message in db.session.scalars(select(OutboxMessage)):
        assert CANARY not in message.subject + message.body
        assert case.reference not in message.subject + message.body
    assert letters(request, "answered") == ["officer@tampere.example"]


def test_a_form_sent_twice_asks_once(case: Case, people: People) -> None:
    first = ask(case, people["officer"], form_key="the-same")
    second = ask(case, people["officer"], form_key="the-same")
    assert first.id == second.id
    assert kinds(case) == ["support_asked"]
    assert len(letters(first, "asked")) == 3


def test_taking_keeps_the_declaration_and_tells_the_asker(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    declaration = db.session.scalars(select(SupportDeclaration)).one()
    assert (declaration.person_id, declaration.conflict, declaration.text) == (
        people["expert"].id, False, "I know none of the suppliers.",
    )  # fmt: skip
    assert (request.state, request.expert_id) == ("taken", people["expert"].id)
    assert letters(request, "taken") == ["officer@tampere.example"]
    assert kinds(case) == ["support_asked", "support_taken"]


def test_taking_twice_takes_once(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    act(request, people["expert"], "take", "Again.")
    assert db.session.scalar(select(func.count()).select_from(SupportDeclaration)) == 1
    assert kinds(case) == ["support_asked", "support_taken"]


def test_the_second_expert_is_refused_and_declares_nothing(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    with pytest.raises(Refusal) as refused:
        act(request, people["expert2"], "take", "")
    assert refused.value.reasons[0].code == "support_taken_by_other"
    assert request.expert_id == people["expert"].id


def test_a_conflict_declared_before_taking_leaves_the_request_open_to_others(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    act(request, people["expert"], "declare_conflict", "My sister works for a supplier.")
    assert (request.state, request.expert_id) == ("open", None)
    assert queries.request_for(factories.actor_of(people["expert"]), request.id) is None
    act(request, people["expert2"], "take", "")
    assert request.expert_id == people["expert2"].id
    assert kinds(case) == ["support_asked", "support_declined", "support_taken"]


def test_a_conflict_found_later_opens_the_request_again_and_is_not_told_to_whom_it_is_shut(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    act(request, people["expert"], "declare_conflict", "I saw the supplier's name.")
    assert (request.state, request.expert_id, request.taken_at) == ("open", None, None)
    assert queries.request_to_take(factories.actor_of(people["expert"]), request.id) is None
    assert letters(request, "returned") == ["coordinator@innocities.example", "expert2@innocities.example"]
    assert [d.conflict for d in db.session.scalars(select(SupportDeclaration).order_by(SupportDeclaration.id))] == [False, True]


def test_a_conflict_needs_its_grounds(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    with pytest.raises(Refusal) as refused:
        act(request, people["expert"], "declare_conflict", "  ")
    assert refused.value.reasons[0].target == "text"


def test_asking_back_and_the_reply_pass_the_turn(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    act(request, people["expert"], "ask_back", "Are options included?")
    assert request.state == "asked_back"
    assert letters(request, "question") == ["officer@tampere.example"]
    act(request, people["manager"], "reply", "They are.")
    assert request.state == "taken"
    assert letters(request, "reply") == ["expert@innocities.example"]
    said = [(message.kind, message.text) for message in queries.messages_of(request) if message.kind != "system"]
    assert said == [("question", "Are options included?"), ("reply", "They are.")]
    assert kinds(case)[-2:] == ["support_question", "support_reply"]


def test_a_message_sent_twice_is_said_once(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    act(request, people["expert"], "ask_back", "Are options included?")
    act(request, people["expert"], "ask_back", "Are options included?")
    act(request, people["officer"], "reply", "They are.")
    act(request, people["officer"], "reply", "They are.")
    assert [message.kind for message in queries.messages_of(request)] == ["system", "question", "reply"]


def test_the_opinion_is_issued_once_in_the_language_of_the_request(case: Case, people: People) -> None:
    request = answered(case, people["officer"], people["expert"])
    act(request, people["expert"], "answer", Opinion("x", "x", "x", "x", "x", "x"))
    opinion = db.session.scalars(select(SupportOpinion)).one()
    assert (opinion.opinion, opinion.expert, opinion.language) == (OPINION.opinion, "Expert", case.language)
    assert request.answered_at == opinion.issued_at
    assert kinds(case) == ["support_asked", "support_taken", "support_answered"]


def test_an_opinion_with_a_part_missing_changes_nothing(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    with pytest.raises(Refusal):
        act(request, people["expert"], "answer", Opinion("q", "f", "", "a", "l", "c"))
    assert request.state == "taken"
    assert db.session.scalars(select(SupportOpinion)).all() == []


def test_an_expert_hands_back_and_must_declare_anew(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    act(request, people["expert"], "hand_back", "I am ill.")
    seen = queries.request_for(factories.actor_of(people["expert"]), request.id)
    assert seen is not None
    assert seen.sight == "row"
    assert letters(request, "returned") == ["coordinator@innocities.example", "expert2@innocities.example"]


def test_the_coordinator_opens_a_request_to_others_and_the_expert_sees_it_no_longer(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    act(request, people["coordinator"], "release", "On leave.")
    assert request.state == "open"
    seen = queries.request_for(factories.actor_of(people["expert"]), request.id)
    assert seen is not None
    assert seen.sight == "row"
    assert letters(request, "released") == ["expert@innocities.example"]


def test_a_withdrawn_request_is_shut_to_the_expert_and_told(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    act(request, people["officer"], "withdraw", "Solved.")
    act(request, people["officer"], "withdraw", "Solved.")
    assert queries.request_for(factories.actor_of(people["expert"]), request.id) is None
    assert letters(request, "withdrawn") == ["expert@innocities.example"]
    assert kinds(case)[-1] == "support_withdrawn"
    assert kinds(case).count("support_withdrawn") == 1


def test_a_letter_to_somebody_who_has_left_goes_to_the_person_responsible(case: Case, people: People) -> None:
    request = ask(case, people["manager"])
    people["manager"].active = False
    db.session.commit()
    act(request, people["expert"], "take", "")
    assert letters(request, "taken") == ["officer@tampere.example"]


def test_letters_and_log_are_rolled_back_with_the_act(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    by = factories.actor_of(people["expert"])
    wanted = queries.request_to_take(by, request.id)
    assert wanted is not None
    service.take(wanted, "", by, clock.today(), clock.now())
    db.session.rollback()
    assert letters(request, "taken") == []
    assert kinds(case) == ["support_asked"]
    assert db.session.get_one(SupportRequest, request.id, populate_existing=True).state == "open"
    assert db.session.scalars(select(SupportDeclaration)).all() == []


def test_the_opinion_waits_until_the_city_has_read_it(case: Case, people: People) -> None:
    request = answered(case, people["officer"], people["expert"])
    assert [row.number for row in queries.waiting_for(factories.actor_of(people["officer"]))] == [request.id]
    act(request, people["officer"], "mark_read")
    act(request, people["officer"], "mark_read")
    assert queries.waiting_for(factories.actor_of(people["officer"])) == []
    assert kinds(case).count("support_read") == 1


def test_two_experts_at_the_same_moment_one_takes_it_and_the_other_is_told(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        people = factories.people()
        request_id = ask(factories.make_case(people["officer"]), people["officer"]).id
        actors = [factories.actor_of(people[name]) for name in ("expert", "expert2")]
        db.session.remove()
    together, outcomes = Barrier(2), []

    def race(number: int) -> None:
        with own_app.app_context(), writing():
            together.wait()
            wanted = queries.request_to_take(actors[number], request_id)
            assert wanted is not None
            try:
                service.take(wanted, "", actors[number], clock.today(), clock.now())
                db.session.commit()
                outcomes.append("taken")
            except Refusal as refusal:
                db.session.rollback()
                outcomes.append(refusal.reasons[0].code)

    threads = [Thread(target=race, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["support_taken_by_other", "taken"]
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SupportDeclaration)) == 1
        assert db.session.scalar(select(func.count()).select_from(SupportMessage)) == 1
