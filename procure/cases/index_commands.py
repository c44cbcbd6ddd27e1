"""`procure reindex`: what cases are found by, made anew."""

import click
from flask.cli import with_appcontext

from procure.cases import reindexing
from procure.infra.db import db, writing


@click.command(help="Make what cases are found by anew from their answers; cases can be worked on meanwhile.")
@with_appcontext
def reindex() -> None:
    total, seen, changed = reindexing.count(), 0, 0
    db.session.rollback()
    last: int | None = 0
    while last is not None:
        with writing():
            step = reindexing.one_batch(last)
            db.session.commit()
        last, seen, changed = step.last, seen + step.seen, changed + step.changed
        click.echo(f"\rcases: {seen} of {max(total, seen)}", err=True, nl=last is None)
    with writing():
        reindexing.tidy()
        db.session.commit()
    click.echo(f"{seen} cases, {changed} of them changed")
