"""Bringing the database up to date, and asking whether it is."""

from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade

from procure.config import ROOT
from procure.infra import fulltext
from procure.infra.db import db

FOLDER = ROOT / "migrations"


def in_models(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Whether the models are to say it too: not the indexes for searching, which each database has in its own way (`infra.fulltext`)."""
    table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", "")
    own_of_index = kind in ("column", "index") and table == fulltext.TABLE and fulltext.VECTOR in (name or "")
    return not (own_of_index or (table or "").startswith(fulltext.INDEX))


def bring_up_to_date() -> None:
    """Run the migrations that have not been run. Inside an application context."""
    upgrade(directory=str(FOLDER))


def pending() -> list[str]:
    """The revisions that the database still lacks, oldest first; empty when it is up to date."""
    scripts = ScriptDirectory(str(FOLDER))
    present = MigrationContext.configure(db.session.connection()).get_current_heads()
    lacking = scripts.iterate_revisions("heads", present or "base")
    return [script.revision for script in lacking][::-1]
