"""`procure demo`: a service that has something to show."""

import click
from flask import current_app
from flask.cli import with_appcontext

from procure.desk import bulk, bulk_requests, demo
from procure.infra import clock, migrations
from procure.infra.db import db, writing


@click.command("demo")
@click.option("--cases", type=click.IntRange(0, 5_000_000), default=0, help="Also this many made-up cases.")
@click.option("--requests", type=click.IntRange(0, 1_000_000), default=0, help="Also this many made-up requests to 50 experts.")
@with_appcontext
def load_demo(cases: int, requests: int) -> None:
    """Load the demo organisations, people and cases. What is there already stays as it is.

    The same number of made-up cases or requests is added once, and gives the same ones on every empty database.
    """
    settings = current_app.config["SETTINGS"]
    with writing():
        migrations.bring_up_to_date()
        db.session.rollback()
        password = demo.password_of(settings)
        added = demo.load(password, clock.today(), clock.now())
        db.session.commit()
        click.echo(f"Demo cases added: {added}")
        if cases:
            made = bulk.add(cases, clock.now(), lambda done: _tell("cases", done, cases))
            db.session.commit()
            click.echo(f"Made-up cases added: {made}")
        if requests:
            made = bulk_requests.add(requests, clock.now(), lambda done: _tell("requests", done, requests))
            db.session.commit()
            click.echo(f"Made-up requests added: {made}")
    if not settings.demo_password:
        click.echo(f"Password of the demo people: {password}")


def _tell(what: str, done: int, total: int) -> None:
    click.echo(f"\rmade-up {what}: {done} of {total}", err=True, nl=done == total)
