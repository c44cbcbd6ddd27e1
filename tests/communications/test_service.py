"""Asking, planning, approving, publishing: what is recorded, who is told, and what the law does not let be told yet."""

from datetime import timedelta
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.cases.models import Case
from procure.communications import queries, service
from procure.communications.models import CommunicationItem
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.support import desk_queries
from tests import factories
from tests.cases import builders as case_builders
from tests.communications.builders import approved, ask, draft, locked, move, plan, taken, write
from tests.timetables.builders import EU, case_of

People = dict[str, Person]
DAY: Final = timedelta(days=1)


def codes(act: Any) -> list[str]:
    with pytest.raises(Refusal) as caught:
        act()
    return [reason.code for reason in caught.value.reasons]


def letters() -> list[tuple[str, str]]:
    """Receiver and subject of each letter, in order."""
    found = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.recipient.partition("@")[0], row.subject) for row in found]


def test_a_request_for_support_goes_to_the_desk_as_any_request(case: Case, people: People) -> None:
    request = ask(case, people["officer"])

    assert (request.kind, request.topic, request.product) == ("communications", "communications", "communications_package")
    rows = desk_queries.front(factories.actor_of(people["expert"])).open
    assert [row.number for row in rows] == [request.id]
    assert len(factories.events(case, "support_asked")) == 1
    assert ask(case, people["officer"]).id == request.id, "the same form asks once"


def test_every_act_is_an_event_and_a_version_and_the_log_has_no_message(case: Case, people: People) -> None:
    item = approved(case, people["officer"])
    move(case, item, people["officer"], "publish", on=clock.today())

    acts = [one.act for one in reversed(queries.versions_of(item))]
    assert acts == ["write", "submit", "approve", "publish"]
    for kind in ("added", "submitted", "approved", "published"):
        events = factories.events(case, f"communication_{kind}")
        assert [event.payload["communication"] for event in events] == [1], kind
        assert "Viesti" not in str(events[0].payload)
    assert (item.state, item.published_on, item.approved_by) == ("published", clock.today(), "Officer")


def test_the_same_form_twice_plans_once_and_the_same_act_twice_acts_once(case: Case, people: People) -> None:
    first = plan(case, people["officer"], key="once")
    assert plan(case, people["officer"], key="once").id == first.id
    move(case, first, people["officer"], "submit")
    move(case, first, people["officer"], "submit")
    assert len(factories.events(case, "communication_submitted")) == 1


def test_writing_anew_needs_a_new_approval_and_keeps_the_earlier_words(case: Case, people: People) -> None:
    item = approved(case, people["officer"])

    write(case, item, people["officer2"], messages={"en": "Other words."})

    assert (item.state, item.version, item.approved_by, item.author) == ("draft", 2, "", "Officer2")
    earlier = [one for one in queries.versions_of(item) if one.act == "write" and one.version == 1]
    assert earlier[0].messages["en"] == "Message in English."
    write(case, item, people["officer2"], messages={"en": "Other words."})
    assert item.version == 2, "the same words are no version"


def test_who_has_not_seen_the_present_version_neither_writes_nor_approves(case: Case, people: People) -> None:
    item = plan(case, people["officer"])
    write(case, item, people["officer2"], title="Another title")

    late = lambda: write(case, item, people["officer"], seen=1, title="My title")  # noqa: E731
    assert codes(late) == ["communication_changed_meanwhile"]
    db.session.rollback()
    move(case, item, people["officer"], "submit")
    assert codes(lambda: move(case, item, people["manager"], "approve", seen=1)) == ["communication_changed_meanwhile"]


def test_versions_are_evidence_and_the_database_keeps_them(app: Flask, case: Case, people: People) -> None:
    plan(case, people["officer"])
    for statement in ("UPDATE communication_versions SET note = 'x'", "DELETE FROM communication_versions"):
        with pytest.raises(DatabaseError), db.session.begin_nested():
            db.session.execute(text(statement))


def test_what_is_not_public_on_its_day_is_not_planned_and_what_is_not_public_now_is_not_published(
    case: Case, people: People
) -> None:
    too_early = lambda: plan(case, people["officer"], content="contract", planned_on=clock.today())  # noqa: E731
    assert codes(too_early)[0] in ("communication_too_early", "communication_not_public")
    assert codes(lambda: plan(case, people["officer"], content="notice", planned_on=clock.today())) != []

    far = clock.today() + timedelta(days=2000)
    item = approved(case, people["officer"], content="contract", planned_on=far)
    assert codes(lambda: move(case, item, people["officer"], "publish", on=clock.today())) == ["communication_not_public"]
    assert not factories.events(case, "communication_published")


def test_the_days_of_the_timetable_say_from_when_also_before_a_procedure_is_chosen(people: People) -> None:
    case = case_of(people["officer"], EU)
    standing = service.standing_of(case, clock.today())
    ahead = standing.situation.ahead

    assert standing.situation.phase == "preparation"
    assert ahead["notice"] < ahead["tendering"] < ahead["notified"] < ahead["contract"]
    too_early = lambda: plan(case, people["officer"], content="decision", planned_on=ahead["notified"] - DAY)  # noqa: E731
    assert codes(too_early) == ["communication_too_early"]
    assert plan(case, people["officer"], content="decision", planned_on=ahead["notified"]).number == 1


def test_the_standstill_keeps_the_contract_from_being_told(people: People) -> None:
    case = case_builders.case_at(people["officer"], "open", "standstill", case_builders.OPENED, regime="eu")
    found = service.standing_of(case, clock.today()).situation
    assert found.phase == "notified"
    assert found.floors["contract"].citation.startswith("1397/2016 129 §")


def test_who_is_responsible_is_told_of_what_waits_and_the_author_of_the_answer(case: Case, people: People) -> None:
    item = plan(case, people["officer2"])
    move(case, item, people["officer2"], "submit")
    assert letters()[-1] == ("officer", f"{case.reference}: a text waits for approval")

    move(case, item, people["manager"], "send_back", "Too long")
    assert letters()[-1] == ("officer2", f"{case.reference}: changes are asked for in your text")
    assert queries.versions_of(item)[0].note == "Too long"

    move(case, item, people["officer2"], "submit")
    move(case, item, people["manager"], "approve")
    assert letters()[-1] == ("officer2", f"{case.reference}: your text has been approved")


def test_an_expert_who_wrote_is_told_by_the_request_s_number_alone(case: Case, people: People) -> None:
    request = taken(case, people["officer"], people["expert"])
    by = factories.actor_of(people["expert"])
    seen = queries.request_to_write(by, request.id)
    assert seen is not None
    item = service.add(seen.request.case, draft(), "e", by, clock.today(), clock.now())
    service.move(seen.request.case, item, "submit", service.Said(1), by, clock.today(), clock.now())
    assert codes(lambda: service.move(case, item, "approve", service.Said(1), by, clock.today(), clock.now())) == [
        "communication_not_yours"
    ]
    db.session.commit()

    move(case, item, people["officer"], "approve")

    letter = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert letter is not None
    assert letter.recipient.startswith("expert@")
    assert f"/support/{request.id}/communications/1" in letter.body
    assert case.reference not in letter.body + letter.subject


@pytest.mark.parametrize("name", ["expert2", "coordinator", "officer", "other_officer"])
def test_only_the_expert_who_has_taken_the_request_sees_the_plan(case: Case, people: People, name: str) -> None:
    request = taken(case, people["officer"], people["expert"])
    assert queries.request_shared(factories.actor_of(people["expert"]), request.id) is not None
    assert queries.request_shared(factories.actor_of(people[name]), request.id) is None


def test_a_draft_for_an_expert_uses_only_what_is_shared(case: Case, people: People) -> None:
    factories.answer(case, people["officer"], need={"en": "Bins overflow."}, desired_outcome={"en": "Clean streets."})
    standing = service.standing_of(case, clock.today())

    whole = service.drafted(case, standing, "need")["en"]
    part = service.drafted(case, standing, "need", frozenset({"title", "need"}))["en"]

    assert "Clean streets." in whole
    assert "Clean streets." not in part
    assert "Bins overflow." in part
    assert "480" not in whole


def test_a_text_written_for_approval_has_its_message_in_the_language_of_the_case(case: Case, people: People) -> None:
    item = plan(case, people["officer"], messages={"fi": "Vain suomeksi."})
    assert codes(lambda: move(case, item, people["officer"], "submit")) == ["communication_message_missing_en"]


def test_what_waits_is_found_by_day_for_the_person_and_for_the_city(case: Case, people: People) -> None:
    officer = people["officer"]
    soon = approved(case, officer, title="Soon", planned_on=clock.today() + timedelta(days=2))
    approved(case, officer, title="Far", planned_on=clock.today() + timedelta(days=60))
    asked = plan(case, officer, title="Asked", planned_on=clock.today() + timedelta(days=60))
    move(case, asked, officer, "submit")
    plan(case, officer, title="Only a draft")

    def waiting(name: str, whole_city: bool) -> list[str]:
        by = factories.actor_of(people[name])
        rows = queries.items_waiting(by, whole_city, "en", clock.today(), (clock.today().replace(year=2000), 0), 10)
        return [row.title for row in rows]

    assert waiting("officer", False) == ["Soon", "Asked"]
    assert waiting("officer2", False) == []
    assert waiting("manager", True) == ["Soon", "Asked"]
    assert waiting("other_manager", True) == []
    move(case, soon, officer, "publish", on=clock.today())
    assert waiting("officer", False) == ["Asked"]


def test_a_partner_city_s_people_read_and_do_not_change(case: Case, people: People) -> None:
    factories.make_partner(case, people["other_officer"])
    plan(case, people["officer"])
    with pytest.raises(AssertionError):
        locked(case, people["other_officer"])
    assert db.session.scalars(select(CommunicationItem)).one().number == 1
