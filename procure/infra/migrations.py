"""Bringing the database up to date, and asking whether it is."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade

from procure.config import ROOT
from procure.infra.db import db

FOLDER = ROOT / "migrations"


def bring_up_to_date() -> None:
    """Run the migrations that have not been run. Inside an application context."""
    upgrade(directory=str(FOLDER))


def pending() -> list[str]:
    """The revisions that the database still lacks, oldest first; empty when it is up to date."""
    scripts = ScriptDirectory(str(FOLDER))
    present = MigrationContext.configure(db.session.connection()).get_current_heads()
    lacking = scripts.iterate_revisions("heads", present or "base")
    return [script.revision for script in lacking][::-1]
