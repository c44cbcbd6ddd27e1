"""How a transaction of the embedded database gets the right to write."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from procure.infra import db as door


def test_whoever_waits_too_long_to_write_is_told_and_can_write_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'some.db'}")
    monkeypatch.setattr(door, "BUSY_TIMEOUT_MS", 60)
    with door.writing():
        with engine.begin() as first:
            first.execute(text("CREATE TABLE things (id INTEGER)"))
            with pytest.raises(OperationalError, match="database is locked"), engine.begin():
                pass
        with engine.begin() as second:
            second.execute(text("INSERT INTO things VALUES (1)"))
            assert second.scalar(text("PRAGMA busy_timeout")) == 60
    engine.dispose()


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'some.db'}")
    with door.writing(), engine.begin() as first:
        first.execute(text("CREATE TABLE things (id INTEGER)"))
    with door.writing(), engine.begin() as writer:
        writer.execute(text("INSERT INTO things VALUES (1)"))
        token = door._will_write.set(False)
        with engine.begin() as reader:
            assert reader.scalar(text("SELECT count(*) FROM things")) == 0
        door._will_write.reset(token)
    engine.dispose()
