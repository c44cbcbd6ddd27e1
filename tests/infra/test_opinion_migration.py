"""Opinions issued before they were numbered get numbers in the order of issue, each year from 1, and lose no word."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Insert, MetaData, Table, insert, text

from procure.app import create_app
from procure.infra.db import db, writing
from procure.infra.migrations import bring_up_to_date
from tests.conftest import each_database, make_database, settings_for

BEFORE: Final = "0020"
ISSUED: Final = (
    (1, datetime(2025, 12, 30, 10, tzinfo=UTC)), (3, datetime(2026, 2, 1, 10, tzinfo=UTC)), (2, datetime(2026, 1, 5, 10, tzinfo=UTC)),
)  # fmt: skip
FILLING: Final = {
    "INTEGER": 1, "BOOLEAN": False, "DATE": date(2026, 1, 1), "DATETIME": datetime(2026, 1, 1, tzinfo=UTC),
    "TIMESTAMP": datetime(2026, 1, 1, tzinfo=UTC), "JSON": [],
}  # fmt: skip


@pytest.mark.parametrize("kind", each_database())
def test_what_was_issued_before_is_numbered_by_year(kind: str, tmp_path: Path) -> None:
    for url in make_database(kind, tmp_path):
        app = create_app(settings_for(url, tmp_path))
        with app.app_context(), writing():
            bring_up_to_date(BEFORE)
            _fill()
            db.session.remove()
            bring_up_to_date()
            found = db.session.execute(
                text(
                    "SELECT request_id, year, number, version, opinion, sha256 FROM support_opinion_versions ORDER BY request_id"
                )
            ).all()
            counters = db.session.execute(text("SELECT year, last FROM support_opinion_counters ORDER BY year")).all()
            db.session.remove()
            db.engine.dispose()
        assert [tuple(row) for row in found] == [
            (1, 2025, 1, 1, "opinion 1", ""), (2, 2026, 1, 1, "opinion 2", ""), (3, 2026, 2, 1, "opinion 3", ""),
        ]  # fmt: skip
        assert [tuple(row) for row in counters] == [(2025, 1), (2026, 2)]


def _fill() -> None:
    """Three opinions on three requests, as the tables had them then: read from the database, as the models are ahead of it."""
    db.session.execute(_row("organisations", id=1))
    db.session.execute(_row("people", id=1, organisation_id=1))
    for number, at in ISSUED:
        request = {"id": number, "organisation_id": 1, "asked_by_id": 1, "form_key": str(number)}
        db.session.execute(_row("support_requests", **request))
        db.session.execute(_row("support_opinions", request_id=number, opinion=f"opinion {number}", issued_at=at))
    db.session.commit()


def _row(table: str, **values: Any) -> Insert:
    """A row with the values given and something in every other column that needs one."""
    reflected = Table(table, MetaData(), autoload_with=db.session.connection())
    for column in reflected.columns:
        if not column.nullable and column.server_default is None:
            values.setdefault(column.name, FILLING.get(type(column.type).__name__, "x"))
    return insert(reflected).values(**values)
