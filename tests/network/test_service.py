"""Changing what is known of the network, its meetings and its experts' profiles: nothing that was said is lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from procure.accounts.models import Person
from procure.domain.network import Fact, Meeting, Words
from procure.domain.outcomes import Refusal
from procure.domain.permissions import Actor
from procure.infra import clock
from procure.infra.db import db
from procure.network import meeting_service, people_service, queries, service
from procure.network.models import NetworkMeeting
from procure.network.people_service import Wanted
from procure.network.service import Overtaken
from tests.factories import actor_of

People = dict[str, Person]
SOURCE = ("https://www.example.fi/plan",)
NEW = Words("Uusi liitto")


@pytest.fixture
def coordinator(people: People) -> Actor:
    return actor_of(people["coordinator"])


def present(subject: str = "tampere", field: str = "funding_body") -> Fact:
    found = service.fact_at(subject, field)
    assert found is not None
    return found[1]


def say(by: Actor, seen: int | None, words: Words = NEW, field: str = "funding_body") -> Fact:
    return service.change_fact(present(field=field), words, "verified", SOURCE, seen, by, clock.now())


# facts


def test_the_coordinator_s_word_holds_everywhere_from_then_on(coordinator: Actor) -> None:
    before = present()
    say(coordinator, 0)

    region = next(one for one in service.subjects() if one.id == "tampere")
    assert region.fact("funding_body").words == Words("Uusi liitto")
    assert (region.fact("funding_body").version, region.fact("funding_body").by) == (1, "Coordinator")
    assert service.version_of("tampere", "funding_body", 0) == before


def test_the_same_said_again_adds_nothing(coordinator: Actor) -> None:
    say(coordinator, 0)
    say(coordinator, 0)

    assert len(queries.fact_changes("tampere", "funding_body")) == 1


def test_who_was_slower_overwrites_nothing(coordinator: Actor) -> None:
    say(coordinator, 0)

    with pytest.raises(Overtaken) as refused:
        say(coordinator, 0, Words("Kolmas"))
    assert refused.value.reasons[0].parameters == {"name": "Coordinator"}
    assert present().words == Words("Uusi liitto")


def test_two_who_save_in_the_same_moment_leave_one_word(coordinator: Actor) -> None:
    seen = present()
    say(coordinator, 0)

    with pytest.raises(Overtaken):
        service.change_fact(seen, Words("Kolmas"), "verified", SOURCE, 0, coordinator, clock.now())
    assert [row.version for row in queries.fact_changes("tampere", "funding_body")] == [1]


def test_what_was_said_earlier_is_put_back_as_a_new_row(coordinator: Actor) -> None:
    file = present()
    say(coordinator, 0)
    service.restore_fact(present(), file, 1, coordinator, clock.now())

    assert present().words == file.words
    assert present().sources == file.sources
    assert [(row.version, row.restores) for row in queries.fact_changes("tampere", "funding_body")] == [(2, 0), (1, None)]


def test_a_fact_can_be_left_open_and_a_new_one_added(coordinator: Actor) -> None:
    say(coordinator, 0, Words())
    say(coordinator, 0, Words("Neljäs"), field="priority_4")

    region = next(one for one in service.subjects() if one.id == "tampere")
    assert region.fact("funding_body").is_open
    assert [fact.field for fact in region.many] == ["priority_1", "priority_2", "priority_3", "priority_4"]
    assert service.version_of("tampere", "priority_4", 0) == Fact("tampere", "priority_4", Words(), "unverified", ())


def test_there_is_nothing_at_a_place_that_is_none(people: People) -> None:
    for subject, field in (("nowhere", "remark"), ("tampere", "holder"), ("tampere", "priority_9")):
        assert service.fact_at(subject, field) is None
    assert service.version_of("tampere", "funding_body", 1) is None


def test_a_refused_fact_is_not_kept(coordinator: Actor) -> None:
    with pytest.raises(Refusal):
        service.change_fact(present(), Words("x"), "verified", (), 0, coordinator, clock.now())
    assert not queries.fact_changes("tampere", "funding_body")


@pytest.mark.parametrize("table", ["network_facts", "network_meeting_changes", "expert_profile_changes"])
@pytest.mark.parametrize("act", ["DELETE FROM {}", "UPDATE {} SET version = 9"])
def test_the_database_itself_keeps_what_was_said(people: People, coordinator: Actor, table: str, act: str) -> None:
    say(coordinator, 0)
    add(coordinator)
    profile(people["expert"], actor_of(people["expert"]))
    with pytest.raises(DatabaseError, match="only grows"), db.session.begin_nested():
        db.session.execute(text(act.format(table)))


# meetings


def wanted(**changes: Any) -> Meeting:
    return replace(
        Meeting(Words(en="Autumn meeting"), clock.today() + timedelta(days=9), "09:30", "", "Online", "", "Agenda"), **changes
    )


def add(by: Actor, key: str = "key", **changes: Any) -> NetworkMeeting:
    return meeting_service.add_meeting(wanted(**changes), key, by, clock.today(), clock.now())


def test_a_meeting_is_added_once_however_often_its_form_is_sent(coordinator: Actor) -> None:
    assert add(coordinator).id == add(coordinator).id
    assert len(queries.meetings(clock.today())) == 1


def test_every_act_on_a_meeting_stays_in_its_history(coordinator: Actor) -> None:
    row, today, now = add(coordinator), clock.today(), clock.now()
    assert meeting_service.change_meeting(row, wanted(place="Joensuu"), 1, coordinator, today, now)
    meeting_service.cancel_meeting(row, " Too few ", 2, coordinator, now)
    meeting_service.restore_meeting(row, 3, coordinator, today, now)

    history = queries.meeting_changes(row.id)
    assert [(one.version, one.act) for one in history] == [(4, "restored"), (3, "cancelled"), (2, "changed"), (1, "added")]
    assert history[1].values["why"] == "Too few"
    assert history[3].values["place"] == "Online"
    assert (row.cancelled, row.why, row.place) == (False, "", "Joensuu")


def test_a_meeting_saved_as_it_was_or_cancelled_twice_adds_nothing(coordinator: Actor) -> None:
    row = add(coordinator)
    assert not meeting_service.change_meeting(row, wanted(), 0, coordinator, clock.today(), clock.now())
    for _time in range(2):
        meeting_service.cancel_meeting(row, "", 1, coordinator, clock.now())
    assert len(queries.meeting_changes(row.id)) == 2


def test_who_was_slower_with_a_meeting_is_told_and_changes_nothing(coordinator: Actor) -> None:
    row = add(coordinator)
    meeting_service.change_meeting(row, wanted(place="Joensuu"), 1, coordinator, clock.today(), clock.now())

    with pytest.raises(Overtaken):
        meeting_service.change_meeting(row, wanted(place="Oulu"), 1, coordinator, clock.today(), clock.now())
    with pytest.raises(Overtaken):
        meeting_service.cancel_meeting(row, "", 1, coordinator, clock.now())
    assert (row.place, row.cancelled) == ("Joensuu", False)


def test_a_cancelled_meeting_is_not_changed_and_one_of_a_past_day_not_revived(coordinator: Actor) -> None:
    row = add(coordinator)
    meeting_service.cancel_meeting(row, "", 1, coordinator, clock.now())

    with pytest.raises(Refusal):
        meeting_service.change_meeting(row, wanted(place="Oulu"), 2, coordinator, clock.today(), clock.now())
    with pytest.raises(Refusal):
        meeting_service.restore_meeting(row, 2, coordinator, clock.today() + timedelta(days=30), clock.now())


def test_the_next_meeting_comes_first_and_those_of_past_days_last(coordinator: Actor) -> None:
    today = clock.today()
    later, sooner = add(coordinator, "a"), add(coordinator, "b", on=today)
    assert [row.id for row in queries.meetings(today)] == [sooner.id, later.id]
    assert [row.id for row in queries.passed_meetings(today + timedelta(days=1))] == [sooner.id]


# profiles


MINE = Wanted(("pilot", "funding"), ("sv", "fi"), 3, ("837",), True, "Pilots")


def profile(person: Person, by: Actor, said: Wanted = MINE, seen: int | None = None) -> bool:
    found = queries.profile_of(person.id)
    assert found is not None
    return people_service.change_profile(*found, said, found[1] if seen is None else seen, by, clock.now())


def test_an_expert_s_own_words_count_in_the_order_of_the_lists(people: People) -> None:
    assert profile(people["expert"], actor_of(people["expert"]))

    found, version = queries.profile_of(people["expert"].id) or (None, 0)
    assert found is not None
    assert (found.topics, found.languages, found.most_open, found.not_cities) == (("pilot", "funding"), ("fi", "sv"), 3, ("837",))
    assert (found.shown, found.about, version) == (True, "Pilots", 1)
    assert [one.person_id for one in queries.experts_shown("pilot", "sv")] == [people["expert"].id]
    assert not queries.experts_shown("impact")


def test_the_coordinator_changes_the_work_and_never_shows_anybody(people: People, coordinator: Actor) -> None:
    assert profile(people["expert"], coordinator)

    found, _version = queries.profile_of(people["expert"].id) or (None, 0)
    assert found is not None
    assert (found.topics, found.most_open) == (("pilot", "funding"), 3)
    assert (found.shown, found.about, found.not_cities) == (False, "", ())


def test_the_coordinator_does_not_hide_who_has_chosen_to_be_shown(people: People, coordinator: Actor) -> None:
    profile(people["expert"], actor_of(people["expert"]))
    profile(people["expert"], coordinator, Wanted(("impact",), ("fi",), 1))

    found, _version = queries.profile_of(people["expert"].id) or (None, 0)
    assert found is not None
    assert (found.topics, found.shown, found.about, found.not_cities) == (("impact",), True, "Pilots", ("837",))


@pytest.mark.parametrize("name", ["expert2", "officer", "system_admin"])
def test_nobody_else_changes_a_profile(people: People, name: str) -> None:
    with pytest.raises(Refusal):
        profile(people["expert"], actor_of(people[name]))
    assert not queries.profile_changes(people["expert"].id)


def test_two_who_change_a_profile_lose_nothing(people: People, coordinator: Actor) -> None:
    me = actor_of(people["expert"])
    profile(people["expert"], me)
    with pytest.raises(Overtaken) as refused:
        profile(people["expert"], coordinator, Wanted(("impact",), ("fi",), 1), seen=0)
    assert refused.value.reasons[0].parameters == {"name": "Expert"}

    assert not profile(people["expert"], me), "saved as it was"
    assert [(one.version, one.by) for one in queries.profile_changes(people["expert"].id)] == [(1, "Expert")]


def test_a_profile_s_history_says_what_became_different(people: People) -> None:
    me = actor_of(people["expert"])
    profile(people["expert"], me)
    profile(people["expert"], me, replace(MINE, most_open=1, shown=False))

    latest = queries.profile_changes(people["expert"].id)[0]
    assert (latest.version, latest.changed) == (2, ["most_open", "shown"])
    assert latest.values["topics"] == ["pilot", "funding"]


def test_only_active_experts_have_profiles(people: People) -> None:
    assert queries.profile_of(people["officer"].id) is None
    people["expert"].active = False
    db.session.flush()
    assert queries.profile_of(people["expert"].id) is None
