"""Members, tasks, notes and handing over: each act with its event, its letter and nothing lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases.models import Case, CaseMember
from procure.domain.outcomes import Refusal
from procure.domain.team import hash_of
from procure.infra import clock
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.notifications.models import Notice
from procure.teams import queries, service
from procure.teams.models import Task
from procure.teams.service import Overtaken
from tests import factories
from tests.teams.builders import add_member, add_task, hand_over, locked, task_fields, wanted, write_note

People = dict[str, Person]


def team(case: Case) -> list[tuple[str, str]]:
    return [(member.name, member.part) for member in queries.team_of(case)]


def letters() -> list[tuple[str, str]]:
    return [(row.recipient, row.subject) for row in db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]


def code(refusal: pytest.ExceptionInfo[Refusal]) -> str:
    return refusal.value.reasons[0].code


# members


def test_a_case_begins_with_who_opened_it_as_responsible(case: Case) -> None:
    assert team(case) == [("Officer", "responsible")]


def test_somebody_gets_a_part_with_its_event_and_a_letter(case: Case, people: People) -> None:
    add_member(case, people["officer"], people["officer2"], "substitute")

    assert team(case) == [("Officer", "responsible"), ("Officer2", "substitute")]
    assert factories.events(case, "member_added")[0].payload == {
        "person": people["officer2"].id, "name": "Officer2", "part": "substitute",
    }  # fmt: skip
    assert letters() == [("officer2@tampere.example", f"{case.reference}: you are in the team of the case")]


def test_the_same_part_again_changes_nothing_and_another_takes_its_place(case: Case, people: People) -> None:
    add_member(case, people["officer"], people["officer2"])
    add_member(case, people["officer"], people["officer2"])
    add_member(case, people["officer"], people["officer2"], "substitute")

    assert team(case) == [("Officer", "responsible"), ("Officer2", "substitute")]
    assert [event.payload.get("part_before") for event in factories.events(case, "member_added")] == [None, "member"]


@pytest.mark.parametrize("name", ["other_officer", "expert"])
def test_only_people_of_the_case_s_city_are_in_its_team(case: Case, people: People, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        add_member(case, people["officer"], people[name])
    assert code(refused) == "person_not_of_city"


def test_a_guest_reads_the_case_and_can_change_nothing(case: Case, people: People) -> None:
    add_member(case, people["officer"], people["officer2"], "guest")
    guest = factories.actor_of(people["officer2"])

    seen = cases.case_for(guest, case.reference)
    assert seen is not None
    assert seen.only_read
    assert cases.case_to_change(guest, case.reference) is None
    add_member(case, people["officer"], people["officer2"], "member")
    assert cases.case_to_change(guest, case.reference) is not None


def test_being_a_guest_on_one_case_says_nothing_about_another(case: Case, people: People) -> None:
    add_member(case, people["officer"], people["officer2"], "guest")
    other = factories.make_case(people["officer"])

    assert cases.case_to_change(factories.actor_of(people["officer2"]), other.reference) is not None


@pytest.mark.parametrize("act", ["guest", "remove"])
def test_who_leaves_or_only_reads_leaves_the_open_tasks_to_the_responsible(case: Case, people: People, act: str) -> None:
    officer, colleague = people["officer"], people["officer2"]
    add_member(case, officer, colleague)
    task = add_task(case, officer, colleague)
    if act == "guest":
        add_member(case, officer, colleague, "guest")
    else:
        service.remove_member(locked(case, officer), colleague, factories.actor_of(officer), clock.today(), clock.now())

    assert task.owner_id == officer.id
    kind = "member_added" if act == "guest" else "member_removed"
    assert factories.events(case, kind)[-1].payload["tasks"] == [1]


def test_the_responsible_officer_is_not_removed(case: Case, people: People) -> None:
    officer = people["officer"]
    with pytest.raises(Refusal) as refused:
        service.remove_member(case, officer, factories.actor_of(officer), clock.today(), clock.now())
    assert code(refused) == "part_of_responsible"


# handing over


def test_a_hand_over_moves_the_case_and_its_tasks_and_the_old_one_stands_in(case: Case, people: People) -> None:
    officer, colleague = people["officer"], people["officer2"]
    task = add_task(case, officer, officer)
    hand_over(case, officer, colleague, reason="Parental leave")

    assert case.responsible_id == colleague.id
    assert team(case) == [("Officer2", "responsible"), ("Officer", "substitute")]
    assert task.owner_id == colleague.id
    assert factories.events(case, "handed_over")[0].payload == {
        "person": colleague.id, "name": "Officer2", "old": officer.id, "old_name": "Officer", "reason": "Parental leave",
        "stays": True, "tasks": [1],
    }  # fmt: skip
    assert sorted(recipient for recipient, _subject in letters()) == ["officer2@tampere.example", "officer@tampere.example"]


def test_tasks_stay_with_the_old_one_on_wish_but_not_when_that_one_leaves(case: Case, people: People) -> None:
    officer, colleague = people["officer"], people["officer2"]
    task = add_task(case, officer, officer)
    hand_over(case, officer, colleague, with_tasks=False)
    assert task.owner_id == officer.id

    hand_over(case, officer, officer)
    hand_over(case, officer, colleague, with_tasks=False, stays=False)
    assert task.owner_id == colleague.id
    assert team(case) == [("Officer2", "responsible")]


def test_who_was_responsible_and_when_stays_known(case: Case, people: People) -> None:
    officer, colleague = people["officer"], people["officer2"]
    hand_over(case, officer, colleague, stays=False)
    hand_over(case, officer, people["manager"], stays=False)

    rows = db.session.scalars(select(CaseMember).where(CaseMember.part == "responsible").order_by(CaseMember.id)).all()
    today = clock.today()
    assert [(row.person_id, row.since, row.until) for row in rows] == [
        (officer.id, case.opened_on, today), (colleague.id, today, today), (people["manager"].id, today, None),
    ]  # fmt: skip


def test_every_reason_against_a_hand_over_is_told_at_once(case: Case, people: People) -> None:
    with pytest.raises(Refusal) as refused:
        hand_over(case, people["officer"], people["admin"], from_day=clock.today() + timedelta(days=1), reason=" ")
    assert [reason.code for reason in refused.value.reasons] == ["part_needs_editor", "date_in_future", "reason_missing"]


@pytest.mark.parametrize(("name", "refused_with"), [("officer", "responsible_already"), ("other_officer", "person_not_of_city")])
def test_a_case_goes_to_somebody_else_of_the_same_city(case: Case, people: People, name: str, refused_with: str) -> None:
    with pytest.raises(Refusal) as refused:
        hand_over(case, people["officer"], people[name])
    assert code(refused) == refused_with


def test_a_closed_account_does_not_stay_as_substitute(case: Case, people: People) -> None:
    people["officer"].active = False
    db.session.commit()
    hand_over(case, people["manager"], people["officer2"])

    assert team(case) == [("Officer2", "responsible")]
    assert [recipient for recipient, _subject in letters()] == ["officer2@tampere.example"]


def many(people: People, number: int) -> list[Case]:
    made = [factories.make_case(people["officer"]) for _ in range(number)]
    for case in made:
        add_task(case, people["officer"], people["officer"])
    return made


def all_of(people: People, references: list[str] | None = None, **changes: object) -> int:
    by = factories.actor_of(people["manager"])
    return service.hand_over_many(
        people["officer"], wanted(people["officer2"], **changes), references, by, clock.today(), clock.now()
    )  # type: ignore[arg-type]


def test_all_open_cases_go_at_once_each_with_its_own_event_and_one_letter_each(people: People) -> None:
    made = many(people, 3)
    others = factories.make_case(people["manager"])

    assert all_of(people) == 3

    for case in made:
        assert case.responsible_id == people["officer2"].id
        assert len(factories.events(case, "handed_over")) == 1
    assert others.responsible_id == people["manager"].id
    assert set(db.session.scalars(select(Task.owner_id))) == {people["officer2"].id}
    assert len(letters()) == 2


def test_only_the_chosen_ones_go_and_choosing_none_is_refused(people: People) -> None:
    first, second = many(people, 2)

    assert all_of(people, [first.reference]) == 1
    assert second.responsible_id == people["officer"].id
    with pytest.raises(Refusal) as refused:
        all_of(people, [])
    assert code(refused) == "no_cases_chosen"


def test_a_case_on_which_the_manager_is_a_guest_is_left_where_it_is(people: People) -> None:
    shut, open_case = many(people, 2)
    add_member(shut, people["officer"], people["manager"], "guest")

    assert all_of(people) == 1
    assert shut.responsible_id == people["officer"].id
    assert open_case.responsible_id == people["officer2"].id


def test_ten_times_the_cases_take_the_same_number_of_statements(people: People, count_queries: Callable[[], list[str]]) -> None:
    def statements(number: int) -> int:
        many(people, number)
        db.session.expunge_all()
        executed = count_queries()
        assert all_of(factories.people()) == number
        # SQLite, which is in the process, gets its new rows one by one
        return len([statement for statement in executed if not statement.startswith("INSERT") or "postgres" in dialect])

    dialect = db.session.get_bind().dialect.name
    few = statements(2)
    assert statements(20) <= few


def test_batches_go_on_until_every_case_is_handed_over(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    many(people, 5)
    monkeypatch.setattr(service, "BATCH", 2)

    assert all_of(people) == 5


def test_one_case_that_was_opened_later_stops_the_whole_hand_over(people: People) -> None:
    old = factories.make_case(people["officer"], opened_on=clock.today() - timedelta(days=30))
    many(people, 1)
    with pytest.raises(Refusal) as refused:
        all_of(people, from_day=clock.today() - timedelta(days=10))
    assert code(refused) == "handed_over_before_opened"
    db.session.rollback()
    assert db.session.get_one(Case, old.id, populate_existing=True).responsible_id == people["officer"].id


# tasks


def test_tasks_are_numbered_and_the_owner_is_told_unless_it_is_the_one_who_adds_it(case: Case, people: People) -> None:
    officer, colleague = people["officer"], people["officer2"]
    add_member(case, officer, colleague)
    before = len(letters())
    assert add_task(case, officer, officer).number == 1
    assert len(letters()) == before
    assert add_task(case, officer, colleague).number == 2
    assert letters()[before:] == [("officer2@tampere.example", f"{case.reference}: a task for you")]
    assert [event.payload["task"] for event in factories.events(case, "task_added")] == [1, 2]


def test_the_same_form_sent_twice_adds_one_task(case: Case, people: People) -> None:
    add_task(case, people["officer"], people["officer"])
    add_task(case, people["officer"], people["officer"])

    assert len(queries.tasks_of(case)) == 1


@pytest.mark.parametrize("part", ["", "guest"])
def test_a_task_goes_to_somebody_of_the_team_who_may_change_the_case(case: Case, people: People, part: str) -> None:
    if part:
        add_member(case, people["officer"], people["officer2"], part)
    with pytest.raises(Refusal) as refused:
        add_task(case, people["officer"], people["officer2"])
    assert code(refused) == "task_owner_not_in_team"


def test_everything_wrong_with_a_task_is_told_at_once(case: Case, people: People) -> None:
    with pytest.raises(Refusal) as refused:
        add_task(case, people["officer"], people["officer2"], title="", due_on=None, stage="nowhere")
    assert {reason.target for reason in refused.value.reasons} == {"title", "due_on", "owner", "stage"}


def test_of_two_people_who_change_a_task_the_second_is_told_and_nothing_is_overwritten(case: Case, people: People) -> None:
    officer = people["officer"]
    task = add_task(case, officer, officer)
    by, other = factories.actor_of(officer), factories.actor_of(people["manager"])
    now, today = clock.now(), clock.today()
    service.change_task(case, task, task_fields(officer, title="Ask five suppliers"), 1, other, today, now)
    with pytest.raises(Overtaken):
        service.change_task(case, task, task_fields(officer, title="Ask two suppliers"), 1, by, today, now)

    assert task.title == "Ask five suppliers"
    service.change_task(case, task, task_fields(officer, title="Ask two suppliers"), 2, by, today, now)
    fields = [event.payload["fields"] for event in factories.events(case, "task_changed")]
    assert fields == [
        {"title": ["Ask three suppliers", "Ask five suppliers"]}, {"title": ["Ask five suppliers", "Ask two suppliers"]},
    ]  # fmt: skip


def test_a_task_saved_as_it_is_leaves_no_event(case: Case, people: People) -> None:
    officer = people["officer"]
    task = add_task(case, officer, officer)
    service.change_task(case, task, task_fields(officer), 1, factories.actor_of(officer), clock.today(), clock.now())

    assert factories.events(case, "task_changed") == []
    assert task.version == 1


def test_a_task_is_done_once_and_can_be_opened_again(case: Case, people: People) -> None:
    officer = people["officer"]
    by, today, now = factories.actor_of(officer), clock.today(), clock.now()
    task = add_task(case, officer, officer)
    service.finish_task(case, task, 1, by, today, now)
    service.finish_task(case, task, 1, by, today, now)
    assert (task.done_on, task.done_by) == (today, "Officer")
    assert len(factories.events(case, "task_done")) == 1

    service.reopen_task(case, task, 2, by, today, now)
    assert task.done_on is None
    assert factories.events(case, "task_changed")[0].payload["fields"] == {"done_on": [today.isoformat(), None]}


def test_a_task_changed_meanwhile_is_not_marked_as_done_unseen(case: Case, people: People) -> None:
    officer = people["officer"]
    task = add_task(case, officer, officer)
    by, today, now = factories.actor_of(officer), clock.today(), clock.now()
    service.change_task(case, task, task_fields(officer, title="Something else"), 1, by, today, now)
    with pytest.raises(Overtaken):
        service.finish_task(case, task, 1, by, today, now)
    assert task.done_on is None


# notes


def test_a_note_is_kept_apart_from_the_log_which_holds_its_hash(case: Case, people: People) -> None:
    write_note(case, people["officer"], "The market is small.\r\n")

    event = factories.events(case, "note_written")[0]
    assert event.payload == {"note": 1, "sha256": hash_of("The market is small."), "mentions": []}


def test_the_chosen_and_the_named_members_are_told_and_nobody_else(case: Case, people: People) -> None:
    officer = people["officer"]
    add_member(case, officer, people["officer2"])
    add_member(case, officer, people["admin"], "guest")
    note = write_note(case, officer, "@Officer2 and @Manager: see this", people["admin"], people["other_officer"])

    assert {mention.person.name for mention in note.mentions} == {"Officer2", "Admin"}
    told = db.session.scalars(select(Notice).where(Notice.template == "team_note"))
    assert {(notice.person_id, notice.cadence) for notice in told} == {
        (people["admin"].id, "daily"), (people["officer2"].id, "daily"),
    }  # fmt: skip


def test_the_letters_hold_nothing_of_the_case(case: Case, people: People) -> None:
    officer, colleague = people["officer"], people["officer2"]
    add_member(case, officer, colleague)
    add_task(case, officer, colleague, title="Zebrafink", note="Zebrafink")
    write_note(case, officer, "Zebrafink", colleague)
    hand_over(case, officer, colleague, reason="Zebrafink")

    for letter in db.session.scalars(select(OutboxMessage)):
        assert "Zebrafink" not in letter.subject + letter.body
        assert "Sensors for waste bins" not in letter.subject + letter.body
        assert f"/cases/{case.reference}/team" in letter.body
    for notice in db.session.scalars(select(Notice)):
        assert "Zebrafink" not in str(notice.values)


def test_a_note_sent_twice_is_one_and_an_empty_one_is_none(case: Case, people: People) -> None:
    assert write_note(case, people["officer"], "Once.").number == write_note(case, people["officer"], "Once. ").number
    with pytest.raises(Refusal) as refused:
        write_note(case, people["officer"], " \n")
    assert code(refused) == "note_empty"


@pytest.mark.parametrize("statement", ["UPDATE notes SET text = 'x'", "DELETE FROM notes"])
def test_the_database_refuses_to_change_a_note(case: Case, people: People, statement: str) -> None:
    write_note(case, people["officer"], "Kept.")
    with pytest.raises(DatabaseError, match="only grows"), db.session.begin_nested():
        db.session.execute(text(statement))
