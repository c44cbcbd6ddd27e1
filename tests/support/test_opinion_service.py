"""Acts on opinions: drafts, second readings, versions and reviews, and what each leaves in the log and the outbox."""

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.domain.opinions import Content, Review
from procure.domain.outcomes import Reason, Refusal
from procure.infra import clock
from procure.infra.db import db, writing
from procure.infra.outbox import OutboxMessage
from procure.support import desk_queries, opinion_queries
from procure.support.models import SupportDeclaration, SupportMessage, SupportOpinion, SupportRequest, SupportReview
from procure.support.opinion_models import OpinionCounter, OpinionDraft, OpinionVersion
from tests import factories
from tests.support.builders import CANARY, OPINION, act, answered, ask, secret_case, taken
from tests.support.opinion_builders import CONTENT, agree, ask_reader, by_expert, by_reader, issue, issued, save

People = dict[str, Person]


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def kinds(case: Case) -> list[str]:
    return [event.kind for event in cases.events_of(case) if event.kind.startswith("support_")]


def acts(request: SupportRequest) -> list[str]:
    return list(db.session.scalars(select(SupportMessage.act).filter_by(request_id=request.id).order_by(SupportMessage.id)))


def letters(request: SupportRequest, name: str) -> list[str]:
    found = db.session.scalars(select(OutboxMessage).where(OutboxMessage.key.like(f"support:{request.id}:{name}%")))
    return sorted(message.recipient for message in found)


def review(request: SupportRequest, person: Person, said: Review, version: int = 1) -> SupportReview:
    made = by_expert(request, person, "review", said, version, today=clock.today(), now=clock.now())
    assert isinstance(made, SupportReview)
    return made


# drafts


def test_a_draft_may_lack_anything_and_leaves_nothing_in_the_log(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    save(request, people["expert"], Content(replace(OPINION, opinion="")))
    assert kinds(case) == ["support_asked", "support_taken"]
    assert db.session.scalars(select(OpinionDraft)).one().opinion == ""


def test_a_draft_saved_in_two_windows_is_lost_in_neither(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    first = save(request, people["expert"])
    save(request, people["expert"], replace(CONTENT, confidence="low"), first)
    with pytest.raises(Refusal) as refused:
        save(request, people["expert"], replace(CONTENT, confidence="high"), first)
    assert codes(refused) == ["opinion_draft_changed"]
    db.session.rollback()
    assert db.session.scalars(select(OpinionDraft)).one().confidence == "low"


def test_saving_the_same_words_again_changes_nothing_whatever_was_seen(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    first = save(request, people["expert"])
    assert save(request, people["expert"], CONTENT, 0) == first


def test_the_next_expert_begins_anew(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    save(request, people["expert"])
    act(request, people["expert"], "hand_back", "On leave.")
    act(request, people["expert2"], "take", "")
    assert opinion_queries.draft_of(request, people["expert2"].id) is None


def test_only_the_expert_who_has_taken_the_request_writes(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    for name in ("officer", "coordinator"):
        with pytest.raises(Refusal) as refused:
            save(request, people[name])
        assert codes(refused) == ["support_not_yours"]


# second reading


def test_on_a_topic_of_law_nothing_goes_out_before_a_second_reader_has_agreed(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="procedure_law")
    with pytest.raises(Refusal) as refused:
        issue(request, people["expert"])
    assert codes(refused) == ["opinion_reader_none"]
    db.session.rollback()
    assert db.session.scalars(select(OpinionVersion)).all() == []
    assert request.state == "taken"


def test_with_the_reader_s_agreement_it_goes_out_under_the_reader_s_name(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="procedure_law")
    seen = save(request, people["expert"])
    ask_reader(request, people["expert"], people["expert2"])
    agree(request, people["expert2"])
    version = issue(request, people["expert"], seen=seen)
    assert (version.second_reader, version.version) == (people["expert2"].name, 1)
    assert acts(request) == ["take", "ask_reader", "reader_agrees", "answer"]
    assert kinds(case)[2:] == ["support_second_reading", "support_second_reading", "support_answered"]
    assert letters(request, "reader:") == ["expert2@innocities.example"]
    assert letters(request, "reading:") == ["expert@innocities.example"]


def test_a_coordinator_may_be_the_second_reader(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="contract_model")
    seen = save(request, people["expert"])
    ask_reader(request, people["expert"], people["coordinator"])
    agree(request, people["coordinator"])
    assert issue(request, people["expert"], seen=seen).second_reader == people["coordinator"].name


def test_words_changed_after_the_agreement_have_to_be_read_again(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="procedure_law")
    seen = save(request, people["expert"])
    ask_reader(request, people["expert"], people["expert2"])
    agree(request, people["expert2"])
    with pytest.raises(Refusal) as refused:
        issue(request, people["expert"], replace(CONTENT, confidence="high"), seen)
    assert codes(refused) == ["opinion_reader_stale"]


def test_a_returned_draft_waits_and_its_remarks_stand_in_no_message(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="procedure_law")
    seen = save(request, people["expert"])
    ask_reader(request, people["expert"], people["expert2"])
    by_reader(request, people["expert2"], "declare", False, "")
    by_reader(request, people["expert2"], "give_back", f"{CANARY}: which lot?")
    with pytest.raises(Refusal) as refused:
        issue(request, people["expert"], seen=seen)
    assert codes(refused) == ["opinion_reader_returned"]
    db.session.rollback()
    assert opinion_queries.second_reading(request, CONTENT).remarks == f"{CANARY}: which lot?"
    assert CANARY not in "".join(db.session.scalars(select(SupportMessage.text)))
    assert CANARY not in "".join(db.session.scalars(select(OutboxMessage.body)))


def test_a_reader_with_a_conflict_never_sees_the_draft_and_another_is_asked(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="procedure_law")
    save(request, people["expert"])
    ask_reader(request, people["expert"], people["expert2"])
    with pytest.raises(Refusal) as refused:
        by_reader(request, people["expert2"], "declare", True, "")
    assert codes(refused) == ["support_text_missing"]
    db.session.rollback()
    by_reader(request, people["expert2"], "declare", True, "My sister.")
    assert opinion_queries.to_read(factories.actor_of(people["expert2"]), request.id) is None
    with pytest.raises(Refusal) as again:
        ask_reader(request, people["expert"], people["expert2"])
    assert codes(again) == ["opinion_reader_unknown"]
    db.session.rollback()
    assert [person.id for person in opinion_queries.possible_readers(request)] == [people["coordinator"].id]
    declared = db.session.scalars(select(SupportDeclaration).filter_by(person_id=people["expert2"].id)).one()
    assert (declared.conflict, declared.text) == (True, "My sister.")


def test_the_reader_agrees_only_to_what_was_on_the_screen(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="procedure_law")
    seen = save(request, people["expert"])
    ask_reader(request, people["expert"], people["expert2"])
    by_reader(request, people["expert2"], "declare", False, "")
    save(request, people["expert"], replace(CONTENT, confidence="high"), seen)
    with pytest.raises(Refusal) as refused:
        by_reader(request, people["expert2"], "agree", CONTENT.fingerprint)
    assert codes(refused) == ["opinion_read_changed"]


def test_before_the_declaration_nobody_agrees(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="procedure_law")
    save(request, people["expert"])
    ask_reader(request, people["expert"], people["expert2"])
    with pytest.raises(Refusal) as refused:
        by_reader(request, people["expert2"], "agree", CONTENT.fingerprint)
    assert codes(refused) == ["support_moved_on"]


def test_an_unfinished_draft_is_not_sent_to_a_reader_nor_is_none(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="procedure_law")
    with pytest.raises(Refusal) as none:
        ask_reader(request, people["expert"], people["expert2"])
    assert codes(none) == ["opinion_draft_missing"]
    db.session.rollback()
    save(request, people["expert"], replace(CONTENT, citations=()))
    with pytest.raises(Refusal) as refused:
        ask_reader(request, people["expert"], people["expert2"])
    assert codes(refused) == ["opinion_citations_missing"]


def test_the_expert_is_nobody_s_second_reader_in_the_same_request(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="procedure_law")
    save(request, people["expert"])
    with pytest.raises(Refusal) as refused:
        ask_reader(request, people["expert"], people["expert"])
    assert codes(refused) == ["opinion_reader_self"]


def test_what_waits_for_a_reader_is_found_until_it_has_been_read(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="procedure_law")
    save(request, people["expert"])
    ask_reader(request, people["expert"], people["expert2"])
    reader = factories.actor_of(people["expert2"])
    assert [row.number for row in desk_queries.front(reader).to_read] == [request.id]
    assert desk_queries.front(factories.actor_of(people["coordinator"])).to_read == ()
    agree(request, people["expert2"])
    assert desk_queries.front(reader).to_read == ()


# issue and correction


def test_an_issued_opinion_has_a_number_its_print_and_no_draft(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="funding")
    seen = save(request, people["expert"])
    version = issue(request, people["expert"], seen=seen)
    assert (version.year, version.version, version.size, len(version.sha256)) == (clock.today().year, 1, 7, 64)
    assert version.citations == ["hl-38", "hl-39"]
    assert version.citations_edition
    assert db.session.scalars(select(OpinionDraft)).all() == []
    assert db.session.scalars(select(SupportOpinion)).one().opinion == OPINION.opinion
    assert request.state == "answered"


def test_numbers_run_by_year_and_a_form_sent_twice_takes_one(case: Case, people: People) -> None:
    first = issued(case, people["officer"], people["expert"])
    issue(first, people["expert"])
    issued(case, people["officer"], people["expert"])
    found = db.session.execute(select(OpinionVersion.number, OpinionVersion.version).order_by(OpinionVersion.id)).all()
    assert [tuple(row) for row in found] == [(1, 1), (2, 1)]


def test_an_opinion_answered_without_a_draft_has_a_number_too(case: Case, people: People) -> None:
    request = answered(case, people["officer"], people["expert"])
    found = opinion_queries.issued_in(request)
    assert found is not None
    assert (found.shown, found.parts, found.sha256) == (f"AL-{clock.today().year}-0001/1", OPINION, "")


def test_a_correction_is_the_next_version_and_the_first_stays(case: Case, people: People) -> None:
    request = issued(case, people["officer"], people["expert"])
    act(request, people["officer"], "mark_read")
    with pytest.raises(Refusal) as refused:
        issue(request, people["expert"], replace(CONTENT, confidence="low"))
    assert codes(refused) == ["opinion_changed_missing", "opinion_why_missing"]
    db.session.rollback()
    issue(request, people["expert"], replace(CONTENT, confidence="low", changed="The confidence.", why="A tender came."))
    first, second = opinion_queries.versions_of(request)
    assert (first.number, first.confidence, first.changed) == (second.number, "medium", "")
    assert (second.version, second.confidence, second.why) == (2, "low", "A tender came.")
    assert (request.state, request.read_at) == ("answered", None)
    assert kinds(case)[-1] == "support_corrected"
    assert letters(request, "corrected:") == ["officer@tampere.example"]


def test_a_file_that_cannot_be_made_leaves_nothing_issued(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="funding")

    def broken(*_about: object) -> tuple[str, int]:
        raise Refusal(Reason("opinion_file_failed"))

    with pytest.raises(Refusal):
        by_expert(request, people["expert"], "issue", CONTENT, 0, today=clock.today(), now=clock.now(), press=broken)
    db.session.rollback()
    assert db.session.scalars(select(OpinionVersion)).all() == []
    assert db.session.scalars(select(OpinionCounter)).all() == []
    assert request.state == "taken"


@pytest.mark.parametrize("change", ["UPDATE support_opinion_versions SET opinion = 'x'", "DELETE FROM support_opinion_versions"])
def test_the_database_refuses_to_change_what_was_issued(case: Case, people: People, change: str) -> None:
    issued(case, people["officer"], people["expert"])
    with pytest.raises(DatabaseError, match="only grows"), db.session.begin_nested():
        db.session.execute(text(change))


@pytest.mark.parametrize("table", ["support_reviews", "support_opinion_readings"])
def test_the_database_refuses_to_change_readings_and_reviews(case: Case, people: People, table: str) -> None:
    request = taken(case, people["officer"], people["expert"], topic="procedure_law")
    seen = save(request, people["expert"])
    ask_reader(request, people["expert"], people["expert2"])
    agree(request, people["expert2"])
    issue(request, people["expert"], seen=seen)
    review(request, people["officer"], Review("followed"))
    with pytest.raises(DatabaseError, match="only grows"), db.session.begin_nested():
        db.session.execute(text(f"DELETE FROM {table}"))


def test_two_cases_answered_at_once_get_two_numbers(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        expert = db.session.scalars(select(Person).filter_by(email="expert@innocities.example")).one()
        officer = db.session.scalars(select(Person).filter_by(email="officer@tampere.example")).one()
        numbers = [
            taken(factories.make_case(officer), officer, expert, topic="funding", form_key=f"at-once-{place}").id
            for place in (1, 2)
        ]
        db.session.commit()
    start, failures = Barrier(2), list[BaseException]()

    def send(number: int) -> None:
        try:
            start.wait(10)
            with own_app.app_context(), writing():
                person = db.session.scalars(select(Person).filter_by(email="expert@innocities.example")).one()
                request = db.session.get_one(SupportRequest, number)
                issue(request, person)
        except BaseException as failure:
            failures.append(failure)

    threads = [Thread(target=send, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    with own_app.app_context():
        assert sorted(db.session.scalars(select(OpinionVersion.number))) == [1, 2]


# what the city made of it


def test_a_review_accepts_the_opinion_and_is_told_to_the_expert(case: Case, people: People) -> None:
    request = issued(case, people["officer"], people["expert"])
    row = review(request, people["officer"], Review("partly", f"{CANARY} budget", {"useful": 5, "clear": 4, "in_time": None}))
    assert (row.version, row.outcome, row.useful, row.clear, row.in_time) == (1, "partly", 5, 4, None)
    assert request.read_at is not None
    assert kinds(case)[-2:] == ["support_read", "support_reviewed"]
    assert letters(request, "reviewed:") == ["expert@innocities.example"]
    assert CANARY not in "".join(db.session.scalars(select(OutboxMessage.body)))
    payload = next(event.payload for event in cases.events_of(case) if event.kind == "support_reviewed")
    assert payload["outcome"] == "partly"
    assert CANARY not in str(payload)


def test_said_again_the_last_counts_and_the_same_twice_is_said_once(case: Case, people: People) -> None:
    request = issued(case, people["officer"], people["expert"])
    for outcome in ("followed", "followed", "not_followed"):
        review(request, people["officer"], Review(outcome, "Because."))
    assert [row.outcome for row in opinion_queries.reviews_of(request)] == ["followed", "not_followed"]
    assert opinion_queries.advised_in(case)[0].outcome == "not_followed"


def test_a_corrected_opinion_has_not_been_marked_yet(case: Case, people: People) -> None:
    request = issued(case, people["officer"], people["expert"])
    review(request, people["officer"], Review("followed"))
    issue(request, people["expert"], replace(CONTENT, changed="x", why="y"))
    found = opinion_queries.advised_in(case)[0]
    assert (found.outcome, found.version) == ("", 2)
    with pytest.raises(Refusal) as refused:
        review(request, people["officer"], Review("followed"), version=1)
    assert codes(refused) == ["review_version_changed"]


def test_an_opinion_not_issued_is_not_reviewed_and_by_no_expert(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"], topic="funding")
    with pytest.raises(Refusal) as refused:
        review(request, people["officer"], Review("followed"))
    assert codes(refused) == ["support_moved_on"]
    issue(request, people["expert"])
    with pytest.raises(Refusal) as not_theirs:
        review(request, people["expert"], Review("followed"))
    assert codes(not_theirs) == ["support_not_yours"]


def test_letters_about_opinions_hold_nothing_of_the_case(people: People) -> None:
    case = secret_case(people["officer"])
    request = taken(case, people["officer"], people["expert"], topic="procedure_law")
    secret = replace(CONTENT, confidence_reason=CANARY)
    seen = save(request, people["expert"], secret)
    ask_reader(request, people["expert"], people["expert2"])
    agree(request, people["expert2"])
    issue(request, people["expert"], secret, seen)
    review(request, people["officer"], Review("not_followed", CANARY))
    for message in db.session.scalars(select(OutboxMessage)):
        assert CANARY not in message.subject + message.body
        assert case.reference not in message.subject + message.body


def test_what_was_advised_in_a_case_is_one_query_however_much_there_is(
    case: Case, people: People, count_queries: Callable[[], list[str]]
) -> None:
    for _ in range(3):
        issued(case, people["officer"], people["expert"], section="funding")
    ask(case, people["officer"])
    executed = count_queries()
    found = opinion_queries.advised_in(case)
    assert len(found) == 3
    assert len(executed) == 1
    assert {note.section for note in found} == {"funding"}
