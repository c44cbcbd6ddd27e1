"""Asking without a case, attaching later, and changing what is shared: what is kept, where, and what it refuses."""

from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases import verifying
from procure.cases.models import Case, CaseEvent
from procure.domain.outcomes import Refusal
from procure.domain.support import shown_number
from procure.infra import clock
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.support import desk_queries, logbook, queries, service, sharebook, sharing_service
from procure.support.asking_models import SupportEvent, SupportShare, SupportSight
from procure.support.models import SupportMessage, SupportRequest
from tests import factories
from tests.attachments.builders import attach as attach_file
from tests.support.builders import OPINION, act, ask, secret_case, taken

People = dict[str, Person]


def idea(person: Person, **changes: str) -> SupportRequest:
    values = {
        "title": "Drones that read meters",
        "topic": "need_strategy",
        "question": "Is it one?",
        "urgency": "normal",
    } | changes
    form_key = values.pop("form_key", "the-form")
    made = service.ask_idea(**values, by=factories.actor_of(person), today=clock.today(), now=clock.now(), form_key=form_key)
    db.session.commit()
    return made


def attach(request: SupportRequest, case: Case, person: Person) -> None:
    by = factories.actor_of(person)
    locked = cases.case_to_change(by, case.reference)
    seen = queries.request_to_change(by, request.id)
    assert locked is not None
    assert seen is not None
    sharing_service.attach(seen.request, locked, by, clock.today(), clock.now())
    db.session.commit()


def share(request: SupportRequest, person: Person, *what: str) -> bool:
    by = factories.actor_of(person)
    seen = queries.request_to_change(by, request.id)
    assert seen is not None
    changed = sharing_service.share(seen.request, what, by, clock.today(), clock.now())
    db.session.commit()
    return changed


def own_events(request: SupportRequest) -> list[str]:
    return list(
        db.session.scalars(select(SupportEvent.kind).where(SupportEvent.request_id == request.id).order_by(SupportEvent.sequence))
    )


def test_an_idea_runs_from_question_to_opinion_without_a_case(people: People) -> None:
    request = idea(people["officer"])
    act(request, people["expert"], "take", "")
    act(request, people["expert"], "ask_back", "How many?")
    act(request, people["officer"], "reply", "A thousand")
    act(request, people["expert"], "answer", OPINION)
    act(request, people["officer"], "mark_read")
    assert (request.state, request.case_id, request.shares) == ("answered", None, [])
    assert own_events(request) == [
        "support_asked", "support_taken", "support_question", "support_reply", "support_answered", "support_read",
    ]  # fmt: skip
    assert logbook.first_break(request) is None


def test_the_same_form_sent_twice_asks_once(people: People) -> None:
    assert idea(people["officer"]).id == idea(people["officer"]).id
    assert idea(people["officer"]).id != idea(people["officer2"]).id


def test_an_idea_without_a_name_or_topic_is_refused(people: People) -> None:
    with pytest.raises(Refusal):
        idea(people["officer"], title=" ")
    with pytest.raises(Refusal):
        idea(people["officer"], topic="astrology")


def test_an_idea_is_seen_by_its_city_and_the_network_and_by_nobody_else(people: People) -> None:
    request = idea(people["officer"])
    sights = {name: queries.request_for(factories.actor_of(person), request.id) for name, person in people.items()}
    assert {name: seen.sight if seen else None for name, seen in sights.items()} == {
        "officer": "everything", "officer2": "everything", "manager": "everything", "admin": "everything", "other_officer": None,
        "other_manager": None, "vaasa_officer": None, "expert": "row", "expert2": "row", "coordinator": "question",
        "system_admin": None,
    }  # fmt: skip


def test_an_idea_stands_in_the_lists_of_its_city_and_of_the_desk(people: People) -> None:
    request = idea(people["officer"])
    mine, _more = queries.of_city(factories.actor_of(people["officer2"]), running=True)
    desk = desk_queries.front(factories.actor_of(people["expert"])).open
    assert [(row.number, row.reference, row.title and row.title["sv"]) for row in mine] == [
        (request.id, "", "Drones that read meters")
    ]
    assert [(row.number, row.title, row.cpv) for row in desk] == [(request.id, None, "")]
    assert queries.of_city(factories.actor_of(people["other_officer"]), running=True)[0] == []


def test_an_expert_s_question_about_an_idea_waits_for_who_asked(people: People) -> None:
    request = idea(people["officer"])
    act(request, people["expert"], "take", "")
    act(request, people["expert"], "ask_back", "How many?")
    assert [row.number for row in queries.waiting_for(factories.actor_of(people["officer"]))] == [request.id]
    assert queries.waiting_for(factories.actor_of(people["officer2"])) == []


def test_when_who_asked_about_an_idea_has_left_a_manager_of_the_city_is_told(people: People) -> None:
    request = idea(people["officer"])
    people["officer"].active = False
    db.session.execute(delete(OutboxMessage))
    act(request, people["expert"], "take", "")
    assert list(db.session.scalars(select(OutboxMessage.recipient))) == [people["manager"].email]


def unguard() -> None:
    """As somebody could who may do everything in the database."""
    if db.session.get_bind().dialect.name == "sqlite":
        for act_ in ("update", "delete"):
            db.session.execute(text(f"DROP TRIGGER support_events_no_{act_}"))
    else:
        db.session.execute(text("ALTER TABLE support_events DISABLE TRIGGER support_events_only_grows"))


def test_a_changed_event_of_an_idea_breaks_its_chain(people: People) -> None:
    request = idea(people["officer"])
    act(request, people["officer"], "withdraw", "Not needed")
    unguard()
    db.session.execute(update(SupportEvent).where(SupportEvent.sequence == 2).values(recorded_by="Somebody else"))
    assert logbook.first_break(request) == 2


@pytest.mark.parametrize(
    "change", [delete(SupportEvent).where(SupportEvent.sequence == 2), update(SupportEvent).values(role="expert")]
)
def test_a_case_whose_request_had_another_past_does_not_hold(people: People, case: Case, change: Any) -> None:
    request = idea(people["officer"])
    act(request, people["expert"], "take", "")
    attach(request, case, people["officer"])
    assert verifying.check_case(db.session.connection(), case.id).broken == ()
    unguard()
    db.session.execute(change)
    broken = verifying.check_case(db.session.connection(), case.id).broken
    assert [(found.broken.what, found.broken.detail) for found in broken] == [("support", shown_number(request.id))]


def test_an_attached_idea_goes_on_in_the_log_of_its_case_which_names_its_last_hash(people: People, case: Case) -> None:
    request = idea(people["officer"])
    act(request, people["expert"], "take", "")
    attach(request, case, people["manager"])
    last = logbook.last_own(request)
    assert last is not None
    assert (last.kind, last.payload["case"]) == ("support_attached", case.reference)
    act(request, people["expert"], "ask_back", "How many?")
    kinds = {
        row.kind: row.payload for row in db.session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id))
    }  # fmt: skip
    assert kinds["support_attached"] | {"events": 3, "hash": last.hash} == kinds["support_attached"]
    assert "support_question" in kinds
    assert own_events(request) == ["support_asked", "support_taken", "support_attached"]
    assert [row.number for row in queries.of_case(case)] == [request.id]


def test_an_idea_is_attached_once_and_only_to_a_case_of_its_own_city(people: People, case: Case) -> None:
    request = idea(people["officer"])
    foreign = factories.make_case(people["other_officer"])
    by = factories.actor_of(people["officer"])
    with pytest.raises(Refusal) as refused:
        sharing_service.attach(request, foreign, by, clock.today(), clock.now())
    assert refused.value.reasons[0].code == "support_case_unknown"
    attach(request, case, people["officer"])
    attach(request, case, people["officer"])
    other = factories.make_case(people["officer"])
    with pytest.raises(Refusal):
        sharing_service.attach(request, other, by, clock.today(), clock.now())
    assert db.session.scalars(select(SupportMessage.act)).all() == ["attach"]


def test_a_reader_and_a_stranger_attach_nothing(people: People, case: Case) -> None:
    request = idea(people["officer"])
    for name in ("admin", "coordinator", "expert"):
        with pytest.raises(Refusal):
            sharing_service.attach(request, case, factories.actor_of(people[name]), clock.today(), clock.now())


def test_a_request_keeps_the_product_with_its_edition_and_the_answers_to_its_own_topic(people: People, case: Case) -> None:
    details = {"procedure_law.1": " 2 million ", "procedure_law.2": " ", "funding.1": "EU", "nothing.9": "x"}
    request = ask(case, people["officer"], product="procedure_law_review", details=details)
    assert (request.product, request.product_edition) == ("procedure_law_review", "2026-11-01")
    assert request.details == {"procedure_law.1": "2 million"}


def test_a_product_that_is_not_there_is_refused(people: People, case: Case) -> None:
    with pytest.raises(Refusal) as refused:
        ask(case, people["officer"], product="singing")
    assert refused.value.reasons[0].code == "support_product_unknown"


def test_what_is_shared_is_kept_with_who_and_when_and_closed_once(people: People) -> None:
    request = taken(secret_case(people["officer"]), people["officer"], people["expert"], shares=("need",))
    assert share(request, people["manager"], "users")
    assert not share(request, people["manager"], "users")
    rows = sharebook.shares_of(request)
    assert [(row.what, row.shared_by, row.revoked_by) for row in rows] == [
        ("need", "Officer", "Manager"),
        ("users", "Manager", ""),
    ]
    assert request.shares == ["users"]
    told = db.session.scalars(select(OutboxMessage.recipient).where(OutboxMessage.key.contains(":shared:"))).all()
    assert told == [people["expert"].email]
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.execute(update(SupportShare).where(SupportShare.what == "need").values(revoked_by="Nobody"))
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.execute(delete(SupportShare))


def test_sharing_stands_in_the_log_without_titles(people: People) -> None:
    case = secret_case(people["officer"])
    request = ask(case, people["officer"])
    share(request, people["officer"], "users")
    event = db.session.scalars(select(CaseEvent).where(CaseEvent.kind == "support_shared")).one()
    assert (event.payload["added"], event.payload["revoked"]) == (["users"], ["need"])


def test_nothing_is_shared_that_is_not_there_nor_once_the_request_is_over(people: People) -> None:
    case = secret_case(people["officer"])
    attach_file(case, people["officer"], tender_material=True)
    request = taken(case, people["officer"], people["expert"])
    for what in ("nothing", "file:1", "file:9"):
        with pytest.raises(Refusal) as refused:
            share(request, people["officer"], what)
        assert refused.value.reasons[0].code == "support_share_unknown"
        db.session.rollback()
    act(request, people["expert"], "answer", OPINION)
    with pytest.raises(Refusal):
        share(request, people["officer"], "users")


@pytest.mark.parametrize("name", ["admin", "expert", "coordinator"])
def test_only_the_city_s_officers_and_managers_change_what_is_shared(people: People, name: str) -> None:
    request = taken(secret_case(people["officer"]), people["officer"], people["expert"])
    with pytest.raises(Refusal):
        sharing_service.share(request, ("users",), factories.actor_of(people[name]), clock.today(), clock.now())


def test_a_first_sight_is_noted_once_and_never_changed(people: People, case: Case) -> None:
    request = ask(case, people["officer"])
    by = factories.actor_of(people["expert"])
    assert sharebook.not_seen_yet(request.id, ("need", "file:1:1"), by) == ("need", "file:1:1")
    sharebook.note(request.id, ("need",), by, clock.now())
    sharebook.note(request.id, ("need",), by, clock.now())
    assert sharebook.not_seen_yet(request.id, ("need", "file:1:1"), by) == ("file:1:1",)
    assert len(sharebook.sights_of(request)) == 1
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.execute(update(SupportSight).values(person="Nobody"))
