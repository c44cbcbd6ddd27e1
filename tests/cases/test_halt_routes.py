"""The pages on which a case is held, goes on, is cancelled, reopened, repeated, or runs a stage beside another."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from procure.accounts.models import Person
from procure.cases import queries, service
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db
from tests import factories
from tests.cases import builders

Signed = dict[str, FlaskClient]


def day_fields(days_ago: int = 0, name: str = "happened_on") -> dict[str, str]:
    day = clock.today() - timedelta(days=days_ago)
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_placeholder() -> None:
    assert re
