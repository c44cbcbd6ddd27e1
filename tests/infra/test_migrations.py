"""Migrations from nothing make what the models say, once."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text

from procure.app import create_app
from procure.infra import building, fulltext, migrations
from procure.infra.db import db, writing
from tests.conftest import settings_for


def test_an_empty_database_lacks_every_migration_and_then_none(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'new.db'}", tmp_path))
    with app.app_context():
        before = migrations.pending()
        db.session.remove()
        migrations.bring_up_to_date()
        after = migrations.pending()
        db.session.remove()
        db.engine.dispose()

    assert before[0] == "0001"
    assert after == []


def test_the_order_read_from_the_files_is_that_in_which_they_are_run(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'new.db'}", tmp_path))
    with app.app_context():
        told = migrations.pending()
        db.session.remove()
        db.engine.dispose()
    scripts = ScriptDirectory(str(migrations.FOLDER))

    assert told == [script.revision for script in scripts.iterate_revisions("heads", "base")][::-1]


def test_bringing_up_to_date_twice_changes_nothing(own_app: Flask) -> None:
    with own_app.app_context(), writing():
        db.session.execute(text("UPDATE organisations SET name_fi = 'kept' WHERE code = '837'"))
        db.session.commit()
        migrations.bring_up_to_date()

        assert db.session.scalar(text("SELECT name_fi FROM organisations WHERE code = '837'")) == "kept"


def test_migrations_make_what_the_models_say(own_app: Flask) -> None:
    options = {"compare_type": True, "include_object": migrations.in_models}
    with own_app.app_context(), db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)

    assert differences == []


def test_every_table_of_the_models_is_made(own_app: Flask) -> None:
    with own_app.app_context():
        made = {name for name in inspect(db.engine).get_table_names() if not name.startswith(fulltext.INDEX)}

    assert made == set(db.metadata.tables) | {"alembic_version"}


def test_what_is_newest_is_known_without_loading_the_migrations(app: Flask) -> None:
    found = db.session.scalars(text("SELECT version_num FROM alembic_version")).all()

    assert building.newest_migrations() == set(found)


@pytest.mark.parametrize("path", sorted((building.ROOT / "migrations" / "versions").glob("*.py")), ids=lambda path: path.stem)
def test_a_migration_says_what_it_is_for(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith('"""')
