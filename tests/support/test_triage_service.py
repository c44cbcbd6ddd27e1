"""What the coordinator does with a request, and what experts answer: what stands in the request, the log, the outbox."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.catalogue import calendar
from procure.domain.outcomes import Refusal
from procure.domain.triage import Target
from procure.infra import clock
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.network.models import ExpertProfile
from procure.notifications.models import Absence
from procure.planning.models import CityClosing
from procure.support import queries, talk_service, targets, triage_queries, triage_service
from procure.support.models import SupportMessage, SupportNote, SupportProposal, SupportRequest, SupportTriage
from procure.support.triage_service import Sorting
from tests import factories
from tests.support.builders import CANARY, OPINION, act, answered, ask, secret_case, taken

People = dict[str, Person]
USUAL = Sorting("procedure_law", "normal", "normal", Target(3, 10))


def do(request: SupportRequest, person: Person, name: str, *words: Any) -> None:
    """One act of the desk by that person, on the locked request."""
    by = factories.actor_of(person)
    seen = queries.request_to_change(by, request.id)
    assert seen is not None
    verbs = talk_service if name == "write" else triage_service
    getattr(verbs, name)(seen.request, *words, by, clock.today(), clock.now())
    db.session.commit()


def helped(case: Case, people: People) -> SupportRequest:
    """A request of the expert that the second expert has joined."""
    request = taken(case, people["officer"], people["expert"])
    do(request, people["expert"], "invite", people["expert2"].id, "")
    do(request, people["expert2"], "join", "I know nobody.")
    return request


def party(request: SupportRequest, person: Person) -> str | None:
    return queries.party(request, factories.actor_of(person))


def letters(request: SupportRequest, name: str) -> list[str]:
    found = db.session.scalars(select(OutboxMessage).where(OutboxMessage.key.like(f"support:{request.id}:{name}%")))
    return sorted(message.recipient for message in found)


def kinds(case: Case) -> list[str]:
    return [event.kind for event in cases.events_of(case) if event.kind.startswith("support_")]


def code(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.reasons[0].code


# sorting


def test_sorting_gives_days_over_the_working_days_since_the_day_of_asking(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    do(request, people["coordinator"], "sort", Sorting("funding", "soon", "high", Target(2, 5), "We begin soon."), 0)
    days = calendar.finnish()
    assert (request.topic, request.urgency, request.priority) == ("funding", "soon", "high")
    assert request.first_answer_by == days.after(clock.today(), 2)
    assert request.answer_by == days.after(clock.today(), 5)
    assert kinds(case) == ["support_asked", "support_triaged"]
    assert letters(request, "triage") == ["officer@tampere.example"]
    kept = db.session.scalars(select(SupportTriage)).one()
    assert (kept.topic, kept.priority, kept.reason, kept.by) == ("funding", "high", "We begin soon.", "Coordinator")


def test_the_city_s_closing_days_are_no_working_days_of_its_answer(case: Case, people: People) -> None:
    usual = targets.usual(case.organisation_id, "urgent", clock.today())
    first = calendar.finnish().after(clock.today())
    db.session.add(
        CityClosing(
            organisation_id=case.organisation_id, first_day=first, last_day=first + timedelta(days=6), name="Closed",
            changed_at=clock.now(), changed_by_id=people["admin"].id,
        )
    )  # fmt: skip
    db.session.commit()
    assert targets.usual(case.organisation_id, "urgent", clock.today()).answer_by > usual.answer_by
    assert ask(case, people["officer"], urgency="urgent").answer_by > first + timedelta(days=6)


def test_priority_alone_is_the_network_s_own_business_and_tells_the_city_nothing(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    do(request, people["coordinator"], "sort", Sorting("procedure_law", "normal", "low", Target(3, 10)), 0)
    assert request.priority == "low"
    assert letters(request, "triage") == []


def test_sorting_the_same_again_leaves_no_row(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    do(request, people["coordinator"], "sort", USUAL, 0)
    do(request, people["coordinator"], "sort", USUAL, triage_queries.last_triage(request))
    assert len(triage_queries.triages_of(request)) == 1
    assert kinds(case).count("support_triaged") == 1


def test_who_sorts_from_an_old_page_is_told_and_nothing_is_overwritten(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    do(request, people["coordinator"], "sort", Sorting("funding", "soon", "high", Target(2, 5)), 0)
    with pytest.raises(Refusal) as refused:
        do(request, people["coordinator"], "sort", USUAL, 0)
    assert code(refused) == "support_sorted_meanwhile"
    assert request.topic == "funding"


def test_days_other_than_the_usual_ones_are_known_as_the_coordinator_s_own(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    assert triage_service.own_target(request) is None
    do(request, people["coordinator"], "sort", USUAL, 0)
    assert triage_service.own_target(request) is None
    own = Sorting("procedure_law", "normal", "normal", Target(1, 4))
    do(request, people["coordinator"], "sort", own, triage_queries.last_triage(request))
    assert triage_service.own_target(request) == Target(1, 4)


@pytest.mark.parametrize("name", ["officer", "admin", "expert"])
@pytest.mark.parametrize("act_name", ["sort", "refuse", "merge", "pass_on"])
def test_only_a_coordinator_sorts_and_ends(case: Case, people: People, name: str, act_name: str) -> None:
    request = ask(case, people["officer"])
    words: dict[str, tuple[Any, ...]] = {
        "sort": (USUAL, 0), "refuse": ("No.",), "merge": (ask(case, people["officer"], form_key="2"), ""), "pass_on": ("a", "b", "c")
    }  # fmt: skip
    with pytest.raises(Refusal) as refused:
        do(request, people[name], act_name, *words[act_name])
    assert code(refused) == "support_not_yours"


# ends without an opinion


def test_a_duplicate_goes_on_in_the_other_request_and_its_expert_sees_it_no_longer(case: Case, people: People) -> None:
    first = ask(case, people["officer"])
    second = taken(case, people["officer"], people["expert"], form_key="2")
    do(second, people["coordinator"], "merge", first, "Same question.")
    assert (second.state, second.merged_into_id) == ("merged", first.id)
    assert queries.request_for(factories.actor_of(people["expert"]), second.id) is None
    seen = queries.request_for(factories.actor_of(people["officer"]), second.id)
    assert seen is not None
    assert seen.sight == "everything"
    assert [message.act for message in queries.messages_of(first)] == ["merged_here"]
    assert letters(second, "merge:") == ["expert@innocities.example", "officer@tampere.example"]
    event = next(event for event in cases.events_of(case) if event.kind == "support_merged")
    assert event.payload["into"] == f"T-{first.id:04d}"


def test_a_request_of_another_city_takes_none_in(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    foreign = ask(factories.make_case(people["other_officer"]), people["other_officer"])
    with pytest.raises(Refusal) as refused:
        do(request, people["coordinator"], "merge", foreign, "")
    assert code(refused) == "support_merge_unknown"
    assert request.state == "open"


def test_refusing_needs_a_reason_which_the_city_reads(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    with pytest.raises(Refusal):
        do(request, people["coordinator"], "refuse", "  ")
    do(request, people["coordinator"], "refuse", "Ask your own lawyer first.")
    assert request.state == "refused"
    assert [message.text for message in queries.messages_of(request)] == ["Ask your own lawyer first."]
    assert letters(request, "refuse") == ["officer@tampere.example"]
    assert kinds(case)[-1] == "support_refused"


def test_passing_on_names_the_body_and_sends_nothing_there(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    do(request, people["coordinator"], "pass_on", "Energy Authority", "energiavirasto.fi", "It is the supervisor.")
    assert (request.state, request.passed_on_to) == ("passed_on", "Energy Authority")
    assert letters(request, "pass_on") == ["officer@tampere.example"]
    assert kinds(case)[-1] == "support_passed_on"


@pytest.mark.parametrize("act_name", ["refuse", "merge", "pass_on"])
def test_what_has_ended_ends_no_second_time(case: Case, people: People, act_name: str) -> None:
    request, other = ask(case, people["officer"]), ask(case, people["officer"], form_key="2")
    do(request, people["coordinator"], "refuse", "No.")
    words: dict[str, tuple[Any, ...]] = {"refuse": ("No.",), "merge": (other, ""), "pass_on": ("a", "b", "c")}
    with pytest.raises(Refusal) as refused:
        do(request, people["coordinator"], act_name, *words[act_name])
    assert code(refused) == "support_moved_on"


def test_letters_of_the_desk_hold_nothing_of_the_case(people: People) -> None:
    case = secret_case(people["officer"])
    request = helped(case, people)
    do(request, people["expert2"], "write", f"{CANARY} message")
    do(request, people["coordinator"], "pass_on", f"{CANARY} body", f"{CANARY} contact", f"{CANARY} reason")
    refused = ask(case, people["officer"], form_key="2")
    do(refused, people["coordinator"], "propose", people["expert"].id, f"{CANARY} note")
    do(refused, people["expert"], "decline", f"{CANARY} reason")
    do(refused, people["coordinator"], "refuse", f"{CANARY} reason")
    for message in db.session.scalars(select(OutboxMessage)):
        assert CANARY not in message.subject + message.body
        assert case.reference not in message.subject + message.body


# the first answer


@pytest.mark.parametrize(
    ("name", "person", "words"),
    [("refuse", "coordinator", ("No.",)), ("pass_on", "coordinator", ("a", "b", "c"))],
)
def test_an_end_without_an_opinion_is_a_first_answer(
    case: Case, people: People, name: str, person: str, words: tuple[str, ...]
) -> None:
    request = ask(case, people["officer"])
    do(request, people[person], name, *words)
    assert request.first_answer_at is not None


def test_the_first_answer_is_when_somebody_of_the_network_first_writes(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    act(request, people["officer"], "reply", "One more thing.")
    do(request, people["coordinator"], "sort", USUAL, 0)
    assert request.first_answer_at is None
    act(request, people["expert"], "ask_back", "Which options?")
    first = request.first_answer_at
    assert first is not None
    act(request, people["officer"], "reply", "None.")
    act(request, people["expert"], "answer", OPINION)
    assert request.first_answer_at == first


def test_an_opinion_at_once_is_the_first_answer_too(case: Case, people: People) -> None:
    request = answered(case, people["officer"], people["expert"])
    assert request.first_answer_at == request.answered_at


# offers


def test_an_expert_is_asked_by_letter_and_takes_by_declaring(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    do(request, people["coordinator"], "propose", people["expert"].id, "You know it best.")
    do(request, people["coordinator"], "propose", people["expert2"].id, "")
    assert letters(request, "propose") == ["expert2@innocities.example", "expert@innocities.example"]
    act(request, people["expert"], "take", "I know nobody.")
    offers = {offer.person_id: offer.answer for offer in triage_queries.proposals_of(request)}
    assert offers == {people["expert"].id: "accepted", people["expert2"].id: "over"}
    assert kinds(case) == ["support_asked", "support_proposed", "support_proposed", "support_taken"]


def test_declining_tells_the_reason_to_the_network_only(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    do(request, people["coordinator"], "propose", people["expert"].id, "")
    do(request, people["expert"], "decline", "Too much to do.")
    assert request.state == "open"
    assert letters(request, "decline") == ["coordinator@innocities.example"]
    assert [offer.reason for offer in triage_queries.proposals_of(request)] == ["Too much to do."]
    assert all("Too much" not in message.text for message in queries.messages_of(request))
    assert all("Too much" not in str(event.payload) for event in cases.events_of(case))


def test_who_was_not_asked_has_nothing_to_decline(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    with pytest.raises(Refusal) as refused:
        do(request, people["expert"], "decline", "No.")
    assert code(refused) == "support_moved_on"


def test_nobody_is_asked_twice_or_after_a_conflict(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    do(request, people["coordinator"], "propose", people["expert"].id, "")
    act(request, people["expert2"], "declare_conflict", "My brother.")
    for name in ("expert", "expert2", "officer"):
        with pytest.raises(Refusal) as refused:
            do(request, people["coordinator"], "propose", people[name].id, "")
        assert code(refused) == "support_not_askable"


def test_a_conflict_of_who_was_asked_answers_the_offer(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    do(request, people["coordinator"], "propose", people["expert"].id, "")
    act(request, people["expert"], "declare_conflict", "My brother.")
    assert [offer.answer for offer in triage_queries.proposals_of(request)] == ["conflict"]
    assert request.state == "open"


def test_changing_the_expert_releases_and_asks_the_new_one(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    do(request, people["coordinator"], "reassign", people["expert2"].id, "On long leave.", "")
    assert (request.state, request.expert_id) == ("open", None)
    assert letters(request, "released") == ["expert@innocities.example"]
    assert letters(request, "propose") == ["expert2@innocities.example"]
    assert triage_queries.offer_to(factories.actor_of(people["expert2"]), request) is not None


def test_a_change_that_cannot_be_made_leaves_the_expert_where_he_is(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    with pytest.raises(Refusal):
        do(request, people["coordinator"], "reassign", people["expert"].id, "On long leave.", "")
    assert request.expert_id == people["expert"].id


# the second expert


def test_a_second_expert_declares_before_seeing_anything(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    assert queries.request_for(factories.actor_of(people["expert2"]), request.id) is None
    do(request, people["expert"], "invite", people["expert2"].id, "")
    seen = queries.request_for(factories.actor_of(people["expert2"]), request.id)
    assert seen is not None
    assert (seen.party, seen.sight) == ("invited_expert", "row")
    do(request, people["expert2"], "join", "I know nobody.")
    seen = queries.request_for(factories.actor_of(people["expert2"]), request.id)
    assert seen is not None
    assert (seen.party, seen.sight) == ("second_expert", "material")
    assert letters(request, "join") == ["expert@innocities.example", "officer@tampere.example"]


def test_a_second_expert_writes_but_issues_nothing(case: Case, people: People) -> None:
    request = helped(case, people)
    do(request, people["expert2"], "write", "Half a year is enough.")
    do(request, people["expert2"], "write", "Half a year is enough.")
    written = [message for message in queries.messages_of(request) if message.kind == "message"]
    assert [message.text for message in written] == ["Half a year is enough."]
    assert request.state == "taken"
    with pytest.raises(Refusal) as refused:
        act(request, people["expert2"], "answer", OPINION)
    assert code(refused) == "support_not_yours"


def test_there_is_one_second_expert_at_a_time(case: Case, people: People) -> None:
    request = helped(case, people)
    with pytest.raises(Refusal) as refused:
        do(request, people["coordinator"], "invite", people["expert2"].id, "")
    assert code(refused) == "support_second_there"


def test_a_second_expert_steps_aside_and_the_expert_goes_on(case: Case, people: People) -> None:
    request = helped(case, people)
    do(request, people["expert2"], "step_aside", "Ill.")
    assert (request.state, request.second_expert_id) == ("taken", None)
    assert queries.request_for(factories.actor_of(people["expert2"]), request.id) is None
    assert letters(request, "step_aside") == ["expert@innocities.example"]


def test_a_conflict_of_the_second_expert_leaves_the_request_with_the_expert(case: Case, people: People) -> None:
    request = helped(case, people)
    act(request, people["expert2"], "declare_conflict", "My brother.")
    assert (request.state, request.expert_id, request.second_expert_id) == ("taken", people["expert"].id, None)
    assert party(request, people["expert2"]) is None


def test_with_the_expert_goes_who_helped(case: Case, people: People) -> None:
    request = helped(case, people)
    act(request, people["expert"], "hand_back", "Ill.")
    assert (request.state, request.second_expert_id) == ("open", None)
    assert party(request, people["expert2"]) == "free_expert"


def test_an_invitation_ends_with_the_answer(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    do(request, people["expert"], "invite", people["expert2"].id, "")
    act(request, people["expert"], "answer", OPINION)
    assert [offer.answer for offer in triage_queries.proposals_of(request)] == ["over"]
    assert queries.request_for(factories.actor_of(people["expert2"]), request.id) is None


# notes


def note(request: SupportRequest, person: Person, words: str) -> None:
    by = factories.actor_of(person)
    seen = queries.request_to_change(by, request.id)
    assert seen is not None
    triage_service.add_note(seen.request, words, by, clock.now())
    db.session.commit()


def test_notes_stand_nowhere_but_in_their_own_table(people: People) -> None:
    case = secret_case(people["officer"])
    request = helped(case, people)
    events = len(cases.events_of(case))
    note(request, people["coordinator"], "Mind the deadline.")
    note(request, people["expert2"], "I do.")
    assert [kept.text for kept in triage_queries.notes_of(request)] == ["Mind the deadline.", "I do."]
    assert len(cases.events_of(case)) == events
    assert all("Mind" not in message.text for message in db.session.scalars(select(SupportMessage)))
    assert all("Mind" not in message.body for message in db.session.scalars(select(OutboxMessage)))


@pytest.mark.parametrize("name", ["officer", "manager", "admin", "expert2", "other_officer"])
def test_notes_are_for_those_of_the_network_who_see_the_request(case: Case, people: People, name: str) -> None:
    request = taken(case, people["officer"], people["expert"])
    assert triage_queries.noted_for(factories.actor_of(people[name]), request.id) is None
    by = factories.actor_of(people[name])
    with pytest.raises(Refusal):
        triage_service.add_note(request, "Let me in.", by, clock.now())


@pytest.mark.parametrize("table", [SupportNote, SupportTriage])
@pytest.mark.parametrize("change", [update, delete])
def test_the_database_refuses_to_change_notes_and_sortings(case: Case, people: People, table: Any, change: Any) -> None:
    request = ask(case, people["officer"])
    note(request, people["coordinator"], "Mind the deadline.")
    do(request, people["coordinator"], "sort", USUAL, 0)
    values = {"reason" if table is SupportTriage else "text": "x"}
    statement = change(table).values(**values) if change is update else change(table)
    with pytest.raises(DatabaseError, match="only grows"), db.session.begin_nested():
        db.session.execute(statement)


# matching as the tables tell it


def test_matching_knows_load_absence_experience_and_conflicts(case: Case, people: People) -> None:
    expert, second = people["expert"], people["expert2"]
    answered(case, people["officer"], expert)
    taken(case, people["officer"], expert, form_key="busy")
    request = ask(case, people["officer"], form_key="new")
    act(request, second, "declare_conflict", "My brother.")
    away_until = request.answer_by + timedelta(days=1)
    db.session.add(
        Absence(person_id=expert.id, delegate_id=second.id, first_day=clock.today(), last_day=away_until, ended_at=None)
    )
    db.session.add(
        ExpertProfile(
            person_id=expert.id, topics=["procedure_law"], languages=["en"], not_cities=[], most_open=2, shown=True, about=""
        )
    )
    db.session.commit()
    found = triage_queries.matching(request, clock.today())
    candidate = found.proposals[0].candidate
    assert (candidate.id, candidate.open_now, candidate.answered, candidate.most_open) == (expert.id, 1, 1, 2)
    assert (candidate.away_until, candidate.back_in_time) == (away_until, False)
    assert [(out.candidate.id, out.why[0].code) for out in found.left_out] == [(second.id, "match_conflict")]


def test_an_absence_that_was_ended_early_is_none(case: Case, people: People) -> None:
    request = ask(case, people["officer"])
    today: date = clock.today()
    db.session.add(
        Absence(
            person_id=people["expert"].id, delegate_id=people["expert2"].id, first_day=today, last_day=today + timedelta(days=9),
            ended_at=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()
    found = triage_queries.matching(request, today)
    assert all(one.candidate.away_until is None for one in found.proposals)


def test_offers_of_one_request_say_nothing_about_another(case: Case, people: People) -> None:
    first = ask(case, people["officer"])
    do(first, people["coordinator"], "propose", people["expert"].id, "")
    second = ask(case, people["officer"], form_key="2")
    assert triage_queries.matching(second, clock.today()).askable(people["expert"].id)
    assert db.session.scalars(select(SupportProposal)).one().request_id == first.id
