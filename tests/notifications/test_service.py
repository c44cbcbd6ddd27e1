"""Telling people of something: as they chose, to who stands in when they are away, once, and not of what was undone."""

from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select

from procure.accounts.models import Person
from procure.domain.language import Trilingual
from procure.domain.notifications import CADENCES
from procure.domain.outcomes import Refusal
from procure.infra import clock, mail
from procure.infra.db import db, writing
from procure.infra.outbox import OutboxMessage
from procure.notifications import service
from procure.notifications.mail import News, packed, unpacked
from procure.notifications.models import Absence, Notice
from tests import factories
from tests.infra import smtp
from tests.pages import parse, text_of

People = dict[str, Person]
NOW = clock.now()
TODAY = clock.today()


def tell(person: Person, key: str = "act", kind: str = "team", by: str = "Anna") -> None:
    service.tell(kind, person, key, "team_added", "/cases/TRE-2026-0001/team", NOW, reference="TRE-2026-0001", by=by)
    db.session.flush()


def letters() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def notices() -> list[Notice]:
    return list(db.session.scalars(select(Notice).order_by(Notice.id)))


def choose(person: Person, **wanted: str) -> None:
    service.choose(factories.actor_of(person), wanted, NOW)


def away(person: Person, delegate: Person, first: int = 0, last: int = 3) -> Absence:
    days = (TODAY + timedelta(days=first), TODAY + timedelta(days=last))
    return service.add_absence(factories.actor_of(person), *days, delegate.id, TODAY, NOW)


@pytest.mark.parametrize("cadence", CADENCES)
def test_each_kind_comes_as_the_person_chose(app: Flask, people: People, cadence: str) -> None:
    choose(people["officer"], team=cadence)
    tell(people["officer"])

    assert len(letters()) == (cadence == "at_once")
    assert [notice.cadence for notice in notices()] == ([cadence] if cadence in ("daily", "weekly") else [])


@pytest.mark.parametrize("cadence", ["at_once", "daily"])
def test_the_same_act_is_told_once_also_when_the_choice_changes_between(app: Flask, people: People, cadence: str) -> None:
    choose(people["officer"], team=cadence)
    tell(people["officer"])
    choose(people["officer"], team="daily" if cadence == "at_once" else "at_once")
    tell(people["officer"])

    assert len(letters()) + len(notices()) == 1


@pytest.mark.parametrize("cadence", ["at_once", "daily"])
def test_nothing_is_told_of_what_was_rolled_back(app: Flask, people: People, cadence: str) -> None:
    choose(people["officer"], team=cadence)
    db.session.commit()
    tell(people["officer"])
    db.session.rollback()

    assert letters() == []
    assert notices() == []


def test_somebody_who_has_left_is_told_nothing(app: Flask, people: People) -> None:
    people["officer"].active = False
    tell(people["officer"])

    assert letters() == []


def test_a_choice_for_a_kind_that_does_not_concern_the_role_is_refused(app: Flask, people: People) -> None:
    with pytest.raises(Refusal):
        choose(people["expert"], task="none")


def test_many_are_told_with_as_few_statements_as_one(app: Flask, people: People, count_queries) -> None:  # type: ignore[no-untyped-def]
    news = [News("team", person, "a", "team_added", "/work", {"reference": "R", "by": "A"}) for person in people.values()]
    executed = count_queries()
    service.tell_all(news[:1], NOW)
    one = len(executed)
    executed.clear()
    service.tell_all(news, NOW)

    assert len(executed) == one


# absence


def test_while_somebody_is_away_the_stand_in_gets_the_letter_which_says_so(app: Flask, people: People) -> None:
    away(people["officer"], people["officer2"])
    tell(people["officer"])

    (letter,) = letters()
    assert letter.recipient == people["officer2"].email
    assert "in place of Officer, who is away" in letter.body
    assert "in place of Officer, who is away" in letter.html


@pytest.mark.parametrize(("first", "last"), [(1, 5), (-5, -1)])
def test_before_and_after_the_absence_letters_come_to_the_person(app: Flask, people: People, first: int, last: int) -> None:
    person, delegate = people["officer"], people["officer2"]
    days = {"first_day": TODAY + timedelta(days=first), "last_day": TODAY + timedelta(days=last)}
    db.session.add(Absence(person_id=person.id, delegate_id=delegate.id, ended_at=None, **days))
    tell(person)

    assert [letter.recipient for letter in letters()] == [person.email]


@pytest.mark.parametrize("why", ["ended", "inactive", "away too", "other role", "other city"])
def test_a_stand_in_who_cannot_leaves_the_letters_with_the_person(app: Flask, people: People, why: str) -> None:
    person, delegate = people["officer"], people["officer2"]
    absence = away(person, delegate)
    if why == "ended":
        service.end_absence(absence, factories.actor_of(person), NOW)
    elif why == "inactive":
        delegate.active = False
    elif why == "away too":
        away(delegate, people["manager"])
    elif why == "other role":
        delegate.role = "city_admin"
    else:
        delegate.organisation_id = people["other_officer"].organisation_id
    tell(person)

    assert [letter.recipient for letter in letters()] == [person.email]


def test_a_stand_in_who_is_told_anyway_is_told_once(app: Flask, people: People) -> None:
    away(people["officer"], people["officer2"])
    values = {"reference": "R", "by": "A"}
    service.tell_all([News("team", people[name], "a", "team_added", "/work", values) for name in ("officer", "officer2")], NOW)

    (letter,) = letters()
    assert letter.recipient == people["officer2"].email
    assert "in place of" not in letter.body


def test_the_stand_in_gets_the_digest_of_who_is_away(app: Flask, people: People) -> None:
    choose(people["officer"], team="daily")
    tell(people["officer"])
    away(people["officer"], people["officer2"])
    tomorrow = TODAY + timedelta(days=1)
    service.send_digests(people["officer"].organisation_id, "daily", tomorrow, NOW + timedelta(days=1))

    (letter,) = letters()
    assert letter.recipient == people["officer2"].email
    assert "in place of Officer" in letter.body
    assert "TRE-2026-0001: you are in the team of the case" in letter.body


# two workers


def test_two_workers_at_once_write_one_digest_and_make_each_day_s_reminders_once(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        officer = factories.people()["officer"]
        choose(officer, team="daily")
        for number in range(5):
            tell(officer, f"act{number}")
        db.session.commit()
        city, day = officer.organisation_id, TODAY + timedelta(days=1)
        db.session.remove()
    claimed: list[bool] = []

    def work() -> None:
        with own_app.app_context(), writing():
            claimed.append(service.claim_run(city, day, NOW))
            db.session.commit()
            service.send_digests(city, "daily", day, NOW + timedelta(days=1))
            db.session.commit()
            db.session.remove()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_app.app_context():
        assert len(letters()) == 1
        assert letters()[0].body.count("you are in the team") == 5
        assert all(notice.sent_at for notice in notices())
        db.session.remove()
    assert sorted(claimed) == [False, False, False, True]


# how the letters look


def arrived(app: Flask, server: smtp.Server) -> EmailMessage:
    db.session.commit()
    mail.deliver_due(replace(app.config["SETTINGS"], mail_url=server.url), lambda: NOW)
    (letter,) = server.letters()
    return letter


@pytest.mark.parametrize(("name", "language"), [("officer", "en"), ("vaasa_officer", "sv")])
def test_a_letter_arrives_as_text_and_as_html_of_the_same_words_in_the_receivers_language(
    app: Flask, people: People, server: smtp.Server, name: str, language: str
) -> None:
    tell(people[name])
    letter = arrived(app, server)

    assert letter.get_content_type() == "multipart/alternative"
    assert letter["Content-Language"] == language
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    text, html = (str(part.get_content()) for part in letter.iter_parts())
    root = parse(html)
    assert root.get("lang") == language
    words = text_of(root.find(".//main"))
    for line in filter(None, text.splitlines()):
        assert line in words
    assert len(root.findall(".//a[@class='open']")) == 1
    assert "<script" not in html
    assert "http://localhost/cases/TRE-2026-0001/team" in text


HOSTILE = (
    "Eve\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script><a href='https://evil.example'>x</a>\nhttp://localhost/evil\n"
)


def test_a_hostile_name_plants_no_header_no_html_and_no_link(app: Flask, people: People, server: smtp.Server) -> None:
    people["officer"].name = HOSTILE
    away(people["officer"], people["officer2"])
    tell(people["officer"], by=HOSTILE)
    letter = arrived(app, server)
    text, html = (str(part.get_content()) for part in letter.iter_parts())

    assert letter["Bcc"] is None
    assert server.taken[0].rcpt_tos == ["officer2@tampere.example"]
    assert "<script" not in html
    assert {a.get("href") for a in parse(html).iter("a")} == {"http://localhost/cases/TRE-2026-0001/team"}
    assert "\nhttp://localhost/evil" not in text


def test_values_come_back_as_they_went_in_each_in_the_language_asked_for() -> None:
    values = {
        "on": date(2027, 1, 1),
        "until": NOW,
        "topic": Trilingual("aihe", "ämne", "topic"),
        "many": 3,
        "passed": True,
        "by": "A",
    }

    assert unpacked(packed(values), "sv") == values | {"topic": "ämne"}
