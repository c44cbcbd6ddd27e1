"""Puts made-up requests to the experts into the tables, after the cases that they are about."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any, Final

from sqlalchemy import func, select, text

from procure.accounts.models import Organisation, Person
from procure.cases.models import Case
from procure.catalogue import demo, organisations
from procure.desk import bulk, made_up_requests
from procure.desk.made_up_requests import Expert, Rows, Setting
from procure.infra.db import db
from procure.support.models import SupportRequest

EXPERTS: Final = 50
MOST_CASES: Final = 20_000
"""So many cases, spread over all, are asked about."""

TABLES: Final = (
    ("support_requests", "requests", made_up_requests.REQUEST_COLUMNS),
    ("support_messages", "messages", made_up_requests.MESSAGE_COLUMNS),
    ("support_declarations", "declarations", made_up_requests.DECLARATION_COLUMNS),
    ("support_opinions", "opinions", made_up_requests.OPINION_COLUMNS),
    ("support_reviews", "reviews", made_up_requests.REVIEW_COLUMNS),
)
"""Table, name in Rows, columns."""


def add(total: int, now: datetime, progress: Callable[[int], None]) -> int:
    """Add `total` made-up requests inside the running transaction and say how many were added: none when they are there already.

    Nobody else should be asking meanwhile. `progress` is told how many are done.
    """
    if db.session.scalar(select(SupportRequest.id).where(SupportRequest.form_key == made_up_requests.mark_of(total))) is not None:
        return 0
    first_id = (db.session.scalar(select(func.max(SupportRequest.id))) or 0) + 1
    setting = Setting(total, first_id, bulk.cities(now), _experts(now), _cases())
    on_postgres = db.session.get_bind().dialect.name == "postgresql"
    bulk.prepare(on_postgres)
    for done, rows in made_up_requests.blocks(setting):
        _write(rows, on_postgres)
        progress(done)
    if on_postgres:
        db.session.execute(
            text("SELECT setval(pg_get_serial_sequence('support_requests', 'id'), :last)"), {"last": first_id + total - 1}
        )
    return total


def _write(rows: Rows, on_postgres: bool) -> None:
    packed: list[Any] = [getattr(rows, name) for _table, name, _columns in TABLES]
    if on_postgres:
        bulk.copy([bulk.lines(table) for table in packed], TABLES)
    else:
        bulk.insert_rows(packed, TABLES)


def _experts(now: datetime) -> tuple[Expert, ...]:
    """The made-up experts, who are added when they are not there."""
    network = db.session.scalars(select(Organisation).where(Organisation.code == organisations.catalogue().network.code)).one()
    words, chance = demo.words(), Random("experts")  # noqa: S311 - names are to come out the same
    found = []
    for number in range(1, EXPERTS + 1):
        name = f"{chance.choice(words.first_name)} {chance.choice(words.last_name)}"
        email = f"made-up-expert-{number}@{network.code}.example"
        person = db.session.scalar(select(Person).where(Person.email == email))
        if person is None:
            person = Person(
                email=email, name=name, role="expert", organisation=network, language="fi", password_hash=None, active=True,
                created_at=now,
            )  # fmt: skip
            db.session.add(person)
            db.session.flush()
        found.append(Expert(person.id, person.name))
    return tuple(found)


def _cases() -> dict[int, tuple[int, ...]]:
    last = db.session.scalar(select(func.max(Case.id))) or 0
    found: dict[int, list[int]] = defaultdict(list)
    statement = select(Case.organisation_id, Case.id).where(Case.id % (last // MOST_CASES + 1) == 0).order_by(Case.id)
    for city, case in db.session.execute(statement):
        found[city].append(case)
    return {city: tuple(cases) for city, cases in found.items()}
