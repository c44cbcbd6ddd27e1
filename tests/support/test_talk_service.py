"""What is said in a request: what stands afterwards in the thread, in the case's log and in the outbox."""

from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.domain import threads
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.support import queries, talk_queries, talk_service
from procure.support.models import SupportFile, SupportRead, SupportRequest
from tests import factories
from tests.attachments.builders import arrived
from tests.support.builders import CANARY, act, secret_case, taken

People = dict[str, Person]


def do(request: SupportRequest, person: Person, name: str, *words: Any, **more: Any) -> None:
    by = factories.actor_of(person)
    seen = queries.request_to_change(by, request.id)
    assert seen is not None
    getattr(talk_service, name)(seen.request, *words, by, clock.today(), clock.now(), **more)
    db.session.commit()


def asked(request: SupportRequest) -> list[int]:
    return [row.id for row in queries.messages_of(request) if row.kind == "question"]


def statuses(request: SupportRequest) -> list[str]:
    return list(threads.statuses(queries.messages_of(request)).values())


def letters(request: SupportRequest, name: str) -> list[str]:
    found = select(OutboxMessage).where(OutboxMessage.key.like(f"support:{request.id}:{name}:%"))
    return [message.recipient for message in db.session.scalars(found)]


@pytest.fixture
def request_(case: Case, people: People) -> SupportRequest:
    return taken(case, people["officer"], people["expert"])


def test_an_expert_asks_several_questions_and_waits_until_the_last_is_answered(request_: SupportRequest, people: People) -> None:
    for words in ("First?", "Second?", "Third?"):
        do(request_, people["expert"], "ask_back", words)
    first, second, third = asked(request_)
    do(request_, people["officer"], "reply", "To the second.", question=second)
    assert (request_.state, statuses(request_)) == ("asked_back", ["open", "answered", "open"])
    do(request_, people["manager"], "reply", "To the first.", question=first)
    do(request_, people["expert"], "drop_question", third)
    assert (request_.state, statuses(request_)) == ("taken", ["answered", "answered", "dropped"])
    kinds = [event.kind for event in cases.events_of(request_.case)][-6:]
    assert kinds == ["support_question"] * 3 + ["support_reply"] * 2 + ["support_question_dropped"]
    assert letters(request_, "dropped") == ["officer@tampere.example"]


def test_something_added_while_several_questions_wait_answers_none(request_: SupportRequest, people: People) -> None:
    do(request_, people["expert"], "ask_back", "First?")
    do(request_, people["expert"], "ask_back", "Second?")
    do(request_, people["officer"], "reply", "By the way.")
    assert (request_.state, statuses(request_)) == ("asked_back", ["open", "open"])


def test_a_question_is_not_answered_twice(request_: SupportRequest, people: People) -> None:
    do(request_, people["expert"], "ask_back", "First?")
    (number,) = asked(request_)
    do(request_, people["officer"], "reply", "Yes.", question=number)
    with pytest.raises(Refusal):
        do(request_, people["manager"], "reply", "No.", question=number)
    with pytest.raises(Refusal):
        do(request_, people["expert"], "drop_question", number)


def test_dropping_twice_drops_once(request_: SupportRequest, people: People) -> None:
    do(request_, people["expert"], "ask_back", "First?")
    (number,) = asked(request_)
    do(request_, people["expert"], "drop_question", number)
    do(request_, people["expert"], "drop_question", number)
    assert [row.act for row in queries.messages_of(request_)].count("drop_question") == 1


def test_an_expert_who_takes_over_inherits_no_question(request_: SupportRequest, people: People) -> None:
    do(request_, people["expert"], "ask_back", "First?")
    act(request_, people["expert"], "hand_back", "No time")
    act(request_, people["expert2"], "take", "")
    assert (request_.state, statuses(request_)) == ("taken", ["dropped"])


def test_an_expert_s_message_waits_for_nothing_and_tells_the_city(request_: SupportRequest, people: People) -> None:
    do(request_, people["expert"], "write", "I read it tomorrow.")
    do(request_, people["expert"], "write", "I read it tomorrow.")
    assert request_.state == "taken"
    assert letters(request_, "message") == ["officer@tampere.example"]
    assert [event.kind for event in cases.events_of(request_.case)][-1] == "support_message"


def test_the_network_s_first_words_are_its_first_answer(request_: SupportRequest, people: People) -> None:
    do(request_, people["officer"], "reply", "Hello?")
    before = request_.first_answer_at
    do(request_, people["expert"], "write", "Here I am.")
    first = request_.first_answer_at
    do(request_, people["expert"], "write", "Still here.")
    assert before is None  # taking a request says nothing to the city yet
    assert first is not None
    assert request_.first_answer_at == first


def test_nobody_else_writes(request_: SupportRequest, people: People) -> None:
    for name, act_name in (("admin", "reply"), ("officer", "write"), ("expert", "reply")):
        with pytest.raises(Refusal):
            do(request_, people[name], act_name, "Words")


def test_files_belong_to_their_message(request_: SupportRequest, people: People) -> None:
    do(request_, people["officer"], "reply", "The list.", files=[arrived("bins.pdf")])
    file = db.session.scalars(select(SupportFile)).one()
    assert (file.file_name, file.request_id, len(file.sha256)) == ("bins.pdf", request_.id, 64)
    with pytest.raises(Refusal):
        do(request_, people["officer"], "reply", "Many.", files=[arrived(f"{number}.pdf") for number in range(6)])


def test_what_is_said_stays_out_of_letters_and_log(people: People) -> None:
    case = secret_case(people["officer"])
    request = taken(case, people["officer"], people["expert"])
    do(request, people["expert"], "ask_back", f"{CANARY} question")
    do(request, people["officer"], "reply", f"{CANARY} answer", files=[arrived(f"{CANARY}.pdf")])
    do(request, people["expert"], "write", f"{CANARY} message")
    for message in db.session.scalars(select(OutboxMessage)):
        assert CANARY not in message.subject + message.body + message.calendar
    payloads = [str(event.payload) for event in cases.events_of(case) if event.kind.startswith("support_")]
    assert CANARY not in "".join(payloads)


def test_reading_is_kept_once_for_each_row_and_never_changed(request_: SupportRequest, people: People) -> None:
    by, last = factories.actor_of(people["manager"]), queries.last_message(request_)
    assert last is not None
    talk_service.mark_seen(request_.id, last.id, by, clock.now())
    talk_service.mark_seen(request_.id, last.id, by, clock.now())
    db.session.commit()
    assert [(read.person_id, read.message_id) for read in talk_queries.reads_of(request_)] == [(by.id, last.id)]
    for statement in (update(SupportRead).values(at=clock.now()), text("DELETE FROM support_reads")):
        with pytest.raises(DBAPIError, match="only grows"), db.session.begin_nested():
            db.session.execute(statement)


def test_who_sees_the_thread_is_said(request_: SupportRequest, people: People) -> None:
    factories.make_partner(request_.case, people["other_officer"])
    found = talk_queries.audience(request_)
    assert (found.city.en, found.city_people, [city.en for city in found.partners], found.experts) == (
        "Tampere", 4, ["Oulu"], ("Expert",),
    )  # fmt: skip
    act(request_, people["expert"], "hand_back", "No time")
    assert talk_queries.audience(request_).experts == ()
