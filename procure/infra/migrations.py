"""Bringing the database up to date, and asking whether it is."""

import re
from functools import cache
from typing import Any, Final

from flask import current_app
from sqlalchemy import inspect, text

from procure.config import ROOT
from procure.infra import fulltext
from procure.infra.db import db

FOLDER = ROOT / "migrations"
REVISION: Final = re.compile(r'^revision = "(\w+)"\ndown_revision = (?:None|"(\w+)")$', re.MULTILINE)


def in_models(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Whether the models are to say it too: not the indexes for searching, which each database has in its own way (`infra.fulltext`)."""
    table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", "")
    own_of_index = kind in ("column", "index") and table == fulltext.TABLE and fulltext.VECTOR in (name or "")
    return not (own_of_index or (table or "").startswith(fulltext.INDEX))


def bring_up_to_date(revision: str = "head") -> None:
    """Run the migrations that have not been run, up to the revision. Inside an application context."""
    from flask_migrate import Migrate, upgrade  # twenty megabytes that no process needs which serves pages

    Migrate(current_app, db, directory=str(FOLDER))
    upgrade(directory=str(FOLDER), revision=revision)


def pending() -> list[str]:
    """The revisions that the database still lacks, oldest first; empty when it is up to date."""
    connection = db.session.connection()
    if not inspect(connection).has_table("alembic_version"):
        return list(_chain())
    present = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    chain = _chain()
    reached = max((chain.index(revision) for revision in present if revision in chain), default=-1)
    return list(chain[reached + 1 :])


@cache
def _chain() -> tuple[str, ...]:
    """Every revision, each after the one that it follows; read from the heads of the files."""
    heads = [REVISION.search(path.read_text(encoding="utf-8")) for path in (FOLDER / "versions").glob("*.py")]
    after = {head[2]: head[1] for head in heads if head is not None}
    found: list[str] = []
    revision = after.get(None)
    while revision is not None:
        found.append(revision)
        revision = after.get(revision)
    return tuple(found)
