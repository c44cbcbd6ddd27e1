"""Reminders and digests as the worker makes them: what is due, once, also after nights that were missed."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from procure.accounts.models import Person
from procure.cases.models import Case, CaseDeadline
from procure.desk import reminding
from procure.desk.due import START, Found, Place, Source
from procure.domain.notifications import TASK_DUE
from procure.infra.clock import FINLAND
from procure.infra.db import db
from procure.infra.outbox import OutboxMessage
from procure.notifications import service
from procure.notifications.models import Notice, ReminderRun
from procure.planning.models import CityClosing
from procure.teams.models import Task
from tests import factories
from tests.knowledge.builders import published
from tests.teams.builders import add_member, add_task

People = dict[str, Person]
MONDAY = date(2027, 3, 1)
FAR = date(9999, 12, 31)


def at(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), FINLAND)


def make(day: date, hour: int = 8) -> None:
    reminding.make_due(at(day, hour), lambda: False)
    db.session.expire_all()


def days_later(count: int) -> date:
    return MONDAY + timedelta(days=count)


@pytest.fixture
def quiet(app: Flask, case: Case) -> Case:
    """A case about which there is nothing to remind of but what a test adds."""
    db.session.execute(update(Case).values(sort_date=FAR, next_date=None, last_event_on=None))
    db.session.commit()
    return case


def notices() -> list[tuple[str, int, str]]:
    """(template, person, cadence) of everything that was put down for a digest, in order."""
    return [(n.template, n.person_id, n.cadence) for n in db.session.scalars(select(Notice).order_by(Notice.id))]


def letters() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def add_deadline(case: Case, last_day: date, sequence: int = 1) -> CaseDeadline:
    deadline = CaseDeadline(
        case_id=case.id, sequence=sequence, stage="contract", rule="award_notice", edition=date(2017, 1, 1), citation="1397/2016 58 §",
        event_on=last_day - timedelta(days=30), sent_by="", counted_from=last_day - timedelta(days=30), last_day=last_day,
        rolled_last_day=last_day, safe_from=None, evidence="", set_aside_by=None, met_on=None,
    )  # fmt: skip
    db.session.add(deadline)
    db.session.commit()
    return deadline


def test_a_period_of_the_law_is_told_to_the_responsible_and_the_substitutes(quiet: Case, people: People) -> None:
    add_member(quiet, people["officer"], people["officer2"], "substitute")
    add_member(quiet, people["officer"], people["admin"])
    db.session.execute(update(Case).values(last_event_on=None))
    add_deadline(quiet, days_later(7))
    make(MONDAY, 6)

    assert [(template, person) for template, person, _ in notices()] == [
        ("remind_deadline", people["officer"].id), ("remind_deadline", people["officer2"].id),
    ]  # fmt: skip


def test_a_reminder_is_made_once_however_often_the_worker_looks(quiet: Case, people: People) -> None:
    add_deadline(quiet, days_later(7))
    for hour in (6, 6, 9, 15):
        make(MONDAY, hour)

    assert len(notices()) + len(letters()) == 2, "the notice, and the digest that tells it"


def test_before_six_nothing_is_made(quiet: Case) -> None:
    add_deadline(quiet, days_later(7))
    make(MONDAY, 5)

    assert notices() == []
    assert not db.session.scalars(select(ReminderRun)).all()


def test_what_has_been_done_or_no_longer_counts_is_not_told(quiet: Case) -> None:
    add_deadline(quiet, days_later(7)).met_on = MONDAY
    second = add_deadline(quiet, days_later(8), 2)
    second.set_aside_by = 1
    db.session.commit()
    for day in range(10):
        make(days_later(day))

    assert notices() == []


def test_after_missed_nights_each_thing_is_told_once_with_its_last_step(quiet: Case) -> None:
    make(MONDAY)
    add_deadline(quiet, days_later(9))
    add_deadline(quiet, days_later(3), 2)
    make(days_later(4))  # Tuesday to Thursday were missed

    steps = [notice.key.split(":")[3:5] for notice in db.session.scalars(select(Notice).order_by(Notice.id))]
    assert steps == [[days_later(3).isoformat(), "before-0"], [days_later(9).isoformat(), "before-5"]]


def test_a_city_s_closing_day_has_no_reminders_and_the_next_working_day_makes_up_for_it(quiet: Case, people: People) -> None:
    city = people["officer"].organisation_id
    closing = CityClosing(
        organisation_id=city, first_day=MONDAY, last_day=MONDAY, name="Closed", changed_at=at(MONDAY), changed_by_id=None
    )
    db.session.add(closing)
    add_deadline(quiet, days_later(7))
    make(days_later(-3))
    make(MONDAY)
    assert db.session.get(ReminderRun, (city, MONDAY)) is None
    make(days_later(1))

    assert len(notices()) == 1


def test_a_task_is_told_to_its_owner_and_a_done_one_to_nobody(quiet: Case, people: People) -> None:
    add_member(quiet, people["officer"], people["officer2"])
    add_task(quiet, people["officer"], people["officer2"], due_on=days_later(2))
    done = add_task(quiet, people["officer"], people["officer2"], title="Done", due_on=days_later(2))
    done.done_on = MONDAY
    db.session.execute(update(Case).values(last_event_on=None))
    db.session.commit()
    make(MONDAY)

    assert notices() == [("remind_task", people["officer2"].id, "daily")]


def test_the_next_day_of_a_case_is_told_before_and_after_unless_it_is_the_law_s(quiet: Case, people: People) -> None:
    quiet.sort_date = quiet.next_date = days_later(1)
    quiet.next_date_kind = "start"
    db.session.commit()
    make(MONDAY)
    make(days_later(2))
    quiet.next_date_kind = "award_notice"
    db.session.commit()
    make(days_later(9))

    passed = [notice.values["passed"] for notice in db.session.scalars(select(Notice).order_by(Notice.id))]
    assert passed == [False, True]


def test_a_case_that_stands_still_is_told_to_whoever_is_responsible_until_it_is_finished(quiet: Case, people: People) -> None:
    quiet.last_event_on = MONDAY - timedelta(days=28)
    db.session.commit()
    make(MONDAY)
    assert notices() == [("remind_quiet", people["officer"].id, "daily")]

    quiet.last_event_on, quiet.stage = days_later(-27), ""
    db.session.commit()
    make(days_later(1))
    assert len(notices()) == 1


def test_every_act_in_a_case_ends_its_standstill(case: Case, people: People) -> None:
    case.last_event_on = None
    add_task(case, people["officer"], people["officer"])

    assert case.last_event_on is not None


def test_a_source_that_a_feature_adds_is_asked_too(quiet: Case, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(city: int, days: Collection[date], after: Place, most: int) -> list[Found]:
        own = city == quiet.organisation_id and after == START and days_later(2) in days
        return [Found(7, days_later(2), (people["manager"].id,), "/work", {"reference": "X"})] if own else []

    extra = Source("approval", "approval", TASK_DUE, "remind_task", read)
    monkeypatch.setattr(reminding, "SOURCES", [*reminding.SOURCES, extra])
    make(MONDAY)

    (letter,) = letters()
    assert letter.recipient == people["manager"].email
    assert letter.key.startswith(f"remind:approval:7:{days_later(2).isoformat()}:before-2:")


def test_many_things_are_read_in_batches_each_once(quiet: Case, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "BATCH", 2)
    for number in range(7):
        add_task(quiet, people["officer"], people["officer"], title=f"Task {number}", due_on=days_later(2 - number % 2))
    db.session.execute(update(Case).values(last_event_on=None))
    for hour in (6, 7, 8):
        make(MONDAY, hour)
    make(days_later(1))

    keys = list(db.session.scalars(select(Notice.key)))
    assert len(keys) == len(set(keys)) == 7


# digests


def tell(person: Person, key: str, moment: datetime, template: str = "team_note") -> None:
    service.tell("mention", person, key, template, "/work", moment, reference="TRE-2027-0001", by="Anna", number=1)
    db.session.commit()


def test_what_was_told_before_seven_leaves_in_one_letter_on_the_next_working_day(app: Flask, people: People) -> None:
    tell(people["officer"], "one", at(days_later(-3), 12))
    tell(people["officer"], "two", at(MONDAY, 6))
    make(days_later(-2))
    assert letters() == [], "a Saturday"
    make(MONDAY, 6)
    assert letters() == []
    for hour in (7, 8, 23):
        make(MONDAY, hour)

    (letter,) = letters()
    assert letter.subject == "Procure: 2 things to know"
    assert letter.body.count("TRE-2027-0001: a note mentions you\nhttp://localhost/work") == 2
    assert letter.html.count('<a href="http://localhost/work">TRE-2027-0001: a note mentions you</a>') == 2


def test_what_happens_after_seven_waits_for_the_next_digest(app: Flask, people: People) -> None:
    tell(people["officer"], "one", at(MONDAY, 8))
    make(MONDAY, 9)
    assert letters() == []
    make(days_later(1), 7)

    assert len(letters()) == 1


def test_a_missed_night_is_caught_up_with_one_digest(app: Flask, people: People) -> None:
    tell(people["officer"], "one", at(MONDAY, 8))
    tell(people["officer"], "two", at(days_later(1), 8))
    make(days_later(2), 22)

    assert [letter.subject for letter in letters()] == ["Procure: 2 things to know"]


def test_what_comes_in_late_goes_into_the_next_digest_and_is_not_lost(app: Flask, people: People) -> None:
    tell(people["officer"], "one", at(days_later(-3), 12))
    make(MONDAY, 7)
    tell(people["officer"], "two", at(days_later(-3), 13))  # its transaction ended after the digest was written
    make(MONDAY, 8)
    assert len(letters()) == 1
    make(days_later(1), 7)

    assert [letter.subject for letter in letters()] == ["Procure: 1 thing to know"] * 2


def test_the_weekly_digest_comes_on_monday(app: Flask, people: People) -> None:
    service.choose(factories.actor_of(people["officer"]), {"mention": "weekly"}, at(MONDAY))
    tell(people["officer"], "one", at(MONDAY, 8))
    for day in range(1, 7):
        make(days_later(day))
    assert letters() == []
    make(days_later(7), 7)

    assert len(letters()) == 1


def test_the_reminders_of_the_morning_stand_in_the_digest_of_the_morning(quiet: Case) -> None:
    add_deadline(quiet, days_later(7))
    make(MONDAY, 12)

    (letter,) = letters()
    assert f"{quiet.reference}: a period of the law ends on 8 March 2027" in letter.body


def test_a_digest_waits_while_another_worker_makes_the_city_s_reminders(quiet: Case, people: People) -> None:
    service.claim_run(people["officer"].organisation_id, MONDAY, at(MONDAY, 7))
    db.session.commit()
    tell(people["officer"], "one", at(days_later(-3), 12))
    make(MONDAY, 7)
    assert letters() == []
    reminding.make_due(at(MONDAY, 7) + service.LEASE, lambda: False)  # that worker has died

    assert len(letters()) == 1


def test_a_long_digest_tells_the_first_hundred_and_how_many_more(app: Flask, people: People) -> None:
    for number in range(103):
        service.tell(
            "mention", people["officer"], f"n{number}", "team_note", "/work", at(MONDAY, 6), reference="R", by="A", number=1
        )
    db.session.commit()
    make(MONDAY, 7)

    (letter,) = letters()
    assert letter.subject == "Procure: 103 things to know"
    assert letter.body.count("a note mentions you") == 100
    assert "and 3 more" in letter.body


def test_to_somebody_who_has_left_nothing_goes(app: Flask, people: People) -> None:
    tell(people["officer"], "one", at(days_later(-3), 12))
    people["officer"].active = False
    db.session.commit()
    make(MONDAY)

    assert letters() == []
    assert db.session.scalars(select(Notice.sent_at)).one() is not None


# what the doctor says


def test_the_doctor_says_when_a_day_has_been_missed(quiet: Case, people: People) -> None:
    make(MONDAY)
    assert reminding.late(at(MONDAY, 9)) == "reminders last made on 2027-03-01"
    assert reminding.late(at(days_later(1), 9))
    with pytest.raises(reminding.Late, match="2027-03-01"):
        reminding.late(at(days_later(2), 9))


def test_the_doctor_says_when_a_digest_is_overdue(app: Flask, people: People) -> None:
    tell(people["officer"], "one", at(MONDAY, 6))
    assert reminding.late(at(MONDAY, 12)) == "no reminders have been made yet"
    with pytest.raises(reminding.Late, match="daily digests of 2027-03-01"):
        reminding.late(at(days_later(1), 12))


@given(
    runs=st.lists(st.tuples(st.integers(0, 15), st.integers(0, 23)), min_size=1, max_size=12),
    last_day=st.integers(0, 15), task_day=st.integers(0, 15),
)  # fmt: skip
@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whenever_the_worker_runs_nothing_is_told_twice(
    quiet: Case, people: People, runs: list[tuple[int, int]], last_day: int, task_day: int
) -> None:
    for table in (Notice, ReminderRun, OutboxMessage, CaseDeadline, Task):
        db.session.execute(delete(table))
    add_deadline(quiet, days_later(last_day))
    add_task(quiet, people["officer"], people["officer"], due_on=days_later(task_day))
    db.session.execute(update(Case).values(last_event_on=None))
    db.session.commit()
    for day, hour in runs:
        make(days_later(day), hour)

    told = [(notice.key, notice.sent_at) for notice in db.session.scalars(select(Notice))]
    digests = [letter.key for letter in letters()]
    assert len({key for key, _ in told}) == len(told)
    assert len(set(digests)) == len(digests)
    lines = sum(letter.body.count("period of the law ends") + letter.body.count("your task") for letter in letters())
    assert lines == sum(sent is not None for _, sent in told)


def test_the_owner_of_an_article_is_asked_every_year_whether_it_still_holds(quiet: Case, people: People) -> None:
    article = published(people["expert"], people["expert2"])
    article.ask_on = days_later(0)
    db.session.execute(delete(Notice))
    db.session.commit()
    for _again in range(2):
        make(MONDAY, 6)

    assert notices() == [("remind_article", people["expert"].id, "daily")]
