"""Messages live in the transaction of their act and are sent afterwards."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from procure.infra import clock, outbox
from procure.infra.db import db
from procure.infra.outbox import MOST_TRIES, OutboxMessage

NOW = clock.now()


def put(key: str = "case:1:opened", now: datetime = NOW, subject: str = "Case TRE-2026-0001 was opened") -> None:
    outbox.put(key, "officer@tampere.example", subject, "Read more in Procure.\n", "en", now)


def message() -> OutboxMessage:
    db.session.expire_all()
    found = db.session.scalar(select(OutboxMessage))
    assert found is not None
    return found


def claimed(now: datetime) -> OutboxMessage:
    found = outbox.claim(now)
    assert found is not None
    return found


def test_work_that_is_rolled_back_leaves_no_message(app: Flask) -> None:
    put()
    db.session.flush()
    db.session.rollback()

    assert outbox.claim(NOW) is None


def test_the_same_act_puts_one_message(app: Flask) -> None:
    put()
    put()
    db.session.commit()

    claimed(NOW)
    assert outbox.claim(NOW) is None


def test_a_claimed_message_is_nobody_elses_until_its_lease_runs_out(app: Flask) -> None:
    put()
    db.session.commit()
    first = claimed(NOW)

    assert outbox.claim(NOW + outbox.LEASE - timedelta(seconds=1)) is None
    again = claimed(NOW + outbox.LEASE)

    assert again.message_id == first.message_id
    assert again.tries == 2


def test_the_oldest_message_goes_first(app: Flask) -> None:
    put("second", NOW)
    put("first", NOW - timedelta(minutes=1))
    db.session.commit()

    assert [claimed(NOW).key, claimed(NOW).key] == ["first", "second"]


def test_a_sent_message_is_never_due_again(app: Flask) -> None:
    put()
    db.session.commit()
    outbox.mark_sent(claimed(NOW), NOW)

    assert outbox.claim(NOW + timedelta(days=400)) is None
    assert message().sent_at == NOW


def test_waits_double_and_the_tenth_failure_parks_the_message(app: Flask) -> None:
    put()
    db.session.commit()
    now, waits = NOW, []
    for _ in range(MOST_TRIES):
        outbox.mark_failed(claimed(now), "451 come back later", now)
        later = message().next_try_at
        if later is not None:
            waits.append(int((later - now).total_seconds() // 60))
            now = later

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert message().next_try_at is None
    assert message().problem == "451 come back later"
    assert outbox.claim(now + timedelta(days=400)) is None
    assert outbox.waiting().parked == 1


def test_a_message_that_breaks_off_every_try_is_parked_too(app: Flask) -> None:
    put()
    db.session.commit()
    now = NOW
    for _ in range(MOST_TRIES):
        claimed(now)
        now += outbox.LEASE

    assert outbox.claim(now) is None
    assert message().next_try_at is None
    assert message().problem == "the last try was broken off"


def test_a_failure_known_too_late_does_not_undo_a_later_success(app: Flask) -> None:
    put()
    db.session.commit()
    slow = claimed(NOW)
    quick = claimed(NOW + outbox.LEASE)
    outbox.mark_sent(quick, NOW + outbox.LEASE)
    outbox.mark_failed(slow, "timed out", NOW + outbox.LEASE)

    assert message().sent_at is not None
    assert message().problem == ""


@pytest.mark.parametrize("ending", ["\r\nBcc: everyone@example.org", "\nX-Planted: yes", "\x0b\x0cmore", "\u2028more"])
def test_a_line_break_in_a_subject_becomes_a_space(app: Flask, ending: str) -> None:
    put(subject=f"Case{ending}")
    db.session.commit()

    assert message().subject == "Case " + " ".join(ending.split())
