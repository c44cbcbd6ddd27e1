"""Accounts with a password, and hashing that costs next to nothing: its cost is the library's affair, not these tests'."""

import pytest
from argon2 import PasswordHasher

from procure.accounts import service
from procure.accounts.models import Person
from procure.infra import clock
from procure.infra.db import db

PASSWORD = "aamukahvi ja sateenvarjo"


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(service, "_hasher", hasher)
    monkeypatch.setattr(service, "_NOBODY", hasher.hash("nobody knows this one"))


@pytest.fixture
def officer(people: dict[str, Person]) -> Person:
    """The officer of Tampere, who has chosen PASSWORD."""
    service.change_password(people["officer"], PASSWORD, None, clock.now())
    db.session.commit()
    return people["officer"]
