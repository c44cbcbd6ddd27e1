"""Several at once: every declaration gets a number of its own, and a form sent twice declares once."""

from collections.abc import Sequence
from threading import Barrier, Thread

import pytest
from flask import Flask

from procure.accounts import service as accounts
from procure.declarations.models import InterestDeclaration
from procure.infra import clock
from procure.infra.db import db, writing
from tests import factories

NAMES = ("officer", "officer2", "manager", "admin")


@pytest.fixture
def tokens(own_app: Flask) -> tuple[str, dict[str, str]]:
    """The case's reference, and a session of each reader."""
    with own_app.app_context(), writing():
        people = factories.people()
        reference = factories.make_case(people["officer"]).reference
        found = {name: accounts.start_session(people[name], clock.now()) for name in NAMES}
        db.session.commit()
        db.session.remove()
    return reference, found


def at_once(app: Flask, reference: str, tokens: Sequence[str]) -> list[int]:
    """The statuses when all of these declare a conflict at the same moment."""
    together, statuses = Barrier(len(tokens)), list[int]()

    def one(token: str) -> None:
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = token
        together.wait()
        data = {"outcome": "conflict", "text": "A cousin bids.", "suppliers": "0"}
        statuses.append(client.post(f"/cases/{reference}/declaration", data=data).status_code)

    threads = [Thread(target=one, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def numbers(app: Flask) -> list[int]:
    with app.app_context():
        return sorted(db.session.scalars(db.select(InterestDeclaration.number)))


def test_people_who_declare_at_once_all_get_a_number_of_their_own(own_app: Flask, tokens: tuple[str, dict[str, str]]) -> None:
    reference, found = tokens

    assert at_once(own_app, reference, list(found.values())) == [302] * 4
    assert numbers(own_app) == [1, 2, 3, 4]


def test_a_form_sent_twice_at_once_declares_once(own_app: Flask, tokens: tuple[str, dict[str, str]]) -> None:
    reference, found = tokens

    assert at_once(own_app, reference, [found["officer"]] * 3) == [302] * 3
    assert numbers(own_app) == [1]
