"""How Alembic reaches the database of the running application. Run through `procure migrate`, never by hand."""

from alembic import context
from flask import current_app

from procure.infra import migrations
from procure.infra.db import writing

db = current_app.extensions["migrate"].db


def run() -> None:
    """Every pending migration in one transaction where the database allows it."""
    with writing(), db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            include_object=migrations.in_models,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
